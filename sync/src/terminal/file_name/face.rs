//! Names of face files: one per completed card reading, unsolicited.

use super::{Extension, MAX_NAME_LENGTH};
use domain::Date;
use std::fmt;

pub(super) const FACE_PREFIX: &str = "OQSsiquc01res_face_";
const STAMP_LENGTH: usize = 14;

/// Name of a face file. Readers are tolerant: the prefix and 14 digits at the end are what counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FaceName {
    /// What stands between prefix and time stamp; 30 characters when the official library wrote it, often absent.
    pub id: Option<String>,
    /// `yyyyMMddHHmmss`, 14 digits.
    pub stamp: String,
}

impl FaceName {
    /// Reads a name; `None` when it is not a face name.
    pub fn parse(name: &str) -> Option<FaceName> {
        let rest = name.strip_prefix(FACE_PREFIX).filter(|_| name.len() <= MAX_NAME_LENGTH)?;
        let (stem, _) = Extension::split(rest).filter(|(_, extension)| extension.is_message())?;
        let split = stem.len().checked_sub(STAMP_LENGTH).filter(|split| stem.is_char_boundary(*split))?;
        let (id, stamp) = stem.split_at(split);
        if !stamp.bytes().all(|b| b.is_ascii_digit()) || id.contains(['/', '\\']) {
            return None;
        }
        let id = id.strip_suffix('_').unwrap_or(id);
        Some(FaceName { id: Some(id.to_owned()).filter(|id| !id.is_empty()), stamp: stamp.to_owned() })
    }

    /// Day of the reading. A file that is not from today is kept for review, never acted on (oqs-interface §1.6).
    pub fn date(&self) -> Option<Date> {
        Date::parse(&self.stamp[..8])
    }
}

impl fmt::Display for FaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{FACE_PREFIX}{id}_{}.xml", self.stamp),
            None => write!(f, "{FACE_PREFIX}{}.xml", self.stamp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn face_names_are_read_with_tolerance() {
        let long = "OQSsiquc01res_face_13199999900a1b2c3d4e5f60718293_20260401091007.xml";
        let face = FaceName::parse(long).expect("official form");
        assert_eq!(face.date(), Some(Date::literal(2026, 4, 1)));
        assert_eq!((face.to_string(), face.id.map(|id| id.len())), (long.to_owned(), Some(30)));
        let short = FaceName::parse("OQSsiquc01res_face_20260401091007.xml").expect("short form");
        assert_eq!((short.id, short.stamp.as_str()), (None, "20260401091007"));
        for name in [
            "OQSsiquc01res_face_.xml",
            "OQSsiquc01res_face_2026.xml",
            "OQSsiquc01res_face_あいうえおか.xml",
            "OQSsiquc01res_face_1_20260401091007.txt",
            "OQSsiquc01res_UK1000000001.xml",
        ] {
            assert_eq!(FaceName::parse(name), None, "{name}");
        }
    }
}
