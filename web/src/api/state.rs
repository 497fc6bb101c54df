//! What every handler can reach.

use super::problem::{Problem, ProblemKind};
use crate::port::{Desk, Reading, Unavailable};
use crate::restarts::Restarts;
use crate::settings::WebSettings;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Addresses remembered by the limit on sign-in attempts before the idle ones are forgotten.
const REMEMBERED_ADDRESSES: usize = 1_000;
/// Event streams open at once.
const STREAMS_AT_MOST: usize = 64;

/// The desk, and what limits the calls to it.
#[derive(Clone)]
pub struct Api {
    /// the port
    pub desk: Arc<dyn Desk>,
    /// how this site is served
    pub settings: Arc<WebSettings>,
    sign_ins: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    /// event streams
    pub streams: Arc<Semaphore>,
    /// restarts of devices, by key
    pub restarts: Arc<Restarts>,
}

impl Api {
    /// Over this desk.
    pub fn over(desk: Arc<dyn Desk>, settings: WebSettings, restarts: Arc<Restarts>) -> Api {
        Api {
            desk,
            sign_ins: Arc::new(RateLimiter::keyed(Quota::per_minute(settings.sign_ins_per_minute))),
            settings: Arc::new(settings),
            streams: Arc::new(Semaphore::new(STREAMS_AT_MOST)),
            restarts,
        }
    }

    /// Whether one more attempt to sign in is allowed from this address.
    pub fn may_try_sign_in(&self, address: IpAddr) -> bool {
        if self.sign_ins.len() > REMEMBERED_ADDRESSES {
            self.sign_ins.retain_recent();
        }
        self.sign_ins.check_key(&address).is_ok()
    }

    /// Reads from the desk, off the asynchronous threads.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&dyn Desk) -> Reading<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = self.desk.clone();
        match tokio::task::spawn_blocking(move || look(&*desk)).await {
            Ok(reading) => reading.map_err(|unavailable| unreadable(&unavailable)),
            Err(_) => Err(Problem::of(ProblemKind::Internal)),
        }
    }

    /// The same for something that may not be there.
    pub async fn find<T: Send + 'static>(
        &self,
        look: impl FnOnce(&dyn Desk) -> Reading<Option<T>> + Send + 'static,
    ) -> Result<T, Problem> {
        self.read(look).await?.ok_or_else(|| Problem::of(ProblemKind::NotFound))
    }
}

/// Logs why the record could not be read and tells the caller only that.
pub fn unreadable(unavailable: &Unavailable) -> Problem {
    tracing::error!(cause = %unavailable.0, "the record could not be read or written");
    Problem::of(ProblemKind::Unavailable)
}
