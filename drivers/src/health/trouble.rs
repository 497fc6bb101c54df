//! What can be wrong with a watched device: what it reports itself, and what only watching it shows.

use crate::reader::{Bilingual, ConcernedPart, FaultText, ReaderFault};

/// A fault of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceFault {
    /// Reported by its driver.
    Reader(ReaderFault),
    /// A device the site works with is not there.
    Missing,
    /// It is there but did not become ready in its time.
    NotStarted,
    /// Readings were expected and none came.
    Silent,
    /// One reading after the other failed, of different people.
    ReadsFailing,
}

impl DeviceFault {
    /// One of each, for tables and for tests.
    pub fn examples() -> impl Iterator<Item = Self> {
        let watched = [Self::Missing, Self::NotStarted, Self::Silent, Self::ReadsFailing];
        ReaderFault::EXAMPLES.into_iter().map(Self::Reader).chain(watched)
    }

    /// A short name that never changes, for history, counters and the guide file.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reader(fault) => fault.code(),
            Self::Missing => "missing",
            Self::NotStarted => "not_started",
            Self::Silent => "silent",
            Self::ReadsFailing => "reads_failing",
        }
    }

    /// The part this fault is about.
    pub fn concerns(&self) -> ConcernedPart {
        match self {
            Self::Reader(fault) => fault.concerns(),
            Self::Missing | Self::NotStarted | Self::Silent | Self::ReadsFailing => ConcernedPart::Reader,
        }
    }

    /// Whether it ends when the card is taken out, so that there is nothing for a machine to heal.
    pub fn is_of_the_card(&self) -> bool {
        self.concerns() == ConcernedPart::Card
    }

    /// Whether only watching showed it, so that one sign of life does not disprove it but one good reading does.
    pub(super) fn needs_a_good_read(&self) -> bool {
        matches!(self, Self::Silent | Self::ReadsFailing)
    }

    /// What to show: what happened, what is safe, what to do now, and a line for the technician.
    pub fn text(&self) -> FaultText {
        match self {
            Self::Reader(fault) => fault.text(),
            Self::Missing => missing(),
            Self::NotStarted => not_started(),
            Self::Silent => silent(),
            Self::ReadsFailing => reads_failing(),
        }
    }
}

fn text(happened: Bilingual, now: Bilingual, technician: Bilingual) -> FaultText {
    // the reassurance is the same for every fault: reception never needs a reader (`field-troubles` REQ-18)
    let what_is_safe = ReaderFault::NotAnswering.text().what_is_safe;
    FaultText { what_happened: happened, what_is_safe, do_now: now, for_technician: technician }
}

fn both(ja: &'static str, en: &'static str) -> Bilingual {
    Bilingual { ja, en }
}

fn missing() -> FaultText {
    text(
        both("機器が見つかりません。", "The device is not there."),
        both(
            "電源と接続ケーブルを確かめてください。抜けていれば、もとの差し込み口に差してください。",
            "Check its power and its cable. If one is out, put it back into the same socket.",
        ),
        both(
            "USBの一覧、または設定したポートにこの機器がありません。",
            "The device is neither on the USB list nor at the port in the settings.",
        ),
    )
}

fn not_started() -> FaultText {
    text(
        both("機器の起動が終わりません。", "The device does not finish starting."),
        both(
            "電源を切り、10秒待ってから入れ直してください。",
            "Switch it off, wait ten seconds, and switch it on again.",
        ),
        both(
            "接続は見えていますが、決められた時間内に応答がありません。",
            "It is attached but did not answer within the time allowed for starting.",
        ),
    )
}

fn silent() -> FaultText {
    text(
        both("読み取りの結果が届いていません。", "No readings are arriving."),
        both(
            "リーダーの画面にエラーがないか確かめ、なければリーダーと資格確認端末の電源を入れ直してください。",
            "Look for an error on the reader's screen. If there is none, restart the reader and the eligibility terminal.",
        ),
        both(
            "待っていた時刻を過ぎても face フォルダーにファイルがありません。端末の連携アプリと共有フォルダーを確認してください。",
            "No file reached the face folder by the expected time. Check the terminal's link application and the share.",
        ),
    )
}

fn reads_failing() -> FaultText {
    text(
        both("続けて読み取りに失敗しています。", "One reading after the other is failing."),
        both(
            "カードをケースから出し、表向きに置いているか確かめてください。続くときは「今すぐ再起動」を押してください。",
            "Check that cards are out of their case and face up. If it goes on, press \"restart now\".",
        ),
        both(
            "異なるカードで続けて失敗しています。汚れ、逆光、リーダーの故障を確認してください。",
            "Different cards failed in a row. Check for dirt, light from behind, and a defect of the reader.",
        ),
    )
}
