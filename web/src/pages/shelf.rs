//! Answers and card readings nobody waited for: each goes to its visit, or is put away.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::{Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{AnswerOnShelf, DeskCommand};
use crate::session::{Posted, SignedIn};
use crate::show::{self, CoverageLine};
use crate::words::ShelfWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::fact::VisitId;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "shelf.html")]
struct ShelfPage {
    page: Frame,
    w: &'static ShelfWords,
    summary: Summary,
    answers: Vec<Line>,
}

struct Line {
    answer: String,
    reason: &'static str,
    at: String,
    file: String,
    name: String,
    kana: String,
    birth: String,
    message: String,
    coverage: Vec<CoverageLine>,
    candidates: Vec<(String, String)>,
    key: String,
}

/// `GET /shelf`
pub async fn shelf(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default()).await
}

/// `POST /shelf`: an empty visit means nobody's.
pub async fn claim(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let visit = Some(typed.value("visit").to_owned()).filter(|visit| !visit.is_empty()).map(VisitId::new);
    let next = visit.as_ref().map_or_else(|| "/shelf?saved=1".to_owned(), |visit| format!("/visits/{visit}?saved=1"));
    let command = DeskCommand::ClaimAnswer { answer: typed.value("answer").to_owned(), visit };
    match hand_in(&app, &who, &mut typed, command, |_| String::new()).await? {
        Some(_) => Ok(go_on(&next)),
        None => show_page(&app, &who, &typed).await,
    }
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed) -> Result<Response, PageError> {
    let (answers, names) = app
        .read(|desk| {
            let answers = desk.shelf()?;
            let mut names = HashMap::new();
            for row in desk.board(desk.today())?.rows {
                names.insert(row.visit.to_string(), format!("{} {}", row.number, row.name.unwrap_or_default()));
            }
            Ok((answers, names))
        })
        .await?;
    let w = ShelfWords::of(who.lang);
    let frame = Frame::of(app, who, "shelf", w.title).refreshing();
    let line = |(at, answer)| show_answer(who.lang, answer, frame.today, &names, format!("{}-{at}", frame.key));
    page(&ShelfPage {
        summary: Summary::of("shelf", typed, who.lang),
        answers: answers.iter().enumerate().map(line).collect(),
        page: frame,
        w,
    })
}

fn show_answer(lang: Lang, answer: &AnswerOnShelf, today: Date, names: &HashMap<String, String>, key: String) -> Line {
    let candidate = |visit: &VisitId| {
        let id = visit.to_string();
        let name = names.get(&id).cloned().unwrap_or_else(|| lang.pick("別の日の受付", "another day").to_owned());
        (id, name)
    };
    Line {
        answer: answer.answer.clone(),
        reason: show::shelf_reason(lang, answer.reason),
        at: show::moment(lang, answer.at, today),
        file: answer.file_name.clone(),
        name: answer.person.name.clone().unwrap_or_default(),
        kana: answer.person.name_kana.clone().unwrap_or_default(),
        birth: answer.person.birth_date.map(|birth| show::birth(lang, birth, today)).unwrap_or_default(),
        message: lang.of(&answer.message),
        coverage: answer.coverage.as_ref().map(|coverage| show::coverage_lines(lang, coverage)).unwrap_or_default(),
        candidates: answer.candidates.iter().map(candidate).collect(),
        key,
    }
}
