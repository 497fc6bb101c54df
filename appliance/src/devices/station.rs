//! What is known of all devices: their health, their history, and what of it is yet to be stored.

use super::hands::Hands;
use super::start::PcscHands;
use super::timetable::Timetable;
use super::words;
use crate::clock::Clock;
use crate::store::{DeviceLine, DeviceNotes, Reading, Stored};
use domain::Timestamp;
use domain::text::Text;
use drivers::health::healing::{HealingMemory, HealingStep};
use drivers::health::{
    DeviceKind, DeviceName, Effect, GuideBook, HealthSettings, HealthState, ModelCode, Notice, Supervisor,
};
use drivers::{Bilingual, Moment};
use std::collections::{BTreeMap, VecDeque};
use web::port::DeviceChange;

/// A device as it is watched.
pub(super) struct Known {
    pub name: DeviceName,
    pub kind: DeviceKind,
    /// what it is, for people
    pub title: Text,
    pub model: ModelCode,
    /// its absence is a fault
    pub required: bool,
    /// cards can be read in it on request
    pub reads_cards: bool,
    pub hands: Hands,
}

/// All devices of the box.
pub(super) struct Station {
    pub supervisor: Supervisor,
    pub timetable: Timetable,
    pub guide: GuideBook,
    /// for readers that appear later
    pub pcsc: Option<PcscHands>,
    /// steps for the whole box that this site has
    pub box_wide: Vec<HealingStep>,
    /// in the order of the settings, then as they appeared
    pub known: Vec<Known>,
    history: BTreeMap<DeviceName, VecDeque<DeviceChange>>,
    memories: BTreeMap<String, HealingMemory>,
    /// of the supervisor's count of reader troubles, what was noted already
    counted: BTreeMap<DeviceName, u32>,
    notes: DeviceNotes,
}

/// Changes shown of each device.
const SHOWN: usize = 200;

impl Station {
    /// A station with what is remembered from before the program started. What cannot be read any more is left out and said so: the
    /// devices must be watched all the same.
    pub(super) fn remembering(reading: Reading<'_>, timetable: Timetable, guide: GuideBook) -> Stored<Station> {
        let mut station = Station {
            supervisor: Supervisor::default(),
            timetable,
            guide,
            pcsc: None,
            box_wide: Vec::new(),
            known: Vec::new(),
            history: BTreeMap::new(),
            memories: memories(reading.device_memories()?),
            counted: BTreeMap::new(),
            notes: DeviceNotes::default(),
        };
        for DeviceLine { device, at, what } in reading.device_lines()? {
            if let Ok(device) = DeviceName::parse(&device) {
                station.show(&device, DeviceChange { at, what });
            }
        }
        if let Some(memory) = reading.device_runs()? {
            station.timetable.remember(&memory);
        }
        Ok(station)
    }

    /// Watches one more device.
    pub(super) fn watch(&mut self, known: Known, settings: HealthSettings, box_wide: &[HealingStep], now: Moment) {
        let memory = self.memories.get(known.name.as_str()).cloned().unwrap_or_default();
        let rules = known.hands.rules(known.kind, box_wide);
        let settings = HealthSettings { required: known.required, ..settings };
        self.supervisor.watch(known.name.clone(), known.kind, settings, rules, memory, now);
        self.known.push(known);
    }

    /// The device of this name.
    pub(super) fn find(&self, device: &DeviceName) -> Option<&Known> {
        self.known.iter().find(|known| known.name == *device)
    }

    /// Something needs the guards' leave, or may soon.
    pub(super) fn is_in_trouble(&self) -> bool {
        self.supervisor.is_restarting() || self.supervisor.devices().any(|(_, health)| health.state().fault().is_some())
    }

    /// The changes of a device, newest first.
    pub(super) fn changes_of(&self, device: &DeviceName) -> Vec<DeviceChange> {
        self.history.get(device).into_iter().flatten().rev().cloned().collect()
    }

    /// What there is to be stored; from then on it is stored, or lost.
    pub(super) fn take_notes(&mut self) -> DeviceNotes {
        std::mem::take(&mut self.notes)
    }

    /// The schedule's memory has changed.
    pub(super) fn note_runs(&mut self) {
        self.notes.runs = Some(self.timetable.memory());
    }

    /// Takes down what happened.
    pub(super) fn note(&mut self, effects: &[Effect], clock: &Clock) {
        let now = clock.now();
        effects.iter().for_each(|effect| self.note_one(effect, now));
        self.count();
    }

    fn note_one(&mut self, effect: &Effect, now: Timestamp) {
        match effect {
            Effect::Told { device, notice } => self.note_news(device, notice, now),
            Effect::Do { device, .. } => self.note_memory(device),
            Effect::Ended { device, ended } => {
                self.note_memory(device);
                let outcome = match ended.helped {
                    Some(true) => Bilingual { ja: "直りました", en: "it helped" },
                    Some(false) => Bilingual { ja: "直りませんでした", en: "it did not help" },
                    None => Bilingual {
                        ja: "効果は次の読み取りで分かります", en: "the next reading will show"
                    },
                };
                self.write(device, words::with(ended.step.name(), outcome), now);
            }
            Effect::NotDone { device, step } => {
                let given_up =
                    Bilingual { ja: "機会がなく、取りやめました", en: "given up, it found no moment" };
                self.write(device, words::with(step.name(), given_up), now);
            }
            Effect::Call { device, words: call } => {
                tracing::warn!(%device, "a person is needed: {}", call.en);
                self.write(device, words::text(call.clone()), now);
            }
            Effect::Probe { .. } => {}
        }
    }

    /// Cards that come and go are shown and not stored: they are no news of the device, and there are many.
    fn note_news(&mut self, device: &DeviceName, notice: &Notice, now: Timestamp) {
        let what = words::notice(notice);
        let passing = |state: &HealthState| state.is_well();
        match notice {
            Notice::Changed { from, to } if passing(from) && passing(to) => {
                self.show(device, DeviceChange { at: now, what });
            }
            Notice::ReadFailed { .. } => {
                self.note_memory(device);
                self.write(device, what, now);
            }
            _ => self.write(device, what, now),
        }
    }

    /// A line of history that survives.
    pub(super) fn write(&mut self, device: &DeviceName, what: Text, now: Timestamp) {
        self.notes.lines.push(DeviceLine { device: device.to_string(), at: now, what: what.clone() });
        self.show(device, DeviceChange { at: now, what });
    }

    /// What is known of a device's healing.
    fn note_memory(&mut self, device: &DeviceName) {
        let Some(memory) = self.supervisor.memory(device) else { return };
        if let Ok(text) = serde_json::to_string(&memory) {
            self.notes.memories.retain(|(name, _)| name != device.as_str());
            self.notes.memories.push((device.to_string(), text));
        }
    }

    /// Every device's: before the box goes down.
    pub(super) fn note_all_memories(&mut self) {
        let names: Vec<DeviceName> = self.known.iter().map(|known| known.name.clone()).collect();
        names.iter().for_each(|name| self.note_memory(name));
    }

    fn count(&mut self) {
        for (device, met) in self.supervisor.reader_troubles() {
            let counted = self.counted.entry(device.clone()).or_default();
            let new = met - std::mem::replace(counted, *met);
            if new > 0 {
                *self.notes.reader_troubles.entry(device.to_string()).or_default() += new;
            }
        }
    }

    fn show(&mut self, device: &DeviceName, change: DeviceChange) {
        let changes = self.history.entry(device.clone()).or_default();
        if changes.len() == SHOWN {
            changes.pop_front();
        }
        changes.push_back(change);
    }
}

fn memories(rows: Vec<(String, String)>) -> BTreeMap<String, HealingMemory> {
    let read = |(device, text): (String, String)| match serde_json::from_str(&text) {
        Ok(memory) => Some((device, memory)),
        Err(_) => {
            tracing::warn!(device, "what was known of the healing of this device cannot be read and begins anew");
            None
        }
    };
    rows.into_iter().filter_map(read).collect()
}

/// The moment `drivers` goes by: the wall clock, which its own watches know to jump.
pub(super) fn moment(now: Timestamp) -> Moment {
    Moment(u64::try_from(now.as_ms()).unwrap_or(0))
}

/// And back.
pub(super) fn timestamp(moment: Moment) -> Timestamp {
    Timestamp::from_ms(i64::try_from(moment.0).unwrap_or(i64::MAX))
}
