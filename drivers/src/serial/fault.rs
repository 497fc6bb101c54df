//! What can be wrong with a line, by what somebody does next.

use crate::reader::{Bilingual, ReaderFault};

/// Why a line cannot be opened, read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// No such device: unplugged, or without power.
    Gone,
    /// Another program has it.
    HeldByAnother,
    /// This program may not open it.
    NotPermitted,
    /// There is something at that path, and it cannot be opened as a serial line.
    CannotOpen,
    /// It takes no more bytes.
    NotTaking,
}

impl LineFault {
    /// The same in the words that all readers share; `None` when the device is simply not there.
    pub fn as_reader_fault(&self) -> Option<ReaderFault> {
        match self {
            Self::Gone => None,
            Self::HeldByAnother => Some(ReaderFault::HeldByAnother),
            Self::NotPermitted | Self::CannotOpen => Some(ReaderFault::CannotOpen),
            Self::NotTaking => Some(ReaderFault::NotAnswering),
        }
    }

    /// One sentence on what happened.
    pub fn text(&self) -> Bilingual {
        let (ja, en) = match self {
            Self::Gone => ("機器が接続されていません。", "The device is not connected."),
            Self::HeldByAnother => ("ほかのプログラムが機器を使っています。", "Another program is using the device."),
            Self::NotPermitted => ("機器を開く権限がありません。", "This program may not open the device."),
            Self::CannotOpen => (
                "設定された経路を、シリアル機器として開けません。",
                "The configured path cannot be opened as a serial device.",
            ),
            Self::NotTaking => ("機器がデータを受け取りません。", "The device takes no data."),
        };
        Bilingual { ja, en }
    }
}
