//! One peer: found, called, kept in touch with.

use super::Inner;
use super::front::Front;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::certificate::name_of;
use sync::facility::trust::Peer;
use sync::feed::FeedFailure;
use sync::feed::https::{FeedClient, PeerAddress};
use sync::seal::{BoxId, Role};
use tokio::sync::watch;
use tokio::time::sleep;

/// Pause after a peer could not be reached, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How often a peer that is reached is asked whether it is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// Keeps in touch with one peer.
#[derive(Clone)]
pub(super) struct PeerTask {
    inner: Arc<Inner>,
    peer: Peer,
}

impl PeerTask {
    pub(super) fn new(inner: Arc<Inner>, id: BoxId, role: Role) -> PeerTask {
        let peer = Peer { facility: inner.vault.facility(), id, role };
        PeerTask { inner, peer }
    }

    /// Calls the peer wherever it may be, again and again.
    pub(super) async fn run(self) {
        let mut pause = FIRST_PAUSE;
        loop {
            for (host, port) in self.places() {
                if self.call(host, port).await {
                    pause = FIRST_PAUSE;
                }
            }
            tokio::select! {
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                () = self.inner.now.notified() => pause = FIRST_PAUSE,
                () = self.sighted() => pause = FIRST_PAUSE,
            }
        }
    }

    /// Where it was seen, then where somebody said it is.
    fn places(&self) -> Vec<(String, u16)> {
        let sightings = self.inner.sightings.as_ref().map(|sightings| sightings.borrow().clone());
        let seen = sightings.map(|sightings| sightings.of(self.peer.facility, [self.peer.id])).unwrap_or_default();
        let seen = seen.into_values().flatten().map(|address| (address.ip().to_string(), address.port()));
        seen.chain(self.inner.settings.peers.iter().cloned()).collect()
    }

    async fn sighted(&self) {
        match &self.inner.sightings {
            Some(sightings) => {
                let mut sightings = sightings.clone();
                sightings.mark_unchanged();
                if sightings.changed().await.is_ok() {
                    return;
                }
                std::future::pending().await
            }
            None => std::future::pending().await,
        }
    }

    /// Stays in touch until the line ends. True when the peer was there.
    async fn call(&self, host: String, port: u16) -> bool {
        let Some(client) = self.client(&host, port) else { return false };
        match client.hello().await {
            Ok(_) => {}
            // A configured address may be that of another member.
            Err(FeedFailure::OtherLog | FeedFailure::Untrusted) => return false,
            Err(failure) => {
                self.failed(&client, failure);
                return false;
            }
        }
        let address = format!("{host}:{port}");
        self.inner.standings.note(self.peer.id, |standing| {
            standing.address = Some(address);
            standing.connected = true;
        });
        let failure = self.keep_in_touch(&client).await;
        self.failed(&client, failure);
        true
    }

    fn client(&self, host: &str, port: u16) -> Option<Arc<FeedClient>> {
        let inner = &self.inner;
        let tls = inner.doors.doors().client(&self.peer)?;
        let address = PeerAddress {
            id: self.peer.id,
            host: host.to_owned(),
            port,
            server_name: name_of(self.peer.id, self.peer.facility),
        };
        let front = Arc::new(Front { vault: inner.vault.clone(), feed: inner.feed.clone() });
        let (_, tls) = watch::channel(tls);
        let client =
            FeedClient::new(inner.feed.clone(), address, tls, front, inner.clock.clone(), inner.settings.budget);
        inner.standings.used(self.peer.id).into_iter().for_each(|used| client.restore_use(used));
        Some(Arc::new(client))
    }

    fn failed(&self, client: &FeedClient, failure: FeedFailure) {
        self.inner.standings.note_use(self.peer.id, client.use_today());
        self.inner.standings.note(self.peer.id, |standing| {
            standing.connected = false;
            standing.failure = Some(failure);
        });
    }

    /// First everything both have, then what comes as it comes.
    async fn keep_in_touch(&self, client: &Arc<FeedClient>) -> FeedFailure {
        if let Err(failure) = client.exchange().await {
            return failure;
        }
        self.answered(client).await;
        tokio::select! {
            failure = self.receive(client) => failure,
            failure = self.send(client) => failure,
            failure = self.watch(client) => failure,
        }
    }

    async fn receive(&self, client: &FeedClient) -> FeedFailure {
        loop {
            if let Err(failure) = client.live().await {
                return failure;
            }
        }
    }

    /// Sends when the log has grown, and when the peer was started anew.
    async fn send(&self, client: &FeedClient) -> FeedFailure {
        let (mut grown, mut run) = (self.inner.feed.grown(), client.peer_run());
        grown.mark_changed();
        loop {
            tokio::select! {
                changed = grown.changed() => if changed.is_err() { return FeedFailure::Cut },
                changed = run.changed() => if changed.is_err() { return FeedFailure::Cut },
            }
            if let Err(failure) = client.push().await {
                return failure;
            }
            self.answered(client).await;
        }
    }

    async fn watch(&self, client: &FeedClient) -> FeedFailure {
        loop {
            tokio::select! {
                () = sleep(SIGN_OF_LIFE) => {}
                () = self.inner.now.notified() => {}
            }
            if let Err(failure) = client.hello().await {
                return failure;
            }
            self.answered(client).await;
        }
    }

    async fn answered(&self, client: &FeedClient) {
        let (feed, peer) = (self.inner.feed.clone(), self.peer.id);
        let lag = tokio::task::spawn_blocking(move || {
            let end = feed.log().position().ok()?.end;
            let has = feed.log().acknowledged(peer).ok()?.iter().map(|fact| fact.own).max().unwrap_or(0);
            Some(end.saturating_sub(has))
        });
        let lag = lag.await.ok().flatten().unwrap_or(0);
        let now = self.inner.desk.clock().now();
        let ahead = client.peer_run().borrow().as_ref().map_or(0, |run| run.clock.since_ms(now));
        self.inner.vault.heard_of(peer, now);
        self.inner.standings.note_use(peer, client.use_today());
        self.inner.standings.note(peer, |standing| {
            standing.heard_at = Some(now);
            standing.clock_ahead_ms = ahead;
            standing.lag = lag;
            standing.failure = None;
        });
    }
}
