//! The one port that boxes call: whoever says "join" in its first word talks to the enrolment, everybody else to the feed.

use crate::enrolment::Enrolment;
use crate::registry::Registry;
use rustls::server::Acceptor;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::join::channel::{ALPN, Patience};
use sync::feed::https::FeedHost;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// Longest first word. One of our boxes' has a few hundred bytes.
const MAX_FIRST_WORD: usize = 8 << 10;
/// Time for the first word.
const FIRST_WORD: Duration = Duration::from_secs(10);
/// Pause before half a first word is looked at again.
const HALF_A_WORD: Duration = Duration::from_millis(20);
/// Pause after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// Strangers whose first word is awaited at once.
const UNKNOWN: usize = 4_096;
/// Enrolments at once.
const ENROLMENTS: usize = 8;

/// The port.
pub struct Port {
    registry: Arc<Registry>,
    host: Arc<FeedHost>,
    enrolment: Arc<Enrolment>,
    unknown: Arc<Semaphore>,
    enrolments: Arc<Semaphore>,
}

impl Port {
    /// Does not listen yet.
    pub fn new(registry: Arc<Registry>, host: Arc<FeedHost>, enrolment: Arc<Enrolment>) -> Port {
        let (unknown, enrolments) = (Arc::new(Semaphore::new(UNKNOWN)), Arc::new(Semaphore::new(ENROLMENTS)));
        Port { registry, host, enrolment, unknown, enrolments }
    }

    /// Accepts until told to stop.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        loop {
            let accepted = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // Out of descriptors, or gone already: the next may succeed.
                sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let Ok(place) = self.unknown.clone().try_acquire_owned() else { continue };
            let (port, stop) = (self.clone(), stop.clone());
            tokio::spawn(async move {
                let joins = timeout(FIRST_WORD, wants_to_join(&stream)).await.ok().flatten();
                drop(place);
                if let Some(joins) = joins {
                    port.lead(stream, joins, stop).await;
                }
            });
        }
    }

    async fn lead(self: Arc<Self>, stream: TcpStream, joins: bool, stop: watch::Receiver<bool>) {
        if !joins {
            if let Some(tls) = self.registry.tls() {
                self.host.clone().welcome(stream, tls, stop);
            }
            return;
        }
        let Ok(_place) = self.enrolments.try_acquire() else { return };
        match self.enrolment.talk(stream, Patience::default()).await {
            Ok(facility) => tracing::info!(%facility, "a facility was enrolled"),
            Err(failure) => tracing::info!(failure = %failure.staff().en, "nobody was enrolled"),
        }
    }
}

/// Looks at the first word without taking it from the stream. `None` when none comes.
async fn wants_to_join(stream: &TcpStream) -> Option<bool> {
    let mut seen = vec![0; MAX_FIRST_WORD];
    let mut before = 0;
    loop {
        let count = stream.peek(&mut seen).await.ok().filter(|count| *count > 0)?;
        match read_first_word(&seen[..count]) {
            Some(joins) => return Some(joins),
            None if count == seen.len() => return None,
            // The rest is on its way; a stream that is looked at says "ready" all the time.
            None if count == before => sleep(HALF_A_WORD).await,
            None => before = count,
        }
    }
}

/// Whether a first word asks to join; `None` when it is not whole. What is no TLS at all is for TLS to refuse.
fn read_first_word(mut bytes: &[u8]) -> Option<bool> {
    let mut acceptor = Acceptor::default();
    acceptor.read_tls(&mut bytes).ok()?;
    match acceptor.accept() {
        Ok(Some(accepted)) => {
            Some(accepted.client_hello().alpn().is_some_and(|mut asked| asked.any(|name| name == ALPN)))
        }
        Ok(None) => None,
        Err(_) => Some(false),
    }
}
