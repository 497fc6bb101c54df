//! The rules, asked from outside: the dated list, and decisions on cases that touch no record.

use super::address::Parameters;
use super::body::{
    BODY_BYTES_AT_MOST, LINES_BYTES_AT_MOST, collect, look_at, parse, refuse_forbidden, require_media_type,
};
use super::language::Language;
use super::problem::{FieldNote, Problem, ProblemKind};
use super::state::Api;
use super::visits::day_of;
use super::wire::case::Case;
use super::wire::decision::Decision;
use super::wire::rule::Rules;
use crate::port::Desk;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::text::Text;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::mpsc;

/// One case.
const JSON: &str = "application/json";
/// Many cases, one a line.
const LINES: &str = "application/x-ndjson";
/// Decided lines that may wait for a slow reader.
const LINES_AHEAD: usize = 64;

/// The dated rules
#[utoipa::path(get, path = "/rules", tag = "rules", operation_id = "rules",
    params(("on" = Option<String>, Query, description = "the day `in_force` speaks of, `YYYY-MM-DD`; absent = today",
        example = "2026-08-01")),
    responses((status = 200, description = "the list the desk decides by", body = Rules)))]
pub async fn rules(State(api): State<Api>, parameters: Parameters) -> Result<Json<Rules>, Problem> {
    let day = day_of(&api, &parameters.only(&["on"])?, "on")?;
    Ok(Json(Rules::on(&api.settings.rules, day)))
}

/// Decide a case
///
/// The body is one case in the form of `uketsuke rules decide` (documented in `CASES.md`; only `visit_date` is required; texts of at most
/// 20,000 characters); the
/// reply is the decision in its written form. With `Content-Type: application/x-ndjson` many cases come, one a line, up to 4 MiB in
/// all: the reply has one line for each line that is not blank, in order: the decision, or a problem with `line` and located
/// `errors`. One bad line never stops the others. Nothing is kept.
#[utoipa::path(post, path = "/rules/decide", tag = "rules", operation_id = "decide",
    request_body(description = "one case, or many", content(
        (Case = "application/json", example = json!({
            "visit_date": "2026-03-02", "birth_date": "1964-10-10", "presented": ["MYNA_CARD_FACE"],
            "links": {"line": {"status": "down", "since": "2026-03-02T08:40:00+09:00"}},
            "stored": {"confirmed_on": "2026-02-10", "coverage": {"insurer_number": "01130012", "insured_symbol": "見本12",
                "insured_number": "0345", "ratio_tenths": 3}}})),
        (String = "application/x-ndjson"))),
    responses((status = 200, description = "the decision, or one line for each case", content(
        (Decision = "application/json"),
        (String = "application/x-ndjson")))))]
pub async fn decide(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    let language = Language::preferred(request.headers());
    if require_media_type(request.headers(), &[JSON, LINES])? == JSON {
        let case = parse(&collect(request, BODY_BYTES_AT_MOST).await?)?;
        let desk = api.desk.clone();
        let decided = tokio::task::spawn_blocking(move || decide_one(&*desk, &case)).await;
        return decided.unwrap_or_else(|_| Err(Problem::of(ProblemKind::Internal))).map(|d| Json(d).into_response());
    }
    let cases = collect(request, LINES_BYTES_AT_MOST).await?;
    let body = Body::from_stream(decide_lines(api.desk, cases, language));
    Ok(([(CONTENT_TYPE, LINES)], body).into_response())
}

fn decide_one(desk: &dyn Desk, case: &Value) -> Result<Value, Problem> {
    look_at(case).map_err(refuse_forbidden)?;
    desk.decide_case(case).map_err(|message| Problem::of(ProblemKind::InvalidCase).at(vec![located(&message)]))
}

/// Decides line by line on a thread of its own, no faster than the caller reads.
fn decide_lines(
    desk: Arc<dyn Desk>,
    cases: Bytes,
    language: Language,
) -> impl stream::Stream<Item = Result<Bytes, Infallible>> {
    let (sender, receiver) = mpsc::channel(LINES_AHEAD);
    tokio::task::spawn_blocking(move || {
        let lines = (1..).zip(cases.split(|byte| *byte == b'\n'));
        for (line, case) in lines.filter(|(_, case)| !case.trim_ascii().is_empty()) {
            if sender.blocking_send(decide_line(&*desk, case, line, language)).is_err() {
                return;
            }
        }
    });
    stream::unfold(receiver, |mut receiver| async move { receiver.recv().await.map(|line| (Ok(line), receiver)) })
}

fn decide_line(desk: &dyn Desk, case: &[u8], line: u32, language: Language) -> Bytes {
    let small = if case.len() > BODY_BYTES_AT_MOST { Err(Problem::of(ProblemKind::TooLarge)) } else { Ok(case) };
    // a panic over one case must not cut off the lines behind it
    let decide = || small.and_then(parse).and_then(|case| decide_one(desk, &case));
    let decided = catch_unwind(AssertUnwindSafe(decide)).unwrap_or_else(|_| Err(Problem::of(ProblemKind::Internal)));
    let written = match decided {
        Ok(decision) => serde_json::to_vec(&decision),
        Err(problem) => serde_json::to_vec(&problem.on_line(line).document(language)),
    };
    let mut bytes = written.unwrap_or_default();
    bytes.push(b'\n');
    Bytes::from(bytes)
}

/// The desk's message `a.b.0: expected …` as a note. A path that holds anything but names of fields is not repeated.
fn located(message: &str) -> FieldNote {
    let (path, expected) = message.split_once(": ").unwrap_or(("", message));
    let plain = |step: &str| {
        !step.is_empty() && step.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let known = path != "record" && path.len() <= 200 && path.split('.').all(plain);
    let pointer = if known { format!("/{}", path.replace('.', "/")) } else { String::new() };
    let expected = expected.strip_prefix("expected ").unwrap_or(expected);
    FieldNote::new(
        pointer,
        "case",
        Text::new(format!("この項目の値が使えません（必要な形: {expected}）。"), format!("Expected {expected}.")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_bad_case_becomes_a_pointer() {
        let note = located("stored.coverage.valid_to: expected a date that exists, as YYYY-MM-DD");
        assert_eq!(note.pointer, "/stored/coverage/valid_to");
        assert_eq!(note.en, "Expected a date that exists, as YYYY-MM-DD.");
        assert_eq!(located("record: expected an object").pointer, "");
        assert_eq!(located("山田 太郎: expected one of the fields a, b").pointer, "");
        assert_eq!(located("presented.0.kind: expected one of A, B").pointer, "/presented/0/kind");
    }
}
