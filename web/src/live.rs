//! What every live stream tells: that there is a newer revision, that the session has ended, and nothing else.

use crate::closing::Closing;
use crate::port::{Activity, Desk, SessionToken, Stage};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A session that ends by itself is noticed after so long; one that somebody ends, at once.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// What a stream says next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// the newest revision
    Revision(u64),
    /// something is new at the devices or among the scanned codes; their own count
    Devices(u64),
    /// something is new at the other boxes or the hub; their own count
    Facility(u64),
    /// the session has ended; the stream ends with it
    SignedOut,
}

/// One number for everything a page shows: it counts up with every commit and with everything new at the devices.
pub fn mark(desk: &dyn Desk) -> u64 {
    let devices = desk.devices().map_or(0, |devices| *devices.changes().borrow());
    let facility = desk.facility().map_or(0, |facility| *facility.changes().borrow());
    *desk.revisions().borrow() + devices + facility
}

/// A listener at the desk, as long as its session is good.
pub struct Live {
    desk: Arc<dyn Desk>,
    revisions: watch::Receiver<u64>,
    devices: Option<watch::Receiver<u64>>,
    facility: Option<watch::Receiver<u64>>,
    closing: Closing,
    session: Option<SessionToken>,
    is_over: bool,
}

impl Live {
    /// Listens; the present revision is told at once. Without a session (a program with its token) nothing is looked at anew.
    pub fn new(desk: Arc<dyn Desk>, closing: Closing, session: Option<SessionToken>) -> Live {
        let mut revisions = desk.revisions();
        revisions.mark_changed();
        let devices = desk.devices().map(|devices| devices.changes());
        let facility = desk.facility().map(|facility| facility.changes());
        Live { desk, revisions, devices, facility, closing, session, is_over: false }
    }

    /// The mark of what a page would show now.
    pub fn mark(&self) -> u64 {
        mark(self.desk.as_ref())
    }

    /// What there is to tell next. The end when the session ended, the box closes, or the desk is gone.
    pub async fn next(&mut self) -> Option<Told> {
        while !self.is_over {
            let told = tokio::select! {
                changed = self.revisions.changed() => {
                    changed.ok()?;
                    Some(Told::Revision(*self.revisions.borrow_and_update()))
                }
                count = news(&mut self.devices) => Some(Told::Devices(count)),
                count = news(&mut self.facility) => Some(Told::Facility(count)),
                () = tokio::time::sleep(LOOK_EVERY) => None,
                () = self.closing.wait() => return None,
            };
            if !self.is_signed_in().await? {
                self.is_over = true;
                return Some(Told::SignedOut);
            }
            if told.is_some() {
                return told;
            }
        }
        None
    }

    /// `None` when the desk cannot say: the stream ends, and the page asks again.
    async fn is_signed_in(&self) -> Option<bool> {
        let Some(token) = self.session.clone() else { return Some(true) };
        let desk = self.desk.clone();
        let look = tokio::task::spawn_blocking(move || desk.session(&token, Activity::Page));
        let session = look.await.ok()?.ok()?;
        // a locked counter shows nothing new either
        Some(session.is_some_and(|session| session.stage == Stage::Open))
    }
}

/// Waits for the next change there; for ever where nothing is watched, or no longer.
async fn news(watched: &mut Option<watch::Receiver<u64>>) -> u64 {
    if let Some(changes) = watched
        && changes.changed().await.is_ok()
    {
        return *changes.borrow_and_update();
    }
    std::future::pending().await
}
