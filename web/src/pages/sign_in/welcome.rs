//! Going on once somebody is signed in: to the page they asked for, or to the form whose session had ended.

use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::form::Carried;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::pages::go_on;
use crate::port::Session;
use crate::rights::home;
use crate::session::local_path;
use crate::words::SignInWords;
use askama::Template;
use axum::response::Response;
use http::HeaderValue;
use http::header::SET_COOKIE;

#[derive(Template)]
#[template(path = "resume.html")]
struct ResumePage {
    page: Frame,
    w: &'static SignInWords,
    to: String,
    hidden: Vec<(String, String)>,
}

/// Goes on under a new session: to what was handed in and waits, or to a page.
pub(in crate::pages) fn welcome(
    app: &App,
    lang: Lang,
    session: &Session,
    next: &str,
    carried: Option<Carried>,
) -> Result<Response, PageError> {
    let session_cookie = cookie::set(&app.settings, cookie::session_name(&app.settings), &session.token.0);
    let form_cookie = cookie::forget(&app.settings, cookie::form_name(&app.settings));
    let next = if next == "/" { home(session.role) } else { next };
    let waiting = || {
        let draft = app.drafts.take_sent(&session.account.author)?;
        Some(Carried { to: draft.sent_to?, fields: draft.fields })
    };
    let mut response = match carried.or_else(waiting) {
        None => go_on(next),
        Some(carried) => resume(app, lang, session, carried)?,
    };
    for cookie in [session_cookie, form_cookie] as [HeaderValue; 2] {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn resume(app: &App, lang: Lang, session: &Session, carried: Carried) -> Result<Response, PageError> {
    let w = SignInWords::of(lang);
    let frame = Frame::bare(app, lang, "/".to_owned(), w.resume_title).signed_in(session).held();
    page(&ResumePage { page: frame, w, to: local_path(&carried.to).to_owned(), hidden: carried.fields })
}
