//! The claims of a month: read in pages, frozen, opened again, come back; and questions asked once more for many visits.

use super::work::{Declined, Work};
use crate::store::{DocumentId, Loaded, Reading, Stored};
use domain::claim::month::{Frozen, FrozenLine, FrozenPart, Reopened};
use domain::claim::returned::{ReturnEntered, ReturnSettled};
use domain::claim::{Month, MonthFact, MonthState};
use domain::coverage::Coverage;
use domain::fact::{Author, VisitId};
use domain::text::Text;
use web::port::{ClaimCommand, ClaimMonth, ClaimQuery, NumberQuery};

/// Visits in one record of a frozen list: far below the most a record may hold.
const VISITS_IN_A_PART: u32 = 2_000;
/// Most visits asked for in one command.
const MOST_ASKED: usize = 500;
/// Longest reason or note, characters.
const LONGEST_NOTE: usize = 200;

/// The claims of a month as pages show them.
pub(super) fn month(reading: &Reading<'_>, query: &ClaimQuery) -> Stored<ClaimMonth> {
    let (items, more) = reading.claims(query)?;
    let row = reading.month(query.month)?;
    let named = |claim: domain::claim::ReturnedClaim| -> Stored<_> {
        let name = reading.name_of_visit(&claim.entered.visit)?;
        Ok((claim, name))
    };
    Ok(ClaimMonth {
        month: query.month,
        totals: reading.claim_totals(query.month, &query.by)?,
        next: items.last().filter(|_| more).map(|item| item.visit.clone()),
        items,
        is_frozen: row.is_frozen,
        events: row.events,
        returned: row.returned.into_iter().map(named).collect::<Stored<_>>()?,
        looked_at: reading.look(&query.by, query.month)?.1,
        mark: reading.newest_record()?,
    })
}

/// A month in memory.
struct OpenMonth {
    month: Month,
    document: Loaded,
    state: MonthState,
}

impl Work<'_> {
    /// Does what somebody wants with the claims of a month.
    pub(super) fn command_claims(&mut self, by: &Author, command: ClaimCommand) -> Result<(), Declined> {
        match command {
            ClaimCommand::Freeze(month) => self.freeze(by, month),
            ClaimCommand::Reopen { month, reason } => {
                let mut open = self.month(month)?;
                short("reason", &reason)?;
                open.state.may_reopen(&reason).map_err(|why| refused("reason", why))?;
                self.add_to_month(&mut open, by, vec![MonthFact::Reopened(Reopened { reason })])
            }
            ClaimCommand::EnterReturn { visit, on, reason, note } => {
                let Some(day) = self.visit(&visit)?.state.visit_date() else {
                    return Err(Declined::NotFound("visit"));
                };
                short("note", note.as_deref().unwrap_or_default())?;
                if on < day || on > self.now.date_in_japan() {
                    return Err(Declined::refused(
                        "on",
                        "返戻の日は、受診日から今日までの日付にしてください。",
                        "A claim comes back between the day of the visit and today.",
                    ));
                }
                let mut open = self.month(Month::of(day))?;
                let entered = ReturnEntered { id: self.new_id(), visit, on, reason, note };
                self.add_to_month(&mut open, by, vec![MonthFact::ReturnEntered(entered)])
            }
            ClaimCommand::SettleReturn { month, id, outcome, note } => {
                short("note", &note)?;
                let mut open = self.month(month)?;
                if !open.state.returned.iter().any(|claim| claim.id == id) {
                    return Err(Declined::NotFound("returned claim"));
                }
                let settled = ReturnSettled { id, outcome, note };
                self.add_to_month(&mut open, by, vec![MonthFact::ReturnSettled(settled)])
            }
            ClaimCommand::Looked { month, mark } => {
                let newest = self.writing.reading().newest_record()?;
                Ok(self.writing.keep_look(by, month, mark.clamp(0, newest), self.now)?)
            }
        }
    }

    fn month(&self, month: Month) -> Result<OpenMonth, Declined> {
        let (document, facts) = self.load(&DocumentId::Month(month))?;
        Ok(OpenMonth { month, document, state: MonthState::fold(facts) })
    }

    /// The list is kept in parts, then closed: only a whole list counts.
    fn freeze(&mut self, by: &Author, month: Month) -> Result<(), Declined> {
        let mut open = self.month(month)?;
        open.state.may_freeze().map_err(|why| refused("month", why))?;
        let (freeze, mut visits, mut after) = (self.new_id(), 0, String::new());
        loop {
            let part = self.writing.reading().claim_digests(month, &after, VISITS_IN_A_PART)?;
            let Some((last, _)) = part.last() else { break };
            last.as_str().clone_into(&mut after);
            visits += u32::try_from(part.len()).unwrap_or(u32::MAX);
            let lines = part.into_iter().map(|(visit, digest)| FrozenLine { visit, digest }).collect();
            let part = FrozenPart { freeze: freeze.clone(), lines };
            self.append(&mut open.document, by, vec![MonthFact::FrozenPart(part)])?;
        }
        if visits == 0 {
            return Err(Declined::refused(
                "month",
                "この月の受付がありません。締めるものがありません。",
                "There are no visits in this month: nothing to freeze.",
            ));
        }
        self.add_to_month(&mut open, by, vec![MonthFact::Frozen(Frozen { freeze, visits })])
    }

    fn add_to_month(&mut self, open: &mut OpenMonth, by: &Author, facts: Vec<MonthFact>) -> Result<(), Declined> {
        self.append(&mut open.document, by, facts)?;
        let facts = self.writing.reading().facts(&DocumentId::Month(open.month))?;
        Ok(self.writing.project_month(open.month, &MonthState::fold(facts))?)
    }

    /// Asks once more for many visits. Those that have nothing to ask by, or whose question is still out, are passed over.
    pub(super) fn ask_again_all(&mut self, by: &Author, visits: &[VisitId]) -> Result<(), Declined> {
        if visits.len() > MOST_ASKED {
            return Err(Declined::refused(
                "visits",
                "一度に照会できるのは500件までです。",
                "At most 500 visits can be asked about at once.",
            ));
        }
        for visit in visits {
            let asked = self.in_savepoint(|work| {
                let out = work.visit(visit)?.state.questions.iter().any(|asked| asked.ended.is_none());
                let waits = work.writing.reading().jobs_of_visit(visit)?;
                if out || waits.iter().any(|row| row.job.stage != sync::outbox::Stage::Done) {
                    return Ok(());
                }
                work.ask_by_number(by, visit, NumberQuery { coverage: Coverage::EMPTY }).map(|_| ())
            });
            match asked {
                Ok(()) | Err(Declined::Refused { .. } | Declined::StateChanged(_) | Declined::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn short(at: &str, text: &str) -> Result<(), Declined> {
    if text.chars().count() <= LONGEST_NOTE {
        return Ok(());
    }
    Err(Declined::refused(at, "200文字までです。短くしてください。", "At most 200 characters."))
}

fn refused(at: &str, why: Text) -> Declined {
    Declined::Refused { at: at.to_owned(), why }
}
