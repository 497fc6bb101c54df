//! Who an emulated card was issued to.

use std::fmt;

use jiff::civil::Date;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The person on the card: invented, or given by whoever orders the card. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// Family and given name, separated by an ideographic space.
    pub name: String,
    /// The address as printed.
    pub address: String,
    /// Day of birth.
    pub birth: Date,
    /// Sex as coded on the chip.
    pub sex: Sex,
}

/// Sex as the chip codes it (ISO 5218; `my-number-card §8.1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `1`
    Male,
    /// `2`
    Female,
    /// `9`
    NotApplicable,
    /// `0`
    Unknown,
}

impl Sex {
    pub(super) fn digit(self) -> u8 {
        match self {
            Self::Male => b'1',
            Self::Female => b'2',
            Self::NotApplicable => b'9',
            Self::Unknown => b'0',
        }
    }
}

/// Family names that say that they are invented.
const FAMILY: [&str; 6] = ["見本", "練習", "模擬", "試験", "架空", "仮名"];
const GIVEN: [(&str, Sex); 6] = [
    ("太郎", Sex::Male),
    ("花子", Sex::Female),
    ("一郎", Sex::Male),
    ("さくら", Sex::Female),
    ("健", Sex::Male),
    ("葵", Sex::Female),
];

impl Holder {
    /// Somebody who does not exist, with a birthday on the given day of the year.
    pub(super) fn invented(random: &mut ChaCha8Rng, birthday: Date) -> Self {
        let family = FAMILY[random.random_range(0..FAMILY.len())];
        let (given, sex) = GIVEN[random.random_range(0..GIVEN.len())];
        let block = char::from_u32(u32::from('１') + random.random_range(0..9)).unwrap_or('１');
        Self {
            name: format!("{family}\u{3000}{given}"),
            address: format!("見本県架空市練習町{block}丁目２－３"),
            birth: birthday.saturating_sub(jiff::Span::new().years(random.random_range(20..90))),
            sex,
        }
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Holder(…)")
    }
}
