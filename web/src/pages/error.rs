//! Error pages with ways back to work.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page as render};
use crate::lang::Lang;
use crate::port::Look;
use crate::rights::home;
use askama::Template;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Frame,
    why: &'static str,
    ways: Vec<(String, &'static str)>,
}

/// The page for an error, in the language of the request and the look of whoever is signed in.
pub fn page(app: &App, lang: Lang, look: Look, path: String, error: &PageError) -> Response {
    let mut frame = Frame { look, ..Frame::bare(app, lang, "/".to_owned(), "") };
    let w = frame.w;
    let (title, why) = match error {
        PageError::NotFound => (w.not_found, w.not_found_why),
        PageError::WrongMethod => (w.wrong_method, w.wrong_method_why),
        PageError::FormExpired | PageError::SignInNeeded { .. } => (w.form_expired, w.form_expired_why),
        PageError::NotAllowed(_) => (w.not_allowed, w.not_allowed_why),
        PageError::AlreadySent => (w.already_sent, w.already_sent_why),
        PageError::TooLarge => (w.too_large, w.too_large_why),
        PageError::BadForm => (w.bad_form, w.bad_form_why),
        PageError::TooMany => (w.too_many, w.too_many_why),
        PageError::Unavailable => (w.unavailable, w.unavailable_why),
        PageError::Broken => (w.broken, w.broken_why),
    };
    frame.title = title.to_owned();
    let mut ways = vec![("/".to_owned(), w.back_to_board), ("/check-in".to_owned(), w.new_check_in)];
    if let PageError::NotAllowed(role) = error {
        ways = vec![(home(*role).to_owned(), w.go_home), ("/switch".to_owned(), w.switch)];
    }
    if let (PageError::AlreadySent | PageError::FormExpired | PageError::WrongMethod, Some(visit)) =
        (error, visit_of(&path))
    {
        ways.insert(0, (visit, w.reload));
    }
    let status = error.status();
    match render(&ErrorPage { page: frame, why, ways }) {
        Ok(response) => (status, response).into_response(),
        Err(_) => status.into_response(),
    }
}

fn visit_of(path: &str) -> Option<String> {
    let id = path.strip_prefix("/visits/")?.split('/').next()?;
    let fine = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fine.then(|| format!("/visits/{id}"))
}
