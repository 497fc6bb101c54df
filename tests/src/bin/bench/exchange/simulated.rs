//! Boxes by the hundred: real identities, certificates, keys and clients of the feed, over logs in memory.

use anyhow::Context;
use domain::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use rustls::pki_types::CertificateDer;
use std::net::SocketAddr;
use std::sync::Arc;
use sync::facility::certificate::name_of;
use sync::facility::identity::IdentitySeed;
use sync::facility::statement::{Founding, Statement};
use sync::facility::trust::{Doorkeeper, Peer, Trust};
use sync::facility::{BoxId, BoxIdentity, FacilityId, Introduction, Membership, Role};
use sync::feed::https::{FeedClient, FeedClock, Identify, PeerAddress};
use sync::feed::{Budget, Feed, Limits, MemoryDisk, MemoryLog, Term};
use sync::seal::{
    Author, Change, DataKey, DocumentClass, Gate, KeyId, KeyRing, Members, Month, NamingKey, SealedRecord, Sealer, Slot,
};
use tokio::sync::watch;
use uketsuke::clock::Clock;
use uketsuke_hub::store::facilities::{Quota, enrol};
use uketsuke_hub::store::{Sql, Stored};

/// What one change of one visit takes, about.
const CHANGE_BYTES: usize = 200;

/// A clinic whose boxes are simulated.
pub struct SimulatedClinic {
    id: FacilityId,
    statements: Vec<Statement>,
    ring: KeyRing,
    random: ChaCha20Rng,
    identities: Vec<Arc<BoxIdentity>>,
}

/// One box that calls a hub.
pub struct SimulatedBox {
    /// its client
    pub client: Arc<FeedClient>,
    feed: Arc<Feed>,
    sealer: Sealer,
}

struct Known(Membership);

impl Members for Known {
    fn verifying_key(&self, author: BoxId) -> Author {
        match self.0.member(author) {
            Some(member) => Author::Known { key: *member.introduction.key(), role: member.introduction.role() },
            None => Author::Unknown,
        }
    }
}

struct Trusted(Trust);

impl Identify for Trusted {
    fn member(&self, certificates: &[CertificateDer<'_>]) -> Option<BoxId> {
        self.0.peer(Some(certificates)).map(|peer| peer.id)
    }
}

fn clock() -> FeedClock {
    let clock = Clock::wall();
    Arc::new(move || clock.now())
}

impl SimulatedClinic {
    /// Founded with so many boxes and this hub.
    pub fn found(seed: u32, boxes: u32, hub: &Introduction, now: Timestamp) -> anyhow::Result<SimulatedClinic> {
        let mut random = ChaCha20Rng::seed_from_u64(u64::from(seed));
        let identities = (0..boxes).map(|_| {
            let mut bytes = [0; 80];
            random.fill_bytes(&mut bytes);
            Arc::new(BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes(bytes)))
        });
        let identities: Vec<Arc<BoxIdentity>> = identities.collect();
        let founder = identities.first().context("a clinic has a box")?;
        let mut salt = [0; 16];
        random.fill_bytes(&mut salt);
        let founding = Founding { salt, name: "1番", site_code: "S-1", institution_code: "1312345" };
        let founded = Statement::found(founder, &founding, now)?;
        let id = founded.facility();
        let mut statements = vec![founded];
        for newcomer in identities[1..].iter().map(|one| one.introduction()).chain([hub.clone()]) {
            statements.push(Statement::admit(founder, id, &newcomer, "窓口", now)?);
        }
        let mut ring = KeyRing::new();
        ring.insert_naming(NamingKey::new(DataKey::generate(&mut random)));
        let slot = Slot { class: DocumentClass::PATIENT, month: month(), generation: 0 };
        ring.insert(KeyId::generate(&mut random), slot, DataKey::generate(&mut random));
        Ok(SimulatedClinic { id, statements, ring, random, identities })
    }

    /// Makes it known to a hub's store.
    pub fn enrol(&self, sql: &mut dyn Sql, now: Timestamp) -> Stored<()> {
        enrol(sql, self.id, &self.statements, Quota::default(), now)
    }

    /// One of its boxes, to call this hub at this address.
    pub fn start(&mut self, which: usize, hub: &Introduction, at: SocketAddr) -> anyhow::Result<SimulatedBox> {
        let identity = self.identities.get(which).context("there is no such box")?.clone();
        let membership = Membership::evaluate(self.id, &self.statements);
        let doors = Doorkeeper::new(identity.clone(), std::slice::from_ref(&membership), clock()(), &mut self.random)?;
        let doors = doors.doors();
        let peer = Peer { facility: self.id, id: hub.id(), role: Role::Hub };
        let (_, tls) = watch::channel(doors.client(&peer).context("the hub is no member")?);
        let mut term = [0; 16];
        self.random.fill_bytes(&mut term);
        let log = Arc::new(MemoryLog::open(identity.id(), MemoryDisk::default(), Term::from_bytes(term)));
        let gate = Gate::new(self.id, Arc::new(Known(membership)));
        let feed = Arc::new(Feed::new(log, gate, Limits::default()));
        let server_name = name_of(hub.id(), self.id);
        let address = PeerAddress { id: hub.id(), host: at.ip().to_string(), port: at.port(), server_name };
        let trusted = Arc::new(Trusted(doors.trust().clone()));
        let client = Arc::new(FeedClient::new(feed.clone(), address, tls, trusted, clock(), Budget::UNLIMITED));
        Ok(SimulatedBox { client, feed, sealer: identity.sealer(self.id) })
    }

    /// A sealed change of a patient's document.
    pub fn change(&mut self, by: &SimulatedBox, patient: u32) -> anyhow::Result<SealedRecord> {
        let mut chunk = vec![0; CHANGE_BYTES];
        self.random.fill_bytes(&mut chunk);
        let id = patient.to_be_bytes().to_vec();
        let change = Change { class: DocumentClass::PATIENT, id, chunk };
        Ok(by.sealer.change(&self.ring, month(), &change, &mut self.random)?)
    }
}

impl SimulatedBox {
    /// Keeps a change and pushes it; durable at the hub on return.
    pub async fn push(&self, record: SealedRecord) -> anyhow::Result<()> {
        self.feed.append_own(vec![record])?;
        self.client.push().await?;
        Ok(())
    }
}

fn month() -> Month {
    Month::from_number(2026 * 12 + 10)
}
