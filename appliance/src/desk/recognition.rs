//! Cards that may be recognised: remembered when staff said whose they are, forgotten when somebody wants it.

use super::patient::OpenPatient;
use super::work::{Declined, Work};
use domain::fact::Author;
use domain::patient::{CardRemembered, CardsForgotten, PatientFact};
use domain::text::Text;
use web::port::CardReadingId;

impl Work<'_> {
    /// What is to be remembered of the card of this reading.
    pub(super) fn card_shown(&self, reading: &CardReadingId) -> Result<PatientFact, Declined> {
        let card = self.recognition.shown(reading, self.now).ok_or_else(|| {
            Declined::refused(
                "reading",
                "読み取ったカードの情報はもうありません。受付には影響しません。覚えるには、もう一度カードを読んでください。",
                "That reading of a card is no longer there. The check-in is not affected; to have the card remembered, read it again.",
            )
        })?;
        Ok(PatientFact::CardRemembered(CardRemembered { token: card.token, reader: card.reader }))
    }

    /// Erases what all cards are recognised by. The key is destroyed before the commit: should the commit fail, the tokens that are
    /// left lead nowhere, and erasing can be asked for again.
    pub(super) fn erase_card_tokens(&mut self, by: &Author) -> Result<(), Declined> {
        let patients = self.writing.reading().patients_with_cards()?;
        for patient in &patients {
            match self.patient(patient) {
                Ok(patient) => self.forget_cards(patient, by)?,
                Err(Declined::Store(error)) => return Err(error.into()),
                Err(_) => {} // its document cannot be read; its keys go below, and the key makes the rest meaningless
            }
        }
        self.writing.drop_card_keys()?;
        self.writing.keep_erasure(by, u32::try_from(patients.len()).unwrap_or(u32::MAX), self.now)?;
        self.recognition.destroy_key().map_err(|unusable| {
            tracing::error!(%unusable, "the key of card recognition could not be destroyed");
            Declined::Refused {
                at: String::new(),
                why: Text::new(
                    "カードの目印を作る鍵を消せませんでした。何も消していません。技術担当に連絡してください。",
                    "The key that marks cards could not be destroyed. Nothing was erased. Tell the technician.",
                ),
            }
        })
    }

    fn forget_cards(&mut self, mut patient: OpenPatient, by: &Author) -> Result<(), Declined> {
        let forgotten = PatientFact::CardsForgotten(CardsForgotten { everywhere: true });
        self.add_patient_facts(&mut patient, by, vec![forgotten])
    }
}

/// Whether a patient's record says it already: the same card is remembered once.
pub(super) fn is_told_already(patient: &OpenPatient, fact: &PatientFact) -> bool {
    match fact {
        PatientFact::CardRemembered(remembered) => patient.state.card_tokens.contains(&remembered.token),
        PatientFact::CardsForgotten(_) => patient.state.card_tokens.is_empty(),
        _ => false,
    }
}
