//! Invented insurers: real structure, valid check digits, numbers from the 900s so that no real insurer is meant.

use crate::simulator::numbers::{PREFECTURES, with_check_digit};
use crate::simulator::person::Scheme;

/// One invented insurer.
pub(crate) struct Insurer {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) scheme: Scheme,
    /// Place in the table, used in symbols.
    pub(crate) place: usize,
}

/// All insurers: one 協会けんぽ branch, one 国保 and one 後期 per prefecture, a few of every other scheme.
pub(crate) fn table() -> Vec<Insurer> {
    let mut insurers = Vec::new();
    for prefecture in 1..=PREFECTURES.len() {
        for scheme in [Scheme::Coded("01"), Scheme::Kokuho, Scheme::LATE_ELDERLY, Scheme::MEDICAL_AID] {
            push(&mut insurers, scheme, prefecture, 901);
        }
    }
    for scheme in Scheme::ALL {
        let own_prefectures: &[usize] = match scheme {
            Scheme::Coded("01" | "39" | "12") | Scheme::Kokuho => &[],
            _ => &[13, 27, 1, 40],
        };
        for (place, prefecture) in own_prefectures.iter().enumerate() {
            push(&mut insurers, scheme, *prefecture, 911 + place);
        }
    }
    insurers
}

fn push(insurers: &mut Vec<Insurer>, scheme: Scheme, prefecture: usize, serial: usize) {
    let body = match scheme {
        Scheme::Coded(code) => format!("{code}{prefecture:02}{serial:03}"),
        Scheme::Kokuho => format!("{prefecture:02}{serial:03}"),
        // 国保組合 carry a 3 in the third place (`claims-rules §3.1`).
        Scheme::KokuhoSociety => format!("{prefecture:02}3{:02}", serial % 100),
    };
    let place = insurers.len();
    insurers.push(Insurer { number: with_check_digit(&body), name: name(scheme, prefecture, serial), scheme, place });
}

fn name(scheme: Scheme, prefecture: usize, serial: usize) -> String {
    let area = PREFECTURES[prefecture - 1];
    let letter = ["甲", "乙", "丙", "丁"][serial % 4];
    match scheme {
        Scheme::Coded("01") => format!("架空健康保険協会{area}支部"),
        Scheme::Coded("02") => format!("架空船員保険{letter}支部"),
        Scheme::Coded("03" | "04") => format!("架空日雇健康保険{letter}支部"),
        Scheme::Coded("06") => format!("架空製作所{letter}健康保険組合"),
        Scheme::Coded("07") => format!("見本駐屯地{letter}診療証係"),
        Scheme::Coded("31") => format!("見本省{letter}共済組合"),
        Scheme::Coded("32") => format!("見本市町村{letter}共済組合"),
        Scheme::Coded("33") => format!("見本警察{letter}共済組合"),
        Scheme::Coded("34") => format!("見本学校{letter}共済組合"),
        Scheme::LATE_ELDERLY => format!("見本{area}後期高齢者医療広域連合"),
        Scheme::MEDICAL_AID => format!("見本{area}福祉事務所"),
        Scheme::Coded("67") => format!("見本{area}国民健康保険（退職）"),
        Scheme::Coded(_) => format!("架空特例退職{letter}健康保険組合"),
        Scheme::Kokuho => format!("見本{area}架空市国民健康保険"),
        Scheme::KokuhoSociety => format!("見本{letter}職業国民健康保険組合"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::numbers::passes;
    use std::collections::HashSet;

    #[test]
    fn every_number_passes_is_unique_and_lies_in_a_prefecture() {
        let table = table();
        let numbers: HashSet<&str> = table.iter().map(|insurer| insurer.number.as_str()).collect();
        assert_eq!(numbers.len(), table.len());
        for insurer in &table {
            assert!(passes(&insurer.number), "{}", insurer.number);
            let short = matches!(insurer.scheme, Scheme::Kokuho | Scheme::KokuhoSociety);
            assert_eq!(insurer.number.len(), if short { 6 } else { 8 });
            let prefecture = &insurer.number[insurer.number.len() - 6..][..2];
            assert!((1..=47).contains(&prefecture.parse::<u8>().expect("digits")), "{}", insurer.number);
            assert_eq!(insurer.number.as_bytes()[2] == b'3' && short, insurer.scheme == Scheme::KokuhoSociety);
        }
        for scheme in Scheme::ALL {
            assert!(table.iter().any(|insurer| insurer.scheme == scheme), "{scheme:?}");
        }
    }
}
