//! What is watched, and how patiently.

use crate::reader::Bilingual;

/// The name of a watched device. It follows the rules of a reader's name: one short line, safe on a lamp and in a log.
pub use crate::reader::ReaderName as DeviceName;

/// What kind of thing a device is, which decides what can be heard of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A PC/SC card reader.
    CardReader,
    /// A face reader (顔認証付きカードリーダー): heard only through the files that the terminal lays down.
    FaceReader,
    /// A code scanner on a serial port.
    Scanner,
    /// A relay board that switches the power of others.
    Relay,
    /// The eligibility terminal (資格確認端末).
    Terminal,
    /// A system service, such as the one that runs card readers (`pcscd`).
    Service,
}

impl DeviceKind {
    /// One of each.
    pub const ALL: [Self; 6] =
        [Self::CardReader, Self::FaceReader, Self::Scanner, Self::Relay, Self::Terminal, Self::Service];

    /// A short name that never changes, for history and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Self::CardReader => "card_reader",
            Self::FaceReader => "face_reader",
            Self::Scanner => "scanner",
            Self::Relay => "relay",
            Self::Terminal => "terminal",
            Self::Service => "service",
        }
    }

    /// The kind in words.
    pub fn name(self) -> Bilingual {
        let (ja, en) = match self {
            Self::CardReader => ("カードリーダー", "card reader"),
            Self::FaceReader => ("顔認証付きカードリーダー", "face reader"),
            Self::Scanner => ("コードスキャナー", "code scanner"),
            Self::Relay => ("電源リレー", "power relay"),
            Self::Terminal => ("資格確認端末", "eligibility terminal"),
            Self::Service => ("読み取りサービス", "reader service"),
        };
        Bilingual { ja, en }
    }

    /// Whether nothing is heard of it unless somebody uses it. Such a device cannot be asked whether it works.
    pub fn is_silent_when_idle(self) -> bool {
        self == Self::FaceReader
    }

    /// Whether a card is read through it.
    pub fn is_on_the_way_of_cards(self) -> bool {
        self.takes_cards() || self == Self::Service
    }

    /// Whether people put cards into it.
    pub fn takes_cards(self) -> bool {
        matches!(self, Self::CardReader | Self::FaceReader)
    }
}

/// How patient the watch over one device is. All times in milliseconds; the defaults are our own choice, not law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthSettings {
    /// The site works with this device, so that its absence is a fault. A spare in the drawer is not required.
    pub required: bool,
    /// A required device may be away for so long before that is a fault.
    pub absence_allowed_ms: u64,
    /// From being attached to answering. Face readers are computers and take minutes.
    pub start_allowed_ms: u64,
    /// One reading of a card may take so long.
    pub reading_allowed_ms: u64,
    /// A card that lies there for so long after the last sign of use was left behind (`field-troubles` REQ-13).
    pub card_left_after_ms: u64,
    /// So many failed readings in a row, of different people, are the reader's fault.
    pub failed_reads_in_row: u32,
    /// So many expected readings in a row that never came are the reader's fault.
    pub missed_reads_in_row: u32,
    /// The site's offset from UTC, for failures by hour of day. Japan: +9 h, without summer time since 1952.
    pub utc_offset_ms: i64,
}

impl HealthSettings {
    /// What suits most devices of this kind.
    pub fn of(kind: DeviceKind) -> Self {
        let usual = Self {
            required: true,
            absence_allowed_ms: 30_000,
            start_allowed_ms: 30_000,
            reading_allowed_ms: 60_000,
            card_left_after_ms: 120_000,
            failed_reads_in_row: 3,
            missed_reads_in_row: 2,
            utc_offset_ms: 9 * 3_600_000,
        };
        match kind {
            DeviceKind::FaceReader => Self { start_allowed_ms: 300_000, failed_reads_in_row: 5, ..usual },
            DeviceKind::Terminal => Self { start_allowed_ms: 300_000, ..usual },
            _ => usual,
        }
    }
}
