//! A member gets another name: the second counter became the drive-through window. Every box and every page shows it from then on.

use super::Shared;
use crate::desk::{FeedInput, Input};
use crate::enrolment::not_done;
use domain::fact::Author;
use sync::facility::revocation::NotRevoked;
use sync::facility::statement::MAX_NAME;
use sync::seal::BoxId;
use sync::terminal::StaffText;
use web::port::{Account, NotDone};

/// Who renames where nobody is signed in: somebody at the machine itself.
const AT_THE_MACHINE: &str = "command-line";

impl Shared {
    pub(super) async fn rename_now(&self, by: Option<&Account>, id: &str, name: &str) -> Result<(), NotDone> {
        let name = name.trim();
        let vault = self.desk.vault();
        let membership = vault.membership();
        let known = BoxId::from_hex(id).and_then(|id| membership.member(id).map(|member| (id, member)));
        let Some((id, member)) = known else { return Err(not_done("id", &NotRevoked::NotAMember.staff())) };
        if member.name == name {
            return Ok(());
        }
        let is_taken = membership.members().any(|(other, member)| other != id && member.name == name);
        let stated = match () {
            () if name.is_empty() || name.len() > MAX_NAME => return Err(not_done("name", &does_not_fit())),
            () if is_taken => return Err(not_done("name", &taken())),
            () => vault.name(id, name, self.desk.clock().now()).map_err(|_| not_done("name", &does_not_fit()))?,
        };
        let stated = Box::new(stated);
        let kept = self.desk.inbox().send(|reply| Input::Feed(FeedInput::State(stated, reply))).await;
        if !matches!(kept, Some(Ok(()))) {
            return Err(not_done("", &not_kept()));
        }
        let at_the_machine = Account::new(Author::new(AT_THE_MACHINE), AT_THE_MACHINE);
        self.desk.note_rename(by.unwrap_or(&at_the_machine), &id.to_string()).await;
        self.changed();
        Ok(())
    }
}

fn does_not_fit() -> StaffText {
    StaffText::new(
        "名前は全角32文字までです。改行などの特別な文字は使えません。前の名前のままです。",
        "A name has up to 32 characters, and no line breaks or invisible ones. The name stays as it was.",
    )
}

fn taken() -> StaffText {
    StaffText::new(
        "同じ名前の機器がもうあります。見分けられる名前にしてください。前の名前のままです。",
        "Another machine has this name already. Choose one that tells them apart. The name stays as it was.",
    )
}

fn not_kept() -> StaffText {
    StaffText::new(
        "新しい名前を保存できませんでした。前の名前のままです。空き容量を確かめて、もう一度行ってください。",
        "The new name could not be saved. The name stays as it was. Check the free space and try again.",
    )
}
