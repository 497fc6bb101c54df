//! What is due, what waits, what is given up: one pure function.

use super::crontab::CronLine;
use super::guards::{Guards, Reason, Work};
use super::runs::{LineRun, Runs, Waiting};
use domain::Timestamp;
use std::fmt;

/// The name of a line in the settings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(String);

impl LineId {
    /// A line of this name.
    pub fn new(name: impl Into<String>) -> LineId {
        LineId(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LineId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One line of the schedule.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub id: LineId,
    /// When.
    pub cron: CronLine,
    /// What.
    pub work: Work,
    /// How long it may be postponed before it is given up until its next time, in milliseconds.
    pub patience_ms: i64,
}

impl Line {
    /// How long a line waits unless its settings say otherwise.
    pub const USUAL_PATIENCE_MS: i64 = 12 * 3_600_000;
}

/// To be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which line.
    pub line: LineId,
    /// What to do.
    pub work: Work,
    /// When it was due; earlier than now when it waited or was missed while the power was off.
    pub slot: Timestamp,
}

/// Due, but not now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postponed {
    /// Which line.
    pub line: LineId,
    /// When it was due.
    pub slot: Timestamp,
    /// Why it waits.
    pub reason: Reason,
    /// When to look again.
    pub until: Timestamp,
}

/// Given up until the line's next time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Which line.
    pub line: LineId,
    /// When it was due.
    pub slot: Timestamp,
    /// What stood in its way at the end; `None` when the line's next time came before it was done.
    pub reason: Option<Reason>,
}

/// What to do and what to remember.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// At most one thing at a time, the gentlest first.
    pub run: Option<Due>,
    /// What waits, and why.
    pub postponed: Vec<Postponed>,
    /// What is given up, and why.
    pub dropped: Vec<Dropped>,
    /// Lines whose work a start of the box has done.
    pub done_by_booting: Vec<LineId>,
    /// The next line that will be due, and when.
    pub next: Option<(LineId, Timestamp)>,
    /// The clock has gone back by more than a day; lines count from now.
    pub clock_went_back: bool,
    /// The new memory. Store it before doing `run`.
    pub runs: Runs,
}

/// A memory so far in the future was written by a wrong clock. Less may be a correction, after which nothing is repeated.
const WRONG_CLOCK_MS: i64 = 26 * 3_600_000;

/// Plans for this moment. A line that was never planned before begins now: nothing is caught up for it.
pub fn plan(lines: &[Line], last_runs: &Runs, guards: &Guards, now: Timestamp) -> Plan {
    let mut plan = Plan {
        run: None,
        postponed: Vec::new(),
        dropped: Vec::new(),
        done_by_booting: Vec::new(),
        next: None,
        clock_went_back: false,
        runs: last_runs.clone(),
    };
    plan.runs.lines.retain(|name, _| lines.iter().any(|line| line.id.as_str() == name));
    let mut gentlest_first: Vec<&Line> = lines.iter().collect();
    gentlest_first.sort_by_key(|line| line.work);
    gentlest_first.iter().for_each(|line| plan.take(line, guards, now));
    let upcoming = lines.iter().filter_map(|line| Some((line.id.clone(), line.cron.next_after(now, &guards.zone)?)));
    plan.next = upcoming.min_by_key(|(_, at)| *at);
    plan
}

/// Whether healing may reboot the box now: the same guards as for the schedule.
pub fn may_reboot(runs: &Runs, guards: &Guards, now: Timestamp) -> Result<(), (Reason, Timestamp)> {
    guards.objection(Work::RebootBox, runs, now).map_or(Ok(()), Err)
}

impl Plan {
    fn take(&mut self, line: &Line, guards: &Guards, now: Timestamp) {
        let mut memory = self.remembered(line, now);
        if let Some(slot) = due_slot(line, &memory, guards, now) {
            self.decide(line, slot, &mut memory, guards, now);
        }
        self.runs.lines.insert(line.id.as_str().to_owned(), memory);
    }

    /// What is known of the line, set right when the clock has gone back.
    fn remembered(&mut self, line: &Line, now: Timestamp) -> LineRun {
        let new = LineRun { settled_ms: now.as_ms(), waiting: None };
        let memory = self.runs.lines.get(line.id.as_str()).copied().unwrap_or(new);
        if memory.settled_ms.saturating_sub(now.as_ms()) > WRONG_CLOCK_MS {
            self.clock_went_back = true;
            return new;
        }
        memory
    }

    fn decide(&mut self, line: &Line, slot: Timestamp, memory: &mut LineRun, guards: &Guards, now: Timestamp) {
        if line.work.is_done_by_booting() && guards.booted_at >= slot && guards.booted_at <= now {
            self.done_by_booting.push(line.id.clone());
            memory.settle(slot);
            return;
        }
        let waiting = self.waiting(line, slot, memory, now);
        let busy = self.run.is_some().then_some((Reason::OtherRestart, now.plus_ms(1000)));
        match guards.objection(line.work, &self.runs, now).or(busy) {
            None => self.run(line, slot, memory, now),
            Some((reason, _)) if now.as_ms().saturating_sub(waiting.since_ms) > line.patience_ms => {
                self.dropped.push(Dropped { line: line.id.clone(), slot, reason: Some(reason) });
                memory.settle(slot);
            }
            Some((reason, until)) => {
                self.postponed.push(Postponed { line: line.id.clone(), slot, reason, until });
                memory.waiting = Some(waiting);
            }
        }
    }

    /// The wait of this slot; an older one that was still waiting is given up for it.
    fn waiting(&mut self, line: &Line, slot: Timestamp, memory: &LineRun, now: Timestamp) -> Waiting {
        let new = Waiting { slot_ms: slot.as_ms(), since_ms: now.as_ms() };
        match memory.waiting {
            Some(old) if old.slot_ms == new.slot_ms => Waiting { since_ms: old.since_ms.min(now.as_ms()), ..old },
            Some(old) => {
                let slot = Timestamp::from_ms(old.slot_ms);
                self.dropped.push(Dropped { line: line.id.clone(), slot, reason: None });
                new
            }
            None => new,
        }
    }

    fn run(&mut self, line: &Line, slot: Timestamp, memory: &mut LineRun, now: Timestamp) {
        memory.settle(slot);
        if line.work == Work::RebootBox {
            self.runs.note_reboot(now);
        }
        self.run = Some(Due { line: line.id.clone(), work: line.work, slot });
    }
}

impl LineRun {
    fn settle(&mut self, slot: Timestamp) {
        *self = LineRun { settled_ms: slot.as_ms().max(self.settled_ms), waiting: None };
    }
}

/// The latest time of the line that is not settled. Several missed ones are caught up once.
fn due_slot(line: &Line, memory: &LineRun, guards: &Guards, now: Timestamp) -> Option<Timestamp> {
    line.cron.latest(now, &guards.zone).filter(|slot| slot.as_ms() > memory.settled_ms)
}

#[cfg(test)]
mod tests;
