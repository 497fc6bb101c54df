//! Check-in: find the patient or write a new one down, say what was shown, go.

mod reading;

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::PatientHit;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::CheckInWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::case::Flow;
use domain::coverage::Sex;

pub use reading::{Shown, read_person, sort_words};

#[derive(Template)]
#[template(path = "check_in.html")]
struct CheckInPage {
    page: Frame,
    w: &'static CheckInWords,
    search: Input,
    summary: Summary,
    presented: Choice,
    searched: bool,
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
pub async fn form(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &fresh(), None)
}

/// `POST /check-in/search`: the search text stays out of every address.
pub async fn search(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let text = typed.text(&SEARCH);
    let hits = match text.clone() {
        Some(text) => app.read(move |desk| desk.search_patients(&text)).await?,
        None => Vec::new(),
    };
    let mut shown = fresh();
    shown.set(SEARCH.name, typed.value(SEARCH.name));
    typed.problems().iter().for_each(|problem| shown.refuse(&problem.field, problem.text.clone()));
    if hits.is_empty() {
        sort_words(text.as_deref().unwrap_or_default(), &mut shown);
    }
    show_page(&app, &who, &shown, text.map(|_| hits))
}

/// `POST /check-in`
pub async fn check_in(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let (command, shown) = reading::read_check_in(&mut typed);
    let Some(command) = command.filter(|_| typed.is_fine()) else {
        return show_page(&app, &who, &typed, None);
    };
    match hand_in(&app, &who, &mut typed, command, str::to_owned).await? {
        Some(saved) => Ok(go_on(&visit_path(saved.visit.as_ref().map(|v| v.as_str()), shown))),
        None => show_page(&app, &who, &typed, None),
    }
}

/// The visit, with the paper that was named opened for writing down.
fn visit_path(visit: Option<&str>, shown: Option<Shown>) -> String {
    let Some(visit) = visit else { return "/".to_owned() };
    match shown.and_then(Shown::to_write_down) {
        Some(kind) => format!("/visits/{visit}?saved=1&take={}", kind.code()),
        None => format!("/visits/{visit}?saved=1"),
    }
}

fn fresh() -> Typed {
    Typed::prefilled([(PRESENTED.name, Shown::Card.code().to_owned()), (FLOW.name, Flow::Window.code().to_owned())])
}

fn show_page(app: &App, who: &SignedIn, typed: &Typed, hits: Option<Vec<PatientHit>>) -> Result<Response, PageError> {
    let (lang, today) = (who.lang, app.desk.today());
    let w = CheckInWords::of(lang);
    let input = |field| Input::of(field, "new", typed, lang);
    let searched = hits.is_some();
    let hits = hits.unwrap_or_default();
    let wrong = !typed.is_fine() && typed.problem(SEARCH.name).is_none();
    let new_open = wrong || (searched && hits.is_empty());
    let frame = Frame { path: "/check-in".to_owned(), ..Frame::of(app, who, "check-in", w.title) };
    page(&CheckInPage {
        search: Input::of(&SEARCH, "search", typed, lang).wide().focus(!new_open && hits.is_empty()),
        summary: Summary::of("new", typed, lang),
        presented: Choice::of(&PRESENTED, "check-in", typed, lang, Shown::offers(lang)),
        searched,
        hits: hits.into_iter().enumerate().map(|(at, hit)| show_hit(lang, w, today, at == 0, hit)).collect(),
        new_open,
        name: input(&NAME).focus(new_open && !wrong),
        kana: input(&NAME_KANA),
        birth: input(&BIRTH_DATE),
        sex: Choice::of(&SEX, "new", typed, lang, sexes(lang)).compact(),
        address: input(&ADDRESS).wide(),
        number: input(&PATIENT_NUMBER),
        flow: Choice::of(&FLOW, "check-in", typed, lang, flows(lang)).compact(),
        counter: Input::of(&COUNTER, "check-in", typed, lang),
        page: if typed.is_fine() { frame } else { frame.held() },
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
