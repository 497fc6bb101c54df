//! The facilities of this hub, in memory: who belongs to them, their feeds, and whom the doors open for.

mod facility;

pub use facility::Facility;

use crate::bundles::Bundles;
use crate::chance::chance;
use crate::store::{Store, StoreFailure, Stored, facilities};
use domain::Timestamp;
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use sync::facility::certificate::claimed_owner;
use sync::facility::trust::{Doorkeeper, NoTrust, Peer};
use sync::facility::{BoxIdentity, FacilityId, Membership, Role};
use sync::feed::Limits;
use sync::feed::https::FeedClock;

/// Why the facilities could not be taken up.
#[derive(Debug, thiserror::Error)]
pub enum RegistryFailure {
    /// The store's.
    #[error(transparent)]
    Store(#[from] StoreFailure),
    /// TLS could not be set up.
    #[error("TLS cannot be set up")]
    Trust(#[from] NoTrust),
}

/// All facilities of this hub.
pub struct Registry {
    store: Arc<Store>,
    identity: Arc<BoxIdentity>,
    clock: FeedClock,
    limits: Limits,
    doorkeeper: Doorkeeper,
    now: RwLock<Now>,
    bundles: OnceLock<Bundles>,
    reloading: Mutex<()>,
}

/// What is true at this moment.
#[derive(Default)]
struct Now {
    facilities: BTreeMap<FacilityId, Arc<Facility>>,
}

impl Registry {
    /// Takes up everything the store knows. Blocks.
    ///
    /// # Errors
    /// The store's, or that TLS cannot be set up.
    pub fn open(store: Arc<Store>, clock: FeedClock, limits: Limits) -> Result<Registry, RegistryFailure> {
        let identity = Arc::new(store.write(facilities::identity)?);
        let doorkeeper = Doorkeeper::new(identity.clone(), &[], clock(), &mut chance()?)?;
        let (now, bundles, reloading) = (RwLock::default(), OnceLock::new(), Mutex::default());
        let registry = Registry { store, identity, clock, limits, doorkeeper, now, bundles, reloading };
        registry.reload(None)?;
        Ok(registry)
    }

    /// The hub's identity.
    pub const fn identity(&self) -> &Arc<BoxIdentity> {
        &self.identity
    }

    /// The store.
    pub const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// From now on updates are handed out of this folder.
    pub fn hand_out(&self, bundles: Bundles) {
        if self.bundles.set(bundles).is_err() {
            tracing::warn!("updates are handed out of another folder already");
        }
    }

    /// Where updates lie; none where this hub has none.
    pub fn bundles(&self) -> Option<&Bundles> {
        self.bundles.get()
    }

    /// The instant of now.
    pub fn clock(&self) -> Timestamp {
        (self.clock)()
    }

    /// Looks at the store again: at one facility, or at all. Blocks.
    ///
    /// # Errors
    /// As [`Registry::open`]; calling again goes on.
    pub fn reload(&self, only: Option<FacilityId>) -> Result<(), RegistryFailure> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = self.store.read(facilities::all)?;
        let mut facilities = BTreeMap::new();
        for row in rows {
            let facility = match self.facility(row.id) {
                Some(facility) => facility,
                None => Arc::new(Facility::new(&self.store, self.identity.id(), row.id, self.limits.clone())),
            };
            if only.is_none_or(|only| only == row.id) {
                facility.learn(&row)?;
            }
            facilities.insert(row.id, facility);
        }
        self.replace(facilities)
    }

    fn replace(&self, facilities: BTreeMap<FacilityId, Arc<Facility>>) -> Result<(), RegistryFailure> {
        let memberships: Vec<Membership> = facilities.values().filter_map(|facility| self.served(facility)).collect();
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Now { facilities };
        Ok(self.doorkeeper.members_changed(&memberships, self.clock(), &mut chance()?)?)
    }

    /// The members of a facility that still has this hub.
    fn served(&self, facility: &Facility) -> Option<Membership> {
        facility.membership().filter(|membership| membership.member(self.identity.id()).is_some())
    }

    /// A facility.
    pub fn facility(&self, id: FacilityId) -> Option<Arc<Facility>> {
        self.now().facilities.get(&id).cloned()
    }

    /// All facilities.
    pub fn facilities(&self) -> Vec<Arc<Facility>> {
        self.now().facilities.values().cloned().collect()
    }

    /// The box behind certificates, if it is a member now.
    pub fn caller(&self, certificates: &[CertificateDer<'_>]) -> Option<(Peer, Arc<Facility>)> {
        let peer = self.doorkeeper.doors().trust().peer(Some(certificates))?;
        let facility = self.facility(peer.facility).filter(|_| peer.role == Role::Box)?;
        Some((peer, facility))
    }

    /// Whether these certificates, which TLS has accepted, are those of a box that its facility put out.
    pub fn was_put_out(&self, certificates: &[CertificateDer<'_>]) -> bool {
        let claimed = certificates.first().and_then(claimed_owner);
        let Some((id, facility)) = claimed else { return false };
        let membership = self.facility(facility).and_then(|facility| self.served(&facility));
        membership.is_some_and(|membership| membership.put_out(id))
    }

    /// What the next connection is answered with; none while there is nobody to answer.
    pub fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.doorkeeper.doors().server()
    }

    /// Renews certificates that are due. To be called every few minutes.
    ///
    /// # Errors
    /// As [`Registry::open`].
    pub fn renew_certificates(&self) -> Result<bool, RegistryFailure> {
        Ok(self.doorkeeper.renew(self.clock(), &mut chance()?)?)
    }

    /// Writes down what was counted since the last time. Blocks.
    ///
    /// # Errors
    /// The store's; what was counted is written next time.
    pub fn flush(&self) -> Stored<()> {
        let now = self.clock();
        self.facilities().iter().try_for_each(|facility| facility.meter().flush(&self.store, now))
    }

    fn now(&self) -> RwLockReadGuard<'_, Now> {
        self.now.read().unwrap_or_else(PoisonError::into_inner)
    }
}
