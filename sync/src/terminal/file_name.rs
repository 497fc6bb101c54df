//! Names of the files that pass through the door (oqs-interface §1.2).
//!
//! ```text
//! request / result :  <SYS><scope><func><step><dir>_<suffix>.<ext>        OQSsiquc01req_UK1000000001.xml
//! face             :  OQSsiquc01res_face_<id>_<yyyyMMddHHmmss>.xml
//! ```

use super::message::MessageKind;
use std::fmt;

mod face;
mod suffix;

use face::FACE_PREFIX;
pub use face::FaceName;
pub use suffix::{MAX_MARK_LENGTH, SUFFIX_LENGTH, Suffix, SuffixMark};

/// Longest name looked at.
const MAX_NAME_LENGTH: usize = 200;

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
    /// No ending at all: a message in a mailbox.
    Bare,
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
        let (stem, extension) = Extension::split(name)?;
        let (head, suffix) = stem.split_once('_')?;
        let dangerous = |c: char| c.is_control() || matches!(c, '/' | '\\' | '.' | ':');
        if suffix.is_empty() || suffix.contains(dangerous) || head.len() != 13 || !head.is_ascii() {
            return None;
        }
        Some(FileName {
            message: MessageCode::parse(&head[..10])?,
            direction: Direction::parse(&head[10..])?,
            suffix: suffix.to_owned(),
            extension,
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
    /// Takes a name apart into stem and ending; `None` for an ending the interface does not have.
    fn split(name: &str) -> Option<(&str, Extension)> {
        let Some((stem, ending)) = name.rsplit_once('.') else {
            return Some((name, Extension::Bare));
        };
        let extension = match ending.to_ascii_lowercase().as_str() {
            "xml" => Extension::Xml,
            "json" => Extension::Json,
            "err" => Extension::Err,
            "zip" => Extension::Zip,
            "pdf" => Extension::Pdf,
            _ => return None,
        };
        Some((stem, extension))
    }

    fn with_dot(self) -> &'static str {
        match self {
            Extension::Xml => ".xml",
            Extension::Json => ".json",
            Extension::Err => ".err",
            Extension::Zip => ".zip",
            Extension::Pdf => ".pdf",
            Extension::Bare => "",
        }
    }

    /// Whether a message can stand behind this ending.
    pub fn is_message(self) -> bool {
        matches!(self, Extension::Xml | Extension::Json | Extension::Bare)
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
        write!(f, "{}{}", self.stem(), self.extension.with_dot())
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
            "OQSsiquc01res_UK1000000001",
        ] {
            assert_eq!(FileName::parse(name).map(|name| name.to_string()), Some(name.to_owned()));
        }
    }

    #[test]
    fn other_names_are_not_ours() {
        for name in [
            "",
            ".",
            "_",
            "OQSsiquc01req_.xml",
            "OQSsiquc01req.xml",
            "oqssiquc01req_1.xml",
            "OQSsiquc03req_1.xml",
            "OQSxxquc01req_1.xml",
            "OQSsiquc01rex_1.xml",
            "OQSsiquc01req_../../x.xml",
            "OQSsiquc01req_a/b.xml",
            "OQSsiquc01req_1.tmp",
            "日本語日本_1.xml",
            "tmp_OQSsiquc01req_1.xml",
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
}
