//! The few commands these tests send themselves.

use drivers::card::{CardWire, WireError};
use drivers::pcsc::PcscCard;

pub const SELECT_JPKI: [u8; 15] =
    [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];
pub const SELECT_CERTIFICATE: [u8; 7] = [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A];
pub const DONE: [u8; 2] = [0x90, 0x00];

/// One step of reading.
pub fn read_at(offset: usize) -> [u8; 5] {
    let [high, low] = u16::try_from(offset).unwrap().to_be_bytes();
    [0x00, 0xB0, high, low, 0x00]
}

/// The free certificate, from the selection of the application on.
pub fn certificate(card: &mut PcscCard) -> Result<Vec<u8>, WireError> {
    for selection in [&SELECT_JPKI[..], &SELECT_CERTIFICATE] {
        assert_eq!(card.transmit(selection)?, DONE);
    }
    let mut read = Vec::new();
    loop {
        let mut answer = card.transmit(&read_at(read.len()))?;
        let status = answer.split_off(answer.len() - 2);
        if status != DONE {
            assert_eq!(status, [0x6B, 0x00], "past the end");
            return Ok(read);
        }
        read.extend(answer);
    }
}
