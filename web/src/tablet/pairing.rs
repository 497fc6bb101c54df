//! How a tablet comes in: by a code from the desk, typed once.

use super::here::{forget_cookie, paired, pairing_cookie, tablets, token_of, unavailable};
use super::page::{Shell, go, show};
use super::step::Step;
use super::tongue::Tongue;
use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::peer::PeerAddress;
use crate::port::{SessionToken, Tablet, TabletChange};
use crate::session::{from_own_pages, read_form};
use crate::token;
use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::kana::fold_width;
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

#[derive(Template)]
#[template(path = "tablet/pair.html")]
struct PairPage {
    t: Shell,
    wrong: bool,
}

/// `GET /tablet`: on to what the tablet is at; the page for a code where it is not paired.
pub async fn door(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageError> {
    tablets(&app)?;
    let Some((tablet, _)) = paired(&app, &headers).await? else {
        let page = ask(&app, false)?;
        let is_stale = token_of(&headers, &app.settings).is_some();
        return Ok(match is_stale {
            true => ([(SET_COOKIE, forget_cookie(&app.settings))], page).into_response(),
            false => page,
        });
    };
    let forms = app.read(|desk| desk.tablets().map_or_else(|| Ok(Vec::new()), |tablets| tablets.forms())).await?;
    let form = forms.into_iter().find(|form| form.tablet.as_deref() == Some(tablet.id.as_str()));
    let step = form.map(|form| Step::from_code(&form.step).unwrap_or(Step::Language));
    Ok(go(&step.map_or_else(|| "/tablet/waiting".to_owned(), Step::path)))
}

fn ask(app: &App, wrong: bool) -> Result<Response, PageError> {
    show(&PairPage { t: Shell::plain(app, None, Tongue::Japanese, |_| "タブレットの登録"), wrong })
}

/// `POST /tablet`: the code. Whoever was signed in at this browser is signed out: a patient's tablet opens nothing of the desk.
pub async fn pair(
    State(app): State<App>,
    PeerAddress(address): PeerAddress,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers().clone();
    if !from_own_pages(&headers) {
        return Err(PageError::FormExpired);
    }
    if !app.may_try_sign_in(address) {
        return Err(PageError::TooMany);
    }
    let typed = read_form(request, &app).await?;
    let code: String = fold_width(typed.value("code")).chars().filter(char::is_ascii_digit).collect();
    let now = app.desk.now();
    let Some(open) = app.tablets.take(&code, now) else {
        return Ok((StatusCode::FORBIDDEN, ask(&app, true)?).into_response());
    };
    let key = SessionToken(format!("{}{}", token::random(), token::random()));
    let tablet = Tablet { id: token::random(), name: open.name, paired_at: now, called_at: None };
    let change = TabletChange::Pair(tablet, key.clone());
    tablets(&app)?.change(&open.by, change).await.map_err(unavailable)?;
    let session_name = cookie::session_name(&app.settings);
    if let Some(session) = cookie::read(&headers, session_name) {
        app.desk.sign_out(&SessionToken(session.to_owned())).await;
    }
    let mut response = go("/tablet");
    response.headers_mut().append(SET_COOKIE, pairing_cookie(&app.settings, &key));
    response.headers_mut().append(SET_COOKIE, cookie::forget(&app.settings, session_name));
    Ok(response)
}
