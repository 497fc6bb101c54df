//! The screen and disk of this box while it comes into another facility.

use super::Enrolment;
use super::screen::Asked;
use crate::vault::Vault;
use std::io;
use sync::facility::join::Welcome;
use sync::facility::join::conversation::NewcomerDesk;
use sync::facility::join::handshake::Confirmed;
use sync::facility::join::message::Presentation;
use sync::facility::join::newcomer::{Joined, Pending};
use sync::facility::key_file;
use tokio::sync::oneshot;
use web::port::DigitsOf;

/// Whom this box talks to, until it is in.
pub(super) const PENDING: &str = "joining.key";

/// One conversation.
pub(super) struct NewcomerBox<'a> {
    enrolment: &'a Enrolment,
    begun: Option<oneshot::Sender<()>>,
    asked: Option<(Asked, oneshot::Receiver<bool>)>,
    /// the question stays on the screen until the conversation ends
    standing: Option<Asked>,
}

impl<'a> NewcomerBox<'a> {
    pub fn new(enrolment: &'a Enrolment, begun: oneshot::Sender<()>) -> NewcomerBox<'a> {
        NewcomerBox { enrolment, begun: Some(begun), asked: None, standing: None }
    }
}

impl NewcomerDesk for NewcomerBox<'_> {
    fn show(&mut self, confirmed: &Confirmed) {
        let label = match &confirmed.theirs {
            Presentation::Member { label, .. } => label,
            Presentation::Newcomer { name, .. } => name,
        };
        let digits = confirmed.digits.to_string();
        self.asked = Some(self.enrolment.screen.ask(DigitsOf::OtherFacility, label, digits));
        if let Some(begun) = self.begun.take() {
            // who waited for it may have gone; the question stands on the screen all the same
            let _ = begun.send(());
        }
    }

    fn confirm(&mut self) -> Option<oneshot::Receiver<bool>> {
        let (asked, later) = self.asked.take()?;
        self.standing = Some(asked);
        Some(later)
    }

    fn keep_pending(&mut self, pending: &Pending) -> io::Result<()> {
        key_file::write(&self.enrolment.folder.join(PENDING), &pending.encode())
    }

    fn keep_joined(&mut self, joined: &Joined) -> io::Result<()> {
        let Welcome::Box { statements, grants } = &joined.welcome else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let keys = self.enrolment.vault().read_welcome(joined.facility, statements, grants);
        let entered = keys.and_then(|keys| Vault::enter(&self.enrolment.folder, joined.facility, statements, keys));
        entered.map_err(io::Error::other)?;
        std::fs::remove_file(self.enrolment.folder.join(PENDING))
    }
}
