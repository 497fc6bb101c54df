//! Before and after a declaration: waiting for the next one, and thanks for the last.

use super::here::TabletHere;
use super::page::{Shell, go, show};
use super::tongue::Tongue;
use crate::app::App;
use crate::error::PageError;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

/// Which language, where no declaration says so.
#[derive(Deserialize)]
pub struct Spoken {
    lang: Option<String>,
}

impl Spoken {
    /// The language; Japanese when the address names none.
    pub fn tongue(&self) -> Tongue {
        self.lang.as_deref().and_then(Tongue::from_code).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "tablet/waiting.html")]
struct WaitingPage {
    t: Shell,
    tongues: [Tongue; 7],
}

#[derive(Template)]
#[template(path = "tablet/thanks.html")]
struct ThanksPage {
    t: Shell,
}

/// `GET /tablet/waiting`: a greeting, and nothing of anybody.
pub async fn waiting(State(app): State<App>, here: TabletHere, spoken: Query<Spoken>) -> Result<Response, PageError> {
    if here.form.is_some() {
        return Ok(go("/tablet"));
    }
    let t = Shell::plain(&app, Some(&here), spoken.tongue(), |w| w.greeting);
    show(&WaitingPage { t, tongues: Tongue::ALL })
}

/// `GET /tablet/thanks`
pub async fn thanks(State(app): State<App>, here: TabletHere, spoken: Query<Spoken>) -> Result<Response, PageError> {
    show(&ThanksPage { t: Shell::plain(&app, Some(&here), spoken.tongue(), |w| w.thanks_title) })
}
