//! One facility, as the hub knows it.

use crate::log::HubLog;
use crate::meter::Meter;
use crate::store::facilities::FacilityRow;
use crate::store::{Store, Stored};
use ed25519_dalek::VerifyingKey;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use sync::facility::{BoxId, FacilityId, Introduction, Membership, Statement};
use sync::feed::{Feed, Limits};
use sync::seal::{Author, Gate, Members, Refusal};

/// One facility.
pub struct Facility {
    id: FacilityId,
    log: Arc<HubLog>,
    feed: Arc<Feed>,
    register: Arc<Register>,
    meter: Arc<Meter>,
}

impl Facility {
    pub(super) fn new(store: &Arc<Store>, hub: BoxId, id: FacilityId, limits: Limits) -> Facility {
        let log = Arc::new(HubLog::new(store.clone(), hub, id));
        let register = Arc::<Register>::default();
        let feed = Arc::new(Feed::new(log.clone(), Gate::new(id, register.clone()), limits));
        Facility { id, log, feed, register, meter: Arc::new(Meter::new(id)) }
    }

    /// Takes over what the store says of it.
    pub(super) fn learn(&self, row: &FacilityRow) -> Stored<()> {
        self.meter.set_quota(row.quota);
        self.register.learn(self.id, &self.log.statements()?);
        Ok(())
    }

    /// Its id.
    pub const fn id(&self) -> FacilityId {
        self.id
    }

    /// Its log, as the feed sees it.
    pub const fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// What it uses.
    pub const fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// Records refused since this process started, for any reason.
    pub fn refused(&self) -> u64 {
        let reasons = (0..=u8::MAX).filter_map(Refusal::from_code);
        reasons.map(|reason| self.feed.gate().refusals().of(reason)).sum()
    }

    /// Who belongs to it; none before its statements were read.
    pub fn membership(&self) -> Option<Membership> {
        self.register.read().membership.clone()
    }
}

/// Whose signatures count, changeable while others look.
#[derive(Default)]
struct Register(RwLock<Known>);

#[derive(Default)]
struct Known {
    membership: Option<Membership>,
    /// of all who ever belonged; an id is the hash of its key, so that nobody can stand here with another's
    keys: BTreeMap<BoxId, VerifyingKey>,
}

impl Register {
    fn learn(&self, facility: FacilityId, statements: &[Statement]) {
        let introduced = statements.iter().filter_map(|statement| statement.said().introduces());
        let genuine = introduced.filter(|introduction| introduction.is_genuine());
        let keys = genuine.map(|one: &Introduction| (one.id(), *one.key())).collect();
        let membership = Some(Membership::evaluate(facility, statements));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Known { membership, keys };
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Members for Register {
    fn verifying_key(&self, author: BoxId) -> Author {
        let known = self.read();
        let Some(membership) = &known.membership else { return Author::Unknown };
        if let Some(member) = membership.member(author) {
            return Author::Known { key: *member.introduction.key(), role: member.introduction.role() };
        }
        let was_member = membership.former().any(|(id, _)| id == author);
        match known.keys.get(&author).filter(|_| was_member) {
            Some(key) => Author::Revoked { key: *key },
            None => Author::Unknown,
        }
    }
}
