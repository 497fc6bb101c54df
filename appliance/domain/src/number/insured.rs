//! 記号・番号・枝番: who is insured (claims-rules §2, oqs-interface §5).

use super::{Checked, NumberError, NumberKind, looks_like_my_number, number_type, read_digits};
use crate::codes;
use crate::kana::{is_blank, symbol_key};

/// 記号 and 番号 fit 20 characters in the eligibility request (oqs-interface §2).
const LONGEST: usize = 20;

number_type! {
    /// 記号, as written; may hold kana or kanji. Compare with [`InsuredSymbol::same_as`].
    pub struct InsuredSymbol
}

number_type! {
    /// 番号 (被保険者番号), as written; leading zeros count. Compare with [`InsuredNumber::compare`].
    pub struct InsuredNumber
}

number_type! {
    /// 枝番: two digits.
    pub struct BranchNumber
}

codes! {
    /// How far two insured numbers agree.
    pub enum NumberLikeness {
        /// The same, width, dashes and spaces aside.
        Same = "same",
        /// The same once leading zeros are left out: a weak match, sources disagree about the zeros.
        SameButZeros = "same_but_zeros",
        /// Different.
        Different = "different",
    }
}

impl InsuredSymbol {
    /// Keeps the symbol as written, outer spaces aside.
    pub fn parse(text: &str) -> Result<Checked<InsuredSymbol>, NumberError> {
        read_text(text, NumberKind::Symbol).map(|kept| Checked::clean(InsuredSymbol(kept.into())))
    }

    /// Whether both mean the same symbol: width, dashes, spaces and letter case aside.
    pub fn same_as(&self, other: &InsuredSymbol) -> bool {
        symbol_key(&self.0) == symbol_key(&other.0)
    }
}

impl InsuredNumber {
    /// 番号 of a claim whose insurer is unknown: sevens; nine digits by analogy (claims-rules §1, inferred).
    pub const UNKNOWN: InsuredNumber = InsuredNumber(std::borrow::Cow::Borrowed("777777777"));
    /// 番号 of a disaster claim whose number is unknown: nine nines.
    pub const DISASTER_UNKNOWN: InsuredNumber = InsuredNumber(std::borrow::Cow::Borrowed("999999999"));

    /// Keeps the number as written, outer spaces aside.
    pub fn parse(text: &str) -> Result<Checked<InsuredNumber>, NumberError> {
        read_text(text, NumberKind::Insured).map(|kept| Checked::clean(InsuredNumber(kept.into())))
    }

    /// How far both agree.
    pub fn compare(&self, other: &InsuredNumber) -> NumberLikeness {
        let (own, other) = (symbol_key(&self.0), symbol_key(&other.0));
        if own == other {
            NumberLikeness::Same
        } else if own.trim_start_matches('0') == other.trim_start_matches('0') {
            NumberLikeness::SameButZeros
        } else {
            NumberLikeness::Different
        }
    }
}

impl BranchNumber {
    /// Reads one or two digits; one digit gets its zero. An empty field is no branch number, and not `00`.
    pub fn parse(text: &str) -> Result<Checked<BranchNumber>, NumberError> {
        let digits = read_digits(text, NumberKind::Branch, &[1, 2])?;
        Ok(Checked::clean(BranchNumber(format!("{digits:0>2}").into())))
    }
}

fn read_text(text: &str, kind: NumberKind) -> Result<String, NumberError> {
    if looks_like_my_number(text) {
        return Err(NumberError::LooksLikeMyNumber { kind });
    }
    let kept = text.trim_matches(is_blank);
    if kept.is_empty() {
        return Err(NumberError::Empty { kind });
    }
    if let Some(at) = kept.chars().position(char::is_control) {
        return Err(NumberError::NotADigit { kind, position: at + 1 });
    }
    match kept.chars().count() {
        1..=LONGEST => Ok(kept.to_owned()),
        found => Err(NumberError::WrongLength { kind, found }),
    }
}
