//! One peer: found, called, kept in touch with.

use super::Inner;
use super::front::{HUB_PLACE, PLACE};
use super::heartbeat::is_due;
use rustls::ClientConfig;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use sync::facility::certificate::name_of;
use sync::facility::trust::Peer;
use sync::feed::https::{FeedClient, PeerAddress};
use sync::feed::{Budget, FeedFailure};
use sync::fleet::{HEARTBEAT, Heartbeat};
use sync::seal::{BoxId, Role};
use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Pause after a peer could not be reached, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Time for a last word to a hub.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often a peer that is reached is asked whether it is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// Keeps in touch with one peer.
#[derive(Clone)]
pub(super) struct PeerTask {
    pub(super) inner: Arc<Inner>,
    pub(super) peer: Peer,
}

impl PeerTask {
    pub(super) fn new(inner: Arc<Inner>, id: BoxId, role: Role) -> PeerTask {
        let peer = Peer { facility: inner.vault.facility(), id, role };
        PeerTask { inner, peer }
    }

    /// The peer is no member any more: it is cut off. A hub that this facility leaves may still hear so over the line that stands.
    pub(super) fn end(&self, task: &JoinHandle<()>) {
        if self.peer.role != Role::Hub {
            return task.abort();
        }
        let task = task.abort_handle();
        tokio::spawn(async move {
            sleep(FAREWELL).await;
            task.abort();
        });
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
        let mut places: Vec<(String, u16)> = Vec::new();
        for place in seen.chain(self.inner.places_of(self.peer.id)).chain(self.inner.settings.peers.iter().cloned()) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
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
        let Some((client, tls)) = self.client(&host, port) else { return false };
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
        let failure = self.keep_in_touch(&client, &tls).await;
        self.failed(&client, failure);
        true
    }

    /// What calls, and where its certificate is changed when a new one was made: lines that stand go on with the old one.
    fn client(&self, host: &str, port: u16) -> Option<(Arc<FeedClient>, watch::Sender<Arc<ClientConfig>>)> {
        let (client, tls) = self.client_within(host, port, self.inner.settings.budget)?;
        self.inner.standings.used(self.peer.id).into_iter().for_each(|used| client.restore_use(used));
        Some((client, tls))
    }

    /// The same within another budget; what was used of the first does not count.
    pub(super) fn client_within(
        &self,
        host: &str,
        port: u16,
        budget: Budget,
    ) -> Option<(Arc<FeedClient>, watch::Sender<Arc<ClientConfig>>)> {
        let inner = &self.inner;
        let tls = inner.doors.doors().client(&self.peer)?;
        let address = PeerAddress {
            id: self.peer.id,
            host: host.to_owned(),
            port,
            server_name: name_of(self.peer.id, self.peer.facility),
        };
        let (certificate, tls) = watch::channel(tls);
        let (front, clock) = (inner.front.clone(), inner.clock.clone());
        let client = FeedClient::new(inner.feed.clone(), address, tls, front, clock, budget);
        Some((Arc::new(client), certificate))
    }

    fn failed(&self, client: &FeedClient, failure: FeedFailure) {
        self.inner.standings.note_use(self.peer.id, client.use_today());
        self.inner.standings.note(self.peer.id, |standing| {
            standing.connected = false;
            standing.failure = Some(failure);
        });
    }

    /// First everything both have, then what comes as it comes.
    async fn keep_in_touch(&self, client: &Arc<FeedClient>, tls: &watch::Sender<Arc<ClientConfig>>) -> FeedFailure {
        if let Err(failure) = client.exchange().await {
            return failure;
        }
        if let Err(failure) = self.greet(client).await {
            return failure;
        }
        tokio::select! {
            failure = self.receive(client) => failure,
            failure = self.send(client) => failure,
            failure = self.watch(client) => failure,
            () = self.beat(client) => FeedFailure::Cut,
            () = self.carry_updates(client) => FeedFailure::Cut,
            () = self.renew(tls) => FeedFailure::Cut,
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
        let mut told = Vec::new();
        loop {
            self.tell_places(client, &mut told).await;
            tokio::select! {
                () = sleep(SIGN_OF_LIFE) => {}
                () = self.inner.now.notified() => {}
            }
            if let Err(failure) = self.greet(client).await {
                return failure;
            }
        }
    }

    /// Asks who is there, and compares the clocks: only this answer has just been written.
    async fn greet(&self, client: &FeedClient) -> Result<(), FeedFailure> {
        let ahead = client.hello().await?.clock.since_ms(self.inner.desk.clock().now());
        self.inner.standings.note(self.peer.id, |standing| standing.clock_ahead_ms = ahead);
        self.answered(client).await;
        Ok(())
    }

    /// Says where this box and the hubs are called, so that the other box can call them, too.
    async fn tell_places(&self, client: &FeedClient, told: &mut Vec<(&'static str, String)>) {
        if self.peer.role != Role::Box {
            return;
        }
        let own = self.inner.address;
        let ip = if own.ip().is_unspecified() { outward(client.peer()).await } else { Some(own.ip()) };
        let mut places: Vec<(&'static str, String)> = Vec::new();
        places.extend(ip.map(|ip| (PLACE, SocketAddr::new(ip, own.port()).to_string())));
        for hub in self.inner.standings.all().iter().filter(|standing| standing.role == Role::Hub) {
            let known = self.inner.places_of(hub.peer).into_iter().next();
            places.extend(known.map(|(host, port)| (HUB_PLACE, format!("{} {host}:{port}", hub.peer))));
        }
        for (path, place) in places {
            let news = (path, place);
            if told.contains(&news) {
                continue;
            }
            match client.post(path, news.1.clone().into_bytes()).await {
                Ok(()) => told.push(news),
                // the line itself is watched by others; it is said again
                Err(failure) => tracing::debug!(%failure, "the other box did not take note of an address"),
            }
        }
    }

    /// Tells a hub now and then how this box is, and sooner when something got worse.
    async fn beat(&self, client: &FeedClient) {
        if self.peer.role != Role::Hub {
            std::future::pending::<()>().await;
        }
        let mut last: Option<Heartbeat> = None;
        loop {
            let inner = self.inner.clone();
            let (peer, facility) = (self.peer.id, self.peer.facility);
            let figures = tokio::task::spawn_blocking(move || inner.heartbeat(peer, facility)).await.ok().flatten();
            if let Some(figures) = figures.filter(|figures| is_due(last.as_ref(), figures))
                && let Ok(body) = serde_json::to_vec(&figures)
            {
                match client.post(HEARTBEAT, body).await {
                    Ok(()) => last = Some(figures),
                    // the line itself is watched by others; an older hub that takes no heartbeat still takes records
                    Err(failure) => tracing::debug!(%failure, "the hub did not take the figures"),
                }
            }
            tokio::select! {
                () = sleep(SIGN_OF_LIFE) => {}
                () = self.inner.now.notified() => last = None,
            }
        }
    }

    /// Hands on a certificate as soon as it is renewed.
    async fn renew(&self, tls: &watch::Sender<Arc<ClientConfig>>) {
        let mut renewed = self.inner.renewed.subscribe();
        renewed.mark_changed();
        while renewed.changed().await.is_ok() {
            if let Some(new) = self.inner.doors.doors().client(&self.peer) {
                tls.send_replace(new);
            }
        }
        std::future::pending().await
    }

    async fn answered(&self, client: &FeedClient) {
        let peer = self.peer.id;
        self.inner.standings.note_run(peer, client.peer_run().borrow().as_ref().and_then(|known| known.run));
        self.inner.measure(vec![peer]).await;
        let now = self.inner.desk.clock().now();
        self.inner.vault.heard_of(peer, now);
        self.inner.standings.note_use(peer, client.use_today());
        self.inner.standings.note(peer, |standing| {
            standing.heard_at = Some(now);
            standing.failure = None;
        });
    }
}

/// This machine's own address on the way to a peer. Nothing is sent.
async fn outward(peer: &PeerAddress) -> Option<IpAddr> {
    let place = tokio::net::lookup_host((peer.host.as_str(), peer.port)).await.ok()?.next()?;
    let any: IpAddr = if place.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await.ok()?;
    socket.connect(place).await.ok()?;
    socket.local_addr().ok().map(|own| own.ip())
}
