//! Who comes to the counter, and what they bring.

use domain::Date;
use domain::case::{Flow, Presented};
use domain::coverage::Coverage;
use domain::declaration::{Declaration, InsuranceKind};
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::PatientId;
use domain::number::{InsuredNumber, InsurerNumber};
use domain::visit::{DeclarationTaken, DocumentPresented, VisitCommand};
use web::port::{CheckIn, DeskCommand};

/// Somebody born on 1988-09-14.
pub fn person(name: &str, kana: &str) -> PersonFace {
    born(name, kana, Date::literal(1988, 9, 14))
}

/// Somebody born on this day.
pub fn born(name: &str, kana: &str, birth: Date) -> PersonFace {
    PersonFace {
        name: Some(name.to_owned()),
        name_kana: Some(kana.to_owned()),
        birth_date: Some(birth),
        ..PersonFace::EMPTY
    }
}

/// A check-in at a window: of who is known already, or of somebody new.
pub fn check_in(patient: Option<&PatientId>, person: PersonFace, commands: Vec<VisitCommand>) -> DeskCommand {
    let patient = patient.cloned();
    let (patient_number, flow, counter) = (None, Flow::Window, None);
    DeskCommand::CheckIn(Box::new(CheckIn { patient, patient_number, person, flow, counter, commands }))
}

/// Insurance of insurer 06010391 with this number of the insured.
pub fn insured(number: &str) -> Coverage {
    Coverage {
        insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse(number).unwrap().value),
        ..Coverage::EMPTY
    }
}

/// Something laid on the desk that tells nothing by itself.
pub fn shows(kind: EvidenceKind) -> VisitCommand {
    VisitCommand::Present(DocumentPresented { presented: Presented::bare(kind) })
}

/// The card.
pub fn card() -> VisitCommand {
    shows(EvidenceKind::MynaCardFace)
}

/// A 資格確認書 of insurer 06010391.
pub fn certificate(number: &str) -> VisitCommand {
    certificate_with(insured(number))
}

/// A 資格確認書 whose insurer number was entered as it is printed, whatever its check digit says.
pub fn certificate_as_printed(insurer: &str, number: &str) -> VisitCommand {
    certificate_with(Coverage {
        insurer_number: Some(InsurerNumber::parse_overridden(insurer).unwrap().value),
        insured_number: Some(InsuredNumber::parse(number).unwrap().value),
        override_reason: Some("証の印字のとおり".to_owned()),
        ..Coverage::EMPTY
    })
}

fn certificate_with(coverage: Coverage) -> VisitCommand {
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

/// A declaration of somebody without a card.
pub fn declaration(name: &str, birth: Date, kind: InsuranceKind) -> VisitCommand {
    let declaration = Declaration {
        form_no: "20261116-001".to_owned(),
        text_version: "1".to_owned(),
        document_issued: None,
        insurance_kind: kind,
        insurer_name: None,
        workplace: Some("架空製作所".to_owned()),
        issued_when: None,
        ratio_tenths: Some(3),
        name: name.to_owned(),
        name_kana: None,
        birth_date: birth,
        sex: None,
        address: Some("東京都見本区架空1-2-3".to_owned()),
        postal_code: None,
        phone: Some("03-0000-0000".to_owned()),
        other_contact: None,
        remembered_symbol: None,
        remembered_number: None,
        consent_contact: true,
        consent_requery: true,
        signature: None,
        paper: None,
    };
    VisitCommand::TakeDeclaration(DeclarationTaken { declaration })
}
