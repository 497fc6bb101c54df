//! Cards that were found at the site: entered, owner called, handed back or given to an office.

use super::work::{Declined, Work};
use crate::store::{DocumentId, Loaded};
use domain::fact::{Author, PatientId};
use domain::found_card::{CardFound, FoundCardCommand as Step, FoundCardFact, FoundCardId, FoundCardState};
use domain::text::Text;
use web::port::{FoundCardCommand, Saved};

impl Work<'_> {
    /// Does what somebody wants with a card that was found.
    pub(super) fn command_found_cards(
        &mut self,
        by: &Author,
        command: FoundCardCommand,
        saved: &mut Saved,
    ) -> Result<(), Declined> {
        let (card, state) = match command {
            FoundCardCommand::Enter(found) => self.enter_found_card(by, *found)?,
            FoundCardCommand::Change { card, command } => self.change_found_card(by, card, command)?,
        };
        self.writing.project_found_card(&card, &state)?;
        saved.patient = state.owner;
        saved.about = Some(card.to_string());
        Ok(())
    }

    fn enter_found_card(&mut self, by: &Author, found: CardFound) -> Result<(FoundCardId, FoundCardState), Declined> {
        let found = found.checked(self.now.date_in_japan()).map_err(refused)?;
        let owner = found.owner.as_ref().map(|owner| self.owner_on_file(owner)).transpose()?;
        let card = FoundCardId::new(self.new_id());
        let mut document = Loaded::new(&DocumentId::FoundCard(card.clone()), self.author);
        self.append(&mut document, by, vec![FoundCardFact::Found(CardFound { owner, ..found })])?;
        self.found_card(card)
    }

    fn change_found_card(
        &mut self,
        by: &Author,
        card: FoundCardId,
        command: Step,
    ) -> Result<(FoundCardId, FoundCardState), Declined> {
        let (mut document, facts) = self.load::<FoundCardFact>(&DocumentId::FoundCard(card.clone()))?;
        let Some(state) = FoundCardState::fold(facts) else { return Err(Declined::NotFound("card")) };
        let command = match command {
            Step::NameOwner(owner) => Step::NameOwner(self.owner_on_file(&owner)?),
            other => other,
        };
        let fact = state.command(command, self.now.date_in_japan()).map_err(refused)?;
        self.append(&mut document, by, vec![fact])?;
        self.found_card(card)
    }

    fn owner_on_file(&self, owner: &PatientId) -> Result<PatientId, Declined> {
        Ok(self.remaining_patient(owner)?.id)
    }

    fn found_card(&self, card: FoundCardId) -> Result<(FoundCardId, FoundCardState), Declined> {
        let (_, facts) = self.load::<FoundCardFact>(&DocumentId::FoundCard(card.clone()))?;
        let state = FoundCardState::fold(facts).ok_or(Declined::NotFound("card"))?;
        Ok((card, state))
    }
}

fn refused((at, why): (&'static str, Text)) -> Declined {
    if at == "card" { Declined::StateChanged(why) } else { Declined::Refused { at: at.to_owned(), why } }
}
