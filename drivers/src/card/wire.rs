//! The port to a card: bytes there, bytes back.

use std::fmt;

/// One powered card in one reader: bytes to it, bytes back.
///
/// Whoever implements this holds the card exclusively for as long as the wire lives: if somebody else could select
/// another application in between, the gate's account of what is selected would be wrong. It never repeats a command
/// on its own, never fetches further data on its own, and powers the card down when it is dropped, because only that
/// closes everything a session may have opened (`my-number-card §3`).
pub trait CardWire {
    /// Sends one command APDU and waits for the answer, status word included.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError>;
}

/// Why bytes could not be exchanged, by what the caller does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WireError {
    /// The card left, or was reset under us: wait for it to be put in again. An answer without a status word is the
    /// same (`my-number-card §7`).
    CardGone,
    /// Another program holds the card: wait a moment.
    Busy,
    /// The reader is gone: list readers again.
    ReaderGone,
    /// The service that runs the readers is gone: connect anew.
    ServiceGone,
    /// The card did not answer in time: it may or may not have carried the command out.
    TimedOut,
}

impl WireError {
    /// One of each.
    pub const ALL: [Self; 5] = [Self::CardGone, Self::Busy, Self::ReaderGone, Self::ServiceGone, Self::TimedOut];

    /// Nothing more can be said over this wire.
    pub(super) fn ends_the_wire(self) -> bool {
        matches!(self, Self::CardGone | Self::ReaderGone | Self::ServiceGone)
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CardGone => "カードが離れました。 / The card is gone.",
            Self::Busy => "ほかのプログラムがカードを使っています。 / Another program is using the card.",
            Self::ReaderGone => "カードリーダーが外れました。 / The card reader is gone.",
            Self::ServiceGone => "リーダーのサービスが止まっています。 / The service of the readers is gone.",
            Self::TimedOut => "カードが時間内に答えません。 / The card did not answer in time.",
        })
    }
}

impl std::error::Error for WireError {}
