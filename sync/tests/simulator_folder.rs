//! The practice terminal over real folders: literal requests in, answers as the sheets describe them out.
mod simulator_support;

use encoding_rs::SHIFT_JIS;
use simulator_support::*;
use std::fs;
use sync::simulator::{AnswerShape, CardMethod, CardRefusal, SimEncoding, StartFailure, Validity};

#[tokio::test]
async fn the_sheet_s_request_is_taken_and_answered_under_the_same_suffix() {
    let world = World::start().await;
    world.ask("OQSsiquc01req_202604010001.xml", SHEET_REQUEST.as_bytes());
    let answer = world.result_text("OQSsiquc01res_202604010001.xml").await;
    // Nobody invented has these numbers: 4, which is not "uninsured".
    for (name, expected) in [
        ("ProcessExecutionTime", "20260401085512"),
        ("QualificationConfirmationDate", "20260401"),
        ("MedicalInstitutionCode", INSTITUTION),
        ("ArbitraryFileIdentifier", "A20260401-0001-7f3c"),
        ("ReferenceClassification", "2"),
        ("SegmentOfResult", "1"),
        ("CharacterCodeIdentifier", "0"),
        ("ProcessingResultStatus", "1"),
        ("QualificationValidity", "4"),
        ("ArbitraryIdentifier", "P000417"),
        ("InsuredCardSymbol", "見本１２"),
    ] {
        assert_eq!(element(&answer, name).as_deref(), Some(expected), "{name}");
    }
    assert!(answer.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>"));
    assert!(!answer.contains("ResultList"));
    assert!(world.names(&world.folders.req).is_empty());
    assert_eq!(world.names(&world.folders.res), ["OQSsiquc01res_202604010001.xml"]);
    world.terminal.stop().await;
}

#[tokio::test]
async fn everybody_of_the_cast_gets_the_code_of_their_truth() {
    let world = World::start().await;
    let population = world.terminal.population();
    let mut seen = std::collections::BTreeSet::new();
    for (place, person) in population.cast().iter().enumerate() {
        let Some(expected) = person.truth.by_number else { continue };
        let answer = world.ask_about(&person.key, &format!("2026040100{place:02}")).await;
        assert_eq!(
            element(&answer, "QualificationValidity").as_deref(),
            Some(expected.validity.code()),
            "{}",
            person.key
        );
        seen.insert(expected.validity);
    }
    assert_eq!(seen.len(), 6, "all six codes are in the cast: {seen:?}");
}

#[tokio::test]
async fn a_valid_answer_carries_what_is_registered() {
    let world = World::start().await;
    let population = world.terminal.population();
    let person = population.get("kuromaru").expect("cast");
    let known = &person.national.eligibilities[0];
    let answer = world.ask_about("kuromaru", "1").await;
    let result = element(&answer, "ResultOfQualificationConfirmation").expect("one result");
    for (name, expected) in [
        ("Name", known.name.clone()),
        ("NameKana", known.name_kana.clone()),
        ("InsurerNumber", format!("{:>8}", known.coverage.insurer_number)),
        ("InsurerName", known.coverage.insurer_name.clone()),
        ("InsuredBranchNumber", "00".to_owned()),
        ("PersonalFamilyClassification", "1".to_owned()),
        ("Sex1", "2".to_owned()),
        ("Birthdate", person.face.birth_date.compact()),
        ("InsuredCardExpirationDate", "20260731".to_owned()),
    ] {
        assert_eq!(element(&result, name), Some(expected), "{name}");
    }
    assert!(known.name.contains('●'));
    assert!(!answer.contains("PharmacistsInfo"), "no medical consent without a card");
}

#[tokio::test]
async fn a_missing_end_of_validity_and_a_withheld_address_stay_missing() {
    let world = World::start().await;
    let answer = world.ask_about("no-validity-end", "1").await;
    assert!(element(&answer, "InsuredCardValidDate").is_some());
    assert_eq!(element(&answer, "InsuredCardExpirationDate"), None);
    let answer = world.ask_about("dv-protected", "2").await;
    assert_eq!(element(&answer, "QualificationValidity").as_deref(), Some("1"));
    assert!(!answer.contains("<Address>") && !answer.contains("<PostNumber>"));
}

#[tokio::test]
async fn ratios_come_only_where_the_interface_has_them() {
    let world = World::start().await;
    let late = world.ask_about("late-elderly", "1").await;
    assert_eq!(element(&late, "InsuredPartialContributionRatio").as_deref(), Some("020"));
    let seventy = world.ask_about("turned-70-last-month", "2").await;
    assert_eq!(element(&seventy, "ElderlyRecipientContributionRatio").as_deref(), Some("020"));
    assert_eq!(element(&seventy, "ElderlyRecipientValidStartDate").as_deref(), Some("20260401"));
    let adult = world.ask_about("valid-face", "3").await;
    assert!(!adult.contains("ContributionRatio"));
    let child = world.ask_about("child-school-edge", "4").await;
    assert_eq!(element(&child, "PreschoolClassification").as_deref(), Some("1"));
    assert!(!world.ask_about("child-at-school", "5").await.contains("PreschoolClassification"));
}

#[tokio::test]
async fn lost_and_superseded_answers_take_every_shape() {
    let world = World::start().await;
    let lost = world.ask_about("invalid-lost-job", "1").await;
    assert_eq!(element(&lost, "ReasonOfLoss").as_deref(), Some("99"));
    assert_eq!(element(&lost, "DisqualificationDate").as_deref(), Some("20260320"));
    assert!(!world.ask_about("superseded", "2").await.contains("ResultOfQualificationConfirmation"));
    let shape = AnswerShape { invalid_carries_result: false, empty_result_list: true, ..AnswerShape::default() };
    let world = World::start_with(|config| config.shape = shape).await;
    let lost = world.ask_about("invalid-lost-job", "1").await;
    assert!(!lost.contains("ReasonOfLoss") && lost.contains("<ResultList/>"));
}

#[tokio::test]
async fn the_wrong_person_comes_back_whole() {
    let world = World::start().await;
    let population = world.terminal.population();
    let (asked, other) = (population.get("wrong-person").expect("cast"), population.get("valid-face").expect("cast"));
    let answer = world.ask_about("wrong-person", "1").await;
    let result = element(&answer, "ResultOfQualificationConfirmation").expect("one result");
    assert_eq!(element(&result, "NameKana"), Some(other.national.eligibilities[0].name_kana.clone()));
    assert_ne!(element(&result, "Birthdate"), Some(asked.face.birth_date.compact()));
    let echo = element(&answer, "QualificationConfirmSearchInfo").expect("echo");
    assert_eq!(element(&echo, "Birthdate"), Some(asked.face.birth_date.compact()));
}

#[tokio::test]
async fn element_order_is_scrambled_and_repeatable() {
    let (first, again) = (World::start().await, World::start().await);
    let (a, b) = (first.ask_about("valid-face", "1").await, again.ask_about("valid-face", "1").await);
    assert_eq!(a, b);
    let other = first.ask_about("valid-face", "2").await;
    let order = |text: &str| {
        let names = text.split('<').skip(1).filter_map(|tag| tag.split(['>', '/']).next());
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_ne!(order(&a), order(&other));
    let documented = ["InsurerNumber", "NameKana", "Birthdate", "InsurerName"];
    let result = element(&a, "ResultOfQualificationConfirmation").expect("one result");
    let places: Vec<_> = documented.iter().map(|name| result.find(&format!("<{name}>")).expect("there")).collect();
    assert!(!places.is_sorted(), "this seed should scramble these four: {places:?}");
}

#[tokio::test]
async fn results_come_in_the_configured_code_whatever_the_request_used() {
    let world = World::start_with(|config| config.encoding = SimEncoding::ShiftJis).await;
    let population = world.terminal.population();
    let person = population.get("third-level-kanji").expect("cast");
    world.ask("OQSsiquc01req_1.xml", request(person, "utf8").as_bytes());
    let bytes = world.result("OQSsiquc01res_1.xml").await;
    let (text, _, wrong) = SHIFT_JIS.decode(&bytes);
    assert!(!wrong && std::str::from_utf8(&bytes).is_err());
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>"));
    assert_eq!(element(&text, "CharacterCodeIdentifier").as_deref(), Some("1"));
    assert!(element(&text, "Name").is_some_and(|name| name.contains('德') || name.contains('●')));

    let world = World::start().await;
    let request = request(person, "sjis").replace("UTF-8", "Shift_JIS");
    world.ask("OQSsiquc01req_2.xml", &SHIFT_JIS.encode(&request).0);
    let answer = world.result_text("OQSsiquc01res_2.xml").await;
    assert_eq!(element(&answer, "QualificationValidity").as_deref(), Some("1"));
    assert_eq!(element(&answer, "CharacterCodeIdentifier").as_deref(), Some("0"));
}

#[tokio::test]
async fn limits_come_with_consent_only() {
    let world = World::start().await;
    let population = world.terminal.population();
    let person = population
        .people()
        .iter()
        .find(|person| person.national.eligibilities[0].limit.as_ref().is_some_and(|limit| limit.class == "A03"))
        .expect("one of every class");
    world.ask("OQSsiquc01req_1.xml", request(person, "a").as_bytes());
    let with = world.result_text("OQSsiquc01res_1.xml").await;
    assert_eq!(element(&with, "LimitApplicationCertificateClassificationFlag").as_deref(), Some("A03"));
    let refused = request(person, "b").replace("ConsFlg>1<", "ConsFlg>0<");
    world.ask("OQSsiquc01req_2.xml", refused.as_bytes());
    assert!(!world.result_text("OQSsiquc01res_2.xml").await.contains("ClassificationFlag"));
}

#[tokio::test]
async fn rejected_requests_come_back_with_their_err() {
    let world = World::start().await;
    let sheet = SHEET_REQUEST.to_owned();
    let cases = [
        ("OQSsiquc01req_a", sheet.replace("1319999990", "1311111111"), "INSTITUTION"),
        ("OQSsiquc01req_b", sheet.replace("<Birthdate>19880914</Birthdate>", ""), "MISSING"),
        ("OQSsiquc01req_c", sheet.replace("19880914", "19880931"), "FORM"),
        ("OQSsiquc01req_d", sheet.replace("</XmlMsg>", ""), "UNREADABLE"),
        ("OQSsiquc01req_e", sheet.replace("<XmlMsg>", "<!DOCTYPE x><XmlMsg>"), "UNREADABLE"),
        ("OQSsiquc01req_f", sheet.replace("MedicalInstitutionCode", "Other"), "MISSING"),
        ("OQSsiquc01req_g", sheet.replace("06139990", "0613999012"), "FORM"),
        ("OQSmuquc01req_h", sheet.replace("QualificationConfirmSearchInfo", "Other"), "MISSING"),
        ("OQSmuquc02req_i", sheet.clone(), "MISSING"),
        ("OQSsiimm01req_j", sheet.clone(), "MISSING"),
        ("YZKsiquc01req_k", sheet.clone(), "UNSUPPORTED"),
        ("TKKsiquc01req_l", sheet.clone(), "UNSUPPORTED"),
        ("OQSsionq01req_m", sheet.clone(), "UNSUPPORTED"),
    ];
    for (stem, text, _) in &cases {
        world.ask(&format!("{stem}.xml"), text.as_bytes());
    }
    // An unreadable file gets a moment to be completed by its writer.
    let all_rejected = || {
        world.clock.advance_ms(50);
        (world.terminal.statistics().rejected == cases.len() as u64).then_some(())
    };
    eventually("rejections", all_rejected).await;
    for (stem, text, code) in &cases {
        let err = world.result(&format!("{stem}.err")).await;
        assert!(String::from_utf8(err).expect("text").contains(code), "{stem}");
        assert_eq!(world.result(&format!("{stem}.xml")).await, text.as_bytes(), "{stem}");
    }
    assert!(world.names(&world.folders.req).is_empty());
    assert_eq!(world.names(&world.folders.res).len(), 2 * cases.len());
}

#[tokio::test]
async fn too_large_requests_are_rejected_unread() {
    let world = World::start_with(|config| config.max_request_bytes = 4096).await;
    let large = format!("{SHEET_REQUEST}{}", " ".repeat(5000));
    world.ask("OQSsiquc01req_1.xml", large.as_bytes());
    let err = world.result_text("OQSsiquc01req_1.err").await;
    assert!(err.contains("SIZE"));
}

#[tokio::test]
async fn other_files_are_left_alone() {
    let world = World::start().await;
    let others = ["OQSsiquc01req_1.xml.tmp", "OQSsiquc01res_1.xml", "notes.txt", "notes.xml", "OQSsiquc01req_é.xml"];
    for name in others {
        fs::write(world.folders.req.join(name), SHEET_REQUEST).expect("writes");
    }
    world.ask_about("valid-face", "2").await;
    assert_eq!(world.names(&world.folders.req).len(), others.len());
    assert_eq!(world.names(&world.folders.res).len(), 1);
}

#[tokio::test]
async fn a_request_still_being_written_is_left_until_complete() {
    let world = World::start_with(|config| config.poll_interval_ms = 10_000).await;
    let path = world.folders.req.join("OQSsiquc01req_1.xml");
    fs::write(&path, &SHEET_REQUEST[..300]).expect("writes");
    // Another request shows that the terminal has looked; turning a knob wakes it.
    let population = world.terminal.population();
    let other = request(population.get("valid-face").expect("cast"), "2");
    world.ask("OQSsiquc01req_2.xml", other.as_bytes());
    world.terminal.faults().clear();
    world.result_text("OQSsiquc01res_2.xml").await;
    assert!(path.exists());
    fs::write(&path, SHEET_REQUEST).expect("writes");
    world.terminal.faults().clear();
    let answer = world.result_text("OQSsiquc01res_1.xml").await;
    assert_eq!(element(&answer, "QualificationValidity").as_deref(), Some("4"));
    assert_eq!(world.terminal.statistics().rejected, 0);
}

#[tokio::test]
async fn bulk_runs_through_receipt_progress_and_result() {
    let world = World::start_with(|config| config.bulk_busy_polls = 2).await;
    let population = world.terminal.population();
    let person = |key: &str| population.get(key).expect("cast");
    let unit = |key: &str, id: &str| {
        let numbers = numbers(person(key), &person(key).holds[0]);
        format!(
            "<QualificationConfirmSearchInfo>{numbers}<ArbitraryIdentifier>{id}</ArbitraryIdentifier></QualificationConfirmSearchInfo>"
        )
    };
    let broken = "<QualificationConfirmSearchInfo><InsurerNumber>06139990</InsurerNumber><ArbitraryIdentifier>P3</ArbitraryIdentifier></QualificationConfirmSearchInfo>";
    let start = SHEET_REQUEST.find("<QualificationConfirmSearchInfo>").expect("there");
    let end = SHEET_REQUEST.find("  </MessageBody>").expect("there");
    let units = format!("{}{}{broken}", unit("valid-face", "P1"), unit("invalid-lost-job", "P2"));
    let upload = SHEET_REQUEST.replace(&SHEET_REQUEST[start..end], &units);
    world.ask("OQSmuquc01req_1.xml", upload.as_bytes());
    let receipt = world.result_text("OQSmuquc01res_1.xml").await;
    let reception = element(&receipt, "ReceptionNumber").expect("a number");
    assert_eq!(element(&receipt, "ArbitraryFileIdentifier").as_deref(), Some("A20260401-0001-7f3c"));
    assert!(element(&receipt, "ReceptionDateTime").is_some());

    let download = |reception: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><MedicalInstitutionCode>{INSTITUTION}\
             </MedicalInstitutionCode></MessageHeader><MessageBody><ReceptionNumber>{reception}</ReceptionNumber>\
             </MessageBody></XmlMsg>"
        )
    };
    for busy in ["a", "b"] {
        world.ask(&format!("OQSmuquc02req_{busy}.xml"), download(&reception).as_bytes());
        let answer = world.result_text(&format!("OQSmuquc02res_{busy}.xml")).await;
        assert_eq!(element(&answer, "SegmentOfResult").as_deref(), Some("2"));
        assert_eq!(element(&answer, "ReceptionNumber").as_deref(), Some(reception.as_str()));
    }
    world.ask("OQSmuquc02req_c.xml", download(&reception).as_bytes());
    let done = world.result_text("OQSmuquc02res_c.xml").await;
    for (name, expected) in [
        ("SegmentOfResult", "1"),
        ("NumberOfProcessingResult", "3"),
        ("NumberOfNormalProcessing", "2"),
        ("NumberOfError", "1"),
        ("QualificationConfirmationDate", "20260401"),
    ] {
        assert_eq!(element(&done, name).as_deref(), Some(expected), "{name}");
    }
    let units = elements(&done, "BulkConfirmUnit");
    let of = |id: &str| {
        units.iter().find(|unit| element(unit, "ArbitraryIdentifier").as_deref() == Some(id)).expect("a unit")
    };
    assert_eq!(element(of("P1"), "QualificationValidity").as_deref(), Some("1"));
    assert_eq!(element(of("P1"), "LimitApplicationCertificateChanged").as_deref(), Some("0"));
    assert!(!of("P1").contains("RelatedInfo") && !of("P1").contains("ResultList"));
    assert_eq!(element(of("P2"), "QualificationValidity").as_deref(), Some("2"));
    assert_eq!(element(of("P3"), "ProcessingResultStatus").as_deref(), Some("2"));

    world.ask("OQSmuquc02req_d.xml", download("R-NEVER-GIVEN").as_bytes());
    let unknown = world.result_text("OQSmuquc02res_d.xml").await;
    assert_eq!(element(&unknown, "SegmentOfResult").as_deref(), Some("9"));
    assert!(element(&unknown, "ErrorCode").is_some());
}

#[tokio::test]
async fn a_registered_reference_number_comes_back_on_the_card() {
    let world = World::start().await;
    let population = world.terminal.population();
    let person = population.get("valid-face").expect("cast");
    let coverage = &person.holds[0].coverage;
    let register = |number: &str, id: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader><MedicalInstitutionCode>{INSTITUTION}\
             </MedicalInstitutionCode><ArbitraryFileIdentifier>{id}</ArbitraryFileIdentifier></MessageHeader><MessageBody>\
             <ReferenceNumberRegistrationInfo><ReferenceNumber>P000982</ReferenceNumber><InsurerNumber>{}</InsurerNumber>\
             <InsuredIdentificationNumber>{number}</InsuredIdentificationNumber><InsuredBranchNumber>00</InsuredBranchNumber>\
             </ReferenceNumberRegistrationInfo></MessageBody></XmlMsg>",
            coverage.insurer_number
        )
    };
    world.ask("OQSsiimm01req_1.xml", register(&coverage.number, "i1").as_bytes());
    let done = world.result_text("OQSsiimm01res_1.xml").await;
    assert_eq!(element(&done, "ProcessingResultStatus").as_deref(), Some("1"));
    assert_eq!(element(&done, "ReferenceNumber").as_deref(), Some("P000982"));
    world.ask("OQSsiimm01req_2.xml", register("424242", "i2").as_bytes());
    let failed = world.result_text("OQSsiimm01res_2.xml").await;
    assert_eq!(element(&failed, "ProcessingResultStatus").as_deref(), Some("2"));

    let reading = world.terminal.present_card("valid-face", CardMethod::Face).expect("reads");
    let face = face_text(&world, &reading.name).await;
    assert_eq!(element(&face, "ReferenceNumber").as_deref(), Some("P000982"));
}

async fn face_text(world: &World, name: &str) -> String {
    let path = world.folders.face.join(format!("{name}.xml"));
    let bytes = eventually("face file", || fs::read(&path).ok()).await;
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn a_card_reading_writes_a_face_file() {
    let world = World::start().await;
    let reading = world.terminal.present_card("valid-face", CardMethod::Face).expect("reads");
    let rest = reading.name.strip_prefix("OQSsiquc01res_face_").expect("the prefix");
    let (id, stamp) = rest.split_once('_').expect("two parts");
    assert!(id.starts_with(INSTITUTION) && id.len() == 30 && id[10..].bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(stamp, "20260401085512");
    let face = face_text(&world, &reading.name).await;
    assert_eq!(element(&face, "ReferenceClassification").as_deref(), Some("1"));
    assert_eq!(element(&face, "QualificationValidity").as_deref(), Some("1"));
    assert_eq!(element(&face, "ArbitraryFileIdentifier").map(|token| token.len()), Some(16));
    assert!(element(&face, "PrescriptionIssueSelect").is_some());
    assert!(!face.contains("QualificationConfirmSearchInfo"));
    let population = world.terminal.population();
    let consents = population.get("valid-face").expect("cast").national.consents;
    for (topic, given) in [
        ("PharmacistsInfo", consents.drugs),
        ("DiagnosisInfo", consents.diagnosis),
        ("SpecificHealthCheckupsInfo", consents.checkup),
        ("OperationInfo", consents.operation),
    ] {
        let value = |part: &str| element(&face, &format!("{topic}{part}"));
        assert_eq!(value("ConsFlg").as_deref(), Some(if given { "1" } else { "0" }));
        assert_eq!(value("ConsTime").as_deref(), given.then_some("20260401085512"));
        assert_eq!(value("AvailableTime").as_deref(), given.then_some("20260402085512"), "24 hours");
    }
    assert_eq!(world.terminal.statistics().faces, 1);
    let again = world.terminal.present_card("valid-face", CardMethod::Visual).expect("reads");
    assert_ne!(again.name, reading.name, "same second, another name");
}

#[tokio::test]
async fn the_reader_says_why_a_card_is_refused() {
    let world = World::start().await;
    for (key, method, refusal) in [
        ("cert-w3", CardMethod::Face, CardRefusal::CertificateExpired),
        ("face-mismatch", CardMethod::Face, CardRefusal::FaceMismatch),
        ("face-mismatch", CardMethod::Pin, CardRefusal::PinWrong),
        ("pin-locked", CardMethod::Pin, CardRefusal::PinLocked),
        ("certificate-only", CardMethod::Face, CardRefusal::NoCard),
        ("valid-face", CardMethod::Phone, CardRefusal::NoCard),
        ("card-unregistered", CardMethod::Face, CardRefusal::NotRegistered),
        ("dv-protected", CardMethod::Face, CardRefusal::CardUnusable),
        ("nobody", CardMethod::Face, CardRefusal::UnknownPerson),
    ] {
        assert_eq!(world.terminal.present_card(key, method), Err(refusal), "{key}");
    }
    for (key, method) in [
        ("face-mismatch", CardMethod::Visual),
        ("pin-locked", CardMethod::Face),
        ("phone-user", CardMethod::Phone),
        ("cert-w2", CardMethod::Face),
    ] {
        assert!(world.terminal.present_card(key, method).is_ok(), "{key}");
    }
}

#[tokio::test]
async fn the_grace_period_has_no_medical_data_and_ends_with_its_month() {
    let world = World::start().await;
    let reading = world.terminal.present_card("cert-w2", CardMethod::Face).expect("still reads");
    let face = face_text(&world, &reading.name).await;
    assert_eq!(element(&face, "PharmacistsInfoConsFlg").as_deref(), Some("0"));
    assert!(element(&face, "ProcessingResultMessage").is_some_and(|text| text.contains("期限")));
    assert_eq!(element(&face, "ProcessingResultStatus").as_deref(), Some("1"));
    world.clock.advance_ms(140 * 86_400_000);
    assert_eq!(world.terminal.present_card("cert-w2", CardMethod::Face), Err(CardRefusal::CertificateExpired));
}

#[tokio::test]
async fn the_card_tells_more_than_old_numbers() {
    let world = World::start().await;
    for (key, validity, results) in [
        ("superseded", Validity::Valid, 1),
        ("turned-75-today", Validity::Valid, 1),
        ("not-found-new-job", Validity::Invalid, 1),
        ("ambiguous-no-branch", Validity::Valid, 1),
        ("insurance-and-aid", Validity::Valid, 2),
        ("medical-aid", Validity::Valid, 1),
        ("medical-aid-unregistered", Validity::ValidTicketMissing, 1),
    ] {
        let reading = world.terminal.present_card(key, CardMethod::Face).expect(key);
        let face = face_text(&world, &reading.name).await;
        assert_eq!(element(&face, "QualificationValidity").as_deref(), Some(validity.code()), "{key}");
        assert_eq!(elements(&face, "ResultOfQualificationConfirmation").len(), results, "{key}");
        assert_eq!(face.contains("MedicalTicketInfo"), matches!(key, "insurance-and-aid" | "medical-aid"), "{key}");
    }
}

#[tokio::test]
async fn time_passes_and_the_new_job_is_registered() {
    let world = World::start().await;
    assert!(world.ask_about("not-found-new-job", "1").await.contains("<QualificationValidity>4<"));
    world.clock.advance_ms(9 * 86_400_000);
    assert!(world.ask_about("not-found-new-job", "2").await.contains("<QualificationValidity>1<"));
}

#[tokio::test]
async fn forgotten_results_are_cleaned_up() {
    let world = World::start().await;
    world.ask_about("valid-face", "1").await;
    world.clock.advance_ms(24 * 3_600_000 + 1);
    eventually("empty res", || world.names(&world.folders.res).is_empty().then_some(())).await;
    assert_eq!(world.terminal.statistics().cleaned_up, 1);
}

#[tokio::test]
async fn wrong_settings_do_not_start() {
    let clock = HandClock::new();
    let config = sync::simulator::SimConfig::new("12345", clock.sim());
    assert!(matches!(sync::simulator::SimTerminal::start(config).await, Err(StartFailure::InstitutionCode)));
    let mut config = sync::simulator::SimConfig::new(INSTITUTION, clock.sim());
    config.control_listen = Some("0.0.0.0:0".parse().expect("an address"));
    assert!(matches!(sync::simulator::SimTerminal::start(config).await, Err(StartFailure::ControlNotLoopback(_))));
}
