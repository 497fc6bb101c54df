//! Common variants of kanji in names (異体字), as far as they come up at the desk.
//!
//! The table is ours and small on purpose: it makes two spellings worth showing to a person side by side; it never
//! makes two people the same. Characters that text tools silently replace are written as escapes.

/// The text with common kanji variants as their ordinary form, marks that choose a shape left out, and Latin letters
/// in lower case. For comparing only.
pub fn fold_variants(text: &str) -> String {
    text.chars().filter(|c| !is_variation_selector(*c)).map(fold_variant).collect()
}

/// The ordinary form of one character.
pub(super) fn fold_variant(c: char) -> char {
    let group = VARIANTS.iter().find(|group| group.chars().skip(1).any(|variant| variant == c));
    group.and_then(|group| group.chars().next()).unwrap_or_else(|| c.to_ascii_lowercase())
}

/// A mark without width that chooses the shape of the kanji before it.
pub(super) const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Each group begins with the ordinary form.
const VARIANTS: &[&str] = &[
    "高髙",
    "崎﨑嵜",
    "徳德",
    "辺邊邉",
    "斎齋齊斉",
    "浜濱濵",
    "沢澤",
    "広廣",
    "吉𠮷",
    "桜櫻",
    "国國",
    "島嶋嶌",
    "瀬瀨",
    "真眞",
    "滝瀧",
    "竜龍",
    "渕淵渊",
    "関關",
    "浅淺",
    "恵惠",
    "栄榮",
    "円圓",
    "応應",
    "奥奧",
    "塩鹽",
    "顕顯",
    "黒黑",
    "将將",
    "条條",
    "曽曾",
    "増增",
    "蔵藏",
    "万萬",
    "与與",
    "弥彌",
    "礼禮\u{FA18}",
    "静靜",
    "鉄鐵",
    "会會",
    "寿壽",
    "実實",
    "宝寶",
    "寛寬",
    "峰峯",
    "穂穗",
    "総總",
    "豊豐",
    "村邨",
    "槙槇",
    "遥遙",
    "凛凜",
    "尭堯",
    "巌巖",
    "晋晉",
    "桧檜",
    "薫薰",
    "薮藪",
    "芦蘆",
    "橋𣘺",
    "戸戶户",
    "青靑",
    "富冨",
    "館舘\u{FA2C}",
    "頼賴",
    "清淸",
    "歩步",
    "毎每",
    "教敎",
    "内內",
    "呉吳",
    "即卽",
    "亀龜",
    "来來",
    "児兒",
    "剣劍劒",
    "勲勳",
    "単單",
    "囲圍",
    "団團",
    "壮壯",
    "学學",
    "彦彥",
    "恒恆",
    "収收",
    "数數",
    "昼晝",
    "楽樂",
    "様樣",
    "横橫",
    "気氣",
    "渋澁",
    "済濟",
    "為爲",
    "独獨",
    "画畫",
    "当當",
    "秘祕",
    "禅禪",
    "稲稻",
    "縄繩",
    "縁緣",
    "県縣",
    "声聲",
    "芸藝",
    "薬藥",
    "誉譽",
    "譲讓",
    "郎郞",
    "郷鄕",
    "釈釋",
    "鎮鎭",
    "鉱鑛",
    "霊靈",
    "鶏鷄",
    "麦麥",
    "黄黃",
    "糸絲",
    "荘莊",
    "緑綠",
    "録錄",
    "銭錢",
    "予豫",
    "駅驛",
    "駆驅",
    "鴎鷗",
    "桑桒",
    "土圡",
    "熊熋",
    "塚\u{FA10}",
    "晴\u{FA12}",
    "神\u{FA19}",
    "祥\u{FA1A}",
    "福\u{FA1B}",
    "靖\u{FA1C}",
    "精\u{FA1D}",
    "羽\u{FA1E}",
    "諸\u{FA22}",
    "都\u{FA26}",
    "飯\u{FA2A}",
    "鶴\u{FA2D}",
    "隆\u{F9DC}",
    "朗\u{F929}",
    "海\u{FA45}",
    "祐\u{FA4F}",
    "祖\u{FA50}",
    "祝\u{FA51}",
    "社\u{FA4C}",
    "祉\u{FA4D}",
    "漢\u{FA47}",
    "渚\u{FA46}",
    "琢\u{FA4A}",
    "禎\u{FA53}",
    "穀\u{FA54}",
    "節\u{FA56}",
    "練\u{FA57}",
    "繁\u{FA59}",
    "者\u{FA5B}",
    "著\u{FA5F}",
    "視\u{FA61}",
    "謹\u{FA63}",
    "賓\u{FA64}",
    "逸\u{FA25}\u{FA67}",
    "難\u{FA68}",
    "響\u{FA69}",
    "頻\u{FA6A}",
    "僧\u{FA31}",
    "免\u{FA32}",
    "勉\u{FA33}",
    "勤\u{FA34}",
    "器\u{FA38}",
    "層\u{FA3B}",
    "敏\u{FA41}",
    "梅\u{FA44}",
    "猪\u{FA16}",
    "益\u{FA17}",
    "類\u{F9D0}",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_character_stands_in_two_groups() {
        let mut seen = BTreeSet::new();
        for c in VARIANTS.iter().flat_map(|group| group.chars()) {
            assert!(seen.insert(c), "{c} stands twice");
        }
        assert!(VARIANTS.iter().all(|group| group.chars().count() > 1));
    }

    #[test]
    fn the_variants_of_the_sheets_fold_to_the_ordinary_form() {
        let names = [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("德田", "徳田"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("齋藤", "斎藤"),
            ("齊藤", "斎藤"),
            ("斉藤", "斎藤"),
            ("濵田", "浜田"),
            ("濱田", "浜田"),
            ("小澤", "小沢"),
            ("廣瀨", "広瀬"),
            ("𠮷田", "吉田"),
            ("\u{FA19}戶", "神戸"),
            ("大\u{FA10}", "大塚"),
            ("\u{FA4F}子", "祐子"),
            ("葛\u{E0100}城", "葛城"),
            ("SMITH", "smith"),
        ];
        for (variant, ordinary) in names {
            assert_eq!(fold_variants(variant), ordinary);
            assert_eq!(fold_variants(ordinary), ordinary);
        }
    }
}
