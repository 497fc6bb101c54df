//! What the box does by itself at night: it looks for what is past its period, once a day, and catches up when it was off.

use crate::desk::{Input, RunningDesk};
use domain::{Date, Timestamp};
use std::time::Duration;

/// From this hour on, in Japan.
const FROM_HOUR: u8 = 2;
/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Pause between parts of the work that can wait.
const BETWEEN_SNAPSHOTS: Duration = Duration::from_millis(50);

/// Looks every night, as long as the desk runs.
pub async fn run(desk: RunningDesk) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.tick().await; // the first comes at once, and starting has enough to do
    let mut looked = desk.readers().read(|reading| reading.steady_nights()).ok().flatten().map(|(day, _)| day);
    loop {
        ticks.tick().await;
        let now = desk.clock().now();
        let Some(day) = due(looked, now) else { continue };
        match desk.inbox().send(Input::ForgetWhatIsDue).await {
            Some(Ok(())) => {
                looked = Some(day);
                make_snapshots(&desk).await;
            }
            Some(Err(error)) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "what is past its period was not forgotten; tried again"
            ),
            None => return,
        }
    }
}

/// Documents that have become quiet are packed for boxes that will be new, a few at a time: nobody at the desk waits.
async fn make_snapshots(desk: &RunningDesk) {
    loop {
        match desk.inbox().send(Input::MakeSnapshots).await {
            Some(Ok(true)) => tokio::time::sleep(BETWEEN_SNAPSHOTS).await,
            Some(Ok(false)) | None => return,
            Some(Err(error)) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "snapshots were not made; tried again the next night"
                );
                return;
            }
        }
    }
}

/// The day for which it is time to look.
fn due(looked: Option<Date>, now: Timestamp) -> Option<Date> {
    let (today, (hour, ..)) = (now.date_in_japan(), now.time_in_japan());
    (hour >= FROM_HOUR && looked != Some(today)).then_some(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_once_a_day_after_two_and_caught_up_whenever_the_box_is_on() {
        let day = Date::literal(2026, 3, 2);
        let at = |hour, minute| Timestamp::in_japan(day, hour, minute, 0);
        assert_eq!(due(Some(day.plus_days(-1)), at(1, 59)), None);
        assert_eq!(due(Some(day.plus_days(-1)), at(2, 0)), Some(day));
        assert_eq!(due(Some(day), at(23, 59)), None);
        assert_eq!(due(None, at(14, 0)), Some(day));
    }
}
