//! Every knob of the practice terminal does what it says, and its counter proves it.
mod simulator_support;

use encoding_rs::SHIFT_JIS;
use simulator_support::*;
use std::fs;
use std::net::SocketAddr;
use sync::simulator::{CardMethod, CardRefusal, FaultKind, FaultScope, FaultSettings, FaultTrigger, SimEncoding};
use tokio::net::TcpStream;

use FaultTrigger::{Always, ChancePerMille, Next, Off};

fn ask(world: &World, suffix: &str) {
    let population = world.terminal.population();
    let person = population.get("valid-face").expect("cast");
    world.ask(&format!("OQSsiquc01req_{suffix}.xml"), request(person, suffix).as_bytes());
}

fn result_name(suffix: &str) -> String {
    format!("OQSsiquc01res_{suffix}.xml")
}

async fn fired(world: &World, kind: FaultKind, times: u64) {
    let faults = world.terminal.faults();
    eventually(&format!("{kind:?}"), || (faults.fired(kind) >= times).then_some(())).await;
    assert_eq!(faults.fired(kind), times, "{kind:?}");
}

/// One request under the fault, and what lies in `res` under the ordinary name.
async fn answered_under(kind: FaultKind, change: impl FnOnce(&mut FaultSettings)) -> (World, Vec<u8>) {
    let world = World::start().await;
    let faults = world.terminal.faults();
    let mut settings = FaultSettings::default();
    change(&mut settings);
    faults.set_settings(settings);
    faults.set(kind, Next(1));
    ask(&world, "1");
    let bytes = world.result(&result_name("1")).await;
    fired(&world, kind, 1).await;
    (world, bytes)
}

#[tokio::test]
async fn silent_leaves_requests_lying_until_it_speaks_again() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set(FaultKind::Silent, Always);
    ask(&world, "1");
    fired(&world, FaultKind::Silent, 1).await;
    assert_eq!(world.names(&world.folders.req), ["OQSsiquc01req_1.xml"]);
    faults.set(FaultKind::Silent, Off);
    world.result(&result_name("1")).await;
    faults.set(FaultKind::Silent, Next(1));
    ask(&world, "2");
    fired(&world, FaultKind::Silent, 2).await;
    ask(&world, "3");
    world.result(&result_name("3")).await;
    assert_eq!(world.names(&world.folders.req), ["OQSsiquc01req_2.xml"]);
}

#[tokio::test]
async fn a_restart_loses_or_keeps_what_was_taken() {
    for (kind, kept) in [(FaultKind::RestartLosing, false), (FaultKind::RestartKeeping, true)] {
        let world = World::start().await;
        let faults = world.terminal.faults();
        faults.set(kind, Next(1));
        ask(&world, "1");
        fired(&world, kind, 1).await;
        ask(&world, "2");
        assert_eq!(world.terminal.present_card("valid-face", CardMethod::Face), Err(CardRefusal::TerminalDown));
        world.clock.advance_ms(i64::from(faults.settings().restart_ms) + 1);
        world.result(&result_name("2")).await;
        assert_eq!(world.res(&result_name("1")).exists(), kept, "{kind:?}");
    }
}

#[tokio::test]
async fn a_stopped_terminal_takes_nothing_and_may_lose_what_was_under_way() {
    let world = World::start_with(|config| config.answer_after_ms = 5_000).await;
    let faults = world.terminal.faults();
    ask(&world, "1");
    eventually("an answer under way", || (world.terminal.statistics().under_way == 1).then_some(())).await;
    faults.set(FaultKind::RestartLosing, Always);
    ask(&world, "2");
    fired(&world, FaultKind::RestartLosing, 2).await;
    assert_eq!(world.names(&world.folders.req), ["OQSsiquc01req_2.xml"]);
    faults.set(FaultKind::RestartLosing, Off);
    eventually("the second taken", || (world.terminal.statistics().taken == 2).then_some(())).await;
    world.clock.advance_ms(5_001);
    world.result(&result_name("2")).await;
    assert!(!world.res(&result_name("1")).exists());
}

#[tokio::test]
async fn a_restart_by_hand_keeps_its_promise() {
    let world = World::start_with(|config| config.answer_after_ms = 5_000).await;
    ask(&world, "1");
    eventually("an answer under way", || (world.terminal.statistics().under_way == 1).then_some(())).await;
    world.terminal.restart(false);
    assert_eq!(world.terminal.statistics().under_way, 1);
    world.terminal.restart(true);
    assert_eq!(world.terminal.statistics().under_way, 0);
    assert_eq!(world.terminal.faults().fired(FaultKind::RestartLosing), 1);
}

#[tokio::test]
async fn slow_answers_come_after_their_delay() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set(FaultKind::Slow, Next(1));
    ask(&world, "1");
    fired(&world, FaultKind::Slow, 1).await;
    ask(&world, "2");
    world.result(&result_name("2")).await;
    assert!(!world.res(&result_name("1")).exists());
    world.clock.advance_ms(i64::from(faults.settings().slow_ms));
    world.result(&result_name("1")).await;
}

#[tokio::test]
async fn a_cut_line_ends_requests_abnormally_and_stops_cards() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set(FaultKind::LineDown, Always);
    let answer = world.ask_about("valid-face", "1").await;
    assert_eq!(element(&answer, "SegmentOfResult").as_deref(), Some("9"));
    assert_eq!(element(&answer, "ErrorCode").as_deref(), Some("X-SYNTHETIC-LINE"));
    assert_eq!(element(&answer, "ArbitraryFileIdentifier").as_deref(), Some("1"));
    assert!(!answer.contains("QualificationValidity"));
    assert_eq!(world.terminal.present_card("valid-face", CardMethod::Face), Err(CardRefusal::LineDown));
    assert_eq!(faults.fired(FaultKind::LineDown), 2);
    faults.set(FaultKind::LineDown, Off);
    assert!(world.ask_about("valid-face", "2").await.contains("<QualificationValidity>1<"));
    assert!(world.terminal.present_card("valid-face", CardMethod::Face).is_ok());
}

#[tokio::test]
async fn a_cut_line_may_hold_requests_until_it_returns() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set_settings(FaultSettings { line_down_holds: true, ..FaultSettings::default() });
    faults.set(FaultKind::LineDown, Always);
    ask(&world, "1");
    fired(&world, FaultKind::LineDown, 1).await;
    eventually("taken", || world.names(&world.folders.req).is_empty().then_some(())).await;
    assert_eq!(world.terminal.statistics().under_way, 1);
    faults.set(FaultKind::LineDown, Off);
    assert!(world.result_text(&result_name("1")).await.contains("<QualificationValidity>1<"));
}

#[tokio::test]
async fn the_national_service_fails_with_its_own_code() {
    let (world, bytes) = answered_under(FaultKind::ServiceDown, |_| {}).await;
    let answer = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(element(&answer, "ErrorCode").as_deref(), Some("X-SYNTHETIC-SERVICE"));
    assert_eq!(world.terminal.statistics().abnormal_ends, 1);
    world.terminal.faults().set(FaultKind::ServiceDown, Always);
    assert_eq!(world.terminal.present_card("valid-face", CardMethod::Pin), Err(CardRefusal::ServiceDown));
}

#[tokio::test]
async fn a_rejection_on_demand_has_both_files() {
    let world = World::start().await;
    world.terminal.faults().set(FaultKind::RejectErr, Next(1));
    ask(&world, "1");
    let err = world.result_text("OQSsiquc01req_1.err").await;
    assert!(err.contains("KNOB"));
    world.result("OQSsiquc01req_1.xml").await;
    fired(&world, FaultKind::RejectErr, 1).await;
}

#[tokio::test]
async fn garbage_is_no_text() {
    let (_world, bytes) = answered_under(FaultKind::Garbage, |_| {}).await;
    assert!(std::str::from_utf8(&bytes).is_err());
}

#[tokio::test]
async fn truncated_stays_truncated_and_half_written_is_completed() {
    let (world, bytes) = answered_under(FaultKind::Truncated, |_| {}).await;
    assert!(!String::from_utf8_lossy(&bytes).contains("</XmlMsg>"));
    world.clock.advance_ms(3_600_000);
    ask(&world, "2");
    let whole = world.result(&result_name("2")).await;
    assert!(String::from_utf8_lossy(&whole).contains("</XmlMsg>"));
    assert_eq!(world.result(&result_name("1")).await, bytes);

    let (world, half) = answered_under(FaultKind::HalfWritten, |_| {}).await;
    assert!(!String::from_utf8_lossy(&half).contains("</XmlMsg>"));
    world.clock.advance_ms(1_500);
    let grown = || fs::read(world.res(&result_name("1"))).ok().filter(|bytes| bytes.len() > half.len());
    let whole = eventually("the rest", grown).await;
    assert!(whole.starts_with(&half));
    assert!(
        eventually("the end", || Some(fs::read(world.res(&result_name("1"))).expect("there"))
            .filter(|bytes| bytes.ends_with(b"</XmlMsg>\n")))
        .await
        .len()
            > half.len()
    );
}

#[tokio::test]
async fn late_answers_come_together() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set(FaultKind::Late, Always);
    ask(&world, "1");
    ask(&world, "2");
    fired(&world, FaultKind::Late, 2).await;
    assert!(world.names(&world.folders.res).is_empty());
    ask(&world, "3");
    eventually("all three", || (world.names(&world.folders.res).len() == 3).then_some(())).await;
    ask(&world, "4");
    fired(&world, FaultKind::Late, 4).await;
    world.terminal.release_held();
    world.result(&result_name("4")).await;
    ask(&world, "5");
    fired(&world, FaultKind::Late, 5).await;
    faults.set(FaultKind::Late, Off);
    world.result(&result_name("5")).await;
}

#[tokio::test]
async fn duplicates_come_again_the_same_or_changed() {
    let (world, first) = answered_under(FaultKind::DuplicateSame, |_| {}).await;
    fs::remove_file(world.res(&result_name("1"))).expect("the reader takes it away");
    world.clock.advance_ms(1_000);
    assert_eq!(world.result(&result_name("1")).await, first);
    assert_eq!(world.terminal.statistics().delivered, 2);

    let (world, first) = answered_under(FaultKind::DuplicateChanged, |_| {}).await;
    world.clock.advance_ms(1_000);
    let changed = || fs::read_to_string(world.res(&result_name("1"))).ok().filter(|text| text.as_bytes() != first);
    let changed = eventually("another content", changed).await;
    assert_eq!(element(&changed, "QualificationValidity").as_deref(), Some("4"));
    assert_eq!(element(&changed, "ArbitraryFileIdentifier").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_lost_answer_never_comes() {
    let world = World::start().await;
    world.terminal.faults().set(FaultKind::LostAnswer, Next(1));
    ask(&world, "1");
    fired(&world, FaultKind::LostAnswer, 1).await;
    ask(&world, "2");
    world.result(&result_name("2")).await;
    world.clock.advance_ms(3_600_000);
    ask(&world, "3");
    world.result(&result_name("3")).await;
    assert!(!world.res(&result_name("1")).exists() && world.names(&world.folders.req).is_empty());
}

#[tokio::test]
async fn a_wrong_encoding_contradicts_its_declaration() {
    let (_world, bytes) = answered_under(FaultKind::WrongEncoding, |_| {}).await;
    assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"UTF-8\""));
    assert!(std::str::from_utf8(&bytes).is_err() && !SHIFT_JIS.decode(&bytes).2);

    let world = World::start_with(|config| config.encoding = SimEncoding::ShiftJis).await;
    world.terminal.faults().set(FaultKind::WrongEncoding, Always);
    world.ask("OQSsiquc01req_1.xml", SHEET_REQUEST.as_bytes());
    let bytes = world.result(&result_name("1")).await;
    assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"Shift_JIS\""));
    assert!(std::str::from_utf8(&bytes).is_ok_and(|text| text.contains("見本")));
}

#[tokio::test]
async fn a_document_type_asks_for_a_local_file() {
    let (_world, bytes) = answered_under(FaultKind::Doctype, |_| {}).await;
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.contains("<!DOCTYPE") && text.contains("SYSTEM") && text.contains("&sample;"));
}

#[tokio::test]
async fn an_oversized_result_has_its_size() {
    let (_world, bytes) = answered_under(FaultKind::Oversized, |settings| settings.oversized_bytes = 6_000_000).await;
    assert_eq!(bytes.len(), 6_000_000);
}

#[tokio::test]
async fn labels_can_be_wrong() {
    let (_world, bytes) = answered_under(FaultKind::WrongIdentifier, |_| {}).await;
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_eq!(element(&text, "ArbitraryFileIdentifier").as_deref(), Some("X-OTHER"));
    let (_world, bytes) = answered_under(FaultKind::WrongInstitution, |_| {}).await;
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert_ne!(element(&text, "MedicalInstitutionCode").as_deref(), Some(INSTITUTION));
}

#[tokio::test]
async fn the_reader_fails_without_touching_requests() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set(FaultKind::ReaderOff, Always);
    assert_eq!(world.terminal.present_card("valid-face", CardMethod::Face), Err(CardRefusal::ReaderOff));
    faults.set(FaultKind::ReaderOff, Off);
    faults.set(FaultKind::ReaderHung, Next(1));
    assert!(world.ask_about("valid-face", "1").await.contains("<QualificationValidity>1<"));
    assert_eq!(world.terminal.present_card("valid-face", CardMethod::Face), Err(CardRefusal::ReaderHung));
    assert!(world.terminal.present_card("valid-face", CardMethod::Face).is_ok());
    assert_eq!((faults.fired(FaultKind::ReaderOff), faults.fired(FaultKind::ReaderHung)), (1, 1));
}

#[tokio::test]
async fn face_files_can_be_spoiled_too() {
    let world = World::start().await;
    let faults = world.terminal.faults();
    faults.set_on(FaultKind::HalfWritten, Next(1), FaultScope::Cards);
    let reading = world.terminal.present_card("valid-face", CardMethod::Face).expect("reads");
    let path = world.folders.face.join(format!("{}.xml", reading.name));
    let half = eventually("half a face file", || fs::read(&path).ok()).await;
    world.clock.advance_ms(1_500);
    eventually("all of it", || fs::read(&path).ok().filter(|whole| whole.len() > half.len())).await;
    assert_eq!(faults.fired(FaultKind::HalfWritten), 1);
    faults.set_on(FaultKind::LostAnswer, Next(1), FaultScope::Both);
    let lost = world.terminal.present_card("valid-face", CardMethod::Face).expect("the reader is content");
    let next = world.terminal.present_card("valid-face", CardMethod::Face).expect("reads");
    let path = world.folders.face.join(format!("{}.xml", next.name));
    eventually("the next face file", || path.exists().then_some(())).await;
    assert!(!world.folders.face.join(format!("{}.xml", lost.name)).exists());
}

#[tokio::test]
async fn chance_strikes_the_same_requests_for_the_same_seed() {
    let mut struck = Vec::new();
    for _ in 0..2 {
        let world = World::start().await;
        world.terminal.faults().set(FaultKind::RejectErr, ChancePerMille(400));
        for n in 0..20 {
            ask(&world, &format!("{n:02}"));
        }
        let done = || {
            let seen = world.terminal.statistics();
            (seen.delivered + seen.rejected == 20).then_some(())
        };
        eventually("twenty", done).await;
        eventually("files", || {
            (world.names(&world.folders.res).len() as u64 >= 20 + world.terminal.statistics().rejected).then_some(())
        })
        .await;
        struck.push(world.names(&world.folders.res));
    }
    assert_eq!(struck[0], struck[1]);
    let rejected = struck[0].iter().filter(|name| name.ends_with(".err")).count();
    assert!((1..20).contains(&rejected), "{rejected}");
}

#[tokio::test]
async fn the_line_port_is_as_real_as_the_line() {
    let world = World::start_with(|config| config.line_listen = Some("127.0.0.1:0".parse().expect("an address"))).await;
    let address: SocketAddr = world.terminal.line_addr().expect("listens");
    TcpStream::connect(address).await.expect("the line is up");
    for _ in 0..3 {
        world.terminal.faults().set(FaultKind::LineDown, Always);
        until(address, false).await;
        world.terminal.faults().set(FaultKind::LineDown, Off);
        until(address, true).await;
    }
}

async fn until(address: SocketAddr, connects: bool) {
    let waiting = async {
        while TcpStream::connect(address).await.is_ok() != connects {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), waiting).await.expect("the line follows its knob");
}

#[tokio::test]
async fn direct_writes_are_a_setting() {
    let world = World::start_with(|config| config.atomic_writes = false).await;
    assert!(world.ask_about("valid-face", "1").await.contains("</XmlMsg>"));
}
