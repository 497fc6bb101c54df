//! One family name, as the card, the patient and the insurer have it.

use super::super::names;
use super::super::spec::Spelling;
use crate::simulator::dice::Dice;
use crate::simulator::fold::large_kana;
use crate::simulator::person::CardFace;

/// A family name as the card writes it, as it is read, and as an insurer may write it.
#[derive(Clone)]
pub(super) struct Surname {
    pub(super) card: String,
    pub(super) reading: String,
    pub(super) ordinary: String,
}

pub(super) fn surname(dice: &mut Dice, spelling: Spelling) -> Surname {
    let make = |card: &str, reading: &str, ordinary: &str| Surname {
        card: card.to_owned(),
        reading: reading.to_owned(),
        ordinary: ordinary.to_owned(),
    };
    match spelling {
        Spelling::Plain | Spelling::LargeKana => {
            let (card, reading) = names::surname(dice.below(names::SURNAMES) as usize);
            make(&card, &reading, &card)
        }
        Spelling::ThirdLevel => make(names::THIRD_LEVEL.0, names::THIRD_LEVEL.1, names::THIRD_LEVEL.0),
        Spelling::KuromaruRare => make(names::UNMAPPABLE.0, names::UNMAPPABLE.1, names::UNMAPPABLE.2),
        Spelling::Kuromaru | Spelling::Intact | Spelling::Replaced => {
            let (card, reading, ordinary) = *dice.pick(&names::VARIANTS);
            make(card, reading, ordinary)
        }
    }
}

/// Name and full-width reading as the insurer registered them.
pub(super) fn registered_spelling(spelling: Spelling, face: &CardFace, surname: &Surname) -> (String, String) {
    let given = face.name.split('　').nth(1).unwrap_or_default();
    let family: String = match spelling {
        Spelling::Plain | Spelling::LargeKana | Spelling::Intact | Spelling::ThirdLevel => {
            return (
                face.name.clone(),
                if spelling == Spelling::LargeKana { large_kana(&face.reading) } else { face.reading.clone() },
            );
        }
        // A second eligibility is made without the household: the card's spelling decides there.
        _ if surname.card.is_empty() => return (mask(&face.name), face.reading.clone()),
        Spelling::Replaced => surname.ordinary.clone(),
        Spelling::Kuromaru | Spelling::KuromaruRare => mask(&surname.card),
    };
    (format!("{family}　{given}"), face.reading.clone())
}

/// `●` for every character an intermediate server may fail to carry.
pub(super) fn mask(name: &str) -> String {
    name.chars().map(|c| if "髙﨑邉濵𠮷".contains(c) { '●' } else { c }).collect()
}
