//! How often somebody may guess. Wrong tries at one account from one place soon have to wait; tries at one account from everywhere
//! together wait too, except from where that account has signed in before: an attacker elsewhere does not lock out honest staff.

use domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Wrong tries in a row, from one place, before there is a wait.
const FREE_HERE: u32 = 5;
/// Wrong tries in a row, from all other places together.
const FREE_ELSEWHERE: u32 = 30;
/// The first wait; it doubles with every further wrong try …
const FIRST_WAIT_MS: i64 = 10_000;
/// … up to this.
const LONGEST_WAIT_MS: i64 = 5 * 60_000;
/// After so long without a wrong try everything is forgotten.
const FORGOTTEN_AFTER_MS: i64 = 60 * 60_000;
/// Most places and accounts remembered.
const MOST: usize = 10_000;

/// What is guessed at, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// the account as typed, or what else is guessed at
    pub account: String,
    /// from where
    pub from: String,
}

/// The tries of the last hour. In memory.
#[derive(Default)]
pub struct Tries(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    here: HashMap<Place, Count>,
    elsewhere: HashMap<String, Count>,
    known: HashMap<Place, Timestamp>,
}

#[derive(Clone, Copy)]
struct Count {
    wrong: u32,
    last: Timestamp,
}

impl Tries {
    /// How long a try has to wait, milliseconds; 0 = it may be made.
    pub fn wait_ms(&self, place: &Place, now: Timestamp) -> i64 {
        let counts = self.counts();
        let here = counts.here.get(place).map_or(0, |count| count.wait_ms(FREE_HERE, now));
        if counts.known.contains_key(place) {
            return here;
        }
        let elsewhere = counts.elsewhere.get(&place.account).map_or(0, |count| count.wait_ms(FREE_ELSEWHERE, now));
        here.max(elsewhere)
    }

    /// A try was wrong.
    pub fn wrong(&self, place: &Place, now: Timestamp) {
        let mut counts = self.counts();
        counts.forget_old(now);
        let is_known = counts.known.contains_key(place);
        counts.here.entry(place.clone()).or_insert(Count { wrong: 0, last: now }).add(now);
        if !is_known {
            counts.elsewhere.entry(place.account.clone()).or_insert(Count { wrong: 0, last: now }).add(now);
        }
    }

    /// A try was right: this place is one of this account's.
    pub fn right(&self, place: &Place, now: Timestamp) {
        let mut counts = self.counts();
        counts.forget_old(now);
        counts.here.remove(place);
        counts.known.insert(place.clone(), now);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn forget_old(&mut self, now: Timestamp) {
        if self.here.len() + self.elsewhere.len() + self.known.len() < MOST {
            return;
        }
        self.here.retain(|_, count| now.since_ms(count.last) < FORGOTTEN_AFTER_MS);
        self.elsewhere.retain(|_, count| now.since_ms(count.last) < FORGOTTEN_AFTER_MS);
        if self.known.len() > MOST / 2 {
            self.known.clear();
        }
        if self.here.len() + self.elsewhere.len() > MOST {
            // somebody makes accounts up by the thousand: the waits of made-up ones matter to nobody
            self.here.retain(|_, count| count.wrong > 1);
            self.elsewhere.retain(|_, count| count.wrong > 1);
        }
    }
}

impl Count {
    fn add(&mut self, now: Timestamp) {
        if now.since_ms(self.last) >= FORGOTTEN_AFTER_MS {
            self.wrong = 0;
        }
        self.wrong = self.wrong.saturating_add(1);
        self.last = now;
    }

    fn wait_ms(&self, free: u32, now: Timestamp) -> i64 {
        let Some(over) = self.wrong.checked_sub(free) else { return 0 };
        let wait = (FIRST_WAIT_MS << over.min(10)).min(LONGEST_WAIT_MS);
        // a clock that went back makes nobody wait longer
        let past = now.since_ms(self.last).max(0);
        (wait - past).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_ms(1_800_000_000_000 + second * 1000)
    }

    fn place(account: &str, from: &str) -> Place {
        Place { account: account.to_owned(), from: from.to_owned() }
    }

    #[test]
    fn guessing_from_one_place_soon_waits_and_never_for_long() {
        let (tries, desk) = (Tries::default(), place("a", "192.0.2.1"));
        for _ in 0..4 {
            tries.wrong(&desk, at(0));
            assert_eq!(tries.wait_ms(&desk, at(0)), 0);
        }
        tries.wrong(&desk, at(0));
        assert_eq!(tries.wait_ms(&desk, at(0)), 10_000);
        assert_eq!(tries.wait_ms(&desk, at(10)), 0);
        for _ in 0..100 {
            tries.wrong(&desk, at(10));
        }
        assert_eq!(tries.wait_ms(&desk, at(10)), 300_000);
        tries.right(&desk, at(400));
        assert_eq!(tries.wait_ms(&desk, at(400)), 0);
    }

    #[test]
    fn an_attacker_elsewhere_does_not_lock_out_the_desk() {
        let (tries, desk) = (Tries::default(), place("a", "192.0.2.1"));
        tries.right(&desk, at(0));
        for number in 0..60 {
            tries.wrong(&place("a", &format!("198.51.100.{number}")), at(1));
        }
        assert!(tries.wait_ms(&place("a", "203.0.113.9"), at(1)) > 0, "a new place waits for all of them");
        assert_eq!(tries.wait_ms(&desk, at(1)), 0);
        assert_eq!(tries.wait_ms(&place("b", "203.0.113.9"), at(1)), 0, "another account is not touched");
    }
}
