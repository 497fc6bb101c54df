//! Checkpoints: what the log holds is copied into the database in quiet moments, beside the writer, so that no check-in waits for it.

use super::log_room::LogRoom;
use super::{StoreLocation, Stored};
use rusqlite::Connection;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// So long without a commit is a quiet moment.
const QUIET: Duration = Duration::from_millis(200);
/// So long, and nobody is at the desk: there is time for what only makes the next hour quicker.
const LONG_QUIET: Duration = Duration::from_secs(3);

/// Copies the log, on a thread of its own. Dropping it waits until the thread has closed its connection.
pub struct Checkpointer {
    commits: Arc<Commits>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Opens a connection and starts the thread. Without a thread the writer copies by itself when the log has become long.
    pub fn start(location: &StoreLocation) -> Stored<Checkpointer> {
        let connection = location.open_beside_the_writer()?;
        let room = LogRoom::of(location.log());
        let commits = Arc::new(Commits::default());
        let counted = commits.clone();
        let thread = std::thread::Builder::new().name("checkpointer".to_owned());
        let thread = thread.spawn(move || work_when_quiet(&connection, room, &counted)).ok();
        Ok(Checkpointer { commits, thread })
    }

    /// Takes note of a commit.
    pub fn committed(&self) {
        self.commits.add_one();
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.commits.end();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the checkpointer ended in a panic");
        }
    }
}

/// A passive checkpoint waits for nobody and lets nobody wait; what it cannot copy now the next one copies.
fn work_when_quiet(connection: &Connection, mut room: LogRoom, commits: &Commits) {
    let mut copied = 0;
    loop {
        let mut still = LONG_QUIET;
        while room.is_lacking() && commits.stay_still(copied, still) {
            room.make_some(connection);
            still = Duration::ZERO;
        }
        let Some(count) = commits.wait_for_quiet(copied) else { return };
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the log was not copied; nothing is lost, it grows"
            );
        }
        copied = count;
    }
}

/// Commits as the writer counts them.
#[derive(Default)]
struct Commits {
    counted: Mutex<Counted>,
    changed: Condvar,
}

#[derive(Default)]
struct Counted {
    commits: u64,
    someone_rests: bool,
    ended: bool,
}

impl Commits {
    /// Wakes the thread only when it rests: in a busy hour the writer pays for no wake-ups.
    fn add_one(&self) {
        let Ok(mut counted) = self.counted.lock() else { return };
        counted.commits += 1;
        if std::mem::take(&mut counted.someone_rests) {
            self.changed.notify_one();
        }
    }

    fn end(&self) {
        if let Ok(mut counted) = self.counted.lock() {
            counted.ended = true;
            self.changed.notify_one();
        }
    }

    /// Waits so long, at most until there is another commit than these, or the end. Whether there was neither.
    fn stay_still(&self, copied: u64, so_long: Duration) -> bool {
        let Ok(mut counted) = self.counted.lock() else { return false };
        counted.someone_rests = true;
        let waited = self.changed.wait_timeout_while(counted, so_long, |now| now.commits == copied && !now.ended);
        waited.is_ok_and(|(counted, _)| counted.commits == copied && !counted.ended)
    }

    /// Waits until there were more commits than these, and then none for a while. Says how many there were; `None` at the end.
    fn wait_for_quiet(&self, copied: u64) -> Option<u64> {
        let mut counted = self.counted.lock().ok()?;
        counted.someone_rests = counted.commits == copied;
        counted = self.changed.wait_while(counted, |now| now.commits == copied && !now.ended).ok()?;
        let mut seen = copied;
        while counted.commits != seen && !counted.ended {
            seen = counted.commits;
            (counted, _) = self.changed.wait_timeout_while(counted, QUIET, |now| !now.ended).ok()?;
        }
        (!counted.ended).then_some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_is_noticed_after_commits_and_the_end_at_once() {
        let commits = Commits::default();
        commits.add_one();
        commits.add_one();
        assert_eq!(commits.wait_for_quiet(0), Some(2));
        commits.end();
        assert_eq!(commits.wait_for_quiet(2), None, "nothing new, and the end");
        commits.add_one();
        assert_eq!(commits.wait_for_quiet(2), None, "something new, and the end");
    }

    #[test]
    fn stillness_ends_with_a_commit_and_with_the_end() {
        let commits = Commits::default();
        assert!(commits.stay_still(0, Duration::from_millis(1)));
        commits.add_one();
        assert!(!commits.stay_still(0, Duration::from_secs(3600)), "a commit was made meanwhile");
        assert!(commits.stay_still(1, Duration::ZERO));
        commits.end();
        assert!(!commits.stay_still(1, Duration::from_secs(3600)), "nothing more comes");
    }
}
