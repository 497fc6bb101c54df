//! What happens at the card reader, as its screen would tell it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How the person at the reader is identified (`checkin-rules §3.1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardMethod {
    /// 顔認証
    Face,
    /// 暗証番号. The simulator never sees a PIN, only whether it would have been right.
    Pin,
    /// 目視確認 by staff.
    Visual,
    /// The card on the phone.
    Phone,
}

/// A completed card reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardReading {
    /// Name of the face file, without `.xml`. The file appears soon after, unless a fault prevents it.
    pub name: String,
}

/// Why the reading ended without a face file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardRefusal {
    /// No such person in the population.
    #[error("この人は練習用の名簿にいません。 There is nobody of that key in the practice population.")]
    UnknownPerson,
    /// The person has no card (or no phone, when the phone was asked for).
    #[error("カードがありません。 The person has no card to place on the reader.")]
    NoCard,
    /// The user certificate is past its grace period (W3).
    #[error("電子証明書の有効期限が切れています。 The card's certificate has expired; the grace period is over.")]
    CertificateExpired,
    /// The card was never registered for insurance use.
    #[error("健康保険証としての利用登録がありません。 The card is not registered for use as insurance card.")]
    NotRegistered,
    /// The card may not be used as insurance card.
    #[error("このカードは利用できません。 This card cannot be used.")]
    CardUnusable,
    /// The face did not match.
    #[error(
        "顔認証ができませんでした。暗証番号か目視確認を。 The face did not match; use the PIN or the visual check."
    )]
    FaceMismatch,
    /// The PIN was wrong.
    #[error("暗証番号が違います。顔認証か目視確認を。 Wrong PIN; use the face or the visual check.")]
    PinWrong,
    /// The PIN is locked.
    #[error("暗証番号がロックされています。顔認証か目視確認を。 The PIN is locked; use the face or the visual check.")]
    PinLocked,
    /// The card has no PIN.
    #[error("暗証番号のないカードです。顔認証か目視確認を。 This card has no PIN; use the face or the visual check.")]
    PinNotSet,
    /// The reader is off.
    #[error("カードリーダーの電源が入っていません。 The card reader is off.")]
    ReaderOff,
    /// The reader does not respond.
    #[error("カードリーダーが応答しません。 The card reader does not respond.")]
    ReaderHung,
    /// The terminal program is down.
    #[error("資格確認端末が停止しています。 The eligibility terminal is not running.")]
    TerminalDown,
    /// The line is cut.
    #[error("回線に接続できません。 No connection: the line is cut.")]
    LineDown,
    /// The national service is down.
    #[error("資格確認のシステムが応答しません。 The national service does not answer.")]
    ServiceDown,
}
