//! What counters wrote while they were cut off from each other: one list of all, a part of the pages of visit and patient, and the
//! decisions of staff.

mod panel;

pub use panel::{ApartPanel, Asked};

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::REASON;
use crate::form::{Summary, Typed};
use crate::frame::{Frame, page};
use crate::port::{ApartCommand, DeskCommand, Thing};
use crate::session::{Posted, SignedIn};
use crate::words::ApartWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::apart::{Matter, MergeId};
use domain::fact::{FactId, PatientId, VisitId};
use domain::text::Text;

/// What the Enter key in a field sends: it decides nothing.
const UNDECIDED: &str = "?";

#[derive(Template)]
#[template(path = "apart.html")]
struct ApartPage {
    page: Frame,
    w: &'static ApartWords,
    summary: Summary,
    panel: ApartPanel,
}

/// `GET /apart`
pub async fn apart(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default()).await
}

/// `POST /apart`: a decision, from the list or from the page of a visit or a patient.
pub async fn decide(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let reason = typed.required(&REASON).unwrap_or_default();
    if [typed.value("right"), typed.value("goes_on")].contains(&UNDECIDED) {
        typed.refuse(
            "",
            Text::new(
                "まだ決めていません。見比べて、どちらかのボタンを押してください。",
                "Nothing was decided. Compare, and press the button of the one that is right.",
            ),
        );
    }
    let command = read(&typed, reason).ok_or(PageError::BadForm)?;
    if typed.is_fine() {
        let back = match &command {
            _ if typed.value("from") == "list" => "/apart?saved=1".to_owned(),
            ApartCommand::MergeVisits { goes_on, .. } => format!("/visits/{goes_on}?saved=1"),
            ApartCommand::MergePatients { goes_on, .. } => format!("/patients/{goes_on}?saved=1"),
            ApartCommand::Settle { thing, .. }
            | ApartCommand::UndoMerge { thing, .. }
            | ApartCommand::KeepApart { one: thing, .. } => format!("{}?saved=1", panel::path_of(thing)),
        };
        let command = DeskCommand::Apart(command);
        if hand_in(&app, &who, &mut typed, command, |at| if at == REASON.name { at.to_owned() } else { String::new() })
            .await?
            .is_some()
        {
            return Ok(go_on(&back));
        }
    }
    show_page(&app, &who, &typed).await
}

fn read(typed: &Typed, reason: String) -> Option<ApartCommand> {
    let value = |name: &str| Some(typed.value(name).to_owned()).filter(|value| !value.is_empty());
    let thing = |name: &str| thing_of(typed.value("kind"), value(name)?);
    Some(match typed.value("act") {
        "settle" => ApartCommand::Settle {
            thing: thing("one")?,
            matter: Matter::new(value("matter")?),
            right: FactId::new(value("right")?),
            reason,
        },
        "undo" => ApartCommand::UndoMerge { thing: thing("one")?, merge: MergeId::new(value("merge")?), reason },
        "merge" => {
            let (one, two) = (thing("one")?, thing("two")?);
            let Some(goes_on) = value("goes_on") else {
                return Some(ApartCommand::KeepApart { one, other: two, reason });
            };
            match (one, two) {
                (Thing::Visit(one), Thing::Visit(two)) => {
                    let (goes_on, other) = if two.as_str() == goes_on { (two, one) } else { (one, two) };
                    ApartCommand::MergeVisits { goes_on, other, reason }
                }
                (Thing::Patient(one), Thing::Patient(two)) => {
                    let (goes_on, other) = if two.as_str() == goes_on { (two, one) } else { (one, two) };
                    ApartCommand::MergePatients { goes_on, other, reason }
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn thing_of(kind: &str, id: String) -> Option<Thing> {
    match kind {
        "visit" => Some(Thing::Visit(VisitId::new(id))),
        "patient" => Some(Thing::Patient(PatientId::new(id))),
        _ => None,
    }
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed) -> Result<Response, PageError> {
    let report = app.read(|desk| desk.apart()).await?;
    let w = ApartWords::of(who.lang);
    let frame = Frame { path: "/apart".to_owned(), ..Frame::of(app, who, "apart", w.title) };
    page(&ApartPage {
        summary: Summary::of("apart", typed, who.lang),
        panel: ApartPanel::of_report(&Asked::of(&frame, "list", typed), &report),
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}
