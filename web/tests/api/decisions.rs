//! Cases and decisions: the documentation, the description and the rules say the same.

use crate::description::description;
use crate::schema::differences;
use crate::support::json::{from_json, to_json};
use crate::world::{World, invented_my_number};
use axum::body::Body;
use domain::case::{Attempt, AttemptOutcome, Case, Companion, Flow, Presented, Site, SiteKind, StoredPatient};
use domain::coverage::{Coverage, ElderlyRecipient, LimitInfo, LossReason, PersonalFamily};
use domain::decision::Acceptance;
use domain::declaration::{Declaration, DocumentIssued, InsuranceKind, PaperForm, Signature, Signer};
use domain::eligibility::{AskedBy, Consent, ConsentTopic, EligibilityStatus};
use domain::evidence::{Confidence, EvidenceKind};
use domain::link::{Cause, CouldNotAsk, LinkState, Links, WhyNotBetter};
use domain::lookup::{DisasterConsent, Lookup, SearchedBy, on_screen};
use domain::number::{InsuredNumber, InsuredSymbol};
use domain::rule::RulePack;
use domain::written::Written;
use domain::{Date, Timestamp, decide};
use http::StatusCode;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use web::api::wire::decision::Decision;

const DOCUMENTATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../appliance/domain/CASES.md");

fn documentation() -> String {
    std::fs::read_to_string(DOCUMENTATION).unwrap()
}

/// The blocks fenced with this word, with their places.
fn blocks<'a>(text: &'a str, fence: &str) -> Vec<&'a str> {
    let open = format!("```{fence}\n");
    text.split(open.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Replaces the `index`th block of a kind.
fn replaced(text: &str, fence: &str, index: usize, content: &str) -> String {
    let open = format!("```{fence}\n");
    let mut parts: Vec<String> = text.split(open.as_str()).map(str::to_owned).collect();
    let rest = parts[index + 1].split_once("```").unwrap().1.to_owned();
    parts[index + 1] = format!("{content}```{rest}");
    parts.join(&open)
}

fn with_code_tables(text: &str, tables: &str) -> String {
    const MARK: &str = "<!-- code tables, written by the test -->\n";
    let (before, _) = text.split_once(MARK).unwrap();
    format!("{before}{MARK}\n{tables}")
}

async fn decided(world: &World, case: &Json) -> Json {
    let reply = world.post("/rules/decide", case).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    reply.json()
}

/// With `UPDATE_CASES=1` in the environment the documented outputs and code tables are written anew.
#[tokio::test]
async fn the_documentation_shows_real_decisions_and_every_code() {
    let world = World::new();
    let text = documentation();
    let cases = blocks(&text, "json case");
    assert_eq!(cases.len(), 3);
    let mut real = text.clone();
    for (index, case) in cases.iter().enumerate() {
        let decision = decided(&world, &serde_json::from_str(case).unwrap()).await;
        real =
            replaced(&real, "json decision", index, &format!("{}\n", serde_json::to_string_pretty(&decision).unwrap()));
    }
    real = with_code_tables(&real, &code_tables(&description(&world).await));
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(DOCUMENTATION, &real).unwrap();
    }
    assert!(real == text, "CASES.md is out of step; run the test with UPDATE_CASES=1 and read the difference");
}

/// Tables of codes that cases and decisions use, as the description has them.
fn code_tables(document: &Json) -> String {
    let mut text = String::new();
    let mut names = Vec::new();
    for root in ["Case", "Decision"] {
        reachable(document, &document["components"]["schemas"][root], &mut names);
    }
    names.sort();
    for name in names {
        let schema = &document["components"]["schemas"][&name];
        if schema["enum"].is_array() {
            writeln!(text, "### {name}\n\n{}\n", schema["description"].as_str().unwrap()).unwrap();
        }
    }
    format!("{}\n", text.trim_end())
}

fn reachable(document: &Json, schema: &Json, names: &mut Vec<String>) {
    match schema {
        Json::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Json::as_str).and_then(|r| r.rsplit('/').next())
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
                reachable(document, &document["components"]["schemas"][name], names);
            }
            fields.values().for_each(|value| reachable(document, value, names));
        }
        Json::Array(items) => items.iter().for_each(|item| reachable(document, item, names)),
        _ => {}
    }
}

/// Every field of a case is named in the documentation.
#[tokio::test]
async fn the_documentation_names_every_field() {
    let text = documentation();
    let document = description(&World::new()).await;
    let mut names = vec!["Case".to_owned(), "Decision".to_owned()];
    for root in ["Case", "Decision"] {
        reachable(&document, &document["components"]["schemas"][root], &mut names);
    }
    for name in names {
        for field in
            document["components"]["schemas"][&name]["properties"].as_object().into_iter().flatten().map(|(f, _)| f)
        {
            assert!(text.contains(&format!("`{field}`")), "{name}.{field}");
        }
    }
}

#[tokio::test]
async fn a_filled_case_is_read_and_as_described() {
    let world = World::new();
    let document = description(&world).await;
    let schema = json!({"$ref": "#/components/schemas/Case"});
    let case = filled();
    let written = to_json(&case.write());
    assert_eq!(differences(&document, &schema, &written), Vec::<String>::new());
    assert_eq!(Case::read(&from_json(&written)).unwrap(), case);
    let written_fields = written.as_object().unwrap().len();
    // `site_kind` and `birth_date` are short forms and never written
    let described = document["components"]["schemas"]["Case"]["properties"].as_object().unwrap().len();
    assert_eq!(written_fields, described - 2);
    decided(&world, &written).await;
    for example in blocks(&documentation(), "json case") {
        let example = serde_json::from_str(example).unwrap();
        assert_eq!(differences(&document, &schema, &example), Vec::<String>::new());
    }
}

/// What the description says of a decision is what the rules write: no field more, no field less.
#[tokio::test]
async fn decisions_are_as_described() {
    let document = description(&World::new()).await;
    let schema = json!({"$ref": "#/components/schemas/Decision"});
    for case in many_cases() {
        let real = to_json(&decide(&case, &RulePack::built_in()).write());
        assert_eq!(differences(&document, &schema, &real), Vec::<String>::new());
        let described: Decision = serde_json::from_value(real.clone()).unwrap();
        assert_eq!(serde_json::to_value(&described).unwrap(), real);
    }
}

fn many_cases() -> Vec<Case> {
    let mut cases = vec![filled()];
    let births = ["1950-02-01", "1954-06-30", "1990-01-01", "2024-05-05"].map(Date::parse);
    for kind in EvidenceKind::ALL {
        for (index, birth) in births.iter().enumerate() {
            let mut case = Case::new(Date::literal(2026, 3, 2), Site::of(SiteKind::ALL[index]));
            case.person.birth_date = *birth;
            case.presented = vec![Presented::bare(*kind)];
            case.certificate_expiry = Date::parse("2026-01-20").filter(|_| index % 2 == 0);
            if index % 2 == 1 {
                case.links.line = LinkState::down(Some(Timestamp::in_japan(case.visit_date, 8, 0, 0)));
            }
            if index == 2 {
                case.online = filled().online;
            }
            cases.push(case);
        }
    }
    cases
}

fn filled() -> Case {
    let day = Date::literal(2026, 3, 2);
    let at = Timestamp::in_japan(day, 9, 0, 0);
    let date = Date::parse;
    let coverage = Coverage {
        override_reason: Some("原本を2人で確認".to_owned()),
        personal_family: Some(PersonalFamily::Dependant),
        card_classification: Some("01".to_owned()),
        elderly: Some(ElderlyRecipient {
            ratio_tenths: Some(2),
            valid_from: date("2025-08-01"),
            valid_to: date("2026-07-31"),
        }),
        limit: Some(LimitInfo {
            limit_class: "A03".to_owned(),
            valid_from: date("2025-08-01"),
            valid_to: date("2026-07-31"),
        }),
        lost_on: date("2027-04-01"),
        loss_reason: Some(LossReason::OtherInsurance),
        issued_on: date("2025-12-02"),
        valid_from: date("2025-12-02"),
        valid_to: date("2026-11-30"),
        ..crate::support::people::kenpo("0345")
    };
    let person = crate::support::people::hanako();
    let down = LinkState { since: Some(at), cause: Some(Cause::Power), ..LinkState::down(None) };
    let mut answer = crate::support::people::answer(EligibilityStatus::Valid, day, person.clone(), coverage.clone());
    answer.obtained_at = Some(at);
    answer.reference_number = Some("12345".to_owned());
    answer.note = Some("正常終了".to_owned());
    answer.consents = vec![Consent { topic: ConsentTopic::Drug, given: true, at: Some(at), available_until: Some(at) }];
    let screen = on_screen(EligibilityStatus::Valid, day, at, person.clone(), coverage.clone());
    Case {
        visit_date: day,
        at: Some(at),
        site: Site { phone_reader: true, home_consent_app: true, ..Site::of(SiteKind::Pharmacy) },
        flow: Flow::DriveThrough,
        person,
        presented: vec![
            Presented {
                coverage: coverage.clone(),
                is_copy: true,
                copy_of: Some(EvidenceKind::EligibilityCertificate),
                ..Presented::bare(EvidenceKind::NurseryCopy)
            },
            Presented::bare(EvidenceKind::MynaCardFace),
        ],
        attempts: vec![Attempt { kind: EvidenceKind::MynaCardPin, outcome: AttemptOutcome::Locked }],
        companion: Some(Companion::NurseryStaff),
        links: Links { reader: down, ..Links::ALL_UP },
        certificate_expiry: date("2026-05-20"),
        card_registered: Some(true),
        card_lost: true,
        online: Some(answer),
        stored: Some(StoredPatient {
            coverage,
            confirmed_on: date("2026-02-10"),
            confirmed_how: Some(EvidenceKind::MynaCardFace),
            document_shown_on: date("2026-02-10"),
            false_invalid_since: date("2026-01-10"),
            subsidy_shown_on: date("2026-01-10"),
            slips_given_on: vec![Date::literal(2026, 1, 10)],
            card_lost_on: date("2026-02-10"),
        }),
        unchanged_said: true,
        declaration: Some(declaration(at)),
        staff_accepts: true,
        could_not_ask: Some(CouldNotAsk {
            cause: Cause::NationalService,
            since: Some(at),
            code: Some("ACC00001".to_owned()),
            still_out: true,
        }),
        lookup: Some(Lookup {
            kind: EvidenceKind::DisasterMode,
            answer: screen,
            searched_by: SearchedBy::FourItems,
            person_compared: true,
            looked_up_by: "受付 一子".to_owned(),
            looked_up_at: at,
            consent: Some(DisasterConsent::Oral),
        }),
        answer_withheld: true,
        withheld_asked_by: Some(AskedBy::Number),
        settled: Some(Acceptance {
            evidence: EvidenceKind::ReturnVisitOral,
            confidence: Confidence::StatedByPatient,
            provisional: true,
            why_not_better: Some(WhyNotBetter { cause: Cause::Power, since: Some(at) }),
        }),
    }
}

fn declaration(at: Timestamp) -> Declaration {
    let text = |text: &str| Some(text.to_owned());
    Declaration {
        form_no: "1".to_owned(),
        text_version: "2026-01".to_owned(),
        document_issued: Some(DocumentIssued::NotYetArrived),
        insurance_kind: InsuranceKind::Employee,
        insurer_name: text("架空組合"),
        workplace: text("架空商事"),
        issued_when: text("春"),
        ratio_tenths: Some(3),
        name: "見本 花子".to_owned(),
        name_kana: text("ミホン ハナコ"),
        birth_date: Date::literal(1964, 10, 10),
        sex: Some(domain::coverage::Sex::Female),
        address: text("東京都架空区"),
        postal_code: text("000-0000"),
        phone: text("03-0000-0000"),
        other_contact: text("hanako@example.jp"),
        remembered_symbol: Some(InsuredSymbol::parse("見本12").unwrap().value),
        remembered_number: Some(InsuredNumber::parse("345").unwrap().value),
        consent_contact: true,
        consent_requery: true,
        signature: Some(Signature {
            signer: Signer::Guardian,
            signer_name: text("見本 一郎"),
            relation: text("夫"),
            strokes: "M1,1 L2,2".to_owned(),
            signed_at: at,
            content_hash: "a".repeat(64),
        }),
        paper: Some(Box::new(PaperForm {
            signer: Signer::Companion,
            signer_name: text("見本 次郎"),
            relation: text("施設職員"),
            kept_at: text("申立書ファイル"),
        })),
    }
}

async fn decide_lines(world: &World, lines: impl Into<Body>) -> crate::world::Reply {
    let request = world.authorised("POST", "/rules/decide").header("content-type", "application/x-ndjson");
    world.send(request.header("accept-language", "en").body(lines.into()).unwrap()).await
}

#[tokio::test]
async fn bad_lines_in_the_middle_do_not_stop_the_others() {
    let world = World::new();
    let good = r#"{"visit_date":"2026-03-02","presented":["ELIGIBILITY_CERTIFICATE"]}"#;
    let number = invented_my_number();
    let lines = [
        good.to_owned(),
        "{\"visit_date\": \"2026-03-02\", nonsense".to_owned(),
        r#"{"visit_date":"2026-02-30"}"#.to_owned(),
        String::new(),
        r#"{"visit_date":"2026-03-02","stored":{"coverage":{"valid_to":"soon"}}}"#.to_owned(),
        format!(r#"{{"visit_date":"2026-03-02","person":{{"name":"{number}"}}}}"#),
        format!("\"{}\"", "x".repeat(256 * 1024)),
        format!("{good}\r"),
        good.to_owned(),
    ];
    let reply = decide_lines(&world, lines.join("\n")).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/x-ndjson"));
    assert!(!reply.text.contains(&number));
    let replies: Vec<Json> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<Json> = replies
        .iter()
        .map(|line| match line.get("rules_version") {
            Some(_) => json!("decided"),
            None => json!([line["line"], line["type"], line["errors"][0]["pointer"]]),
        })
        .collect();
    assert_eq!(
        seen,
        [
            json!("decided"),
            json!([2, "/problems/invalid-json", null]),
            json!([3, "/problems/invalid-case", "/visit_date"]),
            json!([5, "/problems/invalid-case", "/stored/coverage/valid_to"]),
            json!([6, "/problems/my-number-refused", "/person/name"]),
            json!([7, "/problems/too-large", null]),
            json!("decided"),
            json!("decided"),
        ]
    );
    let document = description(&world).await;
    let schema = json!({"$ref": "#/components/schemas/ProblemDocument"});
    for line in replies.iter().filter(|line| line.get("line").is_some()) {
        assert_eq!(differences(&document, &schema, line), Vec::<String>::new());
        assert_eq!(line["detail"], line["detail_en"], "in the caller's language");
    }
}

#[tokio::test]
async fn lines_are_limited_together() {
    let world = World::new();
    let reply = decide_lines(&world, vec![b'\n'; 4 * 1024 * 1024]).await;
    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, ""));
    let reply = decide_lines(&world, vec![b'\n'; 4 * 1024 * 1024 + 1]).await;
    assert_eq!(reply.problem(), "too-large");
}

#[tokio::test]
async fn many_lines_are_decided_in_order() {
    let world = World::new();
    let days: Vec<Date> = (0..500).map(|day| Date::literal(2025, 1, 1).plus_days(day)).collect();
    let lines: Vec<String> =
        days.iter().map(|day| format!(r#"{{"visit_date":"{day}","birth_date":"1953-05-05"}}"#)).collect();
    let reply = decide_lines(&world, lines.join("\n")).await;
    let due = |line: &str| serde_json::from_str::<Json>(line).unwrap();
    assert_eq!(reply.text.lines().count(), days.len());
    for (line, day) in reply.text.lines().zip(&days) {
        let case = Case::read(&from_json(&json!({"visit_date": day.to_string(), "birth_date": "1953-05-05"}))).unwrap();
        assert_eq!(due(line), to_json(&decide(&case, &RulePack::built_in()).write()), "{day}");
    }
}

#[tokio::test]
async fn a_decision_changes_nothing() {
    let world = World::new();
    let before = world.revision();
    decided(&world, &json!({"visit_date": "2026-03-02"})).await;
    assert_eq!(world.revision(), before);
}
