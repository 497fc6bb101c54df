//! Why a request was not written: the field and the reason, never its content.

use super::staff_text::StaffText;
use std::fmt;

/// A request that cannot be written as the terminal wants it. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteRefusal {
    /// Element name of the field, for instance `InsuredCardSymbol`.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: WriteRefusalReason,
}

/// What is wrong with a field of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteRefusalReason {
    /// Required and empty.
    Missing,
    /// More characters than the interface takes.
    TooLong {
        /// Most characters allowed.
        max_chars: usize,
    },
    /// Digits only, exactly or at most so many.
    NotDigits {
        /// Expected number of digits.
        digits: usize,
    },
    /// ASCII letters, digits and `-_.` only.
    NotPlainAscii,
    /// A character the terminal's Shift_JIS (code page 932) does not have. It is never replaced by something else.
    CannotBeCarried {
        /// Which character of the field, counted from 1.
        position: usize,
    },
    /// A control character.
    ForbiddenCharacter {
        /// Which character of the field, counted from 1.
        position: usize,
    },
}

impl WriteRefusal {
    /// What staff read: what happened, what is safe, what to do now.
    pub fn staff(&self) -> StaffText {
        let (field_ja, field_en) = staff_field(self.field);
        let (ja, en) = self.reason.staff();
        StaffText::new(
            format!("照会は送信していません。「{field_ja}」{ja}"),
            format!("Nothing was sent. \"{field_en}\" {en}"),
        )
    }
}

impl WriteRefusalReason {
    fn staff(self) -> (String, String) {
        match self {
            WriteRefusalReason::Missing => ("を入力してください。".into(), "must be filled in.".into()),
            WriteRefusalReason::TooLong { max_chars } => (
                format!("は{max_chars}文字以内で入力してください。"),
                format!("must have at most {max_chars} characters."),
            ),
            WriteRefusalReason::NotDigits { digits } => (
                format!("は{digits}桁以内の数字で入力してください。"),
                format!("must be a number of up to {digits} digits."),
            ),
            WriteRefusalReason::NotPlainAscii => {
                ("は半角英数字で入力してください。".into(), "must be plain letters and digits.".into())
            }
            WriteRefusalReason::CannotBeCarried { position } => (
                format!("の{position}文字目は端末の文字コードで送れません。券面の表記を確認してください。"),
                format!(
                    "has a character (number {position}) the terminal cannot carry. Check the spelling on the document."
                ),
            ),
            WriteRefusalReason::ForbiddenCharacter { position } => (
                format!("の{position}文字目に使えない文字があります。入力し直してください。"),
                format!("has a forbidden character (number {position}). Enter it again."),
            ),
        }
    }
}

fn staff_field(field: &str) -> (&'static str, &'static str) {
    match field {
        "MedicalInstitutionCode" => ("医療機関コード", "Institution code"),
        "ArbitraryFileIdentifier" => ("ファイル識別子", "File identifier"),
        "ArbitraryIdentifier" => ("任意の識別子", "Identifier"),
        "InsurerNumber" => ("保険者番号", "Insurer number"),
        "InsuredCardSymbol" => ("記号", "Symbol"),
        "InsuredIdentificationNumber" => ("番号", "Number"),
        "InsuredBranchNumber" => ("枝番", "Branch number"),
        "ReferenceNumber" => ("照会番号", "Reference number"),
        "ReceptionNumber" => ("受付番号", "Reception number"),
        "LimitApplicationCertificateRelatedConsFlg" => ("限度額情報の同意", "Limit certificate consent"),
        _ => ("照会内容", "Request"),
    }
}

impl fmt::Display for WriteRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request not written: {} {}", self.field, self.reason)
    }
}

impl fmt::Display for WriteRefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteRefusalReason::Missing => f.write_str("is missing"),
            WriteRefusalReason::TooLong { max_chars } => write!(f, "is longer than {max_chars} characters"),
            WriteRefusalReason::NotDigits { digits } => write!(f, "is not a number of {digits} digits"),
            WriteRefusalReason::NotPlainAscii => f.write_str("is not plain ASCII"),
            WriteRefusalReason::CannotBeCarried { position } => write!(f, "has no code page 932 form at {position}"),
            WriteRefusalReason::ForbiddenCharacter { position } => write!(f, "has a control character at {position}"),
        }
    }
}

impl std::error::Error for WriteRefusal {}
