//! Writing the card's data objects.

/// One object with a two-byte tag. Lengths from 128 bytes on are written in the three-byte form real cards use
/// (`my-number-card §8.1`).
pub(super) fn object(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = tag.to_be_bytes().to_vec();
    bytes.extend(length(value.len()));
    bytes.extend(value);
    bytes
}

/// An outer object whose first member, `DF21`, holds the place of each of the others, counted from the first byte of
/// all, and then those others in order.
pub(super) fn indexed(tag: u16, members: &[Vec<u8>]) -> Vec<u8> {
    let index_length = 2 + 1 + 2 * members.len();
    let inner_length = index_length + members.iter().map(Vec::len).sum::<usize>();
    let mut place = 2 + length(inner_length).len() + index_length;
    let mut index = Vec::new();
    for member in members {
        index.extend(u16::try_from(place).unwrap_or(u16::MAX).to_be_bytes());
        place += member.len();
    }
    let mut inner = object(0xDF21, &index);
    members.iter().for_each(|member| inner.extend(member));
    object(tag, &inner)
}

fn length(of: usize) -> Vec<u8> {
    match u8::try_from(of) {
        Ok(short) if short < 0x80 => vec![short],
        _ => {
            let long = u16::try_from(of).unwrap_or(u16::MAX).to_be_bytes();
            vec![0x82, long[0], long[1]]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_the_first_byte_whatever_the_length_form() {
        for size in [5, 200] {
            let members = [object(0xDF22, &vec![b'a'; size]), object(0xDF23, b"xyz")];
            let bytes = indexed(0xFF20, &members);
            let index_at = 2 + length(bytes.len() - 3).len().max(if size > 100 { 3 } else { 1 }) + 3;
            for (number, member) in members.iter().enumerate() {
                let at = index_at + 2 * number;
                let place = usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
                assert_eq!(&bytes[place..place + member.len()], &member[..]);
            }
        }
    }
}
