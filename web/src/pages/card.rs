//! The card step, wherever a form may be filled in from a card: the reader, the numbers of the card face, what was said.

mod remembering;
mod step;

pub use remembering::{remember_card, unremembered};
pub use step::CardStep;

use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Typed, take_surface_code};
use crate::port::{CardQuestion, CardReadingId, CardSaid, Devices, DevicesView};
use domain::Date;
use domain::eligibility::PersonFace;
use domain::era::kanji_form;
use domain::text::Text;
use domain::visit::{CardSeen, VisitCommand};

/// Hidden in a form that was filled in from a card.
const CARD_EXPIRY: &str = "card_expiry";
const CARD_BIRTH: &str = "card_birth";
const CARD_READING: &str = "card_reading";

/// What a card is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReadFor {
    /// somebody is being checked in: the card may be recognised, where the site has switched that on
    CheckIn,
    /// the declaration of a patient who is known already: the card may be remembered, where the site has switched that on
    Declaration,
    /// a test: nothing of it is kept
    Test,
}

/// A card that was asked for.
pub struct CardRead {
    /// which reader
    pub device: String,
    /// what it said, or why nothing
    pub said: Result<CardSaid, Text>,
    /// a card of the practice clinic, inside it; any other test card counts nowhere
    pub is_believed: bool,
    tries_left: Option<u8>,
}

/// Asks the reader named in the form, or the only one. `None` when the numbers of the card face cannot be right: the
/// complaints stand in the form then.
pub async fn read(app: &App, typed: &mut Typed, reason: ReadFor) -> Result<Option<CardRead>, PageError> {
    let devices = app.desk.devices().ok_or(PageError::NotFound)?;
    let device = reader_of(&devices.view(), typed.value("reader")).ok_or(PageError::NotFound)?;
    let last_try_confirmed = typed.is_ticked(LAST_TRY.name);
    typed.forget(LAST_TRY.name);
    let surface_code = take_surface_code(typed);
    if !typed.is_fine() {
        return Ok(None);
    }
    let with_code = surface_code.is_some();
    let recognise = reason != ReadFor::Test;
    let question = CardQuestion { device: device.clone(), surface_code, last_try_confirmed, recognise };
    let said = devices.read_card(question).await;
    let tries_left = match &said {
        Ok(said) => said.tries_left,
        Err(_) if with_code => look_at_counter(devices.as_ref(), &device).await,
        Err(_) => None,
    };
    let is_believed = said.as_ref().is_ok_and(|said| !said.is_test || app.desk.practice().is_some());
    Ok(Some(CardRead { device, said, is_believed, tries_left }))
}

/// After a refusal the counter is read without presenting anything: it costs no try (my-number-card §14 rule 4).
async fn look_at_counter(devices: &dyn Devices, device: &str) -> Option<u8> {
    let device = device.to_owned();
    let question = CardQuestion { device, surface_code: None, last_try_confirmed: false, recognise: false };
    devices.read_card(question).await.ok()?.tries_left
}

fn reader_of(view: &DevicesView, named: &str) -> Option<String> {
    let mut readers =
        view.devices.iter().filter(|device| device.reads_cards && (named.is_empty() || device.device == named));
    readers.next().map(|reader| reader.device.clone())
}

impl CardRead {
    /// Writes what the card said into the form; what it did not say stays as it was typed. A card that counts nowhere
    /// writes nothing.
    pub fn fill(&self, typed: &mut Typed) {
        let Some(said) = self.said.as_ref().ok().filter(|_| self.is_believed) else { return };
        let person = said.person.as_ref().unwrap_or(&PersonFace::EMPTY);
        let values = [
            (NAME.name, person.name.clone()),
            (BIRTH_DATE.name, person.birth_date.map(kanji_form)),
            (SEX.name, person.sex.map(|sex| sex.code().to_owned())),
            (ADDRESS.name, person.address.clone()),
            (CARD_EXPIRY, said.certificate_expiry.map(|day| day.to_string())),
            (CARD_BIRTH, person.birth_date.map(|day| day.to_string())),
            (NOTE_CARD.name, said.certificate_expiry.map(|_| "yes".to_owned())),
            (CARD_READING, said.reading.as_ref().map(|reading| reading.0.clone())),
            (REMEMBER_CARD.name, said.reading.as_ref().map(|_| "yes".to_owned())),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                typed.set(name, value);
            }
        }
    }

    /// The person, when the card counts and said who it is.
    pub fn person(&self) -> Option<&PersonFace> {
        self.said.as_ref().ok().filter(|_| self.is_believed)?.person.as_ref()
    }

    /// By this the card can be recognised, where it counts and that is switched on.
    pub fn reading(&self) -> Option<&CardReadingId> {
        self.said.as_ref().ok().filter(|_| self.is_believed)?.reading.as_ref()
    }
}

/// What is to be noted of the card that was read into this form.
pub fn card_seen(typed: &Typed) -> Option<VisitCommand> {
    let expiry = Date::parse(typed.value(CARD_EXPIRY)).filter(|_| typed.is_ticked(NOTE_CARD.name))?;
    Some(VisitCommand::NoteCard(CardSeen { certificate_expiry: Some(expiry), registered: None }))
}

/// The card that was read into this form, when it is to be recognised next time.
fn card_to_remember(typed: &Typed) -> Option<CardReadingId> {
    let reading = typed.value(CARD_READING);
    (typed.is_ticked(REMEMBER_CARD.name) && !reading.is_empty()).then(|| CardReadingId(reading.to_owned()))
}

/// The birth date on the card that was read into this form.
pub fn card_birth(typed: &Typed) -> Option<Date> {
    Date::parse(typed.value(CARD_BIRTH))
}

/// Forgets the card that was read into this form.
pub fn forget_card(typed: &mut Typed) {
    let names = [CARD_EXPIRY, CARD_BIRTH, CARD_READING, NOTE_CARD.name, REMEMBER_CARD.name];
    names.into_iter().for_each(|name| typed.forget(name));
}
