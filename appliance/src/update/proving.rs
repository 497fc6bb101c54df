//! After the restart: does the new version run, and does it do what the one before did?

use super::agent::{Agent, Inner};
use super::state::{Offer, Phase};
use super::words;
use super::worked::Worked;
use sync::update::Outcome;

impl Agent {
    /// What worked before the update and does not now; nothing unless a new version is being judged. The service that judges asks for
    /// this with the health of the reception: while anything stands here, the version is not good.
    pub fn missing(&self) -> Vec<&'static str> {
        match self.0.state().phase {
            Phase::Proving { .. } => Worked::before(&self.0.folder).missing(&self.0.around.worked()),
            _ => Vec::new(),
        }
    }
}

impl Inner {
    /// At the start of the program: what the restart brought.
    pub(super) fn take_up(&self) -> std::io::Result<()> {
        let running = self.settings.running.0;
        match self.state().phase {
            Phase::Restarting { offer, from, boot, .. } if boot != self.settings.boot => {
                if running == offer.version {
                    self.change(|state, now| state.enter(Phase::Proving { offer, from }, now))?;
                } else {
                    self.end(&offer, Outcome::Returned, Some(words::returned()));
                }
            }
            Phase::Proving { offer, .. } if running != offer.version => {
                self.end(&offer, Outcome::Returned, Some(words::returned()));
            }
            Phase::Installing { .. } => self.begin_again(),
            _ => {}
        }
        Ok(())
    }

    /// The version is good when the service that judges has said so to the boot loader.
    pub(super) fn judge(&self, offer: &Offer) {
        match self.installer.standing() {
            Some(standing) if standing.is_proven => self.end(offer, Outcome::Proven, None),
            Some(_) => self.wait(words::unproven(), self.clock.now().plus_ms(60_000)),
            None => self.wait(words::no_installer(), self.clock.now().plus_ms(60_000)),
        }
    }
}
