//! Signed statements about who belongs to a facility: founded, admitted, revoked; and what a member is called from now on.
//!
//! Form, big endian: `"UKM1" | facility 16 | kind 1 | made at, ms i64 | signer's identity key 32 | body | signature 64`. The body is
//! * founded (1): `salt 16 | introduction | name | site code | institution code`, texts with a two-byte length;
//! * admitted (2): `introduction | name`;
//! * revoked (3): `box 16 | reason 1 | count u16 | hashes of 32, ascending`;
//! * named (4): `box 16 | name`.
//!
//! The facility's id is a hash over everything its founding says, so a second founding cannot be written for it.

use super::id::{BoxId, FacilityId};
use super::identity::BoxIdentity;
use super::introduction::{Introduction, Role, verified};
use super::wire::{Malformed, Reader, is_plain, put_short};
use domain::Timestamp;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;

const MAGIC: &[u8] = b"UKM1";
const SIGNED_AS: &[u8] = b"uketsuke membership 1\0";
const SIGNATURE: usize = 64;
/// Longest statement, in bytes.
pub const MAX_STATEMENT: usize = 72 * 1024;
/// Longest name of a box, in bytes of UTF-8.
pub const MAX_NAME: usize = 96;
/// Longest site or institution code, in bytes.
pub const MAX_CODE: usize = 32;
/// Most statements of a revoked box that its revoker can accept.
pub const MAX_ACCEPTED: usize = 2048;

/// SHA-256 over a whole statement: its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementHash(pub [u8; 32]);

/// Why a box was put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Lost or stolen.
    Lost,
    /// Another box took its place.
    Replaced,
    /// Its disk was copied.
    Copied,
    /// It is no longer used.
    Retired,
    /// A reason that a later version knows.
    Other(u8),
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The signer founded the facility and is its first box.
    Founded {
        /// Makes the facility's id unlike any other.
        salt: [u8; 16],
        /// The first box.
        introduction: Introduction,
        /// What its people call the first box.
        name: String,
        /// The operator's code of the site; opaque.
        site_code: String,
        /// The institution code (医療機関コード); opaque here.
        institution_code: String,
    },
    /// The signer admitted a box or a hub.
    Admitted {
        /// Who came in.
        introduction: Introduction,
        /// What its people call it.
        name: String,
    },
    /// The signer put a box or a hub out.
    Revoked {
        /// Who went out.
        revoked: BoxId,
        /// Why.
        reason: Reason,
        /// Its statements that still count: those the signer knew.
        accepted: BTreeSet<StatementHash>,
    },
    /// The signer says what a member is called from now on. It brings nobody in.
    Named {
        /// Who.
        member: BoxId,
        /// What its people call it.
        name: String,
    },
}

/// One statement, as it was signed.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    facility: FacilityId,
    made_at: Timestamp,
    signer: VerifyingKey,
    said: Said,
    bytes: Vec<u8>,
}

/// What a founder says about the new facility. Nothing in it is personal.
#[derive(Debug, Clone)]
pub struct Founding<'a> {
    /// 16 random bytes.
    pub salt: [u8; 16],
    /// What its people call the first box.
    pub name: &'a str,
    /// The operator's code of the site.
    pub site_code: &'a str,
    /// The institution code (医療機関コード).
    pub institution_code: &'a str,
}

impl Statement {
    /// The founding of a facility by this box.
    pub fn found(founder: &BoxIdentity, founding: &Founding<'_>, now: Timestamp) -> Result<Statement, Malformed> {
        if founder.role() != Role::Box {
            return Err(Malformed::UnknownKind);
        }
        let said = Said::Founded {
            salt: founding.salt,
            introduction: founder.introduction(),
            name: founding.name.to_owned(),
            site_code: founding.site_code.to_owned(),
            institution_code: founding.institution_code.to_owned(),
        };
        let facility = founded_id(&founder.public_key(), now, &said.body());
        Statement::make(founder, facility, said, now)
    }

    /// An admission by this box.
    pub fn admit(
        signer: &BoxIdentity,
        facility: FacilityId,
        introduction: &Introduction,
        name: &str,
        now: Timestamp,
    ) -> Result<Statement, Malformed> {
        let said = Said::Admitted { introduction: introduction.clone(), name: name.to_owned() };
        Statement::make(signer, facility, said, now)
    }

    /// A revocation by this box; `accepted` are the statements of the revoked one that it knows.
    pub fn revoke(
        signer: &BoxIdentity,
        facility: FacilityId,
        revoked: BoxId,
        reason: Reason,
        accepted: BTreeSet<StatementHash>,
        now: Timestamp,
    ) -> Result<Statement, Malformed> {
        Statement::make(signer, facility, Said::Revoked { revoked, reason, accepted }, now)
    }

    /// A new name for a member, given by this box.
    pub fn name(
        signer: &BoxIdentity,
        facility: FacilityId,
        member: BoxId,
        name: &str,
        now: Timestamp,
    ) -> Result<Statement, Malformed> {
        Statement::make(signer, facility, Said::Named { member, name: name.to_owned() }, now)
    }

    fn make(signer: &BoxIdentity, facility: FacilityId, said: Said, now: Timestamp) -> Result<Statement, Malformed> {
        said.check()?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(facility.as_bytes());
        bytes.push(said.kind());
        bytes.extend(now.as_ms().to_be_bytes());
        bytes.extend(signer.public_key().as_bytes());
        bytes.extend(said.body());
        bytes.extend(signer.sign(SIGNED_AS, &[&bytes]).to_bytes());
        Ok(Statement { facility, made_at: now, signer: signer.public_key(), said, bytes })
    }

    /// Reads the form; the signature is judged with the whole set, see [`super::Membership::evaluate`].
    pub fn decode(bytes: &[u8]) -> Result<Statement, Malformed> {
        if bytes.len() > MAX_STATEMENT {
            return Err(Malformed::TooLong);
        }
        let mut from = Reader::new(bytes);
        from.magic(MAGIC)?;
        let facility = FacilityId::from_bytes(from.array()?);
        let kind = from.u8()?;
        let made_at = Timestamp::from_ms(from.i64()?);
        let signer = from.verifying_key()?;
        let said = Said::read(kind, &mut from)?;
        from.take(SIGNATURE)?;
        from.end()?;
        Ok(Statement { facility, made_at, signer, said, bytes: bytes.to_vec() })
    }

    /// The bytes that travel and are kept.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its name.
    pub fn hash(&self) -> StatementHash {
        StatementHash(Sha256::digest(&self.bytes).into())
    }

    /// The facility it is about.
    pub fn facility(&self) -> FacilityId {
        self.facility
    }

    /// When its signer says it was made. Shown to people, never used to decide.
    pub fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// Who signed it.
    pub fn signer(&self) -> BoxId {
        BoxId::of_key(&self.signer)
    }

    /// What it says.
    pub fn said(&self) -> &Said {
        &self.said
    }

    /// Whether the signer really signed it.
    pub fn is_genuine(&self) -> bool {
        let (signed, signature) = self.bytes.split_at(self.bytes.len().saturating_sub(SIGNATURE));
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| verified(&self.signer, SIGNED_AS, &[signed], &signature))
    }

    /// Whether it is the founding its facility's id was made from.
    pub(super) fn is_the_founding(&self) -> bool {
        let Said::Founded { introduction, .. } = &self.said else { return false };
        introduction.key() == &self.signer
            && introduction.role() == Role::Box
            && self.facility == founded_id(&self.signer, self.made_at, &self.said.body())
    }
}

fn founded_id(founder: &VerifyingKey, at: Timestamp, body: &[u8]) -> FacilityId {
    let hash = Sha256::new()
        .chain_update(b"uketsuke facility 1\0")
        .chain_update(at.as_ms().to_be_bytes())
        .chain_update(founder.as_bytes())
        .chain_update(body)
        .finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    FacilityId::from_bytes(id)
}

impl Said {
    fn kind(&self) -> u8 {
        match self {
            Said::Founded { .. } => 1,
            Said::Admitted { .. } => 2,
            Said::Revoked { .. } => 3,
            Said::Named { .. } => 4,
        }
    }

    /// Who is introduced, if anyone.
    pub fn introduces(&self) -> Option<&Introduction> {
        match self {
            Said::Founded { introduction, .. } | Said::Admitted { introduction, .. } => Some(introduction),
            Said::Revoked { .. } | Said::Named { .. } => None,
        }
    }

    /// What the introduced one is called, if anyone is introduced.
    pub fn name(&self) -> Option<&str> {
        match self {
            Said::Founded { name, .. } | Said::Admitted { name, .. } => Some(name),
            Said::Revoked { .. } | Said::Named { .. } => None,
        }
    }

    fn check(&self) -> Result<(), Malformed> {
        match self {
            Said::Founded { name, site_code, institution_code, .. } => {
                fits(name, MAX_NAME)?;
                fits(site_code, MAX_CODE)?;
                fits(institution_code, MAX_CODE)
            }
            Said::Admitted { name, .. } | Said::Named { name, .. } => fits(name, MAX_NAME),
            Said::Revoked { accepted, .. } if accepted.len() > MAX_ACCEPTED => Err(Malformed::TooLong),
            Said::Revoked { .. } => Ok(()),
        }
    }

    fn body(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Said::Founded { salt, introduction, name, site_code, institution_code } => {
                out.extend(salt);
                out.extend(introduction.encode());
                [name, site_code, institution_code].iter().for_each(|text| put_short(&mut out, text.as_bytes()));
            }
            Said::Admitted { introduction, name } => {
                out.extend(introduction.encode());
                put_short(&mut out, name.as_bytes());
            }
            Said::Revoked { revoked, reason, accepted } => {
                out.extend(revoked.as_bytes());
                out.push(reason.code());
                out.extend((accepted.len() as u16).to_be_bytes());
                accepted.iter().for_each(|hash| out.extend(hash.0));
            }
            Said::Named { member, name } => {
                out.extend(member.as_bytes());
                put_short(&mut out, name.as_bytes());
            }
        }
        out
    }

    fn read(kind: u8, from: &mut Reader<'_>) -> Result<Said, Malformed> {
        match kind {
            1 => Ok(Said::Founded {
                salt: from.array()?,
                introduction: Introduction::read(from)?,
                name: from.text(MAX_NAME)?,
                site_code: from.text(MAX_CODE)?,
                institution_code: from.text(MAX_CODE)?,
            }),
            2 => Ok(Said::Admitted { introduction: Introduction::read(from)?, name: from.text(MAX_NAME)? }),
            3 => Ok(Said::Revoked {
                revoked: BoxId::from_bytes(from.array()?),
                reason: Reason::of_code(from.u8()?),
                accepted: read_accepted(from)?,
            }),
            4 => Ok(Said::Named { member: BoxId::from_bytes(from.array()?), name: from.text(MAX_NAME)? }),
            _ => Err(Malformed::UnknownKind),
        }
    }
}

fn read_accepted(from: &mut Reader<'_>) -> Result<BTreeSet<StatementHash>, Malformed> {
    let count = usize::from(from.u16()?);
    if count > MAX_ACCEPTED {
        return Err(Malformed::TooLong);
    }
    let mut accepted = BTreeSet::new();
    for _ in 0..count {
        let hash = StatementHash(from.array()?);
        if accepted.last().is_some_and(|last| *last >= hash) {
            return Err(Malformed::NotCanonical);
        }
        accepted.insert(hash);
    }
    Ok(accepted)
}

fn fits(text: &str, max: usize) -> Result<(), Malformed> {
    match text {
        text if text.len() > max => Err(Malformed::TooLong),
        text if !is_plain(text) => Err(Malformed::Text),
        _ => Ok(()),
    }
}

impl Reason {
    fn code(self) -> u8 {
        match self {
            Reason::Lost => 1,
            Reason::Replaced => 2,
            Reason::Copied => 3,
            Reason::Retired => 4,
            Reason::Other(code) => code,
        }
    }

    fn of_code(code: u8) -> Reason {
        match code {
            1 => Reason::Lost,
            2 => Reason::Replaced,
            3 => Reason::Copied,
            4 => Reason::Retired,
            other => Reason::Other(other),
        }
    }
}

impl fmt::Debug for StatementHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatementHash({})", super::id::hex(&self.0[..4]))
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Statement({:?} by {}: {:?})", self.hash(), self.signer(), self.said)
    }
}

#[cfg(test)]
mod tests;
