//! Character encoding of files: decided per file from its own declaration, decoded strictly, never repaired.
//!
//! Results come in the encoding set for the institution, not in that of the request (oqs-interface §1.7), so nothing
//! about a file may be concluded from what was sent.

use super::unreadable::{Unreadable, UnreadableKind};
use encoding_rs::{DecoderResult, SHIFT_JIS};
use std::borrow::Cow;

/// The two encodings of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-8, with or without byte order mark.
    #[default]
    Utf8,
    /// Shift_JIS, which in practice means code page 932 (Windows-31J).
    ShiftJis,
}

impl Charset {
    /// Name as it stands in an XML declaration.
    pub fn declared_name(self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::ShiftJis => "Shift_JIS",
        }
    }

    /// Value of `CharacterCodeIdentifier` for this encoding (OQSCD005).
    pub fn character_code_identifier(self) -> &'static str {
        match self {
            Charset::Utf8 => super::codes::character_code_identifier::UTF_8,
            Charset::ShiftJis => super::codes::character_code_identifier::SHIFT_JIS,
        }
    }

    fn from_declared(name: &str) -> Option<Charset> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Charset::Utf8),
            "shift_jis" | "shift-jis" | "sjis" | "x-sjis" | "windows-31j" | "cp932" | "ms932" | "ms_kanji" => {
                Some(Charset::ShiftJis)
            }
            _ => None,
        }
    }
}

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];
/// An XML declaration longer than this is not one of the terminal's.
const DECLARATION_LIMIT_BYTES: usize = 256;

/// The text of an XML file and the encoding it came in.
///
/// # Errors
/// The declared encoding is not one of the two, or the bytes contradict it.
pub fn decode_xml(bytes: &[u8]) -> Result<(Charset, Cow<'_, str>), Unreadable> {
    let (body, skipped) = match bytes.strip_prefix(UTF8_BOM) {
        Some(rest) => (rest, UTF8_BOM.len()),
        None => (bytes, 0),
    };
    if skipped == 0 && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])) {
        return Err(Unreadable::at_byte(UnreadableKind::UnsupportedEncoding, 0));
    }
    let charset = declared_charset(body)?;
    if skipped > 0 && charset != Charset::Utf8 {
        return Err(Unreadable::at_byte(UnreadableKind::EncodingMismatch, 0));
    }
    let text = match charset {
        Charset::Utf8 => decode_utf8(body, skipped)?,
        Charset::ShiftJis => decode_shift_jis(body)?,
    };
    Ok((charset, text))
}

/// What the XML declaration says; UTF-8 when it says nothing, as XML defines.
fn declared_charset(bytes: &[u8]) -> Result<Charset, Unreadable> {
    let head = &bytes[..bytes.len().min(DECLARATION_LIMIT_BYTES)];
    if !head.starts_with(b"<?xml") {
        return Ok(Charset::Utf8);
    }
    let declaration = match head.windows(2).position(|pair| pair == b"?>") {
        Some(end) => &head[..end],
        None => return Err(Unreadable::at_byte(UnreadableKind::NotWellFormed, 0)),
    };
    let Ok(declaration) = std::str::from_utf8(declaration) else {
        return Err(Unreadable::at_byte(UnreadableKind::UnsupportedEncoding, 0));
    };
    match pseudo_attribute(declaration, "encoding") {
        None => Ok(Charset::Utf8),
        Some(name) => Charset::from_declared(name).ok_or(Unreadable::at_byte(UnreadableKind::UnsupportedEncoding, 0)),
    }
}

/// The quoted value behind `name =` in an XML declaration.
fn pseudo_attribute<'a>(declaration: &'a str, name: &str) -> Option<&'a str> {
    let after_name = &declaration[declaration.find(name)? + name.len()..];
    let value = after_name.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

fn decode_utf8(body: &[u8], skipped: usize) -> Result<Cow<'_, str>, Unreadable> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(Unreadable::at_byte(UnreadableKind::EncodingMismatch, skipped + error.valid_up_to())),
    }
}

fn decode_shift_jis(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if let Some(offset) = utf8_in_disguise(bytes) {
        return Err(Unreadable::at_byte(UnreadableKind::EncodingMismatch, offset));
    }
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    // Every Shift_JIS unit becomes at most three bytes of UTF-8 per byte read.
    let mut text = String::with_capacity(bytes.len().saturating_mul(3) + 16);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(Cow::Owned(text)),
        (_, read) => Err(Unreadable::at_byte(UnreadableKind::EncodingMismatch, read.saturating_sub(1))),
    }
}

/// Offset of the first non-ASCII byte when the bytes are plainly Japanese text in UTF-8.
///
/// Most UTF-8 Japanese also decodes as Shift_JIS, into nonsense names. Real Shift_JIS is practically never valid UTF-8
/// whose characters are mostly Japanese, so such a file contradicts its declaration.
fn utf8_in_disguise(bytes: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    let first = text.find(|c: char| !c.is_ascii())?;
    let (japanese, others): (Vec<char>, Vec<char>) =
        text.chars().filter(|c| !c.is_ascii()).partition(|c| is_japanese(*c));
    (japanese.len() > others.len()).then_some(first)
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{2010}'..='\u{2BFF}')
}

/// The text in code page 932, or the number (from 0) of the first character it does not have.
///
/// Characters that JIS and Unicode pair differently are first moved to the partner code page 932 knows. Everything is
/// decoded again and compared, because the encoder would otherwise write numeric entities or silently turn `¥` into a
/// backslash.
///
/// # Errors
/// The index of the first character that cannot be carried.
pub fn encode_shift_jis(text: &str) -> Result<Vec<u8>, usize> {
    let mapped: String = text.chars().map(cp932_partner).collect();
    let (bytes, _, replaced) = SHIFT_JIS.encode(&mapped);
    let survives = !replaced
        && SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes).is_some_and(|back| back == mapped);
    if survives {
        return Ok(bytes.into_owned());
    }
    Err(mapped.chars().position(|c| !survives_alone(c)).unwrap_or(0))
}

fn survives_alone(c: char) -> bool {
    let alone = c.to_string();
    let (bytes, _, replaced) = SHIFT_JIS.encode(&alone);
    !replaced && SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes).is_some_and(|back| back == alone)
}

/// The code page 932 spelling of characters that exist in two Unicode forms.
fn cp932_partner(c: char) -> char {
    match c {
        '\u{301C}' => '\u{FF5E}',
        '\u{2014}' => '\u{2015}',
        '\u{2016}' => '\u{2225}',
        '\u{2212}' => '\u{FF0D}',
        '\u{00A2}' => '\u{FFE0}',
        '\u{00A3}' => '\u{FFE1}',
        '\u{00AC}' => '\u{FFE2}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(encoding: &str, content: &[u8]) -> Vec<u8> {
        let mut bytes = format!("<?xml version=\"1.0\" encoding=\"{encoding}\" standalone=\"no\"?>").into_bytes();
        bytes.extend_from_slice(content);
        bytes
    }

    #[test]
    fn the_declaration_decides() {
        let (charset, text) =
            decode_xml(&declared("Shift_JIS", &[0x8D, 0xE8, 0xFB, 0xFC])).map(own).unwrap_or_default();
        assert_eq!((charset, text.ends_with("崎髙")), (Charset::ShiftJis, true));
        let (charset, text) = decode_xml(&declared("UTF-8", "崎髙".as_bytes())).map(own).unwrap_or_default();
        assert_eq!((charset, text.ends_with("崎髙")), (Charset::Utf8, true));
        for name in ["windows-31j", "CP932", "ms932", "x-sjis"] {
            let bytes = declared(name, &[0xB1]);
            assert_eq!(decode_xml(&bytes).map(|(charset, _)| charset), Ok(Charset::ShiftJis), "{name}");
        }
    }

    fn own((charset, text): (Charset, Cow<'_, str>)) -> (Charset, String) {
        (charset, text.into_owned())
    }

    #[test]
    fn a_byte_order_mark_is_tolerated_but_must_agree() {
        let with_bom = |encoding: &str| [UTF8_BOM, &declared(encoding, "あ".as_bytes())].concat();
        assert_eq!(decode_xml(&with_bom("UTF-8")).map(|(charset, _)| charset), Ok(Charset::Utf8));
        let refused = decode_xml(&with_bom("Shift_JIS")).map(own);
        assert_eq!(refused, Err(Unreadable::at_byte(UnreadableKind::EncodingMismatch, 0)));
    }

    #[test]
    fn bytes_that_contradict_the_declaration_are_refused_where_they_do() {
        let head = declared("UTF-8", b"").len();
        let sjis_in_utf8 = declared("UTF-8", &[b'a', 0x8D, 0xE8]);
        assert_eq!(
            decode_xml(&sjis_in_utf8).map(own),
            Err(Unreadable::at_byte(UnreadableKind::EncodingMismatch, head + 1))
        );
        // The first is no valid Shift_JIS either; the second is, and reads 縺ゅ＞.
        for text in ["仮野　みどり", "あい"] {
            let utf8_in_sjis = declared("Shift_JIS", text.as_bytes());
            let refused = decode_xml(&utf8_in_sjis).map(own).map_err(|error| error.kind);
            assert_eq!(refused, Err(UnreadableKind::EncodingMismatch), "{text}");
        }
        let broken_sjis = declared("Shift_JIS", &[0x8D, 0xE8, 0x8D]);
        let refused = decode_xml(&broken_sjis).map(own).map_err(|error| error.kind);
        assert_eq!(refused, Err(UnreadableKind::EncodingMismatch));
    }

    #[test]
    fn other_encodings_are_refused_by_name() {
        for bytes in [declared("EUC-JP", b""), vec![0xFF, 0xFE, b'<', 0], declared("ISO-2022-JP", b"")] {
            let refused = decode_xml(&bytes).map(own).map_err(|error| error.kind);
            assert_eq!(refused, Err(UnreadableKind::UnsupportedEncoding));
        }
    }

    #[test]
    fn half_width_kana_alone_is_not_mistaken_for_utf8() {
        let (bytes, _, _) = SHIFT_JIS.encode("ﾃｱﾃｱ");
        let file = declared("Shift_JIS", &bytes);
        assert_eq!(decode_xml(&file).map(|(_, text)| text.ends_with("ﾃｱﾃｱ")), Ok(true));
    }

    #[test]
    fn code_page_932_characters_go_out_and_others_are_refused_by_position() {
        assert_eq!(
            encode_shift_jis("髙﨑①㈱ﾔﾏﾀﾞ").map(|bytes| SHIFT_JIS.decode(&bytes).0.into_owned()),
            Ok("髙﨑①㈱ﾔﾏﾀﾞ".into())
        );
        assert_eq!(encode_shift_jis("〜—−").map(|bytes| SHIFT_JIS.decode(&bytes).0.into_owned()), Ok("～―－".into()));
        assert_eq!(encode_shift_jis("見𠮷"), Err(1));
        assert_eq!(encode_shift_jis("葛󠄀"), Err(1));
        assert_eq!(encode_shift_jis("12¥"), Err(2));
    }
}
