//! Cards that were found at the site, as the desk shows them.

use super::PatientHit;
use domain::found_card::{CardFound, FoundCardCommand as Step, FoundCardId, FoundCardState};

/// One card that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCardItem {
    /// its id
    pub card: FoundCardId,
    /// how it stands
    pub state: FoundCardState,
    /// whose it is, as far as the record knows the patient
    pub owner: Option<PatientHit>,
}

/// Something about cards that were found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FoundCardCommand {
    /// enter one
    Enter(Box<CardFound>),
    /// something was done with one
    Change {
        /// which
        card: FoundCardId,
        /// what
        command: Step,
    },
}
