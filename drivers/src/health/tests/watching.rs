use super::*;

fn reader() -> Health {
    Health::new(DeviceKind::CardReader, HealthSettings::of(DeviceKind::CardReader), at(0))
}

fn face_reader() -> Health {
    Health::new(DeviceKind::FaceReader, HealthSettings::of(DeviceKind::FaceReader), at(0))
}

/// Hears the signs a second apart and returns the states after each.
fn states(health: &mut Health, signs: &[Sign]) -> Vec<&'static str> {
    signs
        .iter()
        .enumerate()
        .map(|(second, sign)| {
            health.hear(*sign, at(second as u64 * 1000));
            health.state().code()
        })
        .collect()
}

#[test]
fn a_reader_starts_works_fails_and_comes_back() {
    let mut health = reader();
    let signs = [
        Sign::Attached,
        Sign::Answering,
        Sign::CardInserted,
        Sign::ReadBegan,
        Sign::GoodRead,
        Sign::CardRemoved,
        not_answering(),
        Sign::HealingBegan { step: healing::HealingStep::Reset },
        Sign::Detached,
        Sign::Attached,
        Sign::Answering,
    ];
    assert_eq!(
        states(&mut health, &signs),
        [
            "starting",
            "ready",
            "card_present",
            "card_present",
            "card_present",
            "ready",
            "faulted",
            "recovering",
            "recovering",
            "recovering",
            "ready"
        ]
    );
    assert_eq!(health.since(), at(10_000));
    assert_eq!(health.last_good_read(), Some(at(4_000)));
    assert_eq!(health.last_restart(), Some(at(7_000)));
    assert_eq!(health.last_start_ms(), Some(1_000), "from the last time it was attached");
    assert_eq!(health.last_failure(), Some("not_answering"));
    assert_eq!(health.history().changes().count(), 7);
    assert_eq!(health.trouble_since(), None);
}

#[test]
fn a_repeated_fault_does_not_look_younger() {
    let mut health = reader();
    health.hear(not_answering(), at(5));
    assert_eq!(health.hear(not_answering(), at(60_000)), []);
    assert_eq!((health.since(), health.trouble_since()), (at(5), Some(at(5))));
}

#[test]
fn what_is_required_and_never_shows_up_is_missing() {
    let mut health = reader();
    assert_eq!(health.pass_time(at(30_000)), []);
    assert_eq!(health.pass_time(at(30_001)).len(), 1);
    assert_eq!(health.state(), HealthState::Faulted { fault: DeviceFault::Missing });
    let spare = HealthSettings { required: false, ..HealthSettings::of(DeviceKind::CardReader) };
    let mut spare = Health::new(DeviceKind::CardReader, spare, at(0));
    assert_eq!(spare.pass_time(at(HOUR)), []);
}

#[test]
fn a_start_that_never_ends_is_a_fault() {
    let mut health = reader();
    health.hear(Sign::Attached, at(0));
    health.pass_time(at(30_001));
    assert_eq!(health.state(), HealthState::Faulted { fault: DeviceFault::NotStarted });
}

#[test]
fn a_card_left_behind_rings_once_and_is_taken_back() {
    let mut health = reader();
    health.hear(Sign::Answering, at(0));
    health.hear(Sign::CardInserted, at(1_000));
    health.hear(Sign::GoodRead, at(5_000));
    assert_eq!(health.pass_time(at(125_000)), [], "used at five seconds");
    assert_eq!(health.pass_time(at(125_001)), [Notice::CardLeftBehind { since: at(5_000) }]);
    assert_eq!(health.pass_time(at(999_000)), []);
    assert!(health.card_left_behind());
    let taken = health.hear(Sign::CardRemoved, at(1_000_000));
    assert!(taken.contains(&Notice::LeftCardTaken), "{taken:?}");
    assert!(!health.card_left_behind());
}

#[test]
fn a_card_in_its_case_is_the_cards_fault_until_it_happens_to_one_after_the_other() {
    let mute = Sign::Faulted { fault: DeviceFault::Reader(ReaderFault::CardMute) };
    let mut health = reader();
    let seen = states(&mut health, &[Sign::Answering, mute, Sign::CardRemoved, mute, Sign::CardRemoved, mute]);
    assert_eq!(seen, ["ready", "faulted", "ready", "faulted", "ready", "faulted"]);
    assert_eq!(health.state(), HealthState::Faulted { fault: DeviceFault::ReadsFailing });
    health.hear(Sign::CardRemoved, at(7_000));
    assert_eq!(health.state().fault(), Some(DeviceFault::ReadsFailing), "the row is not the last card's");
    health.hear(Sign::GoodRead, at(8_000));
    assert_eq!(health.state(), HealthState::Ready);
}

#[test]
fn a_face_reader_is_known_by_its_files_only() {
    let mut health = face_reader();
    health.pass_time(at(24 * HOUR));
    assert_eq!(health.state(), HealthState::Unheard, "silence while nobody uses it says nothing");
    health.hear(Sign::GoodRead, at(24 * HOUR));
    assert_eq!(health.state(), HealthState::Ready);
    for (minute, expected) in [(1, "ready"), (2, "faulted")] {
        health.hear(Sign::ReadExpected { by: at(24 * HOUR + minute * MINUTE) }, at(24 * HOUR));
        let notices = health.pass_time(at(24 * HOUR + minute * MINUTE + 1));
        assert!(notices.contains(&Notice::ReadMissed));
        assert_eq!(health.state().code(), expected);
    }
    assert_eq!(health.state().fault(), Some(DeviceFault::Silent));
    health.hear(Sign::FailedRead { why: ReadFailure::FaceNotMatched }, at(25 * HOUR));
    assert_eq!(health.state(), HealthState::Ready, "a failed match is a sign of life");
}

#[test]
fn a_restarted_face_reader_is_not_called_well_before_it_read() {
    let mut health = face_reader();
    health.hear(Sign::GoodRead, at(0));
    health.hear(Sign::HealingBegan { step: healing::HealingStep::CycleRelay }, at(1));
    health.hear(Sign::HealingEnded, at(60_000));
    assert_eq!(health.state(), HealthState::Unheard);
}

#[test]
fn sunlight_shows_in_the_failures_by_hour() {
    let mut health = face_reader();
    for day in 0..5 {
        for hour in 0..9 {
            let now = at(day * 24 * HOUR + hour * HOUR);
            let sunny = hour == 6;
            for _ in 0..4 {
                health.hear(Sign::GoodRead, now);
            }
            if sunny || day == 0 {
                health.hear(Sign::FailedRead { why: ReadFailure::FaceNotMatched }, now);
            }
        }
    }
    let hours: Vec<_> = health.hours().suspicious().iter().map(|hour| hour.number()).collect();
    assert_eq!(hours, [15], "six hours after nine in the morning");
    let words = health.hours().suspicion().unwrap();
    assert!(words.ja.contains("15時〜16時") && words.en.contains("15:00 and 16:00"), "{words}");
    assert_eq!(face_reader().hours().suspicion(), None);
}

#[test]
fn troubles_of_readers_are_counted_once_each() {
    let mut supervisor = Supervisor::default();
    let before = Default::default();
    let kind = DeviceKind::CardReader;
    let rules = healing::HealingRules::none();
    let settings = HealthSettings::of(kind);
    supervisor.watch(name("counter"), kind, settings, rules, before, at(0));
    let mute = Sign::Faulted { fault: DeviceFault::Reader(ReaderFault::CardMute) };
    let failed = Sign::FailedRead { why: ReadFailure::CardNotRead };
    for sign in [Sign::Answering, not_answering(), not_answering(), Sign::Answering, failed, mute, mute] {
        supervisor.hear(&name("counter"), sign, at(1));
    }
    assert_eq!(supervisor.reader_troubles().get(&name("counter")), Some(&3));
    supervisor.watch(
        name("relay"),
        DeviceKind::Relay,
        settings,
        healing::HealingRules::none(),
        Default::default(),
        at(0),
    );
    supervisor.hear(&name("relay"), not_answering(), at(1));
    assert_eq!(supervisor.reader_troubles().len(), 1, "a relay is no reader");
}

#[test]
fn the_history_is_bounded() {
    let mut health = reader();
    for second in 0..2_000 {
        health.hear(if second % 2 == 0 { Sign::Answering } else { Sign::Detached }, at(second * 1000));
    }
    assert_eq!(health.history().changes().len(), History::KEPT);
    assert_eq!(health.history().forgotten(), 2_000 - History::KEPT as u64);
}

#[test]
fn every_fault_has_words_in_both_languages() {
    for fault in DeviceFault::examples() {
        let text = fault.text();
        for part in [text.what_happened, text.what_is_safe, text.do_now, text.for_technician] {
            assert!(part.ja.ends_with('。') && part.en.ends_with('.') && part.en.is_ascii(), "{fault:?}");
        }
    }
}
