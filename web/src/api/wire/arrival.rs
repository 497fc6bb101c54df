//! Counters, the waiting line and remote consents on the wire.

use super::Empty;
use super::check_in::is_id;
use super::code::{
    ConsentDeviceCode, ConsentEndCode, ConsentHeardCode, CounterKindCode, EvidenceKindCode, FlowCode, ParkReasonCode,
    TicketStatusCode,
};
use super::person::PersonForm;
use super::text::{Counter as CounterName, Id, ShortText, SignerName, optional, required};
use super::time::{Day, Instant, optional_day};
use crate::api::body::{Form, Place};
use crate::port::{
    ConsentCommand, ConsentItem, CounterCommand, CounterItem, CountersView, LineCommand, LineItem, counter_of_nobody,
};
use domain::Timestamp;
use domain::counter::{Counter, CounterId};
use domain::remote_consent::{ConsentEntered, ConsentId, ConsentTime};
use domain::waiting::{TicketCommand, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The counters of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Counters)]
pub struct CountersShown {
    /// in the order they were made
    pub counters: Vec<CounterShown>,
    /// the letter this box hands out numbers under; absent before its first number
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<String>,
}

/// One counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Counter)]
pub struct CounterShown {
    /// its id
    pub counter: String,
    /// its name
    pub name: String,
    /// its kind
    pub kind: CounterKindCode,
    /// where patients are received there
    pub flow: FlowCode,
    /// a face reader stands there
    pub has_reader: bool,
    /// the evidence of the lawful steps for a patient with a card, in order
    pub offers: Vec<EvidenceKindCode>,
}

impl From<&CountersView> for CountersShown {
    fn from(view: &CountersView) -> CountersShown {
        CountersShown { counters: view.all.iter().map(CounterShown::from).collect(), letter: view.letter.clone() }
    }
}

impl From<&CounterItem> for CounterShown {
    fn from(item: &CounterItem) -> CounterShown {
        let counter = &item.counter;
        CounterShown {
            counter: counter.id.to_string(),
            name: counter.name.clone(),
            kind: CounterKindCode(counter.kind),
            flow: FlowCode(counter.kind.flow()),
            has_reader: counter.has_reader,
            offers: item.steps.iter().filter_map(|step| step.evidence).map(EvidenceKindCode).collect(),
        }
    }
}

/// Something about the counters: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CounterForm {
    /// make one, or change one
    Set(CounterSetForm),
    /// it is not used any more
    Remove(CounterIdForm),
}

/// A counter to be made or changed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterSetForm {
    /// its id; absent = a new one
    pub counter: Option<Id>,
    /// its name
    pub name: CounterName,
    /// its kind
    pub kind: CounterKindCode,
    /// a face reader stands there
    #[serde(default)]
    pub has_reader: bool,
}

/// A counter.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterIdForm {
    /// its id
    pub counter: Id,
}

impl Form for CounterForm {
    type Meaning = CounterCommand;

    fn meaning(self, at: &Place<'_>) -> Option<CounterCommand> {
        Some(match self {
            CounterForm::Set(form) => {
                let at = at.field("set");
                let id = optional(form.counter, at.field("counter"));
                let id = CounterId::new(id.unwrap_or_else(|| CounterCommand::NEW.to_owned()));
                let name = required(form.name, at.field("name"))?;
                CounterCommand::Set(Box::new(Counter { id, name, kind: form.kind.0, has_reader: form.has_reader }))
            }
            CounterForm::Remove(form) => {
                let id = needed(form.counter, at.field("remove").field("counter"))?;
                CounterCommand::Remove(CounterId::new(id))
            }
        })
    }
}

fn needed(id: Id, at: Place<'_>) -> Option<String> {
    let id = required(id, at.same())?;
    if !is_id(&id) {
        at.wrong("format", "IDの形ではありません。", "This is no id.");
        return None;
    }
    Some(id)
}

/// Today's waiting numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Line)]
pub struct LineShown {
    /// in the order they were taken
    pub numbers: Vec<NumberShown>,
}

/// One waiting number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WaitingNumber)]
pub struct NumberShown {
    /// its id
    pub number: String,
    /// what is called out
    pub label: String,
    /// whom to call
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// where it stands
    pub status: TicketStatusCode,
    /// when it was taken
    pub taken_at: Instant,
    /// since when it stands there
    pub since: Instant,
    /// the counters it is called to; two when boxes that could not reach each other called it both
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called_to: Vec<String>,
    /// why it waits aside
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ParkReasonCode>,
    /// the check-ins that began from it
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<String>,
}

impl LineShown {
    /// What is told of the line.
    pub fn of(items: &[LineItem]) -> LineShown {
        LineShown { numbers: items.iter().map(NumberShown::of).collect() }
    }
}

impl NumberShown {
    fn of(item: &LineItem) -> NumberShown {
        let state = &item.state;
        NumberShown {
            number: item.ticket.to_string(),
            label: state.label.clone(),
            name: state.name.clone(),
            status: TicketStatusCode(state.status),
            taken_at: Instant::of(state.taken_at),
            since: Instant::of(state.since),
            called_to: state.called_to.clone(),
            reason: state.reason.map(ParkReasonCode),
            visits: state.visits.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Something about the line: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineForm {
    /// hand out the next number
    Take(TakeForm),
    /// call the first number that waits
    CallNext(AtCounterForm),
    /// something about one number
    Number(NumberForm),
}

/// A number to be handed out.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeForm {
    /// whom to call; may be left out
    pub name: Option<SignerName>,
    /// at which counter
    pub counter: Option<CounterName>,
}

/// At a counter.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AtCounterForm {
    /// which
    pub counter: CounterName,
}

/// One number, and what happens to it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberForm {
    /// its id
    pub number: Id,
    /// at which counter somebody stands who says so
    pub counter: Option<CounterName>,
    /// what
    pub step: NumberStep,
}

/// What happens to a number: an object with exactly one field.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NumberStep {
    /// call it to the counter
    Call(Empty),
    /// let it wait aside
    Park(ParkForm),
    /// it is back
    ComeBack(Empty),
    /// it is served, without a check-in; a check-in that names the number serves it by itself
    Serve(Empty),
    /// it did not come when called
    Miss(Empty),
    /// it left
    Leave(Empty),
}

/// Why somebody waits aside.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ParkForm {
    /// why
    pub reason: ParkReasonCode,
    /// in words
    pub note: Option<ShortText>,
}

impl Form for LineForm {
    type Meaning = LineCommand;

    fn meaning(self, at: &Place<'_>) -> Option<LineCommand> {
        let somewhere = |counter: Option<CounterName>, at: Place<'_>| {
            optional(counter, at).unwrap_or_else(|| counter_of_nobody().to_owned())
        };
        Some(match self {
            LineForm::Take(form) => {
                let at = at.field("take");
                let name = optional(form.name, at.field("name"));
                LineCommand::Take { name, counter: somewhere(form.counter, at.field("counter")) }
            }
            LineForm::CallNext(form) => {
                LineCommand::CallNext { counter: required(form.counter, at.field("call_next").field("counter"))? }
            }
            LineForm::Number(form) => {
                let at = at.field("number");
                let ticket = TicketId::new(needed(form.number, at.field("number"))?);
                let counter = somewhere(form.counter, at.field("counter"));
                let command = match form.step {
                    NumberStep::Call(_) => TicketCommand::Call(counter.clone()),
                    NumberStep::Park(park) => {
                        let note = optional(park.note, at.field("step").field("park").field("note"));
                        TicketCommand::Park(park.reason.0, note)
                    }
                    NumberStep::ComeBack(_) => TicketCommand::ComeBack,
                    NumberStep::Serve(_) => TicketCommand::Serve(None),
                    NumberStep::Miss(_) => TicketCommand::Miss,
                    NumberStep::Leave(_) => TicketCommand::Leave(None),
                };
                LineCommand::Number { ticket, command, counter }
            }
        })
    }
}

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
                let consent = ConsentId::new(needed(form.consent, at.field("see").field("consent"))?);
                ConsentCommand::See { consent, on_list: form.on_list }
            }
            ConsentForm::End(form) => {
                let consent = ConsentId::new(needed(form.consent, at.field("end").field("consent"))?);
                ConsentCommand::End { consent, why: form.why.0 }
            }
        })
    }
}
