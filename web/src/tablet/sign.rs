//! The answers once more, and the signature, bound to exactly that text: when it is no longer the text the patient saw, it is shown again.

use super::fill::{keep, typed_of};
use super::here::{TabletHere, TabletPosted, call_staff, tablets, the_box, unavailable};
use super::page::{Shell, go, show};
use super::step::{self, RATIO_UNKNOWN, Step};
use super::text::{Answered, answers, seen};
use super::words::TabletWords;
use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::form::fields::{RATIO, STROKES};
use crate::pages::declaration::reading;
use crate::port::{Account, DeskCommand, IdempotencyKey, SubmitError, TabletChange, TabletForm};
use crate::token;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Timestamp;
use domain::declaration::Declaration;
use domain::visit::{DeclarationTaken, VisitCommand};

#[derive(Template)]
#[template(path = "tablet/review.html")]
struct ReviewPage {
    t: Shell,
    form_no: String,
    rows: Vec<Answered>,
    /// it was shown before and has changed since
    changed: bool,
    /// the first page on which something is missing
    missing: Option<String>,
}

#[derive(Template)]
#[template(path = "tablet/sign.html")]
struct SignPage {
    t: Shell,
    form_no: String,
    shown: String,
    rendered_ms: i64,
    strokes: String,
    complaint: Option<&'static str>,
}

/// The declaration as the answers make it, what it is signed as, and where something is missing.
struct Draft {
    declaration: Option<Declaration>,
    hash: String,
    missing: Option<Step>,
}

fn draft(form: &TabletForm, mut typed: Typed, now: Timestamp) -> Draft {
    typed.set("form_no", form.form_no.clone());
    if typed.value(RATIO.name) == RATIO_UNKNOWN {
        typed.forget(RATIO.name);
    }
    let text = seen(form);
    let declaration = reading::read(&mut typed, now, &text);
    let problem = typed.problems().iter().find(|problem| problem.field != STROKES.name);
    let missing = problem.map(|problem| Step::of_field(&problem.field).unwrap_or(Step::Name));
    let hash = declaration.as_ref().map(|declaration| reading::content_hash(declaration, &text)).unwrap_or_default();
    Draft { declaration, hash, missing }
}

/// `GET /tablet/review`
pub async fn review(State(app): State<App>, here: TabletHere) -> Result<Response, PageError> {
    let Some(form) = here.form.clone() else { return Ok(go("/tablet")) };
    show_review(&app, &here, form, false).await
}

async fn show_review(app: &App, here: &TabletHere, form: TabletForm, changed: bool) -> Result<Response, PageError> {
    let form = TabletForm { step: Step::Review.code().to_owned(), ..form };
    if !keep(app, here, form.clone()).await? {
        return Ok(go("/tablet"));
    }
    let draft = draft(&form, typed_of(&form), app.desk.now());
    show(&ReviewPage {
        t: Shell::of(app, here, Step::Review, |w| w.review_title),
        rows: answers(&form),
        form_no: form.form_no,
        changed,
        missing: draft.missing.map(|step| format!("{}?review=1", step.path())),
    })
}

/// `GET /tablet/sign`
pub async fn sign(State(app): State<App>, here: TabletHere) -> Result<Response, PageError> {
    let Some(form) = here.form.clone() else { return Ok(go("/tablet")) };
    let form = TabletForm { step: Step::Sign.code().to_owned(), ..form };
    if draft(&form, typed_of(&form), app.desk.now()).missing.is_some() {
        return Ok(go("/tablet/review"));
    }
    if !keep(&app, &here, form.clone()).await? {
        return Ok(go("/tablet"));
    }
    show_sign(&app, &here, &form, &Typed::default(), None)
}

fn show_sign(
    app: &App,
    here: &TabletHere,
    form: &TabletForm,
    typed: &Typed,
    complaint: Option<&'static str>,
) -> Result<Response, PageError> {
    let now = app.desk.now();
    let rendered = typed.value("rendered_ms").parse().unwrap_or(now.as_ms());
    show(&SignPage {
        t: Shell::of(app, here, Step::Sign, |w| w.sign_title).with_form(),
        form_no: form.form_no.clone(),
        shown: draft(form, typed_of(form), now).hash,
        rendered_ms: rendered,
        strokes: reading::clean_strokes(typed.value(STROKES.name)).unwrap_or_default(),
        complaint,
    })
}

/// `POST /tablet/sign`
pub async fn hand_in(State(app): State<App>, posted: TabletPosted) -> Result<Response, PageError> {
    let TabletPosted { here, typed } = posted;
    let Some(form) = here.form.clone().filter(|form| form.form_no == typed.value("form")) else {
        return Ok(go("/tablet"));
    };
    match typed.value("go") {
        "hand-in" => {}
        "call" => {
            call_staff(&app, &here).await?;
            return show_called(&app, &here, &form, &typed);
        }
        "idle" => return Ok(go("/tablet/still-there")),
        "language" => return Ok(go("/tablet/language")),
        _ => return Ok(go("/tablet/review")),
    }
    let mut answers = typed_of(&form);
    for name in [STROKES.name, "rendered_ms", "signed_after_ms"] {
        answers.set(name, typed.value(name));
    }
    let w = TabletWords::of(step::tongue(&form));
    let draft = draft(&form, answers, app.desk.now());
    if draft.missing.is_some() || !token::same(typed.value("shown"), &draft.hash) {
        return show_review(&app, &here, form, true).await;
    }
    let Some(declaration) = draft.declaration.filter(|declaration| declaration.signature.is_some()) else {
        return show_sign(&app, &here, &form, &typed, Some(w.need_signature));
    };
    match submit(&app, &here, &form, declaration).await {
        // handed in before, and its reply was lost
        Ok(_) | Err(SubmitError::KeyReused) => {
            let change = TabletChange::Drop(form.visit.clone());
            tablets(&app)?.change(&the_box(&here.tablet), change).await.map_err(unavailable)?;
            Ok(go(&format!("/tablet/thanks?lang={}", form.tongue)))
        }
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a declaration of a tablet was not taken");
            show_sign(&app, &here, &form, &typed, Some(w.failed))
        }
    }
}

fn show_called(app: &App, here: &TabletHere, form: &TabletForm, typed: &Typed) -> Result<Response, PageError> {
    let tablet = crate::port::Tablet { called_at: Some(app.desk.now()), ..here.tablet.clone() };
    show_sign(app, &TabletHere { tablet, ..here.clone() }, form, typed, None)
}

/// The same command as at the desk, in the name of whoever handed the tablet over.
async fn submit(
    app: &App,
    here: &TabletHere,
    form: &TabletForm,
    declaration: Declaration,
) -> Result<crate::port::Saved, SubmitError> {
    let by = Account { counter: here.tablet.name.clone(), ..Account::new(form.by.clone(), "") };
    let key = IdempotencyKey(format!("tablet-{}", form.form_no));
    let taken = VisitCommand::TakeDeclaration(DeclarationTaken { declaration });
    let command = DeskCommand::Visit { visit: form.visit.clone(), commands: vec![taken] };
    app.desk.submit(&by, Some(key), command).await
}
