//! 公費負担者番号 and 公費受給者番号: who pays a public subsidy, and for whom (claims-rules §2).

use super::{CheckDigitRule, Checked, NumberError, NumberKind, NumberWarning, check_last_digit, check_prefecture};
use super::{number_type, read_digits, two_digits};
use crate::scheme::{Scheme, is_subsidy_code, subsidy_name};

number_type! {
    /// 公費負担者番号: eight digits, 法別 2 + prefecture 2 + body 3 + check digit 1.
    pub struct PublicPayerNumber
}

number_type! {
    /// 公費受給者番号: seven digits, the last one a check digit. May change monthly in public assistance.
    pub struct PublicRecipientNumber
}

impl PublicPayerNumber {
    /// Reads a typed or received number.
    pub fn parse(text: &str) -> Result<Checked<PublicPayerNumber>, NumberError> {
        PublicPayerNumber::parse_by(text, CheckDigitRule::Ask)
    }

    /// The same when staff insist on a number whose check digit does not fit.
    pub fn parse_overridden(text: &str) -> Result<Checked<PublicPayerNumber>, NumberError> {
        PublicPayerNumber::parse_by(text, CheckDigitRule::Overridden)
    }

    /// 法別番号: the first two digits.
    pub fn subsidy_code(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// Name of the subsidy, as far as the (partial) table goes.
    pub fn subsidy_name(&self) -> Option<&'static str> {
        subsidy_name(self.subsidy_code())
    }

    /// Whether this is 生活保護の医療扶助 (法別 12).
    pub fn is_public_assistance(&self) -> bool {
        self.subsidy_code() == Scheme::PublicAssistance.code()
    }

    /// The prefecture, 1..=47.
    pub fn prefecture(&self) -> Option<u8> {
        two_digits(&self.0, 2).filter(|number| (1..=47).contains(number))
    }

    fn parse_by(text: &str, rule: CheckDigitRule) -> Result<Checked<PublicPayerNumber>, NumberError> {
        const KIND: NumberKind = NumberKind::PublicPayer;
        let digits = read_digits(text, KIND, &[8])?;
        check_prefecture(&digits, 2, KIND)?;
        let number = PublicPayerNumber(digits.clone().into());
        let checked = check_last_digit(Checked::clean(number), &digits, KIND, rule)?;
        Ok(match subsidy_warning(checked.value.subsidy_code()) {
            Some(warning) => checked.with(warning),
            None => checked,
        })
    }
}

impl PublicRecipientNumber {
    /// Reads a typed or received number.
    pub fn parse(text: &str) -> Result<Checked<PublicRecipientNumber>, NumberError> {
        PublicRecipientNumber::parse_by(text, CheckDigitRule::Ask)
    }

    /// The same when staff insist: real certificates with a check digit that does not fit have been reported.
    pub fn parse_overridden(text: &str) -> Result<Checked<PublicRecipientNumber>, NumberError> {
        PublicRecipientNumber::parse_by(text, CheckDigitRule::Overridden)
    }

    fn parse_by(text: &str, rule: CheckDigitRule) -> Result<Checked<PublicRecipientNumber>, NumberError> {
        const KIND: NumberKind = NumberKind::PublicRecipient;
        let digits = read_digits(text, KIND, &[7])?;
        let number = PublicRecipientNumber(digits.clone().into());
        check_last_digit(Checked::clean(number), &digits, KIND, rule)
    }
}

fn subsidy_warning(code: &str) -> Option<NumberWarning> {
    if is_subsidy_code(code) {
        None
    } else if Scheme::from_scheme_code(code) != Scheme::Unknown || code == "00" {
        Some(NumberWarning::LooksLikeInsurer)
    } else {
        Some(NumberWarning::UnknownScheme { kind: NumberKind::PublicPayer })
    }
}
