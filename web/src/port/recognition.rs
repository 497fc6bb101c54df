//! Recognising a returning card: off unless the site's settings switch it on.

use domain::Timestamp;

/// A card that was read a moment ago, under a random name that is good for some minutes. It says nothing about the card.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CardReadingId(pub String);

/// How recognising stands on this box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecognitionView {
    /// the settings have switched it on
    pub is_on: bool,
    /// tokens that are kept
    pub cards: u32,
    /// of so many patients
    pub patients: u32,
    /// when they were erased, newest first
    pub erasures: Vec<Erasure>,
}

/// All tokens were erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// when
    pub at: Timestamp,
    /// by whom: the name of an account, or the id of a program
    pub by: String,
    /// those of so many patients
    pub patients: u32,
}
