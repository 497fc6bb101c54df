//! The fixed binary form: big endian, lengths before what they measure, nothing left over.

use ed25519_dalek::{Signature, VerifyingKey};

/// The bytes are not of the expected form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// They end too early.
    #[error("the bytes end in the middle")]
    Truncated,
    /// More bytes than the form has.
    #[error("bytes are left over at the end")]
    LeftOver,
    /// Not this kind of bytes at all.
    #[error("the first bytes are not those of this kind")]
    Magic,
    /// A number that stands for nothing this version knows.
    #[error("an unknown kind")]
    UnknownKind,
    /// Longer than this form allows.
    #[error("longer than allowed")]
    TooLong,
    /// A text that is not plain text.
    #[error("a text that is not plain text")]
    Text,
    /// A key that is no key.
    #[error("a key that is no key")]
    Key,
    /// The same thing could be written in another way.
    #[error("not in the one order this form has")]
    NotCanonical,
}

/// Takes a form apart from its beginning.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Malformed> {
        self.array().map(i64::from_be_bytes)
    }

    pub(crate) fn magic(&mut self, magic: &[u8]) -> Result<(), Malformed> {
        if self.take(magic.len())? == magic { Ok(()) } else { Err(Malformed::Magic) }
    }

    /// A two-byte length and so many bytes, at most `max`.
    pub(crate) fn short(&mut self, max: usize) -> Result<&'a [u8], Malformed> {
        let length = usize::from(self.u16()?);
        if length > max { Err(Malformed::TooLong) } else { self.take(length) }
    }

    /// A four-byte length and so many bytes, at most `max`.
    pub(crate) fn long(&mut self, max: usize) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.u32()?).map_err(|_| Malformed::TooLong)?;
        if length > max { Err(Malformed::TooLong) } else { self.take(length) }
    }

    /// A short text without control characters.
    pub(crate) fn text(&mut self, max: usize) -> Result<String, Malformed> {
        let text = std::str::from_utf8(self.short(max)?).map_err(|_| Malformed::Text)?;
        if is_plain(text) { Ok(text.to_owned()) } else { Err(Malformed::Text) }
    }

    pub(crate) fn verifying_key(&mut self) -> Result<VerifyingKey, Malformed> {
        let key = VerifyingKey::from_bytes(&self.array()?).map_err(|_| Malformed::Key)?;
        if key.is_weak() { Err(Malformed::Key) } else { Ok(key) }
    }

    pub(crate) fn signature(&mut self) -> Result<Signature, Malformed> {
        self.array().map(|bytes: [u8; 64]| Signature::from_bytes(&bytes))
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed::LeftOver) }
    }
}

/// Neither control characters nor the invisible ones that turn the direction of writing.
pub(crate) fn is_plain(text: &str) -> bool {
    let turns =
        |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    !text.chars().any(|c| c.is_control() || turns(c))
}

/// A two-byte length and the bytes. What is longer than a `u16` was refused where it was made.
pub(crate) fn put_short(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(bytes);
}

/// A four-byte length and the bytes. What is longer than a `u32` was refused where it was made.
pub(crate) fn put_long(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(bytes);
}
