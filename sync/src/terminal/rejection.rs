//! A rejected request: the request back with a `.err` file beside it (oqs-interface §1.5).

use super::element::Element;
use super::message::{BODY, HEADER};
use super::{json, xml};
use std::fmt;

/// Most bytes of a `.err` file that are kept.
pub const MAX_ERR_BYTES: usize = 64 * 1024;

/// Bytes as received. Their `Debug` shows the length only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawBytes(pub Vec<u8>);

impl fmt::Debug for RawBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// What the terminal put back. Which of the two files comes first is not known; after a time one alone is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Content of the `.err` file, at most [`MAX_ERR_BYTES`] of it. Its format is not public: opaque, shown, never parsed.
    pub err: Option<RawBytes>,
    /// The request as the terminal gave it back.
    pub request: Option<ReturnedRequest>,
}

/// A request that came back.
#[derive(Clone, PartialEq, Eq)]
pub struct ReturnedRequest {
    /// 医療機関コード in it, if it could be read.
    pub institution_code: Option<String>,
    /// 任意のファイル識別子 in it, if it could be read.
    pub file_identifier: Option<String>,
    /// 受付番号 in it (bulk download), if it could be read.
    pub reception_number: Option<String>,
    /// The file.
    pub raw: RawBytes,
}

impl ReturnedRequest {
    /// Reads the keys of a request that came back, as far as they can be read.
    pub(crate) fn read(bytes: &[u8]) -> ReturnedRequest {
        let root = match bytes.first() {
            Some(b'{') => json::read(bytes).ok(),
            _ => xml::read(bytes).ok().map(|(_, root)| root),
        };
        let text = |group: &str, name: &str| {
            root.as_ref().and_then(|root| root.child(group)).and_then(|group| only_text(group, name))
        };
        ReturnedRequest {
            institution_code: text(HEADER, "MedicalInstitutionCode"),
            file_identifier: text(HEADER, "ArbitraryFileIdentifier"),
            reception_number: text(BODY, "ReceptionNumber"),
            raw: RawBytes(bytes.to_vec()),
        }
    }
}

/// A key that stands twice is no key.
fn only_text(group: &Element, name: &str) -> Option<String> {
    let once = group.children.iter().filter(|child| child.name == name).count() == 1;
    group.child_text(name).filter(|_| once).map(str::to_owned)
}

impl fmt::Debug for ReturnedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReturnedRequest({:?})", self.raw)
    }
}
