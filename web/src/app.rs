//! What every handler shares: the desk, the settings, the limits.

use crate::drafts::Drafts;
use crate::error::PageError;
use crate::events::Streams;
use crate::pages::board::Tables;
use crate::port::{Desk, Reading};
use crate::restarts::Restarts;
use crate::settings::WebSettings;
use crate::tablet::TabletRoom;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::sync::Arc;

/// Shared by all handlers.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub desk: Arc<dyn Desk>,
    pub settings: WebSettings,
    pub sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    pub streams: Streams,
    pub restarts: Arc<Restarts>,
    pub drafts: Drafts,
    pub tablets: TabletRoom,
    pub tables: Tables,
}

/// Addresses remembered by the limit on sign-in attempts before the idle ones are forgotten.
const REMEMBERED_ADDRESSES: usize = 1_000;

impl App {
    pub fn new(desk: Arc<dyn Desk>, settings: WebSettings, restarts: Arc<Restarts>) -> App {
        let sign_ins = RateLimiter::keyed(Quota::per_minute(settings.sign_ins_per_minute));
        let streams = Streams::new(settings.streams_per_session);
        let (drafts, tablets) = (Drafts::default(), TabletRoom::default());
        let tables = Tables::default();
        App(Arc::new(Shared { desk, settings, sign_ins, streams, restarts, drafts, tablets, tables }))
    }

    /// Reads from the desk off the asynchronous threads.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Desk) -> Reading<T> + Send + 'static,
    ) -> Result<T, PageError> {
        let desk = self.desk.clone();
        match tokio::task::spawn_blocking(move || read(desk.as_ref())).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(unavailable)) => {
                tracing::error!(error = &unavailable as &dyn std::error::Error, "the desk could not be read");
                Err(PageError::Unavailable)
            }
            Err(_panicked) => Err(PageError::Broken),
        }
    }

    /// Whether one more attempt to sign in is allowed from this address.
    pub fn may_try_sign_in(&self, address: IpAddr) -> bool {
        if self.sign_ins.len() > REMEMBERED_ADDRESSES {
            self.sign_ins.retain_recent();
        }
        self.sign_ins.check_key(&address).is_ok()
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
