use super::*;

#[test]
fn half_width_becomes_full_width_with_its_marks_joined() {
    let cases = [
        ("ｶﾘﾉ ﾐﾄﾞﾘ", "カリノ ミドリ"),
        ("ｼﾞﾕﾘ", "ジユリ"),
        ("ﾊﾟﾊﾞﾊ", "パバハ"),
        ("ｳﾞｨ", "ヴィ"),
        ("ﾜﾞ", "ヷ"),
        ("ｦﾞ", "ヺ"),
        ("｡｢｣､･ｰ", "。「」、・ー"),
        ("か\u{3099}は\u{309A}", "がぱ"),
        ("カ゛ハ゜", "ガパ"),
        ("ヽ゛", "ヾ"),
        ("ﾞｱﾟ", "゛ア゜"),
        ("ﾝﾞ", "ン゛"),
        ("ガ゛", "ガ゛"),
        ("ＡＢＣ１２３！", "ABC123!"),
        ("架空　太郎", "架空 太郎"),
        ("１－２‐３−４―５", "1-2-3-4-5"),
        ("髙橋", "髙橋"),
    ];
    for (written, folded) in cases {
        assert_eq!(fold_width(written), folded, "{written}");
    }
}

#[test]
fn every_half_width_letter_has_its_own_full_width_form() {
    let folded: Vec<String> = ('\u{FF61}'..='\u{FF9F}').map(|c| fold_width(&c.to_string())).collect();
    let different: std::collections::BTreeSet<&String> = folded.iter().collect();
    assert_eq!(different.len(), 63);
    assert!(folded.iter().flat_map(|text| text.chars()).all(|c| ('\u{3001}'..='\u{30FF}').contains(&c)));
}

#[test]
fn marks_join_exactly_where_the_standard_has_a_letter() {
    let voiced: String = ('ァ'..='ヺ').filter(|c| fold_width(&format!("{c}ﾞ")).chars().count() == 1).collect();
    assert_eq!(voiced, "ウカキクケコサシスセソタチツテトハヒフヘホワヰヱヲ");
    let semi_voiced: String = ('ぁ'..='ヺ').filter(|c| fold_width(&format!("{c}ﾟ")).chars().count() == 1).collect();
    assert_eq!(semi_voiced, "はひふへほハヒフヘホ");
}

#[test]
fn one_person_has_one_kana_key() {
    for written in ["ジュリ", "ｼﾞｭﾘ", "ｼﾞﾕﾘ", "じゅり", "ジユリ", " ジ ュ リ　", "シ゛ュリ", "ジ・ュリ"]
    {
        assert_eq!(kana_key(written), "ジユリ", "{written}");
    }
    for written in ["ローラ", "ﾛｰﾗ", "ろーら", "ﾛ-ﾗ", "ロ－ラ", "ロ―ラ", "ロ−ラ", "ロ─ラ"]
    {
        assert_eq!(kana_key(written), "ローラ", "{written}");
    }
    assert_eq!(kana_key("スズキ　イッサ"), "スズキイツサ");
    assert_eq!(kana_key("マリア・ヶーㇰ"), "マリアケーク");
    assert_eq!(kana_key("smith－jones"), "SMITH-JONES");
    assert_eq!(kana_key("　"), "");
}

#[test]
fn sound_marks_and_long_marks_stay_significant() {
    assert_ne!(kana_key("ハヤシ"), kana_key("バヤシ"));
    assert_ne!(kana_key("バン"), kana_key("パン"));
    assert_ne!(kana_key("オノ"), kana_key("オーノ"));
    assert_ne!(kana_key("カズ"), kana_key("カヅ"));
}

#[test]
fn keys_are_their_own_keys() {
    for text in ["ｶﾘﾉ ﾐﾄﾞﾘ", "じゅり-あん", "ＡＢＣ-１２", "ヽ゛ヾ", "●田　花子", "‐ｰ-", "ﾞﾟ"]
    {
        assert_eq!(fold_width(&fold_width(text)), fold_width(text));
        assert_eq!(kana_key(&kana_key(text)), kana_key(text));
        assert_eq!(symbol_key(&symbol_key(text)), symbol_key(text));
    }
}

#[test]
fn symbols_compare_without_width_dash_or_space() {
    assert_eq!(symbol_key("見本　１２－３４"), symbol_key("見本12-34"));
    assert_eq!(symbol_key("い・ｲｰ12"), symbol_key("い･イ-１２"));
    assert_eq!(symbol_key("ａｂ 1"), "AB1");
    assert_ne!(symbol_key("012"), symbol_key("12"));
}

#[test]
fn a_black_dot_stands_for_exactly_one_character() {
    use NameMatch::{Different, Same, SameWithUnmappable, Variant};
    let cases = [
        ("架空　花子", "架空 花子", Same),
        ("架空花子", "架空　花子", Same),
        ("●橋　一郎", "髙橋　一郎", SameWithUnmappable),
        ("髙橋一郎", "●橋一郎", SameWithUnmappable),
        ("●橋一郎", "●橋一郎", Same),
        ("●●一郎", "髙橋一郎", SameWithUnmappable),
        ("●橋　一郎", "橋　一郎", Different),
        ("●橋　一郎", "大髙橋　一郎", Different),
        ("●橋　二郎", "髙橋　一郎", Different),
        ("高橋一郎", "髙橋一郎", Variant),
        ("●﨑德子", "山崎徳子", Variant),
        ("渡邊", "渡邉", Variant),
        ("山田", "山本", Different),
        ("", "", Different),
        ("　", "架", Different),
        ("葛\u{E0100}城", "葛城", Same),
        ("Smith Anna", "ＳＭＩＴＨ　ＡＮＮＡ", Variant),
    ];
    for (received, known, expected) in cases {
        assert_eq!(name_match(received, known), expected, "{received} / {known}");
        assert_eq!(name_match(known, received), expected, "{known} / {received}");
    }
    assert!(has_unmappable("●橋") && !has_unmappable("高橋"));
}
