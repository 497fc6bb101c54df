//! The box seen from inside, with the real program: who may read its figures, what `uketsuke doctor` says while the reception runs and
//! after, and that no bundle names anybody.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use std::process::Output;
use tests::clinic::{Clinic, Door};
use tests::process::uketsuke;
use tests::program::{Outcome, Program};
use tests::secrets::Secrets;

const NAME: &str = "鷲尾　小夜子";
const KANA: &str = "ワシオ　サヨコ";
const ADDRESS: &str = "架空県幻市見本町９丁目８７番地";
const NUMBER: &str = "90817263";

fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    for text in [NAME, "鷲尾", KANA, ADDRESS, NUMBER] {
        secrets.add(text);
    }
    secrets.add_date(domain::Date::literal(1971, 3, 29));
    secrets
}

fn receive_somebody(program: &Program) {
    let body = json!({
        "person": { "name": NAME, "name_kana": KANA, "birth_date": "1971-03-29", "address": ADDRESS },
        "commands": [{ "present": { "kind": "ELIGIBILITY_CERTIFICATE", "coverage": {
            "insurer_number": "06010391", "insured_number": NUMBER } } }],
    });
    assert!(matches!(program.post("/check-ins", "one", &body), Outcome::Kept(_)));
}

/// The figures as somebody gets them with these headers: status and text.
fn figures(clinic: &Clinic, headers: &[(&str, &str)]) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let asked = headers
        .iter()
        .fold(agent.get(format!("{}/metrics", clinic.url())), |asked, (name, value)| asked.header(*name, *value));
    let mut answer = asked.call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

fn run(clinic: &Clinic, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(uketsuke());
    command.args(arguments).arg("--config").arg(clinic.path("uketsuke.toml")).arg("--data").arg(clinic.path("data"));
    command.output().unwrap()
}

fn finding(looked: &Value, code: &str) -> String {
    let check = looked["checks"].as_array().unwrap().iter().find(|check| check["code"] == code).unwrap();
    check["finding"].as_str().unwrap().to_owned()
}

#[test]
fn figures_are_for_this_machine_and_for_programs_with_a_token() {
    let clinic = Clinic::new(Door::Folder);
    let token = clinic.api_token();
    let _reception = clinic.open();
    let program = Program::new(&clinic.url(), &token);
    receive_somebody(&program);
    let (status, text) = figures(&clinic, &[]);
    assert_eq!(status, 200);
    assert!(
        text.contains("uketsuke_build_info{") && text.contains("uketsuke_commit_duration_seconds_bucket{le=\"+Inf\"}")
    );
    assert!(text.contains("uketsuke_check_ins_today{outcome="));
    assert_eq!(secrets().place_in(&text), None);
    let through_a_proxy = ("x-forwarded-for", "192.0.2.7");
    assert_eq!(figures(&clinic, &[through_a_proxy]).0, 401);
    assert_eq!(figures(&clinic, &[through_a_proxy, ("authorization", "Bearer wrong")]).0, 401);
    let bearer = format!("Bearer {token}");
    assert_eq!(figures(&clinic, &[through_a_proxy, ("authorization", &bearer)]).0, 200);
}

#[test]
fn a_box_is_looked_over_while_it_runs_and_when_it_does_not() {
    let clinic = Clinic::new(Door::Folder);
    let token = clinic.api_token();
    let reception = clinic.open();
    receive_somebody(&Program::new(&clinic.url(), &token));
    let said = run(&clinic, &["doctor", "--json"]);
    let looked: Value = serde_json::from_slice(&said.stdout).unwrap();
    for code in ["service", "record", "keys", "terminal", "settings"] {
        assert_eq!(finding(&looked, code), "good", "{code}: {looked:#}");
    }
    assert_eq!(secrets().place_in(&looked.to_string()), None);
    assert!(reception.stop_by("TERM").success());
    let said = run(&clinic, &["doctor"]);
    assert_eq!(said.status.code(), Some(3), "the service does not run");
    let words = String::from_utf8(said.stdout).unwrap();
    assert!(words.starts_with("[異常 / bad]") && words.contains("systemctl start uketsuke"), "{words}");
    let bundle = clinic.path("bundle.zip");
    let bundle = bundle.to_str().unwrap();
    assert!(run(&clinic, &["support-bundle", bundle]).status.success());
    let packed = std::fs::read(bundle).unwrap();
    assert!(packed.starts_with(b"PK"));
    assert_eq!(secrets().place_in(&String::from_utf8_lossy(&packed)), None);
    assert!(!run(&clinic, &["support-bundle", bundle]).status.success(), "nothing is written over");
    assert_eq!(std::fs::read(bundle).unwrap(), packed);
}
