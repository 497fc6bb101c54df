//! Exchange with the other boxes and the hub of the facility: who is there, what goes back and forth, and how that stands.
//!
//! The desk never waits for any of this. Records it wrote are in the log; this carries them on whenever somebody can be reached.

mod control;
mod front;
mod peer;
mod standing;

pub use control::{Asked, PeerReport, Report, ask};
pub use standing::{PeerStanding, Standings};

use crate::clock::Clock;
use crate::desk::{FeedInput, Input, RunningDesk};
use crate::store::UseRow;
use crate::vault::{Vault, VaultError, chance};
use domain::Timestamp;
use front::Front;
use peer::PeerTask;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use sync::facility::discovery::{Discovery, MULTICAST_PORT, Places, Salt, Sightings};
use sync::facility::trust::{Doorkeeper, NoTrust};
use sync::feed::https::{FeedClock, FeedHost};
use sync::feed::{Budget, Feed, Limits};
use sync::seal::BoxId;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// How often certificates are looked at and used budgets are written down.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// How long this box is announced under one name.
const SALT_GOOD_FOR: Duration = Duration::from_secs(24 * 3_600);
/// Records from others taken in together: so that no check-in waits long behind them.
const RECORDS_TOGETHER: usize = 64;

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
    tasks: Mutex<BTreeMap<BoxId, (PeerTask, JoinHandle<()>)>>,
}

impl Exchange {
    /// Listens, looks for others, and calls them.
    pub async fn start(settings: SyncSettings, desk: &RunningDesk) -> Result<Exchange, NoExchange> {
        let vault = desk.vault().clone();
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let limits = Limits { store_records: RECORDS_TOGETHER, ..Limits::default() };
        let feed = Arc::new(Feed::new(Arc::new(desk.log()), vault.gate().clone(), limits.clone()));
        let now = desk.clock().now();
        let doors = Doorkeeper::new(vault.identity().clone(), &[vault.membership()], now, &mut chance()?)?;
        let front = Arc::new(Front { vault: vault.clone(), feed: feed.clone() });
        let clock = feed_clock(desk.clock());
        let host = Arc::new(FeedHost::new(front, clock.clone(), limits, settings.budget));
        let discovery = discovery(&settings, &vault, address.port());
        let inner = Arc::new(Inner {
            desk: desk.clone(),
            vault,
            feed,
            host,
            doors,
            standings: Arc::default(),
            clock,
            now: Arc::default(),
            since: now,
            sightings: discovery.as_ref().map(Discovery::sightings),
            tasks: Mutex::default(),
            settings,
        });
        inner.restore_uses();
        let stop = watch::Sender::new(false);
        let running = vec![
            tokio::spawn(inner.clone().serve(listener, stop.subscribe())),
            tokio::spawn(inner.clone().follow_the_desk()),
            tokio::spawn(inner.clone().keep_house(discovery, address.port())),
        ];
        Ok(Exchange { inner, address, running, stop })
    }

    /// How it stands with every peer.
    pub fn standings(&self) -> Vec<PeerStanding> {
        self.inner.standings.all()
    }

    /// Takes over the questions of boxes that are gone, should this be the box to do it.
    pub async fn adopt(&self) {
        self.inner.adopt().await;
    }

    /// Ends the exchange, and writes down what was used.
    pub async fn close(self) {
        self.inner.keep_uses().await;
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

    /// Accepts calls as soon as there is another member to accept any from.
    async fn serve(self: Arc<Self>, listener: TcpListener, stop: watch::Receiver<bool>) {
        let mut changed = self.vault.changed();
        let tls = loop {
            match self.doors.doors().server() {
                Some(server) => break watch::Sender::new(server),
                None if changed.changed().await.is_err() => return,
                None => self.follow_members().await,
            }
        };
        let serving = self.host.clone().serve(listener, tls.subscribe(), stop);
        tokio::pin!(serving);
        loop {
            tokio::select! {
                () = serving.as_mut() => return,
                _ = tokio::time::sleep(HOUSEKEEPING) => {}
                _ = changed.changed() => self.follow_members().await,
            }
            if let Some(server) = self.doors.doors().server() {
                tls.send_replace(server);
            }
        }
    }

    /// What the desk wrote goes out at once.
    async fn follow_the_desk(self: Arc<Self>) {
        let mut revisions = self.desk.watch();
        while revisions.changed().await.is_ok() {
            self.feed.notify();
        }
    }

    async fn keep_house(self: Arc<Self>, mut announced: Option<Discovery>, port: u16) {
        let mut changed = self.vault.changed();
        let mut tick = tokio::time::interval(HOUSEKEEPING);
        let mut since = Instant::now();
        self.follow_members().await;
        loop {
            tokio::select! {
                _ = changed.changed() => self.follow_members().await,
                _ = tick.tick() => {}
            }
            let renewed = chance().map(|mut chance| self.doors.renew(self.desk.clock().now(), &mut chance));
            if let Ok(Err(error)) = renewed {
                tracing::error!(error = &error as &dyn std::error::Error, "the certificate could not be renewed");
            }
            self.keep_uses().await;
            self.adopt().await;
            if let Some(discovery) = announced.as_mut().filter(|_| since.elapsed() > SALT_GOOD_FOR) {
                since = Instant::now();
                announce(discovery, &self.vault, port);
            }
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
        let own = self.vault.id();
        let mut tasks = self.tasks();
        tasks.retain(|id, (_, task)| {
            let stays = membership.member(*id).is_some() && !task.is_finished();
            if !stays {
                task.abort();
                self.standings.forget(*id);
            }
            stays
        });
        for (id, member) in membership.members().filter(|(id, _)| *id != own && membership.member(own).is_some()) {
            tasks.entry(id).or_insert_with(|| {
                self.standings.begin(id, member);
                let task = PeerTask::new(self.clone(), id, member.introduction.role());
                (task.clone(), tokio::spawn(task.run()))
            });
        }
    }

    /// Of the boxes that are alive, the one with the smallest id takes over what a silent one was to ask.
    async fn adopt(&self) {
        let now = self.desk.clock().now();
        let alive = |id: BoxId| self.vault.heard_at(id).unwrap_or(self.since).plus_ms(GONE_AFTER_MS) > now;
        let others = self.vault.other_boxes();
        let is_mine_to_do = self.vault.is_member() && others.iter().all(|(id, _)| !alive(*id) || *id > self.vault.id());
        if !is_mine_to_do {
            return;
        }
        let elsewhere = self.desk.readers().read(|reading| reading.jobs_elsewhere()).unwrap_or_default();
        for row in elsewhere.into_iter().filter(|row| !alive(row.owner)) {
            let adopted = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Adopt(row.question, reply))).await;
            if !matches!(adopted, Some(Ok(()))) {
                tracing::warn!("a question of another box could not be taken over; tried again");
            }
        }
    }

    fn restore_uses(&self) {
        let uses = self.desk.readers().read(|reading| reading.feed_uses()).unwrap_or_default();
        for UseRow { peer, calling, used } in uses {
            if calling { self.standings.note_use(peer, used) } else { self.host.restore_use(peer, used) }
        }
    }

    /// A restart does not give anybody a second budget.
    async fn keep_uses(&self) {
        let mut uses = Vec::new();
        for standing in self.standings.all() {
            let hosted = self.host.use_today(standing.peer);
            uses.extend(hosted.map(|used| UseRow { peer: standing.peer, calling: false, used }));
        }
        uses.extend(self.standings.uses().into_iter().map(|(peer, used)| UseRow { peer, calling: true, used }));
        if !uses.is_empty() && self.standings.uses_changed(&uses) {
            let kept = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Uses(uses, reply))).await;
            if !matches!(kept, Some(Ok(()))) {
                tracing::warn!("what was used of the byte budget could not be written down");
            }
        }
    }
}

fn feed_clock(clock: &Clock) -> FeedClock {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

/// Looks for others and is seen, where the network allows it.
fn discovery(settings: &SyncSettings, vault: &Vault, port: u16) -> Option<Discovery> {
    if !settings.discovery {
        return None;
    }
    let started = Discovery::start(&Places { port: MULTICAST_PORT, interfaces: Vec::new() });
    let mut discovery = started
        .inspect_err(|error| tracing::warn!(error = error as &dyn std::error::Error, "{}", error.staff().en))
        .ok()?;
    announce(&mut discovery, vault, port);
    Some(discovery)
}

/// Is seen, under a name that only members can tell, and that changes every day.
fn announce(discovery: &mut Discovery, vault: &Vault, port: u16) {
    let mut salt = [0; 8];
    if getrandom::fill(&mut salt).is_err() {
        return;
    }
    if let Err(error) = discovery.announce(vault.id(), vault.facility(), Salt(salt), port, false) {
        tracing::warn!(error = &error as &dyn std::error::Error, "{}", error.staff().en);
    }
}
