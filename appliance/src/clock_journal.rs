//! What the clock of the box did by itself, on record: what holds for a visit is decided by its date, and a wrong clock gives a wrong
//! one. Whoever looks for the reason later finds it in the fault report, whether the box watches devices or not.

use crate::desk::{Input, RunningDesk};
use crate::schedule::{ClockJump, ClockWatch, is_impossible};
use crate::store::{CLOCK, DeviceLine, DeviceNotes, Stored};
use domain::Timestamp;
use domain::text::Text;
use std::time::Duration;

/// Time between two looks at the clock.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Watches the clock and says what is to be written down.
#[derive(Debug, Default)]
pub struct ClockJournal {
    watch: ClockWatch,
    has_looked: bool,
    was_impossible: bool,
    /// what could not be written down yet
    unkept: Vec<DeviceLine>,
}

impl ClockJournal {
    /// Goes on where the last line left off: a clock that was set right while the box was off is news, too.
    pub fn after(last_line: Option<Timestamp>) -> ClockJournal {
        ClockJournal { was_impossible: last_line.is_some_and(is_impossible), ..ClockJournal::default() }
    }

    /// The journal of a desk's clock.
    pub fn of(desk: &RunningDesk) -> Stored<ClockJournal> {
        let history = desk.readers().read(|reading| reading.clock_history())?;
        Ok(ClockJournal::after(history.first().map(|line| line.at)))
    }

    /// Looks at both clocks, as [`ClockWatch::look`] does. What is new, in words.
    pub fn look(&mut self, wall: Timestamp, counting_ms: u64) -> Vec<Text> {
        let jump = self.watch.look(wall, counting_ms);
        let is_first = !std::mem::replace(&mut self.has_looked, true);
        let is_impossible = is_impossible(wall);
        let was_impossible = std::mem::replace(&mut self.was_impossible, is_impossible);
        let turned = match is_impossible {
            true if is_first || !was_impossible => Some(impossible(wall)),
            false if was_impossible => Some(possible_again(wall)),
            _ => None,
        };
        jump.map(|jump| jumped(wall, jump)).into_iter().chain(turned).collect()
    }

    /// Watches until the desk stops.
    pub async fn run(mut self, desk: RunningDesk) {
        let mut revisions = desk.watch();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => self.pass(&desk).await,
                changed = revisions.changed() => if changed.is_err() { return },
            }
        }
    }

    /// One look; what it found is written down, now or at a later one.
    pub async fn pass(&mut self, desk: &RunningDesk) {
        let now = desk.clock().now();
        for what in self.look(now, desk.clock().counting_ms()) {
            tracing::warn!("{}", what.en);
            self.unkept.push(DeviceLine { device: CLOCK.to_owned(), at: now, what });
        }
        if self.unkept.is_empty() {
            return;
        }
        let notes = DeviceNotes { lines: self.unkept.clone(), ..DeviceNotes::default() };
        match desk.inbox().send(|reply| Input::Devices(Box::new(notes), reply)).await {
            Some(Ok(())) => self.unkept.clear(),
            Some(Err(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "what the clock did was not written down");
            }
            None => {}
        }
    }
}

fn impossible(wall: Timestamp) -> Text {
    let shown = shown(wall);
    Text::new(
        format!(
            "時計がありえない日時（{shown}）を示しています。受付はできます。受診日を必ず確かめ、時計を合わせてください。"
        ),
        format!(
            "The clock shows an impossible time ({shown}). Check-in goes on: check every visit's date, and set the clock."
        ),
    )
}

fn possible_again(wall: Timestamp) -> Text {
    let shown = shown(wall);
    Text::new(
        format!("時計がありえる日時（{shown}）に戻りました。それまでの受付の受診日を確かめてください。"),
        format!("The clock shows a possible time again ({shown}). Check the dates of the visits entered before."),
    )
}

fn jumped(wall: Timestamp, jump: ClockJump) -> Text {
    let (before, after) = (shown(wall.plus_ms(-jump.by_ms)), shown(wall));
    Text::new(
        format!(
            "時計が{before}から{after}に飛びました（または箱が休止していました）。前後の受付の受診日を確かめてください。"
        ),
        format!("The clock jumped from {before} to {after}, or the box slept. Check the dates of visits around it."),
    )
}

fn shown(at: Timestamp) -> String {
    let (hour, minute, _) = at.time_in_japan();
    format!("{} {hour}:{minute:02}", at.date_in_japan())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Date;

    const NOON: Timestamp = Timestamp::in_japan(Date::literal(2026, 11, 21), 12, 0, 0);
    const EMPTY: Timestamp = Timestamp::in_japan(Date::literal(2000, 1, 1), 0, 0, 0);

    fn english(said: Vec<Text>) -> Vec<String> {
        said.into_iter().map(|text| text.en.chars().take(44).collect()).collect()
    }

    #[test]
    fn a_clock_that_runs_is_no_news() {
        let mut journal = ClockJournal::after(None);
        assert_eq!(journal.look(NOON, 0), []);
        assert_eq!(journal.look(NOON.plus_ms(10_000), 10_000), []);
    }

    #[test]
    fn an_impossible_clock_is_said_at_every_start_and_once() {
        for last_line in [None, Some(EMPTY), Some(NOON)] {
            let mut journal = ClockJournal::after(last_line);
            assert_eq!(english(journal.look(EMPTY, 0)), ["The clock shows an impossible time (2000-01-"]);
            assert_eq!(journal.look(EMPTY.plus_ms(10_000), 10_000), []);
        }
    }

    #[test]
    fn a_fall_and_the_way_back_are_jumps_with_both_times() {
        let mut journal = ClockJournal::after(None);
        journal.look(NOON, 0);
        let fell = journal.look(EMPTY, 10_000);
        assert!(fell[0].ja.contains("2026-11-21 12:00から2000-01-01 0:00に"), "{}", fell[0].ja);
        assert!(fell[1].ja.contains("ありえない日時（2000-01-01 0:00）"), "{}", fell[1].ja);
        let back = english(journal.look(NOON.plus_ms(20_000), 20_000));
        assert_eq!(back[1], "The clock shows a possible time again (2026-");
    }

    #[test]
    fn a_jump_among_possible_times_is_written_down_too() {
        let mut journal = ClockJournal::after(None);
        journal.look(NOON, 0);
        let said = journal.look(NOON.plus_ms(3_610_000), 10_000);
        assert_eq!(said.len(), 1);
        assert!(said[0].en.contains("from 2026-11-21 12:00 to 2026-11-21 13:00"), "{}", said[0].en);
    }

    #[test]
    fn a_clock_set_right_while_the_box_was_off_is_news() {
        let mut journal = ClockJournal::after(Some(EMPTY));
        assert_eq!(english(journal.look(NOON, 0)), ["The clock shows a possible time again (2026-"]);
    }
}
