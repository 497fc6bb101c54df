//! Cards that were found at the site.

use super::body::Body;
use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::found_card::{FoundCardForm, FoundCardsShown};
use super::wire::saved::Saved;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;

/// Cards that were found at the site
///
/// Those the site holds, the oldest first; then those that were settled lately. No number of a card is kept.
#[utoipa::path(get, path = "/lost-cards", tag = "visits", operation_id = "lost_cards",
    responses((status = 200, description = "held and settled", body = FoundCardsShown)))]
pub async fn lost_cards(State(api): State<Api>) -> Result<Json<FoundCardsShown>, Problem> {
    let items = api.read(|desk| desk.found_cards()).await?;
    Ok(Json(FoundCardsShown::of(&items)))
}

/// Enter a card that was found, call its owner, hand it back
#[utoipa::path(post, path = "/lost-cards", tag = "visits", operation_id = "change_lost_cards",
    request_body(content = FoundCardForm, examples(
        ("enter" = (summary = "left in the reader", value = json!({"enter": {"day": "2026-03-02", "thing": "my_number_card",
            "place": "reader", "found_by": "受付 一子"}}))))),
    responses((status = 200, description = "kept; `about` is its id", body = Saved)))]
pub async fn change_lost_cards(
    State(api): State<Api>,
    change: Change,
    body: Body<FoundCardForm>,
) -> Result<Json<Saved>, Problem> {
    let command = DeskCommand::FoundCards(body.meaning);
    change.submit(&api, command, Sent { warnings: body.warnings, json: body.json }).await.map(Json)
}
