//! The pages.

use super::sign_in::SignedIn;
use super::{App, Refused};
use crate::enrolment::Progress;
use crate::fleet::FacilityView;
use crate::store::facilities::{Quota, set_quota};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Timestamp;
use http::StatusCode;
use serde::Deserialize;
use sync::facility::FacilityId;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    pub refused: bool,
}

#[derive(Template)]
#[template(path = "fleet.html")]
struct FleetPage {
    facilities: Vec<FacilityView>,
}

#[derive(Template)]
#[template(path = "enrolment.html")]
struct EnrolmentPage {
    code: Option<String>,
    progress: Progress,
}

#[derive(Deserialize)]
pub struct QuotaForm {
    stored_mb: u64,
    day_mb: u64,
    connections: u64,
}

pub fn show(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub async fn fleet(State(app): State<App>, _: SignedIn) -> Result<Response, Refused> {
    Ok(show(&FleetPage { facilities: app.look().await? }))
}

pub async fn enrolment(State(app): State<App>, _: SignedIn) -> Response {
    show(&EnrolmentPage { code: app.enrolment.open_code(), progress: app.enrolment.progress() })
}

pub async fn make_code(State(app): State<App>, _: SignedIn) -> Result<Redirect, Refused> {
    app.enrolment.make_code().map_err(|_| Refused::NotNow)?;
    Ok(Redirect::to("/enrolment"))
}

pub async fn change_quota(
    State(app): State<App>,
    _: SignedIn,
    Path(id): Path<String>,
    Form(form): Form<QuotaForm>,
) -> Result<Redirect, Refused> {
    let id = FacilityId::from_hex(&id).ok_or(Refused::NotFound)?;
    let bytes = |mb: u64| mb.min(1 << 30) << 20;
    let quota = Quota {
        stored_bytes: bytes(form.stored_mb),
        day_bytes: bytes(form.day_mb),
        connections: form.connections.min(1 << 20),
    };
    let changed = app.read(move |store| store.write(|sql| set_quota(sql, id, quota))).await?;
    if changed { Ok(Redirect::to("/")) } else { Err(Refused::NotFound) }
}

/// Date and minute in Japan.
fn when(at_ms: &i64) -> String {
    let at = Timestamp::from_ms(*at_ms);
    let (date, (hour, minute, _)) = (at.date_in_japan(), at.time_in_japan());
    format!("{:04}-{:02}-{:02} {hour:02}:{minute:02}", date.year(), date.month(), date.day())
}

/// Whole megabytes, rounded up.
fn megabytes(bytes: &u64) -> u64 {
    bytes.div_ceil(1 << 20)
}
