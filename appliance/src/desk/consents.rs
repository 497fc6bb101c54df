//! Consents given from afar: entered, compared with the terminal's list, arrived, ended.

use super::work::{Declined, Work};
use crate::store::{DocumentId, Loaded};
use domain::fact::{Author, VisitId};
use domain::remote_consent::{ConsentEntered, ConsentFact, ConsentId, ConsentSeen, ConsentState, IdentityChecked};
use domain::text::Text;
use domain::waiting::short_words;
use web::port::ConsentCommand;

impl Work<'_> {
    /// Does what somebody wants with a consent; its id.
    pub(super) fn command_consents(&mut self, by: &Author, command: ConsentCommand) -> Result<String, Declined> {
        let consent = match command {
            ConsentCommand::Enter(entered) => self.enter_consent(by, *entered)?,
            ConsentCommand::See { consent, on_list } => {
                self.change_consent(by, &consent, |_| Ok(ConsentFact::Seen(ConsentSeen { on_list })))?;
                consent
            }
            ConsentCommand::End { consent, why } => {
                self.change_consent(by, &consent, |state| state.end(why).map_err(Declined::StateChanged))?;
                consent
            }
        };
        Ok(consent.to_string())
    }

    fn enter_consent(&mut self, by: &Author, entered: ConsentEntered) -> Result<ConsentId, Declined> {
        entered.check(self.now).map_err(|(at, why)| refused(at, why))?;
        let place = entered.place.as_deref().map_or(Ok(None), short_words).map_err(|why| refused("place", why))?;
        let consent = ConsentId::new(self.new_id());
        let mut document = Loaded::new(&DocumentId::Consent(consent.clone()), self.author);
        self.append(&mut document, by, vec![ConsentFact::Entered(ConsentEntered { place, ..entered })])?;
        self.project_consent(&consent)?;
        Ok(consent)
    }

    /// The patient of a consent was checked in.
    pub(super) fn consent_arrived(
        &mut self,
        by: &Author,
        consent: &ConsentId,
        visit: &VisitId,
        identity: Option<IdentityChecked>,
    ) -> Result<(), Declined> {
        let visit = visit.clone();
        self.change_consent(by, consent, |state| state.arrive(visit, identity).map_err(|(at, why)| refused(at, why)))
    }

    fn change_consent(
        &mut self,
        by: &Author,
        consent: &ConsentId,
        fact: impl FnOnce(&ConsentState) -> Result<ConsentFact, Declined>,
    ) -> Result<(), Declined> {
        let (mut document, facts) = self.load::<ConsentFact>(&DocumentId::Consent(consent.clone()))?;
        let Some(state) = ConsentState::fold(facts) else { return Err(Declined::NotFound("consent")) };
        self.append(&mut document, by, vec![fact(&state)?])?;
        self.project_consent(consent)
    }

    fn project_consent(&mut self, consent: &ConsentId) -> Result<(), Declined> {
        let (_, facts) = self.load::<ConsentFact>(&DocumentId::Consent(consent.clone()))?;
        match ConsentState::fold(facts) {
            Some(state) => Ok(self.writing.project_consent(consent, &state)?),
            None => Ok(()),
        }
    }
}

fn refused(at: &str, why: Text) -> Declined {
    Declined::Refused { at: at.to_owned(), why }
}
