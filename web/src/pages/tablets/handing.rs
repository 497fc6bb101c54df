//! A declaration goes to a tablet, comes back, is printed as far as it is written, or is thrown away.

use super::panel::half_of;
use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::form::fields::*;
use crate::lang::Lang;
use crate::pages::declaration::{self, reading};
use crate::pages::{go_on, prints};
use crate::port::{TabletChange, TabletForm, VisitView};
use crate::prints::half_filled;
use crate::session::{Posted, SignedIn};
use crate::tablet::{self, unavailable};
use crate::token;
use crate::words::TabletStaffWords;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::era::parse_era_date;
use domain::fact::VisitId;
use domain::number::looks_like_my_number;
use domain::text::Text;

/// What goes to a tablet of what is known, in the order of the form. Consents are the patient's own to give.
const CARRIED: [&crate::form::Field; 19] = [
    &NAME,
    &NAME_KANA,
    &BIRTH_DATE,
    &SEX,
    &INSURANCE_KIND,
    &WORKPLACE,
    &INSURER_NAME,
    &DOCUMENT_ISSUED,
    &ISSUED_WHEN,
    &REMEMBERED_SYMBOL,
    &REMEMBERED_NUMBER,
    &POSTAL_CODE,
    &ADDRESS,
    &PHONE,
    &OTHER_CONTACT,
    &RATIO,
    &SIGNER,
    &SIGNER_NAME,
    &RELATION,
];

/// `POST /visits/{visit}/tablet`: hand over, take back, throw away.
pub async fn of_visit(
    State(app): State<App>,
    Path(visit): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let visit = VisitId::new(visit);
    let port = tablet::tablets(&app)?;
    let by = &who.session.account;
    let form_path = format!("/visits/{visit}/declaration");
    match typed.value("do") {
        "take" => {
            port.change(by, TabletChange::PutAway(visit)).await.map_err(unavailable)?;
            return Ok(go_on(&form_path));
        }
        "drop" => {
            port.change(by, TabletChange::Drop(visit)).await.map_err(unavailable)?;
            return Ok(go_on("/tablets"));
        }
        _ => {}
    }
    let view = declaration::read_visit(&app, &visit).await?;
    let half = half_of(&app, &visit).await?;
    let form = form_for(&app, &who, &view, half, &typed);
    if port.change(by, TabletChange::Hand(Box::new(form))).await.map_err(unavailable)? {
        return Ok(go_on(&form_path));
    }
    let (ja, en) = (TabletStaffWords::of(Lang::Ja), TabletStaffWords::of(Lang::En));
    let mut typed = typed;
    typed.refuse("", Text::new(ja.busy, en.busy));
    declaration::show_page(&app, &who, &view, &typed, None).await
}

/// The declaration as it goes to the tablet: what is on file, under what was written there before, under what was just typed here.
fn form_for(app: &App, who: &SignedIn, view: &VisitView, half: Option<TabletForm>, typed: &Typed) -> TabletForm {
    let (today, now) = (app.desk.today(), app.desk.now());
    let mut known = declaration::begin_with(view, today);
    if let Some(half) = &half {
        overlay(&mut known, half);
    }
    for field in CARRIED {
        let value = typed.value(field.name).trim();
        if !value.is_empty() && !looks_like_my_number(value) && !value.contains(char::is_control) {
            known.set(field.name, value.chars().take(field.max).collect::<String>());
        }
    }
    let birth = parse_era_date(known.value(BIRTH_DATE.name)).map(|parsed| parsed.date.to_string());
    known.set(BIRTH_DATE.name, birth.unwrap_or_default());
    let mut answers: Vec<(String, String)> =
        CARRIED.iter().map(|field| (field.name.to_owned(), known.value(field.name).to_owned())).collect();
    if let Some(half) = &half {
        let consents = half.answers.iter().filter(|(name, _)| name.starts_with("consent_"));
        answers.extend(consents.cloned());
    }
    let shown = half.as_ref().map_or(typed.value("form_no"), |half| half.form_no.as_str());
    TabletForm {
        visit: view.visit.clone(),
        form_no: reading::form_no(shown, today, &token::random()),
        tablet: Some(typed.value("tablet").to_owned()),
        tongue: half.as_ref().map_or_else(|| "ja".to_owned(), |half| half.tongue.clone()),
        step: half.as_ref().map_or_else(|| "language".to_owned(), |half| half.step.clone()),
        answers,
        by: who.session.account.author.clone(),
        handed_at: half.map_or(now, |half| half.handed_at),
        changed_at: now,
    }
}

/// Puts what was written on the tablet over what is known.
pub fn overlay(typed: &mut Typed, half: &TabletForm) {
    for (name, value) in half.answers.iter().filter(|(_, value)| !value.is_empty()) {
        let value = match name.as_str() {
            "birth_date" => domain::Date::parse(value).map_or_else(|| value.clone(), domain::era::kanji_form),
            "ratio" if value == tablet::RATIO_UNKNOWN => String::new(),
            _ => value.clone(),
        };
        typed.set(name, value);
    }
    typed.set("form_no", half.form_no.clone());
}

/// `GET /visits/{visit}/tablet/paper`: as far as it is written, with the same number, to be finished and signed by hand.
pub async fn paper(State(app): State<App>, who: SignedIn, Path(visit): Path<String>) -> Result<Response, PageError> {
    let view = declaration::read_visit(&app, &VisitId::new(visit)).await?;
    let half = half_of(&app, &view.visit).await?.ok_or(PageError::NotFound)?;
    prints::set(&app, &who, "declaration", half_filled(&view, &half.form_no, &half.answers)).await
}
