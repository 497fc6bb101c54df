//! The figures of the site.

use super::address::Parameters;
use super::problem::Problem;
use super::state::Api;
use super::wire::statistics::SiteFigures;
use crate::outside_figures::read_range;
use axum::Json;
use axum::extract::State;

/// The figures of the site: troubles, waiting, evidence
///
/// In whole weeks, Monday to Sunday. Counts of one to four are covered, and one beside them from which they could be worked out.
#[utoipa::path(get, path = "/statistics", tag = "devices", operation_id = "statistics",
    params(("from" = Option<String>, Query, description = "a day of the first week; absent = twelve weeks before the last", example = "2026-01-05"),
        ("to" = Option<String>, Query, description = "a day of the last week; absent = today")),
    responses((status = 200, description = "the figures", body = SiteFigures)))]
pub async fn statistics(State(api): State<Api>, parameters: Parameters) -> Result<Json<SiteFigures>, Problem> {
    let parameters = parameters.only(&["from", "to"])?;
    let range = read_range(parameters.get("from"), parameters.get("to"), api.desk.today()).ok_or_else(|| {
        let (ja, en) = (
            "from と to は YYYY-MM-DD の日付で、from が先、長くて2年までです。",
            "Give from and to as YYYY-MM-DD, from first, two years at most.",
        );
        Problem::parameter("?from", "not_a_period", ja, en)
    })?;
    Ok(Json(SiteFigures::from(&api.read(move |desk| desk.statistics(&range)).await?)))
}
