//! What remains to be done for all visits, the most urgent first.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::NOTE;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, FollowUpItem};
use crate::prints::VisitPrint;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::FollowUpWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::decision::FollowUpKind;
use domain::fact::VisitId;
use domain::visit::{FollowUpClosed, VisitCommand};

#[derive(Template)]
#[template(path = "follow_ups.html")]
struct FollowUpsPage {
    page: Frame,
    w: &'static FollowUpWords,
    summary: Summary,
    groups: Vec<(&'static str, Vec<Line>)>,
}

struct Line {
    visit: String,
    visit_day: String,
    name: String,
    kind: &'static str,
    title: &'static str,
    due: String,
    reason: String,
    key: String,
    note: Input,
    paper: Option<(String, &'static str)>,
}

/// `GET /follow-ups`
pub async fn follow_ups(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default()).await
}

/// `POST /follow-ups`: one of them is done.
pub async fn close(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let note = typed.text(&NOTE).unwrap_or_else(|| "—".to_owned());
    let kind = FollowUpKind::from_code(typed.value("kind")).ok_or(PageError::BadForm)?;
    if typed.is_fine() {
        let command = DeskCommand::Visit {
            visit: VisitId::new(typed.value("visit")),
            commands: vec![VisitCommand::CloseFollowUp(FollowUpClosed { kind, note })],
        };
        if hand_in(&app, &who, &mut typed, command, |_| String::new()).await?.is_some() {
            return Ok(go_on("/follow-ups?saved=1"));
        }
    }
    show_page(&app, &who, &typed).await
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed) -> Result<Response, PageError> {
    let items = app.read(|desk| desk.follow_ups()).await?;
    let w = FollowUpWords::of(who.lang);
    let frame = Frame::of(app, who, "follow-ups", w.title);
    let (due, later): (Vec<_>, Vec<_>) = items.iter().enumerate().partition(|(_, item)| item.is_due);
    let lines = |items: Vec<(usize, &FollowUpItem)>| {
        items
            .into_iter()
            .map(|(at, item)| Line {
                paper: paper_of(who.lang, frame.prints, item),
                ..line(who.lang, w, item, at, &frame.key, typed)
            })
            .collect::<Vec<_>>()
    };
    let groups = [(w.due_now, lines(due)), (w.later, lines(later))];
    page(&FollowUpsPage {
        summary: Summary::of("follow-ups", typed, who.lang),
        groups: groups.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn line(lang: Lang, w: &'static FollowUpWords, item: &FollowUpItem, at: usize, key: &str, typed: &Typed) -> Line {
    let kind = item.kind().code();
    let mine = typed.value("visit") == item.visit.as_str() && typed.value("kind") == kind;
    let nothing = Typed::default();
    Line {
        visit: item.visit.to_string(),
        visit_day: show::day(lang, item.visit_date),
        name: item.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        kind,
        title: show::follow_up(lang, item.kind()),
        due: show::day(lang, item.follow_up.due),
        reason: lang.of(&item.follow_up.reason),
        key: format!("{key}-{at}"),
        note: Input::of(&NOTE, &format!("f{at}"), if mine { typed } else { &nothing }, lang),
        paper: None,
    }
}

/// The paper that goes with what is to be done, where papers can be set.
fn paper_of(lang: Lang, can_print: bool, item: &FollowUpItem) -> Option<(String, &'static str)> {
    let print = match item.kind() {
        FollowUpKind::Refund => VisitPrint::Refund,
        FollowUpKind::CertificateSlip => VisitPrint::Certificate,
        FollowUpKind::DeclarationOpen => VisitPrint::Declaration,
        FollowUpKind::ReportNumber | FollowUpKind::BringCard => VisitPrint::TakeHome,
        FollowUpKind::UnknownClaim | FollowUpKind::FormerClaim => VisitPrint::Remark,
        _ => return None,
    };
    can_print.then(|| (format!("/visits/{}/prints/{}", item.visit, print.code()), print.name(lang)))
}
