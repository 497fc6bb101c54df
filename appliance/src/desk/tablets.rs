//! Tablets for patients: every change is durable before it is answered, and those that people make stand in the trail.

use super::RunningDesk;
use super::inbox::PeopleDeclined;
use crate::devices::built_in_guides;
use crate::staff;
use crate::store::{Stored, TrailEntry, Writing};
use domain::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use web::port::{
    Account, Pending, ReaderGuide, Reading, SessionToken, Tablet, TabletChange, TabletForm, Tablets, Unavailable,
};

impl Tablets for RunningDesk {
    fn tablets(&self) -> Reading<Vec<Tablet>> {
        self.read(|reading| reading.tablets())
    }

    fn tablet_of(&self, token: &SessionToken) -> Reading<Option<Tablet>> {
        let token_hash = staff::token_hash(&token.0);
        self.read(|reading| reading.tablet_by_token(&token_hash))
    }

    fn forms(&self) -> Reading<Vec<TabletForm>> {
        self.read(|reading| reading.tablet_forms())
    }

    fn change(&self, by: &Account, change: TabletChange) -> Pending<'_, Result<bool, Unavailable>> {
        let by = by.clone();
        Box::pin(async move {
            let was_so = Arc::new(AtomicBool::new(false));
            let told = was_so.clone();
            let kept = self.write_people(move |writing, now| {
                let kept = keep(writing, &change, now)?;
                if let Some(line) = line(&by, &change).filter(|_| kept) {
                    writing.keep_trail(&line, now)?;
                }
                told.store(kept, Ordering::Release);
                Ok(())
            });
            match kept.await {
                Ok(()) => Ok(was_so.load(Ordering::Acquire)),
                Err(PeopleDeclined::Unavailable(why)) => Err(why),
                Err(PeopleDeclined::Store(error)) => Err(Unavailable(Box::new(error))),
                Err(PeopleDeclined::Refused(..)) => Ok(false),
            }
        })
    }

    fn guides(&self) -> Vec<ReaderGuide> {
        let watched = self.devices.as_ref().map(|devices| devices.guides()).unwrap_or_default();
        if watched.is_empty() { built_in_guides() } else { watched }
    }
}

/// Writes it; `false` when things are no longer so.
fn keep(writing: &Writing<'_>, change: &TabletChange, now: Timestamp) -> Stored<bool> {
    match change {
        TabletChange::Pair(tablet, token) => {
            writing.pair_tablet(tablet, &staff::token_hash(&token.0))?;
            Ok(true)
        }
        TabletChange::Unpair(tablet) => writing.unpair_tablet(tablet),
        TabletChange::Call(tablet) => writing.call_from_tablet(tablet, Some(now)),
        TabletChange::Answer(tablet) => writing.call_from_tablet(tablet, None),
        TabletChange::Hand(form) => writing.hand_to_tablet(form),
        TabletChange::Keep(form) => writing.keep_tablet_form(form, now),
        TabletChange::PutAway(visit) => writing.put_tablet_form_away(visit),
        TabletChange::Drop(visit) => writing.drop_tablet_form(visit),
    }
}

/// What the trail says of it; a page turned by the patient is no line of its own.
fn line(by: &Account, change: &TabletChange) -> Option<TrailEntry> {
    let (what, visit, detail) = match change {
        TabletChange::Pair(tablet, _) => ("tablet-paired", None, tablet.name.clone()),
        TabletChange::Unpair(tablet) => ("tablet-unpaired", None, tablet.clone()),
        TabletChange::Hand(form) => ("tablet-handed", Some(&form.visit), form.form_no.clone()),
        TabletChange::PutAway(visit) => ("tablet-put-away", Some(visit), String::new()),
        TabletChange::Drop(visit) => ("tablet-ended", Some(visit), String::new()),
        TabletChange::Call(_) | TabletChange::Answer(_) | TabletChange::Keep(_) => return None,
    };
    Some(TrailEntry {
        what,
        author: by.author.as_str().to_owned(),
        counter: by.counter.clone(),
        visit: visit.map(ToString::to_string),
        detail,
        ..TrailEntry::default()
    })
}
