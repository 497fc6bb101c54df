//! The four attributes of the text application: name, address, birth date, sex (`my-number-card §8.1`).

use std::fmt;

use zeroize::Zeroizing;

use super::date::CardDate;
use super::tlv::{self, Object};

/// What the card says about its holder, in the card's own characters.
#[derive(Debug)]
pub struct Attributes {
    /// Name; family and given name are separated by U+3000, if they are separated.
    pub name: CardText,
    /// Address, with full-width digits in house numbers.
    pub address: CardText,
    /// Birth date, meant to be `YYYYMMDD`, Gregorian, as written.
    pub birth_date: CardText,
    /// Sex as the digit on the card: `1` male, `2` female, `9` not applicable, `0` unknown; others exist in articles.
    pub sex: CardText,
    /// The header's positions of the four fields fit the fields. They are not used; a difference is for the technician.
    pub header_agrees: bool,
}

/// Text from a card. `Debug` shows the length only; it is wiped on drop.
pub struct CardText(Zeroizing<String>);

/// The file does not hold four attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoAttributes;

/// The object around the attributes.
pub(super) const OUTER_TAG: u16 = 0xFF20;
const HEADER: u16 = 0xDF21;
/// Name, address, birth date, sex: the order of the header's positions.
const FIELDS: [u16; 4] = [0xDF22, 0xDF23, 0xDF24, 0xDF25];

impl Attributes {
    /// Takes the file apart. Positions and lengths come from the objects themselves.
    pub(super) fn parse(file: &[u8]) -> Result<Self, NoAttributes> {
        let outer = tlv::outer(file).ok().filter(|outer| outer.tag == OUTER_TAG).ok_or(NoAttributes)?;
        let inner = tlv::inside(outer).collect::<Result<Vec<_>, _>>().map_err(|_| NoAttributes)?;
        let field = |tag| inner.iter().find(|object| object.tag == tag).copied().ok_or(NoAttributes);
        let [name, address, birth_date, sex] = FIELDS.map(field);
        let fields = [name?, address?, birth_date?, sex?];
        let header_agrees = field(HEADER).is_ok_and(|header| positions_fit(header, &fields));
        let [name, address, birth_date, sex] = fields.map(|field| CardText::of(field.value));
        Ok(Self { name, address, birth_date, sex, header_agrees })
    }

    /// The birth date, where it is a day of the calendar. Births with an unknown day are none.
    pub fn birth_day(&self) -> Option<CardDate> {
        CardDate::parse(self.birth_date.as_str().as_bytes())
    }

    /// The single digit of the sex field.
    pub fn sex_digit(&self) -> Option<char> {
        let mut characters = self.sex.as_str().chars();
        characters.next().filter(|digit| digit.is_ascii_digit() && characters.next().is_none())
    }
}

/// Four 16-bit positions from the start of the file. Public sources do not say whether they point at tag or value.
fn positions_fit(header: Object<'_>, fields: &[Object<'_>; 4]) -> bool {
    let positions = header.value.chunks_exact(2).map(|pair| usize::from(u16::from_be_bytes([pair[0], pair[1]])));
    header.value.len() == 8 && positions.zip(fields).all(|(at, field)| at == field.tag_at || at == field.value_at)
}

impl CardText {
    /// UTF-8; bytes that are none become U+FFFD, so that a person can see that a character is missing.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()))
    }

    /// The text, for the form that asked for it. It does not belong into logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Positions (in characters, from 0) where something stands in for a character the card could not write (外字):
    /// a person compares them with the card face. How cards write such characters is unpublished; the usual stand-ins
    /// count, and they stay in the text.
    pub fn unmappable_chars(&self) -> Vec<usize> {
        let places = self.0.chars().enumerate().filter(|(_, character)| stands_in(*character));
        places.map(|(place, _)| place).collect()
    }
}

/// ●, 〓, U+FFFD, the private use areas, and control characters.
fn stands_in(character: char) -> bool {
    matches!(character, '●' | '〓' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..) || character.is_control()
}

impl fmt::Debug for CardText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CardText({} characters)", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::card::testing::{Holder, attributes_file};

    const HOLDER: Holder<'_> =
        Holder { name: "見本　花子", address: "東京都千代田区１－１", birth_date: "19800401", sex: "2" };

    #[test]
    fn the_four_attributes_are_read_in_short_and_in_long_form() {
        for form in 0..=2 {
            let read = Attributes::parse(&attributes_file(&HOLDER, form)).unwrap();
            assert_eq!(read.name.as_str(), HOLDER.name);
            assert_eq!(read.address.as_str(), HOLDER.address);
            assert_eq!(read.birth_day(), CardDate::new(1980, 4, 1));
            assert_eq!(read.sex_digit(), Some('2'));
            assert!(read.header_agrees, "form {form}");
        }
    }

    #[test]
    fn a_lying_header_is_noticed_and_not_followed() {
        let mut file = attributes_file(&HOLDER, 0);
        file[6] = 0x7F;
        let read = Attributes::parse(&file).unwrap();
        assert!(!read.header_agrees);
        assert_eq!(read.name.as_str(), HOLDER.name);
    }

    #[test]
    fn characters_the_card_could_not_write_are_kept_and_marked() {
        let read = Attributes::parse(&attributes_file(&Holder { name: "●橋　〓\u{E000}子", ..HOLDER }, 0)).unwrap();
        assert_eq!(read.name.as_str(), "●橋　〓\u{E000}子");
        assert_eq!(read.name.unmappable_chars(), [0, 3, 4]);
        assert!(read.address.unmappable_chars().is_empty());
        assert_eq!(CardText::of(b"\xE5\xB1\xB1\xFF\xE7\x94\xB0").unmappable_chars(), [1]);
        assert_eq!(CardText::of("𠮷田".as_bytes()).unmappable_chars(), [] as [usize; 0]);
    }

    #[test]
    fn unknown_days_and_odd_digits_stay_as_they_are() {
        let odd = Holder { birth_date: "19800400", sex: "3", ..HOLDER };
        let read = Attributes::parse(&attributes_file(&odd, 0)).unwrap();
        assert_eq!((read.birth_day(), read.birth_date.as_str()), (None, "19800400"));
        assert_eq!(read.sex_digit(), Some('3'));
    }

    #[test]
    fn nothing_of_the_holder_can_be_printed() {
        let shown = format!("{:?}", Attributes::parse(&attributes_file(&HOLDER, 0)).unwrap());
        assert_eq!(
            shown,
            "Attributes { name: CardText(5 characters), address: CardText(10 characters), \
             birth_date: CardText(8 characters), sex: CardText(1 characters), header_agrees: true }"
        );
    }

    #[test]
    fn other_files_are_no_attributes() {
        let mut other = attributes_file(&HOLDER, 0);
        other[1] = 0x10;
        assert!(Attributes::parse(&other).is_err());
        let whole = attributes_file(&HOLDER, 0);
        for end in 0..whole.len() {
            assert!(Attributes::parse(&whole[..end]).is_err(), "cut at {end}");
        }
    }
}
