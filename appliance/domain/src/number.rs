//! Numbers somebody issued (保険者番号, 記号・番号, 公費, 医療機関コード): read once at the edge, then typed.
//!
//! `parse` takes what a person typed or a device sent, and answers with a [`Checked`] value, or with a [`NumberError`]
//! that says what is wrong and where, never which number it was. Numbers that were kept once are read again without a
//! second refusal: staff may have overridden the check digit of a real certificate (claims-rules §3.4).

mod institution;
mod insured;
mod insurer;
mod my_number;
mod problem;
mod public_subsidy;

pub use institution::{FeeTable, InstitutionCode};
pub use insured::{BranchNumber, InsuredNumber, InsuredSymbol, NumberLikeness};
pub use insurer::InsurerNumber;
pub use my_number::looks_like_my_number;
pub use problem::{NumberError, NumberKind, NumberWarning};
pub use public_subsidy::{PublicPayerNumber, PublicRecipientNumber};

use crate::kana::{fold_width, is_blank};

/// A value that may be used, with what staff should still be told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<T> {
    /// The value.
    pub value: T,
    /// What looks odd; never a reason to stop.
    pub warnings: Vec<NumberWarning>,
}

/// The check digit (検証番号) for a body of digits 0..=9 (claims-rules §3.2): weights 2,1,2,1,… from the right end,
/// products counted by their digits, the difference to the next ten.
pub const fn check_digit(body: &[u8]) -> u8 {
    let mut sum = 0u32;
    let mut at = body.len();
    let mut doubled = true;
    while at > 0 {
        at -= 1;
        let product = body[at] as u32 * if doubled { 2 } else { 1 };
        sum += product / 10 + product % 10;
        doubled = !doubled;
    }
    ((10 - sum % 10) % 10) as u8
}

impl<T> Checked<T> {
    /// A value without anything odd about it.
    pub fn clean(value: T) -> Checked<T> {
        Checked { value, warnings: Vec::new() }
    }

    fn with(mut self, warning: NumberWarning) -> Checked<T> {
        self.warnings.push(warning);
        self
    }
}

/// How a check digit that does not fit is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CheckDigitRule {
    /// Ask to type again.
    Ask,
    /// Staff looked at the certificate and insist.
    Overridden,
}

/// The typed text as bare ASCII digits of one of the allowed lengths.
fn read_digits(text: &str, kind: NumberKind, lengths: &[usize]) -> Result<String, NumberError> {
    if looks_like_my_number(text) {
        return Err(NumberError::LooksLikeMyNumber { kind });
    }
    let digits = squeeze(text);
    if digits.is_empty() {
        return Err(NumberError::Empty { kind });
    }
    if let Some(at) = digits.chars().position(|c| !c.is_ascii_digit()) {
        return Err(NumberError::NotADigit { kind, position: at + 1 });
    }
    if !lengths.contains(&digits.len()) {
        return Err(NumberError::WrongLength { kind, found: digits.len() });
    }
    Ok(digits)
}

/// Width folded, white space gone.
fn squeeze(text: &str) -> String {
    fold_width(text).chars().filter(|c| !is_blank(*c)).collect()
}

/// Compares the last digit with the one the body asks for; the expected digit when they differ.
fn failed_check_digit(digits: &str) -> Option<u8> {
    let values: Vec<u8> = digits.bytes().map(|b| b.wrapping_sub(b'0')).collect();
    let (last, body) = values.split_last()?;
    let expected = check_digit(body);
    (expected != *last).then_some(expected)
}

/// Applies the check digit rule to a number that may be overridden.
fn check_last_digit<T>(
    checked: Checked<T>,
    digits: &str,
    kind: NumberKind,
    rule: CheckDigitRule,
) -> Result<Checked<T>, NumberError> {
    match (failed_check_digit(digits), rule) {
        (None, _) => Ok(checked),
        (Some(expected), CheckDigitRule::Ask) => {
            Err(NumberError::CheckDigit { kind, position: digits.len(), expected })
        }
        (Some(_), CheckDigitRule::Overridden) => Ok(checked.with(NumberWarning::CheckDigitOverridden { kind })),
    }
}

/// The two digits at this place as a number.
fn two_digits(text: &str, from: usize) -> Option<u8> {
    text.get(from..from + 2)?.parse().ok()
}

/// The prefecture digits (01–47) at this place, or the complaint about them.
fn check_prefecture(digits: &str, from: usize, kind: NumberKind) -> Result<u8, NumberError> {
    two_digits(digits, from)
        .filter(|number| (1..=47).contains(number))
        .ok_or(NumberError::Prefecture { kind, position: from + 1 })
}

/// Declares a number as text behind a private field: no `Display`, and a `Debug` that shows kind and length only.
macro_rules! number_type {
    ($(#[$meta:meta])* pub struct $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            /// The number as it is kept.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}(length {})", stringify!($name), self.0.chars().count())
            }
        }

        impl $crate::written::Written for $name {
            fn write(&self) -> $crate::written::Value {
                $crate::written::Value::Text(self.0.clone().into_owned())
            }
            fn read(value: &$crate::written::Value) -> Result<Self, $crate::written::Unreadable> {
                match value.as_text() {
                    Some(text) if !text.is_empty() => Ok($name(text.to_owned().into())),
                    _ => Err($crate::written::Unreadable::expected("a number as text")),
                }
            }
        }
    };
}
use number_type;

#[cfg(test)]
mod tests;
