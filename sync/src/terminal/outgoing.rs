//! A request ready to be handed over: its name and its checked content.

use super::element::Element;
use super::encoding::Charset;
use super::file_name::{Extension, FileName, RequestKind, Suffix};
use super::message::{BulkDownloadRequest, BulkRequest, ReferenceNumberRegistration, SingleRequest};
use super::write_refusal::WriteRefusal;
use super::{json, xml};
use std::fmt;

/// What this box asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Eligibility of one person.
    Single(SingleRequest),
    /// Eligibility of many persons.
    Bulk(BulkRequest),
    /// Results of a bulk request.
    BulkDownload(BulkDownloadRequest),
    /// Registration of a reference number.
    Registration(ReferenceNumberRegistration),
}

impl Request {
    /// Which kind of request this is.
    pub fn kind(&self) -> RequestKind {
        match self {
            Request::Single(_) => RequestKind::Single,
            Request::Bulk(_) => RequestKind::BulkUpload,
            Request::BulkDownload(_) => RequestKind::BulkDownload,
            Request::Registration(_) => RequestKind::Registration,
        }
    }

    fn element(&self) -> Result<Element, WriteRefusal> {
        match self {
            Request::Single(request) => request.element(),
            Request::Bulk(request) => request.element(),
            Request::BulkDownload(request) => request.element(),
            Request::Registration(request) => request.element(),
        }
    }
}

/// A checked request with its name. The same value always writes the same bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    name: FileName,
    root: Element,
}

impl OutgoingRequest {
    /// Checks every field and names the request.
    ///
    /// # Errors
    /// The first field that cannot be sent as it is. Whether Shift_JIS can carry its characters is known only when it
    /// is written; see [`OutgoingRequest::to_xml`].
    pub fn new(suffix: &Suffix, request: &Request) -> Result<OutgoingRequest, WriteRefusal> {
        Ok(OutgoingRequest { name: FileName::request(request.kind(), suffix), root: request.element()? })
    }

    /// Name of the request file, ending in `.xml`.
    pub fn name(&self) -> &FileName {
        &self.name
    }

    /// Names under which the terminal may answer: results, and the request itself when it is rejected.
    pub(crate) fn answers(&self) -> [FileName; 3] {
        let result = self.name.answered_by();
        [result.clone(), result.with_extension(Extension::Zip), self.name.with_extension(Extension::Err)]
    }

    /// The file for a folder.
    ///
    /// # Errors
    /// A character the encoding does not have. It is never replaced.
    pub fn to_xml(&self, charset: Charset) -> Result<Vec<u8>, WriteRefusal> {
        xml::write(&self.root, charset)
    }

    /// The document for HTTPS.
    pub fn to_json(&self) -> Vec<u8> {
        json::write(&self.root)
    }
}

impl fmt::Debug for OutgoingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutgoingRequest({})", self.name)
    }
}
