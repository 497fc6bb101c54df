//! Every tricky case of the sheet on prescription codes, §1.9.

use drivers::prescription::{
    BurdenClass, Day, DeskCode, Insurer, KindOfInsurance, Notice, PaidBy, PayerPlace, Printed, PrintedDate, Refusal,
    recognise,
};

use crate::sheets::{SAMPLE_A, a_under, a_with, code_of, cp932, lines_of_a, sheet};

fn printed(text: Option<&Printed>) -> Option<&str> {
    text.map(Printed::as_printed)
}

#[test]
fn branch_absent() {
    let sheet = sheet(&a_under("JAHIS5", &["23,試９１,７７４,2"]));
    assert_eq!((sheet.edition, sheet.insurance.branch.as_ref()), (5, None));
    assert_eq!((printed(sheet.insurance.number.as_ref()), sheet.notices), (Some("７７４"), vec![]));
}

#[test]
fn branch_empty_one_digit_or_letters() {
    let branch = |record: &str| {
        let sheet = sheet(&a_with(&[record]));
        (sheet.insurance.branch.map(|branch| branch.as_printed().to_owned()), sheet.notices)
    };
    assert_eq!(branch("23,試９１,７７４,2,"), (None, vec![]));
    assert_eq!(branch("23,試９１,７７４,2,1"), (Some("01".into()), vec![Notice::BranchPadded]));
    assert_eq!(branch("23,試９１,７７４,2,A1"), (Some("A1".into()), vec![]));
    assert_eq!(branch("23,試９１,７７４,2,001"), (None, vec![Notice::Unread { record: 23 }]));
}

#[test]
fn national_insurance_without_symbol() {
    let insurance = sheet(&a_with(&["21,2", "22,999999", "23,,１２３４,1,"])).insurance;
    assert_eq!((insurance.symbol, insurance.number.map(|number| number.folded_number())), (None, Some("1234".into())));
    assert_eq!(insurance.insurer, Some(Insurer::Number("999999".into())));
}

#[test]
fn late_elderly() {
    let sheet = sheet(&a_with(&["21,7", "22,39999990", "23,,12345674,1,", "14,5"]));
    assert_eq!(sheet.insurance.kind, Some(KindOfInsurance::LateElderly));
    assert_eq!(printed(sheet.insurance.number.as_ref()), Some("12345674"));
    assert_eq!(sheet.burden_class, Some(BurdenClass::LateElderlyTwenty));
}

#[test]
fn accident_and_self_pay_ask_no_eligibility_service() {
    for kind in ["21,3", "21,4", "21,5", "21,6"] {
        let sheet = sheet(&a_with(&[kind, "22,", "23,,,1,", "27"]));
        assert_eq!((sheet.paid_by(), sheet.insurance.insurer, sheet.notices), (PaidBy::WithoutInsurance, None, vec![]));
    }
}

#[test]
fn insurer_item_not_digits() {
    let sheet = sheet(&a_with(&["21,A", "22,ABCDEFGH"]));
    assert!(matches!(&sheet.insurance.insurer, Some(Insurer::Text(text)) if text.as_printed() == "ABCDEFGH"));
    assert!(matches!(&sheet.insurance.kind, Some(KindOfInsurance::Other(text)) if text.as_printed() == "A"));
    assert_eq!(sheet.notices, [Notice::KindOfInsuranceUnknown, Notice::NotAnInsurerNumber]);
    assert_eq!(printed(sheet.insurance.number.as_ref()), Some("７７４"), "the rest is read");
}

#[test]
fn items_left_out_in_the_middle_are_never_shifted() {
    let unread = |record: &str| {
        let sheet = sheet(&a_with(&[record]));
        let number = record.split(',').next().unwrap().parse().unwrap();
        assert_eq!(sheet.notices, [Notice::Unread { record: number }], "{record}");
        sheet
    };
    assert!(unread("1,1,9912349,試験町みどり内科クリニック").institution.is_none(), "the prefecture is missing");
    assert!(unread("11,架空 花代,ｶｸｳ ﾊﾅﾖ").patient.name.is_none(), "the patient code is missing");
    assert!(unread("23,７７４,2,01").insurance.number.is_none(), "the symbol is missing");
    assert!(unread("27,9999996").public_payers.is_empty(), "the payer is missing");
    assert!(unread("82,9000000000000017").exchange_number.is_none(), "the kind is missing");
    assert!(unread("11,,架空,花代,ｶｸｳ ﾊﾅﾖ").patient.name.is_none(), "a comma in the name");
}

#[test]
fn too_many_commas_at_the_end() {
    let plain = sheet(SAMPLE_A);
    assert_eq!(sheet(&a_with(&["24,10,70,,", "22,06999999,,,,"])), plain);
    assert_eq!(sheet(&a_with(&["24,10,70,,x"])).notices, [Notice::MoreItems { record: 24 }]);
}

#[test]
fn recipient_number_missing() {
    let sheet = sheet(&a_with(&["27,12999991,"]));
    assert_eq!(
        (sheet.public_payers[0].payer.as_printed(), sheet.public_payers[0].recipient.as_ref()),
        ("12999991", None)
    );
}

#[test]
fn payer_after_a_gap() {
    let sheet = sheet(&a_with(&["27", "28,21999990,9999996"]));
    assert_eq!((sheet.public_payers.len(), sheet.public_payers[0].place), (1, PayerPlace::Second));
    assert_eq!(sheet.notices, [Notice::PayerAfterGap]);
}

#[test]
fn special_payers_may_be_longer_or_text() {
    let sheet = sheet(&a_with(&["30,市町村独自１２３,受給Ａ９"]));
    assert_eq!(sheet.public_payers[1].place, PayerPlace::Special);
    assert_eq!((sheet.public_payers[1].payer.as_printed(), sheet.notices), ("市町村独自１２３", vec![]));
}

#[test]
fn burden_class_four_is_one() {
    assert_eq!(sheet(&a_with(&["14,4"])).burden_class, sheet(&a_with(&["14,1"])).burden_class);
    assert_eq!(sheet(&a_with(&["14,4"])).burden_class, Some(BurdenClass::ElderlyGeneral));
}

#[test]
fn a_ratio_that_does_not_add_up_is_fine() {
    assert_eq!(sheet(&a_with(&["24,010,070"])).ratio, sheet(SAMPLE_A).ratio);
    assert_eq!(sheet(&a_with(&["24,10,170"])).notices, [Notice::Unread { record: 24 }]);
}

#[test]
fn wave_dash_and_minus() {
    let bytes = a_with(&["23,試～９－１,７７４,2,01"]);
    assert!(bytes.windows(2).any(|pair| pair == b"\x81\x60") && bytes.windows(2).any(|pair| pair == b"\x81\x7c"));
    let symbol = sheet(&bytes).insurance.symbol.unwrap();
    assert_eq!(symbol.as_printed(), "試\u{ff5e}９\u{ff0d}１");
    let utf8 = String::from_utf8(sheet_in_utf8(&["23,試\u{301c}９\u{2212}１,７７４,2,01"])).unwrap();
    let other = sheet(utf8.as_bytes()).insurance.symbol.unwrap();
    assert_eq!(symbol.folded_number(), other.folded_number());
    assert!(symbol.reads_like(&other));
}

fn sheet_in_utf8(changes: &[&str]) -> Vec<u8> {
    let mut lines = lines_of_a();
    for change in changes {
        let number = change.split(',').next().unwrap();
        let place = lines.iter().position(|line| line.split(',').next() == Some(number)).unwrap();
        lines[place] = (*change).to_owned();
    }
    (lines.join("\r\n") + "\r\n\u{1a}").into_bytes()
}

#[test]
fn half_width_kana_with_marks() {
    let kana = sheet(&a_with(&["11,,,ｶﾞﾊﾟｳﾞ"])).patient.kana.unwrap();
    assert_eq!((kana.folded().as_str(), kana.folded().chars().count()), ("ガパヴ", 3));
}

#[test]
fn small_kana_written_large() {
    let large = sheet(&a_with(&["11,,,ﾁﾖｳ ﾘﾖｳ"])).patient;
    let small = sheet(&a_with(&["11,,,ﾁｮｳ ﾘｮｳ"])).patient;
    assert!(large.can_be(&small));
}

#[test]
fn blank_between_names() {
    let names = ["11,,架空 花代,", "11,,架空　花代,", "11,,架空花代,"].map(|record| sheet(&a_with(&[record])).patient);
    assert!(names.iter().all(|one| names.iter().all(|other| one.can_be(other))));
}

#[test]
fn replacement_sign_in_a_name() {
    let replaced = sheet(&a_with(&["11,,■空 花代,ｶｸｳ ﾊﾅﾖ"]));
    assert_eq!(replaced.notices, [Notice::ReplacedCharacter]);
    assert!(replaced.patient.can_be(&sheet(SAMPLE_A).patient));
    assert!(replaced.patient.name.unwrap().has_replacement(), "never copied into a record");
}

#[test]
fn backslash_trap() {
    let bytes = a_with(&["11,,予表 ソ十,ﾖﾋﾖｳ ｿｼﾞﾕｳ"]);
    assert!(bytes.windows(2).any(|pair| pair == b"\x97\x5c"));
    assert_eq!(printed(sheet(&bytes).patient.name.as_ref()), Some("予表 ソ十"));
}

#[test]
fn characters_only_windows_has() {
    let sheet = sheet(&a_with(&["11,,髙﨑 花代,", "1,1,9912349,13,㈱試験①内科"]));
    assert_eq!(printed(sheet.patient.name.as_ref()), Some("髙﨑 花代"));
    assert_eq!(printed(sheet.institution.unwrap().name.as_ref()), Some("㈱試験①内科"));
}

#[test]
fn half_a_pair_at_the_end() {
    let whole = SAMPLE_A.strip_suffix(b"\r\n\x1a").unwrap();
    assert_eq!(recognise(&[whole, b"\x83"].concat()), DeskCode::Incomplete);
    assert_eq!(recognise(&SAMPLE_A[..459]), DeskCode::Incomplete);
}

#[test]
fn no_end_mark_and_no_last_line_end() {
    let mut expected = sheet(SAMPLE_A);
    expected.notices.push(Notice::EndMissing);
    for cut in [b"\x1a".as_slice(), b"\n\x1a", b"\r\n\x1a"] {
        assert_eq!(sheet(SAMPLE_A.strip_suffix(cut).unwrap()), expected);
    }
    let without_birth = a_with(&["13"]);
    assert_eq!(recognise(without_birth.strip_suffix(b"\x1a").unwrap()), DeskCode::Incomplete);
}

#[test]
fn data_after_the_end_mark() {
    let mut expected = sheet(SAMPLE_A);
    assert_eq!(sheet(&[SAMPLE_A, b"\r\n"].concat()), expected, "line ends are nothing");
    expected.notices.push(Notice::DataAfterEnd);
    assert_eq!(sheet(&[SAMPLE_A, b"11,,x,\r\n"].concat()), expected);
}

#[test]
fn other_line_ends_and_blank_lines() {
    let text = String::from_utf8_lossy(SAMPLE_A).contains("\r\n");
    assert!(text);
    let with = |end: &[u8]| {
        let lines: Vec<&[u8]> =
            SAMPLE_A.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
        lines.join(end)
    };
    for end in [b"\n".as_slice(), b"\r", b"\r\n\r\n", b"\n \n"] {
        assert_eq!(sheet(&with(end)), sheet(SAMPLE_A), "{end:?}");
    }
}

#[test]
fn utf8_instead_of_code_page_932() {
    assert_eq!(sheet(&sheet_in_utf8(&[])), sheet(SAMPLE_A));
    assert_eq!(sheet(&[b"\xef\xbb\xbf", sheet_in_utf8(&[]).as_slice()].concat()), sheet(SAMPLE_A));
}

#[test]
fn same_code_twice() {
    assert_eq!(recognise(SAMPLE_A), recognise(SAMPLE_A));
}

#[test]
fn two_sheets_of_one_patient_and_one_of_another() {
    let insured = sheet(SAMPLE_A);
    let accident = sheet(&a_with(&["21,3", "22,", "23,,,1,"]));
    assert!(insured.patient.can_be(&accident.patient) && insured != accident);
    for other in ["11,,架空 花江,ｶｸｳ ﾊﾅｴ", "12,1", "13,19581104"] {
        assert!(!insured.patient.can_be(&sheet(&a_with(&[other])).patient), "{other}");
    }
}

#[test]
fn birth_date_partial() {
    let birth = |record: &str| sheet(&a_with(&[record])).patient.birth;
    assert_eq!(birth("13,3350"), None);
    assert_eq!(sheet(&a_with(&["13,3350"])).notices, [Notice::Unread { record: 13 }]);
    assert_eq!(birth("13,335"), Some(PrintedDate::Year { year: 1960 }));
    assert_eq!(birth("13,33506"), Some(PrintedDate::Month { year: 1960, month: 6 }));
    assert!(birth("13,335").unwrap().full().is_none(), "never a key");
    assert_eq!(sheet(&a_with(&["51,202611"])).notices, [Notice::Unread { record: 51 }], "only births may be partial");
}

#[test]
fn expired_and_issued_in_the_future() {
    let a = sheet(SAMPLE_A);
    let on = |year, month, day| a.notices_on(Day::new(year, month, day).unwrap());
    assert_eq!(on(2026, 11, 30), []);
    assert_eq!(on(2026, 12, 1), [Notice::Expired]);
    assert_eq!(on(2026, 11, 19), [Notice::IssuedInFuture]);
}

#[test]
fn a_refill_or_a_part_without_stated_day_is_shown_not_judged() {
    let refill = sheet(&a_with(&["52", "64,3"]));
    assert_eq!((refill.refill_uses, refill.usable_until()), (Some(3), None));
    assert_eq!(refill.notices_on(Day::new(2027, 11, 30).unwrap()), []);
    let part = sheet(&a_with(&["52", "63,3,1"]));
    assert_eq!((part.part.map(|part| (part.parts, part.this)), part.usable_until()), (Some((3, 1)), None));
    assert_eq!(sheet(&a_with(&["63,2,3"])).notices, [Notice::Unread { record: 63 }]);
}

#[test]
fn formula_markup_and_control_bytes_stay_plain_text() {
    for (record, shown) in [
        ("81,1,,=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("81,1,,<b>太字</b>", "<b>太字</b>"),
        ("81,1,,a\u{1b}[2Jb\u{7}", "a␛[2Jb␇"),
    ] {
        assert_eq!(sheet(&a_with(&[record])).remarks[0].as_printed(), shown);
    }
}

#[test]
fn endless_data() {
    let long = [SAMPLE_A, &vec![b'x'; 48 * 1024]].concat();
    assert_eq!(recognise(&long), DeskCode::Refused(Refusal::TooLong));
    let lines = "81,1,,a\r\n".repeat(2_001);
    assert_eq!(recognise(format!("JAHIS8\r\n{lines}").as_bytes()), DeskCode::Refused(Refusal::TooLong));
}

#[test]
fn newer_editions_are_read_with_a_notice_and_numbers_compare_as_numbers() {
    for (header, notices) in [("JAHIS7", vec![]), ("JAHIS10", vec![]), ("JAHIS11", vec![Notice::NewerEdition])] {
        let sheet = sheet(&a_under(header, &[]));
        assert_eq!((printed(sheet.insurance.branch.as_ref()), sheet.notices), (Some("01"), notices), "{header}");
    }
}

#[test]
fn a_prefecture_without_its_zero_is_padded() {
    let institution = sheet(&a_with(&["1,,9954329,1,"])).institution.unwrap();
    assert_eq!(institution.key, "0119954329");
    assert_eq!(sheet(&a_with(&["1,1,9912349,48,x"])).notices, [Notice::Unread { record: 1 }]);
    assert_eq!(sheet(&a_with(&["1,1,9912348,13,x"])).notices, [Notice::InstitutionCheckDigit]);
}

#[test]
fn a_record_that_contradicts_itself_is_not_used() {
    let mut lines = lines_of_a();
    lines.insert(7, "11,,別名 太郎,".into());
    let twice = sheet(&code_of(&lines));
    assert_eq!((twice.patient.name, twice.notices), (None, vec![Notice::Contradicted { record: 11 }]));
    let mut lines = lines_of_a();
    let again = lines[6].clone();
    lines.insert(7, again);
    assert_eq!(sheet(&code_of(&lines)), sheet(SAMPLE_A), "the same again says nothing new");
}

#[test]
fn unknown_records_and_lines_that_are_none_are_noticed() {
    assert_eq!(sheet(&a_with(&["26,1"])).notices, [Notice::UnknownRecord { record: 26 }]);
    let mut lines = lines_of_a();
    lines.insert(5, "not a record".into());
    assert_eq!(sheet(&code_of(&lines)).notices, [Notice::UnreadLine]);
}

#[test]
fn a_record_with_bytes_that_are_no_characters_is_left_out() {
    let text = SAMPLE_A.to_vec();
    let name = cp932("架空 花代");
    let place = text.windows(name.len()).position(|window| window == name).unwrap();
    let mut damaged = text;
    damaged[place + name.len() - 1] = b' ';
    let read = sheet(&damaged);
    assert_eq!(read.notices, [Notice::UnreadLine, Notice::Missing { record: 11 }]);
    assert!(read.patient.name.is_none() && read.patient.birth.is_some());
}

#[test]
fn an_individual_number_is_dropped_wherever_it_stands() {
    let individual = "123456789018";
    for record in [
        format!("81,1,,番号は{individual}です"),
        format!("82,1,{individual}"),
        format!("23,,{individual},1,"),
        format!("22,{individual}"),
        format!("30,{individual},1234-5678-9018"),
    ] {
        let sheet = sheet(&a_with(&[&record]));
        assert!(sheet.notices.contains(&Notice::IndividualNumberDropped), "{record}");
        let texts = [sheet.exchange_number, sheet.insurance.number, sheet.remarks.first().cloned()];
        assert!(texts.iter().flatten().all(|text| !text.as_printed().contains(individual)), "{record}");
    }
}

#[test]
fn every_notice_speaks_both_languages_and_repeats_nothing() {
    let read = sheet(&a_with(&["23,秘密の記号,７７４,9,01", "26,秘密"]));
    assert_eq!(read.notices.len(), 2);
    for notice in read.notices {
        let text = notice.text();
        assert!(text.ja.ends_with('。') && text.en.ends_with('.') && text.en.is_ascii() && !text.ja.contains("秘密"));
    }
}
