//! One hub process: what belongs together, started and stopped together.

use crate::enrolment::Enrolment;
use crate::port::Port;
use crate::reception::FrontDesk;
use crate::registry::{Registry, RegistryFailure};
use crate::store::{Change, Store};
use std::sync::Arc;
use std::time::Duration;
use sync::facility::FacilityId;
use sync::feed::https::{FeedClock, FeedHost};
use sync::feed::{Budget, Limits};
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// Connections of one process.
const CONNECTIONS: usize = 20_000;
/// How often counters are written down.
const FLUSH: Duration = Duration::from_secs(5);
/// How often certificates are looked at.
const RENEW: Duration = Duration::from_secs(300);
/// Pause after the store failed.
const RETRY: Duration = Duration::from_secs(1);
/// Time for connections to end when the hub stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// One hub process.
pub struct Hub {
    registry: Arc<Registry>,
    enrolment: Arc<Enrolment>,
    host: Arc<FeedHost>,
}

impl Hub {
    /// Takes up what the store knows; nothing listens yet. Blocks.
    ///
    /// # Errors
    /// The store's, or that TLS cannot be set up.
    pub fn open(store: Arc<Store>, name: String, clock: FeedClock) -> Result<Hub, RegistryFailure> {
        let limits = Limits { connections: CONNECTIONS, ..Limits::default() };
        let registry = Arc::new(Registry::open(store, clock.clone(), limits.clone())?);
        let enrolment = Arc::new(Enrolment::new(registry.clone(), name));
        let desk = Arc::new(FrontDesk(registry.clone()));
        // Facilities have quotas; single boxes need none beside them.
        let host = Arc::new(FeedHost::new(desk, clock, limits, Budget::UNLIMITED));
        Ok(Hub { registry, enrolment, host })
    }

    /// Its facilities.
    pub const fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// How facilities come to it.
    pub const fn enrolment(&self) -> &Arc<Enrolment> {
        &self.enrolment
    }

    /// Serves boxes until told to stop, then lets what was begun end.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        // Connections hold this one, so that their end can be awaited.
        let (stopping, stopped) = watch::channel(false);
        let port = Arc::new(Port::new(self.registry.clone(), self.host.clone(), self.enrolment.clone()));
        let changes = self.registry.store().changes();
        let tasks = [
            tokio::spawn(port.serve(listener, stopped)),
            tokio::spawn(self.clone().hear(changes)),
            tokio::spawn(self.clone().keep_house()),
        ];
        let _ = stop.wait_for(|stop| *stop).await;
        stopping.send_replace(true);
        let _ = timeout(FAREWELL, stopping.closed()).await;
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        self.flush().await;
    }

    /// Hears what this and other processes wrote.
    async fn hear(self: Arc<Self>, mut changes: broadcast::Receiver<Change>) {
        // What happened before anybody listened.
        self.clone().take_change(Change::Everything).await;
        loop {
            let change = match changes.recv().await {
                Ok(change) => change,
                Err(RecvError::Lagged(_)) => Change::Everything,
                Err(RecvError::Closed) => return,
            };
            self.clone().take_change(change).await;
        }
    }

    async fn take_change(self: Arc<Self>, change: Change) {
        match change {
            Change::Grown(id) => match self.registry.facility(id) {
                Some(facility) => facility.feed().notify(),
                None => self.reload(None).await,
            },
            Change::Members(id) => self.reload(Some(id)).await,
            Change::Everything => {
                self.clone().reload(None).await;
                self.registry.facilities().iter().for_each(|facility| facility.feed().notify());
            }
        }
    }

    /// Looks at members again, until it succeeds: whoever was put out must not stay in because the store was away.
    async fn reload(self: Arc<Self>, only: Option<FacilityId>) {
        loop {
            let hub = self.clone();
            let reloaded = tokio::task::spawn_blocking(move || hub.reload_now(only)).await;
            match reloaded {
                Ok(Ok(())) => break,
                Ok(Err(failure)) => tracing::warn!(%failure, "members cannot be read; trying again"),
                Err(_) => tracing::error!("reading members panicked; trying again"),
            }
            sleep(RETRY).await;
        }
        self.host.membership_changed();
    }

    fn reload_now(&self, only: Option<FacilityId>) -> Result<(), RegistryFailure> {
        self.registry.reload(only)?;
        for facility in self.registry.facilities() {
            if only.is_none_or(|only| only == facility.id())
                && let Err(failure) = facility.feed().recheck()
            {
                tracing::warn!(%failure, "records of unknown signers are looked at later");
            }
        }
        Ok(())
    }

    async fn keep_house(self: Arc<Self>) {
        let mut flush = interval(FLUSH);
        let mut renew = interval(RENEW);
        flush.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = flush.tick() => self.clone().flush().await,
                _ = renew.tick() => self.clone().renew().await,
            }
        }
    }

    async fn flush(self: Arc<Self>) {
        let flushed = tokio::task::spawn_blocking(move || self.registry.flush()).await;
        if let Ok(Err(failure)) = flushed {
            tracing::warn!(%failure, "counters are written down later");
        }
    }

    async fn renew(self: Arc<Self>) {
        let renewed = tokio::task::spawn_blocking(move || self.registry.renew_certificates()).await;
        if let Ok(Err(failure)) = renewed {
            tracing::error!(%failure, "certificates could not be renewed");
        }
    }
}
