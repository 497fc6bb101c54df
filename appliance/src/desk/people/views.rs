//! What people looked at: noted together a little later, so that looking costs nobody a wait.

use super::RunningDesk;
use crate::desk::inbox::Input;
use crate::desk::trail;
use crate::store::TrailEntry;
use domain::Timestamp;
use domain::fact::Author;
use std::collections::HashMap;
use std::time::Duration;
use web::port::{Account, Viewed};

/// What is looked at is written down after so long, together.
const VIEWS_WAIT: Duration = Duration::from_secs(5);
/// Looks that wait at most; more are written at once.
const MOST_VIEWS: usize = 200;
/// The same look by the same person counts once in this time.
const SAME_VIEW_MS: i64 = 10 * 60_000;

/// Looks that wait to be written, and those of lately.
#[derive(Default)]
pub(super) struct Views {
    waiting: Vec<TrailEntry>,
    lately: HashMap<(Author, String, Viewed), Timestamp>,
}

impl RunningDesk {
    /// Writes down what was looked at.
    pub(in crate::desk) async fn write_views(&self) {
        let waiting = std::mem::take(&mut self.people.views().waiting);
        if !waiting.is_empty() && self.inbox.send(|reply| Input::Viewed(waiting, reply)).await.is_none() {
            tracing::error!("what people looked at could not be kept");
        }
    }

    /// Somebody looked at something.
    pub(super) fn note_view(&self, by: &Account, what: Viewed) {
        let now = self.clock.now();
        let mut views = self.people.views();
        let key = (by.author.clone(), by.counter.clone(), what);
        let is_fresh = |at: &Timestamp| (0..SAME_VIEW_MS).contains(&now.since_ms(*at));
        if views.lately.get(&key).is_some_and(is_fresh) {
            return;
        }
        if views.lately.len() > 10 * MOST_VIEWS {
            views.lately.retain(|_, at| is_fresh(at));
        }
        let line = trail::looked(by, &key.2);
        views.lately.insert(key, now);
        views.waiting.push(line);
        let (count, desk) = (views.waiting.len(), self.clone());
        drop(views);
        let wait = match count {
            1 => VIEWS_WAIT,
            MOST_VIEWS => Duration::ZERO,
            _ => return,
        };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep(wait).await;
                desk.write_views().await;
            });
        }
    }
}
