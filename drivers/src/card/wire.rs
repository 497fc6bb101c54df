//! The one way bytes travel to a card and back.

use std::fmt;

/// One powered card in one reader: bytes to it, bytes back.
pub trait CardWire {
    /// Sends one command and waits for its answer: at least two bytes, the status word last.
    ///
    /// After an error the card is lost to this wire: nothing it was told before may be relied upon.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError>;
}

/// Why bytes could not be exchanged, by what the caller does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WireError {
    /// The card is out, was swapped or lost its power: wait for the next insertion and start from the beginning.
    CardGone,
    /// Another program holds the card for itself: wait, then try again.
    Busy,
    /// The reader is gone: wait until it is attached again.
    ReaderGone,
    /// The service that runs the readers is gone: wait until it is back.
    ServiceGone,
    /// The card did not answer in time: ask for it to be taken out and put in again.
    TimedOut,
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CardGone => {
                "カードが抜かれました。もう一度置いてください。 / The card was taken away: please place it again."
            }
            Self::Busy => {
                "ほかのプログラムがカードを使用しています。少し待ってからやり直してください。 / Another program is using the card: wait a moment, then try again."
            }
            Self::ReaderGone => {
                "リーダーが見つかりません。接続を確かめてください。 / The reader is not there: check its cable."
            }
            Self::ServiceGone => {
                "リーダーのサービスが止まっています。自動で再接続します。 / The reader service has stopped; it is reconnected automatically."
            }
            Self::TimedOut => {
                "カードから応答がありません。一度抜いて置き直してください。 / The card does not answer: take it out and place it again."
            }
        })
    }
}

impl std::error::Error for WireError {}
