//! What an answer means for the question: three layers of failure that never mix, and a business answer (oqs-interface §8).
//!
//! 1. The terminal rejected the file (`.err`).
//! 2. The request failed as a whole (header).
//! 3. The person could not be answered (body status 2).
//!
//! `QualificationValidity` 2 to 6 is none of these: it is the answer.

use super::codes::{processing_result_status, qualification_validity, segment_of_result};
use super::message::{
    BulkReceipt, BulkResult, BulkUnit, EligibilityRecord, EligibilityResult, Header, RegistrationResult,
};
use super::rejection::Rejection;
use std::fmt;

/// What the terminal says to a question about one person.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Layer 1: the file was refused. What was wrong is in the opaque `.err` file.
    Rejected(&'a Rejection),
    /// Layer 2: the request failed; an error code in the header counts even when the segment reads 1.
    RequestFailed(RequestFailure<'a>),
    /// Still being worked on; ask again later (bulk only).
    InProgress,
    /// Layer 3: this person could not be answered.
    PersonFailed(Note<'a>),
    /// The business answer.
    Answered(Answer<'a>),
    /// A code outside its table, or missing where the answer hangs on it. Nothing is concluded; a person looks at it.
    NotUnderstood {
        /// Element name of the code.
        element: &'static str,
    },
}

/// The header's error.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestFailure<'a> {
    /// OQSCD003 as received.
    pub segment: Option<&'a str>,
    /// Opaque code, mapped only through an editable table.
    pub code: Option<&'a str>,
    /// Message as received.
    pub message: Option<&'a str>,
}

/// Code and message about one person: the reason of a failure, or additional information with an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Note<'a> {
    /// Opaque code.
    pub code: Option<&'a str>,
    /// Message as received.
    pub message: Option<&'a str>,
}

/// The business answer about one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// 資格有効性.
    pub validity: Validity,
    /// Registered eligibilities that came along.
    pub results: &'a [EligibilityRecord],
    /// Additional information, for instance a certificate that runs out soon.
    pub note: Option<Note<'a>>,
}

/// OQSCD006 資格有効性: what it says, and what it does not (oqs-interface §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validity {
    /// 1 有効 on the day asked.
    Valid,
    /// 2 無効 on the day asked.
    Invalid,
    /// 3 無効(新しい資格あり).
    Superseded,
    /// 4 該当資格なし: not proof of being uninsured.
    NotFound,
    /// 5 複数該当: not invalid.
    Ambiguous,
    /// 6 有効(未登録), medical aid.
    ValidTicketMissing,
    /// The element is absent.
    Absent,
    /// A value outside the table.
    Other,
}

impl Validity {
    /// Reads the code.
    pub fn from_code(code: Option<&str>) -> Validity {
        match code.map(str::trim) {
            None => Validity::Absent,
            Some(qualification_validity::VALID) => Validity::Valid,
            Some(qualification_validity::INVALID) => Validity::Invalid,
            Some(qualification_validity::SUPERSEDED) => Validity::Superseded,
            Some(qualification_validity::NOT_FOUND) => Validity::NotFound,
            Some(qualification_validity::AMBIGUOUS) => Validity::Ambiguous,
            Some(qualification_validity::VALID_TICKET_MISSING) => Validity::ValidTicketMissing,
            Some(_) => Validity::Other,
        }
    }
}

impl<'a> Answer<'a> {
    /// The one health-insurance record, when the eligibility is confirmed: valid, and exactly one result beside medical
    /// aid (oqs-interface §2.3). Everything else is for a person to look at.
    pub fn confirmed(&self) -> Option<&'a EligibilityRecord> {
        let mut insurance = self.results.iter().filter(|record| !record.is_medical_aid());
        match (self.validity, insurance.next(), insurance.next()) {
            (Validity::Valid, Some(record), None) => Some(record),
            _ => None,
        }
    }
}

impl EligibilityResult {
    /// What the answer means.
    pub fn outcome(&self) -> Outcome<'_> {
        if let Some(stopped) = header_outcome(&self.header) {
            return stopped;
        }
        let Some(body) = &self.body else {
            return Outcome::NotUnderstood { element: "MessageBody" };
        };
        person_outcome(Person {
            status: body.processing_result_status.as_deref(),
            code: body.processing_result_code.as_deref(),
            message: body.processing_result_message.as_deref(),
            validity: body.qualification_validity.as_deref(),
            results: &body.results,
        })
    }
}

impl BulkUnit {
    /// What the answer about this person means.
    pub fn outcome(&self) -> Outcome<'_> {
        person_outcome(Person {
            status: self.processing_result_status.as_deref(),
            code: self.processing_result_code.as_deref(),
            message: self.processing_result_message.as_deref(),
            validity: self.qualification_validity.as_deref(),
            results: &self.results,
        })
    }
}

/// How far a bulk request has come.
#[derive(Clone, PartialEq, Eq)]
pub enum BulkProgress<'a> {
    /// The upload was received under this number.
    Received {
        /// 受付番号.
        reception_number: &'a str,
    },
    /// Still running: download again later with the same reception number. Units that came along are good.
    InProgress,
    /// All units are here.
    Done,
    /// The request failed.
    Failed(RequestFailure<'a>),
    /// A code outside its table, or missing where the answer hangs on it.
    NotUnderstood {
        /// Element name of the code.
        element: &'static str,
    },
}

impl BulkReceipt {
    /// What the receipt means. Its header is not known to carry a segment; the reception number decides.
    pub fn progress(&self) -> BulkProgress<'_> {
        let header = &self.header;
        let failed_segment = header.segment_of_result.as_deref().is_some_and(|segment| {
            !matches!(segment.trim(), segment_of_result::NORMAL_END | segment_of_result::IN_PROGRESS)
        });
        if failed_segment || header.error_code.is_some() {
            return BulkProgress::Failed(failure(header));
        }
        match self.body.as_ref().and_then(|body| body.reception_number.as_deref()) {
            Some(reception_number) => BulkProgress::Received { reception_number: reception_number.trim() },
            None => BulkProgress::NotUnderstood { element: "ReceptionNumber" },
        }
    }
}

impl BulkResult {
    /// How far the request has come.
    pub fn progress(&self) -> BulkProgress<'_> {
        match header_outcome(&self.header) {
            None => BulkProgress::Done,
            Some(Outcome::InProgress) => BulkProgress::InProgress,
            Some(Outcome::RequestFailed(failure)) => BulkProgress::Failed(failure),
            Some(_) => BulkProgress::NotUnderstood { element: "SegmentOfResult" },
        }
    }
}

impl RegistrationResult {
    /// Whether the number is registered: `Answered` with no results means yes.
    pub fn outcome(&self) -> Outcome<'_> {
        if let Some(stopped) = header_outcome(&self.header) {
            return stopped;
        }
        let Some(body) = &self.body else {
            return Outcome::NotUnderstood { element: "MessageBody" };
        };
        let Some(processing) = body.processing() else {
            return Outcome::NotUnderstood { element: "ProcessingResultStatus" };
        };
        person_outcome(Person {
            status: processing.status.as_deref(),
            code: processing.code.as_deref(),
            message: processing.message.as_deref(),
            validity: None,
            results: &[],
        })
    }
}

/// Layer 2, or `None` when the body may be looked at.
fn header_outcome(header: &Header) -> Option<Outcome<'_>> {
    if header.error_code.is_some() {
        return Some(Outcome::RequestFailed(failure(header)));
    }
    match header.segment_of_result.as_deref().map(str::trim) {
        Some(segment_of_result::NORMAL_END) => None,
        Some(segment_of_result::IN_PROGRESS) => Some(Outcome::InProgress),
        Some(segment_of_result::ABNORMAL_END) => Some(Outcome::RequestFailed(failure(header))),
        _ => Some(Outcome::NotUnderstood { element: "SegmentOfResult" }),
    }
}

fn failure(header: &Header) -> RequestFailure<'_> {
    RequestFailure {
        segment: header.segment_of_result.as_deref(),
        code: header.error_code.as_deref(),
        message: header.error_message.as_deref(),
    }
}

struct Person<'a> {
    status: Option<&'a str>,
    code: Option<&'a str>,
    message: Option<&'a str>,
    validity: Option<&'a str>,
    results: &'a [EligibilityRecord],
}

/// Layer 3 and the business answer.
fn person_outcome(person: Person<'_>) -> Outcome<'_> {
    let note = Note { code: person.code, message: person.message };
    match person.status.map(str::trim) {
        Some(processing_result_status::ERROR) => Outcome::PersonFailed(note),
        Some(processing_result_status::NORMAL) => Outcome::Answered(Answer {
            validity: Validity::from_code(person.validity),
            results: person.results,
            note: Some(note).filter(|note| note.code.is_some() || note.message.is_some()),
        }),
        _ => Outcome::NotUnderstood { element: "ProcessingResultStatus" },
    }
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Rejected(_) => f.write_str("Rejected"),
            Outcome::RequestFailed(failure) => failure.fmt(f),
            Outcome::InProgress => f.write_str("InProgress"),
            Outcome::PersonFailed(_) => f.write_str("PersonFailed"),
            Outcome::Answered(answer) => answer.fmt(f),
            Outcome::NotUnderstood { element } => write!(f, "NotUnderstood({element})"),
        }
    }
}

impl fmt::Debug for RequestFailure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestFailed")
    }
}

impl fmt::Debug for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Note")
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answered({:?}, {} results)", self.validity, self.results.len())
    }
}

impl fmt::Debug for BulkProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BulkProgress::Received { .. } => "Received",
            BulkProgress::InProgress => "InProgress",
            BulkProgress::Done => "Done",
            BulkProgress::Failed(_) => "Failed",
            BulkProgress::NotUnderstood { .. } => "NotUnderstood",
        })
    }
}
