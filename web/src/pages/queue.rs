//! The queue of questions for the outside: state, age, next try, reason; and the look-up of a visit history.

use super::check_in::read_person;
use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{CoverageForm, Input, Summary, Typed, read_coverage};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, HistoryQuery, JobCommand, JobItem};
use crate::session::{Posted, SignedIn};
use crate::show::JobLine;
use crate::words::QueueWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Timestamp;
use domain::eligibility::PersonFace;
use domain::fact::QuestionId;
use domain::text::Text;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    page: Frame,
    w: &'static QueueWords,
    open: Vec<OpenJob>,
    done: Vec<JobLine>,
    can_send_any: bool,
    job_summary: Summary,
    summary: Summary,
    look_up_open: bool,
    kana: Input,
    birth: Input,
    number: Input,
    coverage: CoverageForm,
}

/// A job that waits, with the reason for withdrawing it as far as it was typed.
struct OpenJob {
    line: JobLine,
    withdrawing: bool,
    reason: Input,
}

/// A form that was refused.
#[derive(Default)]
struct Refused {
    job: Typed,
    look_up: Typed,
}

/// `GET /queue`
pub async fn queue(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, Refused::default()).await
}

/// `POST /queue`: something about one job, or about all.
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let job = QuestionId::new(typed.value("job"));
    let command = match typed.value("do") {
        "send-all" => Some(JobCommand::SendAllNow),
        "send" => Some(JobCommand::SendNow(job)),
        "ask-again" => Some(JobCommand::AskAgain(job)),
        "withdraw" => typed.required(&REASON).map(|reason| JobCommand::Withdraw { job, reason }),
        _ => return Err(PageError::BadForm),
    };
    if let Some(command) = command {
        let command = DeskCommand::Job(command);
        if hand_in(&app, &who, &mut typed, command, |_| String::new()).await?.is_some() {
            return Ok(go_on("/queue?saved=1"));
        }
    }
    show_page(&app, &who, Refused { job: typed, ..Refused::default() }).await
}

/// `POST /queue/look-up`: answered at once from the box's own memory when it can be, else queued.
pub async fn look_up(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let query = read_query(&mut typed);
    if typed.is_fine() {
        let command = DeskCommand::LookUpHistory(query);
        if let Some(saved) = hand_in(&app, &who, &mut typed, command, |_| String::new()).await? {
            return Ok(match saved.found.as_slice() {
                [] => go_on("/queue?saved=asked"),
                [patient, ..] => go_on(&format!("/patients/{patient}?saved=known")),
            });
        }
    }
    show_page(&app, &who, Refused { look_up: typed, ..Refused::default() }).await
}

fn read_query(typed: &mut Typed) -> HistoryQuery {
    let person = PersonFace { name: None, sex: None, address: None, ..read_person(typed) };
    let patient_number = typed.text(&PATIENT_NUMBER);
    let coverage = read_coverage(typed);
    let by_person = person.name_kana.is_some() && person.birth_date.is_some();
    if !by_person && patient_number.is_none() && !coverage.has_numbers() && typed.is_fine() {
        let (ja, en) = (QueueWords::of(Lang::Ja), QueueWords::of(Lang::En));
        typed.refuse(NAME_KANA.name, Text::new(ja.need_keys, en.need_keys));
    }
    HistoryQuery { person, patient_number, coverage }
}

async fn show_page(app: &App, who: &SignedIn, refused: Refused) -> Result<Response, PageError> {
    let view = app.read(|desk| desk.queue()).await?;
    let (lang, w) = (who.lang, QueueWords::of(who.lang));
    let fine = refused.job.is_fine() && refused.look_up.is_fine();
    let frame = Frame::of(app, who, "queue", w.title);
    let now = frame.now;
    let open: Vec<OpenJob> =
        view.open.iter().enumerate().map(|(at, job)| open_job(lang, job, at, &refused.job, now)).collect();
    let form = open.iter().position(|job| job.withdrawing).map_or_else(String::new, |at| format!("withdraw{at}"));
    let input = |field| Input::of(field, "look-up", &refused.look_up, lang);
    page(&QueuePage {
        can_send_any: view.open.iter().any(|job| job.can_send_now()),
        open,
        done: view.done.iter().map(|job| JobLine::of(lang, job, now)).collect(),
        job_summary: Summary::of(&form, &refused.job, lang),
        summary: Summary::of("look-up", &refused.look_up, lang),
        look_up_open: !refused.look_up.is_fine(),
        kana: input(&NAME_KANA),
        birth: input(&BIRTH_DATE),
        number: input(&PATIENT_NUMBER),
        coverage: CoverageForm::of("look-up", &refused.look_up, lang),
        page: if fine { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn open_job(lang: Lang, job: &JobItem, at: usize, refused: &Typed, now: Timestamp) -> OpenJob {
    let withdrawing = refused.value("job") == job.job.as_str() && !refused.is_fine();
    let nothing = Typed::default();
    let typed = if withdrawing { refused } else { &nothing };
    OpenJob {
        line: JobLine::of(lang, job, now),
        withdrawing,
        reason: Input::of(&REASON, &format!("withdraw{at}"), typed, lang),
    }
}
