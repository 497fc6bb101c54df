//! Papers as PDF.

use super::address::{Parameters, PathId, PathIds};
use super::body::Body;
use super::caller::Caller;
use super::change::Change;
use super::problem::{Problem, ProblemKind};
use super::state::Api;
use super::wire::print::{BlankFormsForm, Papers};
use crate::pages::prints::as_pdf;
use crate::port::NotPrinted;
use crate::prints::{SitePrint, VisitPrint, blank_forms as with_numbers, order, site_paper, visit_paper};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::fact::VisitId;
use paper::Paper;

/// Which papers there are, and what lies ready on the disk
#[utoipa::path(get, path = "/prints", tag = "prints", operation_id = "prints",
    responses((status = 200, description = "the papers", body = Papers)))]
pub async fn prints(State(api): State<Api>) -> Json<Papers> {
    Json(Papers::of(api.desk.prints().as_deref()))
}

/// A paper of the site
///
/// For patients, for the desk, for repairs, or the list of a month (`?month=2026-03`, this month without it).
#[utoipa::path(get, path = "/prints/{print}", tag = "prints", operation_id = "site_print",
    params(("print" = String, Path, description = "code of the paper, as in `GET /prints`", max_length = 64),
        ("month" = Option<String>, Query, description = "for `month-end`: `YYYY-MM`", max_length = 7)),
    responses((status = 200, description = "PDF", body = String, content_type = "application/pdf"),
        (status = 503, description = "the paper cannot be set, or the record cannot be read",
            body = super::ProblemDocument, content_type = "application/problem+json")))]
pub async fn of_site(
    State(api): State<Api>,
    PathId(print): PathId,
    caller: Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let print = SitePrint::from_code(&print).ok_or_else(|| Problem::of(ProblemKind::NotFound))?;
    if !print.right().is_given_to(caller.role()) {
        return Err(Problem::of(ProblemKind::NotAllowed));
    }
    let parameters = parameters.only(&["month"])?;
    let month = parameters.get("month").map(read_month).transpose()?;
    let (settings, staff) = (api.settings.clone(), caller.account.name);
    let paper = api.read(move |desk| site_paper(desk, &settings, &staff, print, month)).await?;
    set(&api, print.code(), paper).await
}

fn read_month(text: &str) -> Result<Date, Problem> {
    Date::parse(&format!("{text}-01")).ok_or_else(|| {
        Problem::parameter("month", "format", "月は 2026-03 の形で送ってください。", "Send the month as 2026-03.")
    })
}

/// A paper about one visit
#[utoipa::path(get, path = "/visits/{id}/prints/{print}", tag = "prints", operation_id = "visit_print",
    params(("id" = String, Path, description = "id of the visit", max_length = 64),
        ("print" = String, Path, description = "code of the paper, as in `GET /prints`", max_length = 64)),
    responses((status = 200, description = "PDF", body = String, content_type = "application/pdf"),
        (status = 503, description = "the paper cannot be set, or the record cannot be read",
            body = super::ProblemDocument, content_type = "application/problem+json")))]
pub async fn of_visit(State(api): State<Api>, PathIds(visit, print): PathIds) -> Result<Response, Problem> {
    let print = VisitPrint::from_code(&print).ok_or_else(|| Problem::of(ProblemKind::NotFound))?;
    let visit = VisitId::new(visit);
    let paper = api.find(move |desk| visit_paper(desk, &visit, print)).await?;
    set(&api, print.code(), paper).await
}

/// Blank declarations with numbers of their own
///
/// The numbers are durable before the forms are set, and no number is given twice. With the same `Idempotency-Key` the same
/// numbers come again, for a reply that was lost; these keys are counted apart from those of other commands.
#[utoipa::path(post, path = "/prints/blank-forms", tag = "prints", operation_id = "blank_forms",
    request_body(content = BlankFormsForm, example = json!({"count": 10})),
    responses((status = 200, description = "PDF", body = String, content_type = "application/pdf"),
        (status = 503, description = "the forms cannot be set, or the numbers not be kept",
            body = super::ProblemDocument, content_type = "application/problem+json")))]
pub async fn blank_forms(
    State(api): State<Api>,
    change: Change,
    body: Body<BlankFormsForm>,
) -> Result<Response, Problem> {
    let prints = api.desk.prints().ok_or_else(|| Problem::of(ProblemKind::NotPrinted))?;
    let numbers = prints.reserve_forms(change.into_key(), body.meaning).await.map_err(problem_of)?;
    set(&api, "blank-forms", with_numbers(numbers)).await
}

async fn set(api: &Api, code: &str, paper: Paper) -> Result<Response, Problem> {
    let prints = api.desk.prints().ok_or_else(|| Problem::of(ProblemKind::NotPrinted))?;
    let pdf = prints.set(order(api.desk.as_ref(), &api.settings, paper)).await.map_err(problem_of)?;
    Ok(as_pdf(code, pdf))
}

fn problem_of(why: NotPrinted) -> Problem {
    Problem::of(match why {
        NotPrinted::KeyReused => ProblemKind::KeyReused,
        NotPrinted::NoNumbers => ProblemKind::Unavailable,
        NotPrinted::Missing | NotPrinted::Busy | NotPrinted::Failed => ProblemKind::NotPrinted,
    })
}
