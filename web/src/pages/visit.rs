//! THE screen: who, the next step, today's lawful ladder with the sentence to say, and everything known of the visit.

mod actions;
mod family;
mod lookup;
mod panels;
mod paper;
mod steps;

pub use actions::*;

use crate::app::App;
use crate::error::PageError;
use crate::form::{Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::pages::apart::{ApartPanel, Asked};
use crate::pages::scans::ScanList;
use crate::pages::tablets::TabletPanel;
use crate::port::VisitView;
use crate::session::SignedIn;
use crate::words::{ScanWords, VisitWords};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::Date;
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::lookup::Lookup;
use domain::visit::VisitStatus;
use family::FamilyPanel;
use panels::{
    Ends, FollowUpLine, HistoryLine, MissingLine, Notes, Outcome, RatioPanel, RefusedLine, ResultPanel, ScanBeside,
    SidePanels, Spelling, Who,
};
use serde::Deserialize;
use steps::{Kind, StepView};

#[derive(Template)]
#[template(path = "visit.html")]
struct VisitPage {
    page: Frame,
    w: &'static VisitWords,
    visit: String,
    who: Who,
    outcome: Outcome,
    cautions: Vec<String>,
    summary: Summary,
    refused_form: String,
    taking: Option<String>,
    stuck: bool,
    next: Option<StepView>,
    quick: Option<StepView>,
    others: Vec<StepView>,
    sw: &'static ScanWords,
    scans: Vec<ScanBeside>,
    slips: ScanList,
    apart: ApartPanel,
    kinds: Vec<Kind>,
    refused: Vec<RefusedLine>,
    missing: Vec<MissingLine>,
    spelling: Option<Spelling>,
    ratio: RatioPanel,
    result: Option<ResultPanel>,
    side: SidePanels,
    follow_ups: Vec<FollowUpLine>,
    /// asks whether the card is lost
    lost: String,
    notes: Notes,
    ends: Ends,
    history: Vec<HistoryLine>,
    prints: Vec<(String, &'static str)>,
    family: FamilyPanel,
}

/// A form of this page that was refused, with what was typed.
struct Refused {
    form: &'static str,
    typed: Typed,
}

/// Which paper is being written down.
#[derive(Deserialize)]
pub struct Taking {
    take: Option<String>,
}

/// What the parts of the page need to build themselves.
struct Context<'a> {
    app: &'a App,
    lang: Lang,
    w: &'static VisitWords,
    csrf: String,
    key: String,
    /// name of who is signed in
    me: String,
    day: Date,
    view: &'a VisitView,
    refused: Option<&'a Refused>,
    /// handing the declaration to a patient's tablet
    tablet: TabletPanel,
    /// the first visit of the family this one came with
    first: Option<&'a VisitView>,
}

/// `GET /visits/{visit}`
pub async fn visit(
    State(app): State<App>,
    who: SignedIn,
    Path(visit): Path<String>,
    Query(taking): Query<Taking>,
) -> Result<Response, PageError> {
    let taking = taking.take.as_deref().and_then(EvidenceKind::from_code);
    show(&app, &who, &VisitId::new(visit), taking, None).await
}

async fn show(
    app: &App,
    who: &SignedIn,
    visit: &VisitId,
    taking: Option<EvidenceKind>,
    refused: Option<Refused>,
) -> Result<Response, PageError> {
    let id = visit.clone();
    let view = app.read(move |desk| desk.visit(&id)).await?.ok_or(PageError::NotFound)?;
    let first = match view.state.family.clone().filter(|first| first != visit) {
        Some(first) => app.read(move |desk| desk.visit(&first)).await?,
        None => None,
    };
    let frame = frame_of(app, who, &view, taking.is_some() || refused.is_some());
    let context = Context {
        app,
        lang: who.lang,
        w: VisitWords::of(who.lang),
        csrf: frame.csrf.clone(),
        key: frame.key.clone(),
        me: who.session.account.name.clone(),
        day: view.state.visit_date().unwrap_or(frame.today),
        view: &view,
        refused: refused.as_ref(),
        tablet: TabletPanel::read(app, who.lang, visit, &frame.csrf).await?,
        first: first.as_ref(),
    };
    let slips = ScanList::slips(app, who, &frame);
    page(&build(&context, frame, taking, slips)?)
}

/// The title names nobody: browsers keep titles in their history.
fn frame_of(app: &App, who: &SignedIn, view: &VisitView, held: bool) -> Frame {
    let frame = Frame::of(app, who, "board", VisitWords::of(who.lang).title);
    let here = format!("/visits/{}", view.visit);
    let frame = if frame.path.starts_with(&format!("{here}?")) { frame } else { Frame { path: here, ..frame } };
    if held { frame.held() } else { frame.refreshing() }
}

fn build(
    context: &Context<'_>,
    frame: Frame,
    taking: Option<EvidenceKind>,
    slips: ScanList,
) -> Result<VisitPage, PageError> {
    let taking = taking.or_else(|| paper::refused_kind(context)).or_else(|| lookup::refused_kind(context));
    let mut ladder = steps::ladder(context, taking)?;
    let next_at = ladder.iter().position(|step| step.is_next);
    let next = next_at.map(|at| ladder.remove(at));
    let quick_at = ladder.iter().position(|step| step.is_quick && next.is_some());
    let quick = quick_at.map(|at| ladder.remove(at));
    let undecided = context.view.status == VisitStatus::Open && context.view.state.accepted.is_none();
    Ok(VisitPage {
        stuck: undecided && next.is_none() && taking.is_none(),
        visit: context.view.visit.to_string(),
        who: panels::who(context),
        outcome: panels::outcome(context),
        cautions: panels::cautions(context),
        summary: context.refused.map_or_else(
            || Summary::of("", &Typed::default(), context.lang),
            |r| Summary::of(r.form, &r.typed, context.lang),
        ),
        refused_form: context.refused.map_or_else(String::new, |refused| refused.form.to_owned()),
        taking: taking.map(|kind| taking_form(context, kind)).transpose()?,
        next,
        quick,
        others: ladder,
        sw: ScanWords::of(context.lang),
        scans: panels::scans(context),
        slips,
        apart: ApartPanel::of_visit(&Asked::of(&frame, "visit", &Typed::default()), context.view),
        kinds: steps::kinds(context),
        refused: panels::refused(context),
        missing: panels::missing_fields(context),
        spelling: panels::spelling(context),
        ratio: panels::ratio(context),
        result: panels::result(context),
        side: panels::side(context),
        follow_ups: panels::follow_ups(context),
        lost: if asks_for_lost_card(context) { steps::lost_card(context)? } else { String::new() },
        notes: panels::notes(context)?,
        ends: panels::ends(context),
        history: panels::history(context),
        family: FamilyPanel::of(context, context.first, may_add_family(context)),
        prints: crate::pages::prints::links_of(context.app, context.lang, context.view),
        page: frame,
        w: context.w,
    })
}

/// Nothing was shown, and nobody has said why: perhaps the card is lost.
fn asks_for_lost_card(context: &Context<'_>) -> bool {
    let state = &context.view.state;
    let shows_nothing = state.presented.iter().any(|paper| paper.kind == EvidenceKind::None);
    shows_nothing && state.accepted.is_none() && state.card_lost.is_none()
}

/// Another of the family is received today, after somebody who came today.
fn may_add_family(context: &Context<'_>) -> bool {
    let ended = matches!(context.view.status, VisitStatus::Voided | VisitStatus::Merged | VisitStatus::LeftWithoutCare);
    !ended && context.view.state.visit_date() == Some(context.app.desk.today())
}

fn taking_form(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    if Lookup::is_way(kind) { lookup::form(context, kind) } else { paper::form(context, kind) }
}

impl Context<'_> {
    /// What was typed into a form of this page, or nothing.
    fn typed(&self, form: &str) -> Typed {
        self.refused.filter(|refused| refused.form == form).map_or_else(Typed::default, |refused| refused.typed.clone())
    }

    fn is_refused(&self, form: &str) -> bool {
        self.refused.is_some_and(|refused| refused.form == form)
    }

    fn words(&self, text: &domain::text::Text) -> String {
        self.lang.of(text)
    }

    /// The hidden head of a form: where it goes, its token, its key.
    fn head(&self, action: &str, form: &str) -> Head {
        Head {
            action: format!("/visits/{}/{action}", self.view.visit),
            csrf: self.csrf.clone(),
            key: format!("{}-{form}", self.key),
        }
    }
}

/// The hidden head of a form.
pub struct Head {
    pub action: String,
    pub csrf: String,
    pub key: String,
}
