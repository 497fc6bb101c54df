//! The one port that boxes call: whoever says "join" in its first word talks to the enrolment, everybody else to the feed.

use crate::enrolment::Enrolment;
use crate::registry::Registry;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::join::channel::Patience;
use sync::facility::join::first_word::wants_to_join;
use sync::feed::https::FeedHost;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

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
                let joins = wants_to_join(&stream).await;
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
