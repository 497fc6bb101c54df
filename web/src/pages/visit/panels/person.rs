//! Who it is, and the forms that note more about the person.

use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer, PayersForm, Typed, show_payers};
use crate::pages::check_in::sexes;
use crate::pages::visit::steps::lost_card;
use crate::pages::visit::{Context, Head};
use crate::port::VisitView;
use crate::show;
use domain::case::Companion;
use domain::public_payer::PublicPayer;
use domain::visit::VisitStatus;

/// The patient's line.
pub struct Who {
    pub name: String,
    pub kana: String,
    pub birth: String,
    pub sex: &'static str,
    pub number: String,
    pub care: String,
    pub patient: Option<String>,
    pub companion: &'static str,
    pub opened: String,
    pub flow: &'static str,
}

/// The name to print.
fn name_of(view: &VisitView) -> Option<String> {
    let on_file = view.patient.as_ref().and_then(|patient| patient.state.display_name());
    let shown = view.state.person.as_ref().and_then(|person| person.name.as_deref());
    on_file.or(shown).map(str::to_owned)
}

pub fn who(context: &Context<'_>) -> Who {
    let (view, lang) = (context.view, context.lang);
    let person = view.state.person.as_ref();
    let name = name_of(view);
    let patient = view.patient.as_ref();
    let opened = view.state.opened.as_ref();
    Who {
        name: name.unwrap_or_else(|| context.w.unknown_name.to_owned()),
        kana: person.and_then(|p| p.name_kana.clone()).unwrap_or_default(),
        birth: person
            .and_then(|p| p.birth_date)
            .map_or_else(|| context.w.no_birth.to_owned(), |birth| show::birth(lang, birth, context.day)),
        sex: person.and_then(|p| p.sex).map_or("", |sex| show::sex(lang, sex)),
        number: patient.and_then(|p| p.state.patient_number.clone()).unwrap_or_default(),
        care: patient.and_then(|p| p.state.care_note.clone()).unwrap_or_default(),
        patient: view.state.patient.as_ref().map(ToString::to_string),
        companion: view.state.companion.map_or("", |companion| show::companion(lang, companion)),
        opened: show::moment(lang, view.state.opened_at, context.app.desk.today()),
        flow: opened.map_or("", |opened| show::flow(lang, opened.flow)),
    }
}

/// Forms for what else can be noted.
pub struct Notes {
    pub possible: bool,
    pub open: bool,
    pub person_head: Head,
    pub person: Vec<Input>,
    pub sex: Choice,
    pub companion_head: Head,
    pub companion: Choice,
    pub companion_name: Input,
    pub payers_head: Head,
    pub payers: PayersForm,
    /// a prescription named payers that wait to be compared with the certificate
    pub payers_to_compare: bool,
    pub card_head: Head,
    pub expiry: Input,
    pub registered: Choice,
    /// buttons to say that the card is lost, as long as nobody has
    pub lost: String,
}

pub fn notes(context: &Context<'_>) -> Result<Notes, PageError> {
    let (lang, w) = (context.lang, context.w);
    let typed = |form| context.typed(form);
    let person = person_typed(context);
    let companions =
        Companion::ALL.iter().map(|who| Offer::new(who.code(), show::companion(lang, *who))).collect::<Vec<_>>();
    let registered =
        vec![Offer::new("yes", w.registered), Offer::new("no", w.not_registered), Offer::new("", w.not_known)];
    let to_compare = context.view.state.payers_named.as_slice();
    let fields = [&NAME, &NAME_KANA, &BIRTH_DATE, &ADDRESS];
    let lost = if context.view.state.card_lost.is_none() { lost_card(context)? } else { String::new() };
    Ok(Notes {
        lost,
        possible: !matches!(context.view.status, VisitStatus::Voided | VisitStatus::Merged),
        open: !to_compare.is_empty()
            || ["person", "companion", "card", "payers"].into_iter().any(|form| context.is_refused(form)),
        person_head: context.head("person", "person"),
        person: fields.into_iter().map(|field| Input::of(field, "person", &person, lang)).collect(),
        sex: Choice::of(&SEX, "person", &person, lang, sexes(lang)).compact(),
        companion_head: context.head("companion", "companion"),
        companion: Choice::of(&COMPANION, "companion", &typed("companion"), lang, companions).compact(),
        companion_name: Input::of(&COMPANION_NAME, "companion", &typed("companion"), lang),
        payers_head: context.head("payers", "payers"),
        payers: PayersForm::of("payers", PublicPayer::MOST, to_compare, &payers_typed(context), lang),
        payers_to_compare: !to_compare.is_empty(),
        card_head: context.head("card", "card"),
        expiry: Input::of(&CERTIFICATE_EXPIRY, "card", &typed("card"), lang),
        registered: Choice::of(&CARD_REGISTERED, "card", &typed("card"), lang, registered).compact(),
    })
}

fn payers_typed(context: &Context<'_>) -> Typed {
    if context.is_refused("payers") {
        return context.typed("payers");
    }
    let state = &context.view.state;
    let known = if state.payers_named.is_empty() { &state.public_payers } else { &state.payers_named };
    Typed::prefilled(show_payers(known))
}

fn person_typed(context: &Context<'_>) -> Typed {
    if context.is_refused("person") {
        return context.typed("person");
    }
    let person = context.view.state.person.clone();
    let values = person.map(|person| {
        [
            (NAME.name, person.name),
            (NAME_KANA.name, person.name_kana),
            (BIRTH_DATE.name, person.birth_date.map(|birth| birth.to_string())),
            (SEX.name, person.sex.map(|sex| sex.code().to_owned())),
            (ADDRESS.name, person.address),
        ]
    });
    let known = values.into_iter().flatten().filter_map(|(name, value)| Some((name, value?)));
    Typed::prefilled(known)
}
