//! Carrying out what was decided about a member: it is out first, then the keys it knew are replaced. A power cut in between is made good
//! at the next start.

use super::Shared;
use crate::desk::{FeedInput, Input};
use domain::text::Text;
use std::sync::Arc;
use sync::facility::revocation::{KeyKeeper, Revocation};
use sync::seal::{BoxId, Slot};
use web::port::NotDone;

impl Shared {
    pub(super) async fn carry_out(&self, member: BoxId, decided: Revocation<Slot>) -> Result<(), NotDone> {
        let statement = Box::new(decided.statement);
        let stated = self.desk.inbox().send(|reply| Input::Feed(FeedInput::PutOut(member, statement, reply))).await;
        if !matches!(stated, Some(Ok(()))) {
            return Err(NotDone { at: "", why: not_kept() });
        }
        self.replace(&decided.rotate).await;
        self.changed();
        Ok(())
    }

    /// From then on nothing is sealed with keys that somebody knows who is out.
    async fn replace(&self, old: &[Slot]) {
        if let Err(error) = self.desk.vault().replace(old) {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "keys could not be replaced; tried at the next start"
            );
            return;
        }
        let rotated = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Rotated(reply))).await;
        if !matches!(rotated, Some(Ok(()))) {
            tracing::error!("the new keys could not be handed on; they go with the next thing that is written");
        }
    }

    pub(super) async fn rotate_what_is_due(self: Arc<Self>) {
        let due = self.desk.readers().read(|reading| reading.rotations_due()).unwrap_or_default();
        if let Some(member) = due.first() {
            // every box has every key: replacing them once does for all who went out
            let old = self.desk.vault().keys_known_to(*member);
            self.replace(&old).await;
        }
    }
}

fn not_kept() -> Text {
    Text::new(
        "登録の取り消しを保存できませんでした。何も変更していません。空き容量を確かめて、もう一度行ってください。",
        "It could not be saved. Nothing was changed. Check the free space and try again.",
    )
}
