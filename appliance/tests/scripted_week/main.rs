//! A week of simulated time: readers fail as in the survey, healing and schedule drive simulated devices, and the doors open eleven
//! times. Reception never opens with a dead reader that one of the healing steps could have revived; no guard is ever broken.
#![allow(clippy::unwrap_used, missing_docs)]

mod devices;
mod script;
mod world;

use drivers::health::healing::HealingStep;
use script::Script;
use uketsuke::schedule::opening::ReadyLight;
use world::{Care, Story, World};

/// Each is another week.
const SEEDS: u8 = 5;

fn week(seed: u8, care: Care) -> Story {
    World::new(Script::survey_week(seed), care).live()
}

#[test]
fn reception_never_opens_with_a_reader_that_could_have_been_revived() {
    let mut helped = std::collections::BTreeMap::new();
    for seed in 0..SEEDS {
        let story = week(seed, Care::Given);
        assert_eq!(story.openings.len(), 11, "seed {seed}: four full days, two mornings, one day off");
        for opening in &story.openings {
            assert_eq!(opening.revivable_dead, Vec::<String>::new(), "seed {seed}, {opening:?}");
        }
        assert_eq!(story.broken_guards, Vec::<String>::new(), "seed {seed}");
        assert!(story.illnesses > 20, "seed {seed}: a week with {} illnesses shows little", story.illnesses);
        story.helped.iter().for_each(|(step, times)| *helped.entry(*step).or_insert(0) += times);
    }
    for step in [HealingStep::Reopen, HealingStep::Reset, HealingStep::CycleRelay, HealingStep::RestartService] {
        assert!(helped.get(&step).is_some_and(|times| *times > 0), "{step:?} never helped: {helped:?}");
    }
}

#[test]
fn without_care_the_same_weeks_open_with_dead_readers() {
    let dead: usize = (0..SEEDS)
        .map(|seed| week(seed, Care::Withheld))
        .map(|story| story.openings.iter().filter(|opening| !opening.revivable_dead.is_empty()).count())
        .sum();
    assert!(dead > 4 * usize::from(SEEDS), "only {dead} openings: the script is too kind to prove anything");
}

#[test]
fn the_schedule_runs_every_night_and_catches_up_after_the_power_cut() {
    let story = week(0, Care::Given);
    let nights = |work: &str| story.ran.iter().filter(|(name, _)| name == work).count();
    assert_eq!(nights("reboot"), 6, "on the night without power the start of the box was the reboot: {:?}", story.ran);
    assert_eq!(nights("power"), 7, "missed once and caught up: {:?}", story.ran);
    assert!(story.reboots_per_day_most <= 6, "{}", story.reboots_per_day_most);
    assert!(
        story.postponed.contains("update_running") && story.postponed.contains("check_in_open"),
        "{:?}",
        story.postponed
    );
}

#[test]
fn a_reader_beyond_all_steps_is_told_to_a_person_and_stops_nothing() {
    let story = week(1, Care::Given);
    assert!(story.calls.iter().any(|call| call.starts_with("spare-window")), "{:?}", story.calls);
    let last = story.openings.last().unwrap();
    assert!(
        matches!(&last.light, ReadyLight::NotReady(names) if names.iter().any(|name| name.as_str() == "spare-window"))
    );
}
