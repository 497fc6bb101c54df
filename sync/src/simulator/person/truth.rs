//! What a test may expect about a person.

use super::iso_maybe;
use domain::Date;
use serde::Serialize;

/// QualificationValidity (OQSCD006).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// 1 有効
    Valid,
    /// 2 無効
    Invalid,
    /// 3 無効(新しい資格あり)
    Superseded,
    /// 4 該当資格なし
    NotFound,
    /// 5 複数該当
    Ambiguous,
    /// 6 有効(未登録)
    ValidTicketMissing,
}

impl Validity {
    /// The wire's code.
    pub const fn code(self) -> &'static str {
        match self {
            Validity::Valid => "1",
            Validity::Invalid => "2",
            Validity::Superseded => "3",
            Validity::NotFound => "4",
            Validity::Ambiguous => "5",
            Validity::ValidTicketMissing => "6",
        }
    }
}

/// What becomes of a visit recorded by what the patient holds or tells, once the service has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answer says what the papers say.
    Confirmed,
    /// The answer is valid and says something else: other numbers or another ratio.
    Corrected,
    /// The answer leaves work for a person.
    FollowUp,
}

/// What the service answers on the reference date by one way of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Expectation {
    /// The code of the answer.
    pub validity: Validity,
    /// What becomes of the visit.
    pub outcome: Outcome,
}

/// The truth about a person on the reference date, stated when the person was made (not computed by the service).
#[derive(Clone, Debug, Serialize)]
pub struct Truth {
    /// Asked with the numbers of the first held document; `None` when nothing is held.
    pub by_number: Option<Expectation>,
    /// Asked by the card, when the card can be read at all by one of its ways; `None` when it cannot.
    pub by_card: Option<Expectation>,
    /// Index into the person's `national.eligibilities` of what truly holds on the reference date, registered or not.
    pub holds: Option<usize>,
    /// The true burden ratio in tenths on the reference date; 0 for medical aid alone, `None` when nothing holds.
    pub share_tenths: Option<u8>,
    /// Day from which a lagging registration can be found by number.
    #[serde(serialize_with = "iso_maybe")]
    pub found_from: Option<Date>,
}
