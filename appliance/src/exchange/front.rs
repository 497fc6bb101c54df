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
use sync::seal::{BoxId, Role};
use tokio::sync::mpsc;

/// Tells members by the certificate that TLS has accepted.
pub(super) struct Front {
    pub vault: Arc<Vault>,
    pub feed: Arc<Feed>,
    pub standings: Arc<Standings>,
    /// where members said that they are
    pub told: mpsc::Sender<PlaceRow>,
}

/// Where a box says at which address a hub is called: its id, a space, host and port.
pub(super) const HUB_PLACE: &str = "/boxes/v1/hub";
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
        let said = std::str::from_utf8(body).ok();
        let place = match path {
            PLACE => said.and_then(|said| own_place(caller.peer, said)),
            HUB_PLACE => said.and_then(|said| self.hub_place(said)),
            _ => return None,
        };
        Some(place.ok_or(FeedFailure::Malformed).map(|place| {
            // when so many are waiting, it is said again with the next connection
            let _ = self.told.try_send(place);
        }))
    }

    fn was_put_out(&self, certificates: &[CertificateDer<'_>]) -> bool {
        let claimed = certificates.first().and_then(claimed_owner);
        claimed.is_some_and(|(id, facility)| facility == self.vault.facility() && self.vault.membership().put_out(id))
    }
}

impl Front {
    /// A hub of this facility, as another box reaches it.
    fn hub_place(&self, said: &str) -> Option<PlaceRow> {
        let (id, place) = said.split_once(' ')?;
        let peer = BoxId::from_hex(id)?;
        let membership = self.vault.membership();
        membership.member(peer).filter(|member| member.introduction.role() == Role::Hub)?;
        let (host, port) = crate::enrolment::place(place).ok()?;
        Some(PlaceRow { peer, host, port, told: true })
    }
}

fn own_place(peer: BoxId, said: &str) -> Option<PlaceRow> {
    let place: SocketAddr = said.parse().ok()?;
    let is_one = place.port() > 0 && !place.ip().is_unspecified() && !place.ip().is_multicast();
    is_one.then(|| PlaceRow { peer, host: place.ip().to_string(), port: place.port(), told: true })
}
