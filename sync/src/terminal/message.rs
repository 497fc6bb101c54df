//! The messages of the official terminal, exactly as the wire says them.
//!
//! Requests are built from typed fields and checked before anything is written. Answers are optional texts by element
//! name: nothing is trimmed, translated or corrected here, and what the reader has no name for is kept beside the
//! message. Nothing that can hold personal data shows it in `Debug`.

pub mod bulk;
pub mod consent;
pub mod eligibility_result;
pub mod header;
pub mod medical_ticket;
pub(crate) mod reading;
pub mod record;
pub mod registration;
pub mod request;
pub mod search_info;

pub use bulk::{BulkReceipt, BulkReceiptBody, BulkResult, BulkUnit, ReferenceNumbers};
pub use consent::{Consent, ConsentTopic, Consents};
pub use eligibility_result::{EligibilityBody, EligibilityResult};
pub use header::Header;
pub use medical_ticket::MedicalTicketInfo;
pub use record::{ElderlyRecipientCertificate, EligibilityRecord, LimitCertificate, SpecificDiseasesCertificate};
pub use registration::{RegistrationBody, RegistrationInfo, RegistrationResult, RegistrationStatus};
pub(crate) use request::REQUEST_FIELDS;
pub use request::{BulkDownloadRequest, BulkRequest, ReferenceNumberRegistration, Search, SingleRequest};
pub use search_info::SearchInfo;

use super::element::{Element, UnknownElement};
use super::encoding::Charset;
use super::unreadable::{Unreadable, UnreadableKind};
use super::{json, xml};
use reading::Reading;

/// Which answer a file holds; decided by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// `OQSsiquc01res` and face files.
    Eligibility,
    /// `OQSmuquc01res`.
    BulkReceipt,
    /// `OQSmuquc02res`.
    BulkResult,
    /// `OQSsiimm01res`.
    Registration,
}

/// An answer of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// About one person.
    Eligibility(Box<EligibilityResult>),
    /// Receipt of a bulk upload.
    BulkReceipt(Box<BulkReceipt>),
    /// Results of a bulk request.
    BulkResult(Box<BulkResult>),
    /// Answer to a reference number registration.
    Registration(Box<RegistrationResult>),
}

/// A message with what came along with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The message.
    pub message: Message,
    /// Encoding the file came in.
    pub charset: Charset,
    /// Elements without a place in the message, in the order of reading.
    pub unknown: Vec<UnknownElement>,
    /// Oddities that do not make the message unusable, to be shown with it.
    pub warnings: Vec<Warning>,
}

/// Something odd about a readable message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// `CharacterCodeIdentifier` names another encoding than the file is in (oqs-interface §1.7).
    CharacterCodeDisagrees,
}

/// How a message is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// XML file.
    Xml,
    /// JSON over HTTPS.
    Json,
}

/// Reads an answer of this kind.
///
/// # Errors
/// [`Unreadable`] with the place. No input makes it panic.
pub fn read(kind: MessageKind, form: Form, bytes: &[u8]) -> Result<Received, Unreadable> {
    let (charset, root) = match form {
        Form::Xml => xml::read(bytes)?,
        Form::Json => (Charset::Utf8, json::read(bytes)?),
    };
    if root.name != ROOT || root.child(HEADER).is_none() {
        return Err(Unreadable::at_element(UnreadableKind::NotThisMessage, [root.name.as_str()]));
    }
    let (message, unknown) = Reading::message(root, |reading, root| read_message(kind, reading, root))?;
    let said = message.header().character_code_identifier.as_deref().map(str::trim);
    let agrees = form == Form::Json || said.is_none_or(|said| said == charset.character_code_identifier());
    let warnings = if agrees { Vec::new() } else { vec![Warning::CharacterCodeDisagrees] };
    Ok(Received { message, charset, unknown, warnings })
}

pub(crate) const ROOT: &str = "XmlMsg";
pub(crate) const HEADER: &str = "MessageHeader";
pub(crate) const BODY: &str = "MessageBody";

fn read_message(kind: MessageKind, reading: &mut Reading, root: &mut Element) -> Result<Message, Unreadable> {
    Ok(match kind {
        MessageKind::Eligibility => Message::Eligibility(Box::new(EligibilityResult::read(reading, root)?)),
        MessageKind::BulkReceipt => Message::BulkReceipt(Box::new(BulkReceipt::read(reading, root)?)),
        MessageKind::BulkResult => Message::BulkResult(Box::new(BulkResult::read(reading, root)?)),
        MessageKind::Registration => Message::Registration(Box::new(RegistrationResult::read(reading, root)?)),
    })
}

fn read_header(reading: &mut Reading, root: &mut Element) -> Result<Header, Unreadable> {
    Ok(reading.group(root, HEADER, Header::read)?.unwrap_or_default())
}

impl Message {
    /// Which answer this is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Message::Eligibility(_) => MessageKind::Eligibility,
            Message::BulkReceipt(_) => MessageKind::BulkReceipt,
            Message::BulkResult(_) => MessageKind::BulkResult,
            Message::Registration(_) => MessageKind::Registration,
        }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        match self {
            Message::Eligibility(result) => &result.header,
            Message::BulkReceipt(receipt) => &receipt.header,
            Message::BulkResult(result) => &result.header,
            Message::Registration(result) => &result.header,
        }
    }
}
