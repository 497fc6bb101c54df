//! Recognising a card that comes again, on the wire.

use super::Text;
use super::time::Instant;
use crate::lang::Lang;
use crate::port::{Erasure, RecognitionView};
use crate::words::RecognitionWords;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How recognising cards stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CardRecognition {
    /// the settings have switched it on
    pub is_on: bool,
    /// cards that would be recognised
    pub cards: u32,
    /// of so many patients
    pub patients: u32,
    /// when everything was erased, newest first
    pub erasures: Vec<CardErasure>,
    /// what to have checked before it is switched on
    pub legal_note: Text,
}

/// Everything cards were recognised by was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CardErasure {
    /// when
    pub at: Instant,
    /// by whom: the name of an account, or the id of a program
    pub by: String,
    /// of so many patients
    pub patients: u32,
}

impl CardRecognition {
    /// What is told of it.
    pub fn of(view: &RecognitionView) -> CardRecognition {
        CardRecognition {
            is_on: view.is_on,
            cards: view.cards,
            patients: view.patients,
            erasures: view.erasures.iter().map(CardErasure::of).collect(),
            legal_note: (&legal_note()).into(),
        }
    }
}

impl CardErasure {
    fn of(erasure: &Erasure) -> CardErasure {
        CardErasure { at: Instant::of(erasure.at), by: erasure.by.clone(), patients: erasure.patients }
    }
}

fn legal_note() -> domain::text::Text {
    domain::text::Text::new(RecognitionWords::of(Lang::Ja).law, RecognitionWords::of(Lang::En).law)
}
