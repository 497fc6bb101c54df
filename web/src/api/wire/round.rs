//! The round of a facility, on the wire.

use super::code::VisitStatusCode;
use super::patient::PatientHitShown;
use super::time::Day;
use crate::port::{Resident, RoundFacility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The facilities the site goes round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FacilityRounds)]
pub struct FacilityRoundsShown {
    /// by name
    pub facilities: Vec<RoundFacilityShown>,
}

/// A facility with its residents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundFacility)]
pub struct RoundFacilityShown {
    /// the first word of the place written at the visits there; empty where none was
    pub name: String,
    /// who answered for residents there last
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_helper: Option<String>,
    /// by room
    pub residents: Vec<ResidentShown>,
}

/// One resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Resident)]
pub struct ResidentShown {
    /// who
    pub patient: PatientHitShown,
    /// room; empty where none was written
    pub room: String,
    /// last day of the 資格確認書 that was shown last
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Day>,
    /// expiry of the card's user certificate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_until: Option<Day>,
    /// today's check-in
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<RoundVisitShown>,
}

/// A resident's check-in of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoundVisit)]
pub struct RoundVisitShown {
    /// its id
    pub visit: String,
    /// where it stands
    pub status: VisitStatusCode,
}

impl FacilityRoundsShown {
    /// What is told of them.
    pub fn of(facilities: &[RoundFacility]) -> FacilityRoundsShown {
        FacilityRoundsShown { facilities: facilities.iter().map(RoundFacilityShown::from).collect() }
    }
}

impl From<&RoundFacility> for RoundFacilityShown {
    fn from(facility: &RoundFacility) -> RoundFacilityShown {
        RoundFacilityShown {
            name: facility.name.clone(),
            last_helper: facility.last_helper.clone(),
            residents: facility.residents.iter().map(ResidentShown::from).collect(),
        }
    }
}

impl From<&Resident> for ResidentShown {
    fn from(resident: &Resident) -> ResidentShown {
        ResidentShown {
            patient: PatientHitShown::from(&resident.patient),
            room: resident.room.clone(),
            certificate_until: resident.certificate_until.map(Day::of),
            card_until: resident.card_until.map(Day::of),
            today: resident
                .today
                .as_ref()
                .map(|(visit, status)| RoundVisitShown { visit: visit.to_string(), status: VisitStatusCode(*status) }),
        }
    }
}
