//! Bytes and characters: UTF-8 and Shift_JIS (code page 932), declared and real.

use encoding_rs::SHIFT_JIS;
use serde::{Deserialize, Serialize};

/// The character code configured for the institution (`oqs-interface §1.7`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimEncoding {
    /// UTF-8, identifier 0.
    #[default]
    Utf8,
    /// Shift_JIS as code page 932, identifier 1.
    ShiftJis,
}

impl SimEncoding {
    /// `CharacterCodeIdentifier` (OQSCD005).
    pub(crate) const fn identifier(self) -> &'static str {
        match self {
            SimEncoding::Utf8 => "0",
            SimEncoding::ShiftJis => "1",
        }
    }

    /// As the XML declaration names it.
    pub(crate) const fn declared(self) -> &'static str {
        match self {
            SimEncoding::Utf8 => "UTF-8",
            SimEncoding::ShiftJis => "Shift_JIS",
        }
    }

    pub(crate) const fn other(self) -> SimEncoding {
        match self {
            SimEncoding::Utf8 => SimEncoding::ShiftJis,
            SimEncoding::ShiftJis => SimEncoding::Utf8,
        }
    }

    /// The text as bytes. A character the code page lacks becomes `●`, as the intermediate server would have it.
    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            SimEncoding::Utf8 => text.as_bytes().to_vec(),
            SimEncoding::ShiftJis => shift_jis(text),
        }
    }
}

fn shift_jis(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = SHIFT_JIS.encode(text);
    if !lossy {
        return bytes.into_owned();
    }
    let replaced: String = text.chars().map(|c| if in_shift_jis(c) { c } else { '●' }).collect();
    SHIFT_JIS.encode(&replaced).0.into_owned()
}

fn in_shift_jis(c: char) -> bool {
    let mut buffer = [0; 4];
    !SHIFT_JIS.encode(c.encode_utf8(&mut buffer)).2
}

/// The text of a request file by its declaration; `None` when the bytes do not hold what they declare.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let head: String = bytes.iter().take(200).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let declares_shift_jis = head.split_once("?>").is_some_and(|(declaration, _)| declaration.contains("shift_jis"));
    if declares_shift_jis {
        let (text, wrong) = SHIFT_JIS.decode_without_bom_handling(bytes);
        (!wrong).then(|| text.into_owned())
    } else {
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_bytes_come_back() {
        let text = "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>髙﨑①㈱ｶﾘﾉ</a>";
        assert_eq!(decode(&SimEncoding::ShiftJis.encode(text)).as_deref(), Some(text));
        let text = text.replace("Shift_JIS", "UTF-8");
        assert_eq!(decode(text.as_bytes()).as_deref(), Some(text.as_str()));
        assert_eq!(decode(&SimEncoding::ShiftJis.encode(&text)), None);
    }

    #[test]
    fn what_the_code_page_lacks_becomes_a_black_circle() {
        assert_eq!(SimEncoding::ShiftJis.encode("𠮷例"), SimEncoding::ShiftJis.encode("●例"));
    }
}
