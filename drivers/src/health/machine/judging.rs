//! What nobody reports and time alone shows.

use super::{CardPlace, Health, passed};
use crate::health::notice::Notice;
use crate::health::sign::{ReadFailure, Sign};
use crate::health::state::HealthState;
use crate::health::trouble::DeviceFault;
use crate::reader::Moment;

impl Health {
    pub(super) fn judge_reading(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        if self.reading_since.is_some_and(|since| passed(since, now) > self.settings.reading_allowed_ms) {
            self.note_failed_read(ReadFailure::TookTooLong, now, notices);
        }
    }

    pub(super) fn judge_expectation(&mut self, now: Moment, notices: &mut Vec<Notice>) {
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

    pub(super) fn judge_absence(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        let away = match self.state {
            HealthState::Absent => true,
            HealthState::Unheard => !self.kind.is_silent_when_idle(),
            _ => false,
        };
        if away && self.settings.required && passed(self.since, now) > self.settings.absence_allowed_ms {
            self.find(DeviceFault::Missing, now, notices);
        }
    }

    pub(super) fn judge_start(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        let starting = self.state == HealthState::Starting;
        if starting && passed(self.since, now) > self.settings.start_allowed_ms {
            self.find(DeviceFault::NotStarted, now, notices);
        }
    }

    pub(super) fn judge_card(&mut self, now: Moment, notices: &mut Vec<Notice>) {
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

    pub(super) fn judge_row(&mut self, now: Moment, notices: &mut Vec<Notice>) {
        if self.failed_in_row >= self.settings.failed_reads_in_row.max(1) {
            self.failed_in_row = 0;
            self.find(DeviceFault::ReadsFailing, now, notices);
        }
    }

    /// A fault that nobody reported.
    fn find(&mut self, fault: DeviceFault, now: Moment, notices: &mut Vec<Notice>) {
        notices.extend(self.hear(Sign::Faulted { fault }, now));
    }
}
