//! One patient: data, insurance with how and when it was learned, ● correction, care note, visits.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{CoverageForm, Input, Summary, Typed, read_coverage};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::pages::apart::{ApartPanel, Asked};
use crate::port::{DeskCommand, PatientCommand, PatientHit, PatientView};
use crate::session::{Posted, SignedIn};
use crate::show::{self, Chip, CoverageLine};
use crate::words::{ForgettingWords, PatientWords, RecognitionWords};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::fact::PatientId;
use domain::patient::CoverageLearned;
use domain::text::Text;

#[derive(Template)]
#[template(path = "patient.html")]
struct PatientPage {
    page: Frame,
    w: &'static PatientWords,
    rw: &'static RecognitionWords,
    forget: &'static str,
    cards: usize,
    patient: String,
    name: String,
    kana: String,
    received: Option<String>,
    facts: Vec<(&'static str, String)>,
    care: String,
    invalid_since: Option<String>,
    coverages: Vec<Learned>,
    visits: Vec<(String, String, Chip)>,
    summary: Summary,
    apart: ApartPanel,
    editing: bool,
    insuring: bool,
    corrected: Input,
    care_note: Input,
    number: Input,
    coverage: CoverageForm,
}

struct Learned {
    in_use: bool,
    how: String,
    lines: Vec<CoverageLine>,
}

/// A form of this page that was refused.
struct Refused {
    form: &'static str,
    typed: Typed,
}

/// `GET /patients/{patient}`
pub async fn patient(
    State(app): State<App>,
    who: SignedIn,
    Path(patient): Path<String>,
) -> Result<Response, PageError> {
    show_page(&app, &who, &PatientId::new(patient), None).await
}

/// Declares the handlers: the form's name, and how it is read into a command.
macro_rules! handlers {
    ($( $(#[$meta:meta])* $name:ident, $form:literal, $read:expr; )*) => {
        $(
            $(#[$meta])*
            pub async fn $name(
                State(app): State<App>,
                Path(patient): Path<String>,
                posted: Posted,
            ) -> Result<Response, PageError> {
                change(&app, PatientId::new(patient), posted, $form, $read).await
            }
        )*
    };
}

handlers! {
    /// The true spelling of a name.
    correct_name, "name", read_name;
    /// The care note; empty takes it away.
    note_care, "care", |typed| Some(PatientCommand::NoteCare(typed.text(&CARE_NOTE).unwrap_or_default()));
    /// The clinic's number.
    set_number, "number", |typed| typed.required(&PATIENT_NUMBER).map(PatientCommand::SetNumber);
    /// Insurance from a paper.
    learn_coverage, "coverage", read_insurance;
    /// No card of the patient is recognised any more.
    forget_cards, "cards", |_| Some(PatientCommand::ForgetCards);
}

fn read_name(typed: &mut Typed) -> Option<PatientCommand> {
    let as_received = typed.text(&NAME).unwrap_or_default();
    typed.required(&CORRECTED_NAME).map(|corrected| PatientCommand::CorrectName { as_received, corrected })
}

fn read_insurance(typed: &mut Typed) -> Option<PatientCommand> {
    let coverage = read_coverage(typed);
    if !coverage.has_numbers() && typed.is_fine() {
        let text = Text::new("保険者番号と番号を入力してください。", "Enter insurer number and number.");
        typed.refuse(INSURER_NUMBER.name, text);
    }
    Some(PatientCommand::LearnCoverage(Box::new(coverage)))
}

async fn change(
    app: &App,
    patient: PatientId,
    posted: Posted,
    form: &'static str,
    read: impl FnOnce(&mut Typed) -> Option<PatientCommand>,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let command = read(&mut typed);
    if let Some(command) = command.filter(|_| typed.is_fine()) {
        let command = DeskCommand::Patient { patient: patient.clone(), command };
        if hand_in(app, &who, &mut typed, command, |_| String::new()).await?.is_some() {
            return Ok(go_on(&back(&typed, &patient)));
        }
    }
    show_page(app, &who, &patient, Some(Refused { form, typed })).await
}

/// To the visit the form stood on, else to the patient.
fn back(typed: &Typed, patient: &PatientId) -> String {
    let visit = typed.value("visit");
    let is_id = !visit.is_empty() && visit.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_id { format!("/visits/{visit}?saved=1") } else { format!("/patients/{patient}?saved=1") }
}

async fn show_page(
    app: &App,
    who: &SignedIn,
    patient: &PatientId,
    refused: Option<Refused>,
) -> Result<Response, PageError> {
    let id = patient.clone();
    let view = app.read(move |desk| desk.patient(&id)).await?.ok_or(PageError::NotFound)?;
    let (lang, w) = (who.lang, PatientWords::of(who.lang));
    let frame = Frame { path: format!("/patients/{patient}"), ..Frame::of(app, who, "board", w.title) };
    let nothing = Typed::default();
    let typed = |form: &str| refused.as_ref().filter(|r| r.form == form).map_or(&nothing, |refused| &refused.typed);
    let state = &view.state;
    page(&PatientPage {
        rw: RecognitionWords::of(lang),
        forget: ForgettingWords::of(lang).forget_link,
        cards: state.card_tokens.len(),
        patient: patient.to_string(),
        name: state.display_name().unwrap_or_default().to_owned(),
        kana: state.person.name_kana.clone().unwrap_or_default(),
        received: state.person.name.clone().filter(|name| Some(name.as_str()) != state.display_name()),
        facts: facts(lang, w, &view, frame.today),
        care: state.care_note.clone().unwrap_or_default(),
        invalid_since: state.invalid_since.map(|since| show::day(lang, since)),
        coverages: state.coverages.iter().rev().map(|learned| show_learned(lang, learned, state.coverage())).collect(),
        visits: view
            .visits
            .iter()
            .map(|(visit, day, status)| (visit.to_string(), show::day(lang, *day), show::status(lang, *status)))
            .collect(),
        summary: refused
            .as_ref()
            .map_or_else(|| Summary::of("", &nothing, lang), |refused| Summary::of(refused.form, &refused.typed, lang)),
        apart: ApartPanel::of_patient(&Asked::of(&frame, "patient", &nothing), patient, &own_hit(&view), &view.apart),
        editing: refused.as_ref().is_some_and(|refused| refused.form != "coverage"),
        insuring: refused.as_ref().is_some_and(|refused| refused.form == "coverage"),
        corrected: Input::of(&CORRECTED_NAME, "name", typed("name"), lang),
        care_note: care_input(lang, typed("care"), state.care_note.as_deref()),
        number: Input::of(&PATIENT_NUMBER, "number", typed("number"), lang),
        coverage: CoverageForm::of("coverage", typed("coverage"), lang),
        page: if refused.is_some() { frame.held() } else { frame },
        w,
    })
}

/// The patient as a search shows it, to stand beside another.
fn own_hit(view: &PatientView) -> PatientHit {
    let (state, insured) = (&view.state, view.state.coverage());
    let name = state.display_name().map(str::to_owned);
    PatientHit {
        patient: view.patient.clone(),
        patient_number: state.patient_number.clone(),
        person: domain::eligibility::PersonFace { name, ..state.person.clone() },
        insurer_name: insured.and_then(|learned| learned.coverage.insurer_name.clone()),
        confirmed_on: insured.map(|learned| learned.on),
        last_visit: view.visits.first().map(|(_, day, _)| *day),
        care_note: state.care_note.clone(),
    }
}

fn care_input(lang: Lang, typed: &Typed, note: Option<&str>) -> Input {
    let input = Input::of(&CARE_NOTE, "care", typed, lang);
    if typed.is_fine() { Input { value: note.unwrap_or_default().to_owned(), ..input } } else { input }
}

fn facts(lang: Lang, w: &'static PatientWords, view: &PatientView, today: domain::Date) -> Vec<(&'static str, String)> {
    let (state, person) = (&view.state, &view.state.person);
    let day = |date: Option<domain::Date>| date.map(|date| show::day(lang, date));
    let all = [
        (w.number, Some(state.patient_number.clone().unwrap_or_else(|| w.no_number.to_owned()))),
        (BIRTH_DATE.label(lang), person.birth_date.map(|birth| show::birth(lang, birth, today))),
        (SEX.label(lang), person.sex.map(|sex| show::sex(lang, sex).to_owned())),
        (ADDRESS.label(lang), person.address.clone()),
        (w.shown_on, day(state.document_shown_on)),
        (w.certificate, day(state.certificate_expiry)),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}

fn show_learned(lang: Lang, learned: &CoverageLearned, in_use: Option<&CoverageLearned>) -> Learned {
    Learned {
        in_use: in_use == Some(learned),
        how: format!(
            "{} — {} — {}",
            show::day(lang, learned.on),
            show::evidence(lang, learned.evidence),
            show::confidence(lang, learned.confidence)
        ),
        lines: show::coverage_lines(lang, &learned.coverage),
    }
}
