//! Who may come in, what they may use, and what they may say beside the feed.

use crate::registry::Registry;
use crate::store::{StoreFailure, facilities, fleet};
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use sync::facility::BoxId;
use sync::feed::FeedFailure;
use sync::feed::https::{Admitted, Reception};
use sync::fleet::{HEARTBEAT, Heartbeat};

/// Lets the boxes of enrolled facilities in, each to its own facility's log.
pub struct FrontDesk(pub Arc<Registry>);

impl Reception for FrontDesk {
    fn admit(&self, certificates: &[CertificateDer<'_>]) -> Option<Admitted> {
        let (peer, facility) = self.0.caller(certificates)?;
        Some(Admitted { peer: peer.id, feed: facility.feed().clone() })
    }

    fn was_put_out(&self, certificates: &[CertificateDer<'_>]) -> bool {
        self.0.was_put_out(certificates)
    }

    fn place(&self, certificates: &[CertificateDer<'_>]) -> Option<Box<dyn Send>> {
        if self.was_put_out(certificates) {
            return Some(Box::new(()));
        }
        let (_, facility) = self.0.caller(certificates)?;
        Some(Box::new(facility.meter().place()?))
    }

    fn spend(&self, caller: BoxId, bytes: u64) -> Result<(), FeedFailure> {
        let facility = self.0.home(caller).ok_or(FeedFailure::NotAMember)?;
        facility.meter().spend(caller, bytes, self.0.clock().date_in_japan())
    }

    fn room(&self, caller: &Admitted) -> Result<(), FeedFailure> {
        let facility = caller.feed.gate().facility();
        let (stored, quota) = self.0.store().read(|sql| facilities::room(sql, facility)).map_err(stored)?;
        if stored >= quota { Err(FeedFailure::Full) } else { Ok(()) }
    }

    fn take_post(&self, caller: &Admitted, path: &str, body: &[u8]) -> Option<Result<(), FeedFailure>> {
        (path == HEARTBEAT).then(|| self.take_heartbeat(caller, body))
    }
}

impl FrontDesk {
    fn take_heartbeat(&self, caller: &Admitted, body: &[u8]) -> Result<(), FeedFailure> {
        let heartbeat = Heartbeat::read(body).ok_or(FeedFailure::Malformed)?;
        let (facility, now) = (caller.feed.gate().facility(), self.0.clock());
        let kept = self.0.store().write(|sql| fleet::keep_heartbeat(sql, facility, caller.peer, &heartbeat, now));
        kept.map_err(stored)
    }
}

fn stored(failure: StoreFailure) -> FeedFailure {
    FeedFailure::Store(failure.into())
}
