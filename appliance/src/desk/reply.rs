//! Where outcomes go: kept until the commit, then sent. Dropping one unsent tells the sender that nothing was kept.

use tokio::sync::oneshot;

/// The way back to a sender.
pub struct Reply<T>(oneshot::Sender<T>);

impl<T> Reply<T> {
    pub(super) fn new(sender: oneshot::Sender<T>) -> Reply<T> {
        Reply(sender)
    }

    /// Sends the outcome; a sender that has gone away does not mind.
    pub(super) fn send(self, outcome: T) {
        let _gone_away_is_fine = self.0.send(outcome);
    }
}
