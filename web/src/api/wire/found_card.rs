//! Cards that were found, on the wire.

use super::Empty;
use super::code::{FoundPlaceCode, FoundThingCode, GivenToCode, HandedHowCode};
use super::text::{Id, ShortText, SignerName, optional, required, required_id};
use super::time::{Day, Instant};
use crate::api::body::{Form, Place};
use crate::port::{FoundCardCommand, FoundCardItem};
use domain::fact::PatientId;
use domain::found_card::{
    CardFound, CardGivenAway, CardHandedBack, FoundByMistake, FoundCardCommand as Step, FoundCardId, OwnerCalled,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Cards that were found at the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FoundCards)]
pub struct FoundCardsShown {
    /// those the site holds, the oldest first, then those settled lately
    pub cards: Vec<FoundCardShown>,
}

/// One card that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FoundCard)]
pub struct FoundCardShown {
    /// its id
    pub card: String,
    /// the site holds it
    pub is_held: bool,
    /// on which day it was found
    pub day: Day,
    /// what
    pub thing: FoundThingCode,
    /// where
    pub place: FoundPlaceCode,
    /// where exactly
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// by whom
    pub found_by: String,
    /// whose it is
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// how often the owner was called
    pub calls: u32,
    /// the owner knows
    pub is_owner_told: bool,
    /// handed back
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_back: Option<HandedBackShown>,
    /// given to an office
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_away: Option<GivenAwayShown>,
    /// why the entry was a mistake
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistake: Option<String>,
    /// when it was settled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Instant>,
}

/// To whom a card was handed back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HandedBack)]
pub struct HandedBackShown {
    /// to whom
    pub to: String,
    /// how that person was identified
    pub how: HandedHowCode,
    /// by whom
    pub by: String,
}

/// To which office a card was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = GivenAway)]
pub struct GivenAwayShown {
    /// to which
    pub to: GivenToCode,
    /// on which day
    pub on: Day,
    /// by whom
    pub by: String,
    /// number of the receipt
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

impl FoundCardsShown {
    /// What is told of them.
    pub fn of(items: &[FoundCardItem]) -> FoundCardsShown {
        FoundCardsShown { cards: items.iter().map(FoundCardShown::from).collect() }
    }
}

impl From<&FoundCardItem> for FoundCardShown {
    fn from(item: &FoundCardItem) -> FoundCardShown {
        let (state, found) = (&item.state, &item.state.found);
        FoundCardShown {
            card: item.card.to_string(),
            is_held: state.is_open(),
            day: Day::of(found.day),
            thing: FoundThingCode(found.thing),
            place: FoundPlaceCode(found.place),
            detail: found.detail.clone(),
            found_by: found.found_by.clone(),
            owner: state.owner.as_ref().map(ToString::to_string),
            calls: state.calls,
            is_owner_told: state.is_owner_told,
            handed_back: state.handed_back.as_ref().map(|back| HandedBackShown {
                to: back.to.clone(),
                how: HandedHowCode(back.how),
                by: back.by.clone(),
            }),
            given_away: state.given_away.as_ref().map(|given| GivenAwayShown {
                to: GivenToCode(given.to),
                on: Day::of(given.on),
                by: given.by.clone(),
                receipt: given.receipt.clone(),
            }),
            mistake: state.mistake.clone(),
            settled_at: state.settled_at.map(Instant::of),
        }
    }
}

/// Something about a card that was found: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundCardForm {
    /// enter one
    Enter(EnterFoundForm),
    /// something was done with one
    Change(ChangeFoundForm),
}

/// A card to be entered. No number of it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterFoundForm {
    /// on which day
    pub day: Day,
    /// what
    pub thing: FoundThingCode,
    /// where
    pub place: FoundPlaceCode,
    /// where exactly
    pub detail: Option<ShortText>,
    /// by whom
    pub found_by: SignerName,
    /// the patient whose it is, as far as known
    pub owner: Option<Id>,
}

/// A card, and what was done with it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeFoundForm {
    /// its id
    pub card: Id,
    /// what
    pub step: FoundStepForm,
}

/// What was done with a card: an object with exactly one field.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundStepForm {
    /// it is known whose it is
    Owner(OwnerForm),
    /// the owner was told by phone
    Told(Empty),
    /// the owner was called and did not answer
    NotReached(Empty),
    /// it was handed back
    HandedBack(HandBackForm),
    /// it was given to an office
    GivenAway(GiveAwayForm),
    /// it was entered by mistake
    Mistake(MistakeForm),
}

/// Whose it is.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnerForm {
    /// which patient
    pub patient: Id,
}

/// To whom it was handed back.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandBackForm {
    /// to whom
    pub to: SignerName,
    /// how that person was identified
    pub how: HandedHowCode,
    /// by whom
    pub by: SignerName,
}

/// To which office it was given.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveAwayForm {
    /// to which
    pub to: GivenToCode,
    /// on which day
    pub on: Day,
    /// by whom
    pub by: SignerName,
    /// number of the receipt
    pub receipt: Option<ShortText>,
}

/// Why the entry was a mistake.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MistakeForm {
    /// why, in a few words
    pub reason: ShortText,
}

impl Form for FoundCardForm {
    type Meaning = FoundCardCommand;

    fn meaning(self, at: &Place<'_>) -> Option<FoundCardCommand> {
        Some(match self {
            FoundCardForm::Enter(form) => {
                let at = at.field("enter");
                let owner = form.owner.map(|owner| required_id(owner, at.field("owner")));
                let day = form.day.checked(at.field("day"));
                let detail = optional(form.detail, at.field("detail"));
                let found_by = required(form.found_by, at.field("found_by"));
                FoundCardCommand::Enter(Box::new(CardFound {
                    day: day?,
                    thing: form.thing.0,
                    place: form.place.0,
                    detail,
                    found_by: found_by?,
                    owner: owner.map(|owner| owner.map(PatientId::new)).map_or(Some(None), |owner| owner.map(Some))?,
                }))
            }
            FoundCardForm::Change(form) => {
                let at = at.field("change");
                let card = FoundCardId::new(required_id(form.card, at.field("card"))?);
                FoundCardCommand::Change { card, command: form.step.meaning(&at.field("step"))? }
            }
        })
    }
}

impl FoundStepForm {
    fn meaning(self, at: &Place<'_>) -> Option<Step> {
        Some(match self {
            FoundStepForm::Owner(form) => {
                Step::NameOwner(PatientId::new(required_id(form.patient, at.field("owner").field("patient"))?))
            }
            FoundStepForm::Told(Empty {}) => Step::Call(OwnerCalled { is_reached: true }),
            FoundStepForm::NotReached(Empty {}) => Step::Call(OwnerCalled { is_reached: false }),
            FoundStepForm::HandedBack(form) => {
                let at = at.field("handed_back");
                let (to, by) = (required(form.to, at.field("to")), required(form.by, at.field("by")));
                Step::HandBack(CardHandedBack { to: to?, how: form.how.0, by: by? })
            }
            FoundStepForm::GivenAway(form) => {
                let at = at.field("given_away");
                let (on, by) = (form.on.checked(at.field("on")), required(form.by, at.field("by")));
                let receipt = optional(form.receipt, at.field("receipt"));
                Step::GiveAway(CardGivenAway { to: form.to.0, on: on?, by: by?, receipt })
            }
            FoundStepForm::Mistake(form) => {
                Step::Mistake(FoundByMistake { reason: required(form.reason, at.field("mistake").field("reason"))? })
            }
        })
    }
}
