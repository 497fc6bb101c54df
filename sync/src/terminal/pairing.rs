//! Which question a received file answers: a careful client checks name, institution, identifier, reception number and
//! the echoed person, and believes none of them alone (oqs-interface §1.3).

use super::door::{Arrival, Content};
use super::file_name::{FileName, RequestKind, Suffix};
use super::message::{Header, Message, RegistrationInfo, Search, SearchInfo};
use super::outgoing::Request;
use super::rejection::Rejection;
use domain::Date;
use std::fmt;

/// What an answer to one of our requests must carry. Kept from before the request is published until it is answered,
/// over restarts and outages.
#[derive(Clone, PartialEq, Eq)]
pub struct Expected {
    /// Which request.
    pub kind: RequestKind,
    /// Suffix of its name.
    pub suffix: Suffix,
    /// 医療機関コード, 10 digits.
    pub institution_code: String,
    /// 任意のファイル識別子. A bulk download has none.
    pub file_identifier: Option<String>,
    /// 受付番号: the key of a bulk download.
    pub reception_number: Option<String>,
    /// The person asked for; compared with the echo when there is one.
    pub person: Option<ExpectedPerson>,
}

/// The person a question was about.
#[derive(Clone, PartialEq, Eq)]
pub struct ExpectedPerson {
    /// 保険者番号, padded or not.
    pub insurer_number: String,
    /// 番号.
    pub number: String,
    /// 生年月日; a reference number registration has none.
    pub birth_date: Option<Date>,
}

/// Whether a received file answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// It does.
    Paired,
    /// It belongs to another question.
    NotOurs,
    /// It carries the name of the answer, but something else in it says otherwise. Never applied; a person looks at it.
    Conflict(ConflictReason),
}

/// What speaks against a file that carries the right name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConflictReason {
    /// Another institution code, or none.
    InstitutionCode,
    /// Another file identifier, or none.
    FileIdentifier,
    /// Another reception number, or none in a finished result.
    ReceptionNumber,
    /// The echoed insurer number, number or birth date is another person's.
    Person,
    /// The same name was delivered before with other content.
    ContentChanged,
    /// The file cannot be read.
    Unreadable,
}

impl Expected {
    /// What the answer to this request must carry.
    pub fn of(suffix: &Suffix, request: &Request) -> Expected {
        let (institution_code, file_identifier, reception_number, person) = match request {
            Request::Single(single) => {
                let person = ExpectedPerson::of(&single.search);
                (&single.institution_code, Some(&single.file_identifier), None, Some(person))
            }
            Request::Bulk(bulk) => (&bulk.institution_code, Some(&bulk.file_identifier), None, None),
            Request::BulkDownload(download) => {
                (&download.institution_code, None, Some(&download.reception_number), None)
            }
            Request::Registration(registration) => {
                let person = ExpectedPerson {
                    insurer_number: registration.insurer_number.clone(),
                    number: registration.number.clone(),
                    birth_date: None,
                };
                (&registration.institution_code, Some(&registration.file_identifier), None, Some(person))
            }
        };
        Expected {
            kind: request.kind(),
            suffix: suffix.clone(),
            institution_code: institution_code.clone(),
            file_identifier: file_identifier.cloned(),
            reception_number: reception_number.cloned(),
            person,
        }
    }

    /// Whether this arrival answers the question.
    pub fn pair(&self, arrival: &Arrival) -> Pairing {
        let pairing = match &arrival.content {
            Content::Answer { file, received } => self.pair_answer(file, &received.message),
            Content::Rejection { file, rejection } => self.pair_rejection(file, rejection),
            Content::Unreadable { file: Some(file), .. } if self.has_name(file) => {
                Pairing::Conflict(ConflictReason::Unreadable)
            }
            Content::Face { .. } | Content::Unreadable { .. } => Pairing::NotOurs,
        };
        match pairing {
            Pairing::Paired if arrival.conflict => Pairing::Conflict(ConflictReason::ContentChanged),
            pairing => pairing,
        }
    }

    /// Whether this message, found under this name, answers the question.
    pub fn pair_answer(&self, file: &FileName, message: &Message) -> Pairing {
        if !self.has_name(file) || file.message_kind() != Some(message.kind()) {
            return Pairing::NotOurs;
        }
        match self.contradiction(message) {
            Some(reason) => Pairing::Conflict(reason),
            None => Pairing::Paired,
        }
    }

    /// Whether this rejection, found under this name, is about the question.
    pub fn pair_rejection(&self, file: &FileName, rejection: &Rejection) -> Pairing {
        if !self.has_name(file) {
            return Pairing::NotOurs;
        }
        let Some(request) = &rejection.request else {
            return Pairing::Paired;
        };
        let differs = |ours: Option<&str>, theirs: &Option<String>| match (ours, theirs) {
            (Some(ours), Some(theirs)) => ours != theirs.trim(),
            _ => false,
        };
        if differs(Some(&self.institution_code), &request.institution_code) {
            return Pairing::Conflict(ConflictReason::InstitutionCode);
        }
        if differs(self.file_identifier.as_deref(), &request.file_identifier) {
            return Pairing::Conflict(ConflictReason::FileIdentifier);
        }
        if differs(self.reception_number.as_deref(), &request.reception_number) {
            return Pairing::Conflict(ConflictReason::ReceptionNumber);
        }
        Pairing::Paired
    }

    fn has_name(&self, file: &FileName) -> bool {
        file.suffix == self.suffix.as_str() && file.request_kind() == Some(self.kind)
    }

    fn contradiction(&self, message: &Message) -> Option<ConflictReason> {
        let header = message.header();
        if !same(&header.medical_institution_code, &self.institution_code) {
            return Some(ConflictReason::InstitutionCode);
        }
        if self.file_identifier.as_ref().is_some_and(|ours| !same(&header.arbitrary_file_identifier, ours)) {
            return Some(ConflictReason::FileIdentifier);
        }
        if self.reception_number.as_ref().is_some_and(|ours| !self.same_reception(header, ours)) {
            return Some(ConflictReason::ReceptionNumber);
        }
        let person = self.person.as_ref()?;
        person.contradicts(message).then_some(ConflictReason::Person)
    }

    /// An abnormal end is not known to repeat the number; a finished or running result must.
    fn same_reception(&self, header: &Header, ours: &str) -> bool {
        let failed = header.error_code.is_some()
            || header.segment_of_result.as_deref().map(str::trim)
                == Some(super::codes::segment_of_result::ABNORMAL_END);
        match &header.reception_number {
            None => failed,
            theirs => same(theirs, ours),
        }
    }
}

impl ExpectedPerson {
    /// The person this search is about.
    pub fn of(search: &Search) -> ExpectedPerson {
        ExpectedPerson {
            insurer_number: search.insurer_number.clone(),
            number: search.number.clone(),
            birth_date: Some(search.birth_date),
        }
    }

    fn contradicts(&self, message: &Message) -> bool {
        match message {
            Message::Eligibility(result) => {
                let echo = result.body.as_ref().and_then(|body| body.search.as_ref());
                echo.is_some_and(|echo| self.contradicts_search(echo))
            }
            Message::Registration(result) => {
                let echo = result.body.as_ref().and_then(|body| body.info.as_ref());
                echo.is_some_and(|echo| self.contradicts_registration(echo))
            }
            Message::BulkReceipt(_) | Message::BulkResult(_) => false,
        }
    }

    /// Whether an echoed search is about somebody else.
    pub fn contradicts_search(&self, echo: &SearchInfo) -> bool {
        let birth_date = self.birth_date.map(Date::compact);
        differs(&echo.insurer_number, &self.insurer_number)
            || differs(&echo.insured_identification_number, &self.number)
            || birth_date.is_some_and(|ours| differs(&echo.birthdate, &ours))
    }

    fn contradicts_registration(&self, echo: &RegistrationInfo) -> bool {
        differs(&echo.insurer_number, &self.insurer_number)
            || differs(&echo.insured_identification_number, &self.number)
    }
}

fn same(theirs: &Option<String>, ours: &str) -> bool {
    theirs.as_deref().map(str::trim) == Some(ours.trim())
}

/// An echo that says something else. Padding, width and leading zeros are spelling; an absent echo says nothing.
fn differs(theirs: &Option<String>, ours: &str) -> bool {
    theirs.as_deref().is_some_and(|theirs| spelling_free(theirs) != spelling_free(ours))
}

fn spelling_free(text: &str) -> String {
    let narrow: String = text.trim().chars().map(narrow).collect();
    narrow.trim_start_matches(['0', ' ']).to_owned()
}

/// Full-width ASCII to ASCII, and the dashes of different keyboards to one.
fn narrow(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{30FC}' | '\u{FF70}' => '-',
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expected({:?} {})", self.kind, self.suffix)
    }
}

impl fmt::Debug for ExpectedPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExpectedPerson(…)")
    }
}

#[cfg(test)]
mod tests;
