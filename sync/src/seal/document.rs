//! Documents by class, and the tags under which relays see them.

use super::identifier;
#[cfg(feature = "keys")]
use super::key::DataKey;
#[cfg(feature = "keys")]
use hmac::{Hmac, KeyInit, Mac};
#[cfg(feature = "keys")]
use sha2::Sha256;

/// Class of a document: what it is, and with that how long it is kept. Classes a newer program writes are carried as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentClass(pub u8);

impl DocumentClass {
    /// A patient.
    pub const PATIENT: DocumentClass = DocumentClass(1);
    /// A visit.
    pub const VISIT: DocumentClass = DocumentClass(2);
    /// The facility's settings.
    pub const SETTINGS: DocumentClass = DocumentClass(3);
    /// No document: the links of the chain that grants are sealed with.
    pub const CHAIN: DocumentClass = DocumentClass(4);
    /// The claims of a month: frozen, opened again, come back.
    pub const MONTH: DocumentClass = DocumentClass(8);
    /// Who waits at the site, and who consented from afar; kept as long as visits.
    pub const ARRIVAL: DocumentClass = DocumentClass(10);
}

identifier! {
    /// The name of a document outside the facility's boxes: relays can tell two documents apart and nothing else.
    DocumentTag, 16
}

impl DocumentTag {
    /// A record of the facility and of no single document.
    pub const FACILITY: DocumentTag = DocumentTag([0; 16]);
}

/// The facility's secret for naming documents. It is granted like a data key and stays the same for the facility's life, since a
/// document's tag must.
#[cfg(feature = "keys")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamingKey(DataKey);

#[cfg(feature = "keys")]
impl NamingKey {
    /// From the secret.
    pub const fn new(secret: DataKey) -> NamingKey {
        NamingKey(secret)
    }

    /// The secret, for the box's encrypted store and for grants.
    pub const fn secret(&self) -> &DataKey {
        &self.0
    }

    /// The tag of a document.
    pub fn tag(&self, class: DocumentClass, id: &[u8]) -> DocumentTag {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose()).expect("a MAC takes keys of every length");
        mac.update(&[class.0]);
        mac.update(id);
        let full = mac.finalize().into_bytes();
        let mut tag = [0; 16];
        tag.copy_from_slice(&full[..16]);
        DocumentTag::from_bytes(tag)
    }
}
