//! Logs, lines and disks under random schedules of everything that goes wrong. `UKETSUKE_FEED_SCHEDULES` says how many; a schedule
//! that fails is told by its seed, and `UKETSUKE_FEED_SEED` runs it alone.
#![allow(clippy::unwrap_used)]

#[path = "feed_support/facility.rs"]
mod facility;
#[path = "feed_support/simulation.rs"]
mod simulation;

use simulation::{Fault, Fired, World};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

const SCHEDULES: u64 = 200;
const STEPS: usize = 350;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// Runs a schedule; what fired in it.
fn schedule(seed: u64) -> Fired {
    let run = || {
        let mut world = World::new(seed);
        world.run(STEPS);
        world.settle();
        world.settle_after_a_restore();
        world.fired
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned().or(panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        if said.is_none() {
            resume_unwind(panic);
        }
        panic!("schedule {seed}: {}", said.unwrap_or_default())
    })
}

#[test]
fn every_schedule_ends_with_every_log_holding_every_fact() {
    let seeds = match setting("UKETSUKE_FEED_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..setting("UKETSUKE_FEED_SCHEDULES").unwrap_or(SCHEDULES),
    };
    let many = seeds.end - seeds.start >= SCHEDULES;
    let mut fired = Fired::new();
    for seed in seeds {
        for (fault, times) in schedule(seed) {
            *fired.entry(fault).or_default() += times;
        }
    }
    if many {
        for fault in Fault::ALL {
            assert!(fired.get(&fault).is_some_and(|times| *times >= 5), "{fault:?} fired too seldom: {fired:?}");
        }
    }
}

#[test]
fn a_schedule_runs_the_same_every_time() {
    assert_eq!(schedule(7), schedule(7));
}
