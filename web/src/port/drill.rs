//! Drills: staff practise an outage in an invented clinic beside the real one.

use super::{Account, Pending};
use domain::Timestamp;
use domain::text::Text;

/// A drill that is under way.
#[derive(Clone, PartialEq, Eq)]
pub struct DrillView {
    /// since when
    pub since: Timestamp,
    /// who began it
    pub by: String,
    /// when it ends by itself
    pub ends_at: Timestamp,
    /// where its pages are: this port of the same machine
    pub port: u16,
    /// its pages are encrypted, as those of the box are
    pub is_encrypted: bool,
    /// name to sign in with, in the drill only
    pub account: String,
    /// password to sign in with, in the drill only; made anew for each
    pub password: String,
}

/// Drills of this box. A drill is a clinic of its own with invented people, its own record and a simulated terminal; nothing done in
/// it reaches the record of this box, and the end of it takes all of it away.
pub trait Drill: Send + Sync {
    /// The drill that is under way.
    fn state(&self) -> Option<DrillView>;
    /// Begins one; returns when its pages are there. When one is under way already, that one is used.
    fn begin(&self, by: &Account) -> Pending<'_, Result<(), Text>>;
    /// Ends it, and deletes everything in it. When none is under way, nothing happens.
    fn end(&self, by: &Account) -> Pending<'_, Result<(), Text>>;
}
