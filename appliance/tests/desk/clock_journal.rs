//! A clock that cannot be right: on record, said with the links, and still there after a restart.

use crate::support::counter::desk_in;
use domain::{Date, Timestamp};
use std::time::Duration;
use uketsuke::clock::Clock;
use uketsuke::clock_journal::ClockJournal;
use uketsuke::config::Config;
use uketsuke::desk::RunningDesk;
use uketsuke::reception::Reception;
use web::port::Desk;

const NOON: Timestamp = Timestamp::in_japan(Date::literal(2026, 11, 21), 12, 0, 0);
const EMPTY: Timestamp = Timestamp::in_japan(Date::literal(2000, 1, 1), 0, 0, 0);

fn recorded(desk: &RunningDesk) -> Vec<String> {
    desk.clock_history().unwrap().into_iter().map(|line| line.what.en.chars().take(26).collect()).collect()
}

#[tokio::test]
async fn a_clock_that_falls_is_on_record_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::by_hand(NOON);
    let first = desk_in(folder.path(), &clock);
    let mut journal = ClockJournal::of(&first).unwrap();
    journal.pass(&first).await;
    assert_eq!((recorded(&first), first.links().clock_impossible), (Vec::new(), false));
    clock.set(EMPTY);
    assert!(first.links().clock_impossible, "said at once, whoever has looked");
    journal.pass(&first).await;
    journal.pass(&first).await;
    assert_eq!(recorded(&first), ["The clock shows an impossi", "The clock jumped from 2026"]);
    first.stop().await;

    let second = desk_in(folder.path(), &Clock::by_hand(NOON));
    ClockJournal::of(&second).unwrap().pass(&second).await;
    assert_eq!(recorded(&second)[0], "The clock shows a possible");
    assert_eq!(recorded(&second).len(), 3);
    second.stop().await;
}

#[tokio::test]
async fn a_box_without_devices_that_starts_with_an_empty_battery_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let site = "[site]\nname = '見本薬局'\nkind = 'pharmacy'\ninstitution_code = '1310000016'\n";
    let reception = Reception::start(Config::parse(site).unwrap(), folder.path(), Clock::by_hand(EMPTY)).unwrap();
    let mut revisions = reception.desk.watch();
    let written = revisions.wait_for(|_| !recorded(&reception.desk).is_empty());
    tokio::time::timeout(Duration::from_secs(30), written).await.expect("a line in the record").unwrap();
    assert_eq!(reception.desk.clock_history().unwrap()[0].at, EMPTY);
    reception.desk.stop().await;
}
