//! The rules of the reception desk (受付): pure, dated, without dependencies.
//!
//! Nothing in this crate reads a clock, a file or a network, and nothing in it waits. Time and chance are arguments;
//! effects are returned values. Facts go in, decisions come out, and the same facts always give the same decision.

pub mod address;
pub mod age;
pub mod apart;
pub mod card_token;
pub mod case;
pub mod certificate;
mod circumstance;
pub mod claim;
pub mod counter;
pub mod coverage;
pub mod date;
mod decide;
pub mod decision;
pub mod declaration;
pub mod disaster;
pub mod document;
pub mod eligibility;
pub mod era;
pub mod evidence;
pub mod fact;
pub mod follow_up;
pub mod found_card;
mod full_charge;
pub mod kana;
mod ladder;
pub mod link;
pub mod lookup;
pub mod number;
pub mod patient;
pub mod public_payer;
mod ratio;
pub mod remark;
pub mod remote_consent;
pub mod retention;
pub mod round;
pub mod rule;
pub mod scheme;
pub mod site_choices;
pub mod tally;
pub mod text;
pub mod trouble;
pub mod visit;
pub mod waiting;
pub mod working_day;
pub mod written;

pub use date::{Date, Timestamp};
pub use decide::decide;
