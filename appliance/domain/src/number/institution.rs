//! 医療機関コード: which institution or pharmacy (claims-rules §4).

use super::{Checked, NumberError, NumberKind, NumberWarning, check_prefecture, failed_check_digit};
use super::{looks_like_my_number, number_type, squeeze, two_digits};
use crate::codes;

codes! {
    /// 点数表: the fee table an institution bills by.
    pub enum FeeTable {
        /// 医科
        Medical = "1",
        /// 歯科
        Dental = "3",
        /// 調剤
        Pharmacy = "4",
        /// 介護老人保健施設
        CareFacility = "5",
        /// 訪問看護
        HomeNursing = "6",
        /// 介護医療院
        CareHospital = "B",
    }
}

number_type! {
    /// An institution code with all ten places: prefecture 2 + fee table 1 + code 7. Claims show only the last seven.
    pub struct InstitutionCode
}

impl InstitutionCode {
    /// Reads a code of ten places. A check digit that does not fit only warns; with fee table `B` it is not computed,
    /// because the value of the letter is not known.
    pub fn parse(text: &str) -> Result<Checked<InstitutionCode>, NumberError> {
        const KIND: NumberKind = NumberKind::Institution;
        let code = read_places(text)?;
        check_prefecture(&code, 0, KIND)?;
        let checked = Checked::clean(InstitutionCode(code.clone().into()));
        let checked = match checked.value.fee_table() {
            Some(FeeTable::CareHospital) => return Ok(checked),
            Some(_) => checked,
            None => checked.with(NumberWarning::UnknownFeeTable),
        };
        Ok(match failed_check_digit(&code) {
            Some(_) => checked.with(NumberWarning::CheckDigit { kind: KIND }),
            None => checked,
        })
    }

    /// Puts the code together from the fields in which prescriptions carry it: a one-digit prefecture gets its zero,
    /// an empty fee table means 医科 (prescription-code-and-relays, institution key).
    pub fn from_parts(prefecture: &str, fee_table: &str, code: &str) -> Result<Checked<InstitutionCode>, NumberError> {
        let fee_table = squeeze(fee_table);
        let fee_table = if fee_table.is_empty() { FeeTable::Medical.code() } else { &fee_table };
        InstitutionCode::parse(&format!("{:0>2}{fee_table}{}", squeeze(prefecture), squeeze(code)))
    }

    /// The prefecture, 1..=47.
    pub fn prefecture(&self) -> Option<u8> {
        two_digits(&self.0, 0).filter(|number| (1..=47).contains(number))
    }

    /// The fee table, when it is one of the known ones.
    pub fn fee_table(&self) -> Option<FeeTable> {
        FeeTable::from_code(self.0.get(2..3)?)
    }

    /// The last seven places, as claims show them.
    pub fn claim_code(&self) -> &str {
        self.0.get(3..).unwrap_or_default()
    }
}

/// Ten places, digits except for a `B` in the third.
fn read_places(text: &str) -> Result<String, NumberError> {
    const KIND: NumberKind = NumberKind::Institution;
    if looks_like_my_number(text) {
        return Err(NumberError::LooksLikeMyNumber { kind: KIND });
    }
    let code = squeeze(text).to_ascii_uppercase();
    if code.is_empty() {
        return Err(NumberError::Empty { kind: KIND });
    }
    let fits = |(at, c): (usize, char)| c.is_ascii_digit() || (at == 2 && c == 'B');
    if let Some(at) = code.chars().enumerate().position(|place| !fits(place)) {
        return Err(NumberError::NotADigit { kind: KIND, position: at + 1 });
    }
    match code.len() {
        10 => Ok(code),
        found => Err(NumberError::WrongLength { kind: KIND, found }),
    }
}
