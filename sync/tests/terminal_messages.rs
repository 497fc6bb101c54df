//! Every sample of the interface, in both encodings, read into its message and its meaning.
#![allow(clippy::unwrap_used)]

use sync::terminal::encoding::Charset;
use sync::terminal::message::{
    self, BulkResult, ConsentTopic, EligibilityResult, Form, Message, MessageKind, RegistrationResult, Warning,
};
use sync::terminal::outcome::{BulkProgress, Outcome, Validity};
use sync::terminal::unreadable::{Place, UnreadableKind};
use sync::terminal::{Received, Unreadable};

macro_rules! sample {
    ($name:literal) => {
        [
            (Charset::Utf8, include_bytes!(concat!("terminal_samples/", $name, ".utf8.xml")).as_slice()),
            (Charset::ShiftJis, include_bytes!(concat!("terminal_samples/", $name, ".sjis.xml")).as_slice()),
        ]
    };
}

fn read(kind: MessageKind, bytes: &[u8]) -> Received {
    message::read(kind, Form::Xml, bytes).unwrap()
}

fn eligibility(received: Received) -> EligibilityResult {
    match received.message {
        Message::Eligibility(result) => *result,
        other => panic!("{other:?}"),
    }
}

fn bulk(received: Received) -> BulkResult {
    match received.message {
        Message::BulkResult(result) => *result,
        other => panic!("{other:?}"),
    }
}

fn registration(text: &str) -> RegistrationResult {
    match read(MessageKind::Registration, text.as_bytes()).message {
        Message::Registration(result) => *result,
        other => panic!("{other:?}"),
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn refused(kind: MessageKind, text: &str) -> Unreadable {
    message::read(kind, Form::Xml, text.as_bytes()).unwrap_err()
}

#[test]
fn a_valid_result_is_confirmed_in_both_encodings() {
    for (charset, bytes) in sample!("result_valid") {
        let received = read(MessageKind::Eligibility, bytes);
        assert_eq!((received.charset, &received.warnings[..], &received.unknown[..]), (charset, &[][..], &[][..]));
        let result = eligibility(received);
        assert_eq!(result.header.arbitrary_file_identifier.as_deref(), Some("A20260401-0001-7f3c"));
        let Outcome::Answered(answer) = result.outcome() else { panic!("an answer") };
        let record = answer.confirmed().unwrap();
        assert_eq!(record.name.as_deref(), Some("仮野　みどり"));
        assert_eq!(record.name_kana.as_deref(), Some("ｶﾘﾉ ﾐﾄﾞﾘ"));
        assert_eq!(record.insured_card_symbol.as_deref(), Some("見本１２"));
        let limit = record.limit_certificate.as_ref().unwrap();
        assert_eq!((limit.classification_flag.as_deref(), limit.valid_to.as_deref()), (Some("A03"), None));
    }
}

#[test]
fn an_invalid_result_is_an_answer_with_its_data() {
    for (_, bytes) in sample!("result_invalid") {
        let result = eligibility(read(MessageKind::Eligibility, bytes));
        let Outcome::Answered(answer) = result.outcome() else { panic!("an answer") };
        assert_eq!((answer.validity, answer.results.len(), answer.confirmed()), (Validity::Invalid, 1, None));
        let record = &answer.results[0];
        assert_eq!(record.insurer_number.as_deref(), Some("  139993"), "padding is kept as received");
        assert_eq!((record.name.as_deref(), record.reason_of_loss.as_deref()), (Some("●橋　史郎"), Some("03")));
    }
}

#[test]
fn not_found_is_an_answer_with_or_without_an_empty_list() {
    for (charset, bytes) in sample!("result_not_found") {
        let result = eligibility(read(MessageKind::Eligibility, bytes));
        let Outcome::Answered(answer) = result.outcome() else { panic!("an answer") };
        assert_eq!((answer.validity, answer.results.len()), (Validity::NotFound, 0));
        if charset == Charset::Utf8 {
            for list in ["<ResultList/>", "<ResultList></ResultList>", "<ResultList>\n </ResultList>"] {
                let with_list = text(bytes).replace("</MessageBody>", &format!("{list}</MessageBody>"));
                assert_eq!(eligibility(read(MessageKind::Eligibility, with_list.as_bytes())), result);
            }
        }
    }
}

#[test]
fn a_face_result_carries_consents_and_no_question() {
    for (_, bytes) in sample!("face") {
        let result = eligibility(read(MessageKind::Eligibility, bytes));
        let body = result.body.as_ref().unwrap();
        assert_eq!((body.prescription_issue_select.as_deref(), body.search.as_ref()), (Some("2"), None));
        let record = &body.results[0];
        assert_eq!(record.reference_number.as_deref(), Some("P000982"));
        assert_eq!(record.insured_partial_contribution_ratio.as_deref(), Some("020"));
        let drug = record.consents.about(ConsentTopic::Drug).unwrap();
        assert_eq!(drug.available_until.as_deref(), Some("20260402091007"));
        let checkup = record.consents.about(ConsentTopic::Checkup).unwrap();
        assert_eq!((checkup.flag.as_deref(), checkup.time.as_deref()), (Some("0"), None));
        assert!(record.consents.about(ConsentTopic::Allergy).is_none());
    }
}

#[test]
fn a_bulk_result_answers_each_person_alone() {
    for (_, bytes) in sample!("bulk_result") {
        let result = bulk(read(MessageKind::BulkResult, bytes));
        assert_eq!(result.progress(), BulkProgress::Done);
        assert_eq!(result.header.reception_number.as_deref(), Some("R-SYNTHETIC-0001"));
        let [found, failed] = &result.units[..] else { panic!("two units") };
        assert!(matches!(found.outcome(), Outcome::Answered(answer) if answer.confirmed().is_some()));
        assert_eq!(found.reference_numbers.0, ["P000417"]);
        let Outcome::PersonFailed(note) = failed.outcome() else { panic!("a failure") };
        assert_eq!((note.code, note.message), (Some("X-SYNTHETIC"), Some("見本のエラーです。")));
        let person = failed.search.as_ref().unwrap().arbitrary_identifier.as_deref();
        assert_eq!(person, Some("P000555"));
    }
}

#[test]
fn a_running_bulk_result_may_already_carry_units() {
    let [(_, bytes), _] = sample!("bulk_result");
    let running = text(bytes).replace("<SegmentOfResult>1", "<SegmentOfResult>2");
    let result = bulk(read(MessageKind::BulkResult, running.as_bytes()));
    assert_eq!((result.progress(), result.units.len()), (BulkProgress::InProgress, 2));
}

#[test]
fn a_unit_may_hold_several_results_and_numbers() {
    let [(_, bytes), _] = sample!("bulk_result");
    let several = text(bytes)
        .replace("<ReferenceNumber>P000417</ReferenceNumber>", "<ReferenceNumber>P1</ReferenceNumber><ReferenceNumber>P2</ReferenceNumber><ResultOfQualificationConfirmation><InsuredCardClassification>A1</InsuredCardClassification></ResultOfQualificationConfirmation>");
    let result = bulk(read(MessageKind::BulkResult, several.as_bytes()));
    assert_eq!(result.units[0].reference_numbers.0, ["P1", "P2"]);
    let Outcome::Answered(answer) = result.units[0].outcome() else { panic!("an answer") };
    assert_eq!(answer.results.len(), 2);
    assert!(answer.confirmed().is_some(), "medical aid beside one insurance is no ambiguity");
}

#[test]
fn an_abnormal_end_is_a_failed_request_with_or_without_body() {
    for (_, bytes) in sample!("abnormal_end") {
        let result = eligibility(read(MessageKind::Eligibility, bytes));
        let Outcome::RequestFailed(failure) = result.outcome() else { panic!("a failure") };
        assert_eq!((failure.segment, failure.code), (Some("9"), Some("X-SYNTHETIC")));
        assert_eq!(failure.message, Some("見本の異常終了です。"));
    }
    let [(_, bytes), _] = sample!("abnormal_end");
    let with_body = text(bytes)
        .replace("</XmlMsg>", "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus></MessageBody></XmlMsg>");
    let result = eligibility(read(MessageKind::Eligibility, with_body.as_bytes()));
    assert!(matches!(result.outcome(), Outcome::RequestFailed(_)));
}

#[test]
fn the_layers_of_failure_stay_apart() {
    let [(_, bytes), _] = sample!("result_valid");
    let with =
        |from: &str, to: &str| eligibility(read(MessageKind::Eligibility, text(bytes).replace(from, to).as_bytes()));
    let error_code = "<SegmentOfResult>1</SegmentOfResult><ErrorCode>E</ErrorCode>";
    let failed = with("<SegmentOfResult>1</SegmentOfResult>", error_code);
    assert!(matches!(failed.outcome(), Outcome::RequestFailed(_)), "an error code counts even with segment 1");
    let running = with("<SegmentOfResult>1", "<SegmentOfResult>2");
    assert_eq!(running.outcome(), Outcome::InProgress);
    let person = with("<ProcessingResultStatus>1", "<ProcessingResultStatus>2");
    assert!(matches!(person.outcome(), Outcome::PersonFailed(_)));
    let odd = with("<SegmentOfResult>1", "<SegmentOfResult>3");
    assert_eq!(odd.outcome(), Outcome::NotUnderstood { element: "SegmentOfResult" });
    let statusless = with("<ProcessingResultStatus>1</ProcessingResultStatus>", "");
    assert_eq!(statusless.outcome(), Outcome::NotUnderstood { element: "ProcessingResultStatus" });
    let note =
        with("<QualificationValidity>", "<ProcessingResultCode>N1</ProcessingResultCode><QualificationValidity>");
    let noted = note.outcome();
    assert!(matches!(&noted, Outcome::Answered(answer) if answer.note.is_some() && answer.confirmed().is_some()));
}

#[test]
fn only_one_insurance_result_with_validity_1_is_confirmed() {
    let [(_, bytes), _] = sample!("result_valid");
    for (code, validity) in [
        ("2", Validity::Invalid),
        ("3", Validity::Superseded),
        ("4", Validity::NotFound),
        ("5", Validity::Ambiguous),
        ("6", Validity::ValidTicketMissing),
        ("7", Validity::Other),
        ("", Validity::Absent),
    ] {
        let changed = text(bytes).replace("<QualificationValidity>1", &format!("<QualificationValidity>{code}"));
        let result = eligibility(read(MessageKind::Eligibility, changed.as_bytes()));
        let Outcome::Answered(answer) = result.outcome() else { panic!("an answer") };
        assert_eq!((answer.validity, answer.confirmed()), (validity, None));
    }
    let second = "<ResultOfQualificationConfirmation><Name>x</Name></ResultOfQualificationConfirmation></ResultList>";
    let two = text(bytes).replace("</ResultList>", second);
    let two = eligibility(read(MessageKind::Eligibility, two.as_bytes()));
    assert!(matches!(two.outcome(), Outcome::Answered(answer) if answer.confirmed().is_none()));
}

#[test]
fn a_medical_ticket_is_read_with_the_tag_as_it_is_spelled() {
    let [(_, bytes), _] = sample!("result_valid");
    let ticket = "<PublicExpenseResultList><MedicalTicketInfo><TicketType>01</TicketType><StatusOfInfecton>02</StatusOfInfecton></MedicalTicketInfo></PublicExpenseResultList>\
        <SpecificDiseasesCertificateList><SpecificDiseasesCertificateInfo><SpecificDiseasesSelfPay>10000</SpecificDiseasesSelfPay></SpecificDiseasesCertificateInfo></SpecificDiseasesCertificateList>\
        <ElderlyRecipientCertificateInfo><ElderlyRecipientContributionRatio>020</ElderlyRecipientContributionRatio></ElderlyRecipientCertificateInfo>\
        </ResultOfQualificationConfirmation>";
    let with_ticket = text(bytes).replace("</ResultOfQualificationConfirmation>", ticket);
    let result = eligibility(read(MessageKind::Eligibility, with_ticket.as_bytes()));
    let record = &result.body.as_ref().unwrap().results[0];
    assert_eq!(record.medical_tickets[0].status_of_infection.as_deref(), Some("02"));
    assert_eq!(record.specific_diseases[0].self_pay.as_deref(), Some("10000"));
    let elderly = record.elderly_recipient_certificate.as_ref().unwrap();
    assert_eq!(elderly.contribution_ratio.as_deref(), Some("020"));
}

#[test]
fn unknown_elements_are_kept_with_their_path() {
    let [(_, bytes), _] = sample!("result_valid");
    let new_tag = "<NewTag><Inner>新</Inner></NewTag><Address a=\"1\">";
    let changed = text(bytes).replace("<Address>", new_tag).replace("<XmlMsg>", "<XmlMsg xmlns=\"urn:x\">");
    let received = read(MessageKind::Eligibility, changed.as_bytes());
    let mut kept: Vec<(&str, &str)> =
        received.unknown.iter().map(|unknown| (unknown.path.as_str(), unknown.text.as_str())).collect();
    kept.sort_unstable();
    let record = "XmlMsg/MessageBody/ResultList/ResultOfQualificationConfirmation[1]";
    assert_eq!(
        kept,
        [
            ("XmlMsg/@xmlns", "urn:x"),
            (format!("{record}/Address/@a").as_str(), "1"),
            (format!("{record}/NewTag/Inner").as_str(), "新"),
        ]
    );
    assert!(!format!("{:?}", received.unknown).contains('新'));
}

#[test]
fn the_order_of_elements_does_not_matter() {
    let [(_, bytes), _] = sample!("result_valid");
    let original = eligibility(read(MessageKind::Eligibility, bytes));
    let lines: Vec<&str> = text(bytes).lines().collect();
    let start = lines.iter().position(|line| line.contains("<InsurerName>")).unwrap();
    let end = lines.iter().position(|line| line.contains("<LimitApplicationCertificateRelatedInfo>")).unwrap();
    let mut turned = lines.clone();
    turned[start..end].reverse();
    let header = lines.iter().position(|line| line.contains("<ProcessExecutionTime>")).unwrap();
    turned[header..header + 7].reverse();
    assert_eq!(eligibility(read(MessageKind::Eligibility, turned.join("\n").as_bytes())), original);
}

#[test]
fn duplicated_elements_are_refused_by_path() {
    let [(_, bytes), _] = sample!("result_valid");
    for (tag, path) in [
        ("MedicalInstitutionCode", "XmlMsg/MessageHeader/MedicalInstitutionCode"),
        ("ArbitraryFileIdentifier", "XmlMsg/MessageHeader/ArbitraryFileIdentifier"),
        ("QualificationValidity", "XmlMsg/MessageBody/QualificationValidity"),
        ("Name", "XmlMsg/MessageBody/ResultList/ResultOfQualificationConfirmation[1]/Name"),
    ] {
        let doubled = text(bytes).replacen(&format!("<{tag}>"), &format!("<{tag}>1</{tag}><{tag}>"), 1);
        let error = refused(MessageKind::Eligibility, &doubled);
        assert_eq!((error.kind, error.at), (UnreadableKind::Duplicate, Place::Element(path.to_owned())));
    }
    let two_headers = text(bytes).replace("<MessageBody>", "<MessageHeader><a>1</a></MessageHeader><MessageBody>");
    assert_eq!(refused(MessageKind::Eligibility, &two_headers).kind, UnreadableKind::Duplicate);
}

#[test]
fn blank_elements_are_absent() {
    let [(_, bytes), _] = sample!("result_valid");
    for blank in ["", "  ", "　"] {
        let changed = text(bytes).replace("<Address>東京都見本区架空１－２－３", &format!("<Address>{blank}"));
        let result = eligibility(read(MessageKind::Eligibility, changed.as_bytes()));
        assert_eq!(result.body.unwrap().results[0].address, None);
    }
}

#[test]
fn a_contradicting_character_code_is_said_but_not_fatal() {
    for (charset, bytes) in sample!("result_valid") {
        let (from, to) = match charset {
            Charset::Utf8 => (&b"<CharacterCodeIdentifier>0"[..], &b"<CharacterCodeIdentifier>1"[..]),
            Charset::ShiftJis => (&b"<CharacterCodeIdentifier>1"[..], &b"<CharacterCodeIdentifier>0"[..]),
        };
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        let mut changed = bytes.to_vec();
        changed[at..at + to.len()].copy_from_slice(to);
        let received = read(MessageKind::Eligibility, &changed);
        assert_eq!((received.charset, &received.warnings[..]), (charset, &[Warning::CharacterCodeDisagrees][..]));
    }
}

#[test]
fn a_byte_order_mark_makes_no_difference() {
    let [(_, bytes), _] = sample!("result_valid");
    let marked = [&[0xEF, 0xBB, 0xBF], bytes].concat();
    assert_eq!(read(MessageKind::Eligibility, &marked), read(MessageKind::Eligibility, bytes));
}

#[test]
fn a_wrong_declaration_is_refused_not_repaired() {
    let [(_, utf8), (_, sjis)] = sample!("result_valid");
    let claimed_sjis = text(utf8).replace("UTF-8", "Shift_JIS");
    assert_eq!(refused(MessageKind::Eligibility, &claimed_sjis).kind, UnreadableKind::EncodingMismatch);
    let at = sjis.windows(9).position(|window| window == b"Shift_JIS").unwrap();
    let claimed_utf8 = [&sjis[..at], b"UTF-8", &sjis[at + 9..]].concat();
    let error = message::read(MessageKind::Eligibility, Form::Xml, &claimed_utf8).unwrap_err();
    assert_eq!(error.kind, UnreadableKind::EncodingMismatch);
    assert!(matches!(error.at, Place::Byte(_)));
}

#[test]
fn other_documents_are_not_messages() {
    for text in ["<html/>", "<XmlMsg/>", "<XmlMsg><MessageBody/></XmlMsg>", "<Other><MessageHeader/></Other>"] {
        assert_eq!(refused(MessageKind::Eligibility, text).kind, UnreadableKind::NotThisMessage, "{text}");
    }
}

#[test]
fn a_bulk_receipt_gives_the_reception_number() {
    let receipt = |text: &str| match read(MessageKind::BulkReceipt, text.as_bytes()).message {
        Message::BulkReceipt(receipt) => *receipt,
        other => panic!("{other:?}"),
    };
    let text = "<XmlMsg><MessageHeader><MedicalInstitutionCode>1319999990</MedicalInstitutionCode></MessageHeader>\
        <MessageBody><ReceptionDateTime>20260331210000</ReceptionDateTime><ReceptionNumber>R-1</ReceptionNumber></MessageBody></XmlMsg>";
    assert_eq!(receipt(text).progress(), BulkProgress::Received { reception_number: "R-1" });
    let failed = text.replace("</MessageHeader>", "<SegmentOfResult>9</SegmentOfResult></MessageHeader>");
    assert!(matches!(receipt(&failed).progress(), BulkProgress::Failed(_)));
    let numberless = text.replace("<ReceptionNumber>R-1</ReceptionNumber>", "");
    assert_eq!(receipt(&numberless).progress(), BulkProgress::NotUnderstood { element: "ReceptionNumber" });
}

#[test]
fn a_registration_answer_is_read_nested_and_flat() {
    let header = "<MessageHeader><SegmentOfResult>1</SegmentOfResult></MessageHeader>";
    let info = "<ReferenceNumber>P1</ReferenceNumber><InsurerNumber>06139990</InsurerNumber>";
    let status = "<ProcessingResultStatus>1</ProcessingResultStatus>";
    let nested = format!(
        "<XmlMsg>{header}<MessageBody>{status}<ReferenceNumberRegistrationInfo>{info}</ReferenceNumberRegistrationInfo></MessageBody></XmlMsg>"
    );
    let flat = format!("<XmlMsg>{header}<MessageBody>{info}{status}</MessageBody></XmlMsg>");
    assert_eq!(registration(&nested), registration(&flat));
    let within = nested.replace(status, "").replace("</ReferenceNumberReg", &format!("{status}</ReferenceNumberReg"));
    for text in [&nested, &within] {
        assert!(matches!(registration(text).outcome(), Outcome::Answered(_)), "{text}");
        let failed = text.replace("Status>1", "Status>2");
        assert!(matches!(registration(&failed).outcome(), Outcome::PersonFailed(_)));
    }
    let torn = within.replace("<MessageBody>", "<MessageBody><ProcessingResultStatus>2</ProcessingResultStatus>");
    let unclear = Outcome::NotUnderstood { element: "ProcessingResultStatus" };
    assert_eq!(registration(&torn).outcome(), unclear);
    let result = registration(&nested);
    let number = result.body.unwrap().info.unwrap().reference_number;
    assert_eq!(number.as_deref(), Some("P1"));
}

#[test]
fn json_says_the_same_as_xml() {
    let json = r#"{"XmlMsg":{"MessageHeader":{"ProcessExecutionTime":"20260401085512","SegmentOfResult":"1",
        "MedicalInstitutionCode":"1319999990","CharacterCodeIdentifier":"0"},
        "MessageBody":{"ProcessingResultStatus":"1","QualificationValidity":"1","ResultList":[
        {"ResultOfQualificationConfirmation":{"Name":"仮野　みどり","InsuredCardSymbol":"","Address":null,
        "SpecificDiseasesCertificateList":[{"SpecificDiseasesCertificateInfo":{"SpecificDiseasesDiseaseCategory":"1"}}]}}]}}}"#;
    let received = message::read(MessageKind::Eligibility, Form::Json, json.as_bytes()).unwrap();
    assert!(received.unknown.is_empty());
    let result = eligibility(received);
    let Outcome::Answered(answer) = result.outcome() else { panic!("an answer") };
    let record = answer.confirmed().unwrap();
    assert_eq!((record.name.as_deref(), record.insured_card_symbol.as_deref()), (Some("仮野　みどり"), None));
    assert_eq!(record.specific_diseases.len(), 1);
    let doubled = json.replace("\"SegmentOfResult\":\"1\"", "\"SegmentOfResult\":\"1\",\"SegmentOfResult\":\"9\"");
    let error = message::read(MessageKind::Eligibility, Form::Json, doubled.as_bytes()).unwrap_err();
    assert_eq!(error.kind, UnreadableKind::Duplicate);
}

#[test]
fn json_bulk_units_are_an_array() {
    let json = r#"{"XmlMsg":{"MessageHeader":{"SegmentOfResult":1,"ReceptionNumber":"R1"},"MessageBody":{"BulkConfirmUnit":[
        {"ProcessingResultStatus":"1","QualificationValidity":"4"},{"ProcessingResultStatus":"2"}]}}}"#;
    let result = bulk(message::read(MessageKind::BulkResult, Form::Json, json.as_bytes()).unwrap());
    assert_eq!((result.progress(), result.units.len()), (BulkProgress::Done, 2));
}

#[test]
fn nothing_personal_shows_in_debug() {
    for name in [sample!("result_valid"), sample!("face"), sample!("result_invalid")] {
        let received = read(MessageKind::Eligibility, name[0].1);
        let result = eligibility(received.clone());
        let shown = format!("{received:?} {result:?} {:?}", result.outcome());
        for personal in ["仮野", "みどり", "ｶﾘﾉ", "3405", "19880914", "P000982", "試見", "00412345", "見国", "東京都"]
        {
            assert!(!shown.contains(personal), "{personal} in {shown}");
        }
    }
}
