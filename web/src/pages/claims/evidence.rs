//! The evidence of one claim (REQ-67): what was seen, when, by whom and how; and what came back of it.

use super::text_file;
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::{OUTCOME_NOTE, RETURN_NOTE, RETURN_OUTCOME, RETURN_REASON, RETURNED_ON};
use crate::form::{Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::pages::{go_on, hand_in};
use crate::port::{ClaimCommand, ClaimFilter, ClaimItem, ClaimQuery, DeskCommand, VisitView};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::EvidenceWords;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::claim::{Month, ReturnOutcome, ReturnReason, ReturnedClaim};
use domain::fact::{Author, VisitId};

#[derive(Template)]
#[template(path = "claim_evidence.html")]
struct EvidencePage {
    page: Frame,
    w: &'static EvidenceWords,
    summary: Summary,
    visit: String,
    month: String,
    name: String,
    rows: Vec<(String, String)>,
    warnings: Vec<String>,
    history: Vec<(String, String, String)>,
    returns: Vec<Return>,
    on: Input,
    reason: Choice,
    note: Input,
}

struct Return {
    id: String,
    words: String,
    next_time: String,
    outcome: Option<String>,
    choice: Choice,
    note: Input,
}

struct Bundle {
    view: VisitView,
    item: ClaimItem,
    returns: Vec<ReturnedClaim>,
}

/// `GET /claims/{visit}`
pub async fn evidence(State(app): State<App>, who: SignedIn, visit: Path<String>) -> Result<Response, PageError> {
    show_page(&app, &who, VisitId::new(visit.0), &Typed::default()).await
}

/// `GET /claims/{visit}/text`: the same as a file.
pub async fn evidence_text(State(app): State<App>, who: SignedIn, visit: Path<String>) -> Result<Response, PageError> {
    let bundle = bundle(&app, VisitId::new(visit.0), who.session.account.author.clone()).await?;
    let (lang, w) = (who.lang, EvidenceWords::of(who.lang));
    let mut text = format!("{}\r\n", w.title);
    for (label, value) in rows(lang, w, &bundle) {
        text.push_str(&format!("{label}: {value}\r\n"));
    }
    for warning in &bundle.item.line.warnings {
        text.push_str(&format!("! {}\r\n", lang.of(&warning.words())));
    }
    text.push_str(&format!("\r\n{}\r\n", w.history));
    for (at, by, what) in history(lang, w, &bundle.view) {
        text.push_str(&format!("{at}  {by}  {what}\r\n"));
    }
    for claim in &bundle.returns {
        text.push_str(&format!("\r\n{}: {}\r\n", w.returns, return_words(lang, w, claim)));
    }
    Ok(text_file("evidence.txt", text))
}

/// `POST /claims/{visit}/return`
pub async fn enter_return(State(app): State<App>, visit: Path<String>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let visit = VisitId::new(visit.0);
    let on = typed.date(&RETURNED_ON);
    if on.is_none() && typed.problem(RETURNED_ON.name).is_none() {
        typed.refuse(RETURNED_ON.name, RETURNED_ON.empty());
    }
    let reason = typed.required_code(&RETURN_REASON, ReturnReason::from_code);
    let note = typed.text(&RETURN_NOTE);
    if let (Some(on), Some(reason), true) = (on, reason, typed.is_fine()) {
        let command = DeskCommand::Claims(ClaimCommand::EnterReturn { visit: visit.clone(), on, reason, note });
        let field = |at: &str| match at {
            "on" => RETURNED_ON.name.to_owned(),
            "note" => RETURN_NOTE.name.to_owned(),
            _ => String::new(),
        };
        if hand_in(&app, &who, &mut typed, command, field).await?.is_some() {
            return Ok(go_on(&format!("/claims/{visit}?saved=1")));
        }
    }
    show_page(&app, &who, visit, &typed).await
}

/// `POST /claims/{visit}/settle`
pub async fn settle_return(State(app): State<App>, visit: Path<String>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let visit = VisitId::new(visit.0);
    let month = Month::parse(typed.value("month")).ok_or(PageError::BadForm)?;
    let outcome = typed.required_code(&RETURN_OUTCOME, ReturnOutcome::from_code);
    let note = typed.required(&OUTCOME_NOTE);
    if let (Some(outcome), Some(note), true) = (outcome, note, typed.is_fine()) {
        let id = typed.value("id").to_owned();
        let command = DeskCommand::Claims(ClaimCommand::SettleReturn { month, id, outcome, note });
        if hand_in(&app, &who, &mut typed, command, |_| OUTCOME_NOTE.name.to_owned()).await?.is_some() {
            return Ok(go_on(&format!("/claims/{visit}?saved=1")));
        }
    }
    show_page(&app, &who, visit, &typed).await
}

async fn bundle(app: &App, visit: VisitId, by: Author) -> Result<Bundle, PageError> {
    let found = app.read(move |desk| {
        let (Some(view), Some(item)) = (desk.visit(&visit)?, desk.claim(&visit)?) else { return Ok(None) };
        let month = Month::of(item.visit_date);
        let month = desk.claims(&ClaimQuery { month, filter: ClaimFilter::All, after: None, limit: 0, by })?;
        let returns = month.returned.into_iter().map(|(claim, _)| claim);
        let returns = returns.filter(|claim| claim.entered.visit == visit).collect();
        Ok(Some(Bundle { view, item, returns }))
    });
    found.await?.ok_or(PageError::NotFound)
}

async fn show_page(app: &App, who: &SignedIn, visit: VisitId, typed: &Typed) -> Result<Response, PageError> {
    let bundle = bundle(app, visit, who.session.account.author.clone()).await?;
    let (lang, w) = (who.lang, EvidenceWords::of(who.lang));
    let frame = Frame::of(app, who, "claims", w.title);
    let reasons = ReturnReason::ALL.iter().map(|one| Offer::new(one.code(), lang.of(&one.words()))).collect();
    page(&EvidencePage {
        summary: Summary::of("return", typed, lang),
        visit: bundle.item.visit.to_string(),
        month: Month::of(bundle.item.visit_date).to_string(),
        name: bundle.item.name.clone().unwrap_or_default(),
        rows: rows(lang, w, &bundle),
        warnings: bundle.item.line.warnings.iter().map(|warning| lang.of(&warning.words())).collect(),
        history: history(lang, w, &bundle.view),
        returns: bundle.returns.iter().map(|claim| shown_return(lang, w, claim, typed)).collect(),
        on: Input::of(&RETURNED_ON, "return", typed, lang),
        reason: Choice::of(&RETURN_REASON, "return", typed, lang, reasons).compact(),
        note: Input::of(&RETURN_NOTE, "return", typed, lang).wide(),
        page: if typed.is_fine() { frame } else { frame.held() },
        w,
    })
}

fn rows(lang: Lang, w: &'static EvidenceWords, bundle: &Bundle) -> Vec<(String, String)> {
    let (item, line) = (&bundle.item, &bundle.item.line);
    let basis = line.not_claimed.map_or_else(|| line.basis.words(), |none| none.words());
    let mut rows = vec![
        (w.claim.to_owned(), format!("{} {}", show::day(lang, item.visit_date), lang.of(&basis))),
        (w.why.to_owned(), lang.of(&line.reason)),
        (w.payer_body.to_owned(), lang.of(&domain::claim::warning::payer_body_words(line.payer_body))),
    ];
    if let Some(coverage) = &line.coverage {
        let parts = show::coverage_lines(lang, coverage);
        rows.extend(parts.into_iter().map(|part| (part.label.to_owned(), part.value)));
        rows.extend(coverage.override_reason.clone().map(|reason| (w.override_reason.to_owned(), reason)));
    }
    for payer in &line.public_payers {
        let recipient = payer.recipient.as_ref().map_or("", |number| number.as_str());
        rows.push((
            w.public_payers.to_owned(),
            format!("{} {} {recipient}", lang.of(&payer.name()), payer.payer.as_str()),
        ));
    }
    if let Some(form) = &bundle.view.state.declaration {
        rows.push((w.declaration.to_owned(), format!("{} {}", w.form_no, form.form_no)));
        rows.push((w.kind.to_owned(), show::insurance_kind(lang, form.insurance_kind).to_owned()));
        rows.extend(form.workplace.clone().map(|name| (w.workplace.to_owned(), name)));
        rows.extend(form.contact().map(|contact| (w.contact.to_owned(), contact.to_owned())));
        let signed = if form.signed_by().is_some() { w.yes } else { w.no };
        rows.push((w.signed.to_owned(), signed.to_owned()));
    }
    rows
}

fn history(lang: Lang, w: &'static EvidenceWords, view: &VisitView) -> Vec<(String, String, String)> {
    let line = |recorded: &domain::fact::Recorded<domain::visit::VisitFact>| {
        let day = show::day(lang, recorded.at.date_in_japan());
        let by = if recorded.by == Author::the_box() { w.the_box.to_owned() } else { recorded.by.to_string() };
        (format!("{day} {}", show::time(recorded.at)), by, show::fact(lang, &recorded.fact))
    };
    view.history.iter().map(line).collect()
}

fn return_words(lang: Lang, w: &'static EvidenceWords, claim: &ReturnedClaim) -> String {
    let entered = &claim.entered;
    let note = entered.note.as_deref().map(|note| format!(" — {note}")).unwrap_or_default();
    format!("{} {} {}{note}", show::day(lang, entered.on), w.came, lang.of(&entered.reason.words()))
}

fn shown_return(lang: Lang, w: &'static EvidenceWords, claim: &ReturnedClaim, typed: &Typed) -> Return {
    let nothing = Typed::default();
    let typed = if typed.value("id") == claim.id { typed } else { &nothing };
    let form = format!("r-{}", claim.id);
    let outcomes = ReturnOutcome::ALL.iter().map(|one| Offer::new(one.code(), lang.of(&one.words()))).collect();
    Return {
        id: claim.id.clone(),
        words: return_words(lang, w, claim),
        next_time: lang.of(&claim.entered.reason.prevented_by()),
        outcome: claim
            .settled
            .as_ref()
            .map(|settled| format!("{} — {}", lang.of(&settled.outcome.words()), settled.note)),
        choice: Choice::of(&RETURN_OUTCOME, &form, typed, lang, outcomes).compact(),
        note: Input::of(&OUTCOME_NOTE, &form, typed, lang),
    }
}
