//! The round of a facility: its residents with what runs out, and one check-in for all of them who are seen today (REQ-54).

use super::{following_key, go_on};
use crate::app::App;
use crate::counter_here;
use crate::error::PageError;
use crate::form::fields::{BROUGHT_BY, COMPANION};
use crate::form::{Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{CheckIn, DeskCommand, Resident, RoundFacility, SubmitError};
use crate::session::{Posted, SignedIn};
use crate::show::{self, Chip};
use crate::words::RoundWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::case::{Companion, Flow};
use domain::counter::CounterKind;
use domain::eligibility::PersonFace;
use domain::round::CertificateStanding;
use domain::text::Text;
use domain::visit::{CompanionCame, Placed, VisitCommand};
use http::HeaderMap;

/// Residents of one form: a form has room for so many fields.
const AT_ONCE: usize = 60;
/// Names the box of a resident begins with.
const TICKED: &str = "resident-";

#[derive(Template)]
#[template(path = "round.html")]
struct RoundPage {
    page: Frame,
    w: &'static RoundWords,
    here: String,
    parts: Vec<Part>,
}

/// A facility, or as much of it as one form holds.
struct Part {
    name: String,
    /// which part of how many, where there is more than one
    of: Option<(usize, usize)>,
    still_to_come: usize,
    running_out: usize,
    summary: Summary,
    residents: Vec<Line>,
    companion: Choice,
    helper: Input,
}

struct Line {
    patient: String,
    field: String,
    ticked: bool,
    room: String,
    name: String,
    kana: String,
    birth: String,
    number: String,
    care: String,
    confirmed: String,
    certificate: Option<Until>,
    card: Option<Until>,
    today: Option<(String, Chip)>,
}

/// Until when something is good.
struct Until {
    day: String,
    chip: Option<Chip>,
}

/// `GET /round`
pub async fn round(State(app): State<App>, who: SignedIn, headers: HeaderMap) -> Result<Response, PageError> {
    show_page(&app, &who, &headers, None).await
}

/// `POST /round`: `do` ticks everybody who was not received yet, or receives whoever is ticked.
pub async fn receive(State(app): State<App>, headers: HeaderMap, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let facilities = app.read(|desk| desk.facility_rounds()).await?;
    let residents = chosen_part(&facilities, &typed);
    match typed.value("do") {
        "all" => {
            for resident in residents.iter().filter(|resident| resident.today.is_none()) {
                typed.set(&field_of(resident), "yes");
            }
        }
        "receive" => {
            let ticked: Vec<&Resident> =
                residents.iter().copied().filter(|resident| typed.is_ticked(&field_of(resident))).collect();
            if ticked.is_empty() {
                typed.refuse("", words(|w| w.nobody_ticked));
            }
            receive_all(&app, &who, &headers, &mut typed, &ticked).await?;
            if typed.is_fine() {
                return Ok(go_on("/round?saved=1"));
            }
        }
        _ => return Err(PageError::BadForm),
    }
    show_page(&app, &who, &headers, Some(&typed)).await
}

/// Receives one after the other. What was kept stays kept; who could not be received is named.
async fn receive_all(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    typed: &mut Typed,
    residents: &[&Resident],
) -> Result<(), PageError> {
    let companion = typed.code(&COMPANION, Companion::from_code);
    let name = typed.text(&BROUGHT_BY);
    if !typed.is_fine() {
        return Ok(());
    }
    let counter = counter_here_on_rounds(app, who, headers).await?;
    let came = companion.map(|companion| VisitCommand::NoteCompanion(CompanionCame { companion, name }));
    let facility = typed.value("facility").to_owned();
    for resident in residents.iter().filter(|resident| resident.today.is_none()) {
        let place = [facility.as_str(), &resident.room].join(" ").trim().to_owned();
        let placed = Placed { kind: None, place: Some(place).filter(|place| !place.is_empty()) };
        let command = DeskCommand::CheckIn(Box::new(CheckIn {
            patient: Some(resident.patient.patient.clone()),
            patient_number: None,
            person: PersonFace::EMPTY,
            flow: Flow::Facility,
            counter: counter.clone(),
            commands: [VisitCommand::Place(placed)].into_iter().chain(came.clone()).collect(),
        }));
        let key = following_key(typed, resident.patient.patient.as_str());
        match app.desk.submit(&who.session.account, key, command).await {
            Ok(_) => typed.forget(&field_of(resident)),
            Err(SubmitError::Refused { why, .. } | SubmitError::StateChanged(why)) => {
                let name = resident.patient.person.name.clone().unwrap_or_default();
                typed.refuse("", Text::new(format!("{name}：{}", why.ja), format!("{name}: {}", why.en)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The counter of this screen, where it is one for rounds.
async fn counter_here_on_rounds(app: &App, who: &SignedIn, headers: &HeaderMap) -> Result<Option<String>, PageError> {
    let Some(name) = counter_here::of_screen(headers, who) else { return Ok(None) };
    let counters = app.read(|desk| desk.counters()).await?;
    let is_for_rounds = counters.named(&name).is_some_and(|counter| counter.kind == CounterKind::FacilityRound);
    Ok(is_for_rounds.then_some(name))
}

fn field_of(resident: &Resident) -> String {
    format!("{TICKED}{}", resident.patient.patient)
}

fn words(of: fn(&RoundWords) -> &'static str) -> Text {
    Text::new(of(RoundWords::of(Lang::Ja)), of(RoundWords::of(Lang::En)))
}

/// The residents of the form that was sent.
fn chosen_part<'a>(facilities: &'a [RoundFacility], typed: &Typed) -> Vec<&'a Resident> {
    let facility = facilities.iter().find(|facility| facility.name == typed.value("facility"));
    let nth: usize = typed.value("part").parse().unwrap_or(0);
    facility.and_then(|facility| facility.residents.chunks(AT_ONCE).nth(nth)).unwrap_or_default().iter().collect()
}

async fn show_page(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    typed: Option<&Typed>,
) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, RoundWords::of(who.lang));
    let facilities = app.read(|desk| desk.facility_rounds()).await?;
    let here = counter_here_on_rounds(app, who, headers).await?.unwrap_or_default();
    let frame = Frame { path: "/round".to_owned(), ..Frame::of(app, who, "round", w.title) };
    let today = frame.today;
    let mut parts = Vec::new();
    for facility in &facilities {
        let chunks: Vec<&[Resident]> = facility.residents.chunks(AT_ONCE).collect();
        for (nth, residents) in chunks.iter().enumerate() {
            let is_this =
                |typed: &&Typed| typed.value("facility") == facility.name && typed.value("part") == nth.to_string();
            let of = (chunks.len() > 1).then_some((nth + 1, chunks.len()));
            let form = format!("round-{}", parts.len() + 1);
            parts.push(show_part(lang, today, facility, residents, of, &form, typed.filter(is_this)));
        }
    }
    let frame = if typed.is_some() { frame.held() } else { frame };
    page(&RoundPage { here, parts, page: frame, w })
}

fn show_part(
    lang: Lang,
    today: Date,
    facility: &RoundFacility,
    residents: &[Resident],
    of: Option<(usize, usize)>,
    form: &str,
    typed: Option<&Typed>,
) -> Part {
    let w = RoundWords::of(lang);
    let fresh = Typed::prefilled([
        (
            COMPANION.name,
            facility.last_helper.as_ref().map(|_| Companion::Helper.code()).unwrap_or_default().to_owned(),
        ),
        (BROUGHT_BY.name, facility.last_helper.clone().unwrap_or_default()),
    ]);
    let shown = typed.unwrap_or(&fresh);
    let offers = [Companion::Helper, Companion::Proxy].map(|c| Offer::new(c.code(), show::companion(lang, c)));
    let runs_out = |resident: &&Resident| {
        let standing = resident.certificate_until.map(|until| CertificateStanding::on(today, until));
        standing.is_some_and(|standing| standing != CertificateStanding::Good)
    };
    Part {
        name: facility.name.clone(),
        of,
        still_to_come: residents.iter().filter(|resident| resident.today.is_none()).count(),
        running_out: residents.iter().filter(runs_out).count(),
        summary: Summary::of(form, shown, lang),
        residents: residents.iter().map(|resident| show_resident(lang, w, today, resident, shown)).collect(),
        companion: Choice::of(&COMPANION, form, shown, lang, offers.into()).compact(),
        helper: Input { label: w.helper, ..Input::of(&BROUGHT_BY, form, shown, lang) },
    }
}

fn show_resident(lang: Lang, w: &RoundWords, today: Date, resident: &Resident, typed: &Typed) -> Line {
    let hit = &resident.patient;
    let field = field_of(resident);
    let until =
        |day: Date| Until { day: show::day(lang, day), chip: running_out(w, CertificateStanding::on(today, day)) };
    Line {
        patient: hit.patient.to_string(),
        ticked: typed.is_ticked(&field),
        field,
        room: resident.room.clone(),
        name: hit.person.name.clone().unwrap_or_default(),
        kana: hit.person.name_kana.clone().unwrap_or_default(),
        birth: hit.person.birth_date.map(|birth| show::birth(lang, birth, today)).unwrap_or_default(),
        number: hit.patient_number.clone().unwrap_or_default(),
        care: hit.care_note.clone().unwrap_or_default(),
        confirmed: hit.confirmed_on.map(|day| show::day(lang, day)).unwrap_or_default(),
        certificate: resident.certificate_until.map(until),
        card: resident.card_until.map(until),
        today: resident.today.as_ref().map(|(visit, status)| (visit.to_string(), show::status(lang, *status))),
    }
}

fn running_out(w: &RoundWords, standing: CertificateStanding) -> Option<Chip> {
    match standing {
        CertificateStanding::Good => None,
        CertificateStanding::EndsSoon => Some(Chip::new("changed", "clock", w.ends_soon)),
        CertificateStanding::Ended => Some(Chip::new("full", "flag", w.ended)),
    }
}
