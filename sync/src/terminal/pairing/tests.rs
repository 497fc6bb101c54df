use super::*;
use crate::terminal::message::{self, Form, Search, SingleRequest};
use crate::terminal::rejection::{RawBytes, ReturnedRequest};

const VALID: &str = include_str!("../../../tests/terminal_samples/result_valid.utf8.xml");
const BULK: &str = include_str!("../../../tests/terminal_samples/bulk_result.utf8.xml");
const ABNORMAL: &str = include_str!("../../../tests/terminal_samples/abnormal_end.utf8.xml");

fn single() -> Expected {
    let request = SingleRequest {
        confirmation_date: Date::literal(2026, 4, 1),
        institution_code: "1319999990".into(),
        file_identifier: "A20260401-0001-7f3c".into(),
        search: Search {
            insurer_number: "06139990".into(),
            symbol: Some("見本１２".into()),
            number: "3405".into(),
            branch_number: None,
            birth_date: Date::literal(1988, 9, 14),
            limit_consent: Some(true),
            identifier: None,
        },
    };
    Expected::of(&suffix(), &Request::Single(request))
}

fn download() -> Expected {
    Expected {
        kind: RequestKind::BulkDownload,
        suffix: suffix(),
        institution_code: "1319999990".into(),
        file_identifier: None,
        reception_number: Some("R-SYNTHETIC-0001".into()),
        person: None,
    }
}

fn suffix() -> Suffix {
    Suffix::parse("UK1000000001").expect("twelve characters")
}

fn pair(expected: &Expected, name: &str, text: &str) -> Pairing {
    let file = FileName::parse(name).expect("a name of the interface");
    let kind = file.message_kind().expect("a result of ours");
    let received = message::read(kind, Form::Xml, text.as_bytes()).expect("readable");
    expected.pair_answer(&file, &received.message)
}

const OURS: &str = "OQSsiquc01res_UK1000000001.xml";

#[test]
fn the_answer_with_our_name_and_keys_is_ours() {
    assert_eq!(pair(&single(), OURS, VALID), Pairing::Paired);
    assert_eq!(pair(&download(), "OQSmuquc02res_UK1000000001.xml", BULK), Pairing::Paired);
}

#[test]
fn another_name_is_another_question() {
    assert_eq!(pair(&single(), "OQSsiquc01res_UK1000000002.xml", VALID), Pairing::NotOurs);
    assert_eq!(pair(&single(), "OQSmuquc02res_UK1000000001.xml", BULK), Pairing::NotOurs);
}

#[test]
fn the_right_name_with_wrong_keys_is_a_conflict() {
    let with = |from: &str, to: &str| pair(&single(), OURS, &VALID.replace(from, to));
    assert_eq!(with("1319999990", "1319999991"), Pairing::Conflict(ConflictReason::InstitutionCode));
    assert_eq!(with("0001-7f3c", "0001-7f3d"), Pairing::Conflict(ConflictReason::FileIdentifier));
    let without = "<ArbitraryFileIdentifier>A20260401-0001-7f3c</ArbitraryFileIdentifier>";
    assert_eq!(with(without, ""), Pairing::Conflict(ConflictReason::FileIdentifier));
    assert_eq!(with("19880914", "19880915"), Pairing::Conflict(ConflictReason::Person));
    assert_eq!(with("3405", "3406"), Pairing::Conflict(ConflictReason::Person));
    let wrong_number = BULK.replace("R-SYNTHETIC-0001", "R-SYNTHETIC-0002");
    let paired = pair(&download(), "OQSmuquc02res_UK1000000001.xml", &wrong_number);
    assert_eq!(paired, Pairing::Conflict(ConflictReason::ReceptionNumber));
}

#[test]
fn padding_width_and_leading_zeros_of_the_echo_are_spelling() {
    let mut expected = single();
    if let Some(person) = &mut expected.person {
        person.insurer_number = "139993".into();
        person.number = "０１２-3".into();
    }
    for (insurer, number) in [("  139993", "012-3"), ("00139993", "１２－３"), ("139993", "12ー3")] {
        let text = VALID.replace("06139990", insurer).replace("3405", number);
        assert_eq!(pair(&expected, OURS, &text), Pairing::Paired, "{insurer} {number}");
    }
}

#[test]
fn a_failed_download_need_not_repeat_the_reception_number() {
    let failed = pair(&download(), "OQSmuquc02res_UK1000000001.xml", ABNORMAL);
    assert_eq!(failed, Pairing::Paired);
    let finished = BULK.replace("<ReceptionNumber>R-SYNTHETIC-0001</ReceptionNumber>", "");
    let finished = pair(&download(), "OQSmuquc02res_UK1000000001.xml", &finished);
    assert_eq!(finished, Pairing::Conflict(ConflictReason::ReceptionNumber));
}

#[test]
fn a_rejection_is_ours_unless_the_returned_request_says_otherwise() {
    let file = FileName::parse("OQSsiquc01req_UK1000000001.err").expect("name");
    let returned = |identifier: &str| Rejection {
        err: Some(RawBytes(vec![1])),
        request: Some(ReturnedRequest {
            institution_code: Some("1319999990".into()),
            file_identifier: Some(identifier.into()),
            reception_number: None,
            raw: RawBytes::default(),
        }),
    };
    assert_eq!(single().pair_rejection(&file, &returned("A20260401-0001-7f3c")), Pairing::Paired);
    let other = single().pair_rejection(&file, &returned("someone-else"));
    assert_eq!(other, Pairing::Conflict(ConflictReason::FileIdentifier));
    let err_alone = Rejection { err: Some(RawBytes(vec![1])), request: None };
    assert_eq!(single().pair_rejection(&file, &err_alone), Pairing::Paired);
    assert_eq!(download().pair_rejection(&file, &err_alone), Pairing::NotOurs);
}

#[test]
fn nothing_personal_shows_in_debug() {
    let shown = format!("{:?} {:?}", single(), single().person);
    assert!(!shown.contains("3405") && !shown.contains("06139990") && !shown.contains("1988"), "{shown}");
}
