//! Updates, as people ask for them: who did is on the trail before anything is done.

use super::RunningDesk;
use crate::update::Agent;
use domain::text::Text;
use web::port::{Account, Pending, UpdateWish, Updates, UpdatesView};

/// The agent behind the pages of a desk.
pub(super) struct AskedUpdates {
    pub desk: RunningDesk,
    pub agent: Agent,
}

impl Updates for AskedUpdates {
    fn view(&self) -> UpdatesView {
        self.agent.view()
    }

    fn wish(&self, by: &Account, wish: UpdateWish) -> Pending<'_, Result<(), Text>> {
        let by = by.clone();
        Box::pin(async move {
            let what = match wish {
                UpdateWish::Check => None,
                UpdateWish::Install => Some("update-asked"),
                UpdateWish::Postpone(_) => Some("update-postponed"),
                UpdateWish::AsPlanned => Some("update-as-planned"),
            };
            if let Some(what) = what
                && !self.desk.note_update(&by, what).await
            {
                return Err(Text::new(
                    "操作を記録できないため、何もしていません。もう一度お試しください。",
                    "Nothing was done, because it could not be written down. Try again.",
                ));
            }
            self.agent.wish(&by, wish).await
        })
    }
}
