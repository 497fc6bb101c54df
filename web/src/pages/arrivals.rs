//! Consents given from afar (居宅同意取得型): received or not, how long they still count, arrived or not.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{ConsentCommand, ConsentItem, DeskCommand};
use crate::session::{Posted, SignedIn};
use crate::show::{self, Chip};
use crate::words::ArrivalWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::case::Flow;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::remote_consent::{ConsentDevice, ConsentEnd, ConsentEntered, ConsentHeard, ConsentId, ConsentTime};
use domain::text::Text;
use domain::{Date, Timestamp};

#[derive(Template)]
#[template(path = "arrivals.html")]
struct ArrivalsPage {
    page: Frame,
    w: &'static ArrivalWords,
    summary: Summary,
    rows: Vec<Row>,
    ends: Vec<(&'static str, &'static str)>,
    entering: bool,
    name: Input,
    kana: Input,
    birth: Input,
    at: Input,
    planned: Input,
    place: Input,
    way: Choice,
    device: Choice,
    heard: Choice,
    flow: Choice,
}

struct Row {
    consent: String,
    name: String,
    kana: String,
    birth: String,
    time: Chip,
    is_over: bool,
    received: bool,
    arrived: Vec<String>,
    given: String,
    flow: &'static str,
    place: String,
    planned: String,
}

/// `GET /arrivals`
pub async fn arrivals(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, None).await
}

/// `POST /arrivals`: `do` is `enter`, `seen`, `missing` or `end`.
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let consent = ConsentId::new(typed.value("consent"));
    let command = match typed.value("do") {
        "enter" => read(&mut typed).map(|entered| ConsentCommand::Enter(Box::new(entered))),
        "seen" => Some(ConsentCommand::See { consent, on_list: true }),
        "missing" => Some(ConsentCommand::See { consent, on_list: false }),
        "end" => {
            typed.required_code(&CONSENT_END, ConsentEnd::from_code).map(|why| ConsentCommand::End { consent, why })
        }
        _ => return Err(PageError::BadForm),
    };
    if let Some(command) = command.filter(|_| typed.is_fine())
        && hand_in(&app, &who, &mut typed, DeskCommand::Consents(command), field_of).await?.is_some()
    {
        return Ok(go_on("/arrivals?saved=1"));
    }
    show_page(&app, &who, Some(&typed)).await
}

fn field_of(at: &str) -> String {
    if at == "way" { CONSENT_WAY.name.to_owned() } else { at.to_owned() }
}

const WAYS: [EvidenceKind; 2] = [EvidenceKind::HomeConsentWeb, EvidenceKind::HomeConsentApp];

fn read(typed: &mut Typed) -> Option<ConsentEntered> {
    let person = PersonFace {
        name: typed.text(&NAME),
        name_kana: typed.text(&NAME_KANA),
        birth_date: typed.date(&BIRTH_DATE),
        ..PersonFace::EMPTY
    };
    let way = typed.required_code(&CONSENT_WAY, |code| WAYS.into_iter().find(|way| way.code() == code));
    let device = typed.required_code(&CONSENT_DEVICE, ConsentDevice::from_code);
    let heard = typed.required_code(&CONSENT_HEARD, ConsentHeard::from_code);
    let flow = typed.required_code(&FLOW, Flow::from_code);
    let consented_at = read_moment(typed);
    let (planned_on, place) = (typed.date(&PLANNED_ON), typed.text(&PLACE));
    Some(ConsentEntered {
        person,
        consented_at: consented_at?,
        way: way?,
        device: device?,
        flow: flow?,
        heard: heard?,
        planned_on,
        place,
    })
}

fn read_moment(typed: &mut Typed) -> Option<Timestamp> {
    let text = typed.required(&CONSENTED_AT)?;
    let at = Timestamp::parse(&format!("{text}+09:00")).or_else(|| Timestamp::parse(&format!("{text}:00+09:00")));
    if at.is_none() {
        typed.refuse(
            CONSENTED_AT.name,
            Text::new("同意した日時を選んでください。", "Choose day and time of the consent."),
        );
    }
    at
}

fn fresh(now: Timestamp) -> Typed {
    let (hour, minute, _) = now.time_in_japan();
    Typed::prefilled([
        (CONSENT_WAY.name, EvidenceKind::HomeConsentWeb.code().to_owned()),
        (CONSENT_DEVICE.name, ConsentDevice::Own.code().to_owned()),
        (CONSENT_HEARD.name, ConsentHeard::TerminalList.code().to_owned()),
        (FLOW.name, Flow::DriveThrough.code().to_owned()),
        (CONSENTED_AT.name, format!("{}T{hour:02}:{minute:02}", now.date_in_japan())),
    ])
}

async fn show_page(app: &App, who: &SignedIn, typed: Option<&Typed>) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, ArrivalWords::of(who.lang));
    let items = app.read(|desk| desk.consents()).await?;
    let frame = Frame { path: "/arrivals".to_owned(), ..Frame::of(app, who, "arrivals", w.title) };
    let (now, today) = (frame.now, frame.today);
    let fresh = fresh(now);
    let shown = typed.unwrap_or(&fresh);
    let input = |field| Input::of(field, "consent", shown, lang);
    let choice = |field, offers| Choice::of(field, "consent", shown, lang, offers).compact();
    let flows = Flow::ALL.iter().filter(|flow| **flow != Flow::Window);
    page(&ArrivalsPage {
        rows: items.into_iter().map(|item| show_row(lang, w, now, today, item)).collect(),
        ends: ConsentEnd::ALL.iter().map(|end| (end.code(), show::consent_end(lang, *end))).collect(),
        summary: Summary::of("consent", shown, lang),
        entering: typed.is_some_and(|typed| typed.value("do") == "enter"),
        name: input(&NAME),
        kana: input(&NAME_KANA),
        birth: input(&BIRTH_DATE),
        at: input(&CONSENTED_AT).moment(),
        planned: input(&PLANNED_ON),
        place: input(&PLACE),
        way: choice(&CONSENT_WAY, vec![Offer::new(WAYS[0].code(), w.way_web), Offer::new(WAYS[1].code(), w.way_app)]),
        device: choice(
            &CONSENT_DEVICE,
            ConsentDevice::ALL.iter().map(|of| Offer::new(of.code(), show::consent_device(lang, *of))).collect(),
        ),
        heard: choice(
            &CONSENT_HEARD,
            ConsentHeard::ALL.iter().map(|of| Offer::new(of.code(), show::consent_heard(lang, *of))).collect(),
        ),
        flow: choice(&FLOW, flows.map(|flow| Offer::new(flow.code(), show::flow(lang, *flow))).collect()),
        page: if typed.is_none() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn show_row(lang: Lang, w: &'static ArrivalWords, now: Timestamp, today: Date, item: ConsentItem) -> Row {
    let state = item.state;
    let time = state.time(now);
    let left = |words: &str, ms: i64| format!("{words} {}", show::duration(lang, ms));
    let time_chip = match time {
        ConsentTime::Continues => Chip::new("confirmed", "check", w.continues),
        ConsentTime::Left(ms) => Chip { word: left(w.left, ms), ..Chip::new("confirmed", "clock", "") },
        ConsentTime::RunsOut(ms) => Chip { word: left(w.runs_out, ms), ..Chip::new("changed", "clock", "") },
        ConsentTime::Over => Chip::new("changed", "flag", lang.pick("24時間を過ぎました", "24 hours are over")),
    };
    let entered = state.entered;
    Row {
        consent: item.consent.to_string(),
        name: entered.person.name.unwrap_or_default(),
        kana: entered.person.name_kana.unwrap_or_default(),
        birth: entered.person.birth_date.map(|birth| show::birth(lang, birth, today)).unwrap_or_default(),
        time: time_chip,
        is_over: time == ConsentTime::Over,
        received: state.received,
        arrived: state.visits.iter().map(ToString::to_string).collect(),
        given: show::moment(lang, entered.consented_at, today),
        flow: show::flow(lang, entered.flow),
        place: entered.place.unwrap_or_default(),
        planned: entered.planned_on.map(|day| show::day(lang, day)).unwrap_or_default(),
    }
}
