//! Notifications of the file system, which only ever shorten the wait for the next look.

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Watches the folders the terminal writes to.
#[derive(Default)]
pub(super) struct Watch {
    woken: Arc<Notify>,
    watcher: Mutex<Option<RecommendedWatcher>>,
}

impl Watch {
    /// Starts watching if nothing is watched. Failure is no harm: the poll interval remains.
    pub(super) fn ensure<'a>(&self, folders: impl Iterator<Item = &'a Path>) {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if watcher.is_some() {
            return;
        }
        let woken = Arc::clone(&self.woken);
        let started = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| may_be_an_arrival(&event)) {
                woken.notify_one();
            }
        });
        let Ok(mut started) = started else { return };
        for folder in folders {
            if started.watch(folder, RecursiveMode::NonRecursive).is_err() {
                return;
            }
        }
        *watcher = Some(started);
    }

    /// Stops watching; folders that went away come back as others.
    pub(super) fn let_go(&self) {
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Completes when something was written.
    pub(super) async fn woken(&self) {
        self.woken.notified().await;
    }
}

/// A finished file: closed after writing, or renamed into the folder. Creation alone is the beginning of one, and our own
/// reading must not wake us.
fn may_be_an_arrival(event: &Event) -> bool {
    let finished = matches!(
        event.kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both))
    );
    finished || event.need_rescan()
}
