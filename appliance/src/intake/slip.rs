//! The code on a visit's slip: the visit's own id in letters that a scanner reads well, so that every box of the facility can read
//! what another one printed, and nothing has to be kept for it.

use domain::fact::VisitId;
use drivers::prescription::SlipCode;
use uuid::Uuid;

/// The letters of the code, thirty-two of them: five bits each.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of 128 bits.
const LENGTH: usize = 26;
const BITS: u32 = 5;

/// The code of a visit; `None` for an id that is none of ours.
pub fn code_of(visit: &VisitId) -> Option<SlipCode> {
    let id = Uuid::try_parse(visit.as_str()).ok().filter(|id| id.simple().to_string() == visit.as_str())?.as_u128();
    let letter = |place: u32| char::from(LETTERS[(id >> (place * BITS)) as usize % LETTERS.len()]);
    SlipCode::of_reference(&(0..LENGTH as u32).rev().map(letter).collect::<String>()).ok()
}

/// The visit of a code; `None` for a reference of another length or beyond 128 bits.
pub fn visit_of(code: &SlipCode) -> Option<VisitId> {
    let letters = code.reference().bytes();
    if letters.len() != LENGTH {
        return None;
    }
    let id = letters.into_iter().try_fold(0u128, |id, letter| {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        let shifted = id.checked_mul(LETTERS.len() as u128)?;
        Some(shifted | value as u128)
    })?;
    Some(VisitId::new(Uuid::from_u128(id).simple().to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_visit_is_found_again_from_what_is_printed() {
        for id in [0, 1, 31, 32, u128::MAX, 0x0199_3c5e_7a10_7abc_8def_0123_4567_89ab] {
            let visit = VisitId::new(Uuid::from_u128(id).simple().to_string());
            let printed = code_of(&visit).unwrap().to_string();
            assert_eq!(printed.len(), "UKE1-".len() + LENGTH + 2, "{printed}");
            assert_eq!(visit_of(&SlipCode::parse(&printed).unwrap()), Some(visit));
        }
    }

    #[test]
    fn what_is_printed_never_changes() {
        let visit = VisitId::new("01993c5e7a107abc8def0123456789ab");
        assert_eq!(code_of(&visit).unwrap().reference(), "01K4Y5WYGGFAY8VVR14D2PF2DB");
    }

    #[test]
    fn other_ids_and_other_codes_have_nothing() {
        for id in ["", "visit-7", "01993C5E7A107ABC8DEF0123456789AB", "01993c5e-7a10-7abc-8def-0123456789ab"] {
            assert!(code_of(&VisitId::new(id)).is_none(), "{id}");
        }
        for reference in ["7Q3K9ZD2", "ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "80000000000000000000000000"] {
            assert!(visit_of(&SlipCode::of_reference(reference).unwrap()).is_none(), "{reference}");
        }
    }
}
