//! Counters, the waiting line and remote consents of the desk in memory.

use super::record::{Outcome, Record};
use domain::case::{Flow, Site};
use domain::counter::{Counter, CounterFact, CounterId, CounterRemoved, Counters};
use domain::fact::VisitId;
use domain::remote_consent::{ConsentFact, ConsentId, ConsentSeen, ConsentState};
use domain::rule::RulePack;
use domain::text::Text;
use domain::visit::{CameFrom, FamilyJoined, Placed, VisitCommand};
use domain::waiting::{TicketCommand, TicketId, TicketState, TicketStatus};
use std::collections::BTreeMap;
use web::port::{
    ConsentCommand, ConsentItem, CounterCommand, CounterItem, CountersView, LineCommand, LineItem, Saved, SubmitError,
};

/// What this desk keeps of them.
#[derive(Default)]
pub struct Arrivals {
    pub counters: Counters,
    pub tickets: BTreeMap<TicketId, TicketState>,
    pub consents: BTreeMap<ConsentId, ConsentState>,
}

fn refused(at: &str, why: Text) -> SubmitError {
    SubmitError::Refused { at: at.to_owned(), why }
}

impl Record {
    pub fn counters_view(&self, site: &Site, rules: &RulePack) -> CountersView {
        let today = self.now.date_in_japan();
        let all = self.arrivals.counters.all.iter().cloned();
        CountersView {
            all: all.map(|counter| CounterItem::at(counter, site, today, rules)).collect(),
            letter: (!self.arrivals.tickets.is_empty()).then(|| "A".to_owned()),
            is_pharmacy: false,
        }
    }

    pub fn line_items(&self) -> Vec<LineItem> {
        let tickets = self.arrivals.tickets.iter();
        tickets.map(|(ticket, state)| LineItem { ticket: ticket.clone(), state: state.clone() }).collect()
    }

    pub fn consent_items(&self) -> Vec<ConsentItem> {
        let consents = self.arrivals.consents.iter().filter(|(_, state)| state.is_shown(self.now));
        consents.map(|(consent, state)| ConsentItem { consent: consent.clone(), state: state.clone() }).collect()
    }

    pub(super) fn change_counters(&mut self, command: CounterCommand) -> Outcome {
        let fact = match command {
            CounterCommand::Set(counter) => {
                let id = match counter.id.as_str() {
                    CounterCommand::NEW => CounterId::new(self.next_id("counter")),
                    _ => counter.id.clone(),
                };
                let set = self.arrivals.counters.set(Counter { id, ..*counter });
                set.map_err(|(at, why)| refused(at, why))?
            }
            CounterCommand::Remove(id) => CounterFact::Removed(CounterRemoved { id }),
        };
        self.arrivals.counters.take(fact);
        Ok(self.saved())
    }

    pub(super) fn change_line(&mut self, command: LineCommand) -> Outcome {
        let ticket = match command {
            LineCommand::Take { name, .. } => {
                let ticket = TicketId::new(self.next_id("ticket"));
                let state = TicketState {
                    day: self.now.date_in_japan(),
                    label: format!("A{}", self.arrivals.tickets.len() + 1),
                    name,
                    taken_at: self.now,
                    status: TicketStatus::Waiting,
                    since: self.now,
                    called_to: Vec::new(),
                    calls: 0,
                    reason: None,
                    note: None,
                    visits: Vec::new(),
                };
                self.arrivals.tickets.insert(ticket.clone(), state);
                ticket
            }
            LineCommand::CallNext { counter } => {
                let waiting = |(_, state): &(&TicketId, &TicketState)| state.status == TicketStatus::Waiting;
                let next = self.arrivals.tickets.iter().find(waiting).map(|(ticket, _)| ticket.clone());
                let next =
                    next.ok_or_else(|| refused("line", Text::new("待っている番号はありません。", "No number waits.")))?;
                self.step(&next, TicketCommand::Call(counter.clone()), &counter)?;
                next
            }
            LineCommand::Number { ticket, command, counter } => {
                self.step(&ticket, command, &counter)?;
                ticket
            }
        };
        Ok(Saved { about: Some(ticket.to_string()), ..self.saved() })
    }

    fn step(&mut self, ticket: &TicketId, command: TicketCommand, counter: &str) -> Result<(), SubmitError> {
        let now = self.now;
        let state = self.arrivals.tickets.get_mut(ticket).ok_or(SubmitError::NotFound("number"))?;
        let fact = state.command(command, Some(counter)).map_err(SubmitError::StateChanged)?;
        state.take(now, fact);
        Ok(())
    }

    pub(super) fn change_consents(&mut self, command: ConsentCommand) -> Outcome {
        let consent = match command {
            ConsentCommand::Enter(entered) => {
                entered.check(self.now).map_err(|(at, why)| refused(at, why))?;
                let consent = ConsentId::new(self.next_id("consent"));
                let received = entered.heard == domain::remote_consent::ConsentHeard::TerminalList;
                let state =
                    ConsentState { entered: *entered, entered_at: self.now, received, visits: Vec::new(), ended: None };
                self.arrivals.consents.insert(consent.clone(), state);
                consent
            }
            ConsentCommand::See { consent, on_list } => {
                self.consent(&consent)?.take(ConsentFact::Seen(ConsentSeen { on_list }));
                consent
            }
            ConsentCommand::End { consent, why } => {
                let state = self.consent(&consent)?;
                let fact = state.end(why).map_err(SubmitError::StateChanged)?;
                state.take(fact);
                consent
            }
        };
        Ok(Saved { about: Some(consent.to_string()), ..self.saved() })
    }

    fn consent(&mut self, consent: &ConsentId) -> Result<&mut ConsentState, SubmitError> {
        self.arrivals.consents.get_mut(consent).ok_or(SubmitError::NotFound("consent"))
    }

    /// What a check-in takes from its counter.
    pub(super) fn at_counter(&self, site: Site, flow: Flow, counter: Option<&str>) -> (Site, Flow, Option<Placed>) {
        let Some(counter) = counter.and_then(|name| self.arrivals.counters.named(name)) else {
            return (site, flow, None);
        };
        let flow = if flow == Flow::Window { counter.kind.flow() } else { flow };
        (counter.equips(site), flow, Some(Placed { kind: Some(counter.kind), place: None }))
    }

    /// A family is named by its first visit.
    pub(super) fn with_first_of_family(&self, command: VisitCommand) -> VisitCommand {
        match command {
            VisitCommand::JoinFamily(joined) => {
                let first = self.visit_state(&joined.family).and_then(|state| state.family);
                VisitCommand::JoinFamily(FamilyJoined { family: first.unwrap_or(joined.family), ..joined })
            }
            other => other,
        }
    }

    pub(super) fn arrived(&mut self, visit: &VisitId, came: CameFrom) -> Result<(), SubmitError> {
        if let Some(ticket) = came.ticket {
            self.step(&ticket, TicketCommand::Serve(Some(visit.clone())), "")?;
        }
        if let Some(consent) = came.consent {
            let state = self.consent(&consent)?;
            let fact = state.arrive(visit.clone(), came.identity).map_err(|(at, why)| refused(at, why))?;
            state.take(fact);
        }
        Ok(())
    }
}
