//! A box of a clinic: a log in memory, and a client that calls a hub as a real one does.

// Each test program uses a part.
#![allow(dead_code)]

use super::clinic::{Clinic, identity};
use domain::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use rustls::pki_types::{CertificateDer, ServerName};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use sync::facility::certificate::name_of;
use sync::facility::trust::{Doorkeeper, Doors, Peer, Trust};
use sync::facility::{BoxId, BoxIdentity, FacilityId, Introduction, Membership, Role};
use sync::feed::https::{FeedClient, FeedClock, Identify, PeerAddress};
use sync::feed::{Budget, Feed, FeedLog, Limits, MemoryDisk, MemoryLog, Term};
use sync::seal::{Author, Gate, Members, RecordHash, SealedRecord};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The real time: certificates are judged by it.
pub fn clock() -> FeedClock {
    Arc::new(|| {
        Timestamp::from_ms(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap())
    })
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

/// Every start of a box is a run of its own.
fn run() -> Term {
    static RUNS: AtomicU8 = AtomicU8::new(1);
    Term::from_bytes([RUNS.fetch_add(1, Ordering::Relaxed); 16])
}

/// One box.
pub struct Counter {
    pub seed: u8,
    pub feed: Arc<Feed>,
    pub log: Arc<MemoryLog>,
    identity: Arc<BoxIdentity>,
    facility: FacilityId,
    membership: Membership,
}

impl Counter {
    /// A box that knows the clinic's statements of this moment.
    pub fn new(clinic: &Clinic, seed: u8) -> Counter {
        let identity = Arc::new(identity(seed));
        let membership = Membership::evaluate(clinic.id, &clinic.statements);
        let log = Arc::new(MemoryLog::open(identity.id(), MemoryDisk::default(), run()));
        let gate = Gate::new(clinic.id, Arc::new(Known(membership.clone())));
        let feed = Arc::new(Feed::new(log.clone(), gate, Limits::default()));
        Counter { seed, feed, log, identity, facility: clinic.id, membership }
    }

    pub fn id(&self) -> BoxId {
        self.identity.id()
    }

    fn doors(&self) -> Arc<Doors> {
        let mut random = ChaCha20Rng::from_seed([self.seed; 32]);
        let doors =
            Doorkeeper::new(self.identity.clone(), std::slice::from_ref(&self.membership), clock()(), &mut random);
        doors.unwrap().doors()
    }

    /// A bare line to a hub, over which anything may be said.
    pub async fn dial(&self, hub: &Introduction, at: SocketAddr) -> TlsStream<TcpStream> {
        let peer = Peer { facility: self.facility, id: hub.id(), role: Role::Hub };
        let connector = TlsConnector::from(self.doors().client(&peer).unwrap());
        let name = ServerName::try_from(name_of(hub.id(), self.facility)).unwrap();
        connector.connect(name, TcpStream::connect(at).await.unwrap()).await.unwrap()
    }

    /// Calls a hub at an address.
    pub fn calls(&self, hub: &Introduction, at: SocketAddr) -> Arc<FeedClient> {
        let doors = self.doors();
        let peer = Peer { facility: self.facility, id: hub.id(), role: Role::Hub };
        let tls = watch::channel(doors.client(&peer).unwrap()).1;
        let server_name = name_of(hub.id(), self.facility);
        let address = PeerAddress { id: hub.id(), host: at.ip().to_string(), port: at.port(), server_name };
        let trusted = Arc::new(Trusted(doors.trust().clone()));
        Arc::new(FeedClient::new(self.feed.clone(), address, tls, trusted, clock(), Budget::UNLIMITED))
    }

    /// Writes records of its own.
    pub fn write(&self, clinic: &mut Clinic, count: usize) {
        let records = clinic.changes(self.seed, count);
        self.keep(records);
    }

    pub fn keep(&self, records: Vec<SealedRecord>) {
        self.feed.append_own(records).unwrap();
    }

    pub fn hashes(&self) -> BTreeSet<RecordHash> {
        self.log.disk().hashes().collect()
    }

    /// Waits until it holds so many records.
    pub async fn holds(&self, count: usize) {
        let mut grown = self.feed.grown();
        let waiting = async {
            while self.hashes().len() < count {
                grown.changed().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the records arrive");
    }

    pub fn end(&self) -> u64 {
        self.log.position().unwrap().end
    }
}
