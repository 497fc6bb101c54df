//! Each record the desk needs, read by its own types (§1.3). A record that breaks them is left out whole, with a notice:
//! items are never moved by guess.

use super::date::{Day, PrintedDate};
use super::individual::is_individual_number;
use super::letters::Letters;
use super::notice::{Notice, record_name};
use super::printed::Printed;
use super::record::{Record, all_digits, is_narrow};
use super::sheet::{
    BurdenClass, DispensingPart, Duty, Holder, Institution, Insurance, Insurer, KindOfInsurance, Patient, PayerPlace,
    Prescription, PublicPayer, RatioHint, Sex,
};

/// The highest header number whose records are known to us (Ver.1.10).
const NEWEST_KNOWN: u8 = 10;
/// The records on every sheet that the desk needs.
const ALWAYS_THERE: [u16; 7] = [1, 11, 12, 13, 22, 23, 51];
const REMARK: u16 = 81;

/// Reads one record into the sheet; `None` when the record breaks its own types.
type Reader = fn(&mut Prescription, &Record<'_>) -> Option<()>;

/// Number, how many items it has, and how they are read.
const READERS: [(u16, usize, Reader); 20] = [
    (1, 4, institution),
    (11, 3, name),
    (12, 1, sex),
    (13, 1, birth),
    (14, 1, burden_class),
    (21, 1, kind_of_insurance),
    (22, 1, insurer),
    (23, 4, symbol_and_number),
    (24, 2, ratio),
    (25, 1, duty),
    (27, 2, first_payer),
    (28, 2, second_payer),
    (29, 2, third_payer),
    (30, 2, special_payer),
    (31, 1, claim_kind),
    (51, 1, issued_on),
    (52, 1, stated_until),
    (63, 2, part),
    (64, 1, refill),
    (82, 2, exchange_number),
];

/// Reads the lines after the header.
pub(super) fn read(edition: u8, letters: &Letters<'_>) -> Prescription {
    let mut sheet = empty(edition);
    let records = records(letters, &mut sheet.notices);
    for (number, places, reader) in READERS {
        match only_one(&records, number) {
            Ok(None) => {}
            Ok(Some(record)) => read_one(&mut sheet, record, places, reader),
            Err(notice) => sheet.notices.push(notice),
        }
    }
    records.iter().filter(|record| record.number == REMARK).for_each(|record| read_one(&mut sheet, record, 3, remark));
    let missing = ALWAYS_THERE.into_iter().filter(|number| !records.iter().any(|record| record.number == *number));
    sheet.notices.extend(missing.map(|record| Notice::Missing { record }));
    note_oddities(&mut sheet, &records, letters.goes_on);
    sheet
}

/// The lines that are records; the others become notices.
fn records<'a>(letters: &'a Letters<'_>, notices: &mut Vec<Notice>) -> Vec<Record<'a>> {
    let after_header = letters.lines.iter().skip(1);
    let read = after_header.map(|line| line.as_deref().and_then(Record::parse));
    let records: Vec<_> = read.clone().flatten().collect();
    if records.len() < read.len() {
        notices.push(Notice::UnreadLine);
    }
    records
}

/// The record of this number; the same again says nothing new, another one contradicts it.
fn only_one<'a, 'b>(records: &'a [Record<'b>], number: u16) -> Result<Option<&'a Record<'b>>, Notice> {
    let mut found = records.iter().filter(|record| record.number == number);
    let first = found.next();
    if found.all(|other| Some(other) == first) { Ok(first) } else { Err(Notice::Contradicted { record: number }) }
}

fn read_one(sheet: &mut Prescription, record: &Record<'_>, places: usize, reader: Reader) {
    let number = record.number;
    if reader(sheet, record).is_none() {
        sheet.notices.push(Notice::Unread { record: number });
    } else if record.says_more_than(places) {
        sheet.notices.push(Notice::MoreItems { record: number });
    }
}

fn note_oddities(sheet: &mut Prescription, records: &[Record<'_>], goes_on: bool) {
    let newer = sheet.edition > NEWEST_KNOWN;
    let unknown = records.iter().map(|record| record.number).find(|number| record_name(*number).is_none());
    let names = [&sheet.patient.name, &sheet.patient.kana];
    let replaced = names.into_iter().flatten().any(Printed::has_replacement);
    let gap = has_gap(&sheet.public_payers);
    let odd = [(newer, Notice::NewerEdition), (gap, Notice::PayerAfterGap), (replaced, Notice::ReplacedCharacter)];
    sheet.notices.extend(odd.into_iter().filter_map(|(is, notice)| is.then_some(notice)));
    sheet.notices.extend(unknown.map(|record| Notice::UnknownRecord { record }));
    sheet.notices.extend(goes_on.then_some(Notice::DataAfterEnd));
}

fn has_gap(payers: &[PublicPayer]) -> bool {
    let order = [PayerPlace::First, PayerPlace::Second, PayerPlace::Third];
    let regular: Vec<_> = payers.iter().map(|payer| payer.place).filter(|place| order.contains(place)).collect();
    !order.starts_with(&regular)
}

fn empty(edition: u8) -> Prescription {
    Prescription {
        edition,
        institution: None,
        patient: Patient::default(),
        burden_class: None,
        insurance: Insurance::default(),
        ratio: None,
        public_payers: Vec::new(),
        claim_kind: None,
        issued_on: None,
        stated_until: None,
        part: None,
        refill_uses: None,
        remarks: Vec::new(),
        exchange_number: None,
        notices: Vec::new(),
    }
}

fn institution(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let table = match record.item(1) {
        "" | "1" => "1",
        other @ ("3" | "6") => other,
        _ => return None,
    };
    let code = record.item(2);
    let prefecture = record.number_at(3, 1..=2).filter(|number| (1..=47).contains(number))?;
    let key = all_digits(code, 7..=7).then(|| format!("{prefecture:02}{table}{code}"))?;
    if !passes_check_digit(&key) {
        sheet.notices.push(Notice::InstitutionCheckDigit);
    }
    sheet.institution = Some(Institution { key, name: record.text(4) });
    Some(())
}

fn name(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let (name, kana) = (record.text(2), record.text(3));
    let own_code_is_one = is_narrow(record.item(1));
    let kana_is_kana = record.item(3).chars().all(may_stand_in_kana);
    let fits = own_code_is_one && kana_is_kana && (name.is_some() || kana.is_some());
    fits.then(|| {
        sheet.patient.name = name;
        sheet.patient.kana = kana;
    })
}

/// Half-width kana by the convention; writers also send full-width kana and the letters of foreign names.
fn may_stand_in_kana(letter: char) -> bool {
    let wide = matches!(letter, '\u{3041}'..='\u{30ff}' | '\u{ff01}'..='\u{ff60}' | '\u{3000}' | '■' | '●');
    wide || is_narrow(letter.encode_utf8(&mut [0; 4]))
}

fn sex(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.patient.sex = Some(match record.item(1) {
        "1" => Sex::Male,
        "2" => Sex::Female,
        _ => return None,
    });
    Some(())
}

fn birth(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.patient.birth = Some(PrintedDate::parse(record.item(1))?);
    Some(())
}

fn burden_class(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.burden_class = Some(match record.item(1) {
        "1" | "4" => BurdenClass::ElderlyGeneral,
        "2" => BurdenClass::ElderlyThirty,
        "3" => BurdenClass::UnderSix,
        "5" => BurdenClass::LateElderlyTwenty,
        _ => return None,
    });
    Some(())
}

fn kind_of_insurance(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.insurance.kind = match record.item(1) {
        "" => None,
        "1" => Some(KindOfInsurance::Employees),
        "2" => Some(KindOfInsurance::National),
        "3" => Some(KindOfInsurance::WorkersCompensation),
        "4" => Some(KindOfInsurance::CarLiability),
        "5" => Some(KindOfInsurance::Pollution),
        "6" => Some(KindOfInsurance::SelfPay),
        "7" => Some(KindOfInsurance::LateElderly),
        _ => {
            sheet.notices.push(Notice::KindOfInsuranceUnknown);
            kept(record.text(1), &mut sheet.notices).map(KindOfInsurance::Other)
        }
    };
    Some(())
}

fn insurer(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let item = record.item(1);
    let is_number = matches!(item.len(), 4 | 6 | 8) && all_digits(item, 4..=8);
    sheet.insurance.insurer = match item {
        "" => None,
        _ if is_number => Some(Insurer::Number(item.to_owned())),
        _ => {
            sheet.notices.push(Notice::NotAnInsurerNumber);
            kept(record.text(1), &mut sheet.notices).map(Insurer::Text)
        }
    };
    Some(())
}

/// Up to JAHIS5 the record ends before the branch: absent reads like empty.
fn symbol_and_number(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let holder = match record.item(3) {
        "1" => Holder::Insured,
        "2" => Holder::Dependant,
        _ => return None,
    };
    let branch = record.item(4);
    let branch = match branch.len() {
        0 => None,
        1 if all_digits(branch, 1..=1) => {
            sheet.notices.push(Notice::BranchPadded);
            Printed::take(&format!("0{branch}"))
        }
        1 | 2 if branch.bytes().all(|byte| byte.is_ascii_alphanumeric()) => record.text(4),
        _ => return None,
    };
    sheet.insurance.symbol = kept(record.text(1), &mut sheet.notices);
    sheet.insurance.number = kept(record.text(2), &mut sheet.notices);
    sheet.insurance.holder = Some(holder);
    sheet.insurance.branch = branch;
    Some(())
}

fn ratio(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let percent =
        |place| record.number_at(place, 1..=3).and_then(|number| u8::try_from(number).ok()).filter(|part| *part <= 100);
    sheet.ratio = Some(RatioHint { patient_percent: percent(1)?, insurance_percent: percent(2)? });
    Some(())
}

fn duty(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.insurance.duty = Some(match record.item(1) {
        "1" => Duty::OnDuty,
        "2" => Duty::AfterLeavingShip,
        "3" => Duty::Commuting,
        _ => return None,
    });
    Some(())
}

fn first_payer(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    regular_payer(sheet, record, PayerPlace::First)
}

fn second_payer(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    regular_payer(sheet, record, PayerPlace::Second)
}

fn third_payer(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    regular_payer(sheet, record, PayerPlace::Third)
}

fn regular_payer(sheet: &mut Prescription, record: &Record<'_>, place: PayerPlace) -> Option<()> {
    let recipient = record.item(2);
    let fits = all_digits(record.item(1), 8..=8) && (recipient.is_empty() || all_digits(recipient, 7..=7));
    let payer = record.text(1).filter(|_| fits)?;
    sheet.public_payers.push(PublicPayer { place, payer, recipient: record.text(2) });
    Some(())
}

fn special_payer(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let payer = kept(Some(record.text(1)?), &mut sheet.notices);
    let recipient = kept(record.text(2), &mut sheet.notices);
    sheet.public_payers.extend(payer.map(|payer| PublicPayer { place: PayerPlace::Special, payer, recipient }));
    Some(())
}

fn claim_kind(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.claim_kind = Some(record.text(1).filter(|_| all_digits(record.item(1), 4..=4))?);
    Some(())
}

fn issued_on(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.issued_on = Some(Day::parse(record.item(1))?);
    Some(())
}

fn stated_until(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.stated_until = Some(Day::parse(record.item(1))?);
    Some(())
}

fn part(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let small = |place| record.number_at(place, 1..=2).and_then(|number| u8::try_from(number).ok());
    let (parts, this) = (small(1)?, small(2)?);
    sheet.part = Some((1..=parts).contains(&this).then_some(DispensingPart { parts, this })?);
    Some(())
}

fn refill(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    sheet.refill_uses = Some(record.number_at(1, 1..=1).and_then(|uses| u8::try_from(uses).ok())?);
    Some(())
}

fn exchange_number(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    let fits = record.item(1) == "1" && all_digits(record.item(2), 1..=16);
    sheet.exchange_number = kept(Some(record.text(2).filter(|_| fits)?), &mut sheet.notices);
    Some(())
}

fn remark(sheet: &mut Prescription, record: &Record<'_>) -> Option<()> {
    record.number_at(1, 1..=3)?;
    sheet.remarks.extend(kept(Some(record.text(3)?), &mut sheet.notices));
    Some(())
}

/// An item of free form, unless it holds what may be an individual number.
fn kept(item: Option<Printed>, notices: &mut Vec<Notice>) -> Option<Printed> {
    let suspicious = item.as_ref().is_some_and(|item| is_individual_number(&item.folded_number()));
    if suspicious {
        notices.push(Notice::IndividualNumberDropped);
    }
    item.filter(|_| !suspicious)
}

/// The routine of 検証番号 over the ten digits (`claims-rules §3.2`).
fn passes_check_digit(key: &str) -> bool {
    let digits: Vec<u32> = key.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let Some((check, body)) = digits.split_last() else { return false };
    let doubled = body.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 0 { digit * 2 } else { *digit });
    let sum: u32 = doubled.map(|product| product / 10 + product % 10).sum();
    (10 - sum % 10) % 10 == *check
}
