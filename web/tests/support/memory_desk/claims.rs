//! The month-end list and the follow-ups of the desk in memory.

use super::Record;
use domain::claim::month::{Frozen, FrozenLine, FrozenPart, Reopened};
use domain::claim::returned::{ReturnEntered, ReturnSettled};
use domain::claim::{ClaimBasis, ClaimLine, Month, MonthFact, MonthState};
use domain::fact::{Author, FactId, Recorded, VisitId};
use domain::rule::RulePack;
use web::port::*;

impl Record {
    pub fn month_state(&self, month: Month) -> MonthState {
        MonthState::fold(self.months.get(&month).cloned().unwrap_or_default())
    }

    pub fn claim_item(&self, visit: &VisitId, rules: &RulePack) -> Option<ClaimItem> {
        let view = self.visit_view(visit, rules)?;
        let line = ClaimLine::of(&view.state, &view.decision);
        let (visit_date, digest) = (view.state.visit_date()?, digest(&line));
        let person = view.state.person.clone();
        let frozen = self.month_state(Month::of(visit_date)).frozen;
        let since_freeze = match frozen.map(|lines| lines.get(visit).cloned()) {
            None => SinceFreeze::Same,
            Some(None) => SinceFreeze::Added,
            Some(Some(before)) if before == digest => SinceFreeze::Same,
            Some(Some(_)) => SinceFreeze::Changed,
        };
        let patient = view.patient.as_ref();
        Some(ClaimItem {
            visit: visit.clone(),
            visit_date,
            patient: view.state.patient.clone(),
            patient_number: patient.and_then(|patient| patient.state.patient_number.clone()),
            name: person.as_ref().and_then(|person| person.name.clone()),
            name_kana: person.as_ref().and_then(|person| person.name_kana.clone()),
            birth_date: person.as_ref().and_then(|person| person.birth_date),
            sex: person.as_ref().and_then(|person| person.sex),
            changed: false,
            insurer_differs_in_month: false,
            line,
            since_freeze,
        })
    }

    pub fn claim_month(&self, query: &ClaimQuery, rules: &RulePack) -> ClaimMonth {
        let items = self.visits.keys().filter_map(|visit| self.claim_item(visit, rules));
        let all: Vec<ClaimItem> = items.filter(|item| Month::of(item.visit_date) == query.month).collect();
        let state = self.month_state(query.month);
        let mut totals = ClaimTotals::default();
        for item in &all {
            match (item.line.not_claimed, item.line.basis) {
                (Some(_), _) => totals.not_claimed += 1,
                (None, ClaimBasis::Current) => totals.current += 1,
                (None, ClaimBasis::Former) => totals.former += 1,
                (None, ClaimBasis::Unknown) => totals.unknown += 1,
                (None, ClaimBasis::Hold) => totals.hold += 1,
            }
            totals.needs_somebody += u32::from(item.line.needs_somebody());
            totals.unconfirmed += u32::from(!item.line.is_confirmed() && item.line.basis != ClaimBasis::Hold);
            totals.after_freeze += u32::from(item.since_freeze != SinceFreeze::Same);
        }
        let wanted = |item: &&ClaimItem| match query.filter {
            ClaimFilter::All => true,
            ClaimFilter::NeedsSomebody => item.line.needs_somebody(),
            ClaimFilter::Changed => item.changed,
            ClaimFilter::AfterFreeze => item.since_freeze != SinceFreeze::Same,
        };
        let rest =
            all.iter().filter(wanted).filter(|item| query.after.as_ref().is_none_or(|after| item.visit > *after));
        let mut items: Vec<ClaimItem> = rest.cloned().collect();
        let more = items.len() > query.limit as usize;
        items.truncate(query.limit as usize);
        ClaimMonth {
            month: query.month,
            totals,
            next: items.last().filter(|_| more).map(|item| item.visit.clone()),
            items,
            is_frozen: state.is_frozen(),
            events: state.events.clone(),
            returned: state
                .returned
                .iter()
                .map(|claim| (claim.clone(), self.claim_item(&claim.entered.visit, rules).and_then(|item| item.name)))
                .collect(),
            looked_at: self.looks.get(&(query.by.clone(), query.month)).copied(),
            mark: 7,
        }
    }

    pub(super) fn change_claims(
        &mut self,
        by: &Author,
        command: ClaimCommand,
        rules: &RulePack,
    ) -> Result<Saved, SubmitError> {
        let refused = |at: &str, why| SubmitError::Refused { at: at.to_owned(), why };
        match command {
            ClaimCommand::Freeze(month) => {
                self.month_state(month).may_freeze().map_err(|why| refused("month", why))?;
                let items = self.visits.keys().filter_map(|visit| self.claim_item(visit, rules));
                let items = items.filter(|item| Month::of(item.visit_date) == month);
                let lines: Vec<FrozenLine> =
                    items.map(|item| FrozenLine { digest: digest(&item.line), visit: item.visit }).collect();
                let (freeze, visits) = (self.next_id("freeze"), lines.len() as u32);
                let part = FrozenPart { freeze: freeze.clone(), lines };
                self.add_to_month(by, month, MonthFact::FrozenPart(part));
                self.add_to_month(by, month, MonthFact::Frozen(Frozen { freeze, visits }));
            }
            ClaimCommand::Reopen { month, reason } => {
                self.month_state(month).may_reopen(&reason).map_err(|why| refused("reason", why))?;
                self.add_to_month(by, month, MonthFact::Reopened(Reopened { reason }));
            }
            ClaimCommand::EnterReturn { visit, on, reason, note } => {
                let item = self.claim_item(&visit, rules).ok_or(SubmitError::NotFound("visit"))?;
                let id = self.next_id("return");
                let entered = ReturnEntered { id, visit, on, reason, note };
                self.add_to_month(by, Month::of(item.visit_date), MonthFact::ReturnEntered(entered));
            }
            ClaimCommand::SettleReturn { month, id, outcome, note } => {
                if !self.month_state(month).returned.iter().any(|claim| claim.id == id) {
                    return Err(SubmitError::NotFound("returned claim"));
                }
                self.add_to_month(by, month, MonthFact::ReturnSettled(ReturnSettled { id, outcome, note }));
            }
            ClaimCommand::Looked { month, .. } => {
                self.looks.insert((by.clone(), month), self.now);
            }
        }
        Ok(self.saved())
    }

    fn add_to_month(&mut self, by: &Author, month: Month, fact: MonthFact) {
        let id = FactId::new(self.next_id("fact"));
        let recorded = Recorded { id, at: self.now, by: by.clone(), fact };
        self.months.entry(month).or_default().push(recorded);
    }

    /// Asks once more for each that has something to ask by.
    pub(super) fn ask_again_all(&mut self, by: &Author, visits: &[VisitId], rules: &RulePack) -> Saved {
        for visit in visits {
            let query = NumberQuery { coverage: domain::coverage::Coverage::EMPTY };
            let out =
                self.visit_state(visit).is_some_and(|state| state.questions.iter().any(|asked| asked.ended.is_none()));
            if !out && self.ask(by, visit, query, rules).is_err() {
                continue;
            }
        }
        self.saved()
    }

    pub fn follow_up_list(&self, query: &FollowUpQuery, rules: &RulePack) -> FollowUpList {
        let today = self.now.date_in_japan();
        let all = self.follow_up_items(rules);
        let until = match query.due {
            DueFilter::All => None,
            DueFilter::Due => Some(today),
            DueFilter::Overdue => Some(today.plus_days(-1)),
            DueFilter::Week => Some(today.plus_days(7)),
        };
        let wanted = |item: &&FollowUpItem| {
            until.is_none_or(|until| item.follow_up.due <= until)
                && query.kind.is_none_or(|kind| item.kind() == kind)
                && query.assigned.as_ref().is_none_or(|name| item.assigned.as_ref() == Some(name))
        };
        let rest: Vec<FollowUpItem> = all.iter().filter(wanted).skip(query.skip as usize).cloned().collect();
        let mut counts: Vec<FollowUpCount> = Vec::new();
        for item in &all {
            let at = counts.iter().position(|count| count.kind == item.kind()).unwrap_or_else(|| {
                counts.push(FollowUpCount { kind: item.kind(), open: 0, due: 0, yen: 0 });
                counts.len() - 1
            });
            counts[at].open += 1;
            counts[at].due += u32::from(item.is_due);
            counts[at].yen += u64::from(item.yen.unwrap_or(0));
        }
        let more = rest.len() > query.limit as usize;
        FollowUpList { items: rest.into_iter().take(query.limit as usize).collect(), more, counts }
    }
}

fn digest(line: &ClaimLine) -> String {
    super::super::json::to_json(&line.sent()).to_string()
}

/// A layout of this desk's own, and one with a fault.
pub fn layouts() -> Vec<ClaimLayout> {
    let problem = domain::text::Text::new("bad.toml 1行目：読めません。", "bad.toml line 1: cannot be read.");
    vec![
        ClaimLayout { name: "standard".to_owned(), title: "標準".to_owned(), problem: None },
        ClaimLayout { name: "bad".to_owned(), title: "bad".to_owned(), problem: Some(problem) },
    ]
}

/// A file of names, one part for each visit, so that parts are put together.
pub fn file(record: &Record, query: &ClaimFileQuery, rules: &RulePack) -> Option<ClaimFilePart> {
    if query.layout != "standard" {
        return None;
    }
    let wanted = ClaimQuery {
        month: query.month,
        filter: ClaimFilter::All,
        after: query.after.clone(),
        limit: 1,
        by: Author::the_box(),
    };
    let month = record.claim_month(&wanted, rules);
    let names = month.items.iter().map(|item| format!("{}\r\n", item.name.clone().unwrap_or_default()));
    Some(ClaimFilePart {
        bytes: names.collect::<String>().into_bytes(),
        next: month.next,
        encoding: query.encoding.unwrap_or(FileEncoding::Utf8WithMark),
        visits: month.items.len() as u32,
        unwritable: Vec::new(),
    })
}
