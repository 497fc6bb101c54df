//! The ladder: only today's lawful steps, each with what to say, why, the rule behind it, and its form.

use super::{Context, Head, paper};
use crate::error::PageError;
use crate::form::fields::REASON;
use crate::form::{CoverageForm, Input, Summary};
use crate::lang::Lang;
use crate::show;
use crate::words::VisitWords;
use askama::Template;
use domain::case::{AttemptOutcome, SiteKind};
use domain::decision::{Action, Step};
use domain::evidence::EvidenceKind;
use domain::visit::VisitStatus;

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

/// A kind of paper in the picker.
pub struct Kind {
    pub code: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub picture: &'static str,
    /// what is shown needs nothing written down
    pub bare: bool,
}

/// Today's steps in order; none once the visit has ended.
pub(super) fn ladder(context: &Context<'_>, taking: Option<EvidenceKind>) -> Result<Vec<StepView>, PageError> {
    if matches!(context.view.status, VisitStatus::Voided | VisitStatus::LeftWithoutCare) {
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
        rule: rule.map(|rule| (lang.pick(rule.ja, rule.en).to_owned(), show::period(lang, rule.from, rule.to))),
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
        Action::CallOutageLookup | Action::UseDisasterMode | Action::AskWelfareOffice => Ok(String::new()),
    }
}

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

fn ask_for_card(context: &Context<'_>) -> Result<String, PageError> {
    let (card, none) = (EvidenceKind::MynaCardFace.code(), EvidenceKind::None.code());
    let shown = one_button(context, "paper", "card-shown", context.w.card_shown, &[("kind", card)])?;
    Ok(shown + &one_button(context, "paper", "no-card", context.w.no_card, &[("kind", none)])?)
}

fn read_card(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
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

fn attempts(context: &Context<'_>, kind: EvidenceKind, ways: &[Way], at_reader: bool) -> Result<String, PageError> {
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

fn one_button(
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

fn query(context: &Context<'_>) -> Result<String, PageError> {
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
pub(super) struct ReasonForm {
    head: Head,
    reason: Input,
    summary: Summary,
    go: &'static str,
    danger: bool,
}

/// A form that asks for nothing but a reason; `id` keeps several of them on one page apart.
pub(super) fn reason_form(
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
#[template(source = "<a class=\"button primary big\" href=\"{{ href }}\" data-do data-once>{{ label }}</a>", ext = "html")]
struct LinkButton {
    href: String,
    label: &'static str,
}

fn take_link(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    let href = format!("/visits/{}?take={}", context.view.visit, kind.code());
    render(&LinkButton { href, label: context.w.write_down })
}

fn declaration_link(context: &Context<'_>) -> Result<String, PageError> {
    let href = format!("/visits/{}/declaration", context.view.visit);
    render(&LinkButton { href, label: context.w.to_declaration })
}

fn register_card(context: &Context<'_>) -> Result<String, PageError> {
    let done = one_button(context, "card", "registered", context.w.registered_now, &[("card_registered", "yes")])?;
    let pin = [(EvidenceKind::MynaCardPin, AttemptOutcome::Forgotten, context.w.pin_forgotten)];
    Ok(done + &attempts(context, EvidenceKind::MynaCardPin, &pin, false)?)
}

fn add_on(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    if kind == EvidenceKind::SubsidyCertificate {
        return one_button(context, "paper", kind.code(), context.w.capture, &[("kind", kind.code())]);
    }
    take_link(context, kind)
}

/// Everything else that can be shown at the desk, for the picker (REQ-47).
pub(super) fn kinds(context: &Context<'_>) -> Vec<Kind> {
    use EvidenceKind::*;
    let lang = context.lang;
    let pharmacy = context.view.state.opened.as_ref().is_some_and(|opened| opened.site.kind == SiteKind::Pharmacy);
    let kind = |kind: EvidenceKind, picture, ja, en| Kind {
        code: kind.code(),
        label: match kind {
            CardPlusNotice => lang.pick("資格情報のお知らせ", "Eligibility notice"),
            InsuranceCardExpired => lang.pick("健康保険証", "Health insurance card"),
            MynaCardFace => lang.pick("マイナンバーカード", "My Number card"),
            kind => show::evidence(lang, kind),
        },
        hint: lang.pick(ja, en),
        picture,
        bare: is_bare(kind),
    };
    let mut kinds = vec![
        kind(MynaCardFace, "card", "プラスチックのカード、顔写真つき", "plastic, with a photo"),
        kind(
            EligibilityCertificate,
            "certificate",
            "「資格確認書」と印字。1枚で使える",
            "says 資格確認書; works alone",
        ),
        kind(
            CardPlusNotice,
            "notice",
            "「お知らせ」と印字。カードと一緒でないと使えない",
            "says お知らせ; needs the card",
        ),
        kind(CardPlusPortalScreen, "screen", "スマートフォンの画面とカード", "phone screen and card"),
        kind(CardPlusPortalPdf, "screen", "保存したPDF・印刷とカード", "saved or printed PDF and card"),
        kind(
            InsuranceCardExpired,
            "old-card",
            "2025年12月1日まで。期限切れは照会が要る",
            "to 2025-12-01; expired ones need a query",
        ),
        kind(PatientCardOnly, "none", "同じ月に一度カード等を見せた方", "shown once this month"),
        kind(MynaPhoneIphone, "screen", "読取機のある施設だけ", "only with the phone reader"),
        kind(MynaPhoneAndroid, "screen", "読取機のある施設だけ", "only with the phone reader"),
        kind(MedicalAssistanceTicket, "certificate", "生活保護の方の紙の券", "paper ticket of public assistance"),
        kind(SchoolTripCopy, "notice", "引率の先生が持参した書面・写し", "papers or copies from the teacher"),
        kind(NurseryCopy, "notice", "保育所等の職員が持参した書面・写し", "papers or copies from nursery staff"),
        kind(ElderlyRecipient, "certificate", "70〜74歳の負担割合", "share of people aged 70 to 74"),
        kind(LimitCertificate, "certificate", "限度額の区分", "class of the monthly ceiling"),
        kind(SubsidyCertificate, "certificate", "子ども医療証など", "children's subsidy and the like"),
    ];
    if pharmacy {
        kinds.push(kind(PrescriptionPaper, "notice", "処方箋だけで調剤できる", "enough for dispensing"));
        kinds.push(kind(PrescriptionElectronic, "screen", "引換番号", "exchange number"));
    }
    kinds
}

fn is_bare(kind: EvidenceKind) -> bool {
    !kind.is_document() && !matches!(kind, EvidenceKind::ElderlyRecipient | EvidenceKind::LimitCertificate)
}

fn render(template: &impl Template) -> Result<String, PageError> {
    template.render().map_err(|_| PageError::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_nothing_written_down_is_handed_in_bare() {
        assert!(is_bare(EvidenceKind::MynaCardFace));
        assert!(!is_bare(EvidenceKind::EligibilityCertificate));
        assert!(!is_bare(EvidenceKind::ElderlyRecipient));
    }
}
