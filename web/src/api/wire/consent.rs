//! Consents given from afar on the wire.

use super::code::{ConsentDeviceCode, ConsentEndCode, ConsentHeardCode, EvidenceKindCode, FlowCode};
use super::person::PersonForm;
use super::text::{Id, SignerName, optional, required_id};
use super::time::{Day, Instant, optional_day};
use crate::api::body::{Form, Place};
use crate::port::{ConsentCommand, ConsentItem};
use domain::Timestamp;
use domain::remote_consent::{ConsentEntered, ConsentId, ConsentTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Consents given from afar that somebody still waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RemoteConsents)]
pub struct ConsentsShown {
    /// the oldest first
    pub consents: Vec<ConsentShown>,
}

/// One consent given from afar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RemoteConsent)]
pub struct ConsentShown {
    /// its id
    pub consent: String,
    /// name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// kana
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<String>,
    /// birth date
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Day>,
    /// when it was given
    pub consented_at: Instant,
    /// until when medical data can be seen; absent = until it is taken back
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_until: Option<Instant>,
    /// it has run out
    pub is_over: bool,
    /// by web or app
    pub way: EvidenceKindCode,
    /// on whose device
    pub device: ConsentDeviceCode,
    /// where the patient is received
    pub flow: FlowCode,
    /// the terminal's list shows it
    pub received: bool,
    /// the check-ins that began from it
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<String>,
}

impl ConsentsShown {
    /// What is told of them at a moment.
    pub fn of(items: &[ConsentItem], now: Timestamp) -> ConsentsShown {
        ConsentsShown { consents: items.iter().map(|item| ConsentShown::of(item, now)).collect() }
    }
}

impl ConsentShown {
    fn of(item: &ConsentItem, now: Timestamp) -> ConsentShown {
        let (state, entered) = (&item.state, &item.state.entered);
        let until = entered.consented_at.plus_ms(domain::remote_consent::COUNTS_MS);
        ConsentShown {
            consent: item.consent.to_string(),
            name: entered.person.name.clone(),
            name_kana: entered.person.name_kana.clone(),
            birth_date: entered.person.birth_date.map(Day::of),
            consented_at: Instant::of(entered.consented_at),
            counts_until: (!entered.continues()).then(|| Instant::of(until)),
            is_over: state.time(now) == ConsentTime::Over,
            way: EvidenceKindCode(entered.way),
            device: ConsentDeviceCode(entered.device),
            flow: FlowCode(entered.flow),
            received: state.received,
            visits: state.visits.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Something about a consent: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentForm {
    /// enter one
    Enter(Box<EnterConsentForm>),
    /// the terminal's list shows it, or still does not
    See(SeeConsentForm),
    /// it counts for nothing any more
    End(EndConsentForm),
}

/// A consent to be entered.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterConsentForm {
    /// who gave it
    pub person: PersonForm,
    /// when it was given
    pub consented_at: Instant,
    /// `HOME_CONSENT_WEB` or `HOME_CONSENT_APP`
    pub way: EvidenceKindCode,
    /// on whose device
    pub device: ConsentDeviceCode,
    /// where the patient is received; not at the window
    pub flow: FlowCode,
    /// from where it is known
    pub heard: ConsentHeardCode,
    /// the day the visit is planned for
    pub planned_on: Option<Day>,
    /// number plate, parking place, address
    pub place: Option<SignerName>,
}

/// What the terminal's list shows.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeeConsentForm {
    /// its id
    pub consent: Id,
    /// it stands on the list
    pub on_list: bool,
}

/// A consent that counts for nothing any more.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndConsentForm {
    /// its id
    pub consent: Id,
    /// why
    pub why: ConsentEndCode,
}

impl Form for ConsentForm {
    type Meaning = ConsentCommand;

    fn meaning(self, at: &Place<'_>) -> Option<ConsentCommand> {
        Some(match self {
            ConsentForm::Enter(form) => {
                let at = at.field("enter");
                let person = form.person.meaning(&at.field("person"))?;
                let planned_on = optional_day(&form.planned_on, at.field("planned_on"));
                let consented_at = form.consented_at.checked(at.field("consented_at"))?;
                ConsentCommand::Enter(Box::new(ConsentEntered {
                    person,
                    consented_at,
                    way: form.way.0,
                    device: form.device.0,
                    flow: form.flow.0,
                    heard: form.heard.0,
                    planned_on,
                    place: optional(form.place, at.field("place")),
                }))
            }
            ConsentForm::See(form) => {
                let consent = ConsentId::new(required_id(form.consent, at.field("see").field("consent"))?);
                ConsentCommand::See { consent, on_list: form.on_list }
            }
            ConsentForm::End(form) => {
                let consent = ConsentId::new(required_id(form.consent, at.field("end").field("consent"))?);
                ConsentCommand::End { consent, why: form.why.0 }
            }
        })
    }
}
