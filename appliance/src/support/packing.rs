//! The bundle's texts in one ZIP file: every system opens it without any program of its own.

use domain::Timestamp;
use std::io::{Cursor, Write};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Packs files as they are, each with the moment of the bundle as it is on the clocks of Japan.
pub(super) fn pack<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>, at: Timestamp) -> ZipResult<Vec<u8>> {
    let stored =
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored).last_modified_time(moment(at));
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        packed.start_file(name, stored)?;
        packed.write_all(bytes)?;
    }
    Ok(packed.finish()?.into_inner())
}

/// The file format knows the years 1980 to 2107; a clock that stands elsewhere leaves the earliest one.
fn moment(at: Timestamp) -> DateTime {
    let ((hour, minute, second), date) = (at.time_in_japan(), at.date_in_japan());
    let year = u16::try_from(date.year()).unwrap_or_default();
    DateTime::from_date_and_time(year, date.month(), date.day(), hour, minute, second).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Date;

    #[test]
    fn what_was_packed_comes_out_again_with_its_moment() {
        let at = Timestamp::in_japan(Date::literal(2026, 3, 2), 8, 55, 30);
        let packed = pack([("a.txt", b"abc".as_slice()), ("b.txt", b"".as_slice())].into_iter(), at).expect("packed");
        let mut opened = zip::ZipArchive::new(Cursor::new(packed)).expect("opens");
        let names: Result<Vec<_>, _> = opened.file_names().map(|name| name.map(|name| name.into_owned())).collect();
        assert_eq!(names.expect("names"), ["a.txt", "b.txt"]);
        let file = opened.by_index(0).expect("the first");
        assert_eq!(file.last_modified().map(|moment| moment.to_string()).as_deref(), Some("2026-03-02 08:55:30"));
        assert_eq!(std::io::read_to_string(file).expect("read"), "abc");
    }

    #[test]
    fn a_clock_before_the_format_began_does_not_stop_the_bundle() {
        let at = Timestamp::in_japan(Date::literal(1970, 1, 1), 0, 0, 0);
        assert!(pack([("a.txt", b"abc".as_slice())].into_iter(), at).is_ok());
    }
}
