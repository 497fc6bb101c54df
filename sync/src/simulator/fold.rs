//! Widths and spellings: how the simulated service compares what people write, and how insurers registered it.

use std::collections::HashMap;
use std::sync::LazyLock;

const FULL: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const HALF: &str = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ";
const VOICED_BASE: &str = "カキクケコサシスセソタチツテトハヒフヘホウ";
const PLOSIVE: &str = "パピプペポ";
const PLOSIVE_BASE: &str = "ハヒフヘホ";
const SMALL: &str = "ァィゥェォャュョッ";
const LARGE: &str = "アイウエオヤユヨツ";

fn swap(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().position(|candidate| candidate == c).and_then(|place| to.chars().nth(place))
}

/// Full-width katakana as the wire writes it: half-width, marks apart, half-width space.
pub(crate) fn half_width_kana(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match NARROW.get(&c) {
            Some((base, mark)) => {
                out.push(*base);
                out.extend(mark);
            }
            None => out.push(if c == '　' { ' ' } else { c }),
        }
    }
    out
}

/// Every full-width kana with its half-width form: the base and its mark.
static NARROW: LazyLock<HashMap<char, (char, Option<char>)>> = LazyLock::new(|| {
    let narrow = |c| swap(c, FULL, HALF).unwrap_or(c);
    let plain = FULL.chars().map(|c| (c, (narrow(c), None)));
    let voiced = VOICED.chars().zip(VOICED_BASE.chars()).map(|(c, base)| (c, (narrow(base), Some('ﾞ'))));
    let plosive = PLOSIVE.chars().zip(PLOSIVE_BASE.chars()).map(|(c, base)| (c, (narrow(base), Some('ﾟ'))));
    plain.chain(voiced).chain(plosive).collect()
});

/// Small kana as large ones, the way many insurers registered readings (ジュン → ジユン).
pub(crate) fn large_kana(text: &str) -> String {
    text.chars().map(|c| swap(c, SMALL, LARGE).unwrap_or(c)).collect()
}

/// The key by which symbols and numbers are compared: width, half-width kana and dashes folded, spaces dropped.
/// Leading zeros stay: they are significant here.
pub(crate) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            'ﾞ' | 'ﾟ' => {
                let (bases, marked) = if c == 'ﾞ' { (VOICED_BASE, VOICED) } else { (PLOSIVE_BASE, PLOSIVE) };
                let last = out.pop();
                out.extend(last.map(|base| swap(base, bases, marked).unwrap_or(base)));
            }
            '－' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' | '─' => out.push('-'),
            '！'..='～' => out.extend(char::from_u32(c as u32 - 0xfee0)),
            _ => out.push(swap(c, HALF, FULL).unwrap_or(c)),
        }
    }
    out
}

/// An insurer number by value: left padding with spaces or zeros does not matter.
pub(crate) fn insurer_value(text: &str) -> Option<u32> {
    let digits = key(text);
    let fits = !digits.is_empty() && digits.len() <= 8 && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

/// Left-padded with spaces to the eight characters of the wire.
pub(crate) fn pad_insurer(number: &str) -> String {
    format!("{number:>8}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_take_the_wire_s_form() {
        assert_eq!(half_width_kana("シミ　ジュンイチロウ"), "ｼﾐ ｼﾞｭﾝｲﾁﾛｳ");
        assert_eq!(half_width_kana(&large_kana("シミ　ジュンイチロウ")), "ｼﾐ ｼﾞﾕﾝｲﾁﾛｳ");
        assert_eq!(half_width_kana("カリノ　ピーター"), "ｶﾘﾉ ﾋﾟｰﾀｰ");
    }

    #[test]
    fn keys_ignore_width_dashes_and_spaces() {
        assert_eq!(key("見本１２－３"), key("見本12‐3"));
        assert_eq!(key("ｶﾞ ｰ １"), key("ガー1"));
        assert_ne!(key("0012"), key("12"));
        assert_eq!(insurer_value("  139993"), insurer_value("00139993"));
        assert_eq!(insurer_value("  139993"), Some(139_993));
        assert_eq!(insurer_value("06139990"), Some(6_139_990));
        for wrong in ["", "        ", "1234567890", "06A39990"] {
            assert_eq!(insurer_value(wrong), None, "{wrong}");
        }
    }
}
