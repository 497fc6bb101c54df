//! What the forms of the visit page hand in.

use super::{Refused, lookup, paper, show};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Typed, read_coverage, read_payers};
use crate::lang::Lang;
use crate::pages::check_in::read_person;
use crate::pages::{go_on, hand_in, scans};
use crate::port::{DeskCommand, NumberQuery, VisitView};
use crate::session::Posted;
use crate::words::ScanWords;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::case::{Attempt, AttemptOutcome, Companion};
use domain::decision::FollowUpKind;
use domain::eligibility::{PersonFace, PersonMatch, match_person};
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::text::Text;
use domain::visit::{
    AttemptFailed, CardReportedLost, CardSeen, CompanionCame, FollowUpClosed, FullChargeAsked, LeftWithoutCare,
    PersonTaken, PublicPayersTaken, RatioChosen, StaffDecided, VisitCommand, Voided,
};

/// Declares the handlers: the form's name, and how it is read into commands.
macro_rules! handlers {
    ($( $(#[$meta:meta])* $name:ident, $form:literal, $read:expr; )*) => {
        $(
            $(#[$meta])*
            pub async fn $name(
                State(app): State<App>,
                Path(visit): Path<String>,
                posted: Posted,
            ) -> Result<Response, PageError> {
                act(&app, VisitId::new(visit), posted, $form, $read).await
            }
        )*
    };
}

handlers! {
    /// A paper, screen, card or word was shown.
    take_paper, "paper", paper::read;
    /// “Nothing changed.”
    say_unchanged, "unchanged", |_| vec![VisitCommand::SayUnchanged];
    /// A way of identifying failed.
    report_attempt, "attempt", read_attempt;
    /// Staff decide.
    decide, "decide", |typed| with_reason(typed, |reason| VisitCommand::Decide(StaffDecided { reason }));
    /// The card's expiry or registration.
    note_card, "card", read_card;
    /// The card is lost, and nothing else is at hand so far.
    report_lost_card, "lost-card", |typed| {
        let is_stopped = match typed.value("stopped") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        vec![VisitCommand::ReportLostCard(CardReportedLost { is_stopped })]
    };
    /// A companion.
    note_companion, "companion", read_companion;
    /// The public payers, all of them.
    take_payers, "payers", |typed| {
        vec![VisitCommand::TakePublicPayers(PublicPayersTaken { payers: read_payers(typed) })]
    };
    /// The share.
    choose_ratio, "ratio", read_ratio;
    /// 10割.
    ask_full_charge, "full-charge", |typed| {
        with_reason(typed, |reason| VisitCommand::AskFullCharge(FullChargeAsked { reason }))
    };
    /// Left without care.
    leave, "leave", |typed| with_reason(typed, |reason| VisitCommand::Leave(LeftWithoutCare { reason }));
    /// Entered by mistake.
    void, "void", |typed| with_reason(typed, |reason| VisitCommand::Void(Voided { reason }));
    /// A follow-up is done.
    close_follow_up, "follow-up", read_follow_up;
}

/// `POST /visits/{visit}/person`: what the form leaves out stays as it was.
pub async fn take_person(
    State(app): State<App>,
    Path(visit): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = VisitId::new(visit);
    let before = view_of(&app, &visit).await?.state.person;
    act(&app, visit, posted, "person", |typed| {
        let (person, before) = (read_person(typed), before.unwrap_or(PersonFace::EMPTY));
        let person = PersonFace {
            name: person.name.or(before.name),
            name_kana: person.name_kana.or(before.name_kana),
            birth_date: person.birth_date.or(before.birth_date),
            sex: person.sex.or(before.sex),
            address: person.address.or(before.address),
        };
        vec![VisitCommand::TakePerson(PersonTaken { person })]
    })
    .await
}

/// `POST /visits/{visit}/lookup`: what staff copied from the official outage or disaster screen.
pub async fn enter_lookup(
    State(app): State<App>,
    Path(visit): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = VisitId::new(visit);
    let state = view_of(&app, &visit).await?.state;
    let (day, now) = (state.visit_date().unwrap_or(app.desk.today()), app.desk.now());
    act(&app, visit, posted, lookup::FORM, |typed| lookup::read(typed, day, now)).await
}

/// `POST /visits/{visit}/query`
pub async fn ask_by_number(
    State(app): State<App>,
    Path(visit): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let visit = VisitId::new(visit);
    let coverage = read_coverage(&mut typed);
    if !coverage.has_numbers() && typed.is_fine() {
        let text = Text::new("照会には保険者番号と番号が必要です。", "Insurer number and number are needed to ask.");
        typed.refuse(INSURER_NUMBER.name, text);
    }
    if typed.is_fine() {
        let command = DeskCommand::AskByNumber { visit: visit.clone(), query: NumberQuery { coverage } };
        if hand_in(&app, &who, &mut typed, command, |at| field_of("query", at)).await?.is_some() {
            return Ok(go_on(&format!("/visits/{visit}?saved=asked")));
        }
    }
    show(&app, &who, &visit, None, Some(Refused { form: "query", typed })).await
}

/// `POST /visits/{visit}/scan`: asks by the numbers of a scanned code, unless it is another person's.
pub async fn ask_by_scan(
    State(app): State<App>,
    Path(visit): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let visit = VisitId::new(visit);
    let view = view_of(&app, &visit).await?;
    let scan = typed.value("scan").to_owned();
    let person = view.state.person.unwrap_or(PersonFace::EMPTY);
    let words =
        |of: fn(&ScanWords) -> &'static str| Text::new(of(ScanWords::of(Lang::Ja)), of(ScanWords::of(Lang::En)));
    match scans::find(&app, &scan) {
        None => typed.refuse("", words(|w| w.gone)),
        Some(item) if match_person(&person, &item.person) == PersonMatch::Different => {
            typed.refuse("", words(|w| w.other));
        }
        Some(item) => {
            let query = NumberQuery { coverage: item.coverage };
            let command = DeskCommand::AskByNumber { visit: visit.clone(), query };
            if hand_in(&app, &who, &mut typed, command, |_| String::new()).await?.is_some() {
                scans::put_away(&app, &scan);
                return Ok(go_on(&format!("/visits/{visit}?saved=asked")));
            }
        }
    }
    show(&app, &who, &visit, None, Some(Refused { form: "scan", typed })).await
}

async fn view_of(app: &App, visit: &VisitId) -> Result<VisitView, PageError> {
    let visit = visit.clone();
    app.read(move |desk| desk.visit(&visit)).await?.ok_or(PageError::NotFound)
}

async fn act(
    app: &App,
    visit: VisitId,
    posted: Posted,
    form: &'static str,
    read: impl FnOnce(&mut Typed) -> Vec<VisitCommand>,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let commands = read(&mut typed);
    if typed.is_fine() {
        let command = DeskCommand::Visit { visit: visit.clone(), commands };
        if hand_in(app, &who, &mut typed, command, |at| field_of(form, at)).await?.is_some() {
            return Ok(go_on(&format!("/visits/{visit}?saved=1")));
        }
    }
    show(app, &who, &visit, None, Some(Refused { form, typed })).await
}

/// The field of a form that the desk's "at" speaks of; nothing = the form as a whole.
fn field_of(form: &str, at: &str) -> String {
    match (form, at) {
        (_, "reason") => REASON.name.to_owned(),
        ("ratio", "ratio") => RATIO.name.to_owned(),
        (lookup::FORM, at) => lookup::field_of(at).to_owned(),
        ("query" | "paper", at) if crate::form::COVERAGE_FIELDS.iter().any(|field| field.name == at) => at.to_owned(),
        _ => String::new(),
    }
}

fn with_reason(typed: &mut Typed, command: impl FnOnce(String) -> VisitCommand) -> Vec<VisitCommand> {
    typed.required(&REASON).map(command).into_iter().collect()
}

fn read_attempt(typed: &mut Typed) -> Vec<VisitCommand> {
    let kind = EvidenceKind::from_code(typed.value("kind"));
    let outcome = AttemptOutcome::from_code(typed.value("outcome"));
    let (Some(kind), Some(outcome)) = (kind, outcome) else {
        typed.refuse("", REASON.not_a_choice());
        return Vec::new();
    };
    vec![VisitCommand::ReportAttempt(AttemptFailed { attempt: Attempt { kind, outcome } })]
}

fn read_card(typed: &mut Typed) -> Vec<VisitCommand> {
    let certificate_expiry = typed.date(&CERTIFICATE_EXPIRY);
    let registered = typed.code(&CARD_REGISTERED, |code| match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    if certificate_expiry.is_none() && registered.is_none() && typed.is_fine() {
        typed.refuse(CERTIFICATE_EXPIRY.name, CERTIFICATE_EXPIRY.empty());
    }
    vec![VisitCommand::NoteCard(CardSeen { certificate_expiry, registered })]
}

fn read_companion(typed: &mut Typed) -> Vec<VisitCommand> {
    let companion = typed.required_code(&COMPANION, Companion::from_code);
    let name = typed.text(&COMPANION_NAME);
    companion.map(|companion| VisitCommand::NoteCompanion(CompanionCame { companion, name })).into_iter().collect()
}

fn read_ratio(typed: &mut Typed) -> Vec<VisitCommand> {
    let tenths = typed.tenths(&RATIO);
    if tenths.is_none() && typed.is_fine() {
        typed.refuse(RATIO.name, RATIO.not_a_choice());
    }
    let reason = typed.required(&REASON);
    match (tenths, reason) {
        (Some(tenths), Some(reason)) => vec![VisitCommand::ChooseRatio(RatioChosen { tenths, reason })],
        _ => Vec::new(),
    }
}

fn read_follow_up(typed: &mut Typed) -> Vec<VisitCommand> {
    let note = typed.text(&NOTE).unwrap_or_else(|| "—".to_owned());
    match FollowUpKind::from_code(typed.value("kind")) {
        Some(kind) => vec![VisitCommand::CloseFollowUp(FollowUpClosed { kind, note })],
        None => {
            typed.refuse("", NOTE.not_a_choice());
            Vec::new()
        }
    }
}
