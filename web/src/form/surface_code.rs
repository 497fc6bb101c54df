//! 照合番号B from three numbers of the card face: taken out of the form at once, never kept, never shown again.

use super::fields::{SURFACE_BIRTH, SURFACE_CODE, SURFACE_YEAR};
use super::{Field, Typed};
use crate::lang::Lang;
use crate::words::CardWords;
use domain::era::{EraDate, parse_era_date};
use domain::kana::fold_width;
use domain::text::Text;

const FIELDS: [&Field; 3] = [&SURFACE_BIRTH, &SURFACE_YEAR, &SURFACE_CODE];

/// Whether somebody typed any of the three numbers.
pub fn has_surface_code(typed: &Typed) -> bool {
    FIELDS.iter().any(|field| !typed.value(field.name).trim().is_empty())
}

/// The 14 digits, when all three numbers are there and can be right; complaints go to the fields, what was typed is
/// forgotten in any case.
pub fn take_surface_code(typed: &mut Typed) -> Option<String> {
    let was_typed = has_surface_code(typed);
    let parts = FIELDS.map(|field| {
        let text = typed.text(field);
        typed.forget(field.name);
        text
    });
    let [birth, year, code] = &parts;
    let (Some(birth), Some(year), Some(code)) = (birth, year, code) else {
        if was_typed && typed.is_fine() {
            typed.refuse(first_missing(&parts).name, words(|w| w.surface_all));
        }
        return None;
    };
    let birth = checked(typed, &SURFACE_BIRTH, birth_digits(birth), |w| w.birth_wrong);
    let year = checked(typed, &SURFACE_YEAR, four_digits(year.trim_end_matches('年')), |w| w.year_wrong);
    let code = checked(typed, &SURFACE_CODE, four_digits(code), |w| w.code_wrong);
    Some(format!("{}{}{}", birth?, year?, code?))
}

fn first_missing(parts: &[Option<String>; 3]) -> &'static Field {
    let missing = FIELDS.iter().zip(parts).find(|(_, part)| part.is_none());
    missing.map_or(&SURFACE_BIRTH, |(field, _)| field)
}

fn checked(
    typed: &mut Typed,
    field: &Field,
    part: Option<String>,
    why: fn(&CardWords) -> &'static str,
) -> Option<String> {
    if part.is_none() {
        typed.refuse(field.name, words(why));
    }
    part
}

fn words(of: fn(&CardWords) -> &'static str) -> Text {
    Text::new(of(CardWords::of(Lang::Ja)), of(CardWords::of(Lang::En)))
}

/// Six digits with the year of the era (my-number-card §5): as typed, or worked out from a day in any form people write.
fn birth_digits(text: &str) -> Option<String> {
    let text = fold_width(text);
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text);
    }
    let day = EraDate::of(parse_era_date(&text).ok()?.date)?;
    Some(format!("{:02}{:02}{:02}", day.year, day.month, day.day))
}

fn four_digits(text: &str) -> Option<String> {
    let text = fold_width(text).trim().to_owned();
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(birth: &str, year: &str, code: &str) -> Typed {
        let values = [(SURFACE_BIRTH.name, birth), (SURFACE_YEAR.name, year), (SURFACE_CODE.name, code)];
        Typed::prefilled(values.map(|(name, value)| (name, value.to_owned())))
    }

    #[test]
    fn the_birth_date_is_written_with_the_year_of_its_era() {
        for birth in ["S39.10.10", "昭和39年10月10日", "1964-10-10", "391010", "３９１０１０"] {
            assert_eq!(take_surface_code(&mut typed(birth, "2029年", "１２３４")).as_deref(), Some("39101020291234"));
        }
        assert_eq!(take_surface_code(&mut typed("R2.1.5", "2030", "0001")).as_deref(), Some("02010520300001"));
    }

    #[test]
    fn what_was_typed_is_forgotten_and_complained_about_where_it_stood() {
        for (birth, year, code, at) in [
            ("S39.10.10", "29", "1234", "surface_year"),
            ("いつか", "2029", "1234", "surface_birth"),
            ("S39.10.10", "2029", "12345", "surface_code"),
            ("S39.10.10", "2029", "", "surface_code"),
        ] {
            let mut typed = typed(birth, year, code);
            assert_eq!(take_surface_code(&mut typed), None);
            assert!(typed.problem(at).is_some(), "{at}");
            assert!(!has_surface_code(&typed));
        }
        let mut empty = typed("", " ", "");
        assert_eq!(take_surface_code(&mut empty), None);
        assert!(empty.is_fine());
    }
}
