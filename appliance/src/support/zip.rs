//! A ZIP file of small texts, stored as they are: every system opens it without any program of its own (PKWARE APPNOTE 4.3).

use domain::Timestamp;

const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

/// Packs files; all together stay far below 4 GB.
pub(super) fn pack<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>, at: Timestamp) -> Vec<u8> {
    let (mut packed, mut directory, mut count) = (Vec::new(), Vec::new(), 0u16);
    let moment = dos_moment(at);
    for (name, bytes) in files {
        let offset = size(packed.len());
        let about = about(name, bytes, moment);
        packed.extend(LOCAL.to_le_bytes());
        packed.extend(&about);
        packed.extend(name.as_bytes());
        packed.extend(bytes);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&about);
        // no comment, first disk, no attributes
        directory.extend([0; 2 + 2 + 2 + 4]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        count += 1;
    }
    let begins = size(packed.len());
    let length = size(directory.len());
    packed.extend(directory);
    packed.extend(END.to_le_bytes());
    packed.extend([0; 4]);
    packed.extend(count.to_le_bytes());
    packed.extend(count.to_le_bytes());
    packed.extend(length.to_le_bytes());
    packed.extend(begins.to_le_bytes());
    packed.extend([0; 2]);
    packed
}

/// What stands before a file and in the directory alike, up to the lengths of name and extra field.
fn about(name: &str, bytes: &[u8], (time, date): (u16, u16)) -> Vec<u8> {
    let mut about = Vec::new();
    // stored, not compressed
    for field in [VERSION, FLAGS, 0, time, date] {
        about.extend(field.to_le_bytes());
    }
    for field in [checksum(bytes), size(bytes.len()), size(bytes.len())] {
        about.extend(field.to_le_bytes());
    }
    about.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    about.extend([0; 2]);
    about
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// Two seconds are the finest a ZIP file knows; years begin in 1980.
fn dos_moment(at: Timestamp) -> (u16, u16) {
    let ((hour, minute, second), date) = (at.time_in_japan(), at.date_in_japan());
    let number = |value: i64| u16::try_from(value).unwrap_or(0);
    let years = number(i64::from(date.year()) - 1980);
    let time = u16::from(hour) << 11 | u16::from(minute) << 5 | u16::from(second) / 2;
    (time, years << 9 | number(i64::from(date.month())) << 5 | number(i64::from(date.day())))
}

/// CRC-32 as ZIP has it.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Date;

    #[test]
    fn a_packed_file_is_read_by_the_published_layout() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926, "the check value of CRC-32");
        let at = Timestamp::in_japan(Date::literal(2026, 3, 2), 8, 55, 30);
        let packed = pack([("a.txt", b"abc".as_slice()), ("b.txt", b"".as_slice())].into_iter(), at);
        assert_eq!(&packed[..4], b"PK\x03\x04");
        assert_eq!(&packed[30..38], b"a.txtabc");
        let end = packed.len() - 22;
        assert_eq!(&packed[end..end + 4], b"PK\x05\x06");
        let field = |at: usize| u32::from_le_bytes(packed[at..at + 4].try_into().expect("four bytes")) as usize;
        let (length, begins) = (field(end + 12), field(end + 16));
        assert_eq!(begins + length, end);
        assert_eq!(&packed[begins..begins + 4], b"PK\x01\x02");
        assert_eq!(&packed[begins + 46..begins + 51], b"a.txt");
        assert_eq!(u16::from_le_bytes([packed[end + 10], packed[end + 11]]), 2);
        assert_eq!(u16::from_le_bytes([packed[12], packed[13]]), (46 << 9) | (3 << 5) | 2);
    }
}
