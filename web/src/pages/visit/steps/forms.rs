//! What is done in a step: a button, a few buttons, a form, or a way to one.

use crate::error::PageError;
use crate::form::fields::REASON;
use crate::form::{CoverageForm, Input, Summary};
use crate::pages::visit::{Context, Head, paper};
use crate::words::{LostCardWords, VisitWords};
use askama::Template;
use domain::case::AttemptOutcome;
use domain::evidence::EvidenceKind;

#[derive(Template)]
#[template(path = "step/attempts.html")]
struct Attempts {
    w: &'static VisitWords,
    head: Head,
    waiting: bool,
    pin: bool,
    practice: bool,
    buttons: Vec<(&'static str, &'static str, &'static str)>,
}

/// A way that did not work, how, and the words on its button.
type Way = (EvidenceKind, AttemptOutcome, &'static str);

pub fn ask_for_card(context: &Context<'_>) -> Result<String, PageError> {
    let (card, none) = (EvidenceKind::MynaCardFace.code(), EvidenceKind::None.code());
    let shown = one_button(context, "paper", "card-shown", context.w.card_shown, &[("kind", card)])?;
    let none = one_button(context, "paper", "no-card", context.w.no_card, &[("kind", none)])?;
    Ok(shown + &none + &lost_card(context)?)
}

/// The card is lost: two buttons, since the first thing to know is whether it is stopped.
pub fn lost_card(context: &Context<'_>) -> Result<String, PageError> {
    render(&LostCard { w: LostCardWords::of(context.lang), head: context.head("lost-card", "lost") })
}

#[derive(Template)]
#[template(path = "step/lost_card.html")]
struct LostCard {
    w: &'static LostCardWords,
    head: Head,
}

pub fn read_card(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    let w = context.w;
    use EvidenceKind::{MynaCardFace, MynaCardPin, MynaCardVisual};
    let ways: &[Way] = match kind {
        MynaCardPin => &[
            (MynaCardPin, AttemptOutcome::Forgotten, w.pin_forgotten),
            (MynaCardPin, AttemptOutcome::Locked, w.pin_locked),
        ],
        MynaCardVisual => &[
            (MynaCardVisual, AttemptOutcome::Failed, w.visual_failed),
            (MynaCardVisual, AttemptOutcome::OtherPerson, w.other_person),
        ],
        MynaCardFace => &[
            (MynaCardFace, AttemptOutcome::Failed, w.face_failed),
            (MynaCardFace, AttemptOutcome::Unreadable, w.unreadable),
        ],
        kind => &[(kind, AttemptOutcome::Failed, w.app_failed)],
    };
    attempts(context, kind, ways, true)
}

pub fn attempts(context: &Context<'_>, kind: EvidenceKind, ways: &[Way], at_reader: bool) -> Result<String, PageError> {
    render(&Attempts {
        w: context.w,
        head: context.head("attempt", kind.code()),
        waiting: at_reader,
        pin: kind == EvidenceKind::MynaCardPin,
        practice: at_reader && context.app.desk.practice().is_some(),
        buttons: ways.iter().map(|(kind, outcome, label)| (kind.code(), outcome.code(), *label)).collect(),
    })
}

#[derive(Template)]
#[template(path = "step/button.html")]
struct OneButton {
    head: Head,
    label: &'static str,
    hidden: Vec<(&'static str, &'static str)>,
}

pub fn one_button(
    context: &Context<'_>,
    action: &str,
    form: &str,
    label: &'static str,
    hidden: &[(&'static str, &'static str)],
) -> Result<String, PageError> {
    render(&OneButton { head: context.head(action, form), label, hidden: hidden.to_vec() })
}

#[derive(Template)]
#[template(path = "step/query.html")]
struct QueryForm {
    w: &'static VisitWords,
    head: Head,
    summary: Summary,
    coverage: CoverageForm,
}

pub fn query(context: &Context<'_>) -> Result<String, PageError> {
    let typed = paper::query_begins_with(context);
    render(&QueryForm {
        w: context.w,
        head: context.head("query", "query"),
        summary: Summary::of("query", &typed, context.lang),
        coverage: CoverageForm::of("query", &typed, context.lang),
    })
}

#[derive(Template)]
#[template(path = "step/reason.html")]
pub struct ReasonForm {
    head: Head,
    reason: Input,
    summary: Summary,
    go: &'static str,
    danger: bool,
}

/// A form that asks for nothing but a reason; `id` keeps several of them on one page apart.
pub fn reason_form(
    context: &Context<'_>,
    form: &'static str,
    id: &str,
    go: &'static str,
    danger: bool,
) -> Result<String, PageError> {
    let typed = context.typed(form);
    render(&ReasonForm {
        head: context.head(form, id),
        reason: Input::of(&REASON, id, &typed, context.lang).wide(),
        summary: Summary::of(id, &typed, context.lang),
        go,
        danger,
    })
}

#[derive(Template)]
#[template(
    source = "<a class=\"button primary big\" href=\"{{ href }}\" data-do data-once>{{ label }}</a>",
    ext = "html"
)]
struct LinkButton {
    href: String,
    label: &'static str,
}

pub fn take_link(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    let href = format!("/visits/{}?take={}", context.view.visit, kind.code());
    render(&LinkButton { href, label: context.w.write_down })
}

pub fn copy_link(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    let href = format!("/visits/{}?take={}", context.view.visit, kind.code());
    render(&LinkButton { href, label: context.w.copy_result })
}

pub fn declaration_link(context: &Context<'_>) -> Result<String, PageError> {
    let href = format!("/visits/{}/declaration", context.view.visit);
    let link = render(&LinkButton { href, label: context.w.to_declaration })?;
    Ok(if context.tablet.is_empty() { link } else { link + &render(&context.tablet)? })
}

pub fn register_card(context: &Context<'_>) -> Result<String, PageError> {
    let done = one_button(context, "card", "registered", context.w.registered_now, &[("card_registered", "yes")])?;
    let pin = [(EvidenceKind::MynaCardPin, AttemptOutcome::Forgotten, context.w.pin_forgotten)];
    Ok(done + &attempts(context, EvidenceKind::MynaCardPin, &pin, false)?)
}

pub fn add_on(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    if kind == EvidenceKind::SubsidyCertificate {
        return one_button(context, "paper", kind.code(), context.w.capture, &[("kind", kind.code())]);
    }
    take_link(context, kind)
}

fn render(template: &impl Template) -> Result<String, PageError> {
    template.render().map_err(|_| PageError::Broken)
}
