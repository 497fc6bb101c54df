//! What can be wrong or odd about a number, in words for staff. The number itself is never repeated.

use crate::codes;
use std::fmt;

codes! {
    /// Which number is meant.
    pub enum NumberKind {
        /// 保険者番号
        Insurer = "insurer_number",
        /// 公費負担者番号
        PublicPayer = "public_payer_number",
        /// 公費受給者番号
        PublicRecipient = "public_recipient_number",
        /// 医療機関コード
        Institution = "institution_code",
        /// 記号
        Symbol = "insured_symbol",
        /// 番号
        Insured = "insured_number",
        /// 枝番
        Branch = "branch_number",
    }
}

impl NumberKind {
    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        match self {
            NumberKind::Insurer => "保険者番号",
            NumberKind::PublicPayer => "公費負担者番号",
            NumberKind::PublicRecipient => "公費受給者番号",
            NumberKind::Institution => "医療機関コード",
            NumberKind::Symbol => "記号",
            NumberKind::Insured => "番号",
            NumberKind::Branch => "枝番",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            NumberKind::Insurer => "insurer number",
            NumberKind::PublicPayer => "public payer number",
            NumberKind::PublicRecipient => "public recipient number",
            NumberKind::Institution => "institution code",
            NumberKind::Symbol => "insured symbol",
            NumberKind::Insured => "insured number",
            NumberKind::Branch => "branch number",
        }
    }

    const fn lengths_ja(self) -> &'static str {
        match self {
            NumberKind::Insurer => "8桁（国保は6桁）",
            NumberKind::PublicPayer => "8桁",
            NumberKind::PublicRecipient => "7桁",
            NumberKind::Institution => "10桁（都道府県2桁＋点数表1桁＋7桁）",
            NumberKind::Symbol | NumberKind::Insured => "20文字以内",
            NumberKind::Branch => "1桁か2桁",
        }
    }

    const fn lengths_en(self) -> &'static str {
        match self {
            NumberKind::Insurer => "8 digits (6 for national health insurance)",
            NumberKind::PublicPayer => "8 digits",
            NumberKind::PublicRecipient => "7 digits",
            NumberKind::Institution => "10 digits (prefecture 2, fee table 1, code 7)",
            NumberKind::Symbol | NumberKind::Insured => "at most 20 characters",
            NumberKind::Branch => "1 or 2 digits",
        }
    }
}

/// Why typed or received text is not taken as this number. Positions count from 1 on the left, spaces left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing was entered.
    Empty {
        /// which number
        kind: NumberKind,
    },
    /// Something other than a digit (or, in 記号・番号, a control character).
    NotADigit {
        /// which number
        kind: NumberKind,
        /// where
        position: usize,
    },
    /// Too short or too long.
    WrongLength {
        /// which number
        kind: NumberKind,
        /// how many characters were found
        found: usize,
    },
    /// The prefecture digits are not 01–47.
    Prefecture {
        /// which number
        kind: NumberKind,
        /// where the two digits begin
        position: usize,
    },
    /// The check digit does not fit: ask to type again; staff may override with a reason (claims-rules §3.4).
    CheckDigit {
        /// which number
        kind: NumberKind,
        /// place of the check digit
        position: usize,
        /// The digit the others ask for. Not shown to staff: the wrong digit is seldom the last one.
        expected: u8,
    },
    /// Twelve digits that pass as an individual number (個人番号): refused and not kept.
    LooksLikeMyNumber {
        /// which number
        kind: NumberKind,
    },
}

impl NumberError {
    /// The number that was being read.
    pub const fn kind(&self) -> NumberKind {
        match *self {
            NumberError::Empty { kind }
            | NumberError::NotADigit { kind, .. }
            | NumberError::WrongLength { kind, .. }
            | NumberError::Prefecture { kind, .. }
            | NumberError::CheckDigit { kind, .. }
            | NumberError::LooksLikeMyNumber { kind } => kind,
        }
    }

    /// Whether staff may insist after looking at the certificate again, giving a reason.
    pub const fn can_be_overridden(&self) -> bool {
        matches!(self, NumberError::CheckDigit { .. })
    }

    /// For staff: what is wrong, where, and what to do.
    pub fn ja(&self) -> String {
        let label = self.kind().label_ja();
        match self {
            NumberError::Empty { .. } => format!("{label}が入力されていません。証を見て入力してください。"),
            NumberError::NotADigit { kind: NumberKind::Symbol | NumberKind::Insured, position } => {
                format!("{label}の{position}文字目に使えない文字があります。証を見て入力し直してください。")
            }
            NumberError::NotADigit { position, .. } => {
                format!("{label}の{position}桁目が数字ではありません。数字だけで入力し直してください。")
            }
            NumberError::WrongLength { kind, found } => format!(
                "{label}は{}です（入力は{found}文字）。先頭の0の抜けや余分な桁がないか確かめて、入力し直してください。",
                kind.lengths_ja()
            ),
            NumberError::Prefecture { position, .. } => format!(
                "{label}の{position}～{}桁目（都道府県番号）が01～47ではありません。証を見て入力し直してください。",
                position + 1
            ),
            NumberError::CheckDigit { position, .. } => format!(
                "{label}の検証番号（{position}桁目）が他の桁と合いません。どこかの桁が違っている可能性があります。\
                 証を見て入力し直してください。証のとおりであれば、理由を付けてそのまま使えます。"
            ),
            NumberError::LooksLikeMyNumber { .. } => format!(
                "{label}の欄にマイナンバー（個人番号12桁）と思われる数字があります。保存していません。\
                 マイナンバーは受付では使えません。証に印字された{label}を入力してください。"
            ),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        let label = self.kind().label_en();
        match self {
            NumberError::Empty { .. } => format!("The {label} is empty. Enter it from the certificate."),
            NumberError::NotADigit { kind: NumberKind::Symbol | NumberKind::Insured, position } => {
                format!("Character {position} of the {label} cannot be used. Enter it again from the certificate.")
            }
            NumberError::NotADigit { position, .. } => {
                format!("Place {position} of the {label} is not a digit. Enter it again, digits only.")
            }
            NumberError::WrongLength { kind, found } => format!(
                "The {label} has {}; {found} were entered. Look for a missing leading zero or an extra digit and enter \
                 it again.",
                kind.lengths_en()
            ),
            NumberError::Prefecture { position, .. } => format!(
                "Digits {position}-{} of the {label} (prefecture) are not 01-47. Enter it again from the certificate.",
                position + 1
            ),
            NumberError::CheckDigit { position, .. } => format!(
                "The check digit of the {label} (digit {position}) does not fit the others; any one of the digits may be \
                 wrong. Enter it again from the certificate. If the certificate really says so, it can be used with a \
                 reason."
            ),
            NumberError::LooksLikeMyNumber { .. } => format!(
                "The field of the {label} seems to hold a 12-digit individual number (My Number). It was not kept. The \
                 desk may not use it: enter the {label} printed on the certificate."
            ),
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for NumberError {}

/// What looks odd about a number that is taken all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberWarning {
    /// The first two digits are no scheme of the table.
    UnknownScheme {
        /// which number
        kind: NumberKind,
    },
    /// A 公費 number stands in the insurer's field.
    LooksLikePublicPayer,
    /// An insurer number stands in the 公費 field.
    LooksLikeInsurer,
    /// The check digit does not fit; for this number that is told, not refused (claims-rules §4).
    CheckDigit {
        /// which number
        kind: NumberKind,
    },
    /// The check digit does not fit and staff insisted: for worklist F (claims-rules §10).
    CheckDigitOverridden {
        /// which number
        kind: NumberKind,
    },
    /// The third digit is no fee table (点数表) known here.
    UnknownFeeTable,
}

impl NumberWarning {
    /// For staff: what looks odd and what to do.
    pub fn ja(&self) -> String {
        match self {
            NumberWarning::UnknownScheme { kind } => format!(
                "{}の1～2桁目（法別番号）は知られていない番号です。証と見比べて、合っていればこのまま進めてください。",
                kind.label_ja()
            ),
            NumberWarning::LooksLikePublicPayer => "1～2桁目が公費の法別番号です。公費負担者番号を保険者番号の欄に\
                入力していないか確かめてください。"
                .to_owned(),
            NumberWarning::LooksLikeInsurer => "1～2桁目が医療保険の法別番号です。保険者番号を公費負担者番号の欄に\
                入力していないか確かめてください。"
                .to_owned(),
            NumberWarning::CheckDigit { kind } => format!(
                "{}の検証番号（末尾の桁）が他の桁と合いません。紙と見比べて、合っていればこのまま進めてください。",
                kind.label_ja()
            ),
            NumberWarning::CheckDigitOverridden { kind } => format!(
                "{}は検証番号が合わないまま使っています。月末の請求前に保険者などへ確かめてください。",
                kind.label_ja()
            ),
            NumberWarning::UnknownFeeTable => "医療機関コードの3桁目（点数表）が知られていない区分です。紙と見比べて\
                ください。"
                .to_owned(),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            NumberWarning::UnknownScheme { kind } => format!(
                "Digits 1-2 of the {} are not a known scheme. Compare with the certificate; if it says so, go on.",
                kind.label_en()
            ),
            NumberWarning::LooksLikePublicPayer => "Digits 1-2 are those of a public subsidy. Check whether a public \
                payer number was entered in the insurer's field."
                .to_owned(),
            NumberWarning::LooksLikeInsurer => "Digits 1-2 are those of an insurance scheme. Check whether an insurer \
                number was entered in the public payer's field."
                .to_owned(),
            NumberWarning::CheckDigit { kind } => format!(
                "The last digit of the {} does not fit the others. Compare with the paper; if it says so, go on.",
                kind.label_en()
            ),
            NumberWarning::CheckDigitOverridden { kind } => format!(
                "The {} is used although its check digit does not fit. Ask the insurer or office before the claim.",
                kind.label_en()
            ),
            NumberWarning::UnknownFeeTable => {
                "Digit 3 of the institution code is no known fee table. Compare with the paper.".to_owned()
            }
        }
    }
}
