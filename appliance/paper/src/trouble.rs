//! When something does not work: the call sheet and the fault report. Nothing about patients.

use serde::{Deserialize, Serialize};

/// What to say when calling for help (REQ-21).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallSheet {
    /// who calls
    pub staff: String,
    /// what does not work now; empty when everything works
    pub faults: Vec<FaultNow>,
    /// what the box tried by itself today
    pub tried: Vec<Happened>,
    /// versions
    pub versions: Vec<(String, String)>,
}

/// A part that does not work now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultNow {
    /// which
    pub part: String,
    /// how it stands
    pub state: String,
    /// since when
    pub since: String,
    /// the cause, or the words of the device
    pub cause: String,
}

/// Something that happened to a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// when
    pub at: String,
    /// to which part
    pub part: String,
    /// what
    pub what: String,
    /// for the technician
    pub detail: String,
}

/// Which part stopped, and when (REQ-19).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultReport {
    /// the period in words
    pub period: String,
    /// its days: place in thousandths of the period, and words
    pub axis: Vec<(u32, String)>,
    /// links and devices
    pub parts: Vec<Part>,
    /// what is wrong now in technicians' words: part and words
    pub errors: Vec<(String, String)>,
    /// the time line, newest first
    pub happened: Vec<Happened>,
    /// how many more happened than are printed
    pub more: u32,
    /// versions and settings
    pub settings: Vec<(String, String)>,
}

/// One link or device over the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// its name
    pub name: String,
    /// how it stands
    pub state: String,
    /// whether that is good
    pub is_good: bool,
    /// since when
    pub since: String,
    /// how long it was down
    pub down: String,
    /// where it was down: place and length in thousandths of the period
    pub marks: Vec<(u32, u32)>,
}
