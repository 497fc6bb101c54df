//! Faults as knobs, turned while the terminal runs.

mod knobs;

pub use knobs::{FaultKind, FaultPatch, FaultRule, FaultScope, FaultSettings, FaultTrigger};

use super::dice::Dice;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The handle to the knobs: cheap to clone, shared with the running terminal.
#[derive(Clone)]
pub struct Faults {
    inner: Arc<Inner>,
}

struct Inner {
    seed: u64,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    rules: BTreeMap<FaultKind, FaultRule>,
    settings: FaultSettings,
    fired: BTreeMap<FaultKind, u64>,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Faults {
        let changed = watch::Sender::new(0);
        Faults { inner: Arc::new(Inner { seed, state: Mutex::new(State::default()), changed }) }
    }

    /// Turns one knob, for the fault's usual target.
    pub fn set(&self, kind: FaultKind, when: FaultTrigger) {
        self.set_rule(kind, FaultRule { when, on: None });
    }

    /// Turns one knob for requests, cards or both.
    pub fn set_on(&self, kind: FaultKind, when: FaultTrigger, on: FaultScope) {
        self.set_rule(kind, FaultRule { when, on: Some(on) });
    }

    /// Turns every knob off.
    pub fn clear(&self) {
        self.change(|state| state.rules.clear());
    }

    /// The amounts in use.
    pub fn settings(&self) -> FaultSettings {
        self.lock().settings
    }

    /// Replaces the amounts.
    pub fn set_settings(&self, settings: FaultSettings) {
        self.change(|state| state.settings = settings);
    }

    /// Applies a patch, as the control door receives it.
    pub fn apply(&self, patch: &FaultPatch) {
        self.change(|state| {
            if patch.all_off {
                state.rules.clear();
            }
            state.rules.extend(patch.rules.iter().map(|(kind, rule)| (*kind, *rule)));
            state.settings = patch.settings.unwrap_or(state.settings);
        });
    }

    /// The position of one knob.
    pub fn trigger(&self, kind: FaultKind) -> FaultTrigger {
        self.lock().rules.get(&kind).map_or(FaultTrigger::Off, |rule| rule.when)
    }

    /// How often this fault changed what happened, since the start.
    pub fn fired(&self, kind: FaultKind) -> u64 {
        self.lock().fired.get(&kind).copied().unwrap_or_default()
    }

    /// All counts.
    pub fn all_fired(&self) -> BTreeMap<FaultKind, u64> {
        self.lock().fired.clone()
    }

    /// Knobs that still strike.
    pub fn rules(&self) -> BTreeMap<FaultKind, FaultRule> {
        let rules = self.lock().rules.clone();
        rules.into_iter().filter(|(_, rule)| !matches!(rule.when, FaultTrigger::Off | FaultTrigger::Next(0))).collect()
    }

    /// Whether this knob stands on always.
    pub(crate) fn is_always(&self, kind: FaultKind) -> bool {
        self.trigger(kind) == FaultTrigger::Always
    }

    /// Whether the line of the terminal to the national service is up.
    pub fn line_is_up(&self) -> bool {
        !self.is_always(FaultKind::LineDown)
    }

    /// Decides whether the fault strikes this request (by name) or card reading, and counts it.
    pub(crate) fn strikes(&self, kind: FaultKind, target: FaultScope, name: &str) -> bool {
        let mut state = self.lock();
        let Some(rule) = state.rules.get_mut(&kind) else { return false };
        let scope = rule.on.unwrap_or(kind.default_scope());
        let everywhere = kind.is_state() && rule.when == FaultTrigger::Always;
        if !scope.covers(target) && !everywhere {
            return false;
        }
        let strikes = match &mut rule.when {
            FaultTrigger::Off | FaultTrigger::Next(0) => false,
            FaultTrigger::Always => true,
            FaultTrigger::Next(left) => {
                *left -= 1;
                true
            }
            FaultTrigger::ChancePerMille(per_mille) => {
                let tag = format!("{kind:?}");
                Dice::keyed(self.inner.seed, &["fault", &tag, name]).per_mille(u32::from(*per_mille))
            }
        };
        *state.fired.entry(kind).or_default() += u64::from(strikes);
        strikes
    }

    /// Counts an effect that was not decided per request.
    pub(crate) fn count(&self, kind: FaultKind, times: u64) {
        *self.lock().fired.entry(kind).or_default() += times;
    }

    /// Told of every change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// Wakes whoever follows the changes.
    pub(crate) fn nudge(&self) {
        self.inner.changed.send_modify(|version| *version += 1);
    }

    fn set_rule(&self, kind: FaultKind, rule: FaultRule) {
        self.change(|state| {
            state.rules.insert(kind, rule);
        });
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.nudge();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FaultScope::{Both, Cards, Requests};

    #[test]
    fn next_runs_out_and_counts() {
        let faults = Faults::new(1);
        faults.set(FaultKind::Slow, FaultTrigger::Next(2));
        let struck: Vec<bool> = (0..4).map(|n| faults.strikes(FaultKind::Slow, Requests, &n.to_string())).collect();
        assert_eq!(struck, [true, true, false, false]);
        assert_eq!(faults.fired(FaultKind::Slow), 2);
        assert_eq!(faults.trigger(FaultKind::Slow), FaultTrigger::Next(0));
        assert!(faults.rules().is_empty());
    }

    #[test]
    fn chance_is_the_seed_s() {
        let draw = |seed| {
            let faults = Faults::new(seed);
            faults.set(FaultKind::Garbage, FaultTrigger::ChancePerMille(300));
            (0..1000).map(|n| faults.strikes(FaultKind::Garbage, Requests, &n.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
        let struck = draw(5).iter().filter(|struck| **struck).count();
        assert!((230..370).contains(&struck), "{struck}");
    }

    #[test]
    fn scopes_keep_cards_and_requests_apart() {
        let faults = Faults::new(1);
        faults.set(FaultKind::Garbage, FaultTrigger::Next(1));
        assert!(!faults.strikes(FaultKind::Garbage, Cards, "c"));
        assert!(faults.strikes(FaultKind::Garbage, Requests, "r"));
        faults.set_on(FaultKind::Garbage, FaultTrigger::Always, Both);
        assert!(faults.strikes(FaultKind::Garbage, Cards, "c"));
        faults.set(FaultKind::LineDown, FaultTrigger::Next(1));
        assert!(!faults.strikes(FaultKind::LineDown, Cards, "c"));
        faults.set(FaultKind::LineDown, FaultTrigger::Always);
        assert!(faults.strikes(FaultKind::LineDown, Cards, "c") && !faults.line_is_up());
    }

    #[test]
    fn a_patch_is_plain_json() {
        let faults = Faults::new(1);
        let patch = r#"{"rules":{"slow":{"when":{"next":3}},"garbage":{"when":{"chance_per_mille":20},"on":"both"},
            "line_down":{"when":"always"}},"settings":{"slow_ms":500}}"#;
        faults.apply(&serde_json::from_str(patch).expect("a patch"));
        assert_eq!(faults.trigger(FaultKind::Slow), FaultTrigger::Next(3));
        assert!(!faults.line_is_up());
        assert_eq!(faults.settings().slow_ms, 500);
        assert_eq!(faults.settings().late_hold, 3);
        faults.apply(&serde_json::from_str(r#"{"all_off":true}"#).expect("a patch"));
        assert!(faults.rules().is_empty());
        assert!(serde_json::from_str::<FaultPatch>(r#"{"rules":{"nonsense":{"when":"always"}}}"#).is_err());
    }
}
