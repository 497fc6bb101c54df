//! What the service found, as message trees in the documented order (`oqs-interface §2.3–§2.7`).

use super::age;
use super::clock::SimClock;
use super::fold::pad_insurer;
use super::node::{Elements, Node};
use super::person::{Eligibility, Person, Scheme, Validity};
use super::requests::Search;
use super::service::{Finding, Service};
use domain::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Shapes of answers the public sources leave open: settings, so that a reader is tried with all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerShape {
    /// 無効 carries the lost eligibility (`oqs-interface §6.3`: unknown).
    pub invalid_carries_result: bool,
    /// 無効(新しい資格あり) carries the old eligibility (unknown).
    pub superseded_carries_result: bool,
    /// Answers without result carry an empty `ResultList` instead of none.
    pub empty_result_list: bool,
    /// Abnormal ends carry an empty body (`oqs-interface §6.7`: unknown).
    pub abnormal_end_with_body: bool,
}

impl Default for AnswerShape {
    fn default() -> AnswerShape {
        AnswerShape {
            invalid_carries_result: true,
            superseded_carries_result: false,
            empty_result_list: false,
            abnormal_end_with_body: false,
        }
    }
}

/// What every answer needs to know.
pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    pub(crate) clock: &'a SimClock,
    pub(crate) institution: &'a str,
    pub(crate) character_code: &'static str,
    pub(crate) shape: AnswerShape,
    /// 照会番号 by person.
    pub(crate) references: &'a HashMap<u32, String>,
}

/// How a result came about.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Card { medical: bool },
    Number { limit_consent: bool },
    Bulk,
}

impl Context<'_> {
    /// `OQSsiquc01res` for a question by insurance data.
    pub(crate) fn single(&self, search: &Search, on: Date) -> Node {
        let finding = search.query(on).map(|query| self.service.ask(&query, self.clock.today()));
        let mut body = vec![search.echo.clone()];
        match finding {
            Some(finding) => {
                body.push(Node::text("ProcessingResultStatus", "1"));
                body.push(Node::text("QualificationValidity", finding.validity.code()));
                let limit_consent = search.limit_consent;
                body.extend(self.result_list(&finding, on, Way::Number { limit_consent }));
            }
            None => body.extend(person_error()),
        }
        Node::message(self.header(Some(on), search.file_identifier.as_deref(), Some("2"), "1"), Some(body))
    }

    /// The face file of a card reading; `medical` is false when the certificate no longer allows medical data.
    pub(crate) fn face(&self, person: u32, identifier: &str, medical: bool, notice: Option<(&str, &str)>) -> Node {
        let today = self.clock.today();
        let finding = self.service.ask_for(person, today, today);
        let mut body = Elements::default();
        body.text("PrescriptionIssueSelect", if self.prefers_electronic(person) { "1" } else { "2" });
        body.text("ProcessingResultStatus", "1");
        if let Some((code, message)) = notice {
            body.text("ProcessingResultCode", code).text("ProcessingResultMessage", message);
        }
        body.text("QualificationValidity", finding.validity.code());
        body.0.extend(self.result_list(&finding, today, Way::Card { medical }));
        Node::message(self.header(Some(today), Some(identifier), Some("1"), "1"), Some(body.0))
    }

    /// `OQSmuquc01res`: the receipt.
    pub(crate) fn bulk_receipt(&self, identifier: Option<&str>, reception: &str) -> Node {
        let body = vec![Node::text("ReceptionNumber", reception), Node::text("ReceptionDateTime", self.clock.stamp(0))];
        Node::message(self.header(None, identifier, None, "1"), Some(body))
    }

    /// `OQSmuquc02res` while the run is still going: no units yet.
    pub(crate) fn bulk_running(&self, identifier: Option<&str>, on: Date, reception: &str) -> Node {
        let mut header = self.header(Some(on), identifier, Some("2"), "2");
        header.push(Node::text("ReceptionNumber", reception));
        Node::message(header, None)
    }

    /// `OQSmuquc02res` when the run is done.
    pub(crate) fn bulk_done(&self, identifier: Option<&str>, on: Date, reception: &str, searches: &[Search]) -> Node {
        let units: Vec<(Node, bool)> = searches.iter().map(|search| self.unit(search, on)).collect();
        let normal = units.iter().filter(|(_, normal)| *normal).count();
        let mut header = self.header(Some(on), identifier, Some("2"), "1");
        header.push(Node::text("ReceptionNumber", reception));
        header.push(Node::text("NumberOfProcessingResult", units.len().to_string()));
        header.push(Node::text("NumberOfNormalProcessing", normal.to_string()));
        header.push(Node::text("NumberOfError", (units.len() - normal).to_string()));
        Node::message(header, Some(units.into_iter().map(|(unit, _)| unit).collect()))
    }

    fn unit(&self, search: &Search, on: Date) -> (Node, bool) {
        let mut unit = vec![search.echo.clone()];
        let Some(query) = search.query(on) else {
            unit.extend(person_error());
            return (Node::group("BulkConfirmUnit", unit), false);
        };
        let finding = self.service.ask(&query, self.clock.today());
        unit.push(Node::text("ProcessingResultStatus", "1"));
        unit.push(Node::text("QualificationValidity", finding.validity.code()));
        unit.extend(self.results(&finding, on, Way::Bulk));
        let reference = finding.person.and_then(|person| self.references.get(&person));
        unit.extend(reference.map(|number| Node::text("ReferenceNumber", number)));
        (Node::group("BulkConfirmUnit", unit), true)
    }

    /// `OQSsiimm01res`.
    pub(crate) fn registration(&self, identifier: Option<&str>, echo: &Node, done: bool) -> Node {
        let mut info = echo.clone();
        if let Some(children) = info.children_mut() {
            if done {
                children.push(Node::text("ProcessingResultStatus", "1"));
            } else {
                children.extend(person_error());
            }
        }
        Node::message(self.header(None, identifier, None, "1"), Some(vec![info]))
    }

    /// A failed request: `SegmentOfResult` 9 with an invented code (`oqs-interface §3.2`: real ones are unknown).
    pub(crate) fn abnormal_end(&self, on: Option<Date>, identifier: Option<&str>, code: &str, message: &str) -> Node {
        let mut header = self.header(on, identifier, None, "9");
        header.push(Node::text("ErrorCode", code));
        header.push(Node::text("ErrorMessage", message));
        Node::message(header, self.shape.abnormal_end_with_body.then(Vec::new))
    }

    fn header(&self, on: Option<Date>, identifier: Option<&str>, way: Option<&str>, segment: &str) -> Vec<Node> {
        let mut header = Elements::default();
        header
            .text("ProcessExecutionTime", self.clock.stamp(0))
            .date("QualificationConfirmationDate", on)
            .text("MedicalInstitutionCode", self.institution)
            .maybe("ArbitraryFileIdentifier", identifier)
            .maybe("ReferenceClassification", way)
            .text("SegmentOfResult", segment)
            .text("CharacterCodeIdentifier", self.character_code);
        header.0
    }

    fn prefers_electronic(&self, person: u32) -> bool {
        self.service.person(person).national.electronic_prescription
    }

    fn result_list(&self, finding: &Finding, on: Date, way: Way) -> Option<Node> {
        let results = self.results(finding, on, way);
        let list = !results.is_empty() || self.shape.empty_result_list;
        list.then(|| Node::list("ResultList", results))
    }

    fn results(&self, finding: &Finding, on: Date, way: Way) -> Vec<Node> {
        let carried = match finding.validity {
            Validity::Valid | Validity::ValidTicketMissing => true,
            Validity::Invalid => self.shape.invalid_carries_result,
            Validity::Superseded => self.shape.superseded_carries_result,
            Validity::NotFound | Validity::Ambiguous => false,
        };
        let Some(asked) = finding.person.filter(|_| carried).map(|index| self.service.person(index)) else {
            return Vec::new();
        };
        let given_out = self.service.given_out(asked);
        let places = if given_out.index == asked.index { finding.eligibilities.clone() } else { vec![0] };
        let eligibilities = places.iter().filter_map(|place| given_out.national.eligibilities.get(*place));
        eligibilities.map(|eligibility| self.result(asked, given_out, eligibility, on, way)).collect()
    }

    /// One result in the documented order.
    fn result(&self, asked: &Person, person: &Person, eligibility: &Eligibility, on: Date, way: Way) -> Node {
        let mut out = Elements::default();
        identity(&mut out, person, eligibility);
        periods(&mut out, eligibility, on);
        ratios(&mut out, person, eligibility, on);
        if way == Way::Bulk {
            out.text("LimitApplicationCertificateChanged", "0");
        } else {
            self.limits(&mut out, person, eligibility, way);
            self.medical_aid(&mut out, eligibility, on);
            if let Way::Card { medical } = way {
                self.consents(&mut out, person, medical);
            }
            out.maybe("ReferenceNumber", self.references.get(&asked.index));
        }
        Node::group("ResultOfQualificationConfirmation", out.0)
    }

    fn limits(&self, out: &mut Elements, person: &Person, eligibility: &Eligibility, way: Way) {
        // At the reader the consent screen is skipped since 2024-10-07: the class always comes.
        let consented = !matches!(way, Way::Number { limit_consent: false });
        let now = self.clock.stamp(0);
        out.text("LimitApplicationCertificateRelatedConsFlg", if consented { "1" } else { "0" });
        if consented {
            out.text("LimitApplicationCertificateRelatedConsTime", now.as_str());
            out.0.extend(eligibility.limit.as_ref().map(|limit| {
                let mut info = Elements::default();
                info.text("LimitApplicationCertificateClassification", limit.classification)
                    .text("LimitApplicationCertificateClassificationFlag", limit.class)
                    .text("LimitApplicationCertificateDate", limit.valid_from.compact())
                    .text("LimitApplicationCertificateValidStartDate", limit.valid_from.compact())
                    .date("LimitApplicationCertificateValidEndDate", limit.valid_to);
                Node::group("LimitApplicationCertificateRelatedInfo", info.0)
            }));
        }
        if matches!(way, Way::Card { .. }) {
            self.specific_disease(out, person, eligibility, &now);
        }
    }

    fn specific_disease(&self, out: &mut Elements, person: &Person, eligibility: &Eligibility, now: &str) {
        let Some((category, yen)) = &person.national.specific_disease else {
            out.text("SpecificDiseasesCertificateRelatedConsFlg", "0");
            return;
        };
        let mut info = Elements::default();
        info.text("SpecificDiseasesDiseaseCategory", category.as_str())
            .text("SpecificDiseasesCertificateDate", eligibility.acquired_on.compact())
            .text("SpecificDiseasesValidStartDate", eligibility.acquired_on.compact())
            .text("SpecificDiseasesSelfPay", yen.to_string());
        out.text("SpecificDiseasesCertificateRelatedConsFlg", "1")
            .text("SpecificDiseasesCertificateRelatedConsTime", now);
        let info = Node::group("SpecificDiseasesCertificateInfo", info.0);
        out.0.push(Node::list("SpecificDiseasesCertificateList", vec![info]));
    }

    fn medical_aid(&self, out: &mut Elements, eligibility: &Eligibility, on: Date) {
        let Some(ticket) = eligibility.ticket.as_ref().filter(|ticket| ticket.registered) else { return };
        let mut info = Elements::default();
        info.text("TicketType", "01")
            .text("MedicalTicketValidDate", on.first_of_month().compact())
            .text("MedicalTicketExpirationDate", on.end_of_month().compact())
            .text("IssueNumber", ticket.issue_number.as_str())
            .text("MedicalTreatmentMonth", &on.compact()[..6])
            .text("DesignatedMedicalInstitutionCode", self.institution)
            .text("DesignatedMedicalInstitutionFlag", "0")
            .text("InjuryName1", "見本の傷病")
            .text("MedicalTreatmentType", "02")
            .text("SelfPayAmount", ticket.self_pay_yen.to_string())
            .text("DistrictContactName", "見本　担当")
            .text("SingleOrCombinedUse", if ticket.combined { "02" } else { "01" })
            .text("StatusOfSocialInsurance", if ticket.combined { "01" } else { "02" })
            .text("StatusOfInfecton", "02")
            .text("StatusOfElderlyMedicalCare", "02")
            .text("StatusOfPrefecturalExpenses", "02");
        out.0.push(Node::list("PublicExpenseResultList", vec![Node::group("MedicalTicketInfo", info.0)]));
    }

    /// Consent to see medical data: 24 hours; a refused topic carries only its flag (`oqs-interface §2.5`).
    fn consents(&self, out: &mut Elements, person: &Person, medical: bool) {
        let given = person.national.consents;
        for (topic, consented) in [
            ("SpecificHealthCheckupsInfo", given.checkup),
            ("PharmacistsInfo", given.drugs),
            ("DiagnosisInfo", given.diagnosis),
            ("OperationInfo", given.operation),
        ] {
            let consented = consented && medical;
            out.text(&format!("{topic}ConsFlg"), if consented { "1" } else { "0" });
            if consented {
                out.text(&format!("{topic}ConsTime"), self.clock.stamp(0))
                    .text(&format!("{topic}AvailableTime"), self.clock.stamp(1));
            }
        }
    }
}

fn identity(out: &mut Elements, person: &Person, eligibility: &Eligibility) {
    let coverage = &eligibility.coverage;
    let shown = !person.national.address_withheld;
    out.text("InsuredCardClassification", eligibility.card_class)
        .text("InsurerNumber", pad_insurer(&coverage.insurer_number))
        .maybe("InsuredCardSymbol", coverage.symbol.as_deref())
        .text("InsuredIdentificationNumber", coverage.number.as_str())
        .maybe("InsuredBranchNumber", coverage.branch.as_deref())
        .maybe("PersonalFamilyClassification", coverage.self_insured.map(|own| if own { "1" } else { "2" }))
        .maybe("InsuredName", eligibility.insured_name.as_deref())
        .text("Name", eligibility.name.as_str())
        .text("NameKana", eligibility.name_kana.as_str())
        .text("Sex1", person.face.sex.code())
        .text("Birthdate", person.face.birth_date.compact())
        .maybe("Address", eligibility.address.as_deref().filter(|_| shown))
        .maybe("PostNumber", eligibility.postal_code.as_deref().filter(|_| shown));
}

fn periods(out: &mut Elements, eligibility: &Eligibility, on: Date) {
    let renewed = eligibility.valid_to.map(|end| renewed(end, on));
    out.text("QualificationDate", eligibility.acquired_on.compact())
        .date("DisqualificationDate", eligibility.lost_on)
        .text("InsuredCertificateIssuanceDate", eligibility.valid_from.compact())
        .text("InsuredCardValidDate", eligibility.valid_from.compact())
        .date("InsuredCardExpirationDate", renewed);
}

/// Papers are renewed every year: the first yearly end on or after the day asked.
fn renewed(end: Date, on: Date) -> Date {
    let mut end = end;
    while end < on {
        end = end.plus_years(1);
    }
    end
}

fn ratios(out: &mut Elements, person: &Person, eligibility: &Eligibility, on: Date) {
    let birth = person.face.birth_date;
    let percent = |tenths: u8| format!("{:03}", u16::from(tenths) * 10);
    out.maybe("InsuredPartialContributionRatio", eligibility.late_elderly_tenths.map(percent));
    let insured = eligibility.scheme != Scheme::MEDICAL_AID;
    out.maybe("PreschoolClassification", (insured && on <= age::preschool_until(birth)).then_some("1"));
    out.maybe("ReasonOfLoss", eligibility.loss_reason);
    out.text("InsurerName", eligibility.coverage.insurer_name.as_str());
    let from = age::seventy_from(birth);
    let to = age::seventy_five_on(birth).plus_days(-1);
    if let Some(tenths) = eligibility.elderly_tenths.filter(|_| from <= on && on <= to) {
        let mut info = Elements::default();
        info.text("ElderlyRecipientCertificateDate", from.compact())
            .text("ElderlyRecipientValidStartDate", from.compact())
            .text("ElderlyRecipientValidEndDate", age::next_31_july(on).min(to).compact())
            .text("ElderlyRecipientContributionRatio", percent(tenths));
        out.0.push(Node::group("ElderlyRecipientCertificateInfo", info.0));
    }
}

/// A person who could not be processed (`ProcessingResultStatus` 2), with invented texts.
fn person_error() -> [Node; 3] {
    [
        Node::text("ProcessingResultStatus", "2"),
        Node::text("ProcessingResultCode", "X-SYNTHETIC-PERSON"),
        Node::text("ProcessingResultMessage", "見本のエラーです。照会項目を確認してください。"),
    ]
}
