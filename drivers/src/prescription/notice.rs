//! What was odd about a code that was read all the same.

use crate::reader::Bilingual;

/// Something staff should know about a sheet. It names a record at most, never what the record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The header's number is higher than any whose records are known to us.
    NewerEdition,
    /// A record breaks its own types: its items are not used, and nothing is guessed.
    Unread {
        /// Its number.
        record: u16,
    },
    /// A line is no record, or has bytes that are no characters.
    UnreadLine,
    /// A record that every sheet has is not there.
    Missing {
        /// Its number.
        record: u16,
    },
    /// A record that exists once was there again and says something else: neither is used.
    Contradicted {
        /// Its number.
        record: u16,
    },
    /// The record has more items than we know; the known ones are used.
    MoreItems {
        /// Its number.
        record: u16,
    },
    /// A record that the convention does not have.
    UnknownRecord {
        /// Its number.
        record: u16,
    },
    /// The insurer's item is not a number of 4, 6 or 8 digits: kept as text.
    NotAnInsurerNumber,
    /// The kind of insurance is none of the seven: kept as text.
    KindOfInsuranceUnknown,
    /// A branch number of one digit was given its leading zero.
    BranchPadded,
    /// A public payer stands behind an empty place.
    PayerAfterGap,
    /// The institution's ten digits fail their check digit (`claims-rules §3.2`): warn, do not block.
    InstitutionCheckDigit,
    /// A character of the name could not be written in the code: take the name from the paper.
    ReplacedCharacter,
    /// Twelve digits that may be an individual number stood where another number belongs: dropped.
    IndividualNumberDropped,
    /// Put together from symbols that did not say how many they are.
    JoinedWithoutPositions,
    /// No end mark: the scanner cut it, or a further symbol follows.
    EndMissing,
    /// Something followed the end mark and was ignored.
    DataAfterEnd,
    /// Today is after the last day on which the sheet can be used.
    Expired,
    /// The day of issue is in the future: the writer's clock or ours is wrong.
    IssuedInFuture,
}

impl Notice {
    /// The record it is about.
    pub fn record(&self) -> Option<u16> {
        match self {
            Self::Unread { record }
            | Self::Missing { record }
            | Self::Contradicted { record }
            | Self::MoreItems { record }
            | Self::UnknownRecord { record } => Some(*record),
            _ => None,
        }
    }

    /// One sentence for the staff; [`record_name`] says which item it is about.
    pub fn text(&self) -> Bilingual {
        let (ja, en) = match self {
            Self::NewerEdition => (
                "新しい版の処方箋コードです。読めた項目だけ使います。",
                "The code is of a newer edition. Only known items are used.",
            ),
            Self::Unread { .. } | Self::UnreadLine | Self::Contradicted { .. } => (
                "読み取れない項目があります。紙の記載を見て入力してください。",
                "An item could not be read. Type it from the paper.",
            ),
            Self::Missing { .. } => (
                "コードにない項目があります。紙の記載を見て入力してください。",
                "An item is missing from the code. Type it from the paper.",
            ),
            Self::MoreItems { .. } | Self::UnknownRecord { .. } => (
                "知らない項目は使いませんでした。紙の記載と合っているか確かめてください。",
                "Unknown items were not used. Compare with the paper.",
            ),
            Self::NotAnInsurerNumber => (
                "保険者番号の形式ではありません。紙の記載を確かめてください。",
                "This is not an insurer number. Check the paper.",
            ),
            Self::KindOfInsuranceUnknown => (
                "保険の種別が分かりません。紙の記載を確かめてください。",
                "The kind of insurance is not known. Check the paper.",
            ),
            Self::BranchPadded => (
                "枝番が1桁だったため、前に0を付けました。",
                "The branch number had one digit; a zero was put before it.",
            ),
            Self::PayerAfterGap => (
                "公費の順番が飛んでいます。紙の記載を確かめてください。",
                "A public payer stands after an empty place. Check the paper.",
            ),
            Self::InstitutionCheckDigit => (
                "医療機関コードの検証番号が合いません。紙の記載を確かめてください。",
                "The institution code fails its check digit. Check the paper.",
            ),
            Self::ReplacedCharacter => (
                "氏名にコードで表せない文字があります。紙の氏名を使ってください。",
                "The name has a character the code cannot hold. Use the name on the paper.",
            ),
            Self::IndividualNumberDropped => (
                "個人番号かもしれない12桁の数字は使わず、保存しませんでした。",
                "Twelve digits that may be an individual number were dropped and not stored.",
            ),
            Self::JoinedWithoutPositions => (
                "複数のQRコードをつなげて読みました。読み取った枚数が紙のQRコードの数と同じか確かめてください。",
                "Put together from several symbols. Check that all symbols on the paper were scanned.",
            ),
            Self::EndMissing => (
                "コードの終わりの印がありません。続きのQRコードがあれば読み取ってください。",
                "The end of the code is missing. If there is another symbol, scan it.",
            ),
            Self::DataAfterEnd => {
                ("コードの後ろの余分なデータは使いませんでした。", "Data after the end of the code was ignored.")
            }
            Self::Expired => (
                "処方箋の使用期限を過ぎています。薬剤師が判断してください。",
                "The prescription can no longer be used. The pharmacist decides.",
            ),
            Self::IssuedInFuture => (
                "交付日が今日より後です。紙の日付と装置の日付を確かめてください。",
                "The day of issue is in the future. Check the paper and this box's date.",
            ),
        };
        Bilingual { ja, en }
    }
}

/// What a record is called on the sheet (§1.3), for showing beside a notice.
pub fn record_name(record: u16) -> Option<Bilingual> {
    let (ja, en) = match record {
        1 => ("医療機関", "institution"),
        2 => ("所在地", "address of the institution"),
        3 => ("電話", "telephone of the institution"),
        4 => ("診療科", "department"),
        5 => ("医師", "doctor"),
        11 => ("患者氏名", "patient's name"),
        12 => ("患者性別", "patient's sex"),
        13 => ("患者生年月日", "patient's birth date"),
        14 => ("一部負担区分", "class of co-payment"),
        21 => ("保険種別", "kind of insurance"),
        22 => ("保険者番号", "insurer number"),
        23 => ("記号番号", "symbol and number"),
        24 => ("負担・給付率", "ratio"),
        25 => ("職務上の事由", "duty"),
        27 => ("第一公費", "first public payer"),
        28 => ("第二公費", "second public payer"),
        29 => ("第三公費", "third public payer"),
        30 => ("特殊公費", "special public payer"),
        31 => ("レセプト種別", "kind of claim"),
        51 => ("交付年月日", "day of issue"),
        52 => ("使用期限年月日", "usable until"),
        61 => ("麻薬施用", "narcotics"),
        62 => ("残薬確認欄", "remaining medicines"),
        63 => ("分割指示", "dispensing in parts"),
        64 => ("リフィル", "refill"),
        81 => ("備考", "remark"),
        82 => ("処方箋番号", "exchange number"),
        101 | 102 | 111 | 181 | 201 | 211 | 221 | 231 | 241 | 281 => ("処方内容", "medicines"),
        _ => return None,
    };
    Some(Bilingual { ja, en })
}
