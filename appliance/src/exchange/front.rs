//! Who calls, and who answered.

use super::Standings;
use crate::store::PlaceRow;
use crate::vault::Vault;
use rustls::pki_types::CertificateDer;
use std::net::SocketAddr;
use std::sync::Arc;
use sync::facility::certificate::{claimed_owner, good_until};
use sync::feed::Feed;
use sync::feed::FeedFailure;
use sync::feed::https::{Admitted, Identify, Reception};
use sync::seal::BoxId;
use tokio::sync::mpsc;

/// Tells members by the certificate that TLS has accepted.
pub(super) struct Front {
    pub vault: Arc<Vault>,
    pub feed: Arc<Feed>,
    pub standings: Arc<Standings>,
    /// where members said that they are
    pub told: mpsc::Sender<PlaceRow>,
}

/// Where a box says at which address it is called itself: `192.168.1.21:8444`. Then both can call, whichever of them is cut off first.
pub(super) const PLACE: &str = "/boxes/v1/place";

impl Identify for Front {
    fn member(&self, certificates: &[CertificateDer<'_>]) -> Option<BoxId> {
        let (id, facility) = claimed_owner(certificates.first()?)?;
        let known = facility == self.vault.facility() && self.vault.membership().member(id).is_some();
        if let Some(ends) = certificates.first().and_then(good_until).filter(|_| known) {
            self.standings.note_certificate(id, ends);
        }
        known.then_some(id)
    }
}

impl Reception for Front {
    fn admit(&self, certificates: &[CertificateDer<'_>]) -> Option<Admitted> {
        Some(Admitted { peer: self.member(certificates)?, feed: self.feed.clone() })
    }

    fn take_post(&self, caller: &Admitted, path: &str, body: &[u8]) -> Option<Result<(), FeedFailure>> {
        if path != PLACE {
            return None;
        }
        let place = std::str::from_utf8(body).ok().and_then(|text| text.parse::<SocketAddr>().ok());
        let place =
            place.filter(|place| place.port() > 0 && !place.ip().is_unspecified() && !place.ip().is_multicast());
        Some(place.ok_or(FeedFailure::Malformed).map(|place| {
            let (host, port) = (place.ip().to_string(), place.port());
            // when so many are waiting, it is said again with the next connection
            let _ = self.told.try_send(PlaceRow { peer: caller.peer, host, port, told: true });
        }))
    }

    fn was_put_out(&self, certificates: &[CertificateDer<'_>]) -> bool {
        let claimed = certificates.first().and_then(claimed_owner);
        claimed.is_some_and(|(id, facility)| facility == self.vault.facility() && self.vault.membership().put_out(id))
    }
}
