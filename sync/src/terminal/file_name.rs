//! Names of the files that pass through the door (oqs-interface §1.2).
//!
//! ```text
//! request / result :  <SYS><scope><func><step><dir>_<suffix>.<ext>        OQSsiquc01req_UK1000000001.xml
//! face             :  OQSsiquc01res_face_<id>_<yyyyMMddHHmmss>.xml
//! ```

use super::message::MessageKind;
use domain::Date;
use std::fmt;

/// Length of the suffixes we issue; the official class comments show 12 characters.
pub const SUFFIX_LENGTH: usize = 12;
/// Longest mark at the beginning of our suffixes.
pub const MAX_MARK_LENGTH: usize = 4;
/// Longest name looked at.
const MAX_NAME_LENGTH: usize = 200;
const FACE_PREFIX: &str = "OQSsiquc01res_face_";
const STAMP_LENGTH: usize = 14;

/// Name of a request or a result.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName {
    /// System and function.
    pub message: MessageCode,
    /// Request or result.
    pub direction: Direction,
    /// Chosen by whoever asked; the same in request and result. Others' suffixes are kept as they are.
    pub suffix: String,
    /// Ending.
    pub extension: Extension,
}

/// The part of the name that says which message it is, for instance `OQSsiquc01`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageCode {
    /// `OQS`, `YZK`, `TKK`, `CIP`, `EPS`, `PMH` or one not known here: three capital letters.
    pub system: String,
    /// One person or many.
    pub scope: Scope,
    /// `quc`, `imm` and others: three small letters.
    pub function: String,
    /// 1 request or upload, 2 download.
    pub step: u8,
}

/// One person or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// `si`.
    Single,
    /// `mu`.
    Bulk,
}

/// Towards the terminal or from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `req`.
    Request,
    /// `res`.
    Result,
}

/// Ending of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extension {
    /// A message.
    Xml,
    /// A message over HTTPS.
    Json,
    /// A rejected request.
    Err,
    /// A packed or encrypted result.
    Zip,
    /// A printable result; this box asks for none.
    Pdf,
}

/// The kinds of request this box makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// `OQSsiquc01`.
    Single,
    /// `OQSmuquc01`.
    BulkUpload,
    /// `OQSmuquc02`.
    BulkDownload,
    /// `OQSsiimm01`.
    Registration,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [RequestKind; 4] =
        [RequestKind::Single, RequestKind::BulkUpload, RequestKind::BulkDownload, RequestKind::Registration];

    /// The part of the name that says so.
    pub fn message_code(self) -> MessageCode {
        let (scope, function, step) = match self {
            RequestKind::Single => (Scope::Single, "quc", 1),
            RequestKind::BulkUpload => (Scope::Bulk, "quc", 1),
            RequestKind::BulkDownload => (Scope::Bulk, "quc", 2),
            RequestKind::Registration => (Scope::Single, "imm", 1),
        };
        MessageCode { system: "OQS".to_owned(), scope, function: function.to_owned(), step }
    }

    /// The answer it gets.
    pub fn answer(self) -> MessageKind {
        match self {
            RequestKind::Single => MessageKind::Eligibility,
            RequestKind::BulkUpload => MessageKind::BulkReceipt,
            RequestKind::BulkDownload => MessageKind::BulkResult,
            RequestKind::Registration => MessageKind::Registration,
        }
    }
}

impl FileName {
    /// Name of one of our requests.
    pub fn request(kind: RequestKind, suffix: &Suffix) -> FileName {
        FileName {
            message: kind.message_code(),
            direction: Direction::Request,
            suffix: suffix.as_str().to_owned(),
            extension: Extension::Xml,
        }
    }

    /// Reads a name; `None` when it is not of this grammar. A face name is not (see [`FaceName`]).
    pub fn parse(name: &str) -> Option<FileName> {
        if name.len() > MAX_NAME_LENGTH || name.starts_with(FACE_PREFIX) {
            return None;
        }
        let (stem, extension) = name.rsplit_once('.')?;
        let (head, suffix) = stem.split_once('_')?;
        let dangerous = |c: char| c.is_control() || matches!(c, '/' | '\\' | '.' | ':');
        if suffix.is_empty() || suffix.contains(dangerous) || head.len() != 13 || !head.is_ascii() {
            return None;
        }
        Some(FileName {
            message: MessageCode::parse(&head[..10])?,
            direction: Direction::parse(&head[10..])?,
            suffix: suffix.to_owned(),
            extension: Extension::parse(extension)?,
        })
    }

    /// Which of our requests it belongs to, as request or as result.
    pub fn request_kind(&self) -> Option<RequestKind> {
        RequestKind::ALL.into_iter().find(|kind| kind.message_code() == self.message)
    }

    /// Which message a result of this name holds, when it is one of ours to read.
    pub fn message_kind(&self) -> Option<MessageKind> {
        match self.direction {
            Direction::Result => self.request_kind().map(RequestKind::answer),
            Direction::Request => None,
        }
    }

    /// The same name with another ending.
    pub fn with_extension(&self, extension: Extension) -> FileName {
        FileName { extension, ..self.clone() }
    }

    /// The name of the result that answers this request.
    pub fn answered_by(&self) -> FileName {
        FileName { direction: Direction::Result, ..self.clone() }
    }

    /// Everything before the dot.
    pub fn stem(&self) -> String {
        format!("{}{}_{}", self.message, self.direction.text(), self.suffix)
    }
}

impl MessageCode {
    fn parse(text: &str) -> Option<MessageCode> {
        let (system, scope, function, step) = (&text[..3], &text[3..5], &text[5..8], &text[8..10]);
        let named = system.bytes().all(|b| b.is_ascii_uppercase()) && function.bytes().all(|b| b.is_ascii_lowercase());
        Some(MessageCode {
            system: named.then(|| system.to_owned())?,
            scope: match scope {
                "si" => Scope::Single,
                "mu" => Scope::Bulk,
                _ => return None,
            },
            function: function.to_owned(),
            step: match step {
                "01" => 1,
                "02" => 2,
                _ => return None,
            },
        })
    }
}

impl Direction {
    fn parse(text: &str) -> Option<Direction> {
        match text {
            "req" => Some(Direction::Request),
            "res" => Some(Direction::Result),
            _ => None,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Direction::Request => "req",
            Direction::Result => "res",
        }
    }
}

impl Extension {
    fn parse(text: &str) -> Option<Extension> {
        match text.to_ascii_lowercase().as_str() {
            "xml" => Some(Extension::Xml),
            "json" => Some(Extension::Json),
            "err" => Some(Extension::Err),
            "zip" => Some(Extension::Zip),
            "pdf" => Some(Extension::Pdf),
            _ => None,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Extension::Xml => "xml",
            Extension::Json => "json",
            Extension::Err => "err",
            Extension::Zip => "zip",
            Extension::Pdf => "pdf",
        }
    }
}

impl fmt::Display for MessageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = match self.scope {
            Scope::Single => "si",
            Scope::Bulk => "mu",
        };
        write!(f, "{}{scope}{}{:02}", self.system, self.function, self.step)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.stem(), self.extension.text())
    }
}

/// The beginning of every suffix one box issues: how it knows its own results among those of the receipt computer and
/// of other boxes. One to four capital letters or digits, a setting, different for every box at a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SuffixMark(String);

impl SuffixMark {
    /// The mark, or `None` when it is not one to four capital letters or digits.
    pub fn new(mark: &str) -> Option<SuffixMark> {
        let fits = (1..=MAX_MARK_LENGTH).contains(&mark.len());
        (fits && mark.bytes().all(is_suffix_byte)).then(|| SuffixMark(mark.to_owned()))
    }

    /// The mark itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this suffix was issued under this mark.
    pub fn is_on(&self, suffix: &str) -> bool {
        suffix.starts_with(&self.0) && Suffix::parse(suffix).is_some()
    }
}

/// A suffix as we issue it: exactly 12 capital letters and digits. Shares may ignore case, so small letters stay out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Suffix(String);

impl Suffix {
    /// The suffix with this running number: the mark, then the number in base 36, filled up with zeros. `None` when the
    /// number does not fit any more (at least 36⁸ numbers do).
    pub fn issue(mark: &SuffixMark, number: u64) -> Option<Suffix> {
        let width = SUFFIX_LENGTH - mark.0.len();
        let digits = base36(number);
        (digits.len() <= width).then(|| Suffix(format!("{}{digits:0>width$}", mark.0)))
    }

    /// Reads a suffix of our own form.
    pub fn parse(text: &str) -> Option<Suffix> {
        (text.len() == SUFFIX_LENGTH && text.bytes().all(is_suffix_byte)).then(|| Suffix(text.to_owned()))
    }

    /// The suffix itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_suffix_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

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
        let (stem, extension) = rest.rsplit_once('.')?;
        if Extension::parse(extension) != Some(Extension::Xml) {
            return None;
        }
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
    fn names_read_and_print_the_same() {
        for name in [
            "OQSsiquc01req_202604010001.xml",
            "OQSmuquc02res_202604010001.zip",
            "OQSmuquc01req_X.err",
            "YZKsiquc01res_042604010900123.pdf",
            "OQSsiimm01res_UK1000000001.xml",
            "OQSmuhvq01res_20260401_0007.xml",
        ] {
            assert_eq!(FileName::parse(name).map(|name| name.to_string()), Some(name.to_owned()));
        }
    }

    #[test]
    fn other_names_are_not_ours() {
        for name in [
            "", ".", "_", "OQSsiquc01req_.xml", "OQSsiquc01req.xml", "oqssiquc01req_1.xml", "OQSsiquc03req_1.xml",
            "OQSxxquc01req_1.xml", "OQSsiquc01rex_1.xml", "OQSsiquc01req_../../x.xml", "OQSsiquc01req_a/b.xml",
            "OQSsiquc01req_1.tmp", "OQSsiquc01req_1", "日本語日本_1.xml", "tmp_OQSsiquc01req_1.xml",
            "OQSsiquc01res_face_20260401091007.xml",
        ] {
            assert_eq!(FileName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_result_is_named_after_its_request() {
        let suffix = Suffix::parse("UK1000000001").expect("12 characters");
        let request = FileName::request(RequestKind::BulkDownload, &suffix);
        assert_eq!(request.to_string(), "OQSmuquc02req_UK1000000001.xml");
        assert_eq!(request.answered_by().to_string(), "OQSmuquc02res_UK1000000001.xml");
        assert_eq!(request.answered_by().message_kind(), Some(MessageKind::BulkResult));
        assert_eq!(request.message_kind(), None);
    }

    #[test]
    fn suffixes_are_twelve_characters_and_carry_the_mark() {
        let mark = SuffixMark::new("UK1").expect("mark");
        assert_eq!(Suffix::issue(&mark, 0).map(|s| s.to_string()), Some("UK1000000000".to_owned()));
        assert_eq!(Suffix::issue(&mark, 36 * 36 + 35).map(|s| s.to_string()), Some("UK100000010Z".to_owned()));
        assert_eq!(Suffix::issue(&mark, u64::MAX), None);
        assert!(mark.is_on("UK1000000001"));
        assert!(!mark.is_on("202604010001") && !mark.is_on("UK1") && !mark.is_on("UK100000000a"));
        assert!(SuffixMark::new("").is_none() && SuffixMark::new("uk").is_none() && SuffixMark::new("ABCDE").is_none());
    }

    #[test]
    fn face_names_are_read_with_tolerance() {
        let long = "OQSsiquc01res_face_13199999900a1b2c3d4e5f60718293_20260401091007.xml";
        let face = FaceName::parse(long).expect("official form");
        assert_eq!(face.date(), Some(Date::literal(2026, 4, 1)));
        assert_eq!((face.to_string(), face.id.map(|id| id.len())), (long.to_owned(), Some(30)));
        let short = FaceName::parse("OQSsiquc01res_face_20260401091007.xml").expect("short form");
        assert_eq!((short.id, short.stamp.as_str()), (None, "20260401091007"));
        for name in ["OQSsiquc01res_face_.xml", "OQSsiquc01res_face_2026.xml", "OQSsiquc01res_face_あいうえおか.xml",
            "OQSsiquc01res_face_1_20260401091007.txt", "OQSsiquc01res_UK1000000001.xml"] {
            assert_eq!(FaceName::parse(name), None, "{name}");
        }
    }
}
