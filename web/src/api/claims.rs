//! The claims of a month, and questions asked once more for many visits.

use super::address::{Parameters, PathId};
use super::body::Body;
use super::caller::Caller;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::claim::{AskAgainForm, Claim, ClaimCommandForm, Claims};
use super::wire::saved::Saved;
use crate::port::{ClaimFilter, ClaimQuery, DeskCommand};
use axum::Json;
use axum::extract::State;
use domain::claim::Month;
use domain::fact::VisitId;

/// Visits on one page.
const PAGE: u32 = 200;

/// The claims of a month
///
/// In pages of 200, in the order the patients came.
#[utoipa::path(get, path = "/claims", tag = "claims", operation_id = "claims",
    params(("month" = Option<String>, Query, description = "`YYYY-MM`; absent = the month whose claims are at hand", example = "2026-03"),
        ("show" = Option<String>, Query, description = "`all`, `needs`, `changed` or `after-freeze`"),
        ("after" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "one page", body = Claims)))]
pub async fn claims(State(api): State<Api>, caller: Caller, parameters: Parameters) -> Result<Json<Claims>, Problem> {
    let parameters = parameters.only(&["month", "show", "after"])?;
    let month = match parameters.get("month") {
        None => Month::at_hand(api.desk.today()),
        Some(text) => Month::parse(text).ok_or_else(|| {
            Problem::parameter("?month", "format", "YYYY-MM の形で入れてください。", "Give a month as YYYY-MM.")
        })?,
    };
    let filter = match parameters.get("show") {
        None | Some("all") => ClaimFilter::All,
        Some("needs") => ClaimFilter::NeedsSomebody,
        Some("changed") => ClaimFilter::Changed,
        Some("after-freeze") => ClaimFilter::AfterFreeze,
        Some(_) => {
            let (ja, en) =
                ("all・needs・changed・after-freeze のどれかです。", "One of all, needs, changed, after-freeze.");
            return Err(Problem::parameter("?show", "unknown_code", ja, en));
        }
    };
    let after = parameters.get("after").map(VisitId::new);
    let query = ClaimQuery { month, filter, after, limit: PAGE, by: caller.account.author.clone() };
    let view = api.read(move |desk| desk.claims(&query)).await?;
    Ok(Json((&view).into()))
}

/// The claim of one visit
#[utoipa::path(get, path = "/claims/{id}", tag = "claims", operation_id = "claim",
    params(("id" = String, Path, description = "id of the visit", max_length = 64)),
    responses((status = 200, description = "the claim", body = Claim)))]
pub async fn claim(State(api): State<Api>, PathId(id): PathId) -> Result<Json<Claim>, Problem> {
    let item = api.find(move |desk| desk.claim(&VisitId::new(id))).await?;
    Ok(Json((&item).into()))
}

/// Freeze a month, open it again, enter what came back
#[utoipa::path(post, path = "/claims/commands", tag = "claims", operation_id = "claim_command",
    request_body(content = ClaimCommandForm, examples(
        ("freeze" = (summary = "keep the list as it stands", value = json!({"freeze": {"month": "2026-03"}}))),
        ("seen" = (summary = "this caller has seen the list", value = json!({"seen": {"month": "2026-03", "mark": 7}}))))),
    responses((status = 200, description = "kept", body = Saved)))]
pub async fn command(
    State(api): State<Api>,
    change: Change,
    body: Body<ClaimCommandForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::Claims(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}

/// Ask once more for many visits
///
/// Visits whose question is still out, or that have nothing to ask by, are passed over.
#[utoipa::path(post, path = "/follow-ups/ask-again", tag = "claims", operation_id = "ask_again_all",
    request_body(content = AskAgainForm, example = json!({"visits": ["0197a1"]})),
    responses((status = 200, description = "written down", body = Saved)))]
pub async fn ask_again(
    State(api): State<Api>,
    change: Change,
    body: Body<AskAgainForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::AskAgainAll(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}
