//! The ladder: only today's lawful steps, each with what to say, why, the rule behind it, and its form.

mod forms;
mod picker;

pub use forms::{lost_card, reason_form};
pub use picker::{Kind, kinds};

use super::Context;
use crate::error::PageError;
use crate::lang::Lang;
use crate::show;
use domain::case::AttemptOutcome;
use domain::decision::{Action, Step};
use domain::evidence::EvidenceKind;
use domain::visit::VisitStatus;
use forms::*;

/// One step as it is shown.
pub struct StepView {
    pub number: u8,
    pub title: &'static str,
    pub detail: &'static str,
    pub say: String,
    pub reason: String,
    pub law: String,
    pub rule: Option<(String, String)>,
    pub body: String,
    pub is_next: bool,
    /// one question and one press settle it: what the site remembers is the first rescue (REQ-01)
    pub is_quick: bool,
    pub is_last_resort: bool,
    pub open: bool,
}

/// Today's steps in order; none once the visit has ended.
pub(super) fn ladder(context: &Context<'_>, taking: Option<EvidenceKind>) -> Result<Vec<StepView>, PageError> {
    if matches!(context.view.status, VisitStatus::Voided | VisitStatus::Merged | VisitStatus::LeftWithoutCare) {
        return Ok(Vec::new());
    }
    let open = context.view.state.accepted.is_none();
    let todo: Vec<&Step> = context.view.decision.ladder.iter().filter(|step| !step.satisfied).collect();
    let main = |step: &&Step| !matches!(step.action, Action::AskAddOn | Action::AskFullCharge);
    let next = todo.iter().position(main).filter(|_| open && taking.is_none());
    todo.iter().enumerate().map(|(at, step)| step_view(context, step, at as u8 + 1, Some(at) == next)).collect()
}

fn step_view(context: &Context<'_>, step: &Step, number: u8, is_next: bool) -> Result<StepView, PageError> {
    let lang = context.lang;
    let rule = step.rule.map(|id| context.app.settings.rules.rule(id));
    let (title, detail) = heading(lang, step);
    Ok(StepView {
        number,
        title,
        detail,
        say: context.words(&step.say),
        reason: context.words(&step.reason),
        law: step.law.clone(),
        rule: rule.map(|rule| (lang.pick(rule.ja, rule.en).to_owned(), show::in_force(lang, rule.from, rule.to))),
        body: body(context, step, number)?,
        is_next,
        is_quick: step.action == Action::AskUnchanged,
        is_last_resort: step.action == Action::AskFullCharge,
        open: form_of(step).is_some_and(|form| context.is_refused(form)),
    })
}

/// What stands big: the thing itself where several steps do the same with different things, else what to do.
fn heading(lang: Lang, step: &Step) -> (&'static str, &'static str) {
    let action = show::action(lang, step.action);
    let thing = step.evidence.map_or("", |kind| show::evidence(lang, kind));
    match step.action {
        Action::ReadCard | Action::TakeDocument | Action::AskAddOn if !thing.is_empty() => (thing, action),
        Action::AskForCard | Action::AskUnchanged | Action::TakeDeclaration | Action::StaffDecides => (action, ""),
        _ => (action, thing),
    }
}

/// The form behind a step, for opening it again when it was refused.
fn form_of(step: &Step) -> Option<&'static str> {
    match step.action {
        Action::QueryByNumber | Action::Retype | Action::AddBranch => Some("query"),
        Action::StaffDecides => Some("decide"),
        Action::AskFullCharge => Some("full-charge"),
        _ => None,
    }
}

/// What is done in a step.
fn body(context: &Context<'_>, step: &Step, number: u8) -> Result<String, PageError> {
    let evidence = step.evidence.unwrap_or(EvidenceKind::None);
    match step.action {
        Action::AskForCard => ask_for_card(context),
        Action::ReadCard => read_card(context, evidence),
        Action::ReadPhone => {
            attempts(context, evidence, &[(evidence, AttemptOutcome::Failed, context.w.phone_failed)], false)
        }
        Action::UseConsentApp | Action::UseConsentWeb => {
            attempts(context, evidence, &[(evidence, AttemptOutcome::Failed, context.w.app_failed)], false)
        }
        Action::RegisterCard => register_card(context),
        Action::QueryByNumber | Action::Retype | Action::AddBranch => query(context),
        Action::TakeDocument | Action::TakePrescription => take_link(context, evidence),
        Action::AskUnchanged => one_button(context, "unchanged", "unchanged", context.w.unchanged, &[]),
        Action::TakeDeclaration => declaration_link(context),
        Action::StaffDecides => reason_form(context, "decide", &format!("decide-{number}"), context.w.decide, false),
        Action::AskFullCharge => reason_form(context, "full-charge", "full-charge", context.w.full_charge_go, true),
        Action::AskAddOn => add_on(context, evidence),
        Action::CallOutageLookup | Action::UseDisasterMode => copy_link(context, evidence),
        Action::AskWelfareOffice => Ok(String::new()),
    }
}
