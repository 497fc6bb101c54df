//! What a box and its hub say to each other about updates of the program, over the connection of the feed.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `POST /update/v1/ask` | [`Asking`] | [`Answer`] |
//! | `POST /update/v1/piece` | [`PieceWanted`] | bytes of the bundle from there on, at most [`PIECE_BYTES`] |
//!
//! As in a heartbeat there is no place for a text of a box. A bundle is signed by the vendor: what a hub offers is checked by the box
//! before it is used, and again by the installer.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a box asks for updates, and says how the last one went.
pub const ASK: &str = "/update/v1/ask";
/// Where a box fetches a bundle, piece by piece.
pub const PIECE: &str = "/update/v1/piece";
/// Most bytes of one piece: what is sent again at most when the line is cut.
pub const PIECE_BYTES: usize = 48 << 10;
/// Longest question, in bytes.
const MAX_QUESTION_BYTES: usize = 1_024;

/// A version of the program: major, minor, patch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version(pub [u16; 3]);

impl Version {
    /// The version in a text such as `1.4.0` or `1.4.0-rc1`: what follows the third number does not count. `None` for anything else.
    pub fn parse(text: &str) -> Option<Version> {
        let numbers = text.trim().split(['-', '+', '~']).next()?;
        let mut parts = numbers.split('.').map(|part| part.parse::<u16>().ok());
        let version = Version([parts.next()??, parts.next()??, parts.next()??]);
        parts.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

/// For which processor a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arch {
    /// 64-bit PCs
    Amd64,
    /// 64-bit ARM
    Arm64,
}

impl Arch {
    /// The one this program was built for; `None` where there are no images.
    pub fn own() -> Option<Arch> {
        match std::env::consts::ARCH {
            "x86_64" => Some(Arch::Amd64),
            "aarch64" => Some(Arch::Arm64),
            _ => None,
        }
    }

    /// Its name in files.
    pub const fn code(self) -> &'static str {
        match self {
            Arch::Amd64 => "amd64",
            Arch::Arm64 => "arm64",
        }
    }

    /// The one of this name.
    pub fn from_code(code: &str) -> Option<Arch> {
        [Arch::Amd64, Arch::Arm64].into_iter().find(|arch| arch.code() == code)
    }
}

/// One of the two halves of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// the first
    A,
    /// the second
    B,
}

/// How an update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// the new version does what the one before did
    Proven,
    /// the box went back to the version before
    Returned,
    /// it was refused before anything was written: signature, damage, age of the data
    Refused,
    /// it could not be installed; the running version was not touched
    Failed,
}

impl Outcome {
    /// A short name that never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Proven => "proven",
            Outcome::Returned => "returned",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
    }

    /// The one of this name.
    pub fn from_code(code: &str) -> Option<Outcome> {
        let all = [Outcome::Proven, Outcome::Returned, Outcome::Refused, Outcome::Failed];
        all.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// How the last update of a box ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// the version that was to come
    pub version: Version,
    /// how it ended
    pub outcome: Outcome,
    /// when, ms since 1970
    pub at_ms: i64,
}

/// What a box says when it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// the version that runs
    pub running: Version,
    /// for which processor
    pub arch: Arch,
    /// from which half of the disk it was started
    pub slot: Option<Slot>,
    /// the running version has proven itself
    pub is_proven: bool,
    /// how the last update ended
    pub last: Option<Ended>,
}

/// A bundle that is meant for the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    /// the version in it
    pub version: Version,
    /// the newest migration of the record that it knows
    pub schema: u16,
    /// its length
    pub bytes: u64,
    /// over all of it
    pub hash: BundleHash,
}

/// What a hub answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// what is meant for this box now
    pub offer: Option<Offered>,
}

/// A piece of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PieceWanted {
    /// of which bundle
    pub hash: BundleHash,
    /// from which byte on
    pub from: u64,
}

/// SHA-256 of a bundle; the name under which it is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleHash(pub [u8; 32]);

impl BundleHash {
    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<BundleHash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        // a sign is no digit
        text.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(BundleHash(bytes))
    }
}

impl fmt::Display for BundleHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for BundleHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for BundleHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BundleHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<BundleHash, D::Error> {
        let text = String::deserialize(deserializer)?;
        BundleHash::from_hex(&text).ok_or_else(|| serde::de::Error::custom("64 hexadecimal digits"))
    }
}

/// Reads a posted question. Anything that is not exactly the form is refused, without saying what it was.
pub fn read_question<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<T> {
    if bytes.len() > MAX_QUESTION_BYTES {
        return None;
    }
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn versions_are_three_numbers_and_compare_as_numbers() {
        assert_eq!(Version::parse("1.10.0"), Some(Version([1, 10, 0])));
        assert_eq!(Version::parse("1.4.0-rc1"), Some(Version([1, 4, 0])));
        for text in ["", "1.4", "1.4.0.1", "v1.4.0", "1.4.x", "1.-4.0", "70000.0.0"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
        assert!(Version([1, 10, 0]) > Version([1, 9, 9]));
        assert_eq!(Version([1, 4, 0]).to_string(), "1.4.0");
    }

    #[test]
    fn only_the_form_is_read() {
        let asking = Asking {
            running: Version([1, 4, 0]),
            arch: Arch::Amd64,
            slot: Some(Slot::B),
            is_proven: true,
            last: Some(Ended { version: Version([1, 5, 0]), outcome: Outcome::Returned, at_ms: 1_795_000_000_000 }),
        };
        let bytes = serde_json::to_vec(&asking).unwrap();
        assert_eq!(read_question(&bytes), Some(asking));
        let mut form: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        form["note"] = "受付 花子".into();
        assert_eq!(read_question::<Asking>(&serde_json::to_vec(&form).unwrap()), None);
        let padded = [&bytes[..], &[b' '; MAX_QUESTION_BYTES]].concat();
        assert_eq!(read_question::<Asking>(&padded), None);
    }

    #[test]
    fn a_hash_is_sixty_four_digits() {
        let hash = BundleHash(std::array::from_fn(|at| at as u8));
        assert_eq!(BundleHash::from_hex(&hash.to_string()), Some(hash));
        for text in ["", "00", &"0".repeat(63), &format!("+{}", "0".repeat(63)), &"あ".repeat(22)] {
            assert_eq!(BundleHash::from_hex(text), None, "{text}");
        }
    }
}
