//! What goes over the wire: forms that come in (checked field by field, located) and views that go out. Mapped by hand, so
//! that a change inside does not change the API by accident.

pub mod apart;
pub mod board;
pub mod card;
pub mod case;
pub mod check_in;
pub mod claim;
pub mod code;
pub mod command;
pub mod consent;
pub mod counter;
pub mod coverage;
pub mod decision;
pub mod declaration;
pub mod device;
pub mod disaster;
pub mod eligibility;
pub mod forgetting;
pub mod found_card;
pub mod line;
pub mod link;
pub mod lookup;
pub mod number;
pub mod patient;
pub mod person;
pub mod print;
pub mod public_payer;
pub mod queue;
pub mod recognition;
pub mod report;
pub mod round;
pub mod rule;
pub mod saved;
pub mod scan;
pub mod session;
pub mod shelf;
pub mod statistics;
pub mod stored;
pub mod sync;
pub mod text;
pub mod time;
pub mod trouble;
pub mod updates;
pub mod visit;
pub mod written;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One sentence or a few, always in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// Japanese
    pub ja: String,
    /// English
    pub en: String,
}

impl From<&domain::text::Text> for Text {
    fn from(text: &domain::text::Text) -> Text {
        Text { ja: text.ja.clone(), en: text.en.clone() }
    }
}

/// Something without fields: `{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}
