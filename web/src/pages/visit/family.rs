//! The family a visit came with: who was first, one more of them, and the insurance they may share, as a proposal.

use super::{Context, Head};
use crate::port::VisitView;
use crate::show::{self, CoverageLine};
use crate::words::OriginWords;
use askama::Template;
use domain::coverage::Coverage;
use domain::scheme::SchemeGroup;
use domain::visit::VisitState;

/// The panel.
#[derive(Template)]
#[template(path = "part/family.html")]
pub struct FamilyPanel {
    w: &'static OriginWords,
    visit: String,
    may_add: bool,
    /// the first visit and whose it is
    first: Option<(String, String)>,
    brought_by: String,
    place: String,
    from_number: bool,
    same: Option<Proposal>,
}

/// The insurance of the first visit, to be asked by once somebody looked.
struct Proposal {
    head: Head,
    lines: Vec<CoverageLine>,
    insurer: String,
    symbol: String,
    number: String,
}

impl FamilyPanel {
    pub(super) fn of(context: &Context<'_>, first: Option<&VisitView>, may_add: bool) -> FamilyPanel {
        let (state, lang) = (&context.view.state, context.lang);
        let placed = state.placed.as_ref();
        let kind = placed.and_then(|placed| placed.kind).map(|kind| show::counter_kind(lang, kind));
        let parts = [kind, placed.and_then(|placed| placed.place.as_deref())];
        let name_of = |view: &VisitView| {
            let person = view.state.person.as_ref();
            person.and_then(|person| person.name.clone().or(person.name_kana.clone())).unwrap_or_default()
        };
        FamilyPanel {
            w: OriginWords::of(lang),
            visit: context.view.visit.to_string(),
            may_add,
            first: first.map(|view| (view.visit.to_string(), name_of(view))),
            brought_by: state.brought_by.clone().unwrap_or_default(),
            place: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
            from_number: state.came_from.as_ref().is_some_and(|came| came.ticket.is_some()),
            same: first.and_then(|first| proposal(context, first)),
        }
    }
}

/// Proposed only where a household is insured together, and as long as nothing better is known of this person.
fn proposal(context: &Context<'_>, first: &VisitView) -> Option<Proposal> {
    let state = &context.view.state;
    if knows_numbers(state) {
        return None;
    }
    let shared = coverage_of(&first.state).filter(|coverage| may_be_shared(coverage))?;
    let number = shared.insured_number.as_ref()?.as_str().to_owned();
    let insurer = shared.insurer_number.as_ref()?.as_str().to_owned();
    let symbol = shared.insured_symbol.as_ref().map(|symbol| symbol.as_str().to_owned()).unwrap_or_default();
    let without_person = Coverage {
        insurer_number: shared.insurer_number.clone(),
        insurer_name: shared.insurer_name.clone(),
        insured_symbol: shared.insured_symbol.clone(),
        insured_number: shared.insured_number.clone(),
        ..Coverage::EMPTY
    };
    Some(Proposal {
        head: Head { key: format!("{}-same", context.key), ..context.head("query", "same") },
        lines: show::coverage_lines(context.lang, &without_person),
        insurer,
        symbol,
        number,
    })
}

fn knows_numbers(state: &VisitState) -> bool {
    let stored = state.stored.as_ref().is_some_and(|stored| stored.coverage.has_numbers());
    stored || !state.questions.is_empty() || coverage_of(state).is_some()
}

/// The best known insurance of a visit: answered, shown, on file.
fn coverage_of(state: &VisitState) -> Option<&Coverage> {
    let answered = state.answer.as_ref().and_then(|answer| answer.main_result()).map(|result| &result.coverage);
    let shown = state.presented.iter().map(|paper| &paper.coverage);
    let on_file = state.stored.as_ref().map(|stored| &stored.coverage);
    answered.into_iter().chain(shown).chain(on_file).find(|coverage| coverage.has_numbers())
}

/// 後期高齢者医療 and public assistance insure each person alone.
fn may_be_shared(coverage: &Coverage) -> bool {
    !matches!(
        coverage.scheme().group(),
        SchemeGroup::LateElderly | SchemeGroup::PublicAssistance | SchemeGroup::Unknown
    )
}
