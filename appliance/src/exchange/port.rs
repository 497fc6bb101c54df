//! The one port where this box is called: whoever says "join" in its first word talks to the enrolment, everybody else to the feed.

use super::Inner;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::join::first_word::wants_to_join;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

/// Strangers whose first word is awaited at once.
const UNKNOWN: usize = 256;
/// Enrolments at once.
const ENROLMENTS: usize = 8;
/// Pause after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

impl Inner {
    /// Accepts until told to stop. Certificates are read anew for every connection: they are renewed by themselves.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        let (unknown, enrolments) = (Arc::new(Semaphore::new(UNKNOWN)), Arc::new(Semaphore::new(ENROLMENTS)));
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
            let Ok(place) = unknown.clone().try_acquire_owned() else { continue };
            let (inner, enrolments, mut stopped) = (self.clone(), enrolments.clone(), stop.clone());
            tokio::spawn(async move {
                let joins = wants_to_join(&stream).await;
                drop(place);
                let stop = stopped.clone();
                tokio::select! {
                    _ = stopped.wait_for(|stop| *stop) => {}
                    () = inner.lead(stream, joins, &enrolments, stop) => {}
                }
            });
        }
    }

    async fn lead(&self, stream: TcpStream, joins: Option<bool>, enrolments: &Semaphore, stop: watch::Receiver<bool>) {
        match (joins, &self.enrolment) {
            (Some(false), _) => {
                if let Some(tls) = self.doors.doors().server() {
                    self.host.clone().welcome(stream, tls, stop);
                }
            }
            (Some(true), Some(enrolment)) => {
                let Ok(_place) = enrolments.try_acquire() else { return };
                enrolment.talk(stream).await;
            }
            _ => {}
        }
    }
}
