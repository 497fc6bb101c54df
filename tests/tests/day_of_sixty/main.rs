//! A scripted day: sixty patients at two counters and one tablet, in real Chromium, with the line failing twice. What must come of it is
//! written by hand in `table.txt`; in the evening the month-end page and file, the figures and the follow-ups are compared with it line by
//! line.
#![allow(clippy::unwrap_used, missing_docs)]

mod counter;
mod evening;
mod script;
mod tablet;

use counter::{Counter, hand_in, held, patiently};
use domain::Date;
use domain::evidence::EvidenceKind;
use evening::Played;
use script::{Line, lines};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use sync::simulator::{Person, Population};
use tests::aftermath::{link_status, nothing_is_out, until};
use tests::axe::Axe;
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::program::{Outcome, Program};
use tests::receptionist::{set_up, sign_in, stands_at};

const PROGRAM: &str = env!("CARGO_BIN_EXE_on_a_day");
const EARLIER: &str = "2025-11-04T10:00:00+09:00";
const OPENING: &str = "2025-11-17T08:30:00+09:00";
const DAY: Date = Date::literal(2025, 11, 17);
const CLINIC: &str = "kind = 'clinic'\nphone_reader = true\nhome_consent_app = true\nhome_consent_web = true\n";
const PHARMACY: &str = "kind = 'pharmacy'\nlimited_check_exempt = true\n";
/// Who had been here earlier in the month.
const KNOWN: [&str; 3] = ["p00033", "p00034", "p00047"];

fn clinic(site: &'static str, moment: &str) -> Clinic {
    Clinic::default().as_site(site).on_a_day(PROGRAM, moment)
}

/// A visit of an earlier day, with a certificate.
fn came_before(program: &Program, person: &Person) {
    let numbers = &held(person).coverage;
    let coverage = json!({
        "insurer_number": numbers.insurer_number,
        "insured_symbol": numbers.symbol,
        "insured_number": numbers.number,
        "branch_number": numbers.branch,
    });
    let face = &person.face;
    let body = json!({
        "person": {
            "name": face.name, "name_kana": face.reading, "birth_date": face.birth_date.to_string(), "address": face.address,
        },
        "commands": [{ "present": { "kind": "ELIGIBILITY_CERTIFICATE", "coverage": coverage } }],
    });
    let kept = program.post("/check-ins", &person.key, &body);
    assert!(matches!(kept, Outcome::Kept(_)), "{kept:?}");
}

/// Cuts the line, or mends it; both screens say so by themselves.
async fn cut_line(clinic: &Clinic, program: &Program, screens: [&Desk; 2], cut: bool) {
    for screen in screens {
        screen.goto("/").await;
    }
    let when = if cut { "always" } else { "off" };
    clinic.set_faults(&json!({ "rules": { "line_down": { "when": when } } }));
    let status = if cut { "down" } else { "up" };
    until("the line is seen", || link_status(program, "line") == status).await;
    let banner = if cut { "#outage .banner" } else { "#outage:not(:has(.banner))" };
    for screen in screens {
        patiently(screen, banner, "the screen tells of the line by itself").await;
    }
    if !cut {
        until("every question is answered", || nothing_is_out(program)).await;
    }
}

/// What happened so far, by number of the patient.
type Visits = BTreeMap<u8, String>;

/// The lines of one counter, one after the other.
async fn serve(counter: &Counter<'_>, lines: Vec<&Line>, before: &Visits) -> Visits {
    let mut visits = Visits::new();
    for line in lines {
        let known = before.get(&line.no).cloned();
        visits.insert(line.no, counter.play(line, known).await);
    }
    visits
}

/// Both counters serve their lines of a phase at the same time.
async fn together(counters: &[Counter<'_>; 2], lines: &[Line], phase: &str, visits: &mut Visits) {
    let of = |counter: u8| lines.iter().filter(|line| line.phase == phase && line.counter == counter).collect();
    let (one, two) = tokio::join!(serve(&counters[0], of(1), visits), serve(&counters[1], of(2), visits));
    visits.extend(one);
    visits.extend(two);
}

async fn turn_disaster_mode(desk: &Desk, open: bool) {
    desk.goto("/disaster").await;
    let button = if open { "button[value='open']" } else { "button[value='close']" };
    hand_in(desk, "form[action='/disaster']", &[("reason", "厚生労働省の通知")], button).await;
}

/// Every question the visits put to the national service, none of them twice.
fn nothing_was_asked_twice(clinic: &Clinic, program: &Program, visits: &Visits) -> Vec<String> {
    let mut wrong = Vec::new();
    for (no, visit) in visits {
        let view = program.get(&format!("/visits/{visit}"));
        let asked = view["state"]["questions"].as_array().or(view["questions"].as_array()).cloned().unwrap_or_default();
        let keys: BTreeSet<String> = asked.iter().map(|question| question["search"].to_string()).collect();
        if keys.len() != asked.len() {
            wrong.push(format!("{no}: asked twice: {asked:?}"));
        }
    }
    let terminal = clinic.terminal_state()["statistics"].clone();
    let count = |what: &str| terminal[what].as_u64().unwrap();
    if count("rejected") != 0 || count("taken") != count("delivered") {
        wrong.push(format!("the terminal took and gave {terminal}"));
    }
    wrong
}

/// axe finds nothing on the pages that are used most, and they are kept as pictures.
async fn look_at(desk: &Desk, path: &str, name: &str) -> Vec<String> {
    desk.goto(path).await;
    desk.hold_still().await;
    let found = match Axe::fetched() {
        Some(axe) => axe.judge(desk).await,
        None => Vec::new(),
    };
    desk.keep_picture(name).await;
    found.into_iter().map(|fault| format!("{path}: {fault}")).collect()
}

#[test]
fn the_table_has_every_evidence_and_every_trouble_once_at_least() {
    let lines = lines();
    let patients: BTreeSet<u8> = lines.iter().map(|line| line.no).collect();
    assert_eq!(patients, (1..=60).collect());
    let shown: BTreeSet<&str> = lines.iter().flat_map(|line| line.steps.iter().flatten().copied()).collect();
    let expected = || lines.iter().filter_map(|line| line.expected.as_ref());
    for kind in EvidenceKind::ALL {
        let named = shown.contains(kind.code()) || expected().any(|line| line.evidence == kind.code());
        let by_step = match kind {
            EvidenceKind::ElderlyRecipient => shown.contains("elderly"),
            EvidenceKind::LimitCertificate => shown.contains("limit"),
            EvidenceKind::None => shown.contains("nothing"),
            _ => named,
        };
        assert!(by_step, "nobody shows {}", kind.code());
    }
    for category in domain::trouble::Category::SURVEY {
        assert!(expected().any(|line| line.troubles.contains(category.code().as_str())), "{}", category.code());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_patients_at_two_counters_and_a_tablet_with_the_line_failing_twice() {
    let lines = lines();
    let population = Population::generate(1, Population::DEFAULT, DAY);
    let (here, across) = (clinic(CLINIC, EARLIER), clinic(PHARMACY, OPENING));
    let program = Program::new(&here.url(), &here.api_token());
    let over_there = Program::new(&across.url(), &across.api_token());
    let (_reception, _pharmacy) = (here.open(), across.open());
    KNOWN.iter().for_each(|key| came_before(&program, population.get(key).unwrap()));
    here.set_clock(OPENING);
    let (_terminal, _terminal_across) = (here.start_terminal(), across.start_terminal());
    until("the line is up", || link_status(&program, "line") == "up" && link_status(&over_there, "line") == "up").await;

    let url = here.url();
    let (one, mut two, tablet) = tokio::join!(Desk::open(&url), Desk::open(&url), Desk::open(&url));
    set_up(&one).await;
    for (key, name) in [("counter-1", "窓口1"), ("counter-2", "窓口2")] {
        let counter = json!({"set": {"name": name, "kind": "second_counter", "has_reader": true}});
        assert!(matches!(program.post("/counters", key, &counter), Outcome::Kept(_)));
    }
    sign_in(&two).await;
    stands_at(&one, "窓口1").await;
    stands_at(&two, "窓口2").await;
    tablet::pair(&one, &tablet).await;

    let mut visits = Visits::new();
    {
        let at =
            |desk| Counter { desk, clinic: &here, program: &program, population: &population, tablet: Some(&tablet) };
        let counters = [at(&one), at(&two)];
        together(&counters, &lines, "morning", &mut visits).await;
        until("the morning is settled", || nothing_is_out(&program)).await;

        cut_line(&here, &program, [&one, &two], true).await;
        together(&counters, &lines, "outage1", &mut visits).await;
        cut_line(&here, &program, [&one, &two], false).await;
        together(&counters, &lines, "noon", &mut visits).await;

        here.set_faults(&json!({ "rules": { "silent": { "when": "always" } } }));
        let silent = |counter: u8| lines.iter().filter(|l| l.phase == "silent" && l.counter == counter).collect();
        let first = serve(&counters[0], silent(1), &visits).await;
        until("the terminal is seen to pick nothing up", || link_status(&program, "terminal") == "down").await;
        let second = serve(&counters[1], silent(2), &visits).await;
        visits.extend(first.into_iter().chain(second));
        here.set_faults(&json!({ "rules": { "silent": { "when": "off" } } }));
        until("the terminal works again", || link_status(&program, "terminal") == "up" && nothing_is_out(&program))
            .await;

        cut_line(&here, &program, [&one, &two], true).await;
        turn_disaster_mode(&one, true).await;
        together(&counters, &lines, "outage2", &mut visits).await;
        turn_disaster_mode(&one, false).await;
        cut_line(&here, &program, [&one, &two], false).await;
    }

    let here_played = lines.iter().filter(|line| line.expected.is_some() && line.phase != "pharmacy");
    let played: Vec<Played<'_>> = here_played.map(|line| Played { line, visit: visits[&line.no].clone() }).collect();
    let mut wrong = evening::claims(&one, &population, &played).await;
    wrong.extend(evening::follow_ups(&program, &played));
    wrong.extend(evening::statistics(&one, &played).await);
    wrong.extend(nothing_was_asked_twice(&here, &program, &visits));
    let visit = format!("/visits/{}", visits[&17]);
    for (path, name) in [
        ("/", "day-board"),
        ("/check-in", "day-check-in"),
        (visit.as_str(), "day-visit"),
        ("/follow-ups", "day-follow-ups"),
        ("/claims?month=2025-11", "day-claims"),
        ("/statistics", "day-statistics"),
    ] {
        wrong.extend(look_at(&one, path, name).await);
    }
    wrong.extend(look_at(&tablet, "/tablet", "day-tablet").await);

    // across the street
    two.turn_to(&across.url());
    set_up(&two).await;
    let across_the_street =
        Counter { desk: &two, clinic: &across, program: &over_there, population: &population, tablet: None };
    let there =
        serve(&across_the_street, lines.iter().filter(|l| l.phase == "pharmacy").collect(), &Visits::new()).await;
    until("the pharmacy's questions are answered", || nothing_is_out(&over_there)).await;
    let played: Vec<Played<'_>> = (lines.iter().filter(|line| line.phase == "pharmacy"))
        .map(|line| Played { line, visit: there[&line.no].clone() })
        .collect();
    wrong.extend(evening::claims(&two, &population, &played).await);
    wrong.extend(evening::follow_ups(&over_there, &played));
    wrong.extend(nothing_was_asked_twice(&across, &over_there, &there));
    assert_eq!(visits.len() + there.len(), 60);
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    for desk in [one, two, tablet] {
        desk.close().await;
    }
}
