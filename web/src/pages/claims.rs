//! The claims of a month: every visit with its basis, its evidence and what stands out; frozen, opened again, come back.

mod evidence;

pub use evidence::{enter_return, evidence, evidence_text, settle_return};

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::REOPEN_REASON;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{
    ClaimCommand, ClaimFileQuery, ClaimFilter, ClaimItem, ClaimMonth, ClaimQuery, DeskCommand, FileEncoding,
    SinceFreeze,
};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::ClaimWords;
use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::claim::{ClaimBasis, Month};
use domain::fact::VisitId;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use std::convert::Infallible;

/// Visits on one page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "claims.html")]
struct ClaimsPage {
    page: Frame,
    w: &'static ClaimWords,
    summary: Summary,
    month: String,
    month_words: String,
    before: String,
    after: String,
    close: String,
    corrections: String,
    counts: Vec<(String, u32)>,
    filters: Vec<Filter>,
    looked: Option<String>,
    mark: i64,
    lines: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    is_frozen: bool,
    events: Vec<String>,
    reopen: Input,
    layouts: Vec<(String, String)>,
    bad_layouts: Vec<String>,
    returned: Vec<Returned>,
    wrong_month: bool,
}

struct Filter {
    href: String,
    name: &'static str,
    count: u32,
    is_chosen: bool,
}

struct Line {
    visit: String,
    day: String,
    name: String,
    number: Option<String>,
    basis: String,
    provisional: bool,
    payer_body: String,
    numbers: String,
    ratio: String,
    evidence: String,
    remarks: Vec<String>,
    marks: Vec<&'static str>,
    warnings: Vec<(bool, String)>,
}

struct Returned {
    visit: String,
    name: String,
    words: String,
    outcome: String,
}

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
pub struct Wish {
    month: Option<String>,
    show: Option<String>,
    after: Option<String>,
}

/// `GET /claims`
pub async fn claims(State(app): State<App>, who: SignedIn, wish: Query<Wish>) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default(), wish.0).await
}

/// `POST /claims/freeze`
pub async fn freeze(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |_, month| Some(ClaimCommand::Freeze(month))).await
}

/// `POST /claims/reopen`
pub async fn reopen(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |typed, month| {
        let reason = typed.required(&REOPEN_REASON)?;
        Some(ClaimCommand::Reopen { month, reason })
    })
    .await
}

/// `POST /claims/seen`: what was shown counts as seen by this person.
pub async fn seen(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |typed, month| {
        let mark = typed.value("mark").parse().unwrap_or(0);
        Some(ClaimCommand::Looked { month, mark })
    })
    .await
}

async fn change(
    app: App,
    posted: Posted,
    read: impl FnOnce(&mut Typed, Month) -> Option<ClaimCommand>,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let month = Month::parse(typed.value("month")).ok_or(PageError::BadForm)?;
    let command = read(&mut typed, month);
    if let Some(command) = command.filter(|_| typed.is_fine()) {
        let field = |at: &str| if at == "reason" { REOPEN_REASON.name.to_owned() } else { String::new() };
        if hand_in(&app, &who, &mut typed, DeskCommand::Claims(command), field).await?.is_some() {
            return Ok(go_on(&format!("/claims?month={month}&saved=1")));
        }
    }
    show_page(&app, &who, &typed, Wish { month: Some(month.to_string()), ..Wish::default() }).await
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed, wish: Wish) -> Result<Response, PageError> {
    let at_hand = Month::at_hand(app.desk.today());
    let asked = wish.month.as_deref().map(Month::parse);
    let month = asked.flatten().unwrap_or(at_hand);
    let query = ClaimQuery {
        month,
        filter: wish.show.as_deref().and_then(filter_of).unwrap_or(ClaimFilter::All),
        after: wish.after.clone().map(VisitId::new),
        limit: LINES,
        by: who.session.account.author.clone(),
    };
    let filter = query.filter;
    let (view, layouts) = app.read(move |desk| Ok((desk.claims(&query)?, desk.claim_layouts()))).await?;
    let (w, lang) = (ClaimWords::of(who.lang), who.lang);
    let frame = Frame::of(app, who, "claims", w.title);
    let here = |filter: ClaimFilter| format!("/claims?month={month}&show={}", code_of(filter));
    let today = frame.today;
    let good = layouts.iter().filter(|layout| layout.problem.is_none());
    page(&ClaimsPage {
        summary: Summary::of("claims", typed, lang),
        month: month.to_string(),
        month_words: month_words(lang, month),
        before: format!("/claims?month={}", month.plus(-1)),
        after: format!("/claims?month={}", month.plus(1)),
        close: show::day(lang, month.closes_on()),
        corrections: show::day(lang, month.corrections_until()),
        counts: counts(lang, w, &view),
        filters: filters(w, &view)
            .map(|(filter_shown, name, count)| Filter {
                href: here(filter_shown),
                name,
                count,
                is_chosen: filter_shown == filter,
            })
            .into(),
        looked: view.looked_at.map(|at| show::moment(lang, at, today)),
        mark: view.mark,
        lines: view.items.iter().map(|item| line(lang, w, item)).collect(),
        next: view.next.as_ref().map(|visit| format!("{}&after={visit}", here(filter))),
        first: wish.after.is_some().then(|| here(filter)),
        is_frozen: view.is_frozen,
        events: view.events.iter().map(|event| event_words(lang, w, event, today)).collect(),
        reopen: Input::of(&REOPEN_REASON, "claims", typed, lang),
        layouts: good.map(|layout| (layout.name.clone(), layout.title.clone())).collect(),
        bad_layouts: layouts.iter().filter_map(|layout| layout.problem.as_ref().map(|text| lang.of(text))).collect(),
        returned: view.returned.iter().map(|(claim, name)| returned(lang, w, claim, name.as_deref())).collect(),
        wrong_month: asked.is_some_and(|month| month.is_none()),
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn filter_of(code: &str) -> Option<ClaimFilter> {
    [ClaimFilter::All, ClaimFilter::NeedsSomebody, ClaimFilter::Changed, ClaimFilter::AfterFreeze]
        .into_iter()
        .find(|filter| code_of(*filter) == code)
}

/// The code of a filter in addresses.
const fn code_of(filter: ClaimFilter) -> &'static str {
    match filter {
        ClaimFilter::All => "all",
        ClaimFilter::NeedsSomebody => "needs",
        ClaimFilter::Changed => "changed",
        ClaimFilter::AfterFreeze => "after-freeze",
    }
}

fn filters(w: &'static ClaimWords, view: &ClaimMonth) -> [(ClaimFilter, &'static str, u32); 4] {
    let totals = &view.totals;
    [
        (ClaimFilter::All, w.all, totals.all()),
        (ClaimFilter::NeedsSomebody, w.needs, totals.needs_somebody),
        (ClaimFilter::Changed, w.changed, totals.changed),
        (ClaimFilter::AfterFreeze, w.after_freeze, totals.after_freeze),
    ]
}

fn counts(lang: Lang, w: &'static ClaimWords, view: &ClaimMonth) -> Vec<(String, u32)> {
    let totals = &view.totals;
    let basis = |basis: ClaimBasis| lang.of(&basis.words());
    vec![
        (basis(ClaimBasis::Current), totals.current),
        (basis(ClaimBasis::Former), totals.former),
        (basis(ClaimBasis::Unknown), totals.unknown),
        (basis(ClaimBasis::Hold), totals.hold),
        (w.not_claimed.to_owned(), totals.not_claimed),
        (w.unconfirmed.to_owned(), totals.unconfirmed),
    ]
}

fn month_words(lang: Lang, month: Month) -> String {
    let day = month.first_day();
    lang.pick(format!("{}年{}月", day.year(), day.month()), month.to_string())
}

fn event_words(
    lang: Lang,
    w: &'static ClaimWords,
    event: &domain::claim::month::MonthEvent,
    today: domain::Date,
) -> String {
    let at = show::moment(lang, event.at, today);
    match (event.frozen, &event.reason) {
        (Some(visits), _) => format!("{}{at} ({visits} {})", w.froze, w.visits),
        (None, reason) => format!("{}{at} — {}", w.reopened, reason.as_deref().unwrap_or_default()),
    }
}

fn line(lang: Lang, w: &'static ClaimWords, item: &ClaimItem) -> Line {
    let claim = &item.line;
    let numbers = claim.coverage.as_ref().map(show::insured_numbers);
    let since_freeze = match item.since_freeze {
        SinceFreeze::Same => None,
        SinceFreeze::Changed => Some(w.frozen_changed),
        SinceFreeze::Added => Some(w.frozen_added),
    };
    let marks = [
        item.changed.then_some(w.changed_mark),
        since_freeze,
        item.insurer_differs_in_month.then_some(w.insurer_in_month),
    ];
    let basis = claim.not_claimed.map_or_else(|| claim.basis.words(), |none| none.words());
    Line {
        visit: item.visit.to_string(),
        day: show::day(lang, item.visit_date),
        name: item.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        number: item.patient_number.clone(),
        basis: lang.of(&basis),
        provisional: claim.provisional && claim.not_claimed.is_none(),
        payer_body: if claim.basis == ClaimBasis::Hold || claim.not_claimed.is_some() {
            String::new()
        } else {
            lang.of(&domain::claim::warning::payer_body_words(claim.payer_body))
        },
        numbers: numbers.unwrap_or_default(),
        ratio: show::tenths_or_unknown(lang, claim.ratio_tenths),
        evidence: claim.evidence.map(|kind| show::evidence(lang, kind).to_owned()).unwrap_or_default(),
        remarks: claim.remark_lines.clone(),
        marks: marks.into_iter().flatten().collect(),
        warnings: claim.warnings.iter().map(|one| (one.needs_somebody(), lang.of(&one.label()))).collect(),
    }
}

fn returned(lang: Lang, w: &'static ClaimWords, claim: &domain::claim::ReturnedClaim, name: Option<&str>) -> Returned {
    let entered = &claim.entered;
    let outcome =
        claim.settled.as_ref().map(|settled| format!("{} — {}", lang.of(&settled.outcome.words()), settled.note));
    Returned {
        visit: entered.visit.to_string(),
        name: name.unwrap_or(w.nameless).to_owned(),
        words: format!("{} {}", show::day(lang, entered.on), lang.of(&entered.reason.words())),
        outcome: outcome.unwrap_or_else(|| w.returned_open.to_owned()),
    }
}

/// What a file is asked for by.
#[derive(Deserialize)]
pub struct FileWish {
    month: String,
    layout: String,
    encoding: Option<String>,
}

/// `GET /claims/file`: the claims of a month as a file, part after part, however many there are.
pub async fn file(State(app): State<App>, _: SignedIn, wish: Query<FileWish>) -> Result<Response, PageError> {
    let month = Month::parse(&wish.month).ok_or(PageError::NotFound)?;
    let encoding = wish.encoding.as_deref().filter(|code| !code.is_empty()).map(FileEncoding::from_code);
    let encoding = encoding.map(|code| code.ok_or(PageError::NotFound)).transpose()?;
    let query = ClaimFileQuery { month, layout: wish.layout.clone(), encoding, after: None };
    let asked = query.clone();
    let first = app.read(move |desk| desk.claim_file(&asked)).await?.ok_or(PageError::NotFound)?;
    let kind = match first.encoding {
        FileEncoding::Utf8WithMark => "text/csv; charset=utf-8",
        FileEncoding::ShiftJis => "text/csv; charset=shift_jis",
    };
    let parts = stream::unfold((app, query, Some(first)), next_part);
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"claims-{month}.csv\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

type Parts = (App, ClaimFileQuery, Option<crate::port::ClaimFilePart>);

/// A file that breaks off must not look whole: the download fails.
async fn next_part((app, query, part): Parts) -> Option<(Result<Vec<u8>, std::io::Error>, Parts)> {
    let part = part?;
    let Some(next) = part.next else { return Some((Ok(part.bytes), (app, query, None))) };
    let query = ClaimFileQuery { after: Some(next), ..query };
    let asked = query.clone();
    match app.read(move |desk| desk.claim_file(&asked)).await {
        Ok(Some(following)) => Some((Ok(part.bytes), (app, query, Some(following)))),
        _ => Some((Err(std::io::Error::other("the rest of the file could not be read")), (app, query, None))),
    }
}

/// Text of a page that is downloaded.
fn text_file(name: &str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body = stream::iter([Ok::<_, Infallible>(format!("\u{FEFF}{text}").into_bytes())]);
    (headers, Body::from_stream(body)).into_response()
}
