//! Sealed records: what one box of a facility writes so that only boxes of that facility can read it.
//!
//! A record is encrypted with a data key that relays never hold, and signed by the writing box. Its clear [`Header`] says only what
//! relaying and forgetting need. Checking goes in three steps, each with its own refusals and its own holder:
//!
//! | step | who does it | says |
//! |---|---|---|
//! | [`SealedRecord::parse`] | everybody | these bytes are one record of version 1, of a permitted size |
//! | [`Gate::admit`] | every log, hubs included | it is this facility's, and whoever is said to have signed it did |
//! | [`open`] | boxes | it opens with the key it names, and its content is what its header says |
//!
//! Data keys are per class of document, month and generation: destroying one makes what it sealed unreadable, also in copies
//! nobody can reach. See [`KeyRing`], [`grant`] and [`forget`].
//!
//! The feature `keys`, on unless a hub turns it off, is everything that seals, opens or holds a key: a program built without it cannot
//! read a record, whatever it is given.

#[cfg(feature = "keys")]
mod chain;
#[cfg(feature = "keys")]
mod change;
mod document;
pub mod forget;
mod gate;
#[cfg(feature = "keys")]
pub mod grant;
mod header;
mod identifier;
mod key;
#[cfg(feature = "keys")]
mod opening;
mod party;
mod reading;
mod record;
mod refusal;
#[cfg(feature = "keys")]
mod ring;

#[cfg(feature = "keys")]
pub use change::{Change, MAX_DOCUMENT_ID_BYTES};
#[cfg(feature = "keys")]
pub use document::NamingKey;
pub use document::{DocumentClass, DocumentTag};
pub use gate::{Gate, Standing};
pub use header::{Header, RecordKind};
#[cfg(feature = "keys")]
pub use key::DataKey;
pub use key::KeyId;
#[cfg(feature = "keys")]
pub use opening::{RevokedAuthors, Sealer, open, open_kept};
pub use party::{Author, BoxId, FacilityId, Members, Role};
pub use record::{
    HASH_PREFIX_BYTES, HashPrefix, MAX_RECORD_BYTES, MAX_SNAPSHOT_BYTES, OVERHEAD_BYTES, RecordHash, SealedRecord,
};
pub use refusal::{Refusal, RefusalCounts};
#[cfg(feature = "keys")]
pub use ring::{Inserted, KeyRing, Month, Slot};

pub(crate) use identifier::identifier;
pub(crate) use reading::Reading;
