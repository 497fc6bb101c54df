//! Why a received file could not be read, and where: typed, located, and without a byte of its content.

use super::staff_text::StaffText;
use std::fmt;

/// A received file that cannot be used. The file itself is kept; nothing was guessed or repaired (oqs-interface §1.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong.
    pub kind: UnreadableKind,
    /// Where.
    pub at: Place,
}

/// What is wrong with a received file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnreadableKind {
    /// No bytes at all.
    Empty,
    /// More than [`super::xml::MAX_BYTES`].
    TooLarge,
    /// A ZIP archive: the terminal is set to encrypt or pack its results (oqs-interface §1.1).
    ZippedOrEncrypted,
    /// A kind of file this box never asks for.
    UnexpectedFile,
    /// An encoding other than UTF-8 and Shift_JIS is declared.
    UnsupportedEncoding,
    /// The bytes are not in the declared encoding.
    EncodingMismatch,
    /// A document type definition; always refused.
    DtdRefused,
    /// A named entity beyond the five of XML; always refused.
    EntityRefused,
    /// A character that XML does not allow.
    ForbiddenCharacter,
    /// Not well-formed XML or JSON, for instance cut off.
    NotWellFormed,
    /// Deeper nesting than [`super::element::MAX_DEPTH`].
    TooDeep,
    /// More elements than [`super::element::MAX_ELEMENTS`].
    TooManyElements,
    /// An element that must be unique stands there twice.
    Duplicate,
    /// Well-formed, but not a message of the terminal.
    NotThisMessage,
    /// A JSON value that has no place in a message (a fraction, a truth value).
    UnexpectedValue,
}

/// Where in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// Offset in bytes from the beginning of the file as received.
    Byte(usize),
    /// Position in the decoded text, both counted from 1, columns in characters.
    Line {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
    /// Path of the element, for instance `XmlMsg/MessageBody/ResultList`. Names that are not plain ASCII show as `?`.
    Element(String),
}

impl Unreadable {
    /// The file as a whole is of no use.
    pub fn whole(kind: UnreadableKind) -> Unreadable {
        Unreadable { kind, at: Place::Whole }
    }

    /// Something is wrong at this byte.
    pub fn at_byte(kind: UnreadableKind, offset: usize) -> Unreadable {
        Unreadable { kind, at: Place::Byte(offset) }
    }

    /// Something is wrong at this byte offset of the decoded text.
    pub fn at_text(kind: UnreadableKind, text: &str, offset: usize) -> Unreadable {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Unreadable { kind, at: Place::Line { line, column } }
    }

    /// Something is wrong with the element at the end of this path.
    pub fn at_element<'a>(kind: UnreadableKind, path: impl IntoIterator<Item = &'a str>) -> Unreadable {
        let shown: Vec<&str> = path.into_iter().map(presentable).collect();
        Unreadable { kind, at: Place::Element(shown.join("/")) }
    }

    /// What staff read: what happened, what is safe, what to do now.
    pub fn staff(&self) -> StaffText {
        let (ja, en) = self.kind.staff();
        StaffText::new(ja, en)
    }
}

/// An element name is shown only when it cannot be anything but a tag name.
fn presentable(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '[' | ']' | '_');
    let is_tag = name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain);
    if is_tag { name } else { "?" }
}

impl UnreadableKind {
    fn staff(self) -> (&'static str, &'static str) {
        match self {
            UnreadableKind::Empty => (
                "端末から空のファイルが届きました。受付は続けられます。もう一度照会するか、端末の状態を確認してください。",
                "The terminal delivered an empty file. Reception can go on. Ask again, or check the terminal.",
            ),
            UnreadableKind::TooLarge => (
                "端末から届いたファイルが大きすぎるため読み込みませんでした。原本は残してあります。保守担当者に連絡してください。",
                "The file from the terminal is too large and was not read. The original is kept. Call maintenance.",
            ),
            UnreadableKind::ZippedOrEncrypted => (
                "結果が圧縮または暗号化されています（端末側の設定）。連携アプリケーションの暗号化設定を「n」にするよう、保守担当者に依頼してください。",
                "The result is zipped or encrypted (a setting of the terminal). Have maintenance set encryption to `n` \
                 in the connector's configuration.",
            ),
            UnreadableKind::UnexpectedFile => (
                "当院から依頼していない種類のファイルが届きました。原本は残してあり、受付には影響ありません。",
                "A kind of file this box never asks for arrived. The original is kept; reception is not affected.",
            ),
            UnreadableKind::UnsupportedEncoding | UnreadableKind::EncodingMismatch => (
                "結果ファイルの文字コードが宣言と一致しません。文字化けを避けるため使用しません。端末の文字コード設定を確認してください。",
                "The character encoding of the result does not match its declaration. It is not used, so that no name is \
                 garbled. Check the terminal's character code setting.",
            ),
            UnreadableKind::DtdRefused | UnreadableKind::EntityRefused => (
                "結果ファイルに安全でない記述があるため読み込みませんでした。端末や共有フォルダーに不審な点がないか、保守担当者に確認を依頼してください。",
                "The result contains unsafe declarations and was not read. Have maintenance check the terminal and the \
                 shared folder for tampering.",
            ),
            UnreadableKind::Duplicate => (
                "結果ファイルに同じ項目が二重に入っているため使用しません。どちらが正しいか決められません。もう一度照会してください。",
                "The result carries the same item twice and is not used: nobody can tell which is right. Ask again.",
            ),
            UnreadableKind::ForbiddenCharacter
            | UnreadableKind::NotWellFormed
            | UnreadableKind::TooDeep
            | UnreadableKind::TooManyElements
            | UnreadableKind::NotThisMessage
            | UnreadableKind::UnexpectedValue => (
                "結果ファイルが壊れているか、想定外の形式です。原本は残してあります。もう一度照会するか、別の方法で資格を確認してください。",
                "The result is damaged or in an unexpected form. The original is kept. Ask again, or confirm eligibility \
                 another way.",
            ),
        }
    }

    fn technician(self) -> &'static str {
        match self {
            UnreadableKind::Empty => "file is empty",
            UnreadableKind::TooLarge => "file exceeds the size limit",
            UnreadableKind::ZippedOrEncrypted => "file is a ZIP archive (encrypted or packed result)",
            UnreadableKind::UnexpectedFile => "file name or extension of a kind never asked for",
            UnreadableKind::UnsupportedEncoding => "declared encoding is neither UTF-8 nor Shift_JIS",
            UnreadableKind::EncodingMismatch => "bytes are not in the declared encoding",
            UnreadableKind::DtdRefused => "document type definition refused",
            UnreadableKind::EntityRefused => "named entity refused",
            UnreadableKind::ForbiddenCharacter => "character not allowed in XML",
            UnreadableKind::NotWellFormed => "not well-formed",
            UnreadableKind::TooDeep => "nested too deeply",
            UnreadableKind::TooManyElements => "too many elements",
            UnreadableKind::Duplicate => "element must not repeat",
            UnreadableKind::NotThisMessage => "not a message of the terminal",
            UnreadableKind::UnexpectedValue => "JSON value of an unexpected type",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Whole => f.write_str("whole file"),
            Place::Byte(offset) => write!(f, "byte {offset}"),
            Place::Line { line, column } => write!(f, "line {line}, column {column}"),
            Place::Element(path) => write!(f, "element {path}"),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind.technician(), self.at)
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_shows_text_that_is_not_a_tag() {
        let path = ["XmlMsg", "架空太郎", "BulkConfirmUnit[2]"];
        let error = Unreadable::at_element(UnreadableKind::Duplicate, path);
        assert_eq!(error.to_string(), "element must not repeat at element XmlMsg/?/BulkConfirmUnit[2]");
    }

    #[test]
    fn text_positions_are_lines_and_characters() {
        let error = Unreadable::at_text(UnreadableKind::NotWellFormed, "あい\nうえ", "あい\nう".len());
        assert_eq!(error.at, Place::Line { line: 2, column: 2 });
        let inside_a_character = Unreadable::at_text(UnreadableKind::NotWellFormed, "あ", 1);
        assert_eq!(inside_a_character.at, Place::Line { line: 1, column: 1 });
    }
}
