//! The counters of the site on the wire.

use super::code::{CounterKindCode, EvidenceKindCode, FlowCode};
use super::text::{Counter as CounterName, Id, optional, required, required_id};
use crate::api::body::{Form, Place};
use crate::port::{CounterCommand, CounterItem, CountersView};
use domain::counter::{Counter, CounterId};
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
                let id = required_id(form.counter, at.field("remove").field("counter"))?;
                CounterCommand::Remove(CounterId::new(id))
            }
        })
    }
}
