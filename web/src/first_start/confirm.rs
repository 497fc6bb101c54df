//! The check before anything happens, and its button.

use super::{Held, Wizard, go_home, posted};
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{FirstChoice, FirstStep};
use crate::words::FirstStartWords;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderMap;

#[derive(Template)]
#[template(path = "first_start/check.html")]
struct CheckPage {
    page: Frame,
    w: &'static FirstStartWords,
    lines: Vec<super::shown::Line>,
    warnings: Vec<String>,
    notes: Vec<&'static str>,
    change: &'static str,
}

/// `GET /first-start/check`
pub(super) async fn show(State(wizard): State<Wizard>, headers: HeaderMap) -> Result<Response, PageError> {
    let Some((choice, checked)) = wizard.held().checked.clone() else { return Ok(go_home()) };
    if wizard.port.view().step != FirstStep::Choosing {
        return Ok(go_home());
    }
    let lang = Lang::of_request(&headers);
    let w = FirstStartWords::of(lang);
    let notes = match choice {
        FirstChoice::New(_) => vec![w.hub_later],
        FirstChoice::Restore(_) => vec![w.restored_log],
        FirstChoice::Join(_) | FirstChoice::Spare(_) => Vec::new(),
    };
    page(&CheckPage {
        page: wizard.frame(lang, "/first-start/check", w.check_title),
        lines: super::shown::lines(lang, &choice, &checked),
        warnings: checked.warnings.iter().map(|warning| lang.of(warning)).collect(),
        notes,
        change: form_of(&choice),
        w,
    })
}

/// `POST /first-start/check`: does it.
pub(super) async fn carry_out(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    let (lang, _) = posted(&wizard, request).await?;
    let Some((choice, _)) = wizard.held().checked.clone() else { return Ok(go_home()) };
    match wizard.port.carry_out(choice.clone()).await {
        Ok(()) => {
            *wizard.held() = Held::default();
            Ok(go_home())
        }
        Err(complaints) => {
            let mut typed = wizard.held().typed.clone();
            complaints.into_iter().for_each(|one| typed.refuse(one.at, one.why));
            super::refused(super::choices::show_form(&wizard, lang, form_of(&choice), &typed))
        }
    }
}

const fn form_of(choice: &FirstChoice) -> &'static str {
    match choice {
        FirstChoice::New(_) => "/first-start/new",
        FirstChoice::Join(_) => "/first-start/join",
        FirstChoice::Restore(_) => "/first-start/restore",
        FirstChoice::Spare(_) => "/first-start/spare",
    }
}
