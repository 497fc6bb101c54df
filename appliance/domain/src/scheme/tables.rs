//! Prefectures and public subsidies by number (claims-rules §5.1, §5.3).

/// Prefecture by number 1..=47: Japanese name as in claims-rules §5.1 and romaji.
pub fn prefecture_name(number: u8) -> Option<(&'static str, &'static str)> {
    PREFECTURES.get(usize::from(number).checked_sub(1)?).copied()
}

/// Name of the public subsidy with this 法別番号 (claims-rules §5.3; the table there is partial).
pub fn subsidy_name(code: &str) -> Option<&'static str> {
    if let Ok(at) = SUBSIDIES.binary_search_by_key(&code, |(known, _)| known) {
        return Some(SUBSIDIES[at].1);
    }
    let local = code.len() == 2 && code.starts_with('8') && code.ends_with(|c: char| c.is_ascii_digit());
    local.then_some("地方の公費（市区町村により異なる）")
}

/// Whether a 法別番号 in an insurer's field is really one of a public subsidy (claims-rules §3.4).
pub fn is_subsidy_code(code: &str) -> bool {
    code.len() == 2 && matches!(code.parse::<u8>(), Ok(10..=30 | 38 | 51..=54 | 66 | 79 | 80..=89))
}

const PREFECTURES: [(&str, &str); 47] = [
    ("北海道", "Hokkaido"),
    ("青森", "Aomori"),
    ("岩手", "Iwate"),
    ("宮城", "Miyagi"),
    ("秋田", "Akita"),
    ("山形", "Yamagata"),
    ("福島", "Fukushima"),
    ("茨城", "Ibaraki"),
    ("栃木", "Tochigi"),
    ("群馬", "Gunma"),
    ("埼玉", "Saitama"),
    ("千葉", "Chiba"),
    ("東京", "Tokyo"),
    ("神奈川", "Kanagawa"),
    ("新潟", "Niigata"),
    ("富山", "Toyama"),
    ("石川", "Ishikawa"),
    ("福井", "Fukui"),
    ("山梨", "Yamanashi"),
    ("長野", "Nagano"),
    ("岐阜", "Gifu"),
    ("静岡", "Shizuoka"),
    ("愛知", "Aichi"),
    ("三重", "Mie"),
    ("滋賀", "Shiga"),
    ("京都", "Kyoto"),
    ("大阪", "Osaka"),
    ("兵庫", "Hyogo"),
    ("奈良", "Nara"),
    ("和歌山", "Wakayama"),
    ("鳥取", "Tottori"),
    ("島根", "Shimane"),
    ("岡山", "Okayama"),
    ("広島", "Hiroshima"),
    ("山口", "Yamaguchi"),
    ("徳島", "Tokushima"),
    ("香川", "Kagawa"),
    ("愛媛", "Ehime"),
    ("高知", "Kochi"),
    ("福岡", "Fukuoka"),
    ("佐賀", "Saga"),
    ("長崎", "Nagasaki"),
    ("熊本", "Kumamoto"),
    ("大分", "Oita"),
    ("宮崎", "Miyazaki"),
    ("鹿児島", "Kagoshima"),
    ("沖縄", "Okinawa"),
];

/// Sorted by code.
const SUBSIDIES: [(&str, &str); 26] = [
    ("10", "結核（一般）"),
    ("11", "結核（入院）"),
    ("12", "生活保護（医療扶助）"),
    ("13", "戦傷病者（療養）"),
    ("14", "戦傷病者（更生）"),
    ("15", "更生医療"),
    ("16", "育成医療"),
    ("17", "療育医療"),
    ("18", "原爆（認定）"),
    ("19", "原爆（一般）"),
    ("20", "精神（措置入院）"),
    ("21", "精神通院"),
    ("22", "麻薬（措置入院）"),
    ("23", "養育医療"),
    ("24", "療養介護医療"),
    ("25", "中国残留邦人等"),
    ("28", "感染症（一類・二類等）"),
    ("29", "新感染症"),
    ("30", "心神喪失者等医療"),
    ("38", "肝炎治療"),
    ("51", "特定疾患等"),
    ("52", "小児慢性特定疾病"),
    ("53", "児童福祉施設措置"),
    ("54", "指定難病"),
    ("66", "石綿健康被害"),
    ("79", "障害児施設医療"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefectures_are_one_to_forty_seven() {
        let names = [(1, "北海道", "Hokkaido"), (13, "東京", "Tokyo"), (27, "大阪", "Osaka"), (47, "沖縄", "Okinawa")];
        for (number, ja, romaji) in names {
            assert_eq!(prefecture_name(number), Some((ja, romaji)));
        }
        assert_eq!((0..=255).filter(|number| prefecture_name(*number).is_some()).count(), 47);
        assert_eq!((prefecture_name(0), prefecture_name(48)), (None, None));
    }

    #[test]
    fn subsidies_have_names_as_far_as_the_table_goes() {
        assert!(SUBSIDIES.is_sorted_by_key(|(code, _)| *code));
        assert!(SUBSIDIES.iter().all(|(code, name)| subsidy_name(code) == Some(name) && is_subsidy_code(code)));
        assert_eq!(subsidy_name("54"), Some("指定難病"));
        assert_eq!(subsidy_name("12"), Some("生活保護（医療扶助）"));
        assert!((80..90).all(|code| subsidy_name(&code.to_string()).is_some()));
        for code in ["01", "26", "8", "8x", "812", "", "90"] {
            assert_eq!(subsidy_name(code), None, "{code}");
        }
    }
}
