//! Exchange with the other boxes and the hub of the facility: who is there, what goes back and forth, and how that stands.
//!
//! The desk never waits for any of this. Records it wrote are in the log; this carries them on whenever somebody can be reached.

mod announcing;
mod front;
mod heartbeat;
mod house;
mod peer;
mod port;
mod standing;
mod updates;

pub use standing::{PeerStanding, Standings};

use crate::clock::Clock;
use crate::desk::RunningDesk;
use crate::enrolment::Enrolment;
use crate::store::PlaceRow;
use crate::vault::{Vault, VaultError, chance};
use announcing::Announced;
use domain::Timestamp;
use front::Front;
use peer::PeerTask;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use sync::facility::Membership;
use sync::facility::discovery::{Sighting, Sightings};
use sync::facility::trust::{Doorkeeper, NoTrust};
use sync::feed::https::{FeedClock, FeedHost};
use sync::feed::{Budget, Feed, Limits};
use sync::seal::BoxId;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

/// How long records may come together before it is counted again who lacks how many.
const MEASURE_PAUSE: Duration = Duration::from_secs(1);
/// Addresses said by members that may wait to be written down.
const PLACES_TOLD: usize = 64;
/// Records from others taken in together: so that no check-in waits long behind them.
const RECORDS_TOGETHER: usize = 64;

/// Where a box is called unless the settings say otherwise.
pub const DEFAULT_PORT: u16 = 8444;

/// How long a box must not have been heard of before its questions are taken over, in milliseconds.
pub const GONE_AFTER_MS: i64 = 30 * 60_000;

/// Where others are, and what may be spent on them.
#[derive(Clone, Debug)]
pub struct SyncSettings {
    /// where this box is called
    pub listen: SocketAddr,
    /// hosts and ports of others, boxes and hubs
    pub peers: Vec<(String, u16)>,
    /// look for others on the local network
    pub discovery: bool,
    /// bytes for each peer
    pub budget: Budget,
}

impl SyncSettings {
    /// For a box whose settings say nothing of others and whose pages are served here: on the network where pages are on the network, on
    /// this machine alone where they are.
    pub fn beside(pages: SocketAddr) -> SyncSettings {
        let alone = pages.ip().is_loopback();
        let listen = match alone {
            true => SocketAddr::new(pages.ip(), pages.port().checked_add(1).unwrap_or(DEFAULT_PORT)),
            false => SocketAddr::from(([0, 0, 0, 0], DEFAULT_PORT)),
        };
        SyncSettings { listen, peers: Vec::new(), discovery: !alone, budget: Budget::UNLIMITED }
    }
}

/// Why there is no exchange. Reception goes on without.
#[derive(Debug, thiserror::Error)]
pub enum NoExchange {
    /// the address cannot be listened on
    #[error("the address for other boxes cannot be listened on")]
    Listen(#[from] std::io::Error),
    /// TLS
    #[error("encrypted connections cannot be set up")]
    Trust(#[from] NoTrust),
    /// randomness
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A running exchange. It ends when this is dropped.
pub struct Exchange {
    inner: Arc<Inner>,
    /// where others call this box
    pub address: SocketAddr,
    running: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

struct Inner {
    desk: RunningDesk,
    vault: Arc<Vault>,
    feed: Arc<Feed>,
    host: Arc<FeedHost>,
    doors: Doorkeeper,
    settings: SyncSettings,
    standings: Arc<Standings>,
    clock: FeedClock,
    now: Arc<Notify>,
    since: Timestamp,
    sightings: Option<watch::Receiver<Sightings>>,
    announced: Mutex<Option<Announced>>,
    front: Arc<Front>,
    enrolment: Option<Arc<Enrolment>>,
    known_places: RwLock<Vec<PlaceRow>>,
    /// counts renewed certificates
    renewed: watch::Sender<u64>,
    address: SocketAddr,
    tasks: Mutex<BTreeMap<BoxId, (PeerTask, JoinHandle<()>)>>,
}

impl Exchange {
    /// Listens, looks for others, and calls them.
    pub async fn start(settings: SyncSettings, desk: &RunningDesk) -> Result<Exchange, NoExchange> {
        Exchange::enrolling(settings, desk, None, watch::Sender::new(0)).await
    }

    /// The same for a box that lets others in on the port where it is called. `changes` counts what is worth showing anew.
    pub async fn enrolling(
        settings: SyncSettings,
        desk: &RunningDesk,
        enrolment: Option<Arc<Enrolment>>,
        changes: watch::Sender<u64>,
    ) -> Result<Exchange, NoExchange> {
        let vault = desk.vault().clone();
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let limits = Limits { store_records: RECORDS_TOGETHER, ..Limits::default() };
        let feed = Arc::new(Feed::new(Arc::new(desk.log()), vault.gate().clone(), limits.clone()));
        let now = desk.clock().now();
        let doors = Doorkeeper::new(vault.identity().clone(), &[vault.membership()], now, &mut chance()?)?;
        let standings = Arc::new(Standings::telling(changes));
        let (told, places) = mpsc::channel(PLACES_TOLD);
        let front = Arc::new(Front { vault: vault.clone(), feed: feed.clone(), standings: standings.clone(), told });
        let clock = feed_clock(desk.clock());
        let host = Arc::new(FeedHost::new(front.clone(), clock.clone(), limits, settings.budget));
        let announced = Announced::start(&settings, &vault, address.port());
        let inner = Arc::new(Inner {
            desk: desk.clone(),
            vault,
            feed,
            host,
            doors,
            standings,
            front,
            enrolment,
            known_places: RwLock::default(),
            renewed: watch::Sender::new(0),
            address,
            clock,
            now: Arc::default(),
            since: now,
            sightings: announced.as_ref().map(Announced::sightings),
            announced: Mutex::new(announced),
            tasks: Mutex::default(),
            settings,
        });
        inner.restore();
        let stop = watch::Sender::new(false);
        let running = vec![
            tokio::spawn(inner.clone().serve(listener, stop.subscribe())),
            tokio::spawn(inner.clone().follow_the_desk()),
            tokio::spawn(inner.clone().count_lags()),
            tokio::spawn(inner.clone().keep_house()),
            tokio::spawn(inner.clone().hear_places(places)),
        ];
        Ok(Exchange { inner, address, running, stop })
    }

    /// How it stands with every peer.
    pub fn standings(&self) -> Vec<PeerStanding> {
        self.inner.standings.all()
    }

    /// End of the certificate that is shown to others now.
    pub fn certificate_ends(&self) -> Option<Timestamp> {
        self.inner.doors.doors().certificate_ends(self.inner.vault.facility())
    }

    /// End of the certificate another member showed last.
    pub fn certificate_of(&self, peer: BoxId) -> Option<Timestamp> {
        self.inner.standings.certificate_ends(peer)
    }

    /// Bytes for each peer.
    pub fn budget(&self) -> Budget {
        self.inner.settings.budget
    }

    /// Where on this network a code is open.
    pub fn inviting(&self) -> Vec<SocketAddr> {
        let Some(sightings) = &self.inner.sightings else { return Vec::new() };
        let own = self.inner.own_addresses();
        let sightings = sightings.borrow();
        let found = sightings.inviting().filter_map(|Sighting { addresses, .. }| {
            // one address of each: the plainest to read
            let mut addresses = addresses.clone();
            addresses.sort_by_key(|address| (address.is_ipv6(), *address));
            addresses.iter().all(|address| !own.contains(address)).then(|| addresses.first().copied()).flatten()
        });
        found.collect()
    }

    /// A code was made or taken back, or where somebody is was learnt.
    pub fn looked_at_again(&self) {
        self.inner.read_places();
        self.inner.announce_again();
        self.now();
    }

    /// Takes over the questions of boxes that are gone, should this be the box to do it.
    pub async fn adopt(&self) {
        self.inner.adopt().await;
    }

    /// Ends the exchange, and writes down what was used.
    pub async fn close(self) {
        self.keep().await;
    }

    /// Writes down what was used, before the end.
    pub async fn keep(&self) {
        self.inner.keep_uses().await;
    }

    /// Says anew on the local network who is here, when that changed.
    pub fn announce_again(&self) {
        self.inner.announce_again();
    }

    /// Where this box is heard on the local network.
    pub fn own_addresses(&self) -> Vec<SocketAddr> {
        self.inner.own_addresses()
    }

    /// Calls everybody at once, also those that were just tried in vain.
    pub fn now(&self) {
        self.inner.now.notify_waiters();
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.running.iter().for_each(JoinHandle::abort);
        self.inner.tasks().values().for_each(|(_, task)| task.abort());
    }
}

impl Inner {
    fn tasks(&self) -> std::sync::MutexGuard<'_, BTreeMap<BoxId, (PeerTask, JoinHandle<()>)>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where somebody said that this member is.
    fn places_of(&self, peer: BoxId) -> Vec<(String, u16)> {
        let known = self.known_places.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(|place| place.peer == peer).map(|place| (place.host.clone(), place.port)).collect()
    }

    /// End of this log, and how many of its records this peer is not known to have. None when the record cannot be read.
    fn reach(&self, peer: BoxId) -> Option<(u64, u64)> {
        let end = self.feed.log().position().ok()?.end;
        let lacking = self.feed.lacking(peer, self.standings.run_of(peer)).ok()?;
        Some((end, lacking.min(end)))
    }

    /// Counts what these peers do not have.
    async fn measure(self: &Arc<Self>, peers: Vec<BoxId>) {
        let inner = self.clone();
        let counted = tokio::task::spawn_blocking(move || {
            let now = inner.desk.clock().now();
            for peer in peers {
                if let Some((_, lacking)) = inner.reach(peer) {
                    inner.standings.note_lag(peer, lacking, now);
                }
            }
        });
        if counted.await.is_err() {
            tracing::error!("what the others lack could not be counted");
        }
    }

    /// Follows the record at a distance: who lacks how much, also of those who cannot be reached.
    async fn count_lags(self: Arc<Self>) {
        let mut grown = self.feed.grown();
        grown.mark_changed();
        while grown.changed().await.is_ok() {
            tokio::time::sleep(MEASURE_PAUSE).await;
            grown.mark_unchanged();
            self.measure(self.standings.all().iter().map(|standing| standing.peer).collect()).await;
        }
    }

    /// What the desk wrote goes out at once.
    async fn follow_the_desk(self: Arc<Self>) {
        let mut revisions = self.desk.watch();
        while revisions.changed().await.is_ok() {
            self.feed.notify();
        }
    }

    /// Members came or went: certificates, open lines, records whose signer was unknown, and whom to call.
    async fn follow_members(self: &Arc<Self>) {
        let membership = self.vault.membership();
        let now = self.desk.clock().now();
        let changed =
            chance().map(|mut chance| self.doors.members_changed(std::slice::from_ref(&membership), now, &mut chance));
        if let Ok(Err(error)) = changed {
            tracing::error!(error = &error as &dyn std::error::Error, "the members' certificates cannot be used");
        }
        self.host.membership_changed();
        let feed = self.feed.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || feed.recheck()).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "records could not be checked again; tried later"
            );
        }
        let begun = self.call_members(&membership);
        self.measure(begun).await;
    }

    /// Whom to call, and whom no longer. Returns whom for the first time.
    fn call_members(self: &Arc<Self>, membership: &Membership) -> Vec<BoxId> {
        let own = self.vault.id();
        let mut tasks = self.tasks();
        tasks.retain(|id, (peer, task)| {
            let stays = membership.member(*id).is_some() && !task.is_finished();
            if !stays {
                self.standings.forget(*id);
                peer.end(task);
            }
            stays
        });
        let mut begun = Vec::new();
        for (id, member) in membership.members().filter(|(id, _)| *id != own && membership.member(own).is_some()) {
            tasks.entry(id).or_insert_with(|| {
                self.standings.begin(id, member);
                begun.push(id);
                let task = PeerTask::new(self.clone(), id, member.introduction.role());
                (task.clone(), tokio::spawn(task.run()))
            });
        }
        begun
    }
}

fn feed_clock(clock: &Clock) -> FeedClock {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}
