//! The virtual reader's wire protocol (`pcsc-and-serial §1.2`): two bytes of length, most significant first, then the
//! body.

use std::io::{self, Read, Write};

/// What the reader wants of the card.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FromReader {
    PowerOff,
    PowerOn,
    Reset,
    AnswerToReset,
    Command(Vec<u8>),
}

/// Waits for the next thing the reader wants.
pub(super) fn read(stream: &mut impl Read) -> io::Result<FromReader> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut body)?;
    Ok(match body[..] {
        [0x00] => FromReader::PowerOff,
        [0x01] => FromReader::PowerOn,
        [0x02] => FromReader::Reset,
        [0x04] => FromReader::AnswerToReset,
        _ => FromReader::Command(body),
    })
}

/// Gives an answer, in one piece.
pub(super) fn write(stream: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let length = u16::try_from(body.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    stream.write_all(&[&length.to_be_bytes()[..], body].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_is_control_and_more_is_a_command() {
        let mut wire: &[u8] = &[0, 1, 1, 0, 1, 4, 0, 5, 0, 0xB0, 0, 0, 0, 0, 1, 0, 0, 1, 2];
        assert_eq!(read(&mut wire).expect("complete"), FromReader::PowerOn);
        assert_eq!(read(&mut wire).expect("complete"), FromReader::AnswerToReset);
        assert_eq!(read(&mut wire).expect("complete"), FromReader::Command(vec![0, 0xB0, 0, 0, 0]));
        assert_eq!(read(&mut wire).expect("complete"), FromReader::PowerOff);
        assert_eq!(read(&mut wire).expect("complete"), FromReader::Reset);
        assert!(read(&mut wire).is_err(), "the reader has gone");
    }

    #[test]
    fn an_answer_is_preceded_by_its_length() {
        let mut wire = Vec::new();
        write(&mut wire, &[0x90, 0x00]).expect("room");
        assert_eq!(wire, [0, 2, 0x90, 0]);
    }
}
