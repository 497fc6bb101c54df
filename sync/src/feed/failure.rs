//! What can go wrong between two logs, in words for people, and as one byte on the wire.

use super::log::LogFailure;
use crate::terminal::StaffText;
use std::fmt;

/// Which side is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This one.
    Here,
    /// The peer.
    Peer,
}

/// Which budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// One connection.
    Session,
    /// One day.
    Day,
}

/// Why an exchange ended before its end. Whatever arrived entirely before that is kept, and the next exchange goes on from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedFailure {
    /// Nobody answers at that address.
    Unreachable,
    /// TLS failed: not a member's certificate, on one side or the other.
    Untrusted,
    /// The connection broke.
    Cut,
    /// No progress, or less than the slowest line would make.
    Stalled,
    /// What came is not the protocol.
    Malformed,
    /// A message is larger than permitted.
    TooLarge,
    /// No common version.
    Version(Side),
    /// The peer serves another facility.
    OtherFacility,
    /// Another box or hub answers than the one that was asked for.
    OtherLog,
    /// The peer does not know us as a member, or not any more.
    NotAMember,
    /// The facility put this box out: lost, replaced, copied or no longer used.
    PutOut,
    /// The byte budget is used up.
    Budget(Span),
    /// Too many requests at once.
    TooMany,
    /// The peer keeps no more for this facility.
    Full,
    /// The peer's store failed; it may work again.
    PeerStore,
    /// Our store failed.
    Store(LogFailure),
}

impl FeedFailure {
    /// Its byte on the wire; what only one side can notice is told as malformed.
    pub const fn code(&self) -> u8 {
        match self {
            FeedFailure::TooLarge => 2,
            // told from the other side's view
            FeedFailure::Version(Side::Here) => 3,
            FeedFailure::Version(Side::Peer) => 4,
            FeedFailure::OtherFacility => 5,
            FeedFailure::OtherLog => 6,
            FeedFailure::NotAMember => 7,
            FeedFailure::Budget(Span::Session) => 8,
            FeedFailure::Budget(Span::Day) => 9,
            FeedFailure::TooMany => 10,
            FeedFailure::PeerStore | FeedFailure::Store(_) => 11,
            FeedFailure::Stalled => 12,
            FeedFailure::Full => 13,
            FeedFailure::PutOut => 14,
            _ => 1,
        }
    }

    /// What the other side told.
    pub const fn from_code(code: u8) -> FeedFailure {
        match code {
            2 => FeedFailure::TooLarge,
            3 => FeedFailure::Version(Side::Peer),
            4 => FeedFailure::Version(Side::Here),
            5 => FeedFailure::OtherFacility,
            6 => FeedFailure::OtherLog,
            7 => FeedFailure::NotAMember,
            8 => FeedFailure::Budget(Span::Session),
            9 => FeedFailure::Budget(Span::Day),
            10 => FeedFailure::TooMany,
            11 => FeedFailure::PeerStore,
            12 => FeedFailure::Stalled,
            13 => FeedFailure::Full,
            14 => FeedFailure::PutOut,
            _ => FeedFailure::Malformed,
        }
    }

    /// What happened, what is safe, what to do now.
    pub fn text(&self) -> StaffText {
        let (ja, en) = match self {
            FeedFailure::Unreachable => (
                "相手の機器につながりません。受付はこのまま続けられます。相手の電源とネットワークを確認してください。",
                "The other device does not answer. Check-in goes on. Check its power and the network.",
            ),
            FeedFailure::Untrusted => (
                "相手の証明書を確認できません。何も送っていません。相手の機器が登録済みか、同期の画面で確認してください。",
                "The certificate was not accepted. Nothing was sent. Check on the sync page whether both devices are enrolled.",
            ),
            FeedFailure::Cut => (
                "通信が途中で切れました。届いた分は保存済みです。つながると続きから自動的に再開します。",
                "The connection broke. What arrived is saved. It goes on from there by itself.",
            ),
            FeedFailure::Stalled => (
                "通信が進まないため切断しました。届いた分は保存済みです。自動的にやり直します。続く場合は回線を確認してください。",
                "No progress, so the connection was ended. What arrived is saved. It is tried again by itself; if this goes on, check the line.",
            ),
            FeedFailure::Malformed => (
                "相手から決まった形式でないデータが届きました。取り込んでいません。続く場合は保守担当に連絡してください。",
                "The other side does not follow the protocol. Nothing of it was taken in. If this goes on, call support.",
            ),
            FeedFailure::TooLarge => (
                "大きすぎるデータのため打ち切りました。保存済みの記録は無事です。続く場合は保守担当に連絡してください。",
                "A message was too large and was cut off. What is saved is safe. If this goes on, call support.",
            ),
            FeedFailure::Version(Side::Here) => (
                "この受付機のソフトが古いため同期できません。受付は続けられます。この受付機を更新してください。",
                "This box is too old to sync with the other. Check-in goes on. Update this box.",
            ),
            FeedFailure::Version(Side::Peer) => (
                "相手の機器のソフトが古いため同期できません。受付は続けられます。相手の機器を更新してください。",
                "The other device is too old to sync with this one. Check-in goes on. Update the other device.",
            ),
            FeedFailure::OtherFacility => (
                "相手は別の施設の機器です。何もやり取りしていません。接続先の設定を確認してください。",
                "The other device belongs to another facility. Nothing was exchanged. Check which peer is configured.",
            ),
            FeedFailure::OtherLog => (
                "指定と違う機器が応答しました。何もやり取りしていません。接続先の設定を確認してください。",
                "Another device answered than the one asked for. Nothing was exchanged. Check the peer's address.",
            ),
            FeedFailure::NotAMember => (
                "相手がこの受付機を登録済みと認めていません。記録はこの受付機に保存されています。別の受付機で登録を確認してください。",
                "The other device does not accept this box as a member. Records stay saved here. Check the enrolment on another box.",
            ),
            FeedFailure::PutOut => (
                "この受付機は、施設のほかの受付機で登録を取り消されました。ほかの受付機や中継サーバーとは、もうやり取りできません。この受付機に保存済みの記録は残っています。心当たりがなければ責任者に確認してください。",
                "Another box of the facility put this box out. It exchanges nothing with the others and the hub any more. What was saved here stays here. If you did not expect this, ask the person in charge.",
            ),
            FeedFailure::Budget(Span::Session) => (
                "一回の接続で使える通信量に達しました。続きは次の接続で送ります。対応は不要です。",
                "The byte budget of one connection is used up. The rest goes with the next. Nothing needs to be done.",
            ),
            FeedFailure::Budget(Span::Day) => (
                "今日の通信量の上限に達しました。記録はこの受付機に保存され、明日続きから同期します。急ぐ場合は設定で上限を上げてください。",
                "Today's byte budget is used up. Records are saved here and sync tomorrow. Raise the limit in the settings if it is urgent.",
            ),
            FeedFailure::TooMany => (
                "同時の通信が多すぎます。自動的にやり直します。対応は不要です。",
                "Too many requests at once. It is tried again by itself. Nothing needs to be done.",
            ),
            FeedFailure::Full => (
                "相手の機器でこの施設に割り当てられた保存容量がいっぱいです。記録はこの受付機に保存されています。中継サーバーの管理者に容量の追加を依頼してください。",
                "The other device keeps no more for this facility. Records stay saved here. Ask the hub's operator for more room.",
            ),
            FeedFailure::PeerStore => (
                "相手の機器が保存できませんでした。記録はこの受付機に保存されています。自動的にやり直します。",
                "The other device could not save. Records stay saved here. It is tried again by itself.",
            ),
            FeedFailure::Store(_) => (
                "この受付機が同期の記録を保存できませんでした。届いた分は相手に残っています。ディスクの空きを確認してください。",
                "This box could not save what arrived. The other side still has it. Check the free space of the disk.",
            ),
        };
        StaffText::new(ja, en)
    }
}

impl From<LogFailure> for FeedFailure {
    fn from(failure: LogFailure) -> FeedFailure {
        FeedFailure::Store(failure)
    }
}

impl fmt::Display for FeedFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for FeedFailure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_tells_the_other_understands() {
        assert_eq!(FeedFailure::from_code(FeedFailure::Version(Side::Here).code()), FeedFailure::Version(Side::Peer));
        assert_eq!(FeedFailure::from_code(FeedFailure::Version(Side::Peer).code()), FeedFailure::Version(Side::Here));
        for code in (1..=14).filter(|code| !matches!(code, 3 | 4)) {
            let failure = FeedFailure::from_code(code);
            assert_eq!(failure.code(), code);
            assert!(!failure.text().ja.is_ascii() && failure.text().en.is_ascii());
        }
    }
}
