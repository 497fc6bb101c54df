//! The waiting line on the wire.

use super::Empty;
use super::code::{ParkReasonCode, TicketStatusCode};
use super::text::{Counter as CounterName, Id, ShortText, SignerName, optional, required, required_id};
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::port::{LineCommand, LineItem, counter_of_nobody};
use domain::waiting::{TicketCommand, TicketId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
                let ticket = TicketId::new(required_id(form.number, at.field("number"))?);
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
