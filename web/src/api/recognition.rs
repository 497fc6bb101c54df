//! Recognising a card that comes again.

use super::change::{Change, Sent};
use super::problem::Problem;
use super::state::Api;
use super::wire::recognition::CardRecognition;
use super::wire::saved::Saved;
use crate::port::DeskCommand;
use axum::Json;
use axum::extract::State;

/// Whether cards that come again are recognised
///
/// Off unless the settings of the box switch it on. What a card is recognised by is told to nobody.
#[utoipa::path(get, path = "/card-recognition", tag = "devices", operation_id = "card_recognition",
    responses((status = 200, description = "how it stands", body = CardRecognition)))]
pub async fn recognition(State(api): State<Api>) -> Result<Json<CardRecognition>, Problem> {
    let view = api.read(|desk| desk.recognition()).await?;
    Ok(Json(CardRecognition::of(&view)))
}

/// Erase what cards are recognised by
///
/// Of all patients, and with it the key it was made with, so that copies in old backups lead nowhere. Works whether recognising
/// is on or off; where it is on, cards are remembered anew from then on.
#[utoipa::path(post, path = "/card-recognition/erase", tag = "devices", operation_id = "erase_card_tokens",
    responses((status = 200, description = "erased", body = Saved)))]
pub async fn erase(State(api): State<Api>, change: Change) -> Result<Json<Saved>, Problem> {
    change.submit(&api, DeskCommand::EraseCardTokens, Sent::default()).await.map(Json)
}
