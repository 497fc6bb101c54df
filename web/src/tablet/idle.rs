//! Nobody touches the tablet: it asks kindly, and then puts the half-finished declaration away in the box.

use super::Step;
use super::here::{TabletHere, TabletPosted, tablets, the_box, unavailable};
use super::page::{Shell, go, show};
use crate::app::App;
use crate::error::PageError;
use crate::port::TabletChange;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

/// Seconds to answer.
const SECONDS: u32 = 30;

#[derive(Template)]
#[template(path = "tablet/still_there.html")]
struct StillTherePage {
    t: Shell,
    seconds: u32,
}

/// `GET /tablet/still-there`
pub async fn still_there(State(app): State<App>, here: TabletHere) -> Result<Response, PageError> {
    if here.form.is_none() {
        return Ok(go("/tablet"));
    }
    let t = Shell::of(&app, &here, Step::Language, |w| w.still_title);
    show(&StillTherePage { t: Shell { idle_s: 0, ..t }, seconds: SECONDS })
}

/// `POST /tablet/put-away`: off the screen and safe.
pub async fn put_away(State(app): State<App>, posted: TabletPosted) -> Result<Response, PageError> {
    if let Some(form) = posted.here.form {
        let change = TabletChange::PutAway(form.visit);
        tablets(&app)?.change(&the_box(&posted.here.tablet), change).await.map_err(unavailable)?;
    }
    Ok(go("/tablet"))
}
