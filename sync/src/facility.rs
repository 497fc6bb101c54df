//! A facility and its boxes: who belongs to it, how that is proven, how a box comes in and how it is put out.
//!
//! * [`identity`]: each box makes its own long-term keys and keeps them in a file only the service reads.
//! * [`statement`] and [`membership`]: signed statements say who founded, who was admitted and who was revoked; the same set of
//!   statements gives the same members on every box, in whatever order they came.
//! * [`certificate`] and [`trust`]: each box is the authority for its own short-lived certificate; the members are the roots.
//! * [`join`]: a short code, digits to compare, an approval.
//! * [`revocation`]: putting a lost box out.
//! * [`discovery`]: finding the others on the local network.
//!
//! There is no authority above the boxes. A hub is a member that stores and forwards; it has no key to receive facility keys with, so
//! there is nothing one could be granted to.

#[cfg(any(test, fuzzing))]
pub mod attack;
pub mod certificate;
pub mod discovery;
pub mod id;
pub mod identity;
pub mod introduction;
pub mod join;
pub mod key_file;
pub mod machine;
pub mod membership;
pub mod revocation;
pub mod statement;
pub mod trust;
mod wire;

pub use id::{BoxId, FacilityId};
pub use identity::BoxIdentity;
pub use introduction::{Introduction, Role, Standing};
pub use membership::{Member, Membership};
pub use statement::{Statement, StatementHash};
