//! Readings above characters: words are written `{保険|ほけん}` and shown as `<ruby>`.

use std::fmt::Write;

/// The words as HTML. Everything else in them is text, whatever it looks like.
pub fn html(words: &str) -> String {
    let mut shown = String::with_capacity(words.len() * 2);
    for piece in pieces(words) {
        match piece {
            Piece::Plain(text) => escape(&mut shown, text),
            Piece::Read { text, reading } => {
                shown.push_str("<ruby>");
                escape(&mut shown, text);
                shown.push_str("<rp>(</rp><rt>");
                escape(&mut shown, reading);
                shown.push_str("</rt><rp>)</rp></ruby>");
            }
        }
    }
    shown
}

/// The words without their readings, for labels that cannot hold any and for what is signed.
pub fn plain(words: &str) -> String {
    let text = |piece| match piece {
        Piece::Plain(text) | Piece::Read { text, .. } => text,
    };
    pieces(words).into_iter().map(text).collect()
}

/// Whether every reading has its characters, and every brace its other half.
#[cfg(test)]
pub fn is_balanced(words: &str) -> bool {
    let fine = |piece: &Piece<'_>| match piece {
        Piece::Plain(text) => !text.contains(['{', '|', '}']),
        Piece::Read { text, reading } => {
            let is_kana = |c: char| ('\u{3041}'..='\u{309f}').contains(&c) || c == 'ー';
            !text.is_empty() && !reading.is_empty() && reading.chars().all(is_kana)
        }
    };
    pieces(words).iter().all(fine)
}

enum Piece<'a> {
    Plain(&'a str),
    Read { text: &'a str, reading: &'a str },
}

fn pieces(words: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, behind)) = after.split_once('}') else { break };
        let Some((text, reading)) = inside.split_once('|') else { break };
        found.extend((!before.is_empty()).then_some(Piece::Plain(before)));
        found.push(Piece::Read { text, reading });
        rest = behind;
    }
    found.extend((!rest.is_empty()).then_some(Piece::Plain(rest)));
    found
}

fn escape(shown: &mut String, text: &str) {
    for character in text.chars() {
        // writing into a text cannot fail
        let _ = match character {
            '&' | '<' | '>' | '"' | '\'' => write!(shown, "&#{};", u32::from(character)),
            other => write!(shown, "{other}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_stand_above_their_characters() {
        let words = "{保険|ほけん}の<b>";
        assert_eq!(html(words), "<ruby>保険<rp>(</rp><rt>ほけん</rt><rp>)</rp></ruby>の&#60;b&#62;");
        assert_eq!(plain(words), "保険の<b>");
        assert!(is_balanced(words) && is_balanced("Plain words."));
        for wrong in ["{保険|ほけん", "保険}", "{保険}", "{|ほけん}", "{保険|}", "{保険|保険}"] {
            assert!(!is_balanced(wrong), "{wrong}");
        }
    }
}
