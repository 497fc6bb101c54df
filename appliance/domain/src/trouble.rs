//! Troubles at the desk, in the categories of the national survey of early 2025 (`field-troubles` §1.1), so that a site can
//! compare itself with 9,741 others and prove faults to vendors (REQ-03). Beside them stand what the survey asked elsewhere
//! (§1.2) or not at all, and what this box can tell apart.

mod category;

pub use category::Category;

use crate::codes;
use crate::text::Text;

codes! {
    /// One kind of trouble. A visit counts once in every row it met.
    pub enum Trouble {
        /// ● in a name or address that came back
        UnprintableName = "unprintable_name",
        /// reader not connected, or it did not recognise the patient
        Reader = "reader",
        /// eligibility shown as invalid (無効)
        ShownInvalid = "shown_invalid",
        /// certificate or card expired
        Expired = "expired",
        /// the name came back in another spelling, or another address
        NameMismatch = "name_mismatch",
        /// a trouble with the card or the PIN that has no row of its own
        Other = "other",
        /// no such insured number (該当資格なし)
        NoSuchNumber = "no_such_number",
        /// another burden ratio than shown or charged
        RatioMismatch = "ratio_mismatch",
        /// another class of the ceiling than shown
        CeilingWrong = "ceiling_wrong",
        /// another person's data came back
        OtherPerson = "other_person",
        /// shown as invalid, and insured after all
        InvalidThoughInsured = "invalid_though_insured",
        /// the terminal did not answer
        NoReplyTerminal = "no_reply_terminal",
        /// the line was down
        NoReplyLine = "no_reply_line",
        /// the national service did not answer
        NoReplyNationalService = "no_reply_national_service",
        /// 10割 was asked
        FullCharge = "full_charge",
        /// left without care (REQ-64)
        LeftWithoutCare = "left_without_care",
    }
}

impl Trouble {
    /// In words: the survey's own where it has the row.
    pub fn name(self) -> Text {
        let (ja, en) = match self {
            Trouble::UnprintableName => ("氏名・住所の●表示", "● in name or address"),
            Trouble::Reader => ("カードリーダーの接続不良・認証エラー", "reader connection or recognition error"),
            Trouble::ShownInvalid => ("資格情報が無効", "eligibility shown as invalid"),
            Trouble::Expired => ("電子証明書・カードの有効期限切れ", "certificate or card expired"),
            Trouble::NameMismatch => ("氏名・住所の相違", "name or address mismatch"),
            Trouble::Other => ("その他", "other"),
            Trouble::NoSuchNumber => ("該当の被保険者番号がない", "no such insured number"),
            Trouble::RatioMismatch => ("負担割合の齟齬", "burden ratio mismatch"),
            Trouble::CeilingWrong => ("限度額の誤り", "ceiling wrong"),
            Trouble::OtherPerson => ("他人の情報の紐づけ", "another person's data linked"),
            Trouble::InvalidThoughInsured => {
                ("無効と出たが、あとで有効と分かった", "shown as invalid, and insured after all")
            }
            Trouble::NoReplyTerminal => ("資格確認端末が応答しない", "no reply from the terminal"),
            Trouble::NoReplyLine => ("回線の不通", "the line was down"),
            Trouble::NoReplyNationalService => {
                ("オンライン資格確認等システムが応答しない", "no reply from the national service")
            }
            Trouble::FullCharge => ("いったん10割を請求", "100 % asked for now"),
            Trouble::LeftWithoutCare => ("受診せずに帰った", "left without care"),
        };
        Text::new(ja, en)
    }

    /// Sites of the survey that met this trouble from December 2024 on, per thousand of 9,741; for 10割, per thousand of
    /// about 8,530 sites with trouble. `None` for what the survey did not ask.
    pub const fn sites_per_thousand(self) -> Option<u16> {
        match self {
            Trouble::UnprintableName => Some(651),
            Trouble::Reader => Some(439),
            Trouble::ShownInvalid => Some(384),
            Trouble::Expired => Some(310),
            Trouble::NameMismatch => Some(202),
            Trouble::Other => Some(174),
            Trouble::NoSuchNumber => Some(117),
            Trouble::RatioMismatch => Some(78),
            Trouble::CeilingWrong => Some(45),
            Trouble::OtherPerson => Some(18),
            Trouble::FullCharge => Some(127),
            Trouble::InvalidThoughInsured
            | Trouble::NoReplyTerminal
            | Trouble::NoReplyLine
            | Trouble::NoReplyNationalService
            | Trouble::LeftWithoutCare => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_survey_is_told_in_its_own_order() {
        let table: Vec<_> = Trouble::ALL[..10].iter().map(|trouble| trouble.sites_per_thousand()).collect();
        assert!(table.iter().all(Option::is_some) && table.is_sorted_by(|one, next| one > next), "{table:?}");
    }
}
