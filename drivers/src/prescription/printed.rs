//! Text as it stands on the paper, and its form for comparison.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// One item as printed: never empty, never with a control character, hidden in `Debug`.
///
/// It is text of unknown intent (a remark may hold markup or a formula): whoever shows it escapes it, whoever exports
/// it quotes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed(String);

impl Printed {
    /// The item without the blanks around it, or `None` when nothing is left. Control characters turn into their
    /// visible pictures (`␛`), so that none reaches a screen or a printer.
    pub(super) fn take(item: &str) -> Option<Self> {
        let visible: String = item.trim().chars().map(visible).collect();
        (!visible.is_empty()).then_some(Self(visible))
    }

    /// The text exactly as it stands on the paper.
    pub fn as_printed(&self) -> &str {
        &self.0
    }

    /// For comparing and searching: full and half width made one, marks of half-width kana joined to their letter
    /// (`ｼﾞ` → `ジ`), the two wave dashes and the two minus signs of code page 932 made one (NFKC; §1.4, §1.9).
    pub fn folded(&self) -> String {
        self.0.chars().map(one_of_twins).nfkc().collect()
    }

    /// [`folded`](Self::folded) for numbers and symbols: every dash, the long-vowel mark included, is a hyphen.
    pub fn folded_number(&self) -> String {
        self.folded().chars().map(|letter| if is_dash(letter) { '-' } else { letter }).collect()
    }

    /// Whether both read as the same name: blanks ignored, small kana enlarged (`ﾁﾖｳ` is written for チョウ), and a
    /// replacement sign stands for any one character.
    pub fn reads_like(&self, other: &Self) -> bool {
        let (ours, theirs) = (letters_of_name(self), letters_of_name(other));
        ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(a, b)| a == b || is_replacement(*a) || is_replacement(*b))
    }

    /// Whether a character of the name could not be written in the code: shown, never copied into a record (§1.9).
    pub fn has_replacement(&self) -> bool {
        self.0.chars().any(is_replacement)
    }
}

impl fmt::Debug for Printed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Printed({} characters)", self.0.chars().count())
    }
}

fn visible(letter: char) -> char {
    match u32::from(letter) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ if letter.is_control() => '\u{fffd}',
        _ => letter,
    }
}

/// Decoders disagree about `81 60` and `81 7C`; both readings become one before normalisation.
fn one_of_twins(letter: char) -> char {
    match letter {
        '\u{301c}' => '\u{ff5e}',
        '\u{2212}' => '\u{ff0d}',
        _ => letter,
    }
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{2500}')
}

/// The convention's own sign, the answer's, and the private area in which code page 932 keeps its gaiji.
fn is_replacement(letter: char) -> bool {
    matches!(letter, '■' | '●' | '\u{e000}'..='\u{f8ff}')
}

fn letters_of_name(name: &Printed) -> Vec<char> {
    name.folded().chars().filter(|letter| !letter.is_whitespace()).map(enlarged).collect()
}

fn enlarged(kana: char) -> char {
    const SMALL: &str = "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ";
    const LARGE: &str = "アイウエオツヤユヨワカケあいうえおつやゆよわ";
    let place = SMALL.chars().position(|small| small == kana);
    place.and_then(|place| LARGE.chars().nth(place)).unwrap_or(kana)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Printed {
        Printed::take(text).expect("not empty")
    }

    #[test]
    fn half_width_kana_with_marks_fold_into_one_character() {
        assert_eq!(printed("ｶﾞﾊﾟｳﾞ").folded(), "ガパヴ");
        assert_eq!(printed("ﾅﾏｴ ﾓﾐｼﾞ").folded(), "ナマエ モミジ");
    }

    #[test]
    fn wave_dashes_and_minus_signs_of_both_decoders_are_the_same() {
        assert_eq!(printed("１～２").folded(), printed("１\u{301c}２").folded());
        assert_eq!(printed("１－２").folded_number(), "1-2");
        assert_eq!(printed("１\u{2212}２").folded_number(), "1-2");
        assert_eq!(printed("１ー２").folded_number(), "1-2");
        assert_eq!(printed("ﾐｰﾅ").folded(), "ミーナ", "the long-vowel mark of a name stays");
    }

    #[test]
    fn small_kana_written_large_and_blanks_do_not_make_another_person() {
        assert!(printed("ﾁﾖｳ ﾊﾂﾄﾘ").reads_like(&printed("チョウ　ハットリ")));
        assert!(printed("架空花代").reads_like(&printed("架空　花代")));
        assert!(!printed("架空 花代").reads_like(&printed("架空 花江")));
        assert!(!printed("架空").reads_like(&printed("架空花")));
    }

    #[test]
    fn a_replacement_sign_stands_for_one_character() {
        assert!(printed("■田").reads_like(&printed("髙田")) && printed("●田").reads_like(&printed("■田")));
        assert!(!printed("■田").reads_like(&printed("田")));
        assert!(printed("■田").has_replacement() && !printed("髙田").has_replacement());
    }

    #[test]
    fn control_characters_become_visible_and_blanks_are_nothing() {
        assert_eq!(printed("a\u{1b}[2J\u{7f}\u{85}b").as_printed(), "a␛[2J␡\u{fffd}b");
        assert_eq!(Printed::take(" \u{3000} "), None);
    }
}
