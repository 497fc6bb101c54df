//! Whether the lines of a sheet stand in the order in which they were written: the only witness when the symbols of a
//! split code came without their positions (§1.6).

use super::letters::Letters;
use super::notice::Notice;
use super::record::{Record, all_digits};
use super::sheet::Prescription;

/// What the lines tell about the seams between parts.
pub(super) struct Look {
    /// Every line is a record that keeps its types.
    parses: bool,
    /// Record numbers ascend.
    ascends: bool,
    /// The records of every sheet are there, and every RP has form, usage and a medicine.
    complete: bool,
}

impl Look {
    /// Enough to take a sheet whose end mark is missing.
    pub fn is_complete(&self) -> bool {
        self.parses && self.complete
    }

    /// Enough to take one order among several.
    pub fn is_in_order(&self) -> bool {
        self.is_complete() && self.ascends
    }
}

/// Looks at the decoded lines and at the sheet that was read from them.
pub(super) fn look_at(letters: &Letters<'_>, sheet: &Prescription) -> Look {
    let after_header = letters.lines.iter().skip(1);
    let records: Vec<_> = after_header.flatten().filter_map(|line| Record::parse(line)).collect();
    Look {
        parses: !sheet.notices.iter().any(spoils_a_seam) && records.iter().all(keeps_its_types),
        ascends: [by_medicine, by_record].iter().any(|order| records.is_sorted_by_key(order)),
        complete: !sheet.notices.iter().any(|notice| matches!(notice, Notice::Missing { .. }))
            && rps_complete(&records),
    }
}

fn spoils_a_seam(notice: &Notice) -> bool {
    matches!(
        notice,
        Notice::Unread { .. } | Notice::UnreadLine | Notice::Contradicted { .. } | Notice::UnknownRecord { .. }
    )
}

/// The types of the medicine records, as far as they show that a line was put together wrongly.
fn keeps_its_types(record: &Record<'_>) -> bool {
    let digits = |place| all_digits(record.item(place), 1..=3);
    let one_of = |place, allowed: &str| record.item(place).len() == 1 && allowed.contains(record.item(place));
    match record.number {
        101 => digits(1) && one_of(2, "1234569") && digits(4),
        102 => digits(1) && digits(2) && digits(3),
        111 => digits(1) && one_of(2, "12"),
        181 => digits(1) && digits(2),
        201 => {
            let class = record.item(3).is_empty() || one_of(3, "123");
            digits(1) && digits(2) && class && one_of(4, "123467") && is_amount(record.item(7)) && one_of(8, "12")
        }
        211 | 221 | 231 | 241 | 281 => digits(1) && digits(2),
        _ => true,
    }
}

fn is_amount(item: &str) -> bool {
    !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// RPs count from 1 without a gap, and each has 101, 111 and at least one 201.
fn rps_complete(records: &[Record<'_>]) -> bool {
    let last = records.iter().filter(|record| record.number > 100).filter_map(rp).max().unwrap_or(0);
    let has = |number, at| records.iter().any(|record| record.number == number && rp(record) == Some(at));
    last > 0 && (1..=last).all(|at| [101, 111, 201].into_iter().all(|number| has(number, at)))
}

fn rp(record: &Record<'_>) -> Option<u16> {
    record.number_at(1, 1..=3)
}

type Place = (u16, u16, u16, u16, u16);

/// Writers group the records of one medicine …
fn by_medicine(record: &Record<'_>) -> Place {
    let (rp, part, number, medicine, serial) = by_record(record);
    (rp, part, medicine, number, serial)
}

/// … or write each record for all medicines of the RP.
fn by_record(record: &Record<'_>) -> Place {
    let at = |place| record.number_at(place, 1..=3).unwrap_or(0);
    match record.number {
        81 => (0, 0, 81, 0, at(1)),
        head @ 0..=100 => (0, 0, head, 0, 0),
        181 => (at(1), 1, 181, 0, at(2)),
        usage @ 101..=200 => (at(1), 1, usage, 0, 0),
        281 => (at(1), 2, 281, at(2), at(3)),
        medicine => (at(1), 2, medicine, at(2), 0),
    }
}
