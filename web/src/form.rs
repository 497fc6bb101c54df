//! Forms: what was typed, read once into domain values, with every complaint at its field and nothing typed lost.

mod carried;
mod coverage;
mod field;
pub mod fields;
mod parts;
mod public_payers;
mod surface_code;
mod typed;

pub use carried::Carried;
pub use coverage::{COVERAGE_FIELDS, CoverageForm, read_coverage, show_coverage};
pub use field::Field;
pub use parts::{Check, Choice, Input, Offer, Summary};
pub use public_payers::{PayersForm, read_payers, show_payers, warnings as payer_warnings};
pub use surface_code::{has_surface_code, take_surface_code};
pub use typed::{Problem, Typed};
