//! Tag-length-value as cards write it: BER with private two-byte tags (`my-number-card §8`), and the length of a DER
//! object at the start of a file. Lengths are parsed, never assumed, in both short and long form.

/// Why bytes are no TLV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlvError {
    /// The bytes end inside a tag, a length or a value.
    Truncated,
    /// A form cards do not use: indefinite length, more than three length bytes, tags beyond two bytes.
    Unsupported,
}

/// One object: where its tag starts, where its value starts, and the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Object<'a> {
    pub(super) tag: u16,
    pub(super) tag_at: usize,
    pub(super) value_at: usize,
    pub(super) value: &'a [u8],
}

/// Tag and length at the start of some bytes, before the value has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) tag: u16,
    /// Bytes of tag and length together.
    pub(super) bytes: usize,
    /// Bytes of the value that follows.
    pub(super) value_bytes: usize,
}

impl Head {
    /// Reads tag and length; the value need not be there yet.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, TlvError> {
        let (tag, tag_bytes) = tag(bytes)?;
        let (value_bytes, length_bytes) = length(bytes.get(tag_bytes..).ok_or(TlvError::Truncated)?)?;
        Ok(Self { tag, bytes: tag_bytes + length_bytes, value_bytes })
    }

    /// The size of the whole object.
    pub(super) fn total(self) -> usize {
        self.bytes + self.value_bytes
    }
}

fn tag(bytes: &[u8]) -> Result<(u16, usize), TlvError> {
    match *bytes {
        [] => Err(TlvError::Truncated),
        [first, ..] if first & 0x1F != 0x1F => Ok((first.into(), 1)),
        [_] => Err(TlvError::Truncated),
        [_, second, ..] if second & 0x80 != 0 => Err(TlvError::Unsupported),
        [first, second, ..] => Ok((u16::from_be_bytes([first, second]), 2)),
    }
}

fn length(bytes: &[u8]) -> Result<(usize, usize), TlvError> {
    let &first = bytes.first().ok_or(TlvError::Truncated)?;
    let more = usize::from(first & 0x7F);
    match first {
        0x00..=0x7F => Ok((first.into(), 1)),
        0x81..=0x83 => {
            let digits = bytes.get(1..=more).ok_or(TlvError::Truncated)?;
            Ok((digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit)), 1 + more))
        }
        _ => Err(TlvError::Unsupported),
    }
}

/// The object at the start of `bytes`; what follows it is filler and ignored.
pub(super) fn outer(bytes: &[u8]) -> Result<Object<'_>, TlvError> {
    object(bytes, 0)
}

/// The objects inside `object`, in order, until the first that does not fit. Positions count from the same start as
/// those of `object`.
pub(super) fn inside(object: Object<'_>) -> impl Iterator<Item = Result<Object<'_>, TlvError>> {
    let mut rest = object.value;
    let mut at = object.value_at;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let next = self::object(rest, at);
        rest = match next {
            Ok(found) => &rest[found.value_at - at + found.value.len()..],
            Err(_) => &[],
        };
        at = next.map_or(at, |found| found.value_at + found.value.len());
        Some(next)
    })
}

fn object(bytes: &[u8], at: usize) -> Result<Object<'_>, TlvError> {
    let head = Head::parse(bytes)?;
    let value = bytes.get(head.bytes..head.total()).ok_or(TlvError::Truncated)?;
    Ok(Object { tag: head.tag, tag_at: at, value_at: at + head.bytes, value })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// An encoder that shares nothing with the parser; `form` chooses how many length bytes are spent.
    fn encode(tag: u16, value: &[u8], form: usize) -> Vec<u8> {
        let mut out = if tag > 0xFF { vec![(tag >> 8) as u8, tag as u8] } else { vec![tag as u8] };
        match form {
            0 if value.len() < 128 => out.push(value.len() as u8),
            0 | 1 if value.len() < 256 => out.extend([0x81, value.len() as u8]),
            3 => out.extend([0x83, 0, (value.len() / 256) as u8, (value.len() % 256) as u8]),
            _ => out.extend([0x82, (value.len() / 256) as u8, (value.len() % 256) as u8]),
        }
        out.extend(value);
        out
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_in_every_form_of_length(
            values in proptest::collection::vec((0xDF21u16..=0xDF7E, proptest::collection::vec(any::<u8>(), 0..300), 0usize..4), 0..6),
            form in 0usize..4,
            filler in proptest::collection::vec(any::<u8>(), 0..8),
        ) {
            let body: Vec<u8> = values.iter().flat_map(|(tag, value, form)| encode(*tag, value, *form)).collect();
            let file = [encode(0xFF20, &body, form), filler].concat();
            let object = outer(&file).unwrap();
            prop_assert_eq!(object.tag, 0xFF20);
            let read: Vec<_> = inside(object).map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), values.len());
            for (found, (tag, value, _)) in read.iter().zip(&values) {
                prop_assert_eq!((found.tag, found.value), (*tag, &value[..]));
                prop_assert_eq!(&file[found.value_at..found.value_at + value.len()], &value[..]);
                prop_assert_eq!(&file[found.tag_at..found.tag_at + 2], &tag.to_be_bytes()[..]);
            }
        }

        #[test]
        fn noise_never_reaches_outside_the_bytes(noise in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(object) = outer(&noise) {
                prop_assert!(object.value_at + object.value.len() <= noise.len());
                prop_assert!(inside(object).count() <= noise.len());
            }
        }
    }

    #[test]
    fn forms_no_card_uses_are_refused() {
        assert_eq!(Head::parse(&[]), Err(TlvError::Truncated));
        assert_eq!(Head::parse(&[0x30]), Err(TlvError::Truncated));
        assert_eq!(Head::parse(&[0x30, 0x82, 0x01]), Err(TlvError::Truncated));
        assert_eq!(Head::parse(&[0x30, 0x80]), Err(TlvError::Unsupported));
        assert_eq!(Head::parse(&[0x30, 0x84, 0, 0, 0, 1]), Err(TlvError::Unsupported));
        assert_eq!(Head::parse(&[0xDF, 0x81, 0x01, 0x00]), Err(TlvError::Unsupported));
        assert_eq!(Head::parse(&[0x30, 0x82, 0x06, 0x32]).map(Head::total), Ok(1590));
    }
}
