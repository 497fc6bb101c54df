//! The counters of the site: made and changed, and what a check-in made at one of them takes from it.

use super::visit::OpenVisit;
use super::work::{Declined, Work};
use crate::store::DocumentId;
use domain::case::{Flow, Site};
use domain::counter::{Counter, CounterFact, CounterId, CounterRemoved, Counters};
use domain::fact::Author;
use domain::visit::{CameFrom, FamilyJoined, Placed, VisitCommand, VisitStatus};
use domain::waiting::TicketCommand;
use web::port::CounterCommand;

impl Work<'_> {
    /// Does what somebody wants with the counters; the id of the one it was about.
    pub(super) fn command_counters(
        &mut self,
        by: &Author,
        command: CounterCommand,
    ) -> Result<Option<String>, Declined> {
        let (mut document, facts) = self.load::<CounterFact>(&DocumentId::Counters)?;
        let counters = Counters::fold(facts);
        let (id, fact) = match command {
            CounterCommand::Set(counter) => {
                let counter = self.with_id(*counter, &counters)?;
                let id = counter.id.clone();
                (id, counters.set(counter).map_err(|(at, why)| Declined::Refused { at: at.to_owned(), why })?)
            }
            CounterCommand::Remove(id) => {
                if counters.all.iter().all(|counter| counter.id != id) {
                    return Err(Declined::NotFound("counter"));
                }
                (id.clone(), CounterFact::Removed(CounterRemoved { id }))
            }
        };
        self.append(&mut document, by, vec![fact])?;
        Ok(Some(id.to_string()))
    }

    fn with_id(&self, counter: Counter, counters: &Counters) -> Result<Counter, Declined> {
        if counter.id.as_str() == CounterCommand::NEW {
            return Ok(Counter { id: CounterId::new(self.new_id()), ..counter });
        }
        match counters.all.iter().any(|known| known.id == counter.id) {
            true => Ok(counter),
            false => Err(Declined::NotFound("counter")),
        }
    }

    /// The site as it is equipped at a counter, where patients are received there, and what the visit keeps of it. A name that is no
    /// saved counter changes nothing; a flow somebody chose stays.
    pub(super) fn at_counter(
        &self,
        site: Site,
        flow: Flow,
        counter: Option<&str>,
    ) -> Result<(Site, Flow, Option<Placed>), Declined> {
        let Some(name) = counter else { return Ok((site, flow, None)) };
        let counters = self.writing.reading().counters()?;
        let Some(counter) = counters.named(name) else { return Ok((site, flow, None)) };
        let flow = if flow == Flow::Window { counter.kind.flow() } else { flow };
        Ok((counter.equips(site), flow, Some(Placed { kind: Some(counter.kind), place: None })))
    }

    /// The family a check-in joins is named by its first visit, whichever of its visits somebody began from.
    pub(super) fn with_first_of_family(&self, commands: Vec<VisitCommand>) -> Result<Vec<VisitCommand>, Declined> {
        let with_first = |command| match command {
            VisitCommand::JoinFamily(joined) => {
                let state = self.visit(&joined.family)?.state;
                if matches!(state.status(), VisitStatus::Voided | VisitStatus::Merged) {
                    return Err(Declined::refused(
                        "family",
                        "家族の最初の受付は取り消されたか、まとめられています。新しい受付として入力してください。",
                        "The first visit of the family was voided or goes on in another one. Check in without it.",
                    ));
                }
                let family = state.family.unwrap_or_else(|| joined.family.clone());
                Ok(VisitCommand::JoinFamily(FamilyJoined { family, ..joined }))
            }
            other => Ok(other),
        };
        commands.into_iter().map(with_first).collect()
    }

    /// The number or the consent a check-in came from is settled with it.
    pub(super) fn arrived(&mut self, by: &Author, visit: &OpenVisit, came: CameFrom) -> Result<(), Declined> {
        if let Some(ticket) = came.ticket {
            let counter = visit.state.opened.as_ref().and_then(|opened| opened.counter.clone());
            self.change_number(by, &ticket, TicketCommand::Serve(Some(visit.id.clone())), counter.as_deref())?;
        }
        if let Some(consent) = came.consent {
            self.consent_arrived(by, &consent, &visit.id, came.identity)?;
        }
        Ok(())
    }
}
