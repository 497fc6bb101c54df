//! The way outside: queue, links, journal, shelf.

use super::address::{Parameters, PathId};
use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::link::{Journal, JournalEntryShown, LinkReportShown};
use super::wire::queue::{Queue, WithdrawForm};
use super::wire::saved::Saved;
use super::wire::shelf::{AnswerOnShelfShown, ClaimForm, Shelf};
use crate::port::{DeskCommand, JobCommand};
use axum::Json;
use axum::extract::State;
use domain::fact::QuestionId;

/// Journal entries without a limit given, and at most.
const ENTRIES: (u32, u32) = (100, 1_000);

/// Jobs for the outside
#[utoipa::path(get, path = "/queue", tag = "outside", operation_id = "queue",
    responses((status = 200, description = "open jobs and those that ended today", body = Queue)))]
pub async fn queue(State(api): State<Api>) -> Result<Json<Queue>, Problem> {
    let queue = api.read(|desk| desk.queue()).await?;
    Ok(Json((&queue).into()))
}

/// Try all jobs now
#[utoipa::path(post, path = "/queue/send-now", tag = "outside", operation_id = "send_all_now",
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn send_all_now(State(api): State<Api>, change: Change) -> Result<Json<Saved>, Problem> {
    change.submit(&api, DeskCommand::Job(JobCommand::SendAllNow), Sent::default()).await.map(Json)
}

/// Try one job now
#[utoipa::path(post, path = "/queue/{job}/send-now", tag = "outside", operation_id = "send_now",
    params(("job" = String, Path, description = "id of the job", max_length = 64)),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn send_now(State(api): State<Api>, PathId(job): PathId, change: Change) -> Result<Json<Saved>, Problem> {
    let command = JobCommand::SendNow(QuestionId::new(job));
    change.submit(&api, DeskCommand::Job(command), Sent::default()).await.map(Json)
}

/// Ask once more
///
/// By a person's decision, when no answer will come any more: the national service must not be asked twice for the same
/// thing by a machine.
#[utoipa::path(post, path = "/queue/{job}/ask-again", tag = "outside", operation_id = "ask_again",
    params(("job" = String, Path, description = "id of the job", max_length = 64)),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn ask_again(State(api): State<Api>, PathId(job): PathId, change: Change) -> Result<Json<Saved>, Problem> {
    let command = JobCommand::AskAgain(QuestionId::new(job));
    change.submit(&api, DeskCommand::Job(command), Sent::default()).await.map(Json)
}

/// Withdraw a job
#[utoipa::path(post, path = "/queue/{job}/withdraw", tag = "outside", operation_id = "withdraw",
    params(("job" = String, Path, description = "id of the job", max_length = 64)),
    request_body(content = WithdrawForm, example = json!({"reason": "患者さんが資格確認書を持参した"})),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn withdraw(
    State(api): State<Api>,
    PathId(job): PathId,
    change: Change,
    body: Body<WithdrawForm>,
) -> Result<Json<Saved>, Problem> {
    let command = JobCommand::Withdraw { job: QuestionId::new(job), reason: body.meaning };
    change.submit(&api, DeskCommand::Job(command), Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// Every link with its state and since when
#[utoipa::path(get, path = "/links", tag = "outside", operation_id = "links",
    responses((status = 200, description = "the links", body = LinkReportShown)))]
pub async fn links(State(api): State<Api>) -> Result<Json<LinkReportShown>, Problem> {
    let report = api.read(|desk| Ok(desk.links())).await?;
    Ok(Json((&report).into()))
}

/// The outage journal, newest first
#[utoipa::path(get, path = "/journal", tag = "outside", operation_id = "journal",
    params(("limit" = Option<u32>, Query, description = "how many entries, 1 to 1000; absent = 100", minimum = 1, maximum = 1000,
        example = 10)),
    responses((status = 200, description = "what the links did", body = Journal)))]
pub async fn journal(State(api): State<Api>, parameters: Parameters) -> Result<Json<Journal>, Problem> {
    let parameters = parameters.only(&["limit"])?;
    let limit = match parameters.get("limit") {
        None => ENTRIES.0,
        Some(text) => text.parse().ok().filter(|limit| (1..=ENTRIES.1).contains(limit)).ok_or_else(|| {
            Problem::parameter("?limit", "out_of_range", "1〜1000の整数です。", "A whole number from 1 to 1000.")
        })?,
    };
    let entries = api.read(move |desk| desk.journal(limit)).await?;
    Ok(Json(Journal { entries: entries.iter().map(JournalEntryShown::from).collect() }))
}

/// Answers and card readings nobody waited for
#[utoipa::path(get, path = "/shelf", tag = "outside", operation_id = "shelf",
    responses((status = 200, description = "the shelf", body = Shelf)))]
pub async fn shelf(State(api): State<Api>) -> Result<Json<Shelf>, Problem> {
    let answers = api.read(|desk| desk.shelf()).await?;
    Ok(Json(Shelf { answers: answers.iter().map(AnswerOnShelfShown::from).collect() }))
}

/// Say to whom an answer on the shelf belongs
#[utoipa::path(post, path = "/shelf/{answer}/claim", tag = "outside", operation_id = "claim_answer",
    params(("answer" = String, Path, description = "id of the answer", max_length = 64)),
    request_body(content = ClaimForm, examples(
        ("to_a_visit" = (summary = "it belongs to a visit", value = json!({"visit": "v-1"}))),
        ("put_away" = (summary = "it belongs to nobody", value = json!({"put_away": true}))))),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn claim(
    State(api): State<Api>,
    PathId(answer): PathId,
    change: Change,
    body: Body<ClaimForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::ClaimAnswer { answer, visit: body.meaning };
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}
