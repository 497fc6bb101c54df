//! What every log checks before it keeps a record, keys or no keys.

use super::{Author, FacilityId, Members, Refusal, RefusalCounts, Role, SealedRecord};
use std::sync::Arc;

/// What is known of an admitted record's signer, now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Signed by a member.
    Member(Role),
    /// Signed by a box that was revoked. Kept and forwarded, since it may have been written long before; obeyed by nobody.
    Revoked,
    /// The signer is not known yet, so the signature is not checked. Kept and forwarded, obeyed by nobody.
    Unknown,
}

impl Standing {
    /// Whether what a forget record asks for is to be done.
    pub const fn is_obeyed(self) -> bool {
        matches!(self, Standing::Member(Role::Box))
    }
}

/// Lets the facility's records into a log.
///
/// What a log keeps must not depend on what it happens to know about members at that moment, or logs that heard things in another
/// order would never hold the same set. So a record of an unknown signer is kept unchecked: it is looked at again when
/// membership changes, and opening checks everything anyway.
#[derive(Clone)]
pub struct Gate {
    facility: FacilityId,
    members: Arc<dyn Members>,
    refusals: Arc<RefusalCounts>,
}

impl Gate {
    /// A gate for one facility.
    pub fn new(facility: FacilityId, members: Arc<dyn Members>) -> Gate {
        Gate { facility, members, refusals: Arc::default() }
    }

    /// The facility.
    pub const fn facility(&self) -> FacilityId {
        self.facility
    }

    /// Who belongs to it.
    pub fn members(&self) -> &dyn Members {
        &*self.members
    }

    /// How often it refused.
    pub fn refusals(&self) -> &RefusalCounts {
        &self.refusals
    }

    /// Reads received bytes and lets them in.
    ///
    /// # Errors
    /// The reason, counted.
    pub fn receive(&self, bytes: &[u8]) -> Result<(SealedRecord, Standing), Refusal> {
        let record = SealedRecord::parse(bytes).map_err(|refusal| self.refusals.count(refusal))?;
        let standing = self.admit(&record)?;
        Ok((record, standing))
    }

    /// Whether a record may be kept, and what its signer is.
    ///
    /// # Errors
    /// [`Refusal::OtherFacility`] or [`Refusal::BadSignature`], counted.
    pub fn admit(&self, record: &SealedRecord) -> Result<Standing, Refusal> {
        examine(record, self.facility, &*self.members).map_err(|refusal| self.refusals.count(refusal))
    }
}

pub(super) fn examine(record: &SealedRecord, facility: FacilityId, members: &dyn Members) -> Result<Standing, Refusal> {
    if record.header().facility != facility {
        return Err(Refusal::OtherFacility);
    }
    let (key, standing) = match members.verifying_key(record.header().author) {
        Author::Known { key, role } => (key, Standing::Member(role)),
        Author::Revoked { key } => (key, Standing::Revoked),
        Author::Unknown => return Ok(Standing::Unknown),
    };
    if record.is_signed_by(&key) { Ok(standing) } else { Err(Refusal::BadSignature) }
}
