//! Devices on the wire.

use super::Text;
use super::text::{ShortText, required};
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::port::{DeviceChange, DeviceItem, DeviceLamp, DevicesView, HealingChoice, PlannedRestart};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// By which step a device is restarted.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestartForm {
    /// `step` of one of the device's steps
    pub step: ShortText,
}

impl Form for RestartForm {
    type Meaning = String;

    fn meaning(self, at: &Place<'_>) -> Option<String> {
        required(self.step, at.field("step"))
    }
}

/// A restart that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestartAsked {
    /// of which device
    pub device: String,
    /// by which step
    pub step: String,
    /// when it was asked for
    pub at: Instant,
}

/// How a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// works
    Good,
    /// starting, or being healed
    Working,
    /// not heard of yet, or absent and not needed
    Unknown,
    /// faulted, or absent although it is needed
    Bad,
}

impl From<DeviceLamp> for Lamp {
    fn from(lamp: DeviceLamp) -> Lamp {
        match lamp {
            DeviceLamp::Good => Lamp::Good,
            DeviceLamp::Working => Lamp::Working,
            DeviceLamp::Unknown => Lamp::Unknown,
            DeviceLamp::Bad => Lamp::Bad,
        }
    }
}

/// What is wrong with a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// for staff
    pub staff: Text,
    /// for a technician
    pub technician: Text,
    /// probable cause and steps
    pub advice: Vec<Text>,
}

/// One change of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceChanged {
    /// when
    pub at: Instant,
    /// in words
    pub what: Text,
}

/// A step that may help a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HealingStep {
    /// for asking
    pub step: String,
    /// its name
    pub name: Text,
    /// how often it was tried on this device
    pub tried: u32,
    /// how often it helped
    pub helped: u32,
    /// the site has what it needs
    pub available: bool,
}

impl From<&HealingChoice> for HealingStep {
    fn from(choice: &HealingChoice) -> HealingStep {
        HealingStep {
            step: choice.step.clone(),
            name: (&choice.name).into(),
            tried: choice.tried,
            helped: choice.helped,
            available: choice.available,
        }
    }
}

/// One watched device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceShown {
    /// its name, unique on the box
    pub device: String,
    /// what it is
    pub kind: Text,
    /// how it stands
    pub lamp: Lamp,
    /// the same in words
    pub state: Text,
    /// since when
    pub since: Instant,
    /// what is wrong
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// the last card or code it read well
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_good_read: Option<Instant>,
    /// a reading is expected by then; absent when none is awaited
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_by: Option<Instant>,
    /// a card was left in it since
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_left_since: Option<Instant>,
    /// failures by hour of the day: 24 counts from midnight
    pub failures_by_hour: Vec<u32>,
    /// what the hours suggest
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Text>,
    /// what may be done, the gentlest first
    pub steps: Vec<HealingStep>,
    /// cards can be read in it on request
    pub reads_cards: bool,
    /// newest first
    pub history: Vec<DeviceChanged>,
}

impl From<&DeviceChange> for DeviceChanged {
    fn from(change: &DeviceChange) -> DeviceChanged {
        DeviceChanged { at: Instant::of(change.at), what: (&change.what).into() }
    }
}

impl From<&DeviceItem> for DeviceShown {
    fn from(item: &DeviceItem) -> DeviceShown {
        let fault = item.fault.as_ref().map(|fault| Fault {
            staff: (&fault.staff).into(),
            technician: (&fault.technician).into(),
            advice: fault.advice.iter().map(Text::from).collect(),
        });
        DeviceShown {
            device: item.device.clone(),
            kind: (&item.kind).into(),
            lamp: item.lamp.into(),
            state: (&item.state).into(),
            since: Instant::of(item.since),
            fault,
            last_good_read: item.last_good_read.map(Instant::of),
            expected_by: item.expected_by.map(Instant::of),
            card_left_since: item.card_left_since.map(Instant::of),
            failures_by_hour: item.failures_by_hour.to_vec(),
            suspicion: item.suspicion.as_ref().map(Text::from),
            steps: item.steps.iter().map(HealingStep::from).collect(),
            reads_cards: item.reads_cards,
            history: item.history.iter().map(DeviceChanged::from).collect(),
        }
    }
}

/// A restart by the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlannedRestart)]
pub struct PlannedRestartShown {
    /// of what
    pub what: Text,
    /// the line as it was written
    pub line: String,
    /// when it runs next
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Instant>,
    /// why it waits although it is due
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postponed: Option<Text>,
    /// when it ran last
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run: Option<Instant>,
}

impl From<&PlannedRestart> for PlannedRestartShown {
    fn from(restart: &PlannedRestart) -> PlannedRestartShown {
        PlannedRestartShown {
            what: (&restart.what).into(),
            line: restart.line.clone(),
            next: restart.next.map(Instant::of),
            postponed: restart.postponed.as_ref().map(Text::from),
            last_run: restart.last_run.map(Instant::of),
        }
    }
}

/// Whether everything is ready for the next opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ready {
    /// as a lamp
    pub lamp: Lamp,
    /// in words
    pub words: Text,
}

/// Everything that is watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Devices)]
pub struct DevicesShown {
    /// whether the box watches devices at all
    pub watched: bool,
    /// in the order of the settings
    pub devices: Vec<DeviceShown>,
    /// restarts by the clock
    pub restarts: Vec<PlannedRestartShown>,
    /// ready for the next opening; absent when no hours are set
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
}

impl DevicesShown {
    /// What is told of the devices.
    pub fn of(watched: bool, view: &DevicesView) -> DevicesShown {
        DevicesShown {
            watched,
            devices: view.devices.iter().map(DeviceShown::from).collect(),
            restarts: view.restarts.iter().map(PlannedRestartShown::from).collect(),
            ready: view.ready_light.as_ref().map(|(lamp, words)| Ready { lamp: (*lamp).into(), words: words.into() }),
        }
    }
}
