//! The support bundle: put together, read file by file, and only then downloaded.

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::port::Bundle;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::SupportWords;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "support.html")]
struct SupportPage {
    page: Frame,
    w: &'static SupportWords,
    bundle: Option<Shown>,
    gone: bool,
    refused: bool,
}

struct Shown {
    id: String,
    made: String,
    files: Vec<File>,
}

struct File {
    name: &'static str,
    about: String,
    bytes: usize,
    sha256: String,
    text: String,
    is_included: bool,
}

/// `GET /support`, with `?bundle=` to read one.
pub async fn support(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let wanted = who.path.split_once("?bundle=").map(|(_, id)| id.to_owned());
    let bundle = match &wanted {
        Some(id) => kept(&app, id.clone()).await?,
        None => app.desk.inside().map(|_| None).ok_or(PageError::NotFound)?,
    };
    let gone = wanted.is_some() && bundle.is_none();
    show_page(&app, &who, bundle, &[], gone, false)
}

/// `POST /support`: puts one together.
pub async fn make(State(app): State<App>, _: Posted) -> Result<Response, PageError> {
    let made = app.read(|desk| desk.inside().map(|inside| inside.make_bundle()).transpose()).await?;
    let made = made.ok_or(PageError::NotFound)?;
    Ok(go_on(&format!("/support?bundle={}", made.id)))
}

/// `POST /support/file`: the ZIP file of what was read, without what was taken out. Wants a tick beside it.
pub async fn file(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let Some(bundle) = kept(&app, typed.value("bundle").to_owned()).await? else {
        return show_page(&app, &who, None, &[], true, false);
    };
    let out = bundle.files.iter().filter(|file| !typed.is_ticked(&format!("keep-{}", file.name)));
    let without: Vec<String> = out.map(|file| file.name.to_owned()).collect();
    if !typed.is_ticked("sure") {
        return show_page(&app, &who, Some(bundle), &without, false, true);
    }
    let name = format!("uketsuke-support-{}.zip", bundle.at.date_in_japan());
    let packed = app.read(move |desk| desk.inside().map(|inside| inside.packed(&bundle, &without)).transpose()).await?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, packed.ok_or(PageError::NotFound)?).into_response())
}

async fn kept(app: &App, id: String) -> Result<Option<Arc<Bundle>>, PageError> {
    let inside = app.desk.inside().ok_or(PageError::NotFound)?;
    tokio::task::spawn_blocking(move || inside.bundle(&id)).await.map_err(|_| PageError::Broken)
}

fn show_page(
    app: &App,
    who: &SignedIn,
    bundle: Option<Arc<Bundle>>,
    without: &[String],
    gone: bool,
    refused: bool,
) -> Result<Response, PageError> {
    let w = SupportWords::of(who.lang);
    let frame = Frame { path: "/support".to_owned(), ..Frame::of(app, who, "doctor", w.title) };
    let today = frame.today;
    let shown = bundle.map(|bundle| Shown {
        id: bundle.id.clone(),
        made: show::moment(who.lang, bundle.at, today),
        files: bundle
            .files
            .iter()
            .map(|file| File {
                name: file.name,
                about: who.lang.of(&file.about),
                bytes: file.text.len(),
                sha256: file.sha256.clone(),
                text: file.text.clone(),
                is_included: !without.iter().any(|name| name == file.name),
            })
            .collect(),
    });
    let held = shown.is_some();
    page(&SupportPage { page: if held { frame.held() } else { frame }, w, bundle: shown, gone, refused })
}
