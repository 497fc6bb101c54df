//! Requests as they go out: bytes, limits and refusals.
#![allow(clippy::unwrap_used)]

use domain::Date;
use sync::terminal::encoding::Charset;
use sync::terminal::message::{BulkDownloadRequest, BulkRequest, ReferenceNumberRegistration, Search, SingleRequest};
use sync::terminal::write_refusal::WriteRefusalReason;
use sync::terminal::{OutgoingRequest, Request, Suffix, WriteRefusal, json, xml};

fn suffix() -> Suffix {
    Suffix::parse("UK1000000001").unwrap()
}

fn single() -> SingleRequest {
    SingleRequest {
        confirmation_date: Date::literal(2026, 4, 1),
        institution_code: "1319999990".into(),
        file_identifier: "A20260401-0001-7f3c".into(),
        search: Search {
            insurer_number: "06139990".into(),
            symbol: Some("見本１２".into()),
            number: "3405".into(),
            branch_number: Some("02".into()),
            birth_date: Date::literal(1988, 9, 14),
            limit_consent: Some(true),
            identifier: Some("P000417".into()),
        },
    }
}

fn outgoing(request: Request) -> OutgoingRequest {
    OutgoingRequest::new(&suffix(), &request).unwrap()
}

fn refusal(change: impl FnOnce(&mut SingleRequest)) -> WriteRefusal {
    let mut request = single();
    change(&mut request);
    OutgoingRequest::new(&suffix(), &Request::Single(request)).unwrap_err()
}

#[test]
fn a_single_request_is_written_byte_for_byte() {
    let request = outgoing(Request::Single(single()));
    assert_eq!(request.name().to_string(), "OQSsiquc01req_UK1000000001.xml");
    let utf8 = include_bytes!("terminal_samples/request_single.utf8.xml");
    let sjis = include_bytes!("terminal_samples/request_single.sjis.xml");
    assert_eq!(request.to_xml(Charset::Utf8).unwrap(), utf8);
    assert_eq!(request.to_xml(Charset::ShiftJis).unwrap(), sjis);
}

#[test]
fn short_insurer_numbers_are_padded_and_absent_elements_left_out() {
    let mut request = single();
    request.search.insurer_number = "139993".into();
    request.search.symbol = Some(String::new());
    request.search.branch_number = None;
    request.search.identifier = None;
    request.search.limit_consent = Some(false);
    let bytes = outgoing(Request::Single(request)).to_xml(Charset::Utf8).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("<InsurerNumber>  139993</InsurerNumber>"));
    assert!(text.contains("ConsFlg>0</Limit"));
    for absent in ["InsuredCardSymbol", "InsuredBranchNumber", "ArbitraryIdentifier>"] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[test]
fn bulk_requests_repeat_the_person_and_downloads_carry_only_the_number() {
    let people =
        ["P1", "P2"].map(|person| Search { identifier: Some(person.into()), limit_consent: None, ..single().search });
    let bulk = BulkRequest {
        confirmation_date: Date::literal(2026, 4, 1),
        institution_code: "1319999990".into(),
        file_identifier: "B20260331-01".into(),
        searches: people.to_vec(),
    };
    let bulk = outgoing(Request::Bulk(bulk));
    assert_eq!(bulk.name().to_string(), "OQSmuquc01req_UK1000000001.xml");
    let (_, root) = xml::read(&bulk.to_xml(Charset::ShiftJis).unwrap()).unwrap();
    assert_eq!(root.child("MessageBody").unwrap().children.len(), 2);
    assert_eq!(json::read(&bulk.to_json()).unwrap().child("MessageBody").unwrap().children.len(), 2);

    let download =
        BulkDownloadRequest { institution_code: "1319999990".into(), reception_number: "R-SYNTHETIC-0001".into() };
    let download = outgoing(Request::BulkDownload(download));
    assert_eq!(download.name().to_string(), "OQSmuquc02req_UK1000000001.xml");
    let text = String::from_utf8(download.to_xml(Charset::Utf8).unwrap()).unwrap();
    assert!(text.contains("<ReceptionNumber>R-SYNTHETIC-0001</ReceptionNumber>"));
    assert!(!text.contains("ArbitraryFileIdentifier"));
}

#[test]
fn a_registration_is_nested_in_its_group() {
    let registration = ReferenceNumberRegistration {
        institution_code: "1319999990".into(),
        file_identifier: "C1".into(),
        reference_number: "000417".into(),
        insurer_number: "139993".into(),
        symbol: None,
        number: "0099817".into(),
        branch_number: Some("01".into()),
    };
    let request = outgoing(Request::Registration(registration));
    assert_eq!(request.name().to_string(), "OQSsiimm01req_UK1000000001.xml");
    let (_, root) = xml::read(&request.to_xml(Charset::Utf8).unwrap()).unwrap();
    let info = root.child("MessageBody").unwrap().child("ReferenceNumberRegistrationInfo").unwrap();
    assert_eq!(info.child_text("ReferenceNumber"), Some("000417"));
    assert_eq!(info.child_text("InsurerNumber"), Some("  139993"));
}

#[test]
fn every_limit_names_its_field() {
    let cases: Vec<(WriteRefusal, &str, WriteRefusalReason)> = vec![
        (
            refusal(|r| r.institution_code = "131999999".into()),
            "MedicalInstitutionCode",
            WriteRefusalReason::NotDigits { digits: 10 },
        ),
        (refusal(|r| r.file_identifier = String::new()), "ArbitraryFileIdentifier", WriteRefusalReason::Missing),
        (refusal(|r| r.file_identifier = "あ".into()), "ArbitraryFileIdentifier", WriteRefusalReason::NotPlainAscii),
        (
            refusal(|r| r.search.insurer_number = "061399901".into()),
            "InsurerNumber",
            WriteRefusalReason::NotDigits { digits: 8 },
        ),
        (
            refusal(|r| r.search.insurer_number = "０６１３".into()),
            "InsurerNumber",
            WriteRefusalReason::NotDigits { digits: 8 },
        ),
        (refusal(|r| r.search.insurer_number = " ".into()), "InsurerNumber", WriteRefusalReason::Missing),
        (
            refusal(|r| r.search.symbol = Some("あ".repeat(21))),
            "InsuredCardSymbol",
            WriteRefusalReason::TooLong { max_chars: 20 },
        ),
        (
            refusal(|r| r.search.number = "1".repeat(21)),
            "InsuredIdentificationNumber",
            WriteRefusalReason::TooLong { max_chars: 20 },
        ),
        (
            refusal(|r| r.search.number = "1\n2".into()),
            "InsuredIdentificationNumber",
            WriteRefusalReason::ForbiddenCharacter { position: 2 },
        ),
        (
            refusal(|r| r.search.branch_number = Some("2".into())),
            "InsuredBranchNumber",
            WriteRefusalReason::NotDigits { digits: 2 },
        ),
        (
            refusal(|r| r.search.limit_consent = None),
            "LimitApplicationCertificateRelatedConsFlg",
            WriteRefusalReason::Missing,
        ),
    ];
    for (refusal, field, reason) in cases {
        assert_eq!((refusal.field, refusal.reason), (field, reason));
        let staff = refusal.staff();
        assert!(!staff.ja.is_empty() && staff.en.starts_with("Nothing was sent."));
    }
}

#[test]
fn a_symbol_the_encoding_lacks_is_refused_in_shift_jis_only() {
    let mut request = single();
    request.search.symbol = Some("𠮷〜".into());
    let request = outgoing(Request::Single(request));
    assert!(request.to_xml(Charset::Utf8).is_ok());
    let refused = request.to_xml(Charset::ShiftJis).unwrap_err();
    assert_eq!(
        (refused.field, refused.reason),
        ("InsuredCardSymbol", WriteRefusalReason::CannotBeCarried { position: 1 })
    );
}

#[test]
fn requests_hide_what_they_ask() {
    let request = Request::Single(single());
    let shown = format!("{request:?} {:?}", outgoing(request.clone()));
    assert!(!shown.contains("3405") && !shown.contains("見本"), "{shown}");
}
