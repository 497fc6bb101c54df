//! How sessions begin, and how far they have come.

use super::{PeopleDeclined, RunningDesk, second_factor_due};
use crate::desk::account::{IDLE_MS, LONGEST_MS};
use crate::staff;
use crate::store::{NewSession, SessionRow, StaffRow, TrailEntry, Writing, may_be_in};
use domain::Timestamp;
use domain::fact::Author;
use web::port::{Account, Activity, Policy, Reading, Session, SessionToken, SignInRefused, Stage};

/// A session about to begin.
pub(in crate::desk) struct Begin {
    /// what the trail says
    pub what: &'static str,
    /// whose
    pub author: String,
    /// where
    pub counter: String,
    /// the second factor is still to come; the trail says nothing yet
    pub awaits_code: bool,
    /// the session that ends with it
    pub replaces: Option<[u8; 32]>,
    /// more for the trail
    pub detail: String,
}

impl Begin {
    pub(super) fn new(what: &'static str, staff: &StaffRow, counter: String) -> Begin {
        let author = staff.author.clone();
        Begin { what, author, counter, awaits_code: false, replaces: None, detail: String::new() }
    }
}

impl RunningDesk {
    /// Begins a session under a fresh token, together with what must hold for it.
    pub(super) async fn begin(
        &self,
        begin: Begin,
        first: impl FnOnce(&Writing<'_>, Timestamp) -> Result<(), PeopleDeclined> + Send + 'static,
    ) -> Result<Session, SignInRefused> {
        let (token, csrf) = staff::new_tokens()?;
        let Begin { what, author, counter, awaits_code, replaces, detail } = begin;
        let token_hash = staff::token_hash(&token);
        let session = NewSession { token_hash, author: author.clone(), csrf, counter: counter.clone(), awaits_code };
        let kept = self.write_people(move |writing, now| {
            first(writing, now)?;
            writing.close_old_sessions(now.plus_ms(-IDLE_MS), now.plus_ms(-LONGEST_MS))?;
            if let Some(old) = replaces {
                writing.close_session(&old)?;
            }
            writing.open_session(&session, now)?;
            if !awaits_code {
                let line = TrailEntry { what, author, counter, detail, ..TrailEntry::default() };
                writing.keep_trail(&line, now)?;
            }
            Ok(())
        });
        kept.await.map_err(|_| staff::not_now())?;
        let (desk, token) = (self.clone(), SessionToken(token));
        let opened = tokio::task::spawn_blocking(move || desk.session_of(&token, Activity::Person)).await;
        opened.ok().and_then(Result::ok).flatten().ok_or_else(staff::not_now)
    }

    /// The session behind a token, and how far it has come.
    pub(in crate::desk) fn session_of(&self, token: &SessionToken, by: Activity) -> Reading<Option<Session>> {
        let (now, hash) = (self.clock.now(), staff::token_hash(&token.0));
        let Some((row, policy)) = self.read(|reading| {
            let row = reading.session(&hash)?;
            Ok(row.zip(Some(reading.policy()?)))
        })?
        else {
            return Ok(None);
        };
        let seen = self.people.seen_at(&hash).map_or(row.seen_at, |seen| seen.max(row.seen_at));
        let is_alive = now.since_ms(seen) < IDLE_MS && now.since_ms(row.created_at) < LONGEST_MS;
        if !is_alive || row.staff.is_locked || !may_be_in(row.staff.role, row.staff.window, now) {
            return Ok(None);
        }
        let stage = stage(&row, &policy, seen, now);
        if by == Activity::Person && matches!(stage, Stage::Open | Stage::Incomplete) {
            self.people.note_seen(hash, now);
            if now.since_ms(row.seen_at) > staff::TOUCH_EVERY_MS {
                self.touch(hash);
            }
        }
        let due = second_factor_due(&row.staff, &policy);
        let SessionRow { staff, csrf, counter, look, .. } = row;
        Ok(Some(Session {
            account: Account { counter, ..Account::new(Author::new(staff.author), staff.name) },
            token: token.clone(),
            csrf,
            role: staff.role,
            stage,
            second_factor_by: due,
            look,
        }))
    }
}

fn stage(row: &SessionRow, policy: &Policy, seen: Timestamp, now: Timestamp) -> Stage {
    let lock_after_ms = i64::from(policy.lock_minutes) * 60_000;
    let is_left = lock_after_ms > 0 && now.since_ms(seen) >= lock_after_ms;
    let is_due = second_factor_due(&row.staff, policy).is_some_and(|due| due <= now);
    if row.awaits_code {
        Stage::Code
    } else if row.is_locked || is_left {
        Stage::Locked
    } else if row.staff.has_first_password || is_due {
        Stage::Incomplete
    } else {
        Stage::Open
    }
}
