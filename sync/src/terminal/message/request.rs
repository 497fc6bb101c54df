//! The requests this box makes. Fields are checked before anything is written; optional elements are left out.

use crate::terminal::element::Element;
use crate::terminal::write_refusal::{WriteRefusal, WriteRefusalReason};
use domain::Date;
use std::fmt;

/// Longest 記号 and 番号 (oqs-interface §2.2).
pub const MAX_SYMBOL_CHARS: usize = 20;
/// Longest 照会番号 (oqs-interface §2.7).
pub const MAX_REFERENCE_NUMBER_CHARS: usize = 50;
/// Longest identifier we send. The interface's own limit is not public; ours are far shorter than those seen in use.
pub const MAX_IDENTIFIER_CHARS: usize = 40;
/// Longest reception number we send back. One client allows this many; the real limit is not public.
pub const MAX_RECEPTION_NUMBER_CHARS: usize = 100;

const INSURER_NUMBER_WIDTH: usize = 8;
const INSTITUTION_CODE_DIGITS: usize = 10;

/// Every element a request can hold text in, so that a refusal can name it.
pub(crate) const REQUEST_FIELDS: [&str; 12] = [
    "QualificationConfirmationDate",
    "MedicalInstitutionCode",
    "ArbitraryFileIdentifier",
    "InsurerNumber",
    "InsuredCardSymbol",
    "InsuredIdentificationNumber",
    "InsuredBranchNumber",
    "Birthdate",
    "LimitApplicationCertificateRelatedConsFlg",
    "ArbitraryIdentifier",
    "ReceptionNumber",
    "ReferenceNumber",
];

/// `OQSsiquc01req`: eligibility of one person by insurance data.
#[derive(Clone, PartialEq, Eq)]
pub struct SingleRequest {
    /// The day whose eligibility is asked.
    pub confirmation_date: Date,
    /// 医療機関コード, 10 digits.
    pub institution_code: String,
    /// Echoed in the answer. Always set, unique per request: the answer is matched by it.
    pub file_identifier: String,
    /// Whom to look for. `limit_consent` is required here.
    pub search: Search,
}

/// Whom to look for.
#[derive(Clone, PartialEq, Eq)]
pub struct Search {
    /// 保険者番号, 1 to 8 digits; written padded on the left with spaces to 8.
    pub insurer_number: String,
    /// 記号, ≤ 20 characters.
    pub symbol: Option<String>,
    /// 番号, ≤ 20 characters, leading zeros kept.
    pub number: String,
    /// 枝番, 2 digits; left out when unknown.
    pub branch_number: Option<String>,
    /// 生年月日.
    pub birth_date: Date,
    /// Whether the patient agreed to hand over limit certificate data (OQSCD001). In bulk requests the element is
    /// optional here, because whether it is required there is not public.
    pub limit_consent: Option<bool>,
    /// Echoed per person; ties a person of a bulk request to the answer.
    pub identifier: Option<String>,
}

/// `OQSmuquc01req`: eligibility of many persons.
#[derive(Clone, PartialEq, Eq)]
pub struct BulkRequest {
    /// The day whose eligibility is asked.
    pub confirmation_date: Date,
    /// 医療機関コード, 10 digits.
    pub institution_code: String,
    /// Echoed in the receipt.
    pub file_identifier: String,
    /// The persons, each with its own identifier. The largest number allowed is not public: the caller's setting.
    pub searches: Vec<Search>,
}

/// `OQSmuquc02req`: fetches the results of a bulk request. Carries no file identifier.
#[derive(Clone, PartialEq, Eq)]
pub struct BulkDownloadRequest {
    /// 医療機関コード, 10 digits.
    pub institution_code: String,
    /// 受付番号 from the receipt.
    pub reception_number: String,
}

/// `OQSsiimm01req`: registers the clinic's own number for an insured person (照会番号登録).
#[derive(Clone, PartialEq, Eq)]
pub struct ReferenceNumberRegistration {
    /// 医療機関コード, 10 digits.
    pub institution_code: String,
    /// Echoed in the answer.
    pub file_identifier: String,
    /// 照会番号, ≤ 50 characters.
    pub reference_number: String,
    /// 保険者番号, 1 to 8 digits.
    pub insurer_number: String,
    /// 記号, ≤ 20 characters.
    pub symbol: Option<String>,
    /// 番号, ≤ 20 characters.
    pub number: String,
    /// 枝番, normally needed except for 後期高齢.
    pub branch_number: Option<String>,
}

impl SingleRequest {
    /// The message as a tree.
    ///
    /// # Errors
    /// The first field that cannot be sent as it is.
    pub fn element(&self) -> Result<Element, WriteRefusal> {
        if self.search.limit_consent.is_none() {
            return refuse("LimitApplicationCertificateRelatedConsFlg", WriteRefusalReason::Missing);
        }
        let header = header(Some(self.confirmation_date), &self.institution_code, Some(&self.file_identifier))?;
        Ok(message(header, Element::new(super::BODY).with(self.search.element()?)))
    }
}

impl BulkRequest {
    /// The message as a tree.
    ///
    /// # Errors
    /// The first field that cannot be sent as it is; a person without identifier could not be told apart in the answer.
    pub fn element(&self) -> Result<Element, WriteRefusal> {
        if self.searches.is_empty() {
            return refuse("QualificationConfirmSearchInfo", WriteRefusalReason::Missing);
        }
        let header = header(Some(self.confirmation_date), &self.institution_code, Some(&self.file_identifier))?;
        let mut body = Element::new(super::BODY);
        for search in &self.searches {
            if search.identifier.is_none() {
                return refuse("ArbitraryIdentifier", WriteRefusalReason::Missing);
            }
            body.children.push(search.element()?);
        }
        Ok(message(header, body))
    }
}

impl BulkDownloadRequest {
    /// The message as a tree.
    ///
    /// # Errors
    /// The first field that cannot be sent as it is.
    pub fn element(&self) -> Result<Element, WriteRefusal> {
        let header = header(None, &self.institution_code, None)?;
        let number = text("ReceptionNumber", &self.reception_number, MAX_RECEPTION_NUMBER_CHARS)?;
        Ok(message(header, Element::new(super::BODY).with(Element::leaf("ReceptionNumber", number))))
    }
}

impl ReferenceNumberRegistration {
    /// The message as a tree.
    ///
    /// # Errors
    /// The first field that cannot be sent as it is.
    pub fn element(&self) -> Result<Element, WriteRefusal> {
        let reference_number = text("ReferenceNumber", &self.reference_number, MAX_REFERENCE_NUMBER_CHARS)?;
        let info = Element::new("ReferenceNumberRegistrationInfo")
            .with(Element::leaf("ReferenceNumber", reference_number))
            .with(Element::leaf("InsurerNumber", insurer_number(&self.insurer_number)?));
        let info = symbol_number_branch(info, self.symbol.as_deref(), &self.number, self.branch_number.as_deref())?;
        let header = header(None, &self.institution_code, Some(&self.file_identifier))?;
        Ok(message(header, Element::new(super::BODY).with(info)))
    }
}

impl Search {
    fn element(&self) -> Result<Element, WriteRefusal> {
        let info = Element::new("QualificationConfirmSearchInfo")
            .with(Element::leaf("InsurerNumber", insurer_number(&self.insurer_number)?));
        let info = symbol_number_branch(info, self.symbol.as_deref(), &self.number, self.branch_number.as_deref())?;
        let consent = self.limit_consent.map(|given| if given { "1" } else { "0" });
        let person = self.identifier.as_deref().map(|person| identifier("ArbitraryIdentifier", person)).transpose()?;
        Ok(info
            .with(Element::leaf("Birthdate", self.birth_date.compact()))
            .with_text("LimitApplicationCertificateRelatedConsFlg", consent)
            .with_text("ArbitraryIdentifier", person))
    }
}

fn message(header: Element, body: Element) -> Element {
    Element::new(super::ROOT).with(header).with(body)
}

fn header(day: Option<Date>, institution_code: &str, file_identifier: Option<&str>) -> Result<Element, WriteRefusal> {
    if institution_code.len() != INSTITUTION_CODE_DIGITS || !all_digits(institution_code) {
        return refuse("MedicalInstitutionCode", WriteRefusalReason::NotDigits { digits: INSTITUTION_CODE_DIGITS });
    }
    let file_identifier = file_identifier.map(|value| identifier("ArbitraryFileIdentifier", value)).transpose()?;
    let day = day.map(Date::compact);
    Ok(Element::new(super::HEADER)
        .with_text("QualificationConfirmationDate", day.as_deref())
        .with(Element::leaf("MedicalInstitutionCode", institution_code))
        .with_text("ArbitraryFileIdentifier", file_identifier))
}

fn symbol_number_branch(
    info: Element,
    symbol: Option<&str>,
    number: &str,
    branch: Option<&str>,
) -> Result<Element, WriteRefusal> {
    let symbol = match symbol.filter(|symbol| !symbol.trim().is_empty()) {
        Some(symbol) => Some(text("InsuredCardSymbol", symbol, MAX_SYMBOL_CHARS)?),
        None => None,
    };
    let branch = branch.filter(|branch| !branch.is_empty());
    if branch.is_some_and(|branch| branch.len() != 2 || !all_digits(branch)) {
        return refuse("InsuredBranchNumber", WriteRefusalReason::NotDigits { digits: 2 });
    }
    Ok(info
        .with_text("InsuredCardSymbol", symbol)
        .with(Element::leaf(
            "InsuredIdentificationNumber",
            text("InsuredIdentificationNumber", number, MAX_SYMBOL_CHARS)?,
        ))
        .with_text("InsuredBranchNumber", branch))
}

fn insurer_number(number: &str) -> Result<String, WriteRefusal> {
    let number = number.trim_start_matches(' ');
    if number.is_empty() {
        return refuse("InsurerNumber", WriteRefusalReason::Missing);
    }
    if number.len() > INSURER_NUMBER_WIDTH || !all_digits(number) {
        return refuse("InsurerNumber", WriteRefusalReason::NotDigits { digits: INSURER_NUMBER_WIDTH });
    }
    Ok(format!("{number:>INSURER_NUMBER_WIDTH$}"))
}

fn text<'a>(field: &'static str, value: &'a str, max_chars: usize) -> Result<&'a str, WriteRefusal> {
    if value.trim().is_empty() {
        return refuse(field, WriteRefusalReason::Missing);
    }
    if value.chars().count() > max_chars {
        return refuse(field, WriteRefusalReason::TooLong { max_chars });
    }
    if let Some(index) = value.chars().position(char::is_control) {
        return refuse(field, WriteRefusalReason::ForbiddenCharacter { position: index + 1 });
    }
    Ok(value)
}

fn identifier<'a>(field: &'static str, value: &'a str) -> Result<&'a str, WriteRefusal> {
    let value = text(field, value, MAX_IDENTIFIER_CHARS)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if value.bytes().all(plain) { Ok(value) } else { refuse(field, WriteRefusalReason::NotPlainAscii) }
}

fn all_digits(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_digit())
}

fn refuse<T>(field: &'static str, reason: WriteRefusalReason) -> Result<T, WriteRefusal> {
    Err(WriteRefusal { field, reason })
}

macro_rules! hidden_debug {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })*
    };
}
hidden_debug!(SingleRequest, Search, BulkDownloadRequest, ReferenceNumberRegistration);

impl fmt::Debug for BulkRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BulkRequest({} persons)", self.searches.len())
    }
}
