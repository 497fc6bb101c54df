//! What a name found in the trays of a door means to this box.

use crate::terminal::file_name::{Direction, Extension, FaceName, FileName, SuffixMark};
use crate::terminal::message::MessageKind;

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A face result.
    Face(FaceName),
    /// A result of ours that can be read.
    Answer(FileName, MessageKind),
    /// The reason of a rejection of ours.
    ErrFile(FileName),
    /// A rejected request of ours.
    ReturnedRequest(FileName),
    /// A packed result of ours.
    Zipped(FileName),
    /// It carries our mark, but we never ask for such a thing.
    Unexpected(FileName),
    /// Somebody else's.
    Foreign,
    /// Not a name of the interface.
    Ignored,
}

/// Sorts a name.
pub(crate) fn sort(mark: &SuffixMark, name: &str) -> Sort {
    if let Some(face) = FaceName::parse(name) {
        return Sort::Face(face);
    }
    let Some(file) = FileName::parse(name) else {
        return Sort::Ignored;
    };
    if !mark.is_on(&file.suffix) {
        return Sort::Foreign;
    }
    let is_message = file.extension.is_message();
    match (file.direction, file.extension, file.message_kind(), file.request_kind()) {
        (Direction::Result, _, Some(kind), _) if is_message => Sort::Answer(file, kind),
        (Direction::Result, Extension::Zip, Some(_), _) => Sort::Zipped(file),
        (Direction::Request, Extension::Err, _, Some(_)) => Sort::ErrFile(file),
        (Direction::Request, _, _, Some(_)) if is_message => Sort::ReturnedRequest(file),
        _ => Sort::Unexpected(file),
    }
}

impl Sort {
    /// Whether the file is to be read.
    pub(crate) fn matters(&self) -> bool {
        !matches!(self, Sort::Foreign | Sort::Ignored)
    }

    /// Whether this is one half of a rejection.
    pub(crate) fn is_rejection(&self) -> bool {
        matches!(self, Sort::ErrFile(_) | Sort::ReturnedRequest(_))
    }

    /// The request or result name, if it is one of ours.
    pub(crate) fn file(&self) -> Option<FileName> {
        match self {
            Sort::Answer(file, _)
            | Sort::ErrFile(file)
            | Sort::ReturnedRequest(file)
            | Sort::Zipped(file)
            | Sort::Unexpected(file) => Some(file.clone()),
            Sort::Face(_) | Sort::Foreign | Sort::Ignored => None,
        }
    }
}
