//! Short command APDUs and their answers (`my-number-card §6`, §7).

mod status;

pub(super) use status::Status;

use std::fmt;

use super::sealed::SealedBytes;
use super::surface_code::SurfaceCode;

/// The most data one short answer carries.
pub(super) const MAX_ANSWER_BYTES: usize = 256;

/// A command as bytes, ready for the gate to judge.
pub(super) struct Command(SealedBytes);

impl Command {
    /// SELECT of an application by its full name, no answer data wanted.
    pub(super) fn select_application(aid: &[u8]) -> Self {
        let length = u8::try_from(aid.len()).unwrap_or(u8::MAX);
        Self(SealedBytes::new([&[0x00, 0xA4, 0x04, 0x0C, length], aid].concat()))
    }

    /// SELECT of a file or key below the current application.
    pub(super) fn select_file(id: [u8; 2]) -> Self {
        Self(SealedBytes::new(vec![0x00, 0xA4, 0x02, 0x0C, 0x02, id[0], id[1]]))
    }

    /// READ BINARY of up to 256 bytes of the current file; `length` 256 is the byte `00`.
    pub(super) fn read(offset: u16, length: usize) -> Self {
        let [high, low] = offset.to_be_bytes();
        Self(SealedBytes::new(vec![0x00, 0xB0, high, low, le(length)]))
    }

    /// READ RECORD of a file named by its short identifier.
    pub(super) fn read_record(number: u8, short_id: u8) -> Self {
        Self(SealedBytes::new(vec![0x00, 0xB2, number, (short_id << 3) | 0x04, 0x00]))
    }

    /// VERIFY without a body: asks the current key for its remaining tries and costs none.
    pub(super) fn count_tries() -> Self {
        Self(SealedBytes::new(vec![0x00, 0x20, 0x00, 0x80]))
    }

    /// VERIFY of the current key with the fourteen digits from the card face.
    pub(super) fn present(code: &SurfaceCode) -> Self {
        let mut bytes = SealedBytes::with_capacity(5 + SurfaceCode::DIGITS);
        bytes.append(&[0x00, 0x20, 0x00, 0x80, 0x0E]);
        bytes.append(code.ascii());
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The length byte of an expected answer; 256 wraps to `00`.
fn le(length: usize) -> u8 {
    (length & 0xFF) as u8
}

impl fmt::Debug for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Command({} bytes)", self.0.len())
    }
}

/// An answer: the data and the status word behind it.
#[derive(Debug)]
pub(super) struct Response {
    data: SealedBytes,
    status: Status,
}

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadAnswer {
    /// No room for a status word: the card was pulled in the middle (`my-number-card §7`).
    TooShort,
    /// More than a short answer can carry.
    TooLong,
}

impl Response {
    /// Takes what a wire returned apart; the bytes are sealed before anything looks at them.
    pub(super) fn parse(answer: Vec<u8>) -> Result<Self, BadAnswer> {
        let mut data = SealedBytes::new(answer);
        let length = data.len().checked_sub(2).ok_or(BadAnswer::TooShort)?;
        if length > MAX_ANSWER_BYTES {
            return Err(BadAnswer::TooLong);
        }
        let status = Status::from([data[length], data[length + 1]]);
        data.truncate(length);
        Ok(Self { data, status })
    }

    pub(super) fn status(&self) -> Status {
        self.status
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    pub(super) fn into_data(self) -> SealedBytes {
        self.data
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn commands_are_the_bytes_of_the_sheet() {
        let aid = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
        assert_eq!(Command::select_application(&aid).bytes()[..5], [0x00, 0xA4, 0x04, 0x0C, 0x0A]);
        assert_eq!(Command::select_application(&aid).bytes()[5..], aid);
        assert_eq!(Command::select_file([0x00, 0x0A]).bytes(), [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A]);
        assert_eq!(Command::read(0x0100, 256).bytes(), [0x00, 0xB0, 0x01, 0x00, 0x00]);
        assert_eq!(Command::read(0x0600, 54).bytes(), [0x00, 0xB0, 0x06, 0x00, 0x36]);
        assert_eq!(Command::read_record(1, 1).bytes(), [0x00, 0xB2, 0x01, 0x0C, 0x00]);
        assert_eq!(Command::count_tries().bytes(), [0x00, 0x20, 0x00, 0x80]);
    }

    #[test]
    fn the_fourteen_digits_go_out_as_text_and_never_into_debug() {
        let command = Command::present(&SurfaceCode::parse("02010120301234").unwrap());
        assert_eq!(command.bytes(), b"\x00\x20\x00\x80\x0E02010120301234");
        assert_eq!(format!("{command:?}"), "Command(19 bytes)");
    }

    #[test]
    fn an_answer_is_data_and_a_status_word() {
        let answer = Response::parse(vec![1, 2, 3, 0x90, 0x00]).unwrap();
        assert_eq!((answer.data(), answer.status()), (&[1, 2, 3][..], Status::Done));
        assert_eq!(format!("{answer:?}"), "Response { data: SealedBytes(3 bytes), status: Done }");
        assert_eq!(Response::parse(vec![]).unwrap_err(), BadAnswer::TooShort);
        assert_eq!(Response::parse(vec![0x90]).unwrap_err(), BadAnswer::TooShort);
        assert!(Response::parse(vec![0; 258]).is_ok());
        assert_eq!(Response::parse(vec![0; 259]).unwrap_err(), BadAnswer::TooLong);
    }
}
