//! The serving side: accepts connections, knows who is there, and counts what they use.

use super::connection::Connection;
use super::{FeedClock, FeedFailure};
use crate::feed::budget::{Budget, DayUse, SessionUse};
use crate::feed::limits::Limits;
use crate::feed::node::Feed;
use crate::seal::BoxId;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Pause after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Who calls, and which log is for them.
pub struct Admitted {
    /// the calling member
    pub peer: BoxId,
    /// its facility's log
    pub feed: Arc<Feed>,
}

/// Knows who may call.
pub trait Reception: Send + Sync {
    /// The caller behind a certificate, or `None` for one that is no member (any more). Asked at every request and on every page
    /// of an open line, so that a revoked box is cut off at once.
    fn admit(&self, certificates: &[CertificateDer<'_>]) -> Option<Admitted>;

    /// Whether the caller was a member and was put out: then it is told so, and nothing else.
    fn was_put_out(&self, _certificates: &[CertificateDer<'_>]) -> bool {
        false
    }

    /// Asked once when a connection stands; what it gives is dropped when the connection ends. `None` ends it: one too many.
    fn place(&self, _certificates: &[CertificateDer<'_>]) -> Option<Box<dyn Send>> {
        Some(Box::new(()))
    }

    /// Told of all bytes a caller moves, beside the host's own budget for each peer. In memory: called while bytes flow.
    ///
    /// # Errors
    /// [`FeedFailure::Budget`] when the caller has to stop.
    fn spend(&self, _caller: &Admitted, _bytes: u64) -> Result<(), FeedFailure> {
        Ok(())
    }

    /// Asked before a push is read; may look into the store.
    ///
    /// # Errors
    /// [`FeedFailure::Full`] when there is no room for more records.
    fn room(&self, _caller: &Admitted) -> Result<(), FeedFailure> {
        Ok(())
    }

    /// What else members may post, in few bytes and without an answer; may use the store. `None` for a path that is not known.
    fn take_post(&self, _caller: &Admitted, _path: &str, _body: &[u8]) -> Option<Result<(), FeedFailure>> {
        None
    }

    /// What else members may ask, in few bytes and with a short answer; may use the store and files. The answer is the owner's own and
    /// counts into nobody's budget. `None` for a path that is not known.
    fn answer_post(&self, _caller: &Admitted, _path: &str, _body: &[u8]) -> Option<Result<Vec<u8>, FeedFailure>> {
        None
    }
}

/// Serves one or many facilities' logs.
pub struct FeedHost {
    pub(super) reception: Arc<dyn Reception>,
    pub(super) clock: FeedClock,
    pub(super) limits: Limits,
    budget: Budget,
    use_today: Mutex<HashMap<BoxId, DayUse>>,
    at_work: Mutex<HashMap<BoxId, usize>>,
    membership: watch::Sender<u64>,
    connections: Arc<Semaphore>,
}

impl FeedHost {
    /// A host that does not listen yet. The budget is for each peer.
    pub fn new(reception: Arc<dyn Reception>, clock: FeedClock, limits: Limits, budget: Budget) -> FeedHost {
        let connections = Arc::new(Semaphore::new(limits.connections));
        let (use_today, at_work) = (Mutex::default(), Mutex::default());
        FeedHost {
            reception,
            clock,
            limits,
            budget,
            use_today,
            at_work,
            membership: watch::Sender::new(0),
            connections,
        }
    }

    /// To be called when members were admitted or revoked: open lines are looked at again.
    pub fn membership_changed(&self) {
        self.membership.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(super) fn membership(&self) -> watch::Receiver<u64> {
        self.membership.subscribe()
    }

    /// What a peer has used today, for the owner to keep and to show.
    pub fn use_today(&self, peer: BoxId) -> Option<DayUse> {
        lock(&self.use_today).get(&peer).copied()
    }

    /// Puts back what was kept before a restart.
    pub fn restore_use(&self, peer: BoxId, use_today: DayUse) {
        lock(&self.use_today).insert(peer, use_today);
    }

    /// Accepts connections until told to stop. TLS settings are read anew for every connection: certificates change by themselves.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        tls: watch::Receiver<Arc<ServerConfig>>,
        mut stop: watch::Receiver<bool>,
    ) {
        loop {
            let accepted = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => self.clone().welcome(stream, tls.borrow().clone(), stop.clone()),
                // Out of descriptors, or gone already: the next may succeed.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }

    /// Serves one accepted connection, on a task of its own. For owners who accept by themselves, since others come to the same port.
    pub fn welcome(self: Arc<Self>, stream: TcpStream, tls: Arc<ServerConfig>, stop: watch::Receiver<bool>) {
        // One too many is closed without a word: a word would need a handshake.
        let Ok(place) = self.connections.clone().try_acquire_owned() else { return };
        tokio::spawn(async move {
            // Small pages on a live line must not wait for each other.
            let _ = stream.set_nodelay(true);
            if let Ok(Ok(stream)) = timeout(self.limits.connect, TlsAcceptor::from(tls).accept(stream)).await {
                self.converse(stream, stop).await;
            }
            drop(place);
        });
    }

    async fn converse(
        self: Arc<Self>,
        stream: tokio_rustls::server::TlsStream<TcpStream>,
        mut stop: watch::Receiver<bool>,
    ) {
        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let certificates: Vec<_> = certificates.iter().map(|certificate| certificate.clone().into_owned()).collect();
        let Some(_place) = self.reception.place(&certificates) else { return };
        let mut membership = self.membership();
        let was_member = self.reception.admit(&certificates).is_some();
        let connection = Connection::new(self.clone(), certificates, stop.clone());
        let serving = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle)
            .max_buf_size(128 << 10)
            .serve_connection(TokioIo::new(stream), connection.clone().service());
        tokio::pin!(serving);
        loop {
            tokio::select! {
                _ = serving.as_mut() => return,
                _ = stop.wait_for(|stop| *stop) => break,
                _ = membership.changed() => if was_member && connection.caller().is_none() { return },
            }
        }
        serving.as_mut().graceful_shutdown();
        let _ = timeout(self.limits.connect, serving).await;
    }

    pub(super) fn spend(&self, caller: &Admitted, session: &mut SessionUse, bytes: usize) -> Result<(), FeedFailure> {
        self.reception.spend(caller, bytes as u64)?;
        let today = (self.clock)().date_in_japan();
        let mut use_today = lock(&self.use_today);
        let day = use_today.entry(caller.peer).or_insert(DayUse::of(today, 0));
        session.spend(bytes as u64, day, today, self.budget)
    }

    /// A place for one more request of a peer.
    pub(super) fn begin_work(self: &Arc<Self>, peer: BoxId) -> Result<AtWork, FeedFailure> {
        let mut at_work = lock(&self.at_work);
        let count = at_work.entry(peer).or_default();
        if *count >= self.limits.requests_per_peer {
            return Err(FeedFailure::TooMany);
        }
        *count += 1;
        Ok(AtWork { host: self.clone(), peer })
    }
}

/// One request in progress; the place is free again when it is dropped.
pub(super) struct AtWork {
    host: Arc<FeedHost>,
    peer: BoxId,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let mut at_work = lock(&self.host.at_work);
        if let Some(count) = at_work.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                at_work.remove(&self.peer);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
