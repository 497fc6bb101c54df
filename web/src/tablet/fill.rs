//! One question on a page: what it shows, what it takes, and where it goes on. Whatever is typed is kept in the box before anything else
//! is shown, whichever button was pressed.

mod check;
mod parts;

use super::here::{TabletHere, TabletPosted, call_staff, tablets, the_box, unavailable};
use super::page::{IDLE_AT_FIRST_S, Shell, go, show};
use super::step::{self, Step};
use super::tongue::Tongue;
use super::words::TabletWords;
use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::port::{TabletChange, TabletForm};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use check::{Complaint, check};
use domain::number::looks_like_my_number;
use parts::{Part, parts};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tablet/language.html")]
struct LanguagePage {
    t: Shell,
    tongues: [Tongue; 7],
    chosen: Tongue,
}

#[derive(Template)]
#[template(path = "tablet/question.html")]
struct QuestionPage {
    t: Shell,
    action: String,
    is_intro: bool,
    /// after it, back to the review
    from_review: bool,
    complaints: Vec<&'static str>,
    parts: Vec<Part>,
}

/// From where a question was opened.
#[derive(Deserialize)]
pub struct From {
    review: Option<String>,
}

/// `GET /tablet/language`
pub async fn language(State(app): State<App>, here: TabletHere) -> Result<Response, PageError> {
    let Some(form) = here.form.as_ref() else { return Ok(go("/tablet")) };
    let chosen = step::tongue(form);
    let t = Shell::of(&app, &here, Step::Language, |w| w.language_title);
    show(&LanguagePage { t: Shell { idle_s: IDLE_AT_FIRST_S, ..t }, tongues: Tongue::ALL, chosen })
}

/// `POST /tablet/language`: on to the first question, or to where it was.
pub async fn begin(State(app): State<App>, posted: TabletPosted) -> Result<Response, PageError> {
    let TabletPosted { here, typed } = posted;
    let Some(form) = here.form.clone() else { return Ok(go("/tablet")) };
    if typed.value("go") == "idle" {
        return Ok(go("/tablet/still-there"));
    }
    let tongue = Tongue::from_code(typed.value("lang")).ok_or(PageError::BadForm)?;
    let at = Step::from_code(&form.step).filter(|step| *step != Step::Language).unwrap_or(Step::Intro);
    let form = TabletForm { tongue: tongue.code().to_owned(), step: at.code().to_owned(), ..form };
    keep(&app, &here, form).await?;
    Ok(go(&at.path()))
}

/// `GET /tablet/question/{step}`
pub async fn question(
    State(app): State<App>,
    here: TabletHere,
    Path(step): Path<String>,
    from: Query<From>,
) -> Result<Response, PageError> {
    let step = Step::from_code(&step).filter(|step| step.is_question()).ok_or(PageError::NotFound)?;
    let Some(form) = here.form.clone() else { return Ok(go("/tablet")) };
    let typed = typed_of(&form);
    show_question(&app, &here, &form, step, &typed, &[], from.review.is_some()).await
}

/// `POST /tablet/question/{step}`
pub async fn answer(
    State(app): State<App>,
    Path(step): Path<String>,
    posted: TabletPosted,
) -> Result<Response, PageError> {
    let TabletPosted { here, typed } = posted;
    let step = Step::from_code(&step).filter(|step| step.is_question()).ok_or(PageError::NotFound)?;
    let Some(form) = here.form.clone().filter(|form| form.form_no == typed.value("form")) else {
        return Ok(go("/tablet"));
    };
    let w = TabletWords::of(step::tongue(&form));
    let mut typed = only(step, &typed);
    let complaints = check(step, &mut typed, w, app.desk.today());
    let from_review = typed.is_ticked("review");
    let goes = typed.value("go").to_owned();
    let is_next = goes == "next";
    let mut form = take(form, step, &typed);
    let next = match goes.as_str() {
        "next" if !complaints.is_empty() => step,
        "next" if from_review && step != Step::Kind => Step::Review,
        "next" if from_review && !pages_hold(&form, Step::Insurer) => Step::Review,
        "next" => step.next(&form),
        "back" if from_review => Step::Review,
        "back" => step.before(&form),
        _ => step,
    };
    if next != Step::Language {
        form.step = next.code().to_owned();
    }
    if !keep(&app, &here, form.clone()).await? {
        return Ok(go("/tablet"));
    }
    match goes.as_str() {
        "next" if !complaints.is_empty() => {
            show_question(&app, &here, &form, step, &typed, &complaints, from_review).await
        }
        "call" => {
            call_staff(&app, &here).await?;
            Ok(go(&step.path()))
        }
        "idle" => Ok(go("/tablet/still-there")),
        "language" => Ok(go("/tablet/language")),
        _ if is_next && from_review && next != Step::Review => Ok(go(&format!("{}?review=1", next.path()))),
        _ => Ok(go(&next.path())),
    }
}

fn pages_hold(form: &TabletForm, step: Step) -> bool {
    step::pages(form).contains(&step)
}

/// The fields of a page and what steers it; nothing else that was sent.
fn only(step: Step, sent: &Typed) -> Typed {
    let steering = ["go", "review", parts::YEAR, parts::MONTH, parts::DAY];
    let names = step.fields().iter().map(|field| field.name).chain(steering);
    Typed::prefilled(names.map(|name| (name, sent.value(name).chars().filter(|c| !c.is_control()).collect())))
}

/// Takes what a page sent into the declaration: what looks like a My Number never.
fn take(mut form: TabletForm, step: Step, typed: &Typed) -> TabletForm {
    for field in step.fields() {
        let value: String = typed.value(field.name).trim().chars().take(field.max).collect();
        let value = if looks_like_my_number(&value) { String::new() } else { value };
        step::set(&mut form, field.name, value);
    }
    form
}

/// Keeps the declaration; `false` when it is no longer on this tablet.
pub async fn keep(app: &App, here: &TabletHere, form: TabletForm) -> Result<bool, PageError> {
    let change = TabletChange::Keep(Box::new(form));
    tablets(app)?.change(&the_box(&here.tablet), change).await.map_err(unavailable)
}

/// The answers so far, as a form has them.
pub fn typed_of(form: &TabletForm) -> Typed {
    let pairs = form.answers.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
    Typed::new(pairs).unwrap_or_default()
}

async fn show_question(
    app: &App,
    here: &TabletHere,
    form: &TabletForm,
    step: Step,
    typed: &Typed,
    complaints: &[Complaint],
    from_review: bool,
) -> Result<Response, PageError> {
    let visit = form.visit.clone();
    let day = match step {
        Step::Ratio => app.read(move |desk| desk.visit(&visit)).await?.and_then(|view| view.state.visit_date()),
        _ => None,
    };
    let today = app.desk.today();
    let here = TabletHere { form: Some(form.clone()), ..here.clone() };
    let t = Shell::of(app, &here, step, title(step)).with_form();
    let t = if step == Step::Intro { Shell { idle_s: IDLE_AT_FIRST_S, ..t } } else { t };
    let mut said: Vec<&'static str> = complaints.iter().map(|complaint| complaint.words).collect();
    said.dedup();
    show(&QuestionPage {
        parts: parts(step, t.w, form, typed, complaints, today, day.unwrap_or(today)),
        action: step.path(),
        is_intro: step == Step::Intro,
        from_review,
        complaints: said,
        t,
    })
}

fn title(step: Step) -> fn(&TabletWords) -> &'static str {
    match step {
        Step::Intro => |w| w.intro_title,
        Step::Name => |w| w.name_title,
        Step::Birth => |w| w.birth_title,
        Step::Sex => |w| w.sex_title,
        Step::Kind => |w| w.kind_title,
        Step::Insurer => |w| w.insurer_title,
        Step::Papers => |w| w.papers_title,
        Step::Address => |w| w.address_title,
        Step::Phone => |w| w.phone_title,
        Step::Ratio => |w| w.ratio_title,
        Step::Signer => |w| w.signer_title,
        Step::Language => |w| w.language_title,
        Step::Review => |w| w.review_title,
        Step::Sign => |w| w.sign_title,
    }
}
