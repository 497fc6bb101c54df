//! The schedule as it runs: its memory, what waits and why, and what the guards allow at the moment.

use super::settings::DeviceSettings;
use super::words;
use crate::clock::Clock;
use crate::schedule::opening::{Opening, to_prepare};
use crate::schedule::{
    ClockJump, ClockWatch, Doing, Due, Guards, Line, LineId, Plan, Postponed, ReceptionHours, Runs, SiteZone,
    may_reboot, plan,
};
use domain::Timestamp;
use domain::text::Text;
use drivers::health::Leave;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::port::PlannedRestart;

/// What is due by the clock.
pub(super) struct Timetable {
    lines: Vec<Line>,
    hours: ReceptionHours,
    pub zone: SiteZone,
    memory: Memory,
    postponed: Vec<Postponed>,
    clock: ClockWatch,
    last_minute: Option<i64>,
    may_reboot: bool,
}

/// What outlives the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Memory {
    runs: Runs,
    last_ran_ms: BTreeMap<String, i64>,
}

/// What this minute asks for.
#[derive(Debug, Default)]
pub(super) struct Minute {
    /// run this
    pub due: Option<Due>,
    /// ask every device whether it works
    pub prepare: Option<Opening>,
    /// the memory is to be stored before anything is done
    pub remember: bool,
    /// the wall clock was set
    pub jump: Option<ClockJump>,
}

impl Timetable {
    pub(super) fn new(settings: &DeviceSettings) -> Timetable {
        Timetable {
            lines: settings.restarts.clone(),
            hours: settings.guarded_hours(),
            zone: settings.zone.clone(),
            memory: Memory::default(),
            postponed: Vec::new(),
            clock: ClockWatch::default(),
            last_minute: None,
            may_reboot: false,
        }
    }

    /// Takes up what was stored.
    pub(super) fn remember(&mut self, stored: &str) {
        match serde_json::from_str(stored) {
            Ok(memory) => self.memory = memory,
            Err(_) => tracing::error!("the memory of the schedule cannot be read; its lines begin anew"),
        }
    }

    /// What is to be stored.
    pub(super) fn memory(&self) -> String {
        serde_json::to_string(&self.memory).expect("numbers under names are always JSON")
    }

    /// Whether a new minute began since the last look.
    pub(super) fn is_new_minute(&mut self, now: Timestamp) -> bool {
        let minute = now.as_ms().div_euclid(60_000);
        self.last_minute.replace(minute) != Some(minute)
    }

    /// Plans this minute.
    pub(super) fn plan(&mut self, doing: Doing, longest_way_ms: u64, clock: &Clock) -> Minute {
        let now = clock.now();
        let jump = self.clock.look(now, clock.counting_ms());
        let guards = self.guards(doing, clock);
        self.may_reboot = self.healing_may_reboot(doing, clock);
        let before = self.memory.clone();
        let prepare = to_prepare(&guards, longest_way_ms, &self.memory.runs, now);
        if let Some(opening) = prepare {
            self.memory.runs.note_prepared(opening.at);
        }
        let planned = plan(&self.lines, &self.memory.runs, &guards, now);
        let due = self.take(planned, now);
        Minute { due, prepare, remember: self.memory != before, jump }
    }

    fn take(&mut self, planned: Plan, now: Timestamp) -> Option<Due> {
        for dropped in &planned.dropped {
            let why = dropped.reason.map_or("its next time has come", crate::schedule::Reason::code);
            tracing::warn!(line = %dropped.line, why, "a planned restart was given up until its next time");
        }
        if planned.clock_went_back {
            tracing::warn!("the clock went back by more than a day; planned restarts count from now");
        }
        self.memory.runs = planned.runs;
        self.postponed = planned.postponed;
        if let Some(due) = &planned.run {
            self.memory.last_ran_ms.insert(due.line.to_string(), now.as_ms());
        }
        planned.run
    }

    /// What healing may do to the whole box. The hours are asked once a minute, what is going on every time.
    pub(super) fn leave(&self, doing: Doing) -> Leave {
        let quiet = Doing { restart_running: false, ..doing };
        let service = !doing.update_running && doing.check_ins_open == 0 && !doing.card_being_read;
        Leave { service, reboot: self.may_reboot && quiet == Doing::default() }
    }

    /// A reboot is about to be asked for as a healing step.
    pub(super) fn note_reboot(&mut self, now: Timestamp) {
        self.memory.runs.note_reboot(now);
        self.may_reboot = false;
    }

    /// The hours that guard, for whoever else must know.
    pub(super) fn hours(&self) -> &ReceptionHours {
        &self.hours
    }

    /// The lines, for people.
    pub(super) fn shown(&self, now: Timestamp) -> Vec<PlannedRestart> {
        self.lines.iter().map(|line| self.shown_line(line, now)).collect()
    }

    fn shown_line(&self, line: &Line, now: Timestamp) -> PlannedRestart {
        PlannedRestart {
            what: line.work.text(),
            line: line.cron.as_str().to_owned(),
            next: line.cron.next_after(now, &self.zone),
            postponed: self.postponed.iter().find(|waiting| waiting.line == line.id).map(|one| self.why(one)),
            last_run: self.last_run(&line.id),
        }
    }

    fn why(&self, postponed: &Postponed) -> Text {
        let reason = postponed.reason.text();
        let (hour, minute) = self.zone.hour_and_minute(postponed.until);
        Text::new(
            format!("{}{hour}:{minute:02}にもう一度確かめます。", reason.ja),
            format!("{} Looked at again at {hour}:{minute:02}.", reason.en),
        )
    }

    fn last_run(&self, line: &LineId) -> Option<Timestamp> {
        self.memory.last_ran_ms.get(line.as_str()).map(|ms| Timestamp::from_ms(*ms))
    }

    /// Healing itself is no other restart.
    fn healing_may_reboot(&self, doing: Doing, clock: &Clock) -> bool {
        let alone = self.guards(Doing { restart_running: false, ..doing }, clock);
        may_reboot(&self.memory.runs, &alone, clock.now()).is_ok()
    }

    fn guards(&self, doing: Doing, clock: &Clock) -> Guards {
        Guards {
            hours: self.hours.clone(),
            zone: self.zone.clone(),
            doing,
            booted_at: clock.booted_at(),
            clock: self.clock.trust(),
        }
    }
}

/// A planned restart in a line of history.
pub(super) fn ran(due: &Due) -> Text {
    let what = due.work.text();
    words::text(drivers::health::Words::new(
        format!("予定された{}を始めました。", what.ja),
        format!("Planned: {} began.", what.en),
    ))
}
