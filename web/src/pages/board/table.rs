//! The table of the board: no name of who looks, no token, nothing of a session. It is set once for everybody who asks, in each language.

use crate::assets;
use crate::error::PageError;
use crate::lang::Lang;
use crate::port::{Board, BoardRow};
use crate::show::{self, Chip};
use crate::words::{ApartWords, BoardWords};
use askama::Template;
use domain::Date;
use domain::case::Flow;
use domain::fact::VisitId;
use domain::visit::VisitStatus;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The tables as they were set last, of one board only: what is older is forgotten as soon as somebody asks for what is newer.
#[derive(Default)]
pub struct Tables {
    set: Mutex<Option<SetTables>>,
}

struct SetTables {
    of: Arc<Board>,
    tables: Vec<(Lang, Arc<str>)>,
}

impl Tables {
    /// The table of this very board, as it was read; one that only looks the same is another. While it is being set, others who want
    /// it wait: call this off the asynchronous threads.
    pub fn shared(&self, lang: Lang, board: &Arc<Board>) -> Result<Arc<str>, PageError> {
        let mut place = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        let known = place.take().filter(|known| Arc::ptr_eq(&known.of, board));
        let known = place.insert(known.unwrap_or_else(|| SetTables { of: board.clone(), tables: Vec::new() }));
        if let Some((_, table)) = known.tables.iter().find(|(of, _)| *of == lang) {
            return Ok(table.clone());
        }
        let table = set(lang, board, true)?;
        known.tables.push((lang, table.clone()));
        Ok(table)
    }
}

/// Sets the table of a board.
pub fn set(lang: Lang, board: &Board, is_today: bool) -> Result<Arc<str>, PageError> {
    let w = BoardWords::of(lang);
    let rows = families_together(&board.rows).into_iter();
    let table = BoardTable {
        w,
        aw: ApartWords::of(lang),
        version: assets::VERSION.as_str(),
        is_today,
        counts: counts(lang, &board.rows),
        rows: rows.map(|(row, family)| Row { family, ..show_row(lang, w, row, board.day) }).collect(),
    };
    table.render().map(Arc::from).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "the board could not be set");
        PageError::Broken
    })
}

#[derive(Template)]
#[template(path = "part/board.html")]
struct BoardTable {
    w: &'static BoardWords,
    aw: &'static ApartWords,
    version: &'static str,
    is_today: bool,
    counts: Vec<(Chip, usize)>,
    rows: Vec<Row>,
}

struct Row {
    visit: String,
    number: u32,
    time: String,
    counter: String,
    name: String,
    kana: String,
    birth: String,
    chip: Chip,
    waiting: bool,
    evidence: &'static str,
    why: String,
    share: String,
    follow_ups: u32,
    differs: bool,
    is_double: bool,
    /// kind of counter or flow, and the place, where it is not the window
    place: String,
    /// the number of the first visit of its family
    family: Option<u32>,
}

fn counts(lang: Lang, rows: &[BoardRow]) -> Vec<(Chip, usize)> {
    let count = |status: &VisitStatus| rows.iter().filter(|row| row.status == *status).count();
    let counted = VisitStatus::ALL.iter().map(|status| (show::status(lang, *status), count(status)));
    counted.filter(|(_, count)| *count > 0).collect()
}

fn show_row(lang: Lang, w: &'static BoardWords, row: &BoardRow, day: Date) -> Row {
    let why = row.why.as_ref().map(|why| {
        let since = why.since.map(|at| show::moment(lang, at, day)).unwrap_or_default();
        format!("{}{}", show::cause(lang, why.cause), lang.pick(from_ja(&since), from_en(&since)))
    });
    Row {
        visit: row.visit.to_string(),
        number: row.number,
        time: show::time(row.opened_at),
        counter: row.counter.clone().unwrap_or_default(),
        name: row.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        kana: row.name_kana.clone().unwrap_or_default(),
        birth: row.birth_date.map(|birth| show::birth(lang, birth, day)).unwrap_or_default(),
        chip: show::status(lang, row.status),
        waiting: row.waiting,
        evidence: row.evidence.map_or("", |kind| show::evidence(lang, kind)),
        why: why.unwrap_or_default().trim().to_owned(),
        share: row.ratio_tenths.map(|share| show::tenths(lang, share)).unwrap_or_default(),
        follow_ups: row.follow_ups,
        differs: row.disagreements > 0,
        is_double: !row.doubles.is_empty(),
        place: place(lang, row),
        family: None,
    }
}

/// Where the patient is, for everybody who is not at the window.
fn place(lang: Lang, row: &BoardRow) -> String {
    let kind = row.kind.filter(|kind| kind.flow() != Flow::Window).map(|kind| show::counter_kind(lang, kind));
    let flow = Some(row.flow).filter(|flow| *flow != Flow::Window).map(|flow| show::flow(lang, flow));
    let parts = [kind.or(flow), row.place.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The rows in their order, but a family that came together stands together, where its newest visit stands; each with the number of the
/// family's first visit.
fn families_together(rows: &[BoardRow]) -> Vec<(&BoardRow, Option<u32>)> {
    let led: BTreeSet<&VisitId> = rows.iter().filter_map(|row| row.family.as_ref()).collect();
    let first_of = |row: &BoardRow| row.family.as_ref().or_else(|| led.get(&row.visit).copied()).cloned();
    let mut families: BTreeMap<VisitId, Vec<&BoardRow>> = BTreeMap::new();
    for (row, first) in rows.iter().filter_map(|row| Some((row, first_of(row)?))) {
        families.entry(first).or_default().push(row);
    }
    let mut shown: Vec<(&BoardRow, Option<u32>)> = Vec::with_capacity(rows.len());
    for row in rows {
        match first_of(row) {
            None => shown.push((row, None)),
            // the first of them to be met brings the others along
            Some(first) => {
                let members = families.remove(&first).unwrap_or_default();
                let number = members.iter().find(|row| row.visit == first).map(|row| row.number);
                shown.extend(members.into_iter().map(|row| (row, number)));
            }
        }
    }
    shown
}

fn from_ja(since: &str) -> String {
    if since.is_empty() { String::new() } else { format!("（{since}から）") }
}

fn from_en(since: &str) -> String {
    if since.is_empty() { String::new() } else { format!(" (since {since})") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::Timestamp;

    fn row(number: u32, family: Option<u32>) -> BoardRow {
        let visit = |number: u32| VisitId::new(format!("v-{number}"));
        BoardRow {
            visit: visit(number),
            number,
            opened_at: Timestamp::from_ms(i64::from(number)),
            counter: None,
            patient: None,
            name: Some(format!("見本 {number}")),
            name_kana: None,
            birth_date: None,
            status: VisitStatus::Open,
            evidence: None,
            why: None,
            ratio_tenths: None,
            follow_ups: 0,
            waiting: false,
            disagreements: 0,
            doubles: Vec::new(),
            flow: Flow::Window,
            kind: None,
            place: None,
            family: family.map(visit),
        }
    }

    fn board(rows: Vec<BoardRow>) -> Arc<Board> {
        let day = Date::literal(2026, 3, 2);
        Arc::new(Board { day, revision: 1, rows, on_shelf: 0, due_follow_ups: 0, stuck_jobs: 0, to_look_at: 0 })
    }

    #[test]
    fn a_table_is_set_once_for_a_board_in_each_language() {
        let tables = Tables::default();
        let today = board(vec![row(1, None)]);
        let ja = tables.shared(Lang::Ja, &today).unwrap();
        let en = tables.shared(Lang::En, &today).unwrap();
        assert!(Arc::ptr_eq(&ja, &tables.shared(Lang::Ja, &today).unwrap()));
        assert!(Arc::ptr_eq(&en, &tables.shared(Lang::En, &today).unwrap()));
        assert!(ja.contains("見本 1") && en.contains("見本 1") && ja != en);
    }

    #[test]
    fn nothing_stays_of_an_older_board() {
        let tables = Tables::default();
        let (before, now) = (board(vec![row(1, None)]), board(vec![row(2, None)]));
        assert!(tables.shared(Lang::Ja, &before).unwrap().contains("見本 1"));
        assert!(tables.shared(Lang::En, &before).unwrap().contains("見本 1"));
        assert!(!tables.shared(Lang::Ja, &now).unwrap().contains("見本 1"));
        assert_eq!(Arc::strong_count(&before), 1, "the older one is nobody's any more");
        assert!(!tables.shared(Lang::En, &now).unwrap().contains("見本 1"));
    }

    #[test]
    fn a_family_stands_together_where_its_newest_visit_stands() {
        // newest first: 6 and 2 came with 1, 4 with 3, 5 alone
        let rows = [row(6, Some(1)), row(5, None), row(4, Some(3)), row(3, None), row(2, Some(1)), row(1, None)];
        let shown = families_together(&rows).into_iter().map(|(row, first)| (row.number, first));
        let expected = [(6, Some(1)), (2, Some(1)), (1, Some(1)), (5, None), (4, Some(3)), (3, Some(3))];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_family_whose_first_visit_is_not_on_the_board_still_stands_together() {
        let rows = [row(4, Some(9)), row(3, None), row(2, Some(9))];
        let shown = families_together(&rows).into_iter().map(|(row, first)| (row.number, first));
        assert_eq!(shown.collect::<Vec<_>>(), [(4, None), (2, None), (3, None)]);
    }
}
