//! Check-in: find the patient or write a new one down, say what was shown, go.

mod again;
mod beginning;
mod origin;
mod reading;

use super::card::{self, CardRead, CardStep, ReadFor, forget_card};
use super::scans::{self, ScanList};
use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer, Summary, Typed, has_surface_code};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::PatientHit;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::{ApartWords, CardWords, CheckInWords, RecognitionWords};
use again::Again;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use beginning::{ScanPanel, ask_by_printed, fill_from, gone, known, refuse_other_card, whose};
use domain::Date;
use domain::case::Flow;
use domain::coverage::Sex;
use http::HeaderMap;
use origin::{Begin, Origin};

pub use reading::{Shown, read_person, sort_words};

#[derive(Template)]
#[template(path = "check_in.html")]
struct CheckInPage {
    page: Frame,
    w: &'static CheckInWords,
    search: Input,
    summary: Summary,
    aw: &'static ApartWords,
    again: Option<Again>,
    presented: Choice,
    scans: ScanList,
    scan: Option<ScanPanel>,
    cw: &'static CardWords,
    card: Option<CardStep>,
    card_open: bool,
    card_filled: bool,
    searched: bool,
    recognised: &'static str,
    is_disputed: bool,
    hits: Vec<Hit>,
    new_open: bool,
    name: Input,
    kana: Input,
    birth: Input,
    sex: Choice,
    address: Input,
    number: Input,
    flow: Choice,
    counter: Input,
    origin: Origin,
    carried: Vec<(&'static str, String)>,
}

/// What a page shows besides what was typed.
#[derive(Default)]
struct Beside {
    hits: Option<Vec<PatientHit>>,
    /// so many of them, at the top, because of the card
    recognised: usize,
    card: Option<CardRead>,
    /// who was checked in today already
    again: Option<Again>,
}

struct Hit {
    patient: String,
    first: bool,
    name: String,
    kana: String,
    birth: String,
    number: String,
    insurer: String,
    last: String,
    care: String,
}

/// `GET /check-in`
pub async fn form(
    State(app): State<App>,
    who: SignedIn,
    headers: HeaderMap,
    Query(from): Query<Begin>,
) -> Result<Response, PageError> {
    let mut typed = fresh();
    origin::begin(&app, &who, &headers, &from, &mut typed).await?;
    let Some(scan) = from.scan else {
        let words = origin::words_to_look_for(&typed);
        let hits = match words {
            Some(words) => Some(app.read(move |desk| desk.search_patients(&words)).await?),
            None => None,
        };
        return show_page(&app, &who, &typed, Beside { hits, ..Beside::default() }).await;
    };
    let Some(item) = scans::find(&app, &scan).filter(|item| item.refusal.is_none() && item.visit.is_none()) else {
        typed.refuse("", gone());
        return show_page(&app, &who, &typed, Beside::default()).await;
    };
    fill_from(&item, &mut typed);
    let hits = known(&app, item.patient_number.as_deref(), &item.person).await?;
    show_page(&app, &who, &typed, Beside { hits: Some(hits), ..Beside::default() }).await
}

/// `POST /check-in/card`: the form filled in from the card; everything typed is kept.
pub async fn read_card(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    forget_card(&mut typed);
    let Some(card) = card::read(&app, &mut typed, ReadFor::CheckIn).await? else {
        return show_page(&app, &who, &typed, Beside::default()).await;
    };
    card.fill(&mut typed);
    let (hits, recognised) = whose(&app, &card).await?;
    show_page(&app, &who, &typed, Beside { hits, recognised, card: Some(card), again: None }).await
}

/// `POST /check-in/search`: the search text stays out of every address.
pub async fn search(State(app): State<App>, headers: HeaderMap, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let text = typed.text(&SEARCH);
    let hits = match text.clone() {
        Some(text) => app.read(move |desk| desk.search_patients(&text)).await?,
        None => Vec::new(),
    };
    let mut shown = fresh();
    let from = Begin::carried_by(&typed);
    origin::begin(&app, &who, &headers, &from, &mut shown).await?;
    shown.set(SEARCH.name, typed.value(SEARCH.name));
    typed.problems().iter().for_each(|problem| shown.refuse(&problem.field, problem.text.clone()));
    if hits.is_empty() && !from.names_somebody() {
        shown.forget(NAME.name); // as the number was taken for
        sort_words(text.as_deref().unwrap_or_default(), &mut shown);
    }
    show_page(&app, &who, &shown, Beside { hits: text.map(|_| hits), ..Beside::default() }).await
}

/// `POST /check-in`. Numbers of the card face that were not used yet ask for the card first: they are never handed on.
pub async fn check_in(state: State<App>, posted: Posted) -> Result<Response, PageError> {
    if has_surface_code(&posted.typed) {
        return read_card(state, posted).await;
    }
    let State(app) = state;
    let Posted { who, mut typed } = posted;
    let (command, shown) = reading::read_check_in(&mut typed);
    if let Some(patient) = reading::chosen(&typed) {
        refuse_other_card(&app, &mut typed, patient).await?;
    }
    let item = scans::find(&app, typed.value("scan"));
    if typed.is_ticked(ASK_BY_PRINTED.name) && item.is_none() {
        typed.refuse("", gone());
    }
    let command = match command {
        Some(command) => Some(origin::add(&app, &mut typed, command).await?),
        None => None,
    };
    let Some(command) = command.filter(|_| typed.is_fine()) else {
        return show_page(&app, &who, &typed, Beside::default()).await;
    };
    let command = match again::look_for(&app, &who, &mut typed, command).await? {
        Ok(command) => command,
        Err(again) => return show_page(&app, &who, &typed, Beside { again: Some(again), ..Beside::default() }).await,
    };
    let Some(saved) = hand_in(&app, &who, &mut typed, command, str::to_owned).await? else {
        return show_page(&app, &who, &typed, Beside::default()).await;
    };
    let card = card::remember_card(&app, &who, &typed, saved.patient.as_ref()).await;
    let asked = ask_by_printed(&app, &who, &typed, &saved, item.as_ref()).await;
    scans::put_away(&app, typed.value("scan"));
    Ok(go_on(&visit_path(saved.visit.as_ref().map(|v| v.as_str()), shown, &format!("{asked}{card}"))))
}

/// The visit, with the paper that was named opened for writing down.
fn visit_path(visit: Option<&str>, shown: Option<Shown>, said: &str) -> String {
    let Some(visit) = visit else { return "/".to_owned() };
    match shown.and_then(Shown::to_write_down) {
        Some(kind) => format!("/visits/{visit}?saved={said}&take={}", kind.code()),
        None => format!("/visits/{visit}?saved={said}"),
    }
}

fn fresh() -> Typed {
    Typed::prefilled([(PRESENTED.name, Shown::Card.code().to_owned()), (FLOW.name, Flow::Window.code().to_owned())])
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed, beside: Beside) -> Result<Response, PageError> {
    let (lang, today) = (who.lang, app.desk.today());
    let origin = origin::panel(app, lang, typed).await?;
    let w = CheckInWords::of(lang);
    let input = |field| Input::of(field, "new", typed, lang);
    let Beside { hits, recognised, card: read, again } = beside;
    let searched = hits.is_some();
    let hits = hits.unwrap_or_default();
    let wrong = !typed.is_fine() && typed.problem(SEARCH.name).is_none();
    let item = scans::find(app, typed.value("scan"));
    // Enter must not pass over payers that are still to be compared
    let to_compare = item.as_ref().is_some_and(|item| !item.public_payers.is_empty());
    let card_filled = read.as_ref().is_some_and(|read| read.person().is_some());
    let new_open = wrong || (hits.is_empty() && (searched || item.is_some()));
    let frame = Frame { path: "/check-in".to_owned(), ..Frame::of(app, who, "check-in", w.title) };
    let card = CardStep::of(&frame.devices, "new", typed, lang, today, read.as_ref()).map(|c| c.to("/check-in/card"));
    let is_fresh = typed.is_fine() && read.is_none() && item.is_none();
    page(&CheckInPage {
        scans: ScanList::of(app, who, &frame, "/check-in"),
        scan: item.map(|item| ScanPanel::of(lang, typed, &item, today)),
        cw: CardWords::of(lang),
        card_open: card.as_ref().is_some_and(CardStep::is_open),
        card,
        card_filled,
        search: Input::of(&SEARCH, "search", typed, lang).wide().focus(!new_open && hits.is_empty()),
        summary: Summary::of("new", typed, lang),
        aw: ApartWords::of(lang),
        again,
        presented: Choice::of(&PRESENTED, "check-in", typed, lang, Shown::offers(lang)),
        searched,
        recognised: match recognised {
            0 => "",
            1 => RecognitionWords::of(lang).found,
            _ => RecognitionWords::of(lang).several,
        },
        is_disputed: recognised > 1,
        hits: (hits.into_iter().enumerate())
            .map(|(at, hit)| show_hit(lang, w, today, at == 0 && recognised < 2 && !to_compare, hit))
            .collect(),
        new_open,
        name: input(&NAME).focus(new_open && !wrong && !card_filled),
        kana: input(&NAME_KANA),
        birth: input(&BIRTH_DATE),
        sex: Choice::of(&SEX, "new", typed, lang, sexes(lang)).compact(),
        address: input(&ADDRESS).wide(),
        number: input(&PATIENT_NUMBER),
        flow: Choice::of(&FLOW, "check-in", typed, lang, flows(lang)).compact(),
        counter: Input::of(&COUNTER, "check-in", typed, lang),
        origin,
        carried: origin::carried(typed),
        page: if is_fresh { frame } else { frame.held() },
        w,
    })
}

pub fn sexes(lang: Lang) -> Vec<Offer> {
    [Sex::Male, Sex::Female, Sex::NotSet].map(|sex| Offer::new(sex.code(), show::sex(lang, sex))).into()
}

fn flows(lang: Lang) -> Vec<Offer> {
    Flow::ALL.iter().map(|flow| Offer::new(flow.code(), show::flow(lang, *flow))).collect()
}

fn show_hit(lang: Lang, w: &'static CheckInWords, today: Date, first: bool, hit: PatientHit) -> Hit {
    let last = match (hit.last_visit, hit.confirmed_on) {
        (None, None) => w.first.to_owned(),
        (visit, confirmed) => [(w.last_visit, visit), (w.confirmed, confirmed)]
            .into_iter()
            .filter_map(|(label, date)| date.map(|date| format!("{label} {}", show::day(lang, date))))
            .collect::<Vec<_>>()
            .join(" · "),
    };
    Hit {
        patient: hit.patient.to_string(),
        first,
        name: hit.person.name.unwrap_or_default(),
        kana: hit.person.name_kana.unwrap_or_default(),
        birth: hit.person.birth_date.map(|birth| show::birth(lang, birth, today)).unwrap_or_default(),
        number: hit.patient_number.unwrap_or_default(),
        insurer: hit.insurer_name.unwrap_or_default(),
        last,
        care: hit.care_note.unwrap_or_default(),
    }
}
