//! One device under watch: every sign of it goes in here, and what is new comes out.
//!
//! ```text
//!   sign ──▶ noted (the facts beside the state) ──▶ the next state ──▶ judged ──▶ notices
//!   time ──▶ judged: what takes too long, what never came, what lies there ──────▶ notices
//! ```

mod answers;
mod card_place;
mod judging;
mod noting;

use super::device::{DeviceKind, HealthSettings};
use super::history::{Change, History};
use super::hours::{HourOfDay, HourTable};
use super::leap::ClockWatch;
use super::notice::Notice;
use super::sign::Sign;
use super::state::HealthState;
use crate::reader::Moment;
use card_place::CardPlace;

/// The health of one device: the sum of all signs of it, with what people ask about it.
#[derive(Debug, Clone)]
pub struct Health {
    kind: DeviceKind,
    settings: HealthSettings,
    state: HealthState,
    since: Moment,
    clock: ClockWatch,
    history: History,
    card: CardPlace,
    reading_since: Option<Moment>,
    expected_by: Option<Moment>,
    last_good_read: Option<Moment>,
    last_failure: Option<&'static str>,
    failed_in_row: u32,
    missed_in_row: u32,
    hours: HourTable,
    starting_since: Option<Moment>,
    last_start_ms: Option<u64>,
    last_restart: Option<Moment>,
    trouble_since: Option<Moment>,
}

impl Health {
    /// A device of which nothing was heard yet.
    pub fn new(kind: DeviceKind, settings: HealthSettings, now: Moment) -> Self {
        Self {
            kind,
            settings,
            state: HealthState::Unheard,
            since: now,
            clock: ClockWatch::new(now),
            history: History::default(),
            card: CardPlace::Out,
            reading_since: None,
            expected_by: None,
            last_good_read: None,
            last_failure: None,
            failed_in_row: 0,
            missed_in_row: 0,
            hours: HourTable::default(),
            starting_since: None,
            last_start_ms: None,
            last_restart: None,
            trouble_since: None,
        }
    }

    /// With the hours that were counted before a restart of the program.
    pub fn with_hours(self, hours: HourTable) -> Self {
        Self { hours, ..self }
    }

    /// The site's clock changed its offset from UTC (a zone with summer time).
    pub fn set_utc_offset_ms(&mut self, utc_offset_ms: i64) {
        self.settings.utc_offset_ms = utc_offset_ms;
    }

    /// Takes a sign into account and says what is new.
    pub fn hear(&mut self, sign: Sign, now: Moment) -> Vec<Notice> {
        let mut notices = Vec::new();
        self.heed_clock(now);
        self.note(&sign, now, &mut notices);
        let card_in = self.card_since().is_some();
        if let Some(next) = self.state.after(&sign, self.kind, card_in) {
            self.enter(next, now, &mut notices);
        }
        self.judge_row(now, &mut notices);
        notices
    }

    /// Lets time pass: what takes too long, what never came, what lies there. To be called about once a second.
    pub fn pass_time(&mut self, now: Moment) -> Vec<Notice> {
        let mut notices = Vec::new();
        self.heed_clock(now);
        self.judge_reading(now, &mut notices);
        self.judge_expectation(now, &mut notices);
        self.judge_absence(now, &mut notices);
        self.judge_start(now, &mut notices);
        self.judge_card(now, &mut notices);
        self.judge_row(now, &mut notices);
        notices
    }

    /// What is being timed goes on being timed when the clock is set.
    fn heed_clock(&mut self, now: Moment) {
        let Some(leap) = self.clock.look(now) else { return };
        let timed = [&mut self.reading_since, &mut self.starting_since, &mut self.expected_by, &mut self.trouble_since];
        timed.into_iter().flatten().for_each(|at| leap.move_on(at));
        leap.move_on(&mut self.since);
        self.card.since_mut().into_iter().for_each(|since| leap.move_on(since));
    }

    fn enter(&mut self, next: HealthState, now: Moment, notices: &mut Vec<Notice>) {
        if next.is_well() {
            self.last_start_ms = self.starting_since.take().map(|since| passed(since, now)).or(self.last_start_ms);
            self.trouble_since = None;
        } else if next.fault().is_some() {
            self.trouble_since = self.trouble_since.or(Some(now));
        }
        notices.push(Notice::Changed { from: self.state, to: next });
        self.state = next;
        self.since = now;
        self.history.add(Change { at: now, state: next });
    }

    fn hour(&self, at: Moment) -> HourOfDay {
        HourOfDay::of(at, self.settings.utc_offset_ms)
    }
}

/// Milliseconds from `since` to `now`; none when the clock went back.
fn passed(since: Moment, now: Moment) -> u64 {
    now.0.saturating_sub(since.0)
}
