//! What stands around every page of the tablet.

use super::Step;
use super::here::TabletHere;
use super::ruby;
use super::step::{progress_at, tongue};
use super::tongue::Tongue;
use super::words::TabletWords;
use crate::app::App;
use crate::assets;
use crate::error::PageError;
use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};

/// Around every page.
pub struct Shell {
    pub tongue: Tongue,
    pub w: &'static TabletWords,
    /// with readings
    pub title: &'static str,
    pub site_name: String,
    pub demo: bool,
    pub version: &'static str,
    pub csrf: String,
    /// what is on the tablet while this page is shown; empty where it does not matter
    pub state: String,
    pub progress: Option<(usize, usize)>,
    /// somebody called and nobody has come yet
    pub called: bool,
    /// the tablet is paired: it can call
    pub can_call: bool,
    /// the page has a form that keeps what was typed before anything else is done
    pub has_form: bool,
    /// seconds without a touch before it asks whether anybody is there; 0 = never
    pub idle_s: u32,
}

/// Without a touch on a page with answers.
const IDLE_S: u32 = 60;
/// Without a touch before anything was answered: the tablet is still being carried to the patient.
pub const IDLE_AT_FIRST_S: u32 = 180;

impl Shell {
    /// A page without a declaration.
    pub fn plain(
        app: &App,
        here: Option<&TabletHere>,
        tongue: Tongue,
        title: fn(&TabletWords) -> &'static str,
    ) -> Shell {
        let w = TabletWords::of(tongue);
        Shell {
            tongue,
            w,
            title: title(w),
            site_name: app.settings.site_name.clone(),
            demo: app.settings.demo,
            version: assets::VERSION.as_str(),
            csrf: here.map(|here| here.csrf.clone()).unwrap_or_default(),
            state: here.map(TabletHere::state).unwrap_or_default(),
            progress: None,
            called: here.is_some_and(|here| here.tablet.called_at.is_some()),
            can_call: here.is_some(),
            has_form: false,
            idle_s: 0,
        }
    }

    /// A page of the declaration on the tablet.
    pub fn of(app: &App, here: &TabletHere, step: Step, title: fn(&TabletWords) -> &'static str) -> Shell {
        let tongue = here.form.as_ref().map(tongue).unwrap_or_default();
        let progress = here.form.as_ref().and_then(|form| progress_at(form, step));
        Shell { progress, idle_s: IDLE_S, ..Shell::plain(app, Some(here), tongue, title) }
    }

    /// The page has a form that keeps what was typed.
    pub fn with_form(self) -> Shell {
        Shell { has_form: true, ..self }
    }

    /// Words as HTML, with their readings.
    pub fn r(&self, words: &str) -> String {
        ruby::html(words)
    }

    /// Words without their readings.
    pub fn p(&self, words: &str) -> String {
        ruby::plain(words)
    }
}

/// Renders a page.
pub fn show(template: &impl Template) -> Result<Response, PageError> {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page of the tablet could not be rendered");
            Err(PageError::Broken)
        }
    }
}

/// Goes on to another page of the tablet.
pub fn go(path: &str) -> Response {
    Redirect::to(path).into_response()
}

#[derive(Template)]
#[template(path = "tablet/error.html")]
struct ErrorPage {
    t: Shell,
}

/// The page for an error: nothing of the desk's, and a way back to where the tablet was.
pub fn error_page(app: &App, error: &PageError) -> Response {
    let t = Shell::plain(app, None, Tongue::Japanese, |w| w.error_title);
    let status = error.status();
    match show(&ErrorPage { t }) {
        Ok(page) => (status, page).into_response(),
        Err(_) => status.into_response(),
    }
}
