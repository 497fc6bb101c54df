//! Positions in a log that survive restores and clones.
//!
//! A sequence number alone says nothing after a log was restored from a backup or its disk was copied: the same numbers then stand
//! before other records. So every start of a log begins a new random [`Term`], as the leader epochs of replicated logs do, and a
//! position is always a number *within a term*.

use crate::seal::identifier;

identifier! {
    /// One run of one log, drawn at random at every start.
    Term, 16
}

/// Most positions a cursor holds.
pub const MAX_CURSOR_MARKS: usize = 16;
/// Most of them in a history other than the one read last.
const MAX_OTHER_MARKS: usize = MAX_CURSOR_MARKS - MAX_OWN_MARKS;
/// … and in the history read last: how many starts a log may be restored back beyond and still not be read from zero.
const MAX_OWN_MARKS: usize = 8;
/// Most terms told at once, after those a cursor needs.
const MAX_TERMS_AHEAD: usize = 64;

/// A place in a log: "in the history that has this term, up to this number".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// the term
    pub term: Term,
    /// the last sequence number included
    pub sequence: u64,
}

/// What a peer has of a log: a few places, oldest first, of which the farthest that the log still knows counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(Vec<Mark>);

impl Cursor {
    /// From places, oldest first; only the newest [`MAX_CURSOR_MARKS`] are kept.
    pub fn new(mut marks: Vec<Mark>) -> Cursor {
        marks.drain(..marks.len().saturating_sub(MAX_CURSOR_MARKS));
        Cursor(marks)
    }

    /// The places, oldest first.
    pub fn marks(&self) -> &[Mark] {
        &self.0
    }

    /// These places, and the newest few of `before` in other terms. While a disk and its copy both run, the two are read in turns,
    /// and neither is to be read again from where they parted.
    pub fn beside(mut self, before: &Cursor) -> Cursor {
        let mut others = Vec::new();
        for earlier in &before.0 {
            match self.0.iter_mut().find(|mark| mark.term == earlier.term) {
                Some(mark) => mark.sequence = mark.sequence.max(earlier.sequence),
                None => others.push(*earlier),
            }
        }
        others.drain(..others.len().saturating_sub(MAX_OTHER_MARKS));
        others.extend(self.0);
        Cursor::new(others)
    }

    /// The newest place.
    pub fn head(&self) -> Option<Mark> {
        self.0.last().copied()
    }
}

/// The terms of a log, each with the first sequence number written in it. A term in which nothing was written leaves no trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(Vec<(Term, u64)>);

impl Terms {
    /// From terms and their first numbers; `None` when the numbers do not rise.
    pub fn from_entries(entries: Vec<(Term, u64)>) -> Option<Terms> {
        entries.is_sorted_by(|(_, a), (_, b)| a < b).then_some(Terms(entries))
    }

    /// Terms and their first numbers, oldest first.
    pub fn entries(&self) -> &[(Term, u64)] {
        &self.0
    }

    /// Starts a term after `end`, the last number ever given.
    pub fn begin(&mut self, term: Term, end: u64) {
        if self.0.last().is_some_and(|(_, first)| *first > end) {
            self.0.pop();
        }
        self.0.push((term, end + 1));
    }

    /// The term of this run: also the name of this run of this copy of the log.
    pub fn current(&self) -> Option<Term> {
        self.0.last().map(|(term, _)| *term)
    }

    /// Everything up to `sequence`, as a place.
    pub fn mark_at(&self, sequence: u64) -> Option<Mark> {
        let (term, _) = self.0.iter().rev().find(|(_, first)| *first <= sequence)?;
        Some(Mark { term: *term, sequence })
    }

    /// Whether the log's history has everything up to this place.
    pub fn contains(&self, mark: Mark, end: u64) -> bool {
        self.last_of(mark.term, end).is_some_and(|last| mark.sequence <= last)
    }

    /// From where a peer with this cursor is to be served: 0 when nothing is known in common. Every place is true by itself, since
    /// copies of a log that share a term share all that came before; so the farthest counts.
    pub fn resume(&self, cursor: &Cursor, end: u64) -> u64 {
        let common = |mark: &Mark| self.last_of(mark.term, end).map(|last| mark.sequence.min(last));
        cursor.0.iter().filter_map(common).max().unwrap_or(0)
    }

    /// The cursor of a peer that has everything up to `sequence`.
    pub fn cursor_at(&self, sequence: u64) -> Cursor {
        let ends = self.0.iter().skip(1).map(|(_, first)| first - 1).chain([u64::MAX]);
        let passed = self.0.iter().zip(ends).filter(|((_, first), _)| *first <= sequence);
        let mut marks: Vec<Mark> =
            passed.map(|((term, _), last)| Mark { term: *term, sequence: sequence.min(last) }).collect();
        marks.drain(..marks.len().saturating_sub(MAX_OWN_MARKS));
        Cursor(marks)
    }

    /// The terms a peer needs that is served from `from`, and the last number it can be served with them.
    pub fn around(&self, from: u64) -> (Terms, u64) {
        let here = self.0.partition_point(|(_, first)| *first <= from);
        let start = here.saturating_sub(MAX_OWN_MARKS);
        let stop = self.0.len().min(here + MAX_TERMS_AHEAD);
        let until = self.0.get(stop).map_or(u64::MAX, |(_, first)| first - 1);
        (Terms(self.0[start..stop].to_vec()), until)
    }

    fn last_of(&self, term: Term, end: u64) -> Option<u64> {
        let index = self.0.iter().rposition(|(known, _)| *known == term)?;
        Some(self.0.get(index + 1).map_or(end, |(_, next)| next - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(n: u8) -> Term {
        Term::from_bytes([n; 16])
    }

    /// Term 1 holds 1..=100, term 2 holds 101..=150.
    fn log() -> Terms {
        let mut terms = Terms::default();
        terms.begin(term(1), 0);
        terms.begin(term(2), 100);
        terms
    }

    #[test]
    fn a_restored_log_is_read_from_where_it_was_restored() {
        let seen = log().cursor_at(180);
        assert_eq!(seen.marks(), [Mark { term: term(1), sequence: 100 }, Mark { term: term(2), sequence: 180 }]);
        let mut restored = log();
        restored.begin(term(3), 150);
        assert_eq!(restored.resume(&seen, 160), 150);
        assert!(!restored.contains(seen.marks()[1], 160) && restored.contains(seen.marks()[0], 160));
    }

    #[test]
    fn two_clones_are_told_apart() {
        let (mut one, mut two) = (log(), log());
        one.begin(term(3), 150);
        two.begin(term(4), 150);
        assert_eq!(two.resume(&one.cursor_at(170), 190), 150);
        assert_eq!(one.resume(&one.cursor_at(170), 190), 170);
        assert_eq!(Terms::default().resume(&one.cursor_at(170), 0), 0);
        let read_in_turns = two.cursor_at(160).beside(&one.cursor_at(170));
        assert_eq!((one.resume(&read_in_turns, 190), two.resume(&read_in_turns, 190)), (170, 160));
    }

    #[test]
    fn a_term_without_records_leaves_no_trace() {
        let mut terms = log();
        terms.begin(term(3), 150);
        terms.begin(term(4), 150);
        assert_eq!(terms.entries().len(), 3);
        assert_eq!(terms.mark_at(150), Some(Mark { term: term(2), sequence: 150 }));
        assert_eq!(terms.mark_at(0), None);
    }

    #[test]
    fn many_terms_are_told_in_parts() {
        let mut terms = Terms::default();
        (0..200u8).for_each(|n| terms.begin(term(n), u64::from(n) * 10));
        let mut at = 0;
        let mut rounds = 0;
        while at < 2_000 {
            let (told, until) = terms.around(at);
            assert!(told.entries().len() <= MAX_OWN_MARKS + MAX_TERMS_AHEAD);
            let next = until.min(2_000);
            assert_eq!(told.cursor_at(next), terms.cursor_at(next));
            assert!(next > at);
            (at, rounds) = (next, rounds + 1);
        }
        assert_eq!(rounds, 4);
    }
}
