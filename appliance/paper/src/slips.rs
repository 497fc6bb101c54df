//! Slips a patient takes home.

use serde::{Deserialize, Serialize};

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Japanese
    pub ja: String,
    /// English
    pub en: String,
}

/// P-C: what to bring or to phone, until when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeHome {
    /// number of the declaration, when there is one
    pub form_no: String,
    /// day of the visit
    pub day: String,
    /// running number of the day
    pub number: Option<u32>,
    /// name
    pub name: String,
    /// what is open
    pub lines: Vec<Line>,
    /// last day before the claims of the month are closed
    pub until: String,
    /// the full charge was taken: the refund rule is printed
    pub paid_in_full: bool,
    /// the code on the slip of the visit
    pub code: Option<String>,
}

/// What an advice slip is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// the certificate on the card runs out or has run out
    Certificate,
    /// the PIN is forgotten or locked
    Pin,
    /// questions that belong to the municipality
    CityOffice,
}

/// An advice slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// what about
    pub topic: Topic,
    /// whose; empty on a slip for anybody
    pub name: String,
    /// how the certificate stands and until when the card serves here; empty when it is not known
    pub standing: Vec<Line>,
}

/// Money that goes back to a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// day of the visit
    pub day: String,
    /// running number of the day
    pub number: Option<u32>,
    /// name
    pub name: String,
    /// reading
    pub kana: String,
    /// birth date
    pub birth: String,
    /// why the money goes back
    pub reason: Line,
    /// share that counts; empty when it is not known
    pub share: String,
    /// share that was asked
    pub asked: String,
    /// the code on the slip of the visit
    pub code: Option<String>,
}
