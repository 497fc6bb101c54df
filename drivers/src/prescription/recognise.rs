//! What was scanned, by its first line (§1.7).

use std::fmt;

use super::date::Day;
use super::fields;
use super::letters::{self, Letters};
use super::notice::Notice;
use super::order;
use super::printed::Printed;
use super::record::{Record, all_digits};
use super::refusal::Refusal;
use super::sheet::Prescription;
use super::slip::SlipCode;

/// The longest code that can exist: sixteen symbols of 2,953 bytes are 47,248 (§1.6).
pub const MAX_BYTES: usize = 48 * 1024;
const MAX_LINES: usize = 2_000;

/// What one whole scan is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskCode {
    /// A prescription.
    Prescription(Box<Prescription>),
    /// The beginning of a prescription whose other parts are still to come.
    Incomplete,
    /// The patient's copy of an electronic prescription: not an original; check in with its exchange number.
    ElectronicPrescriptionCopy(Box<PrescriptionCopy>),
    /// A number and nothing else: a patient number of the house, perhaps an exchange number.
    Number(PlainNumber),
    /// A slip that we printed.
    Slip(SlipCode),
    /// None of these.
    Refused(Refusal),
}

/// The code on the copy that a patient gets of an electronic prescription, as one public clinic system writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct PrescriptionCopy {
    /// Insurer number.
    pub insurer: String,
    /// Symbol.
    pub symbol: Option<Printed>,
    /// Number.
    pub number: Option<Printed>,
    /// Branch number.
    pub branch: Option<Printed>,
    /// Birth date.
    pub birth: Day,
    /// Exchange number, with its zeros.
    pub exchange_number: Printed,
}

/// Digits only.
#[derive(Clone, PartialEq, Eq)]
pub struct PlainNumber {
    digits: String,
}

impl PlainNumber {
    /// The digits as scanned, with their zeros.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// 6 or 16 digits: sources disagree on the length of exchange numbers, so a person is asked
    /// 「引換番号として使いますか」.
    pub fn may_be_exchange_number(&self) -> bool {
        matches!(self.digits.len(), 6 | 16)
    }
}

/// Recognises a whole scan; parts of a split code are put together before ([`Assembly`](super::Assembly)).
pub fn recognise(bytes: &[u8]) -> DeskCode {
    if bytes.len() > MAX_BYTES {
        return DeskCode::Refused(Refusal::TooLong);
    }
    let letters = letters::decode(letters::without_prefixes(bytes));
    match letters.lines.first() {
        _ if letters.lines.len() > MAX_LINES => DeskCode::Refused(Refusal::TooLong),
        None => DeskCode::Refused(Refusal::Empty),
        Some(None) => DeskCode::Refused(without_first_line(&letters)),
        Some(Some(first)) => match header_number(first) {
            Some(edition) => prescription(edition, &letters),
            None => by_first_line(first.trim(), &letters),
        },
    }
}

/// `JAHIS` and one or two digits, nothing else.
pub(super) fn header_number(line: &str) -> Option<u8> {
    let number = line.trim_end_matches([',', ' ']).strip_prefix("JAHIS")?;
    all_digits(number, 1..=2).then(|| number.parse().ok())?
}

/// A later part may begin inside a character.
fn without_first_line(letters: &Letters<'_>) -> Refusal {
    if goes_on_in_records(letters) { Refusal::LaterPart } else { Refusal::Noise }
}

fn by_first_line(first: &str, letters: &Letters<'_>) -> DeskCode {
    if first.starts_with("JAHISTC") {
        return DeskCode::Refused(Refusal::Notebook);
    }
    if first == "SJ1" || first.starts_with("SJ1,") {
        return DeskCode::Refused(Refusal::ElectronicPrescriptionFile);
    }
    if first.starts_with("OVERFLOW") {
        return DeskCode::Refused(Refusal::KeyboardMode);
    }
    if Record::parse(first).is_some() || goes_on_in_records(letters) {
        return DeskCode::Refused(Refusal::LaterPart);
    }
    match letters.lines.len() {
        1 if !letters.noise => single_line(first),
        _ => DeskCode::Refused(if letters.noise { Refusal::Noise } else { Refusal::NotAPrescription }),
    }
}

fn goes_on_in_records(letters: &Letters<'_>) -> bool {
    let further = letters.lines.get(1..).unwrap_or_default();
    let records = further.iter().flatten().filter(|line| Record::parse(line).is_some()).count();
    // the last line may be cut anywhere
    records > 0 && records + 1 >= further.len()
}

fn single_line(line: &str) -> DeskCode {
    if SlipCode::is_claimed_by(line) {
        return SlipCode::parse(line).map_or(DeskCode::Refused(Refusal::SlipMisread), DeskCode::Slip);
    }
    if let Some(copy) = copy(line) {
        return copy;
    }
    let start = line.get(..4).unwrap_or_default();
    match digits_of(line) {
        Some(digits) => number(digits),
        None if start.eq_ignore_ascii_case("http") => DeskCode::Refused(Refusal::WebAddress),
        None if line.contains('\u{fffd}') => DeskCode::Refused(Refusal::WrongCharacters),
        None => DeskCode::Refused(Refusal::NotAPrescription),
    }
}

/// The digits when there is nothing else. Twelve are found even when they are written in groups.
fn digits_of(line: &str) -> Option<String> {
    let joined: String = line.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    let grouped = joined.len() != line.len();
    let only_digits = joined.bytes().all(|byte| byte.is_ascii_digit()) && !joined.is_empty();
    (only_digits && (!grouped || joined.len() == 12)).then_some(joined)
}

fn number(digits: String) -> DeskCode {
    match digits.len() {
        12 => DeskCode::Refused(Refusal::IndividualNumber),
        13 | 14 => DeskCode::Refused(Refusal::MedicinePackage),
        1..=11 | 16 => DeskCode::Number(PlainNumber { digits }),
        _ => DeskCode::Refused(Refusal::NotAPrescription),
    }
}

/// Insurer, symbol, number, branch, birth date, exchange number. `None` when it is not of that form.
fn copy(line: &str) -> Option<DeskCode> {
    let items: Vec<&str> = line.split(',').map(str::trim).collect();
    let [insurer, symbol, number, branch, birth, exchange] = items.as_slice() else { return None };
    let fits = matches!(insurer.len(), 6 | 8) && all_digits(insurer, 6..=8) && all_digits(exchange, 6..=16);
    let birth = Day::parse(birth).filter(|_| fits)?;
    if line.contains('\u{fffd}') {
        return Some(DeskCode::Refused(Refusal::WrongCharacters));
    }
    if [number, exchange].into_iter().any(|item| super::individual::is_individual_number(item)) {
        return Some(DeskCode::Refused(Refusal::IndividualNumber));
    }
    Some(DeskCode::ElectronicPrescriptionCopy(Box::new(PrescriptionCopy {
        insurer: (*insurer).to_owned(),
        symbol: Printed::take(symbol),
        number: Printed::take(number),
        branch: Printed::take(branch),
        birth,
        exchange_number: Printed::take(exchange)?,
    })))
}

fn prescription(edition: u8, letters: &Letters<'_>) -> DeskCode {
    if is_mislabelled(letters) {
        return DeskCode::Refused(Refusal::MislabelledNotebook);
    }
    if has_wrong_characters(letters) {
        return DeskCode::Refused(Refusal::WrongCharacters);
    }
    if letters.noise {
        return DeskCode::Refused(Refusal::Noise);
    }
    let mut sheet = fields::read(edition, letters);
    if !letters.ended {
        if !order::look_at(letters, &sheet).is_complete() {
            return DeskCode::Incomplete;
        }
        sheet.notices.push(Notice::EndMissing);
    }
    let patient = &sheet.patient;
    if patient.name.is_none() && patient.kana.is_none() && patient.birth.is_none() {
        return DeskCode::Refused(Refusal::Unreadable);
    }
    DeskCode::Prescription(Box::new(sheet))
}

/// Notebook data under our header: record 1 begins with a name, or there is a record of usage (301).
fn is_mislabelled(letters: &Letters<'_>) -> bool {
    let mut records = letters.lines.iter().flatten().filter_map(|line| Record::parse(line));
    records.any(|record| record.number == 301 || (record.number == 1 && !record.item(1).is_ascii()))
}

/// What UTF-8 read as code page 932, or the reverse, leaves behind.
fn has_wrong_characters(letters: &Letters<'_>) -> bool {
    let lines = || letters.lines.iter().flatten();
    let tell_tale = lines().flat_map(|line| line.chars()).filter(|letter| matches!(letter, '縺' | '繧')).count();
    tell_tale > 1
        || lines().any(|line| line.contains('\u{fffd}'))
        || lines().filter_map(|line| Record::parse(line)).any(|record| is_damaged_name(&record))
}

fn is_damaged_name(record: &Record<'_>) -> bool {
    let name = match record.number {
        1 => record.item(4),
        11 => record.item(2),
        _ => return false,
    };
    let letters = name.chars().count();
    let leads = name.chars().filter(|letter| *letter == 'ﾂ').count();
    name.contains("??") || (leads > 2 && leads * 3 >= letters)
}

impl fmt::Debug for PrescriptionCopy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrescriptionCopy(hidden)")
    }
}

impl fmt::Debug for PlainNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PlainNumber({} digits)", self.digits.len())
    }
}
