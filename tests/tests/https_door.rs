//! The terminal stands elsewhere: the same promise over HTTPS with mutual TLS. Twenty patients over the API while the door is cut,
//! then the terminal holds its answers back, then the line behind it is cut, and the box is killed once; afterwards every visit is confirmed, corrected, or in the follow-up list.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::aftermath::{everything_is_settled, follow_ups_of, link_status, nothing_is_out, until};
use tests::clinic::{Clinic, Door};
use tests::people::{Patient, Plan, forty, population};
use tests::program::{Outcome, Program};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_patients_with_the_terminal_elsewhere() {
    let clinic = Clinic::new(Door::Https);
    let terminal = clinic.start_terminal();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let mut reception = clinic.open();
    let patients = twenty();
    let (before, rest) = patients.split_at(6);
    let (without_door, rest) = rest.split_at(8);
    let (without_line, answered_late) = rest.split_at(4);

    let mut visits = receive_all(&program, before);
    for visit in visits.values() {
        let asked = program.post(&format!("/visits/{visit}/questions"), &format!("ask-{visit}"), &json!({}));
        assert!(matches!(asked, Outcome::Kept(_)), "{asked:?}");
    }
    until("the first are answered", || nothing_is_out(&program)).await;
    assert_eq!(link_status(&program, "terminal"), "up");
    let early = everything_is_settled(&program);
    assert!(early.get("confirmed").copied().unwrap_or_default() >= 3, "{early:?}");

    clinic.set_faults(&json!({ "rules": { "restart_keeping": { "when": "always" } } }));
    let (first, others) = without_door.split_at(1);
    visits.extend(receive_all(&program, first)); // and its question finds nobody
    until("the terminal is seen to be gone", || link_status(&program, "terminal") == "down").await;
    let (some, others) = others.split_at(3);
    visits.extend(receive_all(&program, some));
    reception.kill();
    reception = clinic.open();
    until("the terminal is found to be gone still", || link_status(&program, "terminal") == "down").await;
    visits.extend(receive_all(&program, others));
    assert_eq!(statuses_of(&program, without_door, &visits), ["provisional"; 8], "nobody was turned away");

    clinic.set_faults(&json!({ "all_off": true, "rules": { "late": { "when": "always" } } }));
    until("the terminal is back", || link_status(&program, "terminal") == "up").await;
    visits.extend(receive_all(&program, answered_late));
    let held = || clinic.terminal_state()["statistics"]["under_way"].as_u64().unwrap();
    until("the terminal holds answers back", || held() >= 2).await;
    assert_eq!(statuses_of(&program, answered_late, &visits), ["provisional"; 2], "asked, and not waited for");

    clinic.set_faults(&json!({ "all_off": true, "rules": { "line_down": { "when": "always" } } }));
    until("the line is seen to be down", || link_status(&program, "line") == "down").await;
    visits.extend(receive_all(&program, without_line));
    assert_eq!(statuses_of(&program, without_line, &visits), ["provisional"; 4]);

    clinic.set_faults(&json!({ "all_off": true }));
    until("every question is answered", || nothing_is_out(&program)).await;
    let counts = everything_is_settled(&program);
    assert_eq!(counts.values().sum::<u32>(), 20, "nothing acknowledged is lost, nothing appears twice: {counts:?}");
    assert_eq!(visits.len(), 20);
    let sure = ["confirmed", "changed"].iter().filter_map(|status| counts.get(*status)).sum::<u32>();
    assert!(sure >= 12, "the national service answered for too few: {counts:?}");
    assert!(!counts.contains_key("open") && !counts.contains_key("full_charge"), "{counts:?}");
    declarations_stay_open(&program, &patients, &visits);
    assert!(clinic.terminal_state()["statistics"]["taken"].as_u64().unwrap() >= 16);
    assert_eq!(std::fs::read_dir(clinic.path("res")).unwrap().count(), 0, "all of it went through the other door");
    drop((reception, terminal));
}

/// Nine ordinary people with a certificate and three with something amiss; between them four with card and notice and four who
/// declare.
fn twenty() -> Vec<Patient> {
    let all = forty(&population());
    let some = |plan: Plan| all.iter().filter(move |patient| patient.plan == plan).cloned();
    let others = some(Plan::CardAndNotice).zip(some(Plan::Declaration)).take(4).flat_map(|(one, other)| [one, other]);
    let ordinary = some(Plan::Certificate).skip(11);
    let mut twenty: Vec<Patient> = ordinary.chain(some(Plan::Certificate).take(3)).collect();
    for (number, patient) in others.enumerate() {
        twenty.insert(7 + number + number / 2, patient);
    }
    assert_eq!(twenty.len(), 20);
    twenty
}

fn receive_all(program: &Program, patients: &[Patient]) -> BTreeMap<String, String> {
    patients.iter().map(|patient| (patient.person.key.clone(), receive(program, patient))).collect()
}

/// One patient over the API. Returns the visit.
fn receive(program: &Program, patient: &Patient) -> String {
    let face = &patient.person.face;
    let birth_date = face.birth_date.to_string();
    let commands = match patient.plan {
        Plan::Certificate => vec![paper("ELIGIBILITY_CERTIFICATE", patient)],
        Plan::CardAndNotice => vec![paper("CARD_PLUS_NOTICE", patient)],
        Plan::Declaration => vec![
            json!({ "present": { "kind": "MYNA_CARD_FACE" } }),
            json!({ "declaration": {
                "form_no": format!("HTTPS-{}", patient.person.key), "text_version": "2025-12",
                "insurance_kind": "kokuho", "name": face.name, "name_kana": face.reading, "birth_date": birth_date,
                "phone": patient.person.telephone, "consent_contact": true, "consent_requery": true,
            } }),
        ],
    };
    let body = json!({
        "person": { "name": face.name, "name_kana": face.reading, "birth_date": birth_date, "address": face.address },
        "commands": commands,
    });
    match program.post("/check-ins", &patient.person.key, &body) {
        Outcome::Kept(saved) => saved["visit"].as_str().unwrap().to_owned(),
        other => panic!("{}: {other:?}", patient.person.key),
    }
}

fn paper(kind: &str, patient: &Patient) -> Value {
    let paper = &patient.person.holds[0];
    let numbers = &paper.coverage;
    json!({ "present": { "kind": kind, "coverage": {
        "insurer_number": numbers.insurer_number, "insured_symbol": numbers.symbol, "insured_number": numbers.number,
        "branch_number": numbers.branch, "ratio_tenths": paper.share_tenths,
        "valid_to": paper.valid_to.map(|day| day.to_string()),
    } } })
}

fn statuses_of(program: &Program, patients: &[Patient], visits: &BTreeMap<String, String>) -> Vec<String> {
    let board = program.get("/board");
    let status = |patient: &Patient| {
        let row = board["rows"].as_array().unwrap().iter().find(|row| row["visit"] == visits[&patient.person.key]);
        row.unwrap()["status"].as_str().unwrap().to_owned()
    };
    patients.iter().map(status).collect()
}

fn declarations_stay_open(program: &Program, patients: &[Patient], visits: &BTreeMap<String, String>) {
    let follow_ups = program.get("/follow-ups");
    for patient in patients.iter().filter(|patient| patient.plan == Plan::Declaration) {
        let items = follow_ups_of(&follow_ups, &visits[&patient.person.key]);
        assert!(!items.is_empty(), "a declaration without numbers stays open: {}", patient.person.key);
    }
}
