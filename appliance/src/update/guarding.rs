//! Installing and restarting, when window and guards allow it.

use super::agent::Inner;
use super::state::{Offer, Phase};
use super::words;
use crate::schedule::{ClockTrust, Guards, RebootReason, Runs, UpdateLocks, Work, is_impossible};
use domain::Timestamp;
use domain::text::Text;
use std::fs::File;
use sync::update::Outcome;

/// From the beginning of an installation until reception is ready again, with a reserve.
const TAKES_MS: i64 = 45 * 60_000;
/// What passes is looked at again after.
const LOOK_AGAIN_MS: i64 = 60_000;

impl Inner {
    pub(super) fn install_when_allowed(&self, offer: Offer, asked: bool, postponed_ms: Option<i64>) {
        if let Some((why, until)) = self.install_objection(asked, postponed_ms) {
            self.wait(why, until);
            return;
        }
        let data = self.folder.parent().unwrap_or(&self.folder);
        // while this is held nothing else is restarted
        let lock = File::create(data.join(UpdateLocks::OURS))
            .and_then(|file| file.try_lock().map(|()| file).map_err(Into::into));
        let Ok(_held) = lock else {
            let why = Text::new("ほかの更新の最中です。", "Another update is being installed.");
            self.wait(why, self.clock.now().plus_ms(LOOK_AGAIN_MS));
            return;
        };
        let bundle = self.bundle(offer.hash);
        if let Err(refusal) = self.look_at(&bundle) {
            if refusal.is_passing() {
                self.wait(refusal.text(), self.clock.now().plus_ms(LOOK_AGAIN_MS));
            } else {
                self.end(&offer, Outcome::Refused, Some(refusal.text()));
            }
            return;
        }
        if !self.try_change(|state, now| state.enter(Phase::Installing { offer: offer.clone() }, now)) {
            return;
        }
        self.wait_no_longer();
        tracing::warn!(version = %offer.version, "an update is being installed on the other half of the disk");
        match self.installer.install(&bundle) {
            Ok(()) => {
                let (from, boot) = (self.settings.running.0, self.settings.boot.clone());
                self.try_change(|state, now| state.enter(Phase::Restarting { offer, from, boot, asked }, now));
            }
            Err(failure) => self.end(&offer, Outcome::Failed, Some(words::not_installed(&failure.0))),
        }
    }

    /// The program ended while it was installing, or could not write down that it was done. It is installed again: that is harmless.
    pub(super) fn begin_again(&self) {
        let Phase::Installing { offer } = self.state().phase else { return };
        if self.try_change(|state, now| state.enter(Phase::Ready { offer, asked: false, postponed_ms: None }, now)) {
            self.wait(words::interrupted(), self.clock.now().plus_ms(LOOK_AGAIN_MS));
        }
    }

    pub(super) fn restart_when_allowed(&self, asked: bool) {
        if let Some((why, until)) = self.objection(asked, None) {
            self.wait(why, until);
            return;
        }
        if let Err(error) = self.around.worked().keep(&self.folder) {
            self.wait(words::not_kept(&error), self.clock.now().plus_ms(LOOK_AGAIN_MS));
            return;
        }
        self.wait_no_longer();
        if let Err(refused) = self.reboot.reboot(&RebootReason::Update) {
            tracing::error!("{refused}");
            self.wait(refused.text(), self.clock.now().plus_ms(LOOK_AGAIN_MS));
        }
    }

    fn install_objection(&self, asked: bool, postponed_ms: Option<i64>) -> Option<(Text, Timestamp)> {
        let again = self.clock.now().plus_ms(LOOK_AGAIN_MS);
        match self.installer.standing() {
            None => Some((words::no_installer(), again)),
            Some(standing) if !standing.is_proven => Some((words::unproven(), again)),
            Some(_) => self.objection(asked, postponed_ms),
        }
    }

    /// What objects now, and until when at least. Nobody can set the guards away, not even who wants it now.
    fn objection(&self, asked: bool, postponed_ms: Option<i64>) -> Option<(Text, Timestamp)> {
        let now = self.clock.now();
        let (hours, zone) = self.around.hours();
        if !asked {
            let postponed = postponed_ms.map(Timestamp::from_ms).filter(|until| *until > now);
            if let Some(until) = postponed {
                return Some((words::postponed(), until));
            }
            if !self.settings.window.is_open(now, &zone) {
                return Some((words::outside_window(), self.settings.window.next(now, &zone)));
            }
        }
        let free = hours.next_free(now, TAKES_MS, &zone);
        if free != Some(now) {
            return Some((crate::schedule::Reason::ReceptionHours.text(), free.unwrap_or(now.plus_ms(86_400_000))));
        }
        let guards = Guards {
            hours,
            zone,
            doing: self.around.doing(),
            booted_at: self.clock.booted_at(),
            clock: if is_impossible(now) { ClockTrust::Impossible } else { ClockTrust::Sound },
        };
        let objection = guards.objection(Work::RebootBox, &Runs::default(), now);
        objection.map(|(reason, until)| (reason.text(), until))
    }
}
