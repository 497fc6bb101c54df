//! The file that holds what opens the record: the facility's name, its keys, and the statements this box came in by.
//!
//! It lies beside the database and never in it: a copy of the database alone opens nothing, and destroying a key here destroys it.
//! Form, big endian: `"UKV1" | facility 16 | count u16, statements of u32 length | 1 + naming key 32, or 0 | count u32, keys of
//! (name 8, class 1, month u32, generation u32, key 32) | count u32, names of destroyed keys`.

use std::io::{Error, ErrorKind, Result};
use std::path::Path;
use sync::facility::key_file;
use sync::facility::statement::Statement;
use sync::seal::{DataKey, DocumentClass, FacilityId, KeyId, KeyRing, Month, NamingKey, Slot};
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"UKV1";

/// What is in the file.
pub struct FacilityFile {
    /// the facility
    pub facility: FacilityId,
    /// the founding, or everything a welcome said
    pub statements: Vec<Statement>,
    /// the keys
    pub ring: KeyRing,
}

impl FacilityFile {
    /// Reads the file; none when there is none.
    pub fn read(path: &Path) -> Result<Option<FacilityFile>> {
        match key_file::read(path) {
            Ok(bytes) => match FacilityFile::decode(&mut Cursor(&bytes)) {
                Some(file) => Ok(Some(file)),
                None => Err(Error::new(ErrorKind::InvalidData, "the facility's key file is damaged")),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Durable when this returns; before that the old file.
    pub fn write(path: &Path, facility: FacilityId, statements: &[Statement], ring: &KeyRing) -> Result<()> {
        key_file::write(path, &encode(facility, statements, ring))
    }

    fn decode(from: &mut Cursor<'_>) -> Option<FacilityFile> {
        (from.array::<4>()? == *MAGIC).then_some(())?;
        let facility = FacilityId::from_bytes(from.array()?);
        let mut statements = Vec::new();
        for _ in 0..u16::from_be_bytes(from.array()?) {
            let length = from.number()?;
            statements.push(Statement::decode(from.take(usize::try_from(length).ok()?)?).ok()?);
        }
        let ring = read_ring(from)?;
        from.0.is_empty().then_some(FacilityFile { facility, statements, ring })
    }
}

fn read_ring(from: &mut Cursor<'_>) -> Option<KeyRing> {
    let mut ring = KeyRing::new();
    if from.array::<1>()? == [1] {
        ring.insert_naming(NamingKey::new(DataKey::from_bytes(from.array()?)));
    }
    for _ in 0..from.number()? {
        let id = KeyId::from_bytes(from.array()?);
        let class = DocumentClass(from.array::<1>()?[0]);
        let slot = Slot { class, month: Month::from_number(from.number()?), generation: from.number()? };
        ring.insert(id, slot, DataKey::from_bytes(from.array()?));
    }
    for _ in 0..from.number()? {
        ring.destroy(KeyId::from_bytes(from.array()?));
    }
    Some(ring)
}

fn encode(facility: FacilityId, statements: &[Statement], ring: &KeyRing) -> Zeroizing<Vec<u8>> {
    let length = statements.iter().map(|one| one.as_bytes().len() + 4).sum::<usize>();
    // all at once, so that a growing buffer leaves no copies behind
    let mut out =
        Zeroizing::new(Vec::with_capacity(128 + length + ring.held().count() * 49 + ring.destroyed().count() * 8));
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(facility.as_bytes());
    out.extend_from_slice(&u16::try_from(statements.len()).unwrap_or(u16::MAX).to_be_bytes());
    for statement in statements.iter().take(usize::from(u16::MAX)) {
        out.extend_from_slice(&count(statement.as_bytes().len()));
        out.extend_from_slice(statement.as_bytes());
    }
    out.push(u8::from(ring.naming().is_some()));
    ring.naming().iter().for_each(|naming| out.extend_from_slice(naming.secret().expose()));
    out.extend_from_slice(&count(ring.held().count()));
    for (id, slot, key) in ring.held() {
        out.extend_from_slice(id.as_bytes());
        out.push(slot.class.0);
        out.extend_from_slice(&slot.month.number().to_be_bytes());
        out.extend_from_slice(&slot.generation.to_be_bytes());
        out.extend_from_slice(key.expose());
    }
    out.extend_from_slice(&count(ring.destroyed().count()));
    ring.destroyed().for_each(|id| out.extend_from_slice(id.as_bytes()));
    out
}

fn count(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

/// What has not been read yet.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }
}
