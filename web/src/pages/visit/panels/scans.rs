//! Scanned codes beside an open visit: whose they are, and whether this visit may ask by their numbers.

use crate::pages::scans::{self, ScanLine};
use crate::pages::visit::{Context, Head};
use crate::port::ScannedItem;
use domain::eligibility::{PersonFace, PersonMatch, match_person};
use domain::visit::VisitStatus;

/// A waiting code beside this visit.
pub struct ScanBeside {
    pub line: ScanLine,
    pub head: Head,
    /// this visit's person, said beside the code's when they are not surely the same
    pub ours: String,
    pub theirs: String,
    pub is_other: bool,
    pub is_unsure: bool,
    pub can_ask: bool,
}

/// The codes that wait while this visit is open.
pub fn scans(context: &Context<'_>) -> Vec<ScanBeside> {
    let open = matches!(context.view.status, VisitStatus::Open | VisitStatus::Provisional);
    let waiting = if open { scans::waiting(context.app) } else { Vec::new() };
    waiting
        .iter()
        .filter(|item| item.refusal.is_none() && item.visit.is_none())
        .map(|item| beside(context, item))
        .collect()
}

fn beside(context: &Context<'_>, item: &ScannedItem) -> ScanBeside {
    let nobody = PersonFace::EMPTY;
    let person = context.view.state.person.as_ref().unwrap_or(&nobody);
    let same = match_person(person, &item.person);
    let line = ScanLine::of(context.lang, item, context.app.desk.today());
    let name = |person: &PersonFace| {
        let name = person.name.clone().or_else(|| person.name_kana.clone());
        let birth = person.birth_date.map(|birth| crate::show::birth(context.lang, birth, context.day));
        [name, birth].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    ScanBeside {
        head: context.head("scan", &format!("scan-{}", line.scan)),
        ours: name(person),
        theirs: name(&item.person),
        is_other: same == PersonMatch::Different,
        is_unsure: same == PersonMatch::CannotTell,
        can_ask: same != PersonMatch::Different && item.coverage.has_numbers(),
        line,
    }
}
