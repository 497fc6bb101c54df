//! Putting the symbols of a split code together (§1.6).
//!
//! Bytes are joined first and decoded once, because a symbol may end inside a character. With positions (structured
//! append) the places and the parity decide. Without them the order of scanning is taken only when the lines bear it
//! out; when several orders do, staff are asked to scan from left to right.

mod joining;

use std::fmt;

use super::letters::{split_at_end_mark, without_prefixes};
use super::notice::Notice;
use super::recognise::{DeskCode, MAX_BYTES, recognise};
use super::refusal::Refusal;
use crate::reader::{Bilingual, Moment};
use joining::Joined;

/// Where a symbol stands in a structured-append set, as its header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SymbolPosition {
    /// 0 to 15.
    pub index: u8,
    /// The last index of the set, 0 to 15.
    pub last: u8,
    /// XOR of all bytes of the whole message.
    pub parity: u8,
}

/// What came of one scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// A whole code.
    Code(DeskCode),
    /// A part was kept; more are needed.
    Waiting {
        /// How many parts are there.
        have: u8,
        /// How many there will be, when the symbols say so.
        of: Option<u8>,
    },
    /// A part that was there already: ignored.
    PartAgain,
    /// A half-scanned set was given up.
    GivenUp(GivenUp),
}

/// Why a half-scanned set was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenUp {
    /// Nothing was scanned for a minute.
    TimedOut,
    /// Another prescription began.
    OtherPrescription,
    /// More bytes or more parts than a code can have.
    TooLong,
    /// The joined parts do not have the parity that the symbols promise.
    ParityWrong,
    /// The parts fit together in more than one order.
    OrderUnclear,
    /// Staff cancelled.
    Cancelled,
}

/// A part of a set is waited for this long after the one before.
pub const WAIT_MS: u64 = 60_000;
/// Structured append has sixteen places.
const MAX_PARTS: usize = 16;

/// Takes scan after scan and gives back whole codes. One per scanner; holds nothing but a half-scanned set.
#[derive(Default)]
pub struct Assembly {
    set: Option<HalfSet>,
    /// After staff were asked to scan from left to right: only that order counts.
    in_scan_order: bool,
}

struct HalfSet {
    parts: Parts,
    newest: Moment,
    /// A sheet was given out already; what follows may complete or correct it.
    given_out: bool,
}

enum Parts {
    /// As they were scanned; the first one has the header.
    Scanned(Vec<Vec<u8>>),
    /// By position.
    Placed { last: u8, parity: u8, places: Vec<Option<Vec<u8>>> },
}

impl Assembly {
    /// Takes one scan. Several results come when a set was given up on the way, or when two codes were glued together.
    pub fn take(&mut self, scan: &[u8], position: Option<SymbolPosition>, at: Moment) -> Vec<Taken> {
        let mut taken: Vec<_> = self.expire(at).into_iter().collect();
        if scan.len() > MAX_BYTES {
            taken.push(Taken::Code(DeskCode::Refused(Refusal::TooLong)));
            return taken;
        }
        let scan = self.without_prefixes(scan);
        match position.filter(|position| position.last > 0) {
            Some(position) => self.take_placed(scan, position, at, &mut taken),
            None => self.take_scanned(scan, at, &mut taken),
        }
        taken
    }

    /// A later part may begin with the line end of the record before it: only what cannot be data is taken off.
    fn without_prefixes<'a>(&self, scan: &'a [u8]) -> &'a [u8] {
        let bare = without_prefixes(scan);
        match scan {
            _ if self.set.is_none() || begins_prescription(bare) => bare,
            [0x02, rest @ ..] => self.without_prefixes(rest),
            [b']', b'Q', digit, rest @ ..] if digit.is_ascii_digit() => rest,
            _ => scan,
        }
    }

    /// Gives a half-scanned set up once its time is over: to be asked by whoever shows the counter.
    pub fn expire(&mut self, now: Moment) -> Option<Taken> {
        let over = self.set.as_ref().is_some_and(|set| now.0.saturating_sub(set.newest.0) > WAIT_MS);
        over.then(|| self.give_up(GivenUp::TimedOut)).flatten()
    }

    /// Staff do not want to go on with the half-scanned set.
    pub fn cancel(&mut self) -> Option<Taken> {
        self.give_up(GivenUp::Cancelled)
    }

    /// A set whose sheet was given out ends in silence, unless that sheet has become doubtful.
    fn give_up(&mut self, why: GivenUp) -> Option<Taken> {
        let set = self.set.take()?;
        self.in_scan_order = why == GivenUp::OrderUnclear;
        (!set.given_out || self.in_scan_order).then_some(Taken::GivenUp(why))
    }

    /// Prescriptions glued together are cut at the end mark of each.
    fn take_scanned(&mut self, scan: &[u8], at: Moment, taken: &mut Vec<Taken>) {
        let mut rest = scan;
        loop {
            let (text, after) = split_at_end_mark(rest);
            let next = after.map(without_prefixes).filter(|next| begins_prescription(next));
            let this = if next.is_some() { rest.get(..=text.len()).unwrap_or(rest) } else { rest };
            self.take_one(this, at, taken);
            match next {
                Some(next) => rest = next,
                None => return,
            }
        }
    }

    fn take_one(&mut self, scan: &[u8], at: Moment, taken: &mut Vec<Taken>) {
        let again = self.set.as_ref().is_some_and(|set| set.parts.has(scan));
        let begins_anew = self.set.as_ref().is_some_and(|set| set.given_out) && begins_prescription(scan);
        if again && !begins_anew {
            taken.push(Taken::PartAgain);
        } else if begins_prescription(scan) {
            taken.extend(self.give_up(GivenUp::OtherPrescription));
            self.begin(scan, at, taken);
        } else if self.set.as_ref().is_some_and(|set| set.parts.is_scanned()) && may_be_part(scan) {
            self.go_on(scan, at, taken);
        } else {
            taken.push(Taken::Code(recognise(scan)));
        }
    }

    fn begin(&mut self, scan: &[u8], at: Moment, taken: &mut Vec<Taken>) {
        let code = recognise(scan);
        let ended = split_at_end_mark(scan).1.is_some();
        let whole = ended || matches!(code, DeskCode::Refused(_));
        let given_out = code != DeskCode::Incomplete;
        if !whole {
            self.set = Some(HalfSet { parts: Parts::Scanned(vec![scan.to_vec()]), newest: at, given_out });
        }
        taken.push(if given_out { Taken::Code(code) } else { Taken::Waiting { have: 1, of: None } });
    }

    /// The set stays open for its minute even when a sheet came of it: a part that was skipped may still come.
    fn go_on(&mut self, scan: &[u8], at: Moment, taken: &mut Vec<Taken>) {
        let Some(HalfSet { parts: Parts::Scanned(parts), newest, given_out }) = self.set.as_mut() else { return };
        parts.push(scan.to_vec());
        *newest = at;
        if parts.len() > MAX_PARTS || parts.iter().map(Vec::len).sum::<usize>() > MAX_BYTES {
            taken.extend(self.give_up(GivenUp::TooLong));
            return;
        }
        match joining::join(parts, self.in_scan_order) {
            Joined::Whole(bytes) => {
                *given_out = true;
                self.in_scan_order = false;
                taken.push(Taken::Code(with_notice_of_joining(recognise(&bytes))));
            }
            Joined::NotYet if *given_out => {
                parts.pop();
                taken.push(Taken::Code(recognise(scan)));
            }
            Joined::NotYet => taken.push(Taken::Waiting { have: parts.len() as u8, of: None }),
            Joined::Unclear => taken.extend(self.give_up(GivenUp::OrderUnclear)),
        }
    }

    fn take_placed(&mut self, scan: &[u8], position: SymbolPosition, at: Moment, taken: &mut Vec<Taken>) {
        if !self.set.as_ref().is_some_and(|set| set.parts.are_of(position)) {
            taken.extend(self.give_up(GivenUp::OtherPrescription));
        }
        let set =
            self.set.get_or_insert_with(|| HalfSet { parts: Parts::placed(position), newest: at, given_out: false });
        set.newest = at;
        match set.parts.put(scan, position) {
            Put::Again => taken.push(Taken::PartAgain),
            Put::Waiting(have) => taken.push(Taken::Waiting { have, of: Some(position.last.saturating_add(1)) }),
            Put::Impossible => taken.extend(self.give_up(GivenUp::OtherPrescription)),
            Put::Full => taken.extend(self.finish_placed(position.parity)),
        }
    }

    fn finish_placed(&mut self, parity: u8) -> Option<Taken> {
        let Some(HalfSet { parts: Parts::Placed { places, .. }, .. }) = &self.set else { return None };
        let parts: Vec<&[u8]> = places.iter().flatten().map(Vec::as_slice).collect();
        if parts.iter().map(|part| part.len()).sum::<usize>() > MAX_BYTES {
            return self.give_up(GivenUp::TooLong);
        }
        let Some(whole) = joining::with_parity(&parts, parity) else { return self.give_up(GivenUp::ParityWrong) };
        self.set = None;
        Some(Taken::Code(recognise(&whole)))
    }
}

/// What putting a symbol into its place did.
enum Put {
    Waiting(u8),
    Again,
    Impossible,
    Full,
}

impl Parts {
    fn placed(position: SymbolPosition) -> Self {
        let places = vec![None; usize::from(position.last.min(15)) + 1];
        Self::Placed { last: position.last, parity: position.parity, places }
    }

    fn is_scanned(&self) -> bool {
        matches!(self, Self::Scanned(_))
    }

    fn has(&self, scan: &[u8]) -> bool {
        matches!(self, Self::Scanned(parts) if parts.iter().any(|part| part == scan))
    }

    fn are_of(&self, position: SymbolPosition) -> bool {
        matches!(self, Self::Placed { last, parity, .. } if *last == position.last && *parity == position.parity)
    }

    fn put(&mut self, scan: &[u8], position: SymbolPosition) -> Put {
        let Self::Placed { places, .. } = self else { return Put::Impossible };
        let Some(place) = places.get_mut(usize::from(position.index)) else { return Put::Impossible };
        match place {
            Some(before) if before == scan => return Put::Again,
            Some(_) => return Put::Impossible,
            None => *place = Some(scan.to_vec()),
        }
        let have = places.iter().flatten().count();
        if have == places.len() { Put::Full } else { Put::Waiting(have as u8) }
    }
}

/// Without positions nobody can know that no symbol was skipped: staff compare their number with the paper.
fn with_notice_of_joining(code: DeskCode) -> DeskCode {
    match code {
        DeskCode::Prescription(mut sheet) => {
            sheet.notices.push(Notice::JoinedWithoutPositions);
            DeskCode::Prescription(sheet)
        }
        other => other,
    }
}

fn begins_prescription(scan: &[u8]) -> bool {
    let header = scan.strip_prefix(b"JAHIS");
    header.and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}

/// Whether a scan can belong to the open set: everything that is not a code of its own. A line of digits is a part only
/// when the end mark follows.
fn may_be_part(scan: &[u8]) -> bool {
    let ended = split_at_end_mark(scan).1.is_some();
    let several_lines = scan.trim_ascii().iter().any(|byte| matches!(byte, b'\r' | b'\n'));
    match recognise(scan) {
        DeskCode::Refused(Refusal::LaterPart | Refusal::Noise | Refusal::NotAPrescription | Refusal::Empty) => true,
        DeskCode::Number(_) | DeskCode::Refused(Refusal::MedicinePackage | Refusal::IndividualNumber) => {
            ended || several_lines
        }
        _ => false,
    }
}

impl Taken {
    /// What to tell the staff; `None` when the code speaks for itself.
    pub fn text(&self) -> Option<Bilingual> {
        Some(match self {
            Self::Code(DeskCode::Refused(refusal)) => refusal.text(),
            Self::Code(_) => return None,
            Self::Waiting { .. } => Bilingual {
                ja: "続きのQRコードを読み取ってください。1枚だけの場合は、もう一度読み取ってください。",
                en: "Scan the next symbol. If there is only one, scan it again.",
            },
            Self::PartAgain => Bilingual {
                ja: "同じQRコードです。次のQRコードを読み取ってください。",
                en: "This symbol was scanned already. Scan the next one.",
            },
            Self::GivenUp(why) => why.text(),
        })
    }
}

impl GivenUp {
    /// What to tell the staff.
    pub fn text(&self) -> Bilingual {
        let (ja, en) = match self {
            Self::TimedOut => (
                "途中まで読み取った処方箋は、時間が過ぎたため取り消しました。1枚目から読み取ってください。",
                "The half-scanned prescription was given up after a minute. Scan from the first symbol.",
            ),
            Self::OtherPrescription => (
                "別の処方箋が読み取られたため、途中の処方箋は取り消しました。",
                "Another prescription was scanned, so the half-scanned one was given up.",
            ),
            Self::TooLong => (
                "データが長すぎるため取り消しました。1枚目から読み取ってください。",
                "Too much data; given up. Scan from the first symbol.",
            ),
            Self::ParityWrong => (
                "QRコードの組み合わせが合いません。1枚目から読み取ってください。",
                "The symbols do not belong together. Scan from the first one.",
            ),
            Self::OrderUnclear => (
                "順番が分かりません。左から右へ順に、1枚目から読み取ってください。",
                "The order is unclear. Scan from left to right, beginning with the first symbol.",
            ),
            Self::Cancelled => ("読み取りを取り消しました。", "The half-scanned prescription was given up."),
        };
        Bilingual { ja, en }
    }
}

impl fmt::Debug for Assembly {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Assembly").field("half_set", &self.set.is_some()).finish_non_exhaustive()
    }
}
