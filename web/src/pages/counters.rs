//! The counters of the site: at which one this screen stands, and, for managers, making and changing them.

use super::{go_on, hand_in};
use crate::app::App;
use crate::counter_here;
use crate::error::PageError;
use crate::form::fields::{COUNTER_KIND, COUNTER_NAME, COUNTER_READER};
use crate::form::{Check, Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{CounterCommand, CounterItem, DeskCommand};
use crate::rights::Right;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::CounterWords;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::counter::{Counter, CounterId, CounterKind};
use http::HeaderMap;
use http::header::SET_COOKIE;

#[derive(Template)]
#[template(path = "counters.html")]
struct CountersPage {
    page: Frame,
    w: &'static CounterWords,
    here: String,
    letter: Option<String>,
    items: Vec<Item>,
    may_change: bool,
    new: Form,
}

struct Item {
    name: String,
    kind: &'static str,
    has_reader: bool,
    is_here: bool,
    steps: Vec<String>,
    form: Form,
}

/// The form that makes or changes one.
struct Form {
    id: String,
    open: bool,
    summary: Summary,
    name: Input,
    kind: Choice,
    reader: Check,
}

/// `GET /counters`
pub async fn counters(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, PageError> {
    show_page(&app, &who, &headers, &Typed::default()).await
}

/// `POST /counters/here`: this screen stands at a counter of the list.
pub async fn stand_here(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let name = posted.typed.value("here").to_owned();
    let view = app.read(|desk| desk.counters()).await?;
    let Some(counter) = view.named(&name) else { return Err(PageError::BadForm) };
    let cookie = counter_here::keep(&app.settings, &counter.name);
    Ok(([(SET_COOKIE, cookie)], go_on("/counters?saved=1")).into_response())
}

/// `POST /counters/change`: `do` is `set` or `remove`.
pub async fn change(State(app): State<App>, headers: HeaderMap, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let id = CounterId::new(typed.value("id"));
    let command = match typed.value("do") {
        "remove" => Some(CounterCommand::Remove(id)),
        "set" => read(id, &mut typed),
        _ => return Err(PageError::BadForm),
    };
    if let Some(command) = command.filter(|_| typed.is_fine()) {
        let command = DeskCommand::Counters(command);
        if hand_in(&app, &who, &mut typed, command, field_of).await?.is_some() {
            return Ok(go_on("/counters?saved=1"));
        }
    }
    show_page(&app, &who, &headers, &typed).await
}

fn field_of(at: &str) -> String {
    if at == "name" { COUNTER_NAME.name.to_owned() } else { at.to_owned() }
}

fn read(id: CounterId, typed: &mut Typed) -> Option<CounterCommand> {
    let name = typed.required(&COUNTER_NAME);
    let kind = typed.required_code(&COUNTER_KIND, CounterKind::from_code);
    let has_reader = typed.is_ticked(COUNTER_READER.name);
    Some(CounterCommand::Set(Box::new(Counter { id, name: name?, kind: kind?, has_reader })))
}

async fn show_page(app: &App, who: &SignedIn, headers: &HeaderMap, typed: &Typed) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, CounterWords::of(who.lang));
    let view = app.read(|desk| desk.counters()).await?;
    let here = counter_here::of_screen(headers, who).unwrap_or_default();
    let frame = Frame { path: "/counters".to_owned(), ..Frame::of(app, who, "counters", w.title) };
    page(&CountersPage {
        items: view.all.into_iter().enumerate().map(|(nth, item)| show_item(lang, nth, &here, item, typed)).collect(),
        letter: view.letter,
        may_change: Right::Counters.is_given_to(who.session.role),
        new: form(lang, "new", CounterCommand::NEW, typed, fresh),
        here,
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn show_item(lang: Lang, nth: usize, here: &str, item: CounterItem, typed: &Typed) -> Item {
    let CounterItem { counter, steps } = item;
    let known = counter.clone();
    Item {
        form: form(lang, &format!("counter-{nth}"), counter.id.as_str(), typed, move || prefilled(&known)),
        is_here: counter.name == here,
        name: counter.name,
        kind: show::counter_kind(lang, counter.kind),
        has_reader: counter.has_reader,
        steps: steps.iter().map(|step| step_words(lang, step)).collect(),
    }
}

fn step_words(lang: Lang, step: &domain::decision::Step) -> String {
    let action = show::action(lang, step.action);
    match step.evidence {
        Some(kind) => format!("{action} — {}", show::evidence(lang, kind)),
        None => action.to_owned(),
    }
}

fn fresh() -> Typed {
    Typed::prefilled([
        (COUNTER_KIND.name, CounterKind::SecondCounter.code().to_owned()),
        (COUNTER_READER.name, "1".to_owned()),
    ])
}

fn prefilled(counter: &Counter) -> Typed {
    let mut typed = Typed::prefilled([
        (COUNTER_NAME.name, counter.name.clone()),
        (COUNTER_KIND.name, counter.kind.code().to_owned()),
    ]);
    if counter.has_reader {
        typed.set(COUNTER_READER.name, "1");
    }
    typed
}

/// What was typed, where this form was refused; else as the counter stands.
fn form(lang: Lang, form: &str, id: &str, typed: &Typed, unless: impl FnOnce() -> Typed) -> Form {
    let is_refused = !typed.is_fine() && typed.value("id") == id;
    let typed = if is_refused { typed.clone() } else { unless() };
    let kinds = CounterKind::ALL.iter().map(|kind| Offer::new(kind.code(), show::counter_kind(lang, *kind))).collect();
    Form {
        id: id.to_owned(),
        open: is_refused,
        summary: Summary::of(form, &typed, lang),
        name: Input {
            label: lang.pick("窓口の名前", "Name of the counter"),
            hint: "",
            ..Input::of(&COUNTER_NAME, form, &typed, lang)
        },
        kind: Choice::of(&COUNTER_KIND, form, &typed, lang, kinds).compact(),
        reader: Check::of(&COUNTER_READER, form, &typed, lang),
    }
}
