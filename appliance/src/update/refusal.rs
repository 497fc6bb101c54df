//! Why a bundle is refused. Nothing was written, and the version that runs was not touched.

use domain::text::Text;
use sync::update::Version;

/// What is wrong with a bundle, or with installing it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// the file cannot be read
    Unreadable(String),
    /// it is shorter than its signature says, or no bundle at all
    Truncated,
    /// it is not what was announced: some byte is another
    Damaged,
    /// its signature is not of the maker of this box
    ForeignSignature,
    /// it is for another kind of machine
    OtherMachine {
        /// for which
        of: String,
        /// which this is
        own: String,
    },
    /// its version is no version
    NoVersion,
    /// it is not newer than what runs
    NotNewer {
        /// the version in it
        offered: Version,
        /// the version that runs
        running: Version,
    },
    /// it is older than the data
    OlderThanData {
        /// the newest migration it knows
        knows: u16,
        /// the newest migration of the record
        record: u16,
    },
    /// it came to nothing on this box before
    CameToNothing {
        /// the version in it
        version: Version,
    },
    /// there is not enough room
    NoRoom {
        /// bytes that are missing
        missing: u64,
    },
    /// the program that checks signatures is not there, or does not work
    NoChecker(String),
}

impl Refusal {
    /// What happened, what is safe, what to do now.
    pub fn text(&self) -> Text {
        let (ja, en) = self.words();
        Text::new(
            format!("{ja} 今動いている版には触れていません。"),
            format!("{en} The version that runs was not touched."),
        )
    }

    fn words(&self) -> (String, String) {
        let plain = |ja: &str, en: &str| (ja.to_owned(), en.to_owned());
        match self {
            Refusal::Unreadable(why) => (
                format!("更新ファイルを読めません（{why}）。媒体を差し直すか、別の媒体でやり直してください。"),
                format!("The update file cannot be read ({why}). Plug the medium in again, or try another."),
            ),
            Refusal::Truncated => plain(
                "更新ファイルが途中で切れているか、更新ファイルではありません。もう一度コピーしてください。",
                "The update file is cut short, or is no update file. Copy it again.",
            ),
            Refusal::Damaged => plain(
                "更新ファイルの中身が壊れています。もう一度入手してください。",
                "The content of the update file is damaged. Get it again.",
            ),
            Refusal::ForeignSignature => plain(
                "更新ファイルの署名が、この受付機の製造元のものではありません。使わないで、製造元に知らせてください。",
                "The signature of the update file is not that of this box's maker. Do not use it, and tell the maker.",
            ),
            Refusal::OtherMachine { of, own } => (
                format!("この更新は別の機種用です（{of}。この受付機は {own}）。"),
                format!("This update is for another kind of machine ({of}; this box is {own})."),
            ),
            Refusal::NoVersion => plain(
                "更新ファイルに版の番号がありません。製造元に問い合わせてください。",
                "The update file does not say its version. Ask the maker.",
            ),
            Refusal::NotNewer { offered, running } => (
                format!("この更新は新しくありません（{offered}。今の版は {running}）。"),
                format!("This update is not newer ({offered}; {running} runs)."),
            ),
            Refusal::OlderThanData { knows, record } => (
                format!("この更新は今のデータより古い版です（データ形式 {knows}。この受付機は {record}）。"),
                format!("This update is older than the data of this box (schema {knows}; the record has {record})."),
            ),
            Refusal::CameToNothing { version } => (
                format!(
                    "版 {version} は、この受付機で一度うまくいかなかったため、自動では取り付けません（履歴を見てください）。"
                ),
                format!(
                    "Version {version} came to nothing on this box before (see the history); it is not tried again by itself."
                ),
            ),
            Refusal::NoRoom { missing } => {
                let megabytes = missing.div_ceil(1_000_000);
                (
                    format!(
                        "空きが足りません（あと {megabytes} MB 必要です）。受付の記録のための余裕は残してあります。"
                    ),
                    format!(
                        "There is not enough room ({megabytes} MB more are needed). What reception needs is kept free."
                    ),
                )
            }
            Refusal::NoChecker(why) => (
                format!("署名を確かめるプログラム（rauc）が使えません（{why}）。製造元に問い合わせてください。"),
                format!("The program that checks signatures (rauc) cannot be used ({why}). Ask the maker."),
            ),
        }
    }

    /// Worth trying again by itself: the bundle is not to blame.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Refusal::NoRoom { .. } | Refusal::NoChecker(_))
    }
}
