//! One device under watch.

use super::device::{DeviceKind, HealthSettings};
use super::history::{Change, History};
use super::hours::{HourOfDay, HourTable};
use super::leap::ClockWatch;
use super::sign::{ReadFailure, Sign};
use super::state::HealthState;
use super::trouble::DeviceFault;
use crate::reader::{Moment, ReaderFault};

/// Something others should know about a device. Nothing about a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Its state changed.
    Changed {
        /// Before.
        from: HealthState,
        /// Now.
        to: HealthState,
    },
    /// A card lies there and nobody takes it: call the patient back (`field-troubles` REQ-13).
    CardLeftBehind {
        /// Since when it lies there.
        since: Moment,
    },
    /// The card that was left behind was taken.
    LeftCardTaken,
    /// A reading failed.
    ReadFailed {
        /// Why.
        why: ReadFailure,
    },
    /// An expected reading did not come in time.
    ReadMissed,
}

impl Notice {
    /// A reading that failed or never came, or a fault that began. The faults that a row of failed readings adds up to were told one
    /// by one, and a step that did not help is no new trouble.
    pub fn is_new_trouble(&self) -> bool {
        match self {
            Self::ReadFailed { .. } | Self::ReadMissed => true,
            Self::Changed { from, to: HealthState::Faulted { fault } } => {
                from.fault().is_none() && !fault.needs_a_good_read()
            }
            _ => false,
        }
    }
}

/// Where a card is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CardPlace {
    Out,
    In {
        since: Moment,
        told: bool,
    },
    /// The device stopped telling while one was in.
    Unknown {
        since: Moment,
    },
}

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

    /// What kind of device it is.
    pub fn kind(&self) -> DeviceKind {
        self.kind
    }

    /// Where it stands.
    pub fn state(&self) -> HealthState {
        self.state
    }

    /// Since when.
    pub fn since(&self) -> Moment {
        self.since
    }

    /// Since when it has not been well, through all faults and healing since then; `None` while it is well, or while
    /// nothing was ever wrong.
    pub fn trouble_since(&self) -> Option<Moment> {
        self.trouble_since
    }

    /// What it went through.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The last reading that worked.
    pub fn last_good_read(&self) -> Option<Moment> {
        self.last_good_read
    }

    /// By when the next reading is expected, if one is.
    pub fn expected_by(&self) -> Option<Moment> {
        self.expected_by
    }

    /// The name of the last fault or failure, under which the guide knows causes and steps; kept after recovery.
    pub fn last_failure(&self) -> Option<&'static str> {
        self.last_failure
    }

    /// Readings by hour of the day.
    pub fn hours(&self) -> &HourTable {
        &self.hours
    }

    /// How long the last start took, in milliseconds (`field-troubles` REQ-16).
    pub fn last_start_ms(&self) -> Option<u64> {
        self.last_start_ms
    }

    /// When the last healing step or restart of this device began (`field-troubles` REQ-16).
    pub fn last_restart(&self) -> Option<Moment> {
        self.last_restart
    }

    /// Since when a card has been lying there, if one is known to.
    pub fn card_since(&self) -> Option<Moment> {
        match self.card {
            CardPlace::In { since, .. } => Some(since),
            CardPlace::Out | CardPlace::Unknown { .. } => None,
        }
    }

    /// A card was left behind and is still there.
    pub fn card_left_behind(&self) -> bool {
        matches!(self.card, CardPlace::In { told: true, .. })
    }

    /// The last sign of a card in a device that has since stopped telling whether it is still there.
    pub fn card_unknown_since(&self) -> Option<Moment> {
        match self.card {
            CardPlace::Unknown { since } => Some(since),
            CardPlace::Out | CardPlace::In { .. } => None,
        }
    }

    /// A reading runs: whatever happens, the device is not disturbed.
    pub fn is_reading(&self) -> bool {
        self.reading_since.is_some()
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
        if let CardPlace::In { since, .. } | CardPlace::Unknown { since } = &mut self.card {
            leap.move_on(since);
        }
    }

    /// The facts beside the state.
    fn note(&mut self, sign: &Sign, now: Moment, notices: &mut Vec<Notice>) {
        match sign {
            Sign::CardInserted => self.place_card(CardPlace::In { since: now, told: false }, notices),
            Sign::CardRemoved | Sign::Detached => self.place_card(CardPlace::Out, notices),
            Sign::ReadBegan => self.reading_since = Some(now),
            Sign::ReadExpected { by } => self.expected_by = Some(*by),
            Sign::GoodRead => self.note_good_read(now),
            Sign::FailedRead { why } => self.note_failed_read(*why, now, notices),
            Sign::Faulted { fault } => self.note_fault(*fault, now, notices),
            Sign::HealingBegan { .. } => self.last_restart = Some(now),
            Sign::Answering => self.note_answer(),
            Sign::Attached | Sign::HealingEnded => {}
        }
        if matches!(sign, Sign::Detached) {
            self.reading_since = None;
        }
        if matches!(sign, Sign::Attached | Sign::HealingBegan { .. }) {
            self.starting_since = Some(now);
        }
    }

    fn note_good_read(&mut self, now: Moment) {
        self.reading_since = None;
        self.expected_by = None;
        self.last_good_read = Some(now);
        self.failed_in_row = 0;
        self.missed_in_row = 0;
        self.hours.count_good(self.hour(now));
        self.use_card(now);
    }

    fn note_failed_read(&mut self, why: ReadFailure, now: Moment, notices: &mut Vec<Notice>) {
        self.reading_since = None;
        self.expected_by = None;
        self.missed_in_row = 0;
        self.last_failure = Some(why.code());
        self.count_failure(now);
        self.use_card(now);
        notices.push(Notice::ReadFailed { why });
    }

    fn note_fault(&mut self, fault: DeviceFault, now: Moment, notices: &mut Vec<Notice>) {
        self.reading_since = None;
        if self.state.fault() == Some(fault) {
            return;
        }
        self.last_failure = Some(fault.code());
        match fault {
            DeviceFault::Reader(ReaderFault::CardPulled) => self.place_card(CardPlace::Out, notices),
            // a card that gives no sign is nevertheless in
            DeviceFault::Reader(ReaderFault::CardMute) if self.card_since().is_none() => {
                self.card = CardPlace::In { since: now, told: false };
            }
            _ if fault.is_of_the_card() || fault.needs_a_good_read() => {}
            _ if self.card_since().is_some() => self.card = CardPlace::Unknown { since: now },
            _ => {}
        }
        if fault.is_of_the_card() {
            self.count_failure(now);
        }
    }

    /// A device that answers again reports a card that is still in as a new one, so what was known before is void.
    fn note_answer(&mut self) {
        if !self.state.is_well() {
            self.card = CardPlace::Out;
        }
    }

    fn count_failure(&mut self, now: Moment) {
        self.failed_in_row = self.failed_in_row.saturating_add(1);
        self.hours.count_failed(self.hour(now));
    }

    fn place_card(&mut self, place: CardPlace, notices: &mut Vec<Notice>) {
        if self.card_left_behind() {
            notices.push(Notice::LeftCardTaken);
        }
        self.card = place;
    }

    /// A card that is being used is not left behind: its time starts again.
    fn use_card(&mut self, now: Moment) {
        if let CardPlace::In { since, told: false } = &mut self.card {
            *since = now;
        }
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

    fn judge_reading(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        if self.reading_since.is_some_and(|since| passed(since, now) > self.settings.reading_allowed_ms) {
            self.note_failed_read(ReadFailure::TookTooLong, now, notices);
        }
    }

    fn judge_expectation(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        if self.expected_by.is_none_or(|by| now <= by) {
            return;
        }
        self.expected_by = None;
        self.missed_in_row = self.missed_in_row.saturating_add(1);
        notices.push(Notice::ReadMissed);
        if self.missed_in_row >= self.settings.missed_reads_in_row.max(1) {
            self.missed_in_row = 0;
            self.find(DeviceFault::Silent, now, notices);
        }
    }

    fn judge_absence(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        let away = match self.state {
            HealthState::Absent => true,
            HealthState::Unheard => !self.kind.is_silent_when_idle(),
            _ => false,
        };
        if away && self.settings.required && passed(self.since, now) > self.settings.absence_allowed_ms {
            self.find(DeviceFault::Missing, now, notices);
        }
    }

    fn judge_start(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        let starting = self.state == HealthState::Starting;
        if starting && passed(self.since, now) > self.settings.start_allowed_ms {
            self.find(DeviceFault::NotStarted, now, notices);
        }
    }

    fn judge_card(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        let reading = self.is_reading();
        if let CardPlace::In { since, told } = &mut self.card
            && !reading
            && !*told
            && passed(*since, now) > self.settings.card_left_after_ms
        {
            *told = true;
            notices.push(Notice::CardLeftBehind { since: *since });
        }
    }

    fn judge_row(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        if self.failed_in_row >= self.settings.failed_reads_in_row.max(1) {
            self.failed_in_row = 0;
            self.find(DeviceFault::ReadsFailing, now, notices);
        }
    }

    /// A fault that nobody reported.
    fn find(&mut self, fault: DeviceFault, now: Moment, notices: &mut Vec<Notice>) {
        notices.extend(self.hear(Sign::Faulted { fault }, now));
    }

    fn hour(&self, at: Moment) -> HourOfDay {
        HourOfDay::of(at, self.settings.utc_offset_ms)
    }
}

/// Milliseconds from `since` to `now`; none when the clock went back.
fn passed(since: Moment, now: Moment) -> u64 {
    now.0.saturating_sub(since.0)
}
