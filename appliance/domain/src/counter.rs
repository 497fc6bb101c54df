//! The counters of the site: each a saved kind of flow with a name, and the letters under which the boxes hand out numbers.

use crate::case::{Flow, Site};
use crate::fact::{Recorded, in_order};
use crate::text::Text;
use crate::{codes, facts, identifier, record};
use std::collections::BTreeMap;

identifier! {
    /// Id of one counter.
    pub struct CounterId
}

codes! {
    /// Kind of a counter: where patients are received there, and so which evidence and steps are lawful (checkin-rules §3.2, §3.8).
    pub enum CounterKind {
        /// 窓口
        MainDesk = "main_desk",
        /// 第2の窓口
        SecondCounter = "second_counter",
        /// ドライブスルーの窓口
        DriveThrough = "drive_through",
        /// 発熱外来のテント
        FeverTent = "fever_tent",
        /// 車内で待つ人の一覧
        CarList = "car_list",
        /// ベッドサイド
        Bedside = "bedside",
        /// 訪問診療
        HomeVisit = "home_visit",
        /// 施設の巡回
        FacilityRound = "facility_round",
    }
}

impl CounterKind {
    /// Where patients are received there, as the rules ask.
    pub const fn flow(self) -> Flow {
        match self {
            CounterKind::MainDesk | CounterKind::SecondCounter => Flow::Window,
            CounterKind::DriveThrough => Flow::DriveThrough,
            CounterKind::FeverTent => Flow::FeverClinic,
            CounterKind::CarList => Flow::Car,
            CounterKind::Bedside => Flow::Ward,
            CounterKind::HomeVisit => Flow::HomeVisit,
            CounterKind::FacilityRound => Flow::Facility,
        }
    }

    /// Whether a face reader can stand there at all. The sheets know no portable one: in a home or a facility there is none.
    pub const fn may_have_reader(self) -> bool {
        !matches!(self, CounterKind::HomeVisit | CounterKind::FacilityRound)
    }

    /// What staff write down to find the patient again; nothing at a desk.
    pub const fn place_asked(self) -> Option<(&'static str, &'static str)> {
        match self {
            CounterKind::MainDesk | CounterKind::SecondCounter => None,
            CounterKind::DriveThrough | CounterKind::CarList => {
                Some(("車のナンバー・駐車位置", "Number plate or parking place"))
            }
            CounterKind::FeverTent => Some(("テント・待機場所", "Tent or waiting place")),
            CounterKind::Bedside => Some(("病室・ベッド", "Room and bed")),
            CounterKind::HomeVisit => Some(("訪問先", "Where the visit is")),
            CounterKind::FacilityRound => Some(("施設名・居室", "Facility and room")),
        }
    }
}

record! {
    /// A counter was made, or changed.
    pub struct Counter {
        /// which
        pub id: CounterId,
        /// its name, as browsers and the board call it
        pub name: String,
        /// its kind
        pub kind: CounterKind,
        /// a face reader is within reach there, of its own or shared
        pub has_reader: bool,
    }
}

impl Counter {
    /// The site as it is equipped at this counter.
    pub fn equips(&self, site: Site) -> Site {
        let has_reader = self.has_reader && self.kind.may_have_reader();
        Site { without_reader: site.without_reader || !has_reader, ..site }
    }
}

record! {
    /// A counter is not used any more.
    pub struct CounterRemoved {
        /// which
        pub id: CounterId,
    }
}

record! {
    /// A box hands out numbers under this letter from now on.
    pub struct LetterTaken {
        /// the box, as the facility knows it
        pub of_box: String,
        /// the letter
        pub letter: String,
    }
}

record! {
    /// Somebody works at the counters of a box: what the other boxes call who wrote there.
    pub struct StaffNamed {
        /// who, as the facts name an author
        pub author: String,
        /// the name of the account
        pub name: String,
        /// the box that has the account
        pub of_box: String,
    }
}

facts! {
    /// Everything that can happen to the counters of a site.
    pub enum CounterFact {
        /// made or changed
        Set(Counter) = "set",
        /// not used any more
        Removed(CounterRemoved) = "removed",
        /// a letter for numbers
        LetterTaken(LetterTaken) = "letter_taken",
        /// what somebody who works there is called
        StaffNamed(StaffNamed) = "staff_named",
    }
}

/// Longest name of a counter, in letters.
pub const LONGEST_NAME: usize = 20;
/// Most counters of a site.
pub const MOST_COUNTERS: usize = 40;
/// The letters numbers begin with; without those that are read as digits.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The counters as their facts tell them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Counters {
    /// in the order they were made
    pub all: Vec<Counter>,
    letters: BTreeMap<String, String>,
    staff: BTreeMap<String, StaffNamed>,
}

impl Counters {
    /// Folds facts, in whatever order they are handed over. Of two boxes that took the same letter, the first one has it.
    pub fn fold(mut facts: Vec<Recorded<CounterFact>>) -> Counters {
        in_order(&mut facts);
        let mut counters = Counters::default();
        facts.into_iter().for_each(|recorded| counters.take(recorded.fact));
        counters
    }

    /// Takes one more fact that is later than all the others.
    pub fn take(&mut self, fact: CounterFact) {
        match fact {
            CounterFact::Set(set) => match self.all.iter_mut().find(|known| known.id == set.id) {
                Some(known) => *known = set,
                None => self.all.push(set),
            },
            CounterFact::Removed(removed) => self.all.retain(|known| known.id != removed.id),
            CounterFact::LetterTaken(taken) => {
                let is_free = self.letters.values().all(|letter| *letter != taken.letter);
                if is_free && !self.letters.contains_key(&taken.of_box) {
                    self.letters.insert(taken.of_box, taken.letter);
                }
            }
            CounterFact::StaffNamed(named) => drop(self.staff.insert(named.author.clone(), named)),
            CounterFact::Unknown(..) => {}
        }
    }

    /// Who an author is, as the box with the account told.
    pub fn staff(&self, author: &str) -> Option<&StaffNamed> {
        self.staff.get(author)
    }

    /// The counter of a name.
    pub fn named(&self, name: &str) -> Option<&Counter> {
        self.all.iter().find(|counter| counter.name == name)
    }

    /// The letter of a box.
    pub fn letter(&self, of_box: &str) -> Option<&str> {
        self.letters.get(of_box).map(String::as_str)
    }

    /// A letter nobody has. `rank` is the place of the box among those the facility knows, so that two boxes which take their first letter
    /// while they cannot reach each other take different ones.
    pub fn free_letter(&self, rank: usize) -> String {
        (rank..).map(letter_at).find(|letter| self.letters.values().all(|taken| taken != letter)).unwrap_or_default()
    }

    /// The fact that makes or changes a counter; in words, why it cannot be.
    pub fn set(&self, counter: Counter) -> Result<CounterFact, (&'static str, Text)> {
        let name = counter.name.trim().to_owned();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.contains(char::is_control) {
            return Err((
                "name",
                Text::new(
                    "窓口の名前を20文字までで入力してください。",
                    "Give the counter a name of at most 20 characters.",
                ),
            ));
        }
        if self.all.iter().any(|known| known.name == name && known.id != counter.id) {
            return Err((
                "name",
                Text::new(
                    "同じ名前の窓口があります。別の名前にしてください。",
                    "There is a counter of this name. Choose another name.",
                ),
            ));
        }
        if self.all.len() >= MOST_COUNTERS && self.all.iter().all(|known| known.id != counter.id) {
            return Err(("name", Text::new("窓口は40までです。", "At most 40 counters.")));
        }
        if counter.has_reader && !counter.kind.may_have_reader() {
            return Err((
                "has_reader",
                Text::new(
                    "訪問・施設の巡回では据え置きの顔認証カードリーダーは使えません。マイナ資格確認アプリ等を使います。",
                    "In a home or a facility there is no fixed face reader. The consent app is used there.",
                ),
            ));
        }
        Ok(CounterFact::Set(Counter { name, ..counter }))
    }
}

fn letter_at(index: usize) -> String {
    let letter = |index: usize| char::from(LETTERS[index % LETTERS.len()]);
    match index / LETTERS.len() {
        0 => letter(index).to_string(),
        round => format!("{}{}", letter_at(round - 1), letter(index)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::case::SiteKind;
    use crate::date::Timestamp;
    use crate::fact::{Author, FactId};

    fn counter(id: &str, name: &str, kind: CounterKind, has_reader: bool) -> Counter {
        Counter { id: CounterId::new(id), name: name.to_owned(), kind, has_reader }
    }

    fn at(minute: i64, id: &str, fact: CounterFact) -> Recorded<CounterFact> {
        Recorded { id: FactId::new(id), at: Timestamp::from_ms(minute * 60_000), by: Author::new("staff-1"), fact }
    }

    #[test]
    fn the_same_facts_make_the_same_counters_in_any_order() {
        let taken = |of_box: &str, letter: &str| {
            CounterFact::LetterTaken(LetterTaken { of_box: of_box.to_owned(), letter: letter.to_owned() })
        };
        let named =
            |name: &str| StaffNamed { author: "staff-9".to_owned(), name: name.to_owned(), of_box: "aa".to_owned() };
        let mut facts = vec![
            at(1, "a", CounterFact::Set(counter("1", "窓口1", CounterKind::MainDesk, true))),
            at(2, "b", CounterFact::Set(counter("2", "車", CounterKind::CarList, false))),
            at(3, "c", CounterFact::Set(counter("2", "駐車場", CounterKind::CarList, false))),
            at(3, "s", CounterFact::StaffNamed(named("受付"))),
            at(8, "t", CounterFact::StaffNamed(named("受付 花子"))),
            at(4, "d", taken("one", "A")),
            at(5, "e", taken("two", "A")),
            at(6, "f", taken("two", "B")),
            at(7, "g", CounterFact::Removed(CounterRemoved { id: CounterId::new("1") })),
        ];
        let counters = Counters::fold(facts.clone());
        assert_eq!(counters.all, [counter("2", "駐車場", CounterKind::CarList, false)]);
        assert_eq!(counters.staff("staff-9").map(|named| named.name.as_str()), Some("受付 花子"), "the latest name");
        assert_eq!((counters.letter("one"), counters.letter("two")), (Some("A"), Some("B")));
        assert_eq!(
            (counters.free_letter(0), counters.free_letter(1), counters.free_letter(4)),
            ("C".into(), "C".into(), "E".into())
        );
        facts.reverse();
        assert_eq!(Counters::fold(facts), counters);
    }

    #[test]
    fn there_are_letters_for_every_box_and_none_looks_like_a_digit() {
        let letters: Vec<String> = (0..60).map(letter_at).collect();
        assert_eq!((letters[0].as_str(), letters[23].as_str(), letters[24].as_str()), ("A", "Z", "AA"));
        let mut distinct = letters.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), letters.len());
        assert!(letters.iter().all(|letter| !letter.contains(['I', 'O'])));
    }

    #[test]
    fn a_counter_needs_a_name_of_its_own_and_no_reader_where_there_can_be_none() {
        let known = Counters { all: vec![counter("1", "窓口1", CounterKind::MainDesk, true)], ..Counters::default() };
        assert!(known.set(counter("1", "窓口1", CounterKind::SecondCounter, true)).is_ok(), "it may be changed");
        for (name, kind, reader, at) in [
            ("　", CounterKind::MainDesk, false, "name"),
            ("あいうえおかきくけこさしすせそたちつてとな", CounterKind::MainDesk, false, "name"),
            ("窓口1", CounterKind::MainDesk, false, "name"),
            ("訪問", CounterKind::HomeVisit, true, "has_reader"),
        ] {
            assert_eq!(known.set(counter("2", name, kind, reader)).unwrap_err().0, at, "{name}");
        }
    }

    #[test]
    fn a_counter_says_how_the_site_is_equipped_there() {
        let site = Site::of(SiteKind::Clinic);
        assert!(!counter("1", "a", CounterKind::MainDesk, true).equips(site.clone()).without_reader);
        assert!(counter("2", "b", CounterKind::FeverTent, false).equips(site.clone()).without_reader);
        assert!(counter("3", "c", CounterKind::HomeVisit, true).equips(site).without_reader);
    }
}
