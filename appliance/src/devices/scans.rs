//! Codes that were scanned and wait for somebody. They are patients' data: kept in memory only, few, and not for long.

use crate::clock::Clock;
use crate::intake::scan;
use domain::Timestamp;
use domain::text::Text;
use drivers::health::{DeviceName, ReadFailure, Sign};
use drivers::prescription::{Assembly, Day, DeskCode, Prescription, Refusal, Taken};
use drivers::scanner::{ScanObservation, ScannerEvent};
use drivers::{Bilingual, Moment};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use web::port::ScannedItem;

/// A code waits for so long.
pub(super) const KEPT_MS: i64 = 10 * 60_000;
/// Most codes that wait.
pub(super) const MOST: usize = 50;

/// The codes that wait.
pub(super) struct Scans {
    clock: Clock,
    changes: Arc<watch::Sender<u64>>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// oldest first
    entries: Vec<Entry>,
    assemblies: BTreeMap<DeviceName, Assembly>,
}

struct Entry {
    item: ScannedItem,
    what: What,
}

/// What an entry is, to know what takes its place.
#[derive(PartialEq, Eq)]
enum What {
    /// A prescription. Its code may come again with more parts, or corrected.
    Sheet(Box<Prescription>),
    /// Any other code.
    Code(DeskCode),
    /// A word to staff about the scan that is under way at this scanner.
    Word,
}

impl Scans {
    pub(super) fn new(clock: Clock, changes: Arc<watch::Sender<u64>>) -> Scans {
        Scans { clock, changes, waiting: Mutex::default() }
    }

    /// The codes that wait, newest first.
    pub(super) fn shown(&self) -> Vec<ScannedItem> {
        let now = self.clock.now();
        let mut waiting = self.waiting();
        waiting.forget_old(now);
        waiting.entries.iter().rev().map(|entry| entry.item.clone()).collect()
    }

    /// Puts one away.
    pub(super) fn put_away(&self, scan: &str) {
        let before = {
            let mut waiting = self.waiting();
            let before = waiting.entries.len();
            waiting.entries.retain(|entry| entry.item.scan != scan);
            before != waiting.entries.len()
        };
        if before {
            self.tell();
        }
    }

    /// Takes what a scanner sent; what it says of the scanner itself.
    pub(super) fn take(&self, scanner: &DeviceName, seen: &ScanObservation) -> Option<Sign> {
        let now = self.clock.now();
        let sign = {
            let mut waiting = self.waiting();
            match &seen.event {
                ScannerEvent::Scanned(scan) => waiting.take(scanner, scan.bytes(), seen.at, now),
                ScannerEvent::Discarded { reason, .. } => {
                    waiting.say(scanner, reason.text(), now);
                    None
                }
            }
        };
        self.tell();
        sign
    }

    /// Scans were lost because nobody took them in time.
    pub(super) fn missed(&self, scanner: &DeviceName) {
        let word = Bilingual {
            ja: "読み取りが重なり、失われました。もう一度読み取ってください。",
            en: "Scans were lost. Scan again.",
        };
        self.waiting().say(scanner, word, self.clock.now());
        self.tell();
    }

    /// Lets time pass: half-scanned sets are given up, old codes forgotten.
    pub(super) fn pass_time(&self) {
        let now = self.clock.now();
        let news = self.waiting().pass_time(now);
        if news {
            self.tell();
        }
    }

    fn tell(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // a scan that made the program panic is gone; the others are whole
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self, scanner: &DeviceName, bytes: &[u8], at: Moment, now: Timestamp) -> Option<Sign> {
        let taken = self.assemblies.entry(scanner.clone()).or_default().take(bytes, None, at);
        let mut sign = None;
        for one in taken {
            sign = sign_of(&one).or(sign);
            self.keep(scanner, one, now);
        }
        sign
    }

    fn keep(&mut self, scanner: &DeviceName, taken: Taken, now: Timestamp) {
        match taken {
            Taken::Code(code) => self.keep_code(scanner, code, now),
            other => {
                if let Some(word) = other.text() {
                    self.say(scanner, word, now);
                }
            }
        }
    }

    fn keep_code(&mut self, scanner: &DeviceName, code: DeskCode, now: Timestamp) {
        let Some(fill) = scan::scanned(&code, now.date_in_japan()) else { return };
        let mut item = scan::blank(word_kind(), scanner.as_str(), now, new_id());
        fill(&mut item);
        let what = match code {
            DeskCode::Prescription(sheet) => What::Sheet(sheet),
            code => What::Code(code),
        };
        self.entries.retain(|entry| {
            let word = entry.what == What::Word && entry.item.device == scanner.as_str();
            !word && !entry.what.gives_way_to(&what)
        });
        self.push(Entry { item, what }, now);
    }

    /// A word about the scan under way at this scanner, in the place of the one before.
    fn say(&mut self, scanner: &DeviceName, word: Bilingual, now: Timestamp) {
        let mut item = scan::blank(word_kind(), scanner.as_str(), now, new_id());
        item.refusal = Some(Text::new(word.ja, word.en));
        self.entries.retain(|entry| entry.what != What::Word || entry.item.device != scanner.as_str());
        self.push(Entry { item, what: What::Word }, now);
    }

    fn push(&mut self, entry: Entry, now: Timestamp) {
        self.entries.push(entry);
        self.forget_old(now);
        let surplus = self.entries.len().saturating_sub(MOST);
        self.entries.drain(..surplus);
    }

    fn pass_time(&mut self, now: Timestamp) -> bool {
        let before = self.entries.len();
        self.forget_old(now);
        let at = super::station::moment(now);
        let expired: Vec<(DeviceName, Taken)> = self
            .assemblies
            .iter_mut()
            .filter_map(|(scanner, assembly)| Some((scanner.clone(), assembly.expire(at)?)))
            .collect();
        let news = !expired.is_empty() || before != self.entries.len();
        expired.into_iter().for_each(|(scanner, taken)| self.keep(&scanner, taken, now));
        news
    }

    fn forget_old(&mut self, now: Timestamp) {
        // a clock that was set back must not keep them longer
        self.entries.retain(|entry| (0..=KEPT_MS).contains(&now.since_ms(entry.item.at)));
    }
}

impl What {
    /// The same sheet again, or the same code again.
    fn gives_way_to(&self, newer: &What) -> bool {
        match (self, newer) {
            (What::Sheet(old), What::Sheet(new)) => {
                let key = |sheet: &Prescription| -> (Option<String>, Option<Day>) {
                    (sheet.institution.as_ref().map(|institution| institution.key.clone()), sheet.issued_on)
                };
                key(old) == key(new) && old.patient.can_be(&new.patient)
            }
            (old, new) => old == new,
        }
    }
}

/// A code that was read, whatever it is, was read well; letters that make no sense are the scanner's failure.
fn sign_of(taken: &Taken) -> Option<Sign> {
    let failed = |refusal: &Refusal| {
        matches!(
            refusal,
            Refusal::WrongCharacters | Refusal::KeyboardMode | Refusal::Noise | Refusal::TooLong | Refusal::SlipMisread
        )
    };
    match taken {
        Taken::Code(DeskCode::Refused(refusal)) if failed(refusal) => {
            Some(Sign::FailedRead { why: ReadFailure::NotSaid })
        }
        Taken::Code(_) | Taken::Waiting { .. } | Taken::PartAgain => Some(Sign::GoodRead),
        Taken::GivenUp(_) => None,
    }
}

fn word_kind() -> Text {
    Text::new("読み取り", "scan")
}

fn new_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn waiting() -> (Waiting, DeviceName, Timestamp) {
        (Waiting::default(), DeviceName::parse("counter").unwrap(), Timestamp::from_ms(1_800_000_000_000))
    }

    fn take(waiting: &mut Waiting, scanner: &DeviceName, bytes: &[u8], now: Timestamp) {
        waiting.take(scanner, bytes, crate::devices::station::moment(now), now);
    }

    #[test]
    fn codes_are_few_and_do_not_stay() {
        let (mut waiting, scanner, start) = waiting();
        for number in 0..60 {
            take(&mut waiting, &scanner, format!("{number:05}\r").as_bytes(), start);
        }
        assert_eq!(waiting.entries.len(), MOST);
        assert_eq!(waiting.entries[0].item.patient_number.as_deref(), Some("00010"));
        assert!(!waiting.pass_time(start.plus_ms(KEPT_MS)));
        assert!(waiting.pass_time(start.plus_ms(KEPT_MS + 1)));
        assert!(waiting.entries.is_empty());
    }

    #[test]
    fn the_same_code_again_takes_the_place_of_the_first() {
        let (mut waiting, scanner, start) = waiting();
        take(&mut waiting, &scanner, b"12345\r", start);
        let first = waiting.entries[0].item.scan.clone();
        take(&mut waiting, &scanner, b"12345\r", start.plus_ms(1));
        assert_eq!(waiting.entries.len(), 1);
        assert_ne!(waiting.entries[0].item.scan, first);
    }

    #[test]
    fn twelve_digits_are_refused_and_not_kept() {
        let (mut waiting, scanner, start) = waiting();
        take(&mut waiting, &scanner, b"123456789018\r", start);
        let item = &waiting.entries[0].item;
        assert!(item.refusal.is_some() && item.patient_number.is_none() && item.exchange_number.is_none());
    }
}
