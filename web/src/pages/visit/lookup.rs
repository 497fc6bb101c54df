//! Copying the result of the official outage or disaster screen: what it said, and who obtained it, when and how.

use super::{Context, Head};
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Check, Choice, CoverageForm, Input, Offer, Summary, Typed, read_coverage};
use crate::lang::Lang;
use crate::show;
use crate::words::VisitWords;
use askama::Template;
use domain::eligibility::{EligibilityStatus, PersonFace};
use domain::evidence::EvidenceKind;
use domain::lookup::{DisasterConsent, Lookup, SearchedBy, on_screen};
use domain::text::Text;
use domain::visit::{LookupEntered, VisitCommand};
use domain::{Date, Timestamp};

#[derive(Template)]
#[template(path = "step/lookup.html")]
struct LookupForm {
    w: &'static VisitWords,
    head: Head,
    title: &'static str,
    summary: Summary,
    kind: &'static str,
    status: Choice,
    compared: Check,
    coverage: CoverageForm,
    consent: Option<Choice>,
    searched_by: Choice,
    looked_up_by: Input,
    looked_up_at: Input,
    visit: String,
}

/// Name of the form.
pub(super) const FORM: &str = "lookup";

/// The screen that was being copied when its form was refused.
pub(super) fn refused_kind(context: &Context<'_>) -> Option<EvidenceKind> {
    let refused = context.refused.filter(|refused| refused.form == FORM)?;
    EvidenceKind::from_code(refused.typed.value("kind")).filter(|kind| Lookup::is_way(*kind))
}

/// The form for copying one of the screens.
pub(super) fn form(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    let lang = context.lang;
    let typed = begin_with(context);
    let choice = |field, offers| Choice::of(field, FORM, &typed, lang, offers).compact();
    let content = LookupForm {
        w: context.w,
        head: context.head("lookup", FORM),
        title: show::evidence(lang, kind),
        summary: Summary::of(FORM, &typed, lang),
        kind: kind.code(),
        status: choice(&SCREEN_SAID, statuses(lang)),
        compared: Check::of(&PERSON_COMPARED, FORM, &typed, lang),
        coverage: CoverageForm::of(FORM, &typed, lang),
        consent: (kind == EvidenceKind::DisasterMode).then(|| choice(&DISASTER_CONSENT, consents(lang))),
        searched_by: choice(&SEARCHED_BY, searches(lang)),
        looked_up_by: Input::of(&LOOKED_UP_BY, FORM, &typed, lang),
        looked_up_at: Input::of(&LOOKED_UP_AT, FORM, &typed, lang).moment(),
        visit: context.view.visit.to_string(),
    };
    content.render().map_err(|_| PageError::Broken)
}

/// What was typed; else whoever is signed in, now.
fn begin_with(context: &Context<'_>) -> Typed {
    if context.is_refused(FORM) {
        return context.typed(FORM);
    }
    let at = context.app.desk.now();
    let (hour, minute, _) = at.time_in_japan();
    Typed::prefilled([
        (LOOKED_UP_BY.name, context.me.clone()),
        (LOOKED_UP_AT.name, format!("{}T{hour:02}:{minute:02}", at.date_in_japan())),
    ])
}

fn statuses(lang: Lang) -> Vec<Offer> {
    EligibilityStatus::ALL.iter().map(|said| Offer::new(said.code(), show::eligibility(lang, *said))).collect()
}

fn searches(lang: Lang) -> Vec<Offer> {
    SearchedBy::ALL.iter().map(|by| Offer::new(by.code(), show::searched_by(lang, *by))).collect()
}

fn consents(lang: Lang) -> Vec<Offer> {
    DisasterConsent::ALL.iter().map(|given| Offer::new(given.code(), show::disaster_consent(lang, *given))).collect()
}

/// Reads the form into the command; complaints go to the fields.
pub(super) fn read(typed: &mut Typed, visit_date: Date, now: Timestamp) -> Vec<VisitCommand> {
    let kind = EvidenceKind::from_code(typed.value("kind")).filter(|kind| Lookup::is_way(*kind));
    let status = typed.required_code(&SCREEN_SAID, EligibilityStatus::from_code);
    let person_compared = typed.is_ticked(PERSON_COMPARED.name);
    let coverage = read_coverage(typed);
    let searched_by = typed.required_code(&SEARCHED_BY, SearchedBy::from_code);
    let consent = typed.code(&DISASTER_CONSENT, DisasterConsent::from_code);
    let looked_up_by = typed.required(&LOOKED_UP_BY);
    let looked_up_at = read_moment(typed);
    let (Some(kind), Some(status), Some(searched_by), Some(looked_up_by), Some(looked_up_at)) =
        (kind, status, searched_by, looked_up_by, looked_up_at)
    else {
        return Vec::new();
    };
    let answer = on_screen(status, visit_date, looked_up_at, PersonFace::EMPTY, coverage);
    let lookup = Lookup { kind, answer, searched_by, person_compared, looked_up_by, looked_up_at, consent };
    if let Some((at, why)) = lookup.fault(now) {
        typed.refuse(field_of(at), why);
    }
    vec![VisitCommand::EnterLookup(LookupEntered { lookup })]
}

fn read_moment(typed: &mut Typed) -> Option<Timestamp> {
    let text = typed.required(&LOOKED_UP_AT)?;
    let at = Timestamp::parse(&format!("{text}+09:00"));
    if at.is_none() {
        let why = Text::new("照会した日時を選んでください。", "Choose day and time of the look-up.");
        typed.refuse(LOOKED_UP_AT.name, why);
    }
    at
}

/// The field that the rules' "at" speaks of; nothing = the form as a whole.
pub(super) fn field_of(at: &str) -> &'static str {
    let fields = [&INSURER_NUMBER, &OVERRIDE_REASON, &PERSON_COMPARED, &LOOKED_UP_BY, &LOOKED_UP_AT, &DISASTER_CONSENT];
    match at {
        "person" => PERSON_COMPARED.name,
        "consent" => DISASTER_CONSENT.name,
        at => fields.into_iter().map(|field| field.name).find(|name| *name == at).unwrap_or_default(),
    }
}
