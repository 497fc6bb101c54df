//! The one translation from what a scanner's code says into the clinic's own terms. A code is a typing aid: what does not pass the
//! checks of the domain is left out with a word to staff, and nothing of it is evidence.

use domain::Date;
use domain::coverage::{Coverage, PersonalFamily, Sex};
use domain::eligibility::PersonFace;
use domain::number::{
    BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber, PublicPayerNumber, PublicRecipientNumber,
};
use domain::text::Text;
use drivers::Bilingual;
use drivers::prescription::{
    Day, DeskCode, Holder, Insurance, Insurer, Notice, PaidBy, Patient, PlainNumber, Prescription, PrescriptionCopy,
    Printed, PublicPayer, SlipCode, record_name,
};
use web::port::ScannedItem;

/// Where an item stands before its code was looked into.
pub fn blank(kind: Text, device: &str, at: domain::Timestamp, scan: String) -> ScannedItem {
    ScannedItem {
        scan,
        at,
        device: device.to_owned(),
        kind,
        person: PersonFace::EMPTY,
        coverage: Coverage::EMPTY,
        patient_number: None,
        issued_on: None,
        usable_until: None,
        public_payers: Vec::new(),
        visit: None,
        exchange_number: None,
        notices: Vec::new(),
        refusal: None,
    }
}

/// What a code says, on this day. `None` while a prescription is incomplete.
pub fn scanned(code: &DeskCode, today: Date) -> Option<impl FnOnce(&mut ScannedItem) + '_> {
    (*code != DeskCode::Incomplete).then_some(move |item: &mut ScannedItem| match code {
        DeskCode::Prescription(sheet) => prescription(item, sheet, today),
        DeskCode::ElectronicPrescriptionCopy(sheet) => copy(item, sheet),
        DeskCode::Number(number) => plain_number(item, number),
        DeskCode::Slip(code) => slip(item, code),
        DeskCode::Refused(refusal) => {
            item.kind = Text::new("使えないコード", "unusable code");
            item.refusal = Some(text(refusal.text()));
        }
        DeskCode::Incomplete => {}
    })
}

fn prescription(item: &mut ScannedItem, sheet: &Prescription, today: Date) {
    item.kind = Text::new("処方箋", "prescription");
    item.person = person(&sheet.patient);
    item.coverage = coverage(&sheet.insurance, &mut item.notices);
    if let (Some(ratio), true) = (sheet.ratio, sheet.public_payers.is_empty()) {
        item.coverage.ratio_tenths = tenths(ratio.patient_percent);
    }
    item.issued_on = sheet.issued_on.and_then(date);
    item.usable_until = sheet.usable_until().and_then(|until| date(until.day));
    item.exchange_number = sheet.exchange_number.as_ref().map(Printed::folded_number);
    item.notices.extend(sheet.institution.as_ref().map(|institution| {
        let name = institution.name.as_ref().map_or_else(String::new, |name| name.as_printed().to_owned());
        Text::new(format!("処方元：{name}（{}）", institution.key), format!("Issued by {name} ({})", institution.key))
    }));
    public_payers(item, sheet);
    item.notices.extend(day(today).into_iter().flat_map(|today| sheet.notices_on(today)).map(notice));
    item.notices.extend(sheet.notices.iter().copied().map(notice));
    item.notices.extend(paid_by(sheet.paid_by()));
    if sheet.mentions_another_presenter() {
        item.notices.push(Text::new(
            "備考に本人以外が受け取りに来ることが書かれています。来局した人を確かめてください。",
            "A remark says that somebody else may come. Check who is here.",
        ));
    }
}

fn copy(item: &mut ScannedItem, sheet: &PrescriptionCopy) {
    item.kind = Text::new("電子処方箋の控え", "copy of an electronic prescription");
    item.person.birth_date = date(sheet.birth);
    let insurance = Insurance {
        insurer: Some(Insurer::Number(sheet.insurer.clone())),
        symbol: sheet.symbol.clone(),
        number: sheet.number.clone(),
        branch: sheet.branch.clone(),
        ..Insurance::default()
    };
    item.coverage = coverage(&insurance, &mut item.notices);
    item.exchange_number = Some(sheet.exchange_number.folded_number());
    item.notices.push(Text::new(
        "控えは処方箋の原本ではありません。引換番号で受け付けてください。",
        "A copy is not the prescription itself. Check in with the exchange number.",
    ));
}

fn plain_number(item: &mut ScannedItem, number: &PlainNumber) {
    item.kind = Text::new("番号", "number");
    item.patient_number = (number.digits().len() <= 11).then(|| number.digits().to_owned());
    if number.may_be_exchange_number() {
        item.exchange_number = Some(number.digits().to_owned());
        item.notices.push(Text::new(
            "引換番号かもしれません。引換番号として使うかどうか確かめてください。",
            "This may be an exchange number. Check whether to use it as one.",
        ));
    }
}

/// Which visit it is stands in the code; whether this box has it, the desk says when it is opened.
fn slip(item: &mut ScannedItem, code: &SlipCode) {
    item.kind = Text::new("受付票", "reception slip");
    item.visit = super::slip::visit_of(code);
    if item.visit.is_none() {
        item.refusal = Some(Text::new(
            "この受付票は、この製品の受付のものではありません。受付一覧から探してください。",
            "This slip is none of a visit of ours. Look for the visit on the board.",
        ));
    }
}

/// A name with a character that the code could not hold is taken from the paper, not from here (`prescription-code §1.9`).
fn person(patient: &Patient) -> PersonFace {
    let whole = |name: &&Printed| !name.has_replacement();
    PersonFace {
        name: patient.name.as_ref().filter(whole).map(|name| name.as_printed().to_owned()),
        name_kana: patient.kana.as_ref().filter(whole).map(Printed::folded),
        birth_date: patient.birth.and_then(|birth| birth.full()).and_then(date),
        sex: patient.sex.map(|sex| match sex {
            drivers::prescription::Sex::Male => Sex::Male,
            drivers::prescription::Sex::Female => Sex::Female,
        }),
        address: None,
    }
}

fn coverage(insurance: &Insurance, notices: &mut Vec<Text>) -> Coverage {
    let mut left_out = |ja: String, en: String| notices.push(Text::new(ja, en));
    let mut coverage = Coverage::EMPTY;
    if let Some(Insurer::Number(number)) = &insurance.insurer {
        match InsurerNumber::parse(number) {
            Ok(checked) => coverage.insurer_number = Some(checked.value),
            Err(error) => left_out(format!("保険者番号：{}", error.ja()), format!("insurer number: {}", error.en())),
        }
    }
    if let Some(symbol) = &insurance.symbol {
        match InsuredSymbol::parse(symbol.as_printed()) {
            Ok(checked) => coverage.insured_symbol = Some(checked.value),
            Err(error) => left_out(format!("記号：{}", error.ja()), format!("symbol: {}", error.en())),
        }
    }
    if let Some(number) = &insurance.number {
        match InsuredNumber::parse(number.as_printed()) {
            Ok(checked) => coverage.insured_number = Some(checked.value),
            Err(error) => left_out(format!("番号：{}", error.ja()), format!("number: {}", error.en())),
        }
    }
    if let Some(branch) = &insurance.branch {
        match BranchNumber::parse(branch.as_printed()) {
            Ok(checked) => coverage.branch_number = Some(checked.value),
            Err(error) => left_out(format!("枝番：{}", error.ja()), format!("branch number: {}", error.en())),
        }
    }
    coverage.personal_family = insurance.holder.map(|holder| match holder {
        Holder::Insured => PersonalFamily::SelfInsured,
        Holder::Dependant => PersonalFamily::Dependant,
    });
    coverage
}

/// What the claim can carry is offered to be compared with the certificate; any other number is shown as printed.
fn public_payers(item: &mut ScannedItem, sheet: &Prescription) {
    for printed in &sheet.public_payers {
        match offered(printed) {
            Some(payer) if item.public_payers.len() < domain::public_payer::PublicPayer::MOST => {
                item.public_payers.push(payer);
            }
            _ => item.notices.push(as_printed(printed)),
        }
    }
}

/// A check digit that does not fit is offered all the same, and said beside the number (claims-rules §3.4).
fn offered(printed: &PublicPayer) -> Option<domain::public_payer::PublicPayer> {
    let payer = PublicPayerNumber::parse_overridden(printed.payer.as_printed()).ok()?.value;
    let recipient = printed.recipient.as_ref();
    let recipient = recipient.map(|number| PublicRecipientNumber::parse_overridden(number.as_printed()));
    Some(domain::public_payer::PublicPayer { payer, recipient: recipient.transpose().ok()?.map(|read| read.value) })
}

fn as_printed(payer: &PublicPayer) -> Text {
    let recipient = payer.recipient.as_ref().map_or("", Printed::as_printed);
    Text::new(
        format!("公費：負担者番号 {}　受給者番号 {recipient}", payer.payer.as_printed()),
        format!("Public payer {}, recipient {recipient}", payer.payer.as_printed()),
    )
}

fn paid_by(paid_by: PaidBy) -> Option<Text> {
    match paid_by {
        PaidBy::Insurance => None,
        PaidBy::PublicPayersOnly => Some(Text::new("公費単独の処方箋です。", "Public payers alone pay.")),
        PaidBy::WithoutInsurance => Some(Text::new(
            "保険を使わない処方箋です（労災・自賠責・公害・自費）。資格確認はしません。",
            "No insurance is used (workers' compensation, car liability, pollution or self-pay). Eligibility is not asked.",
        )),
        PaidBy::NotSaid => Some(Text::new(
            "保険がコードから分かりません。紙の記載を確かめてください。",
            "The code does not say which insurance pays. Check the paper.",
        )),
    }
}

fn notice(notice: Notice) -> Text {
    let said = notice.text();
    match notice.record().and_then(record_name) {
        Some(name) => Text::new(format!("{}：{}", name.ja, said.ja), format!("{}: {}", name.en, said.en)),
        None => text(said),
    }
}

fn text(said: Bilingual) -> Text {
    Text::new(said.ja, said.en)
}

fn tenths(percent: u8) -> Option<u8> {
    (percent.is_multiple_of(10) && percent <= 100).then_some(percent / 10)
}

fn date(day: Day) -> Option<Date> {
    Date::new(i16::try_from(day.year()).ok()?, day.month(), day.day())
}

fn day(date: Date) -> Option<Day> {
    Day::new(u16::try_from(date.year()).ok()?, date.month(), date.day())
}
