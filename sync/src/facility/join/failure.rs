//! Why a box did not come in, in words for the people at both screens.

use crate::facility::wire::{Malformed, Reader};
use crate::terminal::StaffText;

/// Why a joining ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinFailure {
    /// The codes differ, or somebody stands in between without knowing the code.
    #[error("wrong code, {left} attempts left")]
    WrongCode {
        /// Attempts left for this code.
        left: u8,
    },
    /// The code's time is over.
    #[error("the code has expired")]
    CodeExpired,
    /// The code let somebody in already.
    #[error("the code was used")]
    CodeUsed,
    /// Too many attempts.
    #[error("the code is void after too many attempts")]
    CodeVoid,
    /// No code was made on the other side.
    #[error("no code is waiting")]
    NoCode,
    /// The other side could not prove that it knows the code.
    #[error("the other side does not know the code")]
    Impostor,
    /// A person said no.
    #[error("declined by a person")]
    Declined,
    /// Nobody approved in time.
    #[error("nobody approved in time")]
    NotApproved,
    /// The other side speaks only older versions: update it.
    #[error("the other side is too old")]
    TheyAreOlder,
    /// The other side speaks only newer versions: update this one.
    #[error("this side is too old")]
    WeAreOlder,
    /// Both are new, or both are members.
    #[error("neither or both of them are members")]
    NothingToJoin,
    /// The newcomer was put out of this facility: it needs a new identity.
    #[error("the newcomer was revoked before")]
    Revoked,
    /// The newcomer is not (or no longer) admitted: begin anew with a code.
    #[error("not admitted")]
    NotAdmitted,
    /// This box may not admit: it is no member box.
    #[error("this box may not admit")]
    NoRight,
    /// What came does not hold together.
    #[error("the welcome does not hold together")]
    BadWelcome,
    /// Not the form that was expected.
    #[error("malformed message: {0}")]
    Malformed(#[from] Malformed),
    /// A message that has no place here.
    #[error("a message out of turn")]
    OutOfTurn,
    /// Nothing came in time.
    #[error("too slow")]
    TooSlow,
    /// The connection ended.
    #[error("the connection ended: {0}")]
    Lost(std::io::ErrorKind),
    /// The disk did not take it.
    #[error("could not be kept: {0}")]
    NotKept(std::io::ErrorKind),
}

impl JoinFailure {
    /// What the other side is told. This side's disk and lines are its own affair.
    pub(super) fn told(self) -> (u8, u8) {
        match self {
            JoinFailure::WrongCode { left } => (1, left),
            JoinFailure::CodeExpired => (2, 0),
            JoinFailure::CodeUsed => (3, 0),
            JoinFailure::CodeVoid => (4, 0),
            JoinFailure::NoCode => (5, 0),
            JoinFailure::Declined => (6, 0),
            JoinFailure::NotApproved => (7, 0),
            // what is older here is newer there
            JoinFailure::TheyAreOlder => (8, 0),
            JoinFailure::WeAreOlder => (9, 0),
            JoinFailure::NothingToJoin => (10, 0),
            JoinFailure::Revoked => (11, 0),
            JoinFailure::NotAdmitted => (12, 0),
            JoinFailure::NoRight => (13, 0),
            _ => (14, 0),
        }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<JoinFailure, Malformed> {
        let (code, detail) = (from.u8()?, from.u8()?);
        Ok(match code {
            1 => JoinFailure::WrongCode { left: detail },
            2 => JoinFailure::CodeExpired,
            3 => JoinFailure::CodeUsed,
            4 => JoinFailure::CodeVoid,
            5 => JoinFailure::NoCode,
            6 => JoinFailure::Declined,
            7 => JoinFailure::NotApproved,
            8 => JoinFailure::WeAreOlder,
            9 => JoinFailure::TheyAreOlder,
            10 => JoinFailure::NothingToJoin,
            11 => JoinFailure::Revoked,
            12 => JoinFailure::NotAdmitted,
            13 => JoinFailure::NoRight,
            14 => JoinFailure::OutOfTurn,
            _ => return Err(Malformed::UnknownKind),
        })
    }

    /// What staff read.
    pub fn staff(&self) -> StaffText {
        let (ja, en) = match self {
            JoinFailure::WrongCode { left } => return wrong_code(*left),
            JoinFailure::CodeExpired => (
                "登録コードの有効時間（10分）が過ぎました。登録は行われていません。新しいコードを発行してください。",
                "The code's time (10 minutes) is over. Nothing was registered. Make a new code.",
            ),
            JoinFailure::CodeUsed => (
                "この登録コードはすでに使われています。この機器は登録されていません。心当たりがない場合は機器の一覧を確認し、新しいコードを発行してください。",
                "This code was already used. This machine was not registered. If nobody here used it, look at the list of machines; \
                 then make a new code.",
            ),
            JoinFailure::CodeVoid => (
                "誤った入力が続いたため、登録コードは無効になりました。登録は行われていません。新しいコードを発行してください。",
                "Too many attempts: the code is void. Nothing was registered. Make a new code.",
            ),
            JoinFailure::NoCode => (
                "相手の機器で登録コードが発行されていません。登録は行われていません。先に相手の画面でコードを発行してください。",
                "No code was made on the other machine. Nothing was registered. Make a code there first.",
            ),
            JoinFailure::Impostor => (
                "相手は登録コードを知らない機器でした。接続を切りました。登録は行われておらず、情報も渡していません。接続先を確認し、新しいコードでやり直してください。",
                "The other machine does not know the code, so the connection was ended. Nothing was registered or handed over. Check \
                 which machine you are connecting to and begin again with a new code.",
            ),
            JoinFailure::Declined => (
                "登録は承認されませんでした。何も登録されていません。画面の数字が両方で一致していたかを確認してください。",
                "The registration was declined. Nothing was registered. Check whether the digits on both screens were the same.",
            ),
            JoinFailure::NotApproved | JoinFailure::TooSlow => (
                "時間内に応答がありませんでした。登録の途中で止まった場合も記録は壊れていません。もう一度やり直してください。",
                "No answer came in time. Nothing is damaged, also if the registration was under way. Try again.",
            ),
            JoinFailure::TheyAreOlder => (
                "相手の機器のソフトウェアが古いため登録できません。何も変更していません。相手の機器を更新してください。",
                "The other machine's software is too old. Nothing was changed. Update the other machine.",
            ),
            JoinFailure::WeAreOlder => (
                "この機器のソフトウェアが古いため登録できません。何も変更していません。この機器を更新してください。",
                "This machine's software is too old. Nothing was changed. Update this machine.",
            ),
            JoinFailure::NothingToJoin => (
                "片方が登録済み、片方が未登録の組み合わせで行ってください。何も変更していません。",
                "One machine must already belong to the facility and the other must be new. Nothing was changed.",
            ),
            JoinFailure::Revoked => (
                "この機器は以前に登録を取り消されています。登録は行われていません。機器を初期化して新しい登録情報を作ってから、やり直してください。",
                "This machine was put out of the facility before. Nothing was registered. Reset it so that it takes a new identity, then \
                 begin again.",
            ),
            JoinFailure::NotAdmitted => (
                "この機器はまだ承認されていません。新しい登録コードで最初からやり直してください。",
                "This machine was not approved yet. Begin again with a new code.",
            ),
            JoinFailure::NoRight => (
                "この機器は施設に登録されていないため、ほかの機器を登録できません。登録済みの機器で操作してください。",
                "This box does not belong to the facility and cannot let others in. Do it on a box that does.",
            ),
            JoinFailure::BadWelcome | JoinFailure::Malformed(_) | JoinFailure::OutOfTurn => (
                "相手から正しくない内容が届いたため、登録を中止しました。何も登録されていません。両方の機器を更新してからやり直し、続く場合は保守担当者に連絡してください。",
                "What the other machine sent makes no sense, so the registration was stopped. Nothing was registered. Update both and try \
                 again; if it stays so, call maintenance.",
            ),
            JoinFailure::Lost(_) => (
                "接続が切れました。登録の途中で切れた場合も記録は壊れていません。ネットワークを確認してやり直してください。",
                "The connection was lost. Nothing is damaged, also if the registration was under way. Check the network and try again.",
            ),
            JoinFailure::NotKept(_) => (
                "登録の内容をディスクに保存できませんでした。空き容量を確認してやり直してください。",
                "The registration could not be saved. Check the free space and try again.",
            ),
        };
        StaffText::new(ja, en)
    }
}

fn wrong_code(left: u8) -> StaffText {
    StaffText::new(
        format!(
            "登録コードが違います（残り{left}回）。登録は行われていません。相手の画面のコードを確認してください。正しく入力しても続く場合は、通信の間に別の機器が入っている疑いがあります。"
        ),
        format!(
            "The code is wrong ({left} attempts left). Nothing was registered. Check the code on the other screen. If it is typed \
             right and this stays, another machine may stand in between."
        ),
    )
}
