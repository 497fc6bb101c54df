#![allow(clippy::unwrap_used)]

use super::*;
use crate::schedule::{ClockTrust, Doing, ReceptionHours, SiteZone};
use domain::Date;
use proptest::prelude::*;

/// Monday 23 November 2026.
const MONDAY: Date = Date::literal(2026, 11, 23);
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn at(days: i32, hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(MONDAY.plus_days(days), hour, minute, 0)
}

fn line(name: &str, cron: &str, work: Work) -> Line {
    let cron = CronLine::parse(cron).unwrap();
    Line { id: LineId::new(name), cron, work, patience_ms: Line::USUAL_PATIENCE_MS }
}

fn nightly() -> Vec<Line> {
    vec![
        line("reboot", "0 3 * * *", Work::RebootBox),
        line("service", "0 3 * * *", Work::RestartService),
        line("power", "0 3 * * *", Work::RepowerReaders),
    ]
}

fn hours() -> ReceptionHours {
    let day = || ReceptionHours::parse_day("9:00-12:30,15:00-18:30").unwrap();
    (0..6).fold(ReceptionHours::none(), |hours, days| hours.on(MONDAY.plus_days(days).weekday(), day()))
}

fn guards() -> Guards {
    let (zone, doing, clock) = (SiteZone::japan(), Doing::default(), ClockTrust::Sound);
    Guards { hours: hours(), zone, doing, booted_at: at(-30, 0, 0), clock }
}

/// The memory of a schedule that was first planned the evening before.
fn since_yesterday(lines: &[Line]) -> Runs {
    plan(lines, &Runs::default(), &guards(), at(-1, 20, 0)).runs
}

/// Plans every minute and lists what ran.
fn live(
    lines: &[Line],
    runs: &mut Runs,
    from: Timestamp,
    to: Timestamp,
    guards: impl Fn(Timestamp) -> Guards,
) -> Vec<(Work, Timestamp)> {
    let mut ran = Vec::new();
    let mut now = from;
    while now < to {
        let planned = plan(lines, runs, &guards(now), now);
        ran.extend(planned.run.map(|due| (due.work, now)));
        *runs = planned.runs;
        now = now.plus_ms(MINUTE);
    }
    ran
}

#[test]
fn the_night_goes_from_the_gentlest_to_the_reboot_one_at_a_time() {
    let lines = nightly();
    let mut runs = since_yesterday(&lines);
    let ran = live(&lines, &mut runs, at(-1, 20, 0), at(1, 2, 0), |_| guards());
    let expected =
        [(Work::RepowerReaders, at(0, 3, 0)), (Work::RestartService, at(0, 3, 1)), (Work::RebootBox, at(0, 3, 2))];
    assert_eq!(ran, expected);
}

#[test]
fn a_new_line_catches_nothing_up() {
    let lines = nightly();
    let planned = plan(&lines, &Runs::default(), &guards(), at(0, 3, 30));
    assert_eq!(planned.run, None);
    assert_eq!(planned.next.map(|(_, at)| at), Some(at(1, 3, 0)));
}

#[test]
fn never_inside_reception_hours_nor_so_late_that_it_would_reach_into_them() {
    let lines = [line("power", "50 8 * * *", Work::RepowerReaders)];
    let runs = since_yesterday(&lines);
    let planned = plan(&lines, &runs, &guards(), at(0, 8, 50));
    assert_eq!(planned.run, None);
    let postponed = &planned.postponed[0];
    assert_eq!((postponed.reason, postponed.until), (Reason::ReceptionHours, at(0, 12, 30)));
    let mut runs = planned.runs;
    let ran = live(&lines, &mut runs, at(0, 8, 51), at(0, 20, 0), |_| guards());
    assert_eq!(ran, [(Work::RepowerReaders, at(0, 12, 30))], "in the lunch break");
}

#[test]
fn nothing_runs_over_people_jobs_or_updates() {
    let lines = [line("service", "0 3 * * *", Work::RestartService)];
    let runs = since_yesterday(&lines);
    let doing = Doing::default();
    for (doing, reason) in [
        (Doing { check_ins_open: 1, ..doing }, Reason::CheckInOpen),
        (Doing { jobs_in_flight: 1, ..doing }, Reason::JobInFlight),
        (Doing { update_running: true, ..doing }, Reason::UpdateRunning),
        (Doing { card_being_read: true, ..doing }, Reason::CardBeingRead),
        (Doing { restart_running: true, ..doing }, Reason::OtherRestart),
    ] {
        let planned = plan(&lines, &runs, &Guards { doing, ..guards() }, at(0, 3, 0));
        assert_eq!(planned.run, None);
        assert_eq!(planned.postponed[0].reason, reason);
        assert!(planned.postponed[0].until > at(0, 3, 0));
        let later = plan(&lines, &planned.runs, &guards(), at(0, 3, 5));
        assert_eq!(later.run.unwrap().slot, at(0, 3, 0), "as soon as it is over");
    }
}

#[test]
fn patience_ends_with_a_reason() {
    let mut lines = vec![line("service", "0 3 * * *", Work::RestartService)];
    lines[0].patience_ms = 2 * HOUR;
    let busy = Guards { doing: Doing { check_ins_open: 1, ..Doing::default() }, ..guards() };
    let runs = plan(&lines, &since_yesterday(&lines), &busy, at(0, 3, 0)).runs;
    let waiting = plan(&lines, &runs, &busy, at(0, 5, 0));
    assert_eq!((waiting.postponed.len(), waiting.dropped.len()), (1, 0));
    let given_up = plan(&lines, &waiting.runs, &busy, at(0, 5, 1));
    assert_eq!(given_up.dropped[0].reason, Some(Reason::CheckInOpen));
    let free = plan(&lines, &given_up.runs, &guards(), at(0, 5, 2));
    assert_eq!(free.run, None, "until its next time");
    assert_eq!(free.next.unwrap().1, at(1, 3, 0));
}

#[test]
fn a_night_without_power_is_caught_up_once() {
    let lines = nightly();
    let mut runs = since_yesterday(&lines);
    let on_again = Guards { booted_at: at(2, 8, 0), ..guards() };
    let planned = plan(&lines, &runs, &on_again, at(2, 8, 5));
    assert_eq!(planned.done_by_booting.len(), 2, "the start of the box was the reboot");
    assert_eq!(planned.run, Some(Due { line: LineId::new("power"), work: Work::RepowerReaders, slot: at(2, 3, 0) }));
    runs = planned.runs;
    let ran = live(&lines, &mut runs, at(2, 8, 6), at(3, 2, 0), |_| on_again.clone());
    assert_eq!(ran, [], "three missed nights, one catching up");
}

#[test]
fn a_reboot_that_comes_back_does_not_reboot_again() {
    let lines = [line("reboot", "0 3 * * *", Work::RebootBox)];
    let mut runs = since_yesterday(&lines);
    let mut booted = at(-30, 0, 0);
    let mut reboots = Vec::new();
    let mut now = at(0, 0, 0);
    while now < at(2, 0, 0) {
        let planned = plan(&lines, &runs, &Guards { booted_at: booted, ..guards() }, now);
        runs = planned.runs;
        if planned.run.is_some() {
            reboots.push(now);
            now = now.plus_ms(MINUTE);
            booted = now;
        }
        now = now.plus_ms(MINUTE);
    }
    assert_eq!(reboots, [at(0, 3, 0), at(1, 3, 0)]);
}

#[test]
fn even_a_line_for_every_minute_and_a_lost_memory_make_no_loop() {
    let lines = [line("reboot", "* * * * *", Work::RebootBox)];
    let mut booted = at(-30, 0, 0);
    let mut runs = since_yesterday(&lines);
    let mut reboots = 0;
    let mut now = at(6, 0, 0);
    while now < at(6, 20, 0) {
        let planned = plan(&lines, &runs, &Guards { booted_at: booted, ..guards() }, now);
        runs = planned.runs;
        if planned.run.is_some() {
            reboots += 1;
            booted = now.plus_ms(MINUTE);
            now = booted;
            if reboots == 1 {
                runs = Runs::default();
            }
        }
        now = now.plus_ms(MINUTE);
    }
    assert!((2..=7).contains(&reboots), "{reboots} within twenty hours of a Sunday");
}

#[test]
fn healing_asks_the_same_guards() {
    let mut runs = Runs::default();
    assert_eq!(may_reboot(&runs, &guards(), at(0, 5, 0)), Ok(()));
    assert_eq!(may_reboot(&runs, &guards(), at(0, 10, 0)), Err((Reason::ReceptionHours, at(0, 12, 30))));
    runs.note_reboot(at(0, 5, 0));
    assert_eq!(may_reboot(&runs, &guards(), at(0, 5, 30)), Err((Reason::JustRebooted, at(0, 6, 0))));
    for minutes in 1..6 {
        runs.note_reboot(at(0, 6, minutes));
    }
    assert_eq!(may_reboot(&runs, &guards(), at(0, 20, 0)), Err((Reason::RebootedTooOften, at(1, 5, 0))));
}

#[test]
fn a_clock_that_goes_back_neither_repeats_nor_falls_silent() {
    let lines = [line("power", "0 3 * * *", Work::RepowerReaders)];
    let mut runs = since_yesterday(&lines);
    assert_eq!(live(&lines, &mut runs, at(0, 2, 50), at(0, 3, 10), |_| guards()).len(), 1);
    let again = live(&lines, &mut runs, at(0, 2, 30), at(0, 3, 30), |_| guards());
    assert_eq!(again, [], "half an hour back: done is done");
    let wrong = plan(&lines, &runs, &guards(), at(-400, 2, 0));
    assert!(wrong.clock_went_back);
    let mut runs = wrong.runs;
    assert_eq!(live(&lines, &mut runs, at(-400, 2, 1), at(-400, 4, 0), |_| guards()).len(), 1);
}

#[test]
fn a_doubtful_clock_runs_nothing() {
    let lines = [line("power", "0 3 * * *", Work::RepowerReaders)];
    let runs = since_yesterday(&lines);
    for clock in [ClockTrust::Impossible, ClockTrust::Jumped { until: at(0, 3, 10) }] {
        let planned = plan(&lines, &runs, &Guards { clock, ..guards() }, at(0, 3, 0));
        assert_eq!((planned.run, planned.postponed[0].reason), (None, Reason::ClockDoubtful));
    }
}

#[test]
fn the_memory_outlives_the_program() {
    let lines = nightly();
    let busy = Guards { doing: Doing { check_ins_open: 1, ..Doing::default() }, ..guards() };
    let mut runs = plan(&lines, &since_yesterday(&lines), &busy, at(0, 3, 0)).runs;
    runs.note_reboot(at(0, 3, 0));
    runs.note_prepared(at(0, 9, 0));
    let stored = serde_json::to_string(&runs).unwrap();
    assert_eq!(serde_json::from_str::<Runs>(&stored).unwrap(), runs);
    assert_eq!(serde_json::from_str::<Runs>("{}").unwrap(), Runs::default());
}

#[test]
fn lines_that_are_gone_are_forgotten() {
    let runs = since_yesterday(&nightly());
    let planned = plan(&nightly()[..1], &runs, &guards(), at(0, 0, 0));
    let stored = serde_json::to_string(&planned.runs).unwrap();
    assert!(stored.contains("reboot") && !stored.contains("power"), "{stored}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever lines, clocks and doings: what runs has no objection, each slot runs once, reboots keep their distance.
    #[test]
    fn guards_hold(steps in prop::collection::vec((0..180_i64, -200..3000_i64, any::<[u8; 3]>()), 1..120)) {
        let lines = [
            line("power", "*/30 * * * *", Work::RepowerReaders),
            line("service", "15 3,13 * * *", Work::RestartService),
            line("reboot", "0 */2 * * *", Work::RebootBox),
        ];
        let mut runs = since_yesterday(&lines);
        let (mut now, mut booted_at) = (at(-1, 20, 0), at(-30, 0, 0));
        let mut reboots: Vec<Timestamp> = Vec::new();
        let mut ran = std::collections::BTreeSet::new();
        for (forward, jump, dice) in steps {
            // the clock mostly runs; now and then it jumps
            let minutes = if dice[2] % 16 == 0 { jump } else { forward };
            now = now.plus_ms(minutes * MINUTE);
            let (check_ins_open, update_running) = (u32::from(dice[0] % 4 == 0), dice[1] % 8 == 0);
            let doing = Doing { check_ins_open, update_running, ..Doing::default() };
            let guards = Guards { doing, booted_at, ..guards() };
            let planned = plan(&lines, &runs, &guards, now);
            if let Some(due) = planned.run {
                prop_assert_eq!(check_ins_open, 0);
                prop_assert!(!update_running);
                prop_assert!(!guards.hours.is_open(now, &guards.zone));
                prop_assert!(due.slot <= now);
                prop_assert!(ran.insert((due.line, due.slot)), "each slot once");
                if due.work == Work::RebootBox {
                    prop_assert!(reboots.iter().all(|last| now.since_ms(*last).abs() >= HOUR || *last > now));
                    reboots.push(now);
                    booted_at = now;
                }
            }
            prop_assert!(planned.next.is_some_and(|(_, next)| next > now));
            runs = planned.runs;
        }
    }
}
