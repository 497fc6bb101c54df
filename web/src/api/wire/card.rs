//! A card read on request, on the wire.

use super::Text;
use super::code::CertificateWindowCode;
use super::patient::PatientHitShown;
use super::person::Person;
use super::text::{SurfaceDigits, optional};
use super::time::Day;
use crate::api::body::{Form, Place};
use crate::port::{CardSaid, PatientHit};
use domain::Date;
use domain::certificate::window;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a card is read.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardReadForm {
    /// 照合番号B, for name, address, birth date and sex; without it only the certificate is read. Neither kept nor logged.
    pub surface_code: Option<SurfaceDigits>,
    /// somebody agreed to use the last try
    #[serde(default)]
    pub last_try_confirmed: bool,
    /// somebody is being checked in: find out whether the card was here before. Without effect unless the settings of the box
    /// have switched it on
    #[serde(default)]
    pub recognise: bool,
}

/// How a card is to be read.
pub struct Reading {
    /// 14 digits
    pub surface_code: Option<String>,
    /// as it came
    pub last_try_confirmed: bool,
    /// as it came
    pub recognise: bool,
}

impl Form for CardReadForm {
    type Meaning = Reading;

    fn meaning(self, at: &Place<'_>) -> Option<Reading> {
        let place = at.field("surface_code");
        let surface_code = optional(self.surface_code, place.same());
        let fits = |digits: &String| digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit());
        if surface_code.as_ref().is_some_and(|digits| !fits(digits)) {
            place.wrong("format", "14桁の数字です。", "14 digits.");
            return None;
        }
        Some(Reading { surface_code, last_try_confirmed: self.last_try_confirmed, recognise: self.recognise })
    }
}

/// What a card said. Nothing of it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CardSaid)]
pub struct CardShown {
    /// card or phone
    pub token: Text,
    /// last day of the certificate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_expiry: Option<Day>,
    /// where today lies relative to it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_window: Option<CertificateWindowCode>,
    /// a test or practice card
    pub is_test: bool,
    /// whether it may be used at the desk: a test card only in the practice clinic
    pub counts: bool,
    /// the person, when 照合番号B was right
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// tries left for 照合番号B
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u8>,
    /// what could not be read, and why
    pub remarks: Vec<Text>,
    /// for the patient command `remember_card`, when recognising was asked for and is switched on; good for ten minutes
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// patients this card was seen with before: somebody compares and chooses. Several are a mistake of the past
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recognised: Vec<PatientHitShown>,
}

impl CardShown {
    /// What is told of a card on a day.
    pub fn of(said: &CardSaid, counts: bool, recognised: &[PatientHit], on: Date) -> CardShown {
        CardShown {
            token: (&said.token).into(),
            certificate_expiry: said.certificate_expiry.map(Day::of),
            certificate_window: said.certificate_expiry.map(|expiry| CertificateWindowCode(window(expiry, on))),
            is_test: said.is_test,
            counts,
            person: said.person.as_ref().map(Person::from),
            tries_left: said.tries_left,
            remarks: said.remarks.iter().map(Text::from).collect(),
            reading: said.reading.as_ref().map(|reading| reading.0.clone()),
            recognised: recognised.iter().map(PatientHitShown::from).collect(),
        }
    }
}
