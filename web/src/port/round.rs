//! The round of a facility, as the desk shows it.

use super::PatientHit;
use domain::Date;
use domain::fact::VisitId;
use domain::visit::VisitStatus;

/// A facility the site goes round, and who lives there (REQ-54).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundFacility {
    /// its name, as staff wrote it; empty where they wrote none
    pub name: String,
    /// who answered for residents there last
    pub last_helper: Option<String>,
    /// by room
    pub residents: Vec<Resident>,
}

/// One resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// who
    pub patient: PatientHit,
    /// room; empty where none was written
    pub room: String,
    /// last day of the 資格確認書 that was shown last
    pub certificate_until: Option<Date>,
    /// expiry of the card's user certificate
    pub card_until: Option<Date>,
    /// today's check-in, when there is one already
    pub today: Option<(VisitId, VisitStatus)>,
}
