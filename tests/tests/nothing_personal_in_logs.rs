//! Nobody's data stands in a log: the real program at its most verbose, through check-ins, declarations, failures and bad input,
//! and then everything it wrote is searched for everybody who was involved.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use std::path::Path;
use tests::aftermath::{link_status, until};
use tests::browser::Desk;
use tests::clinic::{Clinic, Door};
use tests::people::{Patient, Plan, forty, population};
use tests::process::Running;
use tests::program::{Outcome, Program};
use tests::receptionist::{receive, set_up};
use tests::secrets::{Secrets, invented_my_number};

/// Somebody whose data only this test knows, in the spellings it is typed and sent in.
struct Visitor {
    my_number: String,
    secrets: Secrets,
}

const NAME: &str = "鷲尾　小夜子";
const KANA: &str = "ワシオ　サヨコ";
const HALF_KANA: &str = "ﾜｼｵ ｻﾖｺ";
const ADDRESS: &str = "架空県幻市見本町９丁目８７番地";
const SYMBOL: &str = "鷲羽・四七";
const NUMBER: &str = "90817263";
const PHONE: &str = "0900-0081-726";

impl Visitor {
    fn new() -> Visitor {
        let my_number = invented_my_number("90817263540");
        let mut secrets = Secrets::default();
        for text in
            [NAME, "鷲尾", "小夜子", KANA, HALF_KANA, "わしお さよこ", ADDRESS, SYMBOL, NUMBER, PHONE, &my_number]
        {
            secrets.add(text);
        }
        secrets.add(&format!("{}-{}-{}", &my_number[..4], &my_number[4..8], &my_number[8..]));
        secrets.add_date(domain::Date::literal(1971, 3, 29));
        Visitor { my_number, secrets }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_is_said_while_people_work_in_a_browser() {
    let clinic = Clinic::new(Door::Folder).encrypted().logging("trace");
    let mut visitor = Visitor::new();
    let terminal = clinic.start_terminal();
    let reception = clinic.open();
    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    leave_strange_files(&clinic, &visitor.my_number);
    for plan in [Plan::Certificate, Plan::CardAndNotice, Plan::Declaration] {
        let patient = forty(&population()).into_iter().find(|patient: &Patient| patient.plan == plan).unwrap();
        visitor.secrets.add_person(&patient.person);
        receive(&desk, &patient).await;
    }
    type_what_does_not_belong_there(&desk, &visitor.my_number).await;
    nothing_is_bundled(&desk, &visitor.secrets).await;
    wander_off(&desk, &visitor.my_number).await;
    desk.close().await;
    nothing_is_told(&clinic, &visitor.secrets, [reception, terminal]);
}

/// A My Number in every field of the check-in, dates that do not exist, and a search for everything.
async fn type_what_does_not_belong_there(desk: &Desk, my_number: &str) {
    desk.goto("/check-in").await;
    desk.press("#new > summary").await;
    for (name, text) in [("name", NAME), ("name_kana", HALF_KANA), ("birth_date", "S46.3.29"), ("address", my_number)] {
        desk.fill(name, text).await;
    }
    desk.send("#new .actions button").await;
    desk.find("[aria-invalid='true']").await;
    for (name, text) in [("name", my_number), ("name_kana", KANA), ("birth_date", "1971-03-29x"), ("address", ADDRESS)]
    {
        desk.fill(name, text).await;
    }
    desk.send("#new .actions button").await;
    desk.find("[aria-invalid='true']").await;
    for text in [NAME, KANA, "わしお さよこ", "昭和46年3月29日", NUMBER, my_number] {
        desk.goto("/check-in").await;
        desk.fill("q", text).await;
        desk.send("#search button").await;
    }
}

/// What goes to the helpdesk, as it is shown before it goes.
async fn nothing_is_bundled(desk: &Desk, secrets: &Secrets) {
    desk.goto("/support").await;
    desk.send("form[action='/support'] button").await;
    desk.find("#bundle").await;
    let bundle = desk.client.source().await.unwrap();
    assert!(bundle.contains("log.txt") && bundle.contains("devices.csv"), "no bundle: {bundle}");
    assert_eq!(secrets.place_in(&bundle), None, "in the support bundle");
}

/// Addresses with names in them, a declaration nobody has, signing in under the name of a patient.
async fn wander_off(desk: &Desk, my_number: &str) {
    for path in [
        format!("/visits/{NAME}?name={KANA}&born=1971-03-29"),
        format!("/patients/{my_number}"),
        format!("/check-in/search?q={NAME}&number={NUMBER}"),
        format!("/{ADDRESS}/{SYMBOL}"),
        format!("/?day=1971-03-29&name={HALF_KANA}"),
    ] {
        desk.goto(&path).await;
    }
    desk.goto("/").await;
    desk.send("form[action='/sign-out'] button").await;
    desk.fill("account", NAME).await;
    desk.fill("password", PHONE).await;
    desk.send("main form button.primary").await;
    desk.find("[aria-invalid='true']").await;
    desk.goto(&format!("/sign-in?next=/visits/{NAME}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_personal_is_said_while_programs_and_the_terminal_misbehave() {
    let clinic = Clinic::new(Door::Folder).logging("trace");
    let visitor = Visitor::new();
    let terminal = clinic.start_terminal();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let mut reception = clinic.open();
    for fault in
        ["garbage", "truncated", "wrong_encoding", "doctype", "reject_err", "wrong_identifier", "duplicate_changed"]
    {
        clinic.set_faults(
            &json!({ "all_off": true, "rules": { fault: { "when": "always" } }, "settings": { "duplicate_ms": 50 } }),
        );
        kept(&program, fault, &check_in(&visitor.my_number, fault));
    }
    clinic.set_faults(&json!({ "all_off": true, "rules": { "line_down": { "when": "always" } } }));
    until("the line is seen to be down", || link_status(&program, "line") == "down").await;
    kept(&program, "line-down", &check_in(&visitor.my_number, "line-down"));
    reception.kill();
    reception = clinic.open();
    clinic.set_faults(&json!({ "all_off": true }));
    clinic.tell_terminal("/cards", &json!({ "person": "valid-face", "method": "face" }));
    call_wrongly(&program, &visitor.my_number);
    leave_strange_files(&clinic, &visitor.my_number);
    until("the strange files are noticed", || noticed(&program)).await;
    nothing_is_told(&clinic, &visitor.secrets, [reception, terminal]);
}

fn kept(program: &Program, key: &str, body: &Value) {
    match program.post("/check-ins", key, body) {
        Outcome::Kept(_) => {}
        other => panic!("{key}: {other:?}"),
    }
}

/// A good check-in with a certificate; the form number tells them apart.
fn check_in(_my_number: &str, key: &str) -> Value {
    json!({
        "person": person(),
        "commands": [
            { "present": { "kind": "ELIGIBILITY_CERTIFICATE", "coverage": {
                "insurer_number": "06010391", "insured_symbol": SYMBOL, "insured_number": NUMBER } } },
            { "declaration": {
                "form_no": format!("L-{key}"), "text_version": "2025-12", "insurance_kind": "kokuho", "name": NAME,
                "name_kana": KANA, "birth_date": "1971-03-29", "address": ADDRESS, "phone": PHONE } },
        ],
    })
}

fn person() -> Value {
    json!({ "name": NAME, "name_kana": KANA, "birth_date": "1971-03-29", "address": ADDRESS })
}

/// Calls that are refused: the number nobody may keep, wrong types, unknown fields named after people, no JSON at all.
fn call_wrongly(program: &Program, my_number: &str) {
    let bad = [
        json!({ "person": { "name": my_number } }),
        json!({ "person": { "name": NAME, "address": my_number } }),
        json!({ "person": { "name": NAME, "birth_date": "1971-03-2９" } }),
        json!({ "person": { NAME: KANA } }),
        json!({ NAME: ADDRESS }),
        json!(format!("{NAME} {NUMBER}")),
        json!({ "person": person(), "counter": my_number }),
    ];
    for (number, body) in bad.iter().enumerate() {
        refused(program.post("/check-ins", &format!("bad-{number}"), body));
    }
    refused(program.post("/check-ins", my_number, &json!({ "person": person() })));
    refused(program.post(&format!("/visits/{my_number}/commands"), "path", &json!({ "commands": [] })));
    refused(program.post(&format!("/nobody/{NUMBER}?born=1971-03-29"), "query", &person()));
    refused(program.post("/history-lookups", "history", &json!({ "person": { "name": my_number } })));
    refused(program.post("/rules/decide", "rules", &json!({ "visit_date": "1971-03-29x", NUMBER: my_number })));
}

fn refused(outcome: Outcome) {
    assert!(matches!(outcome, Outcome::Refused(..)), "{outcome:?}");
}

/// Files nobody asked for, with names in them and in their names.
fn leave_strange_files(clinic: &Clinic, my_number: &str) {
    let text = format!("<X><Name>{NAME}</Name><B>19710329</B><N>{NUMBER}</N><A>{ADDRESS}</A><M>{my_number}</M>");
    for folder in ["res", "face"] {
        for (name, content) in [
            (format!("{NAME}.xml"), text.clone()),
            (
                format!("OQSsires_{NUMBER}.xml"),
                format!("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY n \"{NAME}\">]><x>&n;</x>"),
            ),
            ("OQSsires_20261121U00000000001.xml".to_owned(), text.clone()),
            (format!("{my_number}.err"), text.clone()),
        ] {
            std::fs::write(clinic.path(folder).join(name), content).unwrap();
        }
    }
}

/// The box has looked at its folders since: it kept a reading that came after, or put something on the shelf.
fn noticed(program: &Program) -> bool {
    !program.get("/shelf").to_string().is_empty() && link_status(program, "terminal") == "up"
}

/// Ends the processes and searches whatever they said, and the data folder as it lies on the disk.
fn nothing_is_told(clinic: &Clinic, secrets: &Secrets, processes: [Running; 2]) {
    assert!(secrets.count() > 10);
    for process in processes {
        assert_eq!(secrets.place_in(&process.said().join("\n")), None, "on standard output");
        assert!(process.stop_by("TERM").success());
    }
    let logs: Vec<_> =
        files_below(clinic.folder()).into_iter().filter(|file| file.extension().is_some_and(|e| e == "log")).collect();
    assert!(logs.len() >= 2, "{logs:?}");
    for log in logs {
        let text = std::fs::read_to_string(&log).unwrap();
        assert_eq!(secrets.place_in(&text), None, "in {}", log.display());
    }
    let said = std::fs::read_to_string(clinic.path("reception.log")).unwrap();
    assert!(said.contains("stopping"), "the log is not the program's own: {said}");
    // what is no file, such as the socket of the command line, keeps nothing
    for file in files_below(&clinic.path("data")).into_iter().filter(|file| file.is_file()) {
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(secrets.place_in(&String::from_utf8_lossy(&bytes)), None, "in {}", file.display());
    }
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
