//! 保険者番号: who insures the patient (claims-rules §3).

use super::{CheckDigitRule, Checked, NumberError, NumberKind, NumberWarning, check_last_digit, check_prefecture};
use super::{number_type, read_digits, two_digits};
use crate::scheme::{Scheme, is_subsidy_code};
use std::borrow::Cow;

number_type! {
    /// An insurer number as bare digits: eight, or six for 国民健康保険. Never padded inside; see
    /// [`InsurerNumber::padded`].
    pub struct InsurerNumber
}

impl InsurerNumber {
    /// 不詳: the insurer is not known (claims-rules §1 ③). Its check digit does not fit, by design.
    pub const UNKNOWN: InsurerNumber = InsurerNumber(Cow::Borrowed("77777777"));
    /// 不詳 where software refuses [`InsurerNumber::UNKNOWN`]; usable since 2023-09-15.
    pub const UNKNOWN_ALTERNATIVE: InsurerNumber = InsurerNumber(Cow::Borrowed("77777779"));
    /// 不詳 of the disaster circulars; not to be mixed with the sevens. Its check digit does not fit either.
    pub const DISASTER_UNKNOWN: InsurerNumber = InsurerNumber(Cow::Borrowed("99999999"));

    /// Reads a typed or received number: full-width digits and padding spaces are folded away, and `00` in front of
    /// six digits is the padding of a 国保 number.
    pub fn parse(text: &str) -> Result<Checked<InsurerNumber>, NumberError> {
        InsurerNumber::parse_by(text, CheckDigitRule::Ask)
    }

    /// The same when staff looked at the certificate again and insist on a number whose check digit does not fit.
    pub fn parse_overridden(text: &str) -> Result<Checked<InsurerNumber>, NumberError> {
        InsurerNumber::parse_by(text, CheckDigitRule::Overridden)
    }

    /// Which scheme the number belongs to.
    pub fn scheme(&self) -> Scheme {
        match self.0.len() {
            8 if !self.is_unknown_placeholder() => Scheme::from_scheme_code(self.0.get(..2).unwrap_or_default()),
            6 if self.0.get(2..3) == Some("3") => Scheme::NationalHealthAssociation,
            6 => Scheme::NationalHealth,
            _ => Scheme::Unknown,
        }
    }

    /// The prefecture, 1..=47; none for the numbers that stand for "not known".
    pub fn prefecture(&self) -> Option<u8> {
        if self.is_unknown_placeholder() {
            return None;
        }
        let from = self.0.len().checked_sub(6)?;
        two_digits(&self.0, from).filter(|number| (1..=47).contains(number))
    }

    /// Eight characters, spaces on the left, as the eligibility files write it (oqs-interface §2.2).
    pub fn padded(&self) -> String {
        format!("{:>8}", self.as_str())
    }

    /// Whether this stands for "insurer not known" instead of naming one.
    pub fn is_unknown_placeholder(&self) -> bool {
        [InsurerNumber::UNKNOWN, InsurerNumber::UNKNOWN_ALTERNATIVE, InsurerNumber::DISASTER_UNKNOWN].contains(self)
    }

    fn parse_by(text: &str, rule: CheckDigitRule) -> Result<Checked<InsurerNumber>, NumberError> {
        const KIND: NumberKind = NumberKind::Insurer;
        let digits = read_digits(text, KIND, &[6, 8])?;
        let digits = match digits.strip_prefix("00") {
            Some(body) if digits.len() == 8 => body.to_owned(),
            _ => digits,
        };
        let number = InsurerNumber(digits.clone().into());
        if number.is_unknown_placeholder() {
            return Ok(Checked::clean(number));
        }
        check_prefecture(&digits, digits.len() - 6, KIND)?;
        let checked = check_last_digit(Checked::clean(number), &digits, KIND, rule)?;
        Ok(match scheme_warning(&digits) {
            Some(warning) => checked.with(warning),
            None => checked,
        })
    }
}

fn scheme_warning(digits: &str) -> Option<NumberWarning> {
    let code = digits.get(..2).filter(|_| digits.len() == 8)?;
    if is_subsidy_code(code) {
        return Some(NumberWarning::LooksLikePublicPayer);
    }
    let known = Scheme::from_scheme_code(code) != Scheme::Unknown;
    (!known).then_some(NumberWarning::UnknownScheme { kind: NumberKind::Insurer })
}
