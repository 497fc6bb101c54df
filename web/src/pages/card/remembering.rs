//! Remembering a card whose patient staff have confirmed, after the form it was read into was kept.

use super::card_to_remember;
use crate::app::App;
use crate::form::Typed;
use crate::lang::Lang;
use crate::pages::following_key;
use crate::port::{DeskCommand, PatientCommand};
use crate::session::SignedIn;
use domain::fact::PatientId;

/// What is added to the address after a card was not remembered.
const UNREMEMBERED: &str = "card=unremembered";

/// Staff said whose card it is. What was kept before stays kept whatever becomes of the card; what is to be added to the address
/// that is gone to, so that the page there says when it is not remembered.
pub async fn remember_card(app: &App, who: &SignedIn, typed: &Typed, patient: Option<&PatientId>) -> &'static str {
    let (Some(reading), Some(patient)) = (card_to_remember(typed), patient.cloned()) else { return "" };
    let command = DeskCommand::Patient { patient, command: PatientCommand::RememberCard(reading) };
    match app.desk.submit(&who.session.account, following_key(typed, "c"), command).await {
        Ok(_) => "",
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what was read from the card is kept, the card is not"
            );
            "&card=unremembered"
        }
    }
}

/// Said once, on the page gone to.
pub fn unremembered(lang: Lang, path: &str) -> Option<&'static str> {
    let said = path.split_once('?')?.1.split('&').any(|pair| pair == UNREMEMBERED);
    said.then(|| {
        lang.pick(
            "カードは覚えられませんでした（受付は保存済み）。覚えるには、次回もう一度カードを読んでください",
            "The card is not remembered; the check-in is saved. To have it remembered, read it again next time",
        )
    })
}
