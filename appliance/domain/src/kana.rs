//! Names and symbols made comparable: width, kana, ● and kanji variants (oqs-interface §5, checkin-rules §7).
//!
//! Everything here makes *keys* for comparing. What was received and what was typed is kept as it came.

mod variants;

pub use variants::fold_variants;

use crate::codes;
use variants::{fold_variant, is_variation_selector};

codes! {
    /// How a received kanji name compares with the one on file.
    pub enum NameMatch {
        /// Character by character the same.
        Same = "same",
        /// The same where it can be read: the rest are `●`, one for one character.
        SameWithUnmappable = "same_with_unmappable",
        /// The same once common variants of kanji (髙/高) are set aside: show both, a person decides.
        Variant = "variant",
        /// Another name.
        Different = "different",
    }
}

/// What stands for one character that the insurers' server cannot carry (黒丸).
const UNMAPPABLE: char = '●';

/// The sound mark that turns カ into ガ, alone.
const VOICED: char = '\u{309B}';
/// The sound mark that turns ハ into パ, alone.
const SEMI_VOICED: char = '\u{309C}';

/// Brings characters to one width: half-width kana to full width with their sound marks joined, full-width ASCII to
/// ASCII, every space to `' '`, every dash to `'-'`. NFKC as far as this field needs it.
pub fn fold_width(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().map(fold_char) {
        match join_mark(folded.chars().next_back(), c) {
            Some(joined) => {
                folded.pop();
                folded.push(joined);
            }
            None => folded.push(c),
        }
    }
    folded
}

/// The search key of a kana name: one width, no white space and no ・, katakana, small kana large (registered kana
/// often is), every dash after kana as ー. Sound marks stay significant.
pub fn kana_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in fold_width(text).chars().filter(|c| !is_blank(*c) && *c != '・') {
        let c = large_kana(katakana(c)).to_ascii_uppercase();
        let after_kana = key.chars().next_back().is_some_and(is_katakana);
        key.push(if c == '-' && after_kana { 'ー' } else { c });
    }
    key
}

/// The key for comparing 記号 and 番号: one width, no white space, every dash (ー too) as `'-'`, upper case.
pub fn symbol_key(text: &str) -> String {
    let folded = fold_width(text);
    let kept = folded.chars().filter(|c| !is_blank(*c));
    kept.map(|c| if c == 'ー' { '-' } else { c }).flat_map(char::to_uppercase).collect()
}

/// Compares a received kanji name with a known one. `●` on either side stands for exactly one character; white space
/// does not count. Two names without any character are not the same name.
pub fn name_match(received: &str, known: &str) -> NameMatch {
    let (received, known) = (name_chars(received), name_chars(known));
    if received.is_empty() || received.len() != known.len() {
        return NameMatch::Different;
    }
    let pairs = received.iter().zip(&known).map(|(a, b)| char_match(*a, *b));
    pairs.fold(NameMatch::Same, |worst, pair| worst.max(pair))
}

/// Whether the text holds a `●`.
pub fn has_unmappable(text: &str) -> bool {
    text.contains(UNMAPPABLE)
}

/// White space of any width, and the marks without width that copied text carries along.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

fn name_chars(name: &str) -> Vec<char> {
    fold_width(name).chars().filter(|c| !is_blank(*c) && !is_variation_selector(*c)).collect()
}

fn char_match(a: char, b: char) -> NameMatch {
    if a == b {
        NameMatch::Same
    } else if a == UNMAPPABLE || b == UNMAPPABLE {
        NameMatch::SameWithUnmappable
    } else if fold_variant(a) == fold_variant(b) {
        NameMatch::Variant
    } else {
        NameMatch::Different
    }
}

fn fold_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{FF61}'..='\u{FF9F}' => HALF_WIDTH[(c as u32 - 0xFF61) as usize],
        '\u{3099}' => VOICED,
        '\u{309A}' => SEMI_VOICED,
        '〜' => '~',
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2500}' | '\u{2501}' => '-',
        '\u{FE58}' | '\u{FE63}' => '-',
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

/// Full-width forms of U+FF61..=U+FF9F.
const HALF_WIDTH: [char; 63] = [
    '。',
    '「',
    '」',
    '、',
    '・',
    'ヲ',
    'ァ',
    'ィ',
    'ゥ',
    'ェ',
    'ォ',
    'ャ',
    'ュ',
    'ョ',
    'ッ',
    'ー',
    'ア',
    'イ',
    'ウ',
    'エ',
    'オ',
    'カ',
    'キ',
    'ク',
    'ケ',
    'コ',
    'サ',
    'シ',
    'ス',
    'セ',
    'ソ',
    'タ',
    'チ',
    'ツ',
    'テ',
    'ト',
    'ナ',
    'ニ',
    'ヌ',
    'ネ',
    'ノ',
    'ハ',
    'ヒ',
    'フ',
    'ヘ',
    'ホ',
    'マ',
    'ミ',
    'ム',
    'メ',
    'モ',
    'ヤ',
    'ユ',
    'ヨ',
    'ラ',
    'リ',
    'ル',
    'レ',
    'ロ',
    'ワ',
    'ン',
    VOICED,
    SEMI_VOICED,
];

/// The kana that a letter and the sound mark behind it make together.
fn join_mark(letter: Option<char>, mark: char) -> Option<char> {
    let letter = letter?;
    let joined = match (mark, letter) {
        (VOICED, 'う') => 'ゔ',
        (VOICED, 'ウ') => 'ヴ',
        (VOICED, 'ワ'..='ヲ') => char::from_u32(letter as u32 + 8)?,
        (VOICED, 'ゝ' | 'ヽ') => char::from_u32(letter as u32 + 1)?,
        (VOICED, _) if VOICEABLE.contains(large_katakana_of(letter)?) => char::from_u32(letter as u32 + 1)?,
        (SEMI_VOICED, _) if "ハヒフヘホ".contains(large_katakana_of(letter)?) => {
            char::from_u32(letter as u32 + 2)?
        }
        _ => return None,
    };
    Some(joined)
}

const VOICEABLE: &str = "カキクケコサシスセソタチツテトハヒフヘホ";

fn large_katakana_of(letter: char) -> Option<char> {
    Some(katakana(letter)).filter(|c| is_katakana(*c))
}

/// Hiragana as katakana; anything else as it is.
fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    }
}

fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ')
}

/// Small katakana as large.
fn large_kana(c: char) -> char {
    const SMALL: &str = "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ";
    const LARGE: &str = "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ";
    SMALL.chars().position(|small| small == c).and_then(|at| LARGE.chars().nth(at)).unwrap_or(c)
}

#[cfg(test)]
mod tests;
