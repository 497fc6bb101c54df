//! What is looked after now and then: certificates, budgets and lags written down, questions of boxes that are gone.

use super::{GONE_AFTER_MS, Inner};
use crate::desk::{FeedInput, Input};
use crate::store::{PlaceRow, UseRow};
use crate::vault::chance;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use sync::seal::BoxId;
use tokio::sync::mpsc;

/// How often.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

impl Inner {
    pub(super) async fn keep_house(self: Arc<Self>) {
        let mut changed = self.vault.changed();
        let mut tick = tokio::time::interval(HOUSEKEEPING);
        self.follow_members().await;
        loop {
            tokio::select! {
                _ = changed.changed() => self.follow_members().await,
                _ = tick.tick() => {}
                () = self.now.notified() => {}
            }
            self.renew_certificate();
            self.keep_uses().await;
            self.adopt().await;
            self.announce_again();
        }
    }

    /// A certificate is made anew long before its end. Lines that stand go on; the next one is opened with the new certificate.
    fn renew_certificate(&self) {
        match chance().map(|mut chance| self.doors.renew(self.desk.clock().now(), &mut chance)) {
            Ok(Ok(true)) => self.renewed.send_modify(|count| *count = count.wrapping_add(1)),
            Ok(Ok(false)) => {}
            Ok(Err(error)) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the certificate could not be renewed");
            }
            Err(error) => tracing::error!(%error, "the certificate could not be renewed"),
        }
    }

    /// Of the boxes that are alive, the one with the smallest id takes over what a silent one was to ask.
    pub(super) async fn adopt(&self) {
        let now = self.desk.clock().now();
        let alive = |id: BoxId| self.vault.heard_at(id).unwrap_or(self.since).plus_ms(GONE_AFTER_MS) > now;
        let others = self.vault.other_boxes();
        let is_mine_to_do = self.vault.is_member() && others.iter().all(|(id, _)| !alive(*id) || *id > self.vault.id());
        if !is_mine_to_do {
            return;
        }
        let elsewhere = self.desk.readers().read(|reading| reading.jobs_elsewhere()).unwrap_or_default();
        for row in elsewhere.into_iter().filter(|row| !alive(row.owner)) {
            let adopted = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Adopt(row.question, reply))).await;
            if !matches!(adopted, Some(Ok(()))) {
                tracing::warn!("a question of another box could not be taken over; tried again");
            }
        }
    }

    /// What was known before a restart.
    pub(super) fn restore(&self) {
        let uses = self.desk.readers().read(|reading| reading.feed_uses()).unwrap_or_default();
        for UseRow { peer, calling, used } in uses {
            if calling { self.standings.note_use(peer, used) } else { self.host.restore_use(peer, used) }
        }
        self.standings
            .restore_behind(self.desk.readers().read(|reading| reading.exchange_behind()).unwrap_or_default());
        self.read_places();
    }

    /// Where members are, as it is written down.
    pub(super) fn read_places(&self) {
        if let Ok(places) = self.desk.readers().read(|reading| reading.exchange_places()) {
            *self.known_places.write().unwrap_or_else(PoisonError::into_inner) = places;
        }
    }

    /// Members say where they are called.
    pub(super) async fn hear_places(self: Arc<Self>, mut told: mpsc::Receiver<PlaceRow>) {
        while let Some(place) = told.recv().await {
            if self.places_of(place.peer).contains(&(place.host.clone(), place.port)) {
                continue;
            }
            let kept = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Place(place, reply))).await;
            if matches!(kept, Some(Ok(()))) {
                self.read_places();
                self.now.notify_waiters();
            }
        }
    }

    /// A restart does not give anybody a second budget, nor does it make young what has waited long.
    pub(super) async fn keep_uses(&self) {
        let mut uses = Vec::new();
        for standing in self.standings.all() {
            let hosted = self.host.use_today(standing.peer);
            uses.extend(hosted.map(|used| UseRow { peer: standing.peer, calling: false, used }));
        }
        uses.extend(self.standings.uses().into_iter().map(|(peer, used)| UseRow { peer, calling: true, used }));
        if !uses.is_empty() && self.standings.uses_changed(&uses) {
            let kept = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Uses(uses, reply))).await;
            if !matches!(kept, Some(Ok(()))) {
                tracing::warn!("what was used of the byte budget could not be written down");
            }
        }
        if let Some(behind) = self.standings.behind_to_write() {
            let kept = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Behind(behind, reply))).await;
            if !matches!(kept, Some(Ok(()))) {
                tracing::warn!("who lacks something since when could not be written down");
            }
        }
    }
}
