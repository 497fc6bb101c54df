//! XML bytes to an element tree and back. Hostile input is the normal case: no DTD, no entities, hard limits.

use super::element::{Element, MAX_DEPTH, MAX_ELEMENTS};
use super::encoding::{self, Charset};
use super::unreadable::{Unreadable, UnreadableKind};
use super::write_refusal::{WriteRefusal, WriteRefusalReason};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Largest file read (oqs-interface §1.6).
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Reads a whole file into its root element.
///
/// # Errors
/// [`Unreadable`] with the place; no input makes it panic.
pub fn read(bytes: &[u8]) -> Result<(Charset, Element), Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::whole(UnreadableKind::Empty));
    }
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::at_byte(UnreadableKind::TooLarge, MAX_BYTES));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Unreadable::whole(UnreadableKind::ZippedOrEncrypted));
    }
    let (charset, text) = encoding::decode_xml(bytes)?;
    let root = Tree::new(&text).grow()?;
    Ok((charset, root))
}

/// The tree while it grows: open elements from the root down.
struct Tree<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    open: Vec<Element>,
    root: Option<Element>,
    count: usize,
}

impl<'a> Tree<'a> {
    fn new(text: &'a str) -> Tree<'a> {
        Tree { text, reader: Reader::from_str(text), open: Vec::new(), root: None, count: 0 }
    }

    fn grow(mut self) -> Result<Element, Unreadable> {
        self.refuse_forbidden_characters()?;
        loop {
            let event = self.reader.read_event().map_err(|_| self.error(UnreadableKind::NotWellFormed))?;
            match event {
                Event::Start(start) => self.open(&start)?,
                Event::Empty(start) => {
                    self.open(&start)?;
                    self.close()?;
                }
                Event::End(_) => self.close()?,
                Event::Text(text) => self.text(&text.xml10_content())?,
                Event::CData(text) => self.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => self.reference(&reference)?,
                Event::DocType(_) => return Err(self.error(UnreadableKind::DtdRefused)),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        match self.root.take() {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(self.error(UnreadableKind::NotWellFormed)),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Unreadable> {
        self.count_one()?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(UnreadableKind::TooDeep));
        }
        if self.root.is_some() {
            return Err(self.error(UnreadableKind::NotWellFormed));
        }
        let mut element = Element::new(start.name().0);
        // Checking for duplicates is quadratic in their number; nothing reads attributes, so it is left out.
        for attribute in start.attributes().with_checks(false) {
            self.count_one()?;
            let attribute = attribute.map_err(|_| self.error(UnreadableKind::NotWellFormed))?;
            element.attributes.push((attribute.key.0.to_owned(), attribute.value.into_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        let Some(element) = self.open.pop() else {
            return Err(self.error(UnreadableKind::NotWellFormed));
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.error(UnreadableKind::NotWellFormed)),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Unreadable> {
        let character = match reference.resolve_char_ref() {
            Ok(Some(character)) if is_xml_character(character) => character,
            Ok(Some(_)) | Err(_) => return Err(self.error(UnreadableKind::ForbiddenCharacter)),
            Ok(None) => predefined(reference).ok_or_else(|| self.error(UnreadableKind::EntityRefused))?,
        };
        self.text(character.encode_utf8(&mut [0; 4]))
    }

    fn count_one(&mut self) -> Result<(), Unreadable> {
        self.count += 1;
        if self.count > MAX_ELEMENTS { Err(self.error(UnreadableKind::TooManyElements)) } else { Ok(()) }
    }

    fn refuse_forbidden_characters(&self) -> Result<(), Unreadable> {
        match self.text.char_indices().find(|(_, c)| !is_xml_character(*c)) {
            Some((offset, _)) => Err(Unreadable::at_text(UnreadableKind::ForbiddenCharacter, self.text, offset)),
            None => Ok(()),
        }
    }

    fn error(&self, kind: UnreadableKind) -> Unreadable {
        let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        Unreadable::at_text(kind, self.text, offset)
    }
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

/// XML 1.0 §2.2.
fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Writes a request as a whole file: declaration as the terminal writes it, two-space indentation, LF line ends.
///
/// Attributes are not written; no request has any.
///
/// # Errors
/// [`WriteRefusal`] when a text holds a character XML forbids or the encoding does not have.
pub fn write(root: &Element, charset: Charset) -> Result<Vec<u8>, WriteRefusal> {
    let declaration = format!("<?xml version=\"1.0\" encoding=\"{}\" standalone=\"no\"?>\n", charset.declared_name());
    let mut bytes = declaration.into_bytes();
    write_element(root, charset, 0, &mut bytes)?;
    Ok(bytes)
}

fn write_element(element: &Element, charset: Charset, level: usize, bytes: &mut Vec<u8>) -> Result<(), WriteRefusal> {
    let indent = "  ".repeat(level);
    bytes.extend_from_slice(format!("{indent}<{}>", element.name).as_bytes());
    if element.children.is_empty() {
        bytes.extend(write_text(&element.name, &element.text, charset)?);
    } else {
        bytes.push(b'\n');
        for child in &element.children {
            write_element(child, charset, level + 1, bytes)?;
        }
        bytes.extend_from_slice(indent.as_bytes());
    }
    bytes.extend_from_slice(format!("</{}>\n", element.name).as_bytes());
    Ok(())
}

fn write_text(name: &str, text: &str, charset: Charset) -> Result<Vec<u8>, WriteRefusal> {
    let refuse = |reason| WriteRefusal { field: known_field(name), reason };
    if let Some(index) = text.chars().position(|c| c.is_control() || !is_xml_character(c)) {
        return Err(refuse(WriteRefusalReason::ForbiddenCharacter { position: index + 1 }));
    }
    if charset == Charset::ShiftJis {
        encoding::encode_shift_jis(text)
            .map_err(|index| refuse(WriteRefusalReason::CannotBeCarried { position: index + 1 }))?;
    }
    let escaped = quick_xml::escape::escape(text);
    match charset {
        Charset::Utf8 => Ok(escaped.into_owned().into_bytes()),
        Charset::ShiftJis => encoding::encode_shift_jis(&escaped)
            .map_err(|index| refuse(WriteRefusalReason::CannotBeCarried { position: index + 1 })),
    }
}

/// The refusal names fields of requests only, which are all known when the program is written.
fn known_field(name: &str) -> &'static str {
    super::message::REQUEST_FIELDS.iter().find(|field| **field == name).copied().unwrap_or("MessageBody")
}

#[cfg(test)]
mod tests;
