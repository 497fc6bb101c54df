//! Retention and deletion: what is kept how long, what went, and deleting one patient.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, ForgetPatient, ForgetReason, Forgotten, ForgottenWhy};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::ForgettingWords;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::fact::PatientId;
use domain::retention::KeptKind;
use domain::{Date, Timestamp};

#[derive(Template)]
#[template(path = "forgetting.html")]
struct ForgettingPage {
    page: Frame,
    w: &'static ForgettingWords,
    periods: Vec<Period>,
    next: Vec<[String; 3]>,
    done: Vec<Done>,
    looked: Option<String>,
    steady: Option<String>,
    left_over: Vec<(String, String)>,
    gone: bool,
}

struct Period {
    kind: &'static str,
    months: u16,
    source: &'static str,
    is_patient: bool,
}

struct Done {
    at: String,
    why: String,
    how_much: String,
    by: String,
}

/// `GET /forgetting`
pub async fn forgetting(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, ForgettingWords::of(who.lang));
    let view = app.read(|desk| desk.forgetting()).await?;
    let gone = who.path.split_once('?').is_some_and(|(_, query)| query.split('&').any(|part| part == "gone=1"));
    let frame = Frame { path: "/forgetting".to_owned(), ..Frame::of(&app, &who, "forgetting", w.title) };
    let today = frame.today;
    let (steady, wanted) = view.steady_nights;
    let period = |period: &domain::retention::RetentionPeriod| Period {
        kind: kind_word(w, period.kind),
        months: period.months,
        source: period.source,
        is_patient: period.kind == KeptKind::Patient,
    };
    page(&ForgettingPage {
        periods: view.periods.iter().map(period).collect(),
        next: view
            .next
            .iter()
            .map(|month| [month_word(month.month), kind_word(w, month.kind).to_owned(), show::day(lang, month.until)])
            .collect(),
        done: view.done.iter().map(|gone| done(lang, w, gone, today)).collect(),
        looked: view.looked_on.map(|day| show::day(lang, day)),
        steady: (view.looked_on.is_some() && steady < wanted).then(|| format!("{steady} / {wanted}")),
        left_over: view.left_over.iter().map(|(visit, patient)| (visit.to_string(), patient.to_string())).collect(),
        gone,
        page: frame,
        w,
    })
}

fn kind_word(w: &'static ForgettingWords, kind: KeptKind) -> &'static str {
    match kind {
        KeptKind::Visit => w.visit,
        KeptKind::Patient => w.patient,
    }
}

fn month_word(month: Date) -> String {
    format!("{}-{:02}", month.year(), month.month())
}

fn done(lang: Lang, w: &'static ForgettingWords, gone: &Forgotten, today: Date) -> Done {
    let why = match gone.why {
        ForgottenWhy::Retention { kind, month } => {
            format!("{}: {} {}", w.by_retention, kind_word(w, kind), month_word(month))
        }
        ForgottenWhy::Patient(reason) => format!("{}: {}", w.by_patient, reason_word(w, reason)),
        ForgottenWhy::OtherBox => w.by_other_box.to_owned(),
    };
    Done {
        at: moment(lang, gone.at, today),
        why,
        how_much: format!("{} {} / {} {}", gone.records, w.records, gone.documents, w.documents),
        by: gone.by.clone().or_else(|| gone.at_box.clone()).unwrap_or_else(|| w.by_itself.to_owned()),
    }
}

fn moment(lang: Lang, at: Timestamp, today: Date) -> String {
    show::moment(lang, at, today)
}

fn reason_word(w: &'static ForgettingWords, reason: ForgetReason) -> &'static str {
    match reason {
        ForgetReason::Request => w.reason_request,
        ForgetReason::Mistake => w.reason_mistake,
        ForgetReason::Double => w.reason_double,
        ForgetReason::Other => w.reason_other,
    }
}

#[derive(Template)]
#[template(path = "forget_patient.html")]
struct ForgetPage {
    page: Frame,
    w: &'static ForgettingWords,
    patient: String,
    name: String,
    kana: String,
    visits: Vec<(String, String)>,
    kept_until: Option<String>,
    reasons: Vec<(&'static str, &'static str, bool)>,
    despite: bool,
    refused: Option<String>,
    is_on_file: bool,
}

/// `GET /patients/{patient}/forget`
pub async fn ask(State(app): State<App>, who: SignedIn, Path(patient): Path<String>) -> Result<Response, PageError> {
    show_question(&app, &who, &PatientId::new(patient), Chosen::default()).await
}

/// What somebody has chosen already, and why it was refused.
#[derive(Default)]
struct Chosen {
    reason: Option<ForgetReason>,
    despite: bool,
    refused: Option<String>,
}

/// `POST /patients/{patient}/forget`: wants a reason and a tick, and a second one for what must still be kept.
pub async fn forget(
    State(app): State<App>,
    Path(patient): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let w = ForgettingWords::of(who.lang);
    let patient = PatientId::new(patient);
    let reason = ForgetReason::from_code(typed.value("reason"));
    let despite = typed.is_ticked("despite_retention");
    let chosen = |why: String| Chosen { reason, despite, refused: Some(why) };
    let Some(wanted) = reason else {
        return show_question(&app, &who, &patient, chosen(w.choose_reason.to_owned())).await;
    };
    if !typed.is_ticked("sure") {
        return show_question(&app, &who, &patient, chosen(w.tick.to_owned())).await;
    }
    let command = ForgetPatient { patient: patient.clone(), reason: wanted, despite_retention: despite };
    let kept = hand_in(&app, &who, &mut typed, DeskCommand::ForgetPatient(command), |_| String::new()).await?;
    if kept.is_some() {
        return Ok(go_on("/forgetting?gone=1"));
    }
    let why = typed.problems().first().map(|problem| who.lang.of(&problem.text)).unwrap_or_default();
    show_question(&app, &who, &patient, chosen(why)).await
}

async fn show_question(app: &App, who: &SignedIn, patient: &PatientId, chosen: Chosen) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, ForgettingWords::of(who.lang));
    let id = patient.clone();
    let view = app.read(move |desk| desk.forget_preview(&id)).await?.ok_or(PageError::NotFound)?;
    let frame = Frame::of(app, who, "board", w.forget_title);
    let frame = Frame { path: format!("/patients/{patient}/forget"), ..frame }.held();
    let visit = |(_, day, until): &(_, Date, Date)| {
        let kept =
            if *until >= frame.today { format!("{}{}", w.kept_until, show::day(lang, *until)) } else { String::new() };
        (show::day(lang, *day), kept)
    };
    page(&ForgetPage {
        patient: patient.to_string(),
        is_on_file: view.name.is_some(),
        name: view.name.clone().unwrap_or_default(),
        kana: view.name_kana.clone().unwrap_or_default(),
        visits: view.visits.iter().map(visit).collect(),
        kept_until: view.kept_until.map(|until| show::day(lang, until)),
        reasons: ForgetReason::ALL
            .into_iter()
            .map(|reason| (reason.code(), reason_word(w, reason), chosen.reason == Some(reason)))
            .collect(),
        despite: chosen.despite,
        refused: chosen.refused,
        page: frame,
        w,
    })
}
