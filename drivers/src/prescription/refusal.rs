//! Codes that start no check-in, and what to tell the staff (§1.7).

use crate::reader::Bilingual;

/// Why a scan is not used. Nothing of its content is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The medicine notebook's code (`JAHISTC…`): its records collide with the prescription's.
    Notebook,
    /// Notebook records under a prescription's header.
    MislabelledNotebook,
    /// A file of the electronic prescription service.
    ElectronicPrescriptionFile,
    /// A further symbol of a split code, without its first one.
    LaterPart,
    /// A web address.
    WebAddress,
    /// The number on a medicine package.
    MedicinePackage,
    /// Anything else.
    NotAPrescription,
    /// The scanner or the writer turned the letters into others.
    WrongCharacters,
    /// The scanner types as a keyboard and gave up.
    KeyboardMode,
    /// Mostly bytes that are no text: wrong line speed, or another device.
    Noise,
    /// More than a code can hold (48 KiB, 2,000 lines).
    TooLong,
    /// A prescription's header, and nothing of the patient can be read.
    Unreadable,
    /// Twelve digits: perhaps an individual number. Not stored.
    IndividualNumber,
    /// One of our slips, misread.
    SlipMisread,
    /// Nothing but line ends.
    Empty,
}

impl Refusal {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 15] = [
        Self::Notebook,
        Self::MislabelledNotebook,
        Self::ElectronicPrescriptionFile,
        Self::LaterPart,
        Self::WebAddress,
        Self::MedicinePackage,
        Self::NotAPrescription,
        Self::WrongCharacters,
        Self::KeyboardMode,
        Self::Noise,
        Self::TooLong,
        Self::Unreadable,
        Self::IndividualNumber,
        Self::SlipMisread,
        Self::Empty,
    ];

    /// What it is and what to do now.
    pub fn text(&self) -> Bilingual {
        let (ja, en) = match self {
            Self::Notebook => (
                "これはお薬手帳のQRコードです。処方箋に印刷されたQRコードを読み取ってください。",
                "This is the code of a medicine notebook. Scan the code printed on the prescription.",
            ),
            Self::MislabelledNotebook => (
                "処方箋の形式ではありません。手入力してください。",
                "This is not in the form of a prescription. Type it in.",
            ),
            Self::ElectronicPrescriptionFile => (
                "電子処方箋のファイルです。引換番号を使って受け付けてください。",
                "This is a file of an electronic prescription. Check in with the exchange number.",
            ),
            Self::LaterPart => (
                "続きのQRコードです。左上（1枚目）から順に読み取ってください。",
                "This is a later part of a split code. Scan from the first one, top left.",
            ),
            Self::WebAddress => (
                "処方箋のQRコードではありません（Webのアドレスです）。",
                "This is not a prescription code but a web address.",
            ),
            Self::MedicinePackage => (
                "処方箋のQRコードではありません（薬の包装のコードです）。",
                "This is not a prescription code but the code of a medicine package.",
            ),
            Self::NotAPrescription => (
                "処方箋のQRコードではありません。処方箋に印刷されたQRコードを読み取ってください。",
                "This is not a prescription code. Scan the code printed on the prescription.",
            ),
            Self::WrongCharacters => (
                "読取機の文字コード設定を確認してください。文字が化けているため使いませんでした。",
                "Check the scanner's character set. The letters are damaged and were not used.",
            ),
            Self::KeyboardMode => (
                "読取機がキーボードモードです。USB-COM（シリアル）モードに切り替えてください。",
                "The scanner is in keyboard mode. Switch it to USB-COM (serial).",
            ),
            Self::Noise => (
                "文字として読めないデータが届きました。読取機の通信速度の設定を確認してください。",
                "The data is no text. Check the scanner's speed setting.",
            ),
            Self::TooLong => (
                "データが長すぎるため捨てました。処方箋のQRコードをもう一度読み取ってください。",
                "The data was too long and was discarded. Scan the prescription's code again.",
            ),
            Self::Unreadable => (
                "処方箋のコードですが、患者の項目を読み取れません。手入力してください。",
                "A prescription code, but nothing of the patient can be read. Type it in.",
            ),
            Self::IndividualNumber => (
                "個人番号かもしれない12桁の番号です。使わず、保存もしていません。",
                "Twelve digits that may be an individual number. Not used and not stored.",
            ),
            Self::SlipMisread => (
                "受付票のコードを正しく読み取れませんでした。もう一度読み取ってください。",
                "The slip's code was misread. Scan it again.",
            ),
            Self::Empty => ("空のデータでした。もう一度読み取ってください。", "The scan was empty. Scan it again."),
        };
        Bilingual { ja, en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_refusal_has_its_own_sentence_in_both_languages() {
        let ja: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.text().ja).collect();
        let en: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.text().en).collect();
        assert_eq!((ja.len(), en.len()), (Refusal::ALL.len(), Refusal::ALL.len()));
        assert!(
            ja.iter().all(|text| text.ends_with('。')) && en.iter().all(|text| text.ends_with('.') && text.is_ascii())
        );
    }
}
