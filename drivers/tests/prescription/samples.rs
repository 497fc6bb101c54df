//! Samples A, B and C with everything that is expected of them.

use drivers::prescription::{
    BurdenClass, Day, DeskCode, Holder, Insurer, KindOfInsurance, PaidBy, PayerPlace, Printed, PrintedDate, RatioHint,
    Refusal, Sex, UsableUntil, recognise,
};
use sha2::{Digest, Sha256};

use crate::sheets::{SAMPLE_A, SAMPLE_B, SAMPLE_C, sheet};

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |xor, byte| xor ^ byte)
}

fn printed(text: Option<&Printed>) -> Option<&str> {
    text.map(Printed::as_printed)
}

fn folded(text: Option<&Printed>) -> Option<String> {
    text.map(Printed::folded)
}

#[test]
fn the_samples_are_the_bytes_that_were_agreed_on() {
    assert_eq!((SAMPLE_A.len(), xor(SAMPLE_A)), (602, 0x9a));
    assert_eq!(hex(SAMPLE_A), "96c8b8d76d6756631b6774caca1918f1c018449a4ef1ada4977fb5680053d2ac");
    assert_eq!((SAMPLE_B.len(), xor(SAMPLE_B)), (220, 0x72));
    assert_eq!(hex(SAMPLE_B), "a2a22ee6b2fd2cf10c145b04af244e2fbedad71a10225c738452e261bf5e393d");
    assert_eq!(SAMPLE_C.iter().filter(|byte| **byte == b'\n').count(), 8);
}

#[test]
fn sample_a_gives_the_patient_and_the_institution() {
    let a = sheet(SAMPLE_A);
    let institution = a.institution.as_ref().unwrap();
    assert_eq!(a.edition, 10);
    assert_eq!(
        (institution.key.as_str(), printed(institution.name.as_ref())),
        ("1319912349", Some("試験町みどり内科クリニック"))
    );
    assert_eq!(printed(a.patient.name.as_ref()), Some("架空 花代"));
    assert_eq!(printed(a.patient.kana.as_ref()), Some("ｶｸｳ ﾊﾅﾖ"));
    assert_eq!(folded(a.patient.kana.as_ref()).as_deref(), Some("カクウ ハナヨ"));
    assert_eq!(a.patient.sex, Some(Sex::Female));
    assert_eq!(a.patient.birth, Day::new(1958, 11, 3).map(PrintedDate::Day));
    assert_eq!(a.notices, []);
}

#[test]
fn sample_a_gives_insurance_and_payers() {
    let a = sheet(SAMPLE_A);
    let insurance = &a.insurance;
    assert_eq!(insurance.kind, Some(KindOfInsurance::Employees));
    assert_eq!(insurance.insurer, Some(Insurer::Number("06999999".into())));
    assert_eq!(
        (printed(insurance.symbol.as_ref()), printed(insurance.number.as_ref())),
        (Some("試９１"), Some("７７４"))
    );
    assert_eq!(insurance.symbol.as_ref().map(Printed::folded_number).as_deref(), Some("試91"));
    assert_eq!(insurance.number.as_ref().map(Printed::folded_number).as_deref(), Some("774"));
    assert_eq!((insurance.holder, printed(insurance.branch.as_ref())), (Some(Holder::Dependant), Some("01")));
    assert_eq!(a.burden_class, None);
    assert_eq!(a.ratio, Some(RatioHint { patient_percent: 10, insurance_percent: 70 }));
    let [payer] = a.public_payers.as_slice() else { panic!("one payer") };
    assert_eq!((payer.place, payer.payer.as_printed()), (PayerPlace::First, "21999990"));
    assert_eq!(printed(payer.recipient.as_ref()), Some("9999996"));
    assert_eq!(a.paid_by(), PaidBy::Insurance);
}

#[test]
fn sample_a_gives_its_dates_and_the_exchange_number() {
    let a = sheet(SAMPLE_A);
    assert_eq!(a.issued_on, Day::new(2026, 11, 20));
    let day = Day::new(2026, 11, 30).unwrap();
    assert_eq!(a.usable_until(), Some(UsableUntil { day, stated: true }));
    assert_eq!(printed(a.exchange_number.as_ref()), Some("9000000000000017"));
    assert!(a.mentions_another_presenter(), "the remark mentions the family");
}

#[test]
fn sample_b_is_a_child_with_a_public_payer_only() {
    let b = sheet(SAMPLE_B);
    let institution = b.institution.as_ref().unwrap();
    assert_eq!((b.edition, institution.key.as_str(), printed(institution.name.as_ref())), (8, "0119954329", None));
    assert_eq!((printed(b.patient.name.as_ref()), printed(b.patient.kana.as_ref())), (None, Some("ﾅﾏｴ ﾓﾐｼﾞ")));
    assert_eq!(folded(b.patient.kana.as_ref()).as_deref(), Some("ナマエ モミジ"));
    assert_eq!((b.patient.sex, b.patient.birth), (Some(Sex::Male), Day::new(2022, 3, 14).map(PrintedDate::Day)));
    assert_eq!((b.insurance.kind.as_ref(), b.insurance.insurer.as_ref()), (None, None));
    assert_eq!(
        (b.insurance.symbol.as_ref(), b.insurance.number.as_ref(), b.insurance.branch.as_ref()),
        (None, None, None)
    );
    assert_eq!(
        (b.insurance.holder, b.burden_class, b.ratio),
        (Some(Holder::Insured), Some(BurdenClass::UnderSix), None)
    );
    assert_eq!(
        (b.public_payers[0].payer.as_printed(), printed(b.public_payers[0].recipient.as_ref())),
        ("12999991", Some("9999996"))
    );
    assert_eq!(b.paid_by(), PaidBy::PublicPayersOnly);
    let day = Day::new(2026, 11, 23).unwrap();
    assert_eq!((b.issued_on, b.usable_until()), (Day::new(2026, 11, 20), Some(UsableUntil { day, stated: false })));
    assert!(b.exchange_number.is_none() && !b.mentions_another_presenter());
    assert_eq!(b.notices, []);
}

#[test]
fn sample_c_is_refused_with_the_notebook_sentence() {
    assert_eq!(recognise(SAMPLE_C), DeskCode::Refused(Refusal::Notebook));
    assert!(Refusal::Notebook.text().ja.contains("お薬手帳") && Refusal::Notebook.text().en.contains("notebook"));
}

#[test]
fn nothing_that_stands_on_the_sheet_is_in_debug_output() {
    let texts = [
        format!("{:?}", recognise(SAMPLE_A)),
        format!("{:#?}", sheet(SAMPLE_A).patient),
        format!("{:#?}", sheet(SAMPLE_A).public_payers),
    ];
    for text in texts {
        for secret in ["架空", "ｶｸｳ", "1958", "９１", "７７４", "774", "9999996", "21999990", "0699", "9000000", "家族"]
        {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
