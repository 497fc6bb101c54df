//! 照合番号B: the fourteen digits anybody who holds the card can read from its face (`my-number-card §5`).

use std::fmt;

use zeroize::Zeroizing;

use super::date::CardDate;

/// Birth date `yymmdd` with the year of the era, expiry year of the card, security code: fourteen digits.
///
/// It opens the four attributes and nothing else; the individual number stays shut. Nothing else fits in here: a PIN is
/// shorter, an individual number too. `Debug` shows kind and length only; the digits are wiped on drop.
pub struct SurfaceCode(Zeroizing<[u8; Self::DIGITS]>);

/// What staff read off a card face.
#[derive(Clone, Copy)]
pub struct CardFace<'a> {
    /// Birth date, Gregorian.
    pub birth_date: CardDate,
    /// The year in which the card (not the certificate) expires, four digits.
    pub expiry_year: u16,
    /// The four digits of the security code.
    pub security_code: &'a str,
}

/// Why digits are no [`SurfaceCode`]. It never repeats what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceCodeRefused {
    /// Not exactly fourteen digits.
    NotFourteenDigits,
    /// Month above 12 or day above 31: two digits were swapped or one is missing.
    NoSuchDay,
    /// Born before 1868-01-25: no era of the card covers it.
    BeforeTheEras,
    /// Not a year of four digits.
    ExpiryYear,
    /// Not exactly four digits.
    SecurityCode,
}

/// First day of each era, newest first. A birth on that day counts as the new era (inferred, `my-number-card §5`).
const ERA_STARTS: [(u16, u8, u8); 5] = [(2019, 5, 1), (1989, 1, 8), (1926, 12, 25), (1912, 7, 30), (1868, 1, 25)];

impl SurfaceCode {
    /// How many digits there are, always.
    pub const DIGITS: usize = 14;

    /// Takes the fourteen digits as typed; full-width digits and spaces are as good. A day that is none is refused
    /// here, because a typing error would cost one of ten tries on the card. Births with an unknown day may be written
    /// with zeros, so month and day 00 pass (open in the sheet).
    pub fn parse(typed: &str) -> Result<Self, SurfaceCodeRefused> {
        let code = Self(digits(typed).ok_or(SurfaceCodeRefused::NotFourteenDigits)?);
        let (month, day) = (&code.0[2..4], &code.0[4..6]);
        if month > &b"12"[..] || day > &b"31"[..] { Err(SurfaceCodeRefused::NoSuchDay) } else { Ok(code) }
    }

    /// Puts the digits together from the three things on the card face.
    pub fn from_card_face(face: CardFace<'_>) -> Result<Self, SurfaceCodeRefused> {
        let year = year_of_era(face.birth_date).ok_or(SurfaceCodeRefused::BeforeTheEras)?;
        if !(1000..=9999).contains(&face.expiry_year) {
            return Err(SurfaceCodeRefused::ExpiryYear);
        }
        let security = digits::<4>(face.security_code).ok_or(SurfaceCodeRefused::SecurityCode)?;
        let mut code = Zeroizing::new([b'0'; Self::DIGITS]);
        write_number(&mut code[0..2], year);
        write_number(&mut code[2..4], face.birth_date.month().into());
        write_number(&mut code[4..6], face.birth_date.day().into());
        write_number(&mut code[6..10], face.expiry_year);
        code[10..].copy_from_slice(&security[..]);
        Ok(Self(code))
    }

    pub(super) fn ascii(&self) -> &[u8] {
        &self.0[..]
    }
}

/// Exactly `N` digits, or nothing.
fn digits<const N: usize>(typed: &str) -> Option<Zeroizing<[u8; N]>> {
    let mut found = Zeroizing::new([0; N]);
    let mut count = 0;
    for character in typed.chars().filter(|character| !matches!(character, ' ' | '\u{3000}')) {
        *found.get_mut(count)? = digit(character)?;
        count += 1;
    }
    (count == N).then_some(found)
}

fn digit(character: char) -> Option<u8> {
    match character {
        '0'..='9' => u8::try_from(character).ok(),
        '０'..='９' => u8::try_from(u32::from(character) - u32::from('０')).ok().map(|value| b'0' + value),
        _ => None,
    }
}

/// The year within the Japanese era of that day, 1 to 64.
fn year_of_era(date: CardDate) -> Option<u16> {
    let day = (date.year(), date.month(), date.day());
    ERA_STARTS.iter().find(|start| day >= **start).map(|(first_year, ..)| date.year() - first_year + 1)
}

fn write_number(digits: &mut [u8], mut number: u16) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl fmt::Debug for SurfaceCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SurfaceCode(14 digits)")
    }
}

impl fmt::Debug for CardFace<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardFace")
    }
}

impl fmt::Display for SurfaceCodeRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotFourteenDigits => "照合番号Bは14桁の数字です。 / The number from the card face has 14 digits.",
            Self::NoSuchDay => {
                "生年月日の月か日が正しくありません。カードの表を見て入れ直してください。 / \
                 Month or day of birth cannot be right. Look at the card face and type it again."
            }
            Self::BeforeTheEras => {
                "生年月日が正しくありません。西暦の年を確かめてください。 / \
                 The birth date cannot be right. Check the Gregorian year."
            }
            Self::ExpiryYear => {
                "カードの有効期限の年は西暦4桁です。 / The year in which the card expires has four digits."
            }
            Self::SecurityCode => "セキュリティコードは4桁の数字です。 / The security code has four digits.",
        })
    }
}

impl std::error::Error for SurfaceCodeRefused {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn born(year: u16, month: u8, day: u8) -> Result<Vec<u8>, SurfaceCodeRefused> {
        let birth_date = CardDate::new(year, month, day).unwrap();
        SurfaceCode::from_card_face(CardFace { birth_date, expiry_year: 2030, security_code: "1234" })
            .map(|code| code.ascii().to_vec())
    }

    #[test]
    fn the_year_of_birth_is_the_year_of_its_era() {
        for ((year, month, day), expected) in [
            ((2020, 1, 31), "02013120301234"),
            ((2019, 5, 1), "01050120301234"),
            ((2019, 4, 30), "31043020301234"),
            ((1989, 1, 8), "01010820301234"),
            ((1989, 1, 7), "64010720301234"),
            ((1980, 4, 1), "55040120301234"),
            ((1926, 12, 25), "01122520301234"),
            ((1926, 12, 24), "15122420301234"),
            ((1912, 7, 30), "01073020301234"),
            ((1912, 7, 29), "45072920301234"),
            ((1868, 1, 25), "01012520301234"),
        ] {
            assert_eq!(born(year, month, day), Ok(expected.as_bytes().to_vec()), "{year}-{month}-{day}");
        }
        assert_eq!(born(1868, 1, 24), Err(SurfaceCodeRefused::BeforeTheEras));
    }

    #[test]
    fn digits_may_be_typed_in_full_width() {
        let typed = SurfaceCode::parse("０２０１３１　2030 1234").unwrap();
        assert_eq!(typed.ascii(), b"02013120301234");
    }

    #[test]
    fn nothing_but_fourteen_plausible_digits_passes() {
        use SurfaceCodeRefused as Refused;
        for (typed, refused) in [
            ("", Refused::NotFourteenDigits),
            ("1234", Refused::NotFourteenDigits),
            ("123456789018", Refused::NotFourteenDigits),
            ("020131203012345", Refused::NotFourteenDigits),
            ("0201312030123x", Refused::NotFourteenDigits),
            ("02133120301234", Refused::NoSuchDay),
            ("02013220301234", Refused::NoSuchDay),
        ] {
            assert_eq!(SurfaceCode::parse(typed).map(|_| ()), Err(refused), "{typed}");
        }
        assert!(SurfaceCode::parse("55000020301234").is_ok(), "a birth with an unknown day");
        let face = |expiry_year, security_code| {
            let birth_date = CardDate::new(1980, 4, 1).unwrap();
            SurfaceCode::from_card_face(CardFace { birth_date, expiry_year, security_code }).map(|_| ())
        };
        assert_eq!(face(30, "1234"), Err(Refused::ExpiryYear));
        assert_eq!(face(2030, "123"), Err(Refused::SecurityCode));
        assert_eq!(face(2030, "12345"), Err(Refused::SecurityCode));
        assert_eq!(face(2030, "12a4"), Err(Refused::SecurityCode));
    }

    #[test]
    fn neither_the_digits_nor_a_refusal_can_be_printed() {
        let code = SurfaceCode::parse("02013120301234").unwrap();
        assert_eq!(format!("{code:?}"), "SurfaceCode(14 digits)");
        let refused = SurfaceCode::parse("123456789018").unwrap_err();
        assert!(!refused.to_string().contains("123456789018") && refused.to_string().contains(" / "));
    }
}
