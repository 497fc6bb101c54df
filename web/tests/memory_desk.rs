//! The desk in memory keeps what the port promises.

mod support;

use domain::case::Flow;
use support::memory_desk::MemoryDesk;
use support::people;
use web::port::{CheckIn, Desk, DeskCommand, IdempotencyKey, SubmitError};

fn check_in() -> DeskCommand {
    DeskCommand::CheckIn(Box::new(CheckIn {
        patient: None,
        patient_number: Some("100".to_owned()),
        person: people::hanako(),
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    }))
}

#[tokio::test]
async fn the_same_key_takes_effect_once() {
    let desk = MemoryDesk::new();
    let account = desk.add_account();
    let key = || Some(IdempotencyKey("one".to_owned()));
    let first = desk.submit(&account, key(), check_in()).await.expect("kept");
    let again = desk.submit(&account, key(), check_in()).await.expect("the first outcome");
    assert_eq!(first, again);
    assert_eq!(desk.board(desk.today()).expect("read").rows.len(), 1);
    let other = DeskCommand::Job(web::port::JobCommand::SendAllNow);
    assert!(matches!(desk.submit(&account, key(), other).await, Err(SubmitError::KeyReused)));
}

#[tokio::test]
async fn patients_are_found_by_kana_birth_date_and_number() {
    let desk = MemoryDesk::new();
    desk.keep(check_in());
    for text in ["ミホン", "みほん", "S39.10.10", "昭和39年10月10日", "100", "ﾐﾎﾝ 1964-10-10"] {
        assert_eq!(desk.search_patients(text).expect("read").len(), 1, "{text}");
    }
    assert!(desk.search_patients("カクウ").expect("read").is_empty());
}
