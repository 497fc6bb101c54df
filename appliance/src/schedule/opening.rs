//! Ready at opening time (REQ-16): healing begins early enough, and one light says whether everything is ready.

use super::guards::Guards;
use super::runs::Runs;
use domain::Timestamp;
use domain::text::Text;
use drivers::health::{DeviceName, Health};

/// The next time the doors open, and when to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// When the doors open.
    pub at: Timestamp,
    /// When readers are asked whether they work, so that even the longest way of healing ends in time. Not while the doors are still
    /// open from before.
    pub prepare_from: Timestamp,
}

/// Beyond the longest way: for two devices that fail in turn, and for slow starts.
const RESERVE_MS: i64 = 15 * 60_000;

/// The next opening. `longest_way_ms` is what the supervisor says its devices may need.
pub fn next_opening(guards: &Guards, longest_way_ms: u64, now: Timestamp) -> Option<Opening> {
    let at = guards.hours.next_opening(now, &guards.zone)?;
    let lead_ms = i64::try_from(longest_way_ms).unwrap_or(i64::MAX).saturating_add(RESERVE_MS);
    let closed = guards.hours.last_closing(at.plus_ms(-1), &guards.zone);
    let from = at.plus_ms(-lead_ms);
    Some(Opening { at, prepare_from: closed.map_or(from, |closed| from.max(closed)) })
}

/// The opening to prepare for now, once each: note it in the memory with [`Runs::note_prepared`], store that, and let the supervisor
/// prepare.
pub fn to_prepare(guards: &Guards, longest_way_ms: u64, runs: &Runs, now: Timestamp) -> Option<Opening> {
    let opening = next_opening(guards, longest_way_ms, now)?;
    (now >= opening.prepare_from && runs.prepared_for() != Some(opening.at)).then_some(opening)
}

/// The light "ready at opening time".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadyLight {
    /// Everything answers.
    Ready,
    /// Nothing is known to be wrong, but these have not been heard yet.
    Unproven(Vec<DeviceName>),
    /// These do not work.
    NotReady(Vec<DeviceName>),
}

impl ReadyLight {
    /// The light for these devices.
    pub fn of<'a>(devices: impl Iterator<Item = (&'a DeviceName, &'a Health)>) -> ReadyLight {
        let ill: Vec<(DeviceName, bool)> = devices
            .filter(|(_, health)| !health.state().is_well())
            .map(|(name, health)| (name.clone(), is_unproven(health)))
            .collect();
        if ill.is_empty() {
            return ReadyLight::Ready;
        }
        if ill.iter().all(|(_, unproven)| *unproven) {
            return ReadyLight::Unproven(ill.into_iter().map(|(name, _)| name).collect());
        }
        ReadyLight::NotReady(ill.into_iter().filter(|(_, unproven)| !unproven).map(|(name, _)| name).collect())
    }

    /// The light in words.
    pub fn text(&self) -> Text {
        let list =
            |names: &[DeviceName], by: &str| names.iter().map(DeviceName::as_str).collect::<Vec<&str>>().join(by);
        match self {
            ReadyLight::Ready => Text::new("準備ができています。", "Everything is ready."),
            ReadyLight::Unproven(names) => Text::new(
                format!("まだ確認できていない機器があります：{}。最初の読み取りで確認します。", list(names, "、")),
                format!("Not heard from yet: {}. The first reading will show.", list(names, ", ")),
            ),
            ReadyLight::NotReady(names) => Text::new(
                format!("使えない機器があります：{}。受付は続けられます。", list(names, "、")),
                format!("Not working: {}. Reception can go on.", list(names, ", ")),
            ),
        }
    }
}

fn is_unproven(health: &Health) -> bool {
    health.state() == drivers::health::HealthState::Unheard && health.kind().is_silent_when_idle()
}

#[cfg(test)]
mod tests;
