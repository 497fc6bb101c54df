//! Records that ask every log to forget. They are clear, so that a hub which reads nothing else can obey.
//!
//! Content: `version 1 | what 1 | count u16 | names`. A log obeys only what a member box has signed, and goes on refusing
//! what it was told to forget, so that a peer back after months brings nothing back.

use super::{DocumentTag, Header, KeyId, Reading, RecordKind, Refusal, SealedRecord};
#[cfg(feature = "keys")]
use super::{Sealer, header::NONCE_BYTES};

const VERSION: u8 = 1;
const DOCUMENTS: u8 = 1;
const KEYS: u8 = 2;

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forget {
    /// All records of these documents.
    Documents(Vec<DocumentTag>),
    /// All records sealed with these keys, and the keys.
    Keys(Vec<KeyId>),
}

impl Forget {
    /// Writes the record. At most 65,535 names.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`].
    #[cfg(feature = "keys")]
    pub fn seal(&self, sealer: &Sealer) -> Result<SealedRecord, Refusal> {
        let (what, names): (u8, Vec<&[u8]>) = match self {
            Forget::Documents(tags) => (DOCUMENTS, tags.iter().map(|tag| tag.as_bytes().as_slice()).collect()),
            Forget::Keys(keys) => (KEYS, keys.iter().map(|key| key.as_bytes().as_slice()).collect()),
        };
        let count = u16::try_from(names.len()).map_err(|_| Refusal::TooLarge)?;
        let mut content = vec![VERSION, what];
        content.extend_from_slice(&count.to_be_bytes());
        names.into_iter().for_each(|name| content.extend_from_slice(name));
        sealer.sign(RecordKind::FORGET, &[0; NONCE_BYTES], &content)
    }

    /// Reads a forget record. Whether to obey is for [`super::Standing::is_obeyed`] to say.
    ///
    /// # Errors
    /// [`Refusal::NotARecord`] for another kind or shape, [`Refusal::Version`] for a newer form.
    pub fn read(record: &SealedRecord) -> Result<Forget, Refusal> {
        let mut reading = Reading::new(record.content());
        match (record.header().kind, reading.u8()) {
            (RecordKind::FORGET, Some(VERSION)) => Forget::read_names(reading).ok_or(Refusal::NotARecord),
            (RecordKind::FORGET, Some(_)) => Err(Refusal::Version),
            _ => Err(Refusal::NotARecord),
        }
    }

    fn read_names(mut reading: Reading<'_>) -> Option<Forget> {
        let what = reading.u8()?;
        let count = reading.u16()?;
        let forget = match what {
            DOCUMENTS => Forget::Documents(
                (0..count).map(|_| reading.array().map(DocumentTag::from_bytes)).collect::<Option<_>>()?,
            ),
            KEYS => Forget::Keys((0..count).map(|_| reading.array().map(KeyId::from_bytes)).collect::<Option<_>>()?),
            _ => return None,
        };
        reading.end(forget)
    }

    /// Whether a record with this header is one of those to be forgotten. Records of no document and without key never are.
    pub fn covers(&self, header: &Header) -> bool {
        match self {
            Forget::Documents(tags) => header.document != DocumentTag::FACILITY && tags.contains(&header.document),
            Forget::Keys(keys) => header.key != KeyId::NONE && keys.contains(&header.key),
        }
    }
}
