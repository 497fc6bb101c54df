//! Who may come in, what they may use, and what they may say beside the feed.

use crate::registry::Registry;
use crate::rollout::offered;
use crate::store::{StoreFailure, facilities, fleet, updates};
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use sync::feed::FeedFailure;
use sync::feed::https::{Admitted, Reception};
use sync::fleet::{HEARTBEAT, Heartbeat};
use sync::update::{ASK, Answer, Asking, PIECE, PieceWanted, read_question};

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

    /// On the account of the facility it calls for: a box may belong to two, and anybody can admit another one's box to his own.
    fn spend(&self, caller: &Admitted, bytes: u64) -> Result<(), FeedFailure> {
        let facility = self.0.facility(caller.feed.gate().facility()).ok_or(FeedFailure::NotAMember)?;
        facility.meter().spend(caller.peer, bytes, self.0.clock().date_in_japan())
    }

    fn room(&self, caller: &Admitted) -> Result<(), FeedFailure> {
        let facility = caller.feed.gate().facility();
        let (stored, quota) = self.0.store().read(|sql| facilities::room(sql, facility)).map_err(stored)?;
        if stored >= quota { Err(FeedFailure::Full) } else { Ok(()) }
    }

    fn take_post(&self, caller: &Admitted, path: &str, body: &[u8]) -> Option<Result<(), FeedFailure>> {
        (path == HEARTBEAT).then(|| self.take_heartbeat(caller, body))
    }

    fn answer_post(&self, caller: &Admitted, path: &str, body: &[u8]) -> Option<Result<Vec<u8>, FeedFailure>> {
        match path {
            ASK => Some(self.offer_update(caller, body)),
            PIECE => Some(self.give_piece(body)),
            _ => None,
        }
    }
}

impl FrontDesk {
    fn take_heartbeat(&self, caller: &Admitted, body: &[u8]) -> Result<(), FeedFailure> {
        let heartbeat = Heartbeat::read(body).ok_or(FeedFailure::Malformed)?;
        let (facility, now) = (caller.feed.gate().facility(), self.0.clock());
        let kept = self.0.store().write(|sql| fleet::keep_heartbeat(sql, facility, caller.peer, &heartbeat, now));
        kept.map_err(stored)
    }

    /// What a box says of its version is kept; what is meant for it is answered.
    fn offer_update(&self, caller: &Admitted, body: &[u8]) -> Result<Vec<u8>, FeedFailure> {
        let asking: Asking = read_question(body).ok_or(FeedFailure::Malformed)?;
        let (facility, now) = (caller.feed.gate().facility(), self.0.clock());
        let answered = self.0.store().write(|sql| {
            updates::heard(sql, facility, caller.peer, &asking, now)?;
            let wish = updates::wish_for(sql, facility, Some(caller.peer))?;
            Ok(offered(&updates::bundles(sql)?, &wish, caller.peer, &asking))
        });
        let offer = answered.map_err(stored)?.filter(|_| self.0.bundles().is_some());
        serde_json::to_vec(&Answer { offer }).map_err(|_| FeedFailure::Malformed)
    }

    /// Bundles are signed and for everybody: any member may have any of them.
    fn give_piece(&self, body: &[u8]) -> Result<Vec<u8>, FeedFailure> {
        let wanted: PieceWanted = read_question(body).ok_or(FeedFailure::Malformed)?;
        let bundles = self.0.bundles().ok_or(FeedFailure::Malformed)?;
        bundles.piece(wanted.hash, wanted.from).map_err(|error| stored(StoreFailure::File(error)))
    }
}

fn stored(failure: StoreFailure) -> FeedFailure {
    FeedFailure::Store(failure.into())
}
