//! What the clinic asks: names of request files and their content, checked as the terminal checks them.

use super::node::Node;
use super::service::Query;
use domain::Date;

/// Kinds of requests the practice terminal answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `OQSsiquc01`
    Single,
    /// `OQSmuquc01`
    BulkUpload,
    /// `OQSmuquc02`
    BulkDownload,
    /// `OQSsiimm01`
    Registration,
    /// A request of the official family that is not practised here: rejected with `.err`.
    Unsupported,
}

/// A request file's name without extension, when it is one.
pub(crate) fn kind_of(stem: &str) -> Option<Kind> {
    let (prefix, suffix) = stem.split_once("req_")?;
    let family = ["OQS", "YZK", "TKK", "CIP", "EPS", "PMH"].iter().any(|system| prefix.starts_with(system));
    let named = family && prefix.len() == 10 && !suffix.is_empty() && stem.len() <= 120;
    let safe = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    (named && safe).then_some(match prefix {
        "OQSsiquc01" => Kind::Single,
        "OQSmuquc01" => Kind::BulkUpload,
        "OQSmuquc02" => Kind::BulkDownload,
        "OQSsiimm01" => Kind::Registration,
        _ => Kind::Unsupported,
    })
}

/// The result's name for a request's.
pub(crate) fn result_name(stem: &str) -> String {
    stem.replacen("req_", "res_", 1)
}

/// Why a file is rejected as a whole: an invented code and an explanation for the `.err` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
}

impl Rejection {
    pub(crate) const UNREADABLE: Rejection = Rejection {
        code: "X-SYNTHETIC-UNREADABLE",
        text: "ファイルを読み取れません。 The file is not readable.",
    };
    pub(crate) const TOO_LARGE: Rejection =
        Rejection { code: "X-SYNTHETIC-SIZE", text: "ファイルが大きすぎます。 The file is too large." };
    pub(crate) const INSTITUTION: Rejection = Rejection {
        code: "X-SYNTHETIC-INSTITUTION",
        text: "医療機関コードが違います。 Not this institution's code.",
    };
    pub(crate) const MISSING: Rejection = Rejection {
        code: "X-SYNTHETIC-MISSING",
        text: "必須項目がありません。 A required element is missing.",
    };
    pub(crate) const FORM: Rejection = Rejection {
        code: "X-SYNTHETIC-FORM",
        text: "項目の形式が正しくありません。 An element has a wrong form.",
    };
    pub(crate) const UNSUPPORTED: Rejection = Rejection {
        code: "X-SYNTHETIC-UNSUPPORTED",
        text: "練習用端末では扱わない電文です。 The practice terminal does not answer this message.",
    };
    pub(crate) const KNOB: Rejection =
        Rejection { code: "X-SYNTHETIC-KNOB", text: "練習のための拒否です。 Rejected for practice." };

    /// The content of the `.err` file. Its real form is unknown (`oqs-interface §1.5`): one line of text.
    pub(crate) fn line(self) -> String {
        format!("{} {}\r\n", self.code, self.text)
    }
}

/// One person asked for.
#[derive(Clone)]
pub(crate) struct Search {
    /// The element as it came, to be echoed.
    pub(crate) echo: Node,
    pub(crate) file_identifier: Option<String>,
    pub(crate) limit_consent: bool,
    insurer: Option<String>,
    symbol: Option<String>,
    number: Option<String>,
    branch: Option<String>,
    birth: Option<Date>,
}

/// A request that passed the terminal's checks.
pub(crate) enum Request {
    Single { on: Date, search: Search },
    BulkUpload { on: Date, identifier: Option<String>, searches: Vec<Search> },
    BulkDownload { identifier: Option<String>, reception: String },
    Registration { identifier: Option<String>, registration: Registration },
}

/// The content of `ReferenceNumberRegistrationInfo`.
pub(crate) struct Registration {
    pub(crate) echo: Node,
    pub(crate) reference: String,
    pub(crate) insurer: String,
    pub(crate) symbol: Option<String>,
    pub(crate) number: String,
    pub(crate) branch: Option<String>,
}

/// What can be known about a request even when it fails: its identifier and day, for the answer's header.
pub(crate) struct Envelope {
    pub(crate) identifier: Option<String>,
    pub(crate) on: Option<Date>,
}

/// Reads the header's echo values, whatever else is wrong.
pub(crate) fn envelope(root: &Node) -> Envelope {
    let header = root.child("MessageHeader");
    let value = |name| header.and_then(|header| header.value(name));
    Envelope {
        identifier: value("ArbitraryFileIdentifier").map(str::to_owned),
        on: value("QualificationConfirmationDate").and_then(compact_date),
    }
}

/// Checks a message of that kind.
pub(crate) fn read(kind: Kind, root: &Node, institution: &str) -> Result<Request, Rejection> {
    let header = root.child("MessageHeader").filter(|_| root.name == "XmlMsg").ok_or(Rejection::MISSING)?;
    let body = root.child("MessageBody").ok_or(Rejection::MISSING)?;
    match header.value("MedicalInstitutionCode") {
        None => return Err(Rejection::MISSING),
        Some(code) if code != institution => return Err(Rejection::INSTITUTION),
        Some(_) => {}
    }
    let identifier = header.value("ArbitraryFileIdentifier").map(str::to_owned);
    match kind {
        Kind::Single => single(header, body, identifier),
        Kind::BulkUpload => {
            let searches: Vec<Search> = searches(body).map(|info| search(info, None)).collect();
            let on = day(header)?;
            if searches.is_empty() {
                Err(Rejection::MISSING)
            } else {
                Ok(Request::BulkUpload { on, identifier, searches })
            }
        }
        Kind::BulkDownload => {
            let reception = body.value("ReceptionNumber").ok_or(Rejection::MISSING)?.to_owned();
            Ok(Request::BulkDownload { identifier, reception })
        }
        Kind::Registration => Ok(Request::Registration { identifier, registration: registration(body)? }),
        Kind::Unsupported => Err(Rejection::UNSUPPORTED),
    }
}

fn single(header: &Node, body: &Node, identifier: Option<String>) -> Result<Request, Rejection> {
    let on = day(header)?;
    let mut found = searches(body);
    let info = found.next().ok_or(Rejection::MISSING)?;
    if found.next().is_some() {
        return Err(Rejection::FORM);
    }
    for required in
        ["InsurerNumber", "InsuredIdentificationNumber", "Birthdate", "LimitApplicationCertificateRelatedConsFlg"]
    {
        info.value(required).ok_or(Rejection::MISSING)?;
    }
    let flag = info.value("LimitApplicationCertificateRelatedConsFlg");
    let birth = info.value("Birthdate").and_then(compact_date);
    if !matches!(flag, Some("0" | "1")) || birth.is_none() || !lengths_fit(info) {
        return Err(Rejection::FORM);
    }
    Ok(Request::Single { on, search: search(info, identifier) })
}

fn lengths_fit(info: &Node) -> bool {
    let limit = |name, most: usize| info.value(name).is_none_or(|text| text.chars().count() <= most);
    limit("InsurerNumber", 8)
        && limit("InsuredCardSymbol", 20)
        && limit("InsuredIdentificationNumber", 20)
        && limit("InsuredBranchNumber", 2)
}

fn searches(body: &Node) -> impl Iterator<Item = &Node> {
    body.children().iter().filter(|child| child.name == "QualificationConfirmSearchInfo")
}

fn search(info: &Node, file_identifier: Option<String>) -> Search {
    let text = |name| info.value(name).map(str::to_owned);
    Search {
        echo: info.clone(),
        file_identifier,
        limit_consent: info.value("LimitApplicationCertificateRelatedConsFlg") == Some("1"),
        insurer: text("InsurerNumber"),
        symbol: text("InsuredCardSymbol"),
        number: text("InsuredIdentificationNumber"),
        branch: text("InsuredBranchNumber"),
        birth: info.value("Birthdate").and_then(compact_date),
    }
}

fn registration(body: &Node) -> Result<Registration, Rejection> {
    let info = body.child("ReferenceNumberRegistrationInfo").ok_or(Rejection::MISSING)?;
    let required = |name| info.value(name).map(str::to_owned).ok_or(Rejection::MISSING);
    let reference = required("ReferenceNumber")?;
    if reference.chars().count() > 50 || !lengths_fit(info) {
        return Err(Rejection::FORM);
    }
    Ok(Registration {
        reference,
        insurer: required("InsurerNumber")?,
        number: required("InsuredIdentificationNumber")?,
        symbol: info.value("InsuredCardSymbol").map(str::to_owned),
        branch: info.value("InsuredBranchNumber").map(str::to_owned),
        echo: info.clone(),
    })
}

fn day(header: &Node) -> Result<Date, Rejection> {
    let text = header.value("QualificationConfirmationDate").ok_or(Rejection::MISSING)?;
    compact_date(text).ok_or(Rejection::FORM)
}

fn compact_date(text: &str) -> Option<Date> {
    Date::parse(text).filter(|_| text.len() == 8)
}

impl Search {
    /// The question for the service; `None` when something it needs is missing.
    pub(crate) fn query(&self, on: Date) -> Option<Query> {
        Some(Query {
            on,
            insurer: self.insurer.clone()?,
            symbol: self.symbol.clone(),
            number: self.number.clone()?,
            branch: self.branch.clone(),
            birth: self.birth?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_request_names_are_taken() {
        for (name, kind) in [
            ("OQSsiquc01req_202604010001", Some(Kind::Single)),
            ("OQSmuquc01req_1", Some(Kind::BulkUpload)),
            ("OQSmuquc02req_1", Some(Kind::BulkDownload)),
            ("OQSsiimm01req_1", Some(Kind::Registration)),
            ("YZKsiquc01req_1", Some(Kind::Unsupported)),
            ("TKKsiquc01req_1", Some(Kind::Unsupported)),
            ("OQSsihvq01req_1", Some(Kind::Unsupported)),
            ("OQSsiquc01req_", None),
            ("OQSsiquc01res_1", None),
            (".OQSsiquc01req_1", None),
            ("notes", None),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
        assert_eq!(result_name("OQSsiquc01req_X"), "OQSsiquc01res_X");
    }
}
