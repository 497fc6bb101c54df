//! Cards that were found, of the desk in memory.

use super::record::{Outcome, Record};
use domain::fact::{Author, FactId, Recorded};
use domain::found_card::{FoundCardFact, FoundCardId, FoundCardState};
use domain::text::Text;
use std::collections::BTreeMap;
use web::port::{FoundCardCommand, FoundCardItem, Saved, SubmitError};

/// What this desk keeps of them.
pub type FoundCards = BTreeMap<FoundCardId, Vec<Recorded<FoundCardFact>>>;

fn refused((at, why): (&'static str, Text)) -> SubmitError {
    match at {
        "card" => SubmitError::StateChanged(why),
        at => SubmitError::Refused { at: at.to_owned(), why },
    }
}

impl Record {
    pub fn found_card_items(&self) -> Vec<FoundCardItem> {
        let item = |(card, facts): (&FoundCardId, &Vec<Recorded<FoundCardFact>>)| {
            let state = FoundCardState::fold(facts.clone()).expect("found");
            let owner =
                state.owner.as_ref().and_then(|owner| self.patient_state(owner).map(|state| self.hit(owner, state)));
            FoundCardItem { card: card.clone(), state, owner }
        };
        let mut items: Vec<FoundCardItem> = self.found_cards.iter().map(item).collect();
        items.sort_by_key(|item| !item.state.is_open());
        items
    }

    pub fn cards_held(&self) -> u32 {
        self.found_card_items().iter().filter(|item| item.state.is_open()).count() as u32
    }

    pub(super) fn change_found_cards(&mut self, by: &Author, command: FoundCardCommand) -> Outcome {
        let today = self.now.date_in_japan();
        let (card, fact) = match command {
            FoundCardCommand::Enter(found) => {
                let found = found.checked(today).map_err(refused)?;
                (FoundCardId::new(self.next_id("card")), FoundCardFact::Found(found))
            }
            FoundCardCommand::Change { card, command } => {
                let facts = self.found_cards.get(&card).cloned().unwrap_or_default();
                let state = FoundCardState::fold(facts).ok_or(SubmitError::NotFound("card"))?;
                (card, state.command(command, today).map_err(refused)?)
            }
        };
        let id = FactId::new(self.next_id("fact"));
        let recorded = Recorded { id, at: self.now, by: by.clone(), fact };
        self.found_cards.entry(card.clone()).or_default().push(recorded);
        Ok(Saved { about: Some(card.to_string()), ..self.saved() })
    }
}
