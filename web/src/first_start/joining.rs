//! Coming into a facility: the digits, waiting for the other box, going on after a cut; and the last page of all.

use super::fields::{ADDRESS, JOIN_CODE};
use super::{HOME, Wizard, go_home, posted, refused};
use crate::error::PageError;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DigitsQuestion, FirstStep};
use crate::words::FirstStartWords;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::text::Text;

#[derive(Template)]
#[template(path = "first_start/digits.html")]
struct DigitsPage {
    page: Frame,
    w: &'static FirstStartWords,
    lead: &'static str,
    question: Option<DigitsQuestion>,
    said: Option<String>,
    again: bool,
}

#[derive(Template)]
#[template(path = "first_start/begun.html")]
struct BegunPage {
    page: Frame,
    w: &'static FirstStartWords,
    lead: &'static str,
    said: Option<String>,
    summary: Summary,
    fields: Vec<String>,
}

#[derive(Template)]
#[template(path = "first_start/done.html")]
struct DonePage {
    page: Frame,
    w: &'static FirstStartWords,
    elsewhere: Option<String>,
}

/// The page of what is under way.
pub(super) fn under_way(
    wizard: &Wizard,
    lang: Lang,
    step: FirstStep,
    said: Option<Text>,
) -> Result<Response, PageError> {
    let w = FirstStartWords::of(lang);
    let said = said.map(|said| lang.of(&said));
    let waiting = |question: Option<DigitsQuestion>, said| DigitsPage {
        page: wizard.frame(lang, HOME, w.wait_title),
        lead: w.wait_lead,
        question,
        said,
        again: true,
        w,
    };
    match step {
        FirstStep::Digits(question) if question.confirmed => page(&waiting(Some(question), said)),
        FirstStep::Digits(question) => page(&DigitsPage {
            page: wizard.frame(lang, HOME, w.digits_title),
            lead: w.digits_lead,
            question: Some(question),
            said,
            again: false,
            w,
        }),
        FirstStep::Choosing | FirstStep::Joining => page(&waiting(None, said)),
        FirstStep::JoinBegun { address, has_met } => {
            let typed = Typed::prefilled([(ADDRESS.name, address)]);
            begun(wizard, lang, has_met, said, &typed)
        }
        FirstStep::Done { elsewhere } => {
            wizard.port.was_seen();
            page(&DonePage { page: wizard.frame(lang, HOME, w.done_title), elsewhere, w })
        }
    }
}

fn begun(
    wizard: &Wizard,
    lang: Lang,
    has_met: bool,
    said: Option<String>,
    typed: &Typed,
) -> Result<Response, PageError> {
    let w = FirstStartWords::of(lang);
    let input = |field| Input::of(field, "first", typed, lang);
    let mut fields = vec![input(&ADDRESS).to_string()];
    if !has_met {
        fields.push(input(&JOIN_CODE).digits().focus(typed.is_fine()).to_string());
    }
    page(&BegunPage {
        page: wizard.frame(lang, HOME, w.join_begun),
        lead: if has_met { w.join_met } else { w.join_ready },
        said,
        summary: Summary::of("first", typed, lang),
        fields,
        w,
    })
}

/// `POST /first-start/digits`
pub(super) async fn answer(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    let (_, typed) = posted(&wizard, request).await?;
    // a question that is gone has its reason on the next page
    wizard.port.answer(typed.value("question"), typed.value("same") == "yes");
    Ok(go_home())
}

/// `POST /first-start/go-on`
pub(super) async fn go_on(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    let (lang, mut typed) = posted(&wizard, request).await?;
    let FirstStep::JoinBegun { has_met, .. } = wizard.port.view().step else { return Ok(go_home()) };
    let address = typed.required(&ADDRESS);
    let code = if has_met { Some(String::new()) } else { typed.required(&JOIN_CODE) };
    if let (Some(address), Some(code)) = (address, code) {
        match wizard.port.go_on(address, code).await {
            Ok(()) => return Ok(go_home()),
            Err(complaints) => complaints.into_iter().for_each(|one| typed.refuse(one.at, one.why)),
        }
    }
    refused(begun(&wizard, lang, has_met, None, &typed))
}

/// `POST /first-start/give-up`
pub(super) async fn give_up(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    posted(&wizard, request).await?;
    if let Err(complaints) = wizard.port.give_up().await {
        tracing::error!(count = complaints.len(), "what was begun could not be taken away");
        return Err(PageError::Unavailable);
    }
    Ok(go_home())
}
