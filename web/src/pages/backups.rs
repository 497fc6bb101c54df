//! Backups: the last good one, the plan, making one now, and how to put one back.

use super::go_on;
use super::prints::set;
use crate::app::App;
use crate::error::PageError;
use crate::form::{Field, Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::port::{BackupKept, BackupsView, KeyOnPaper, SubmitError};
use crate::prints::recovery_kit;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::BackupWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

/// The recovery key as somebody types it from its paper: 56 letters and digits, and whatever stands between them.
const TYPED_KEY: Field = Field::new("typed_key", "紙の鍵", "Key on the paper", 120).hint(
    "紙を見て、56文字を入力します。区切りや大文字・小文字はどちらでも構いません",
    "Its 56 letters and digits; hyphens and capitals do not matter",
);

#[derive(Template)]
#[template(path = "backups.html")]
struct BackupsPage {
    page: Frame,
    w: &'static BackupWords,
    view: Option<Shown>,
    refused: Option<String>,
    made: bool,
    copy: Option<String>,
    checked: bool,
    summary: Summary,
    typed_key: Input,
}

struct Shown {
    folder: String,
    plan: String,
    next: String,
    keep: u32,
    key_name: Option<String>,
    key_checked: Option<String>,
    last: Option<Line>,
    kept: Vec<Line>,
    failure: Option<String>,
}

struct Line {
    name: String,
    when: String,
    size: String,
    key_name: String,
}

#[derive(Template)]
#[template(path = "backup_key.html")]
struct KeyPage {
    page: Frame,
    w: &'static BackupWords,
    groups: Vec<String>,
    key: String,
    key_name: String,
    typed_key: Input,
}

/// `GET /backups`
pub async fn backups(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, None, &Typed::default()).await
}

/// `POST /backups`: makes one now.
pub async fn make(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, .. } = posted;
    let backups = app.desk.backups().ok_or(PageError::NotFound)?;
    match backups.back_up_now().await {
        Ok(_) => Ok(go_on("/backups?made=1")),
        Err(why) => show_page(&app, &who, Some(who.lang.of(&why)), &Typed::default()).await,
    }
}

/// `POST /backups/key`: makes the recovery key and shows it, this once.
pub async fn make_key(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, .. } = posted;
    let backups = app.desk.backups().ok_or(PageError::NotFound)?;
    let key = match backups.make_key().await {
        Ok(key) => key,
        Err(why) => return show_page(&app, &who, Some(who.lang.of(&why)), &Typed::default()).await,
    };
    let w = BackupWords::of(who.lang);
    let view = tokio::task::spawn_blocking(move || backups.view()).await.map_err(|_| PageError::Broken)?;
    page(&KeyPage {
        typed_key: Input::of(&TYPED_KEY, "check", &Typed::default(), who.lang).wide(),
        groups: key.split('-').map(str::to_owned).collect(),
        key,
        key_name: view.key_name.unwrap_or_default(),
        page: Frame { path: "/backups".to_owned(), ..Frame::of(&app, &who, "backups", w.key_title) }.held(),
        w,
    })
}

/// `POST /backups/check`: somebody typed the key from its paper; when it is right, that is noted.
pub async fn check_key(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    match proven(&app, &mut typed).await? {
        Some(_) => Ok(go_on("/backups?checked=1")),
        None => show_page(&app, &who, None, &typed).await,
    }
}

/// `POST /backups/kit`: the emergency kit of the key that was typed, as a paper.
pub async fn kit(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let Some(key) = proven(&app, &mut typed).await? else { return show_page(&app, &who, None, &typed).await };
    let view = app.read(|desk| Ok(desk.backups().map(|backups| backups.view()))).await?;
    set(&app, &who, "recovery-kit", recovery_kit(key, &view.ok_or(PageError::NotFound)?)).await
}

/// The key that was typed, when it is the right one; otherwise what is wrong stands at its field.
async fn proven(app: &App, typed: &mut Typed) -> Result<Option<KeyOnPaper>, PageError> {
    let backups = app.desk.backups().ok_or(PageError::NotFound)?;
    let key = typed.value(TYPED_KEY.name).trim().to_owned();
    let why = match key.chars().count() {
        0 => TYPED_KEY.empty(),
        count if count > TYPED_KEY.max => TYPED_KEY.too_long(),
        _ => match backups.check_key(key).await {
            Ok(key) => return Ok(Some(key)),
            Err(why) => why,
        },
    };
    typed.refuse(TYPED_KEY.name, why);
    Ok(None)
}

/// `POST /backups/copy`: somebody looked into the copy of this box.
pub async fn copy_dealt_with(State(app): State<App>, _posted: Posted) -> Result<Response, PageError> {
    app.desk.copy_was_dealt_with().await.map_err(SubmitError::Unavailable)?;
    Ok(go_on("/backups?saved=1"))
}

async fn show_page(app: &App, who: &SignedIn, refused: Option<String>, typed: &Typed) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, BackupWords::of(who.lang));
    let copy = app.read(|desk| desk.copy_noticed()).await?;
    let view = app.read(|desk| Ok(desk.backups().map(|backups| backups.view()))).await?;
    let frame = Frame { path: "/backups".to_owned(), ..Frame::of(app, who, "backups", w.title) };
    let today = frame.today;
    let says =
        |flash: &str| who.path.split_once('?').is_some_and(|(_, query)| query.split('&').any(|part| part == flash));
    let (made, checked) = (says("made=1"), says("checked=1") && typed.is_fine());
    page(&BackupsPage {
        view: view.map(|view| shown(who, view, today)),
        made: made && refused.is_none(),
        refused,
        copy: copy.map(|at| show::moment(lang, at, today)),
        checked,
        summary: Summary::of("check", typed, lang),
        typed_key: Input::of(&TYPED_KEY, "check", typed, lang).wide(),
        page: if typed.is_fine() { frame } else { frame.held() },
        w,
    })
}

fn shown(who: &SignedIn, view: BackupsView, today: domain::Date) -> Shown {
    let lang = who.lang;
    let line = |kept: &BackupKept| Line {
        name: kept.name.clone(),
        when: show::moment(lang, kept.made_at, today),
        size: size(kept.bytes),
        key_name: kept.key_name.clone(),
    };
    Shown {
        folder: view.folder,
        plan: lang.of(&view.plan),
        next: view.next_at.map(|at| show::moment(lang, at, today)).unwrap_or_default(),
        keep: view.keep,
        key_checked: view.key_checked_at.map(|at| show::moment(lang, at, today)),
        key_name: view.key_name,
        last: view.kept.first().map(line),
        kept: view.kept.iter().map(line).collect(),
        failure: view.failure.map(|(at, why)| format!("{}: {}", show::moment(lang, at, today), lang.of(&why))),
    }
}

fn size(bytes: u64) -> String {
    const MEGABYTE: u64 = 1_000_000;
    match bytes {
        small if small < MEGABYTE => format!("{} kB", small.div_ceil(1000)),
        large => format!("{}.{} MB", large / MEGABYTE, large % MEGABYTE / 100_000),
    }
}
