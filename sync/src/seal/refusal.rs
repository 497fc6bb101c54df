//! Why a record is not taken or not opened, in words for people, and how often.

use crate::terminal::StaffText;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Why a record was refused. The record itself is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Refusal {
    /// Ends in the middle.
    Truncated = 1,
    /// Not a record at all.
    NotARecord = 2,
    /// Written in a newer form.
    Version = 3,
    /// Belongs to another facility.
    OtherFacility = 4,
    /// Signed by somebody who is not known here.
    UnknownAuthor = 5,
    /// Signed by a box that was revoked.
    RevokedAuthor = 6,
    /// The signature does not fit.
    BadSignature = 7,
    /// Sealed with a key this box was not given.
    UnknownKey = 8,
    /// Sealed with a key that was destroyed.
    DestroyedKey = 9,
    /// The key does not open it.
    DoesNotOpen = 10,
    /// Its content belongs to another document or class than its header says.
    WrongDocument = 11,
    /// Larger than permitted.
    TooLarge = 12,
    /// Written by a member that may not write it.
    NotPermitted = 13,
}

impl Refusal {
    /// All reasons.
    pub const ALL: [Refusal; 13] = [
        Refusal::Truncated,
        Refusal::NotARecord,
        Refusal::Version,
        Refusal::OtherFacility,
        Refusal::UnknownAuthor,
        Refusal::RevokedAuthor,
        Refusal::BadSignature,
        Refusal::UnknownKey,
        Refusal::DestroyedKey,
        Refusal::DoesNotOpen,
        Refusal::WrongDocument,
        Refusal::TooLarge,
        Refusal::NotPermitted,
    ];

    /// The reason's name in figures and on the wire.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// From the wire.
    pub fn from_code(code: u8) -> Option<Refusal> {
        Refusal::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// The reason's name in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Refusal::Truncated => "truncated",
            Refusal::NotARecord => "not_a_record",
            Refusal::Version => "version",
            Refusal::OtherFacility => "other_facility",
            Refusal::UnknownAuthor => "unknown_author",
            Refusal::RevokedAuthor => "revoked_author",
            Refusal::BadSignature => "bad_signature",
            Refusal::UnknownKey => "unknown_key",
            Refusal::DestroyedKey => "destroyed_key",
            Refusal::DoesNotOpen => "does_not_open",
            Refusal::WrongDocument => "wrong_document",
            Refusal::TooLarge => "too_large",
            Refusal::NotPermitted => "not_permitted",
        }
    }

    /// What happened, what is safe, what to do now.
    pub fn text(self) -> StaffText {
        let (ja, en) = match self {
            Refusal::Truncated => (
                "受信した記録が途中で切れていました。保存済みの記録には影響ありません。次の同期で自動的に取り直します。",
                "A received record was cut off. Nothing already saved is affected. The next sync fetches it again by itself.",
            ),
            Refusal::NotARecord => (
                "受信したデータは受付の記録ではありませんでした。取り込んでいません。続く場合は相手の機器を保守担当に確認してもらってください。",
                "What was received is not a record. It was not taken in. If this goes on, have the other device checked.",
            ),
            Refusal::Version => (
                "新しい版のソフトで書かれた記録です。記録は失われていません。この受付機を更新すると読めます。",
                "The record was written by a newer version. It is not lost. Update this box to read it.",
            ),
            Refusal::OtherFacility => (
                "別の施設の記録でした。取り込んでいません。接続先の設定を確認してください。",
                "The record belongs to another facility. It was not taken in. Check which peer is configured.",
            ),
            Refusal::UnknownAuthor => (
                "登録を確認できない機器の記録です。読まずに保管しています。登録情報が届くと自動的に確認します。",
                "The record comes from a device whose enrolment is not known here. It is kept unread and checked again when its enrolment arrives.",
            ),
            Refusal::RevokedAuthor => (
                "失効した機器の記録です。反映していません。失効前の正しい記録であれば、同期の画面で取り込みを判断してください。",
                "The record comes from a revoked device. It has no effect. If it is genuine and from before, decide on the sync page.",
            ),
            Refusal::BadSignature => (
                "署名が合わない記録でした。改ざんか破損の疑いがあるため取り込んでいません。続く場合は保守担当に連絡してください。",
                "The record's signature does not fit: it was altered or damaged. It was not taken in. If this goes on, call support.",
            ),
            Refusal::UnknownKey => (
                "この受付機にまだ鍵が届いていない記録です。失われていません。他の受付機とつながると自動的に読めるようになります。",
                "The key for this record has not reached this box yet. Nothing is lost. It will be read once another box is connected.",
            ),
            Refusal::DestroyedKey => (
                "保存期間が終わり、鍵を廃棄した記録です。読むことはできません。対応は不要です。",
                "The record's retention has ended and its key was destroyed. It cannot be read. Nothing needs to be done.",
            ),
            Refusal::DoesNotOpen => (
                "鍵で開けない記録でした。反映していません。他の記録には影響ありません。保守担当に連絡してください。",
                "The record does not open with its key. It has no effect; other records are safe. Call support.",
            ),
            Refusal::WrongDocument => (
                "表書きと中身が一致しない記録でした。反映していません。書いた機器を保守担当に確認してもらってください。",
                "The record's content is not what its label says. It has no effect. Have the device that wrote it checked.",
            ),
            Refusal::TooLarge => (
                "大きすぎる記録でした。取り込んでいません。書いた機器を保守担当に確認してもらってください。",
                "The record is larger than permitted. It was not taken in. Have the device that wrote it checked.",
            ),
            Refusal::NotPermitted => (
                "書く権限のない機器の記録でした。反映していません。中継サーバーの管理者に連絡してください。",
                "The record was written by a member that may not write it. It has no effect. Tell whoever runs the hub.",
            ),
        };
        StaffText::new(ja, en)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for Refusal {}

/// How often each reason occurred since the start.
#[derive(Debug, Default)]
pub struct RefusalCounts([AtomicU64; Refusal::ALL.len()]);

impl RefusalCounts {
    /// Counts one more, and hands the reason on.
    pub fn count(&self, refusal: Refusal) -> Refusal {
        self.0[usize::from(refusal.code() - 1)].fetch_add(1, Ordering::Relaxed);
        refusal
    }

    /// How often this reason occurred.
    pub fn of(&self, refusal: Refusal) -> u64 {
        self.0[usize::from(refusal.code() - 1)].load(Ordering::Relaxed)
    }
}
