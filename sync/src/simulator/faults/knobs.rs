//! What can go wrong, when, and how much.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can go wrong. The JSON name is the variant in snake case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Requests stay lying in `req`; taken when the knob is turned off.
    Silent,
    /// The program is down (always), or restarts when it has taken a request (next, chance): what was taken and not
    /// yet answered is lost, and so are answers under way.
    RestartLosing,
    /// The same, but what was taken is answered after the restart.
    RestartKeeping,
    /// Answers come `slow_ms` later.
    Slow,
    /// The line is cut. Requests are taken and end abnormally (SegmentOfResult 9), or are held until the line returns,
    /// as `line_down_holds` says. Always: the line port refuses connections and cards cannot be read.
    LineDown,
    /// The national service is down: requests end abnormally with another code.
    ServiceDown,
    /// Requests are rejected with `.err`.
    RejectErr,
    /// The result is random bytes.
    Garbage,
    /// The result ends in the middle and is never completed.
    Truncated,
    /// The first half of the result appears, the rest `half_written_ms` later.
    HalfWritten,
    /// Answers are held until `late_hold` of them wait, the knob is turned off, or they are released by hand.
    Late,
    /// The same result again, `duplicate_ms` after the first.
    DuplicateSame,
    /// Another content under the same result name, `duplicate_ms` after the first.
    DuplicateChanged,
    /// The request is taken and never answered.
    LostAnswer,
    /// Bytes of the other character code than declared.
    WrongEncoding,
    /// A document type with an external entity in the result.
    Doctype,
    /// A result blown up to `oversized_bytes`.
    Oversized,
    /// Another `ArbitraryFileIdentifier` than asked with.
    WrongIdentifier,
    /// Another institution's code in the result.
    WrongInstitution,
    /// The card reader is off.
    ReaderOff,
    /// The card reader hangs: the attempt ends without result.
    ReaderHung,
}

impl FaultKind {
    /// Every fault.
    pub const ALL: [FaultKind; 21] = [
        FaultKind::Silent,
        FaultKind::RestartLosing,
        FaultKind::RestartKeeping,
        FaultKind::Slow,
        FaultKind::LineDown,
        FaultKind::ServiceDown,
        FaultKind::RejectErr,
        FaultKind::Garbage,
        FaultKind::Truncated,
        FaultKind::HalfWritten,
        FaultKind::Late,
        FaultKind::DuplicateSame,
        FaultKind::DuplicateChanged,
        FaultKind::LostAnswer,
        FaultKind::WrongEncoding,
        FaultKind::Doctype,
        FaultKind::Oversized,
        FaultKind::WrongIdentifier,
        FaultKind::WrongInstitution,
        FaultKind::ReaderOff,
        FaultKind::ReaderHung,
    ];

    /// States of the world rather than of one file: when always on they strike cards as well as requests.
    pub(super) const fn is_state(self) -> bool {
        matches!(
            self,
            FaultKind::RestartLosing
                | FaultKind::RestartKeeping
                | FaultKind::LineDown
                | FaultKind::ServiceDown
                | FaultKind::ReaderOff
                | FaultKind::ReaderHung
        )
    }

    pub(super) const fn default_scope(self) -> FaultScope {
        match self {
            FaultKind::ReaderOff | FaultKind::ReaderHung => FaultScope::Cards,
            _ => FaultScope::Requests,
        }
    }
}

/// When a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultTrigger {
    /// Never.
    #[default]
    Off,
    /// Until turned off.
    Always,
    /// The next so many times. What it holds back stays held until the knob is turned off by hand.
    Next(u32),
    /// So many of 1000 times, drawn from the seed and the file's name.
    ChancePerMille(u16),
}

/// What a fault may strike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultScope {
    /// Requests and their answers.
    #[default]
    Requests,
    /// Card readings and their face files.
    Cards,
    /// Both.
    Both,
}

impl FaultScope {
    pub(super) fn covers(self, target: FaultScope) -> bool {
        self == target || self == FaultScope::Both
    }
}

/// Amounts used by the faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultSettings {
    /// Delay of slow answers, milliseconds.
    pub slow_ms: u32,
    /// How long a restart takes, milliseconds.
    pub restart_ms: u32,
    /// Pause between the halves of a half-written file, milliseconds.
    pub half_written_ms: u32,
    /// How many late answers are held before all are released.
    pub late_hold: u32,
    /// When a duplicate follows, milliseconds after the first.
    pub duplicate_ms: u32,
    /// Size of an oversized result, bytes.
    pub oversized_bytes: u32,
    /// With the line down, requests wait for the line instead of ending abnormally.
    pub line_down_holds: bool,
}

impl Default for FaultSettings {
    fn default() -> FaultSettings {
        FaultSettings {
            slow_ms: 3_000,
            restart_ms: 20_000,
            half_written_ms: 1_500,
            late_hold: 3,
            duplicate_ms: 1_000,
            oversized_bytes: 5 * 1024 * 1024,
            line_down_holds: false,
        }
    }
}

/// One knob's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// When it strikes.
    pub when: FaultTrigger,
    /// What it strikes; the usual target of the fault when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<FaultScope>,
}

/// Changes to the knobs; what is absent stays. `{"rules":{"slow":{"when":{"next":3}}},"settings":{…}}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultPatch {
    /// Turn everything off before the rules are applied.
    pub all_off: bool,
    /// Knobs to turn.
    pub rules: BTreeMap<FaultKind, FaultRule>,
    /// New amounts, all of them.
    pub settings: Option<FaultSettings>,
}
