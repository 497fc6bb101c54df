//! Corners of papers: copies, tickets, prescriptions, notices and what is written down.

use crate::desk::*;
use domain::case::Companion;
use domain::claim::ClaimBasis;
use domain::decision::{Action, FollowUpKind, RatioBasis};
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::Cause;
use domain::rule::RuleId;

const DATE: &str = "2026-06-01";

#[test]
fn copies_count_in_the_right_hands_only() {
    let copy = |who: Option<Companion>, kind: Kind, date: &str| {
        let visit = at(date).born("2022-06-01").shows_copy_of(kind, Kind::EligibilityCertificate, company());
        who.map_or(visit.clone(), |who| visit.brought_by(who)).decide().evidence()
    };
    let nursery = Some(Companion::NurseryStaff);
    assert_eq!(copy(nursery, Kind::NurseryCopy, "2025-02-11"), None);
    assert_eq!(copy(nursery, Kind::NurseryCopy, "2025-02-12"), Some(Kind::NurseryCopy));
    assert_eq!(copy(None, Kind::NurseryCopy, DATE), Some(Kind::NurseryCopy), "the kind itself names the occasion");
    assert_eq!(copy(Some(Companion::Teacher), Kind::NurseryCopy, DATE), None);
    assert_eq!(copy(Some(Companion::Helper), Kind::SchoolTripCopy, DATE), None);
    let nobody_said = at(DATE).shows_copy(Kind::EligibilityCertificate, company()).decide();
    assert!(nobody_said.accepted.is_none() && nobody_said.offers(Kind::EligibilityCertificate));
    let notice = at("2026-10-01").brought_by(Companion::Teacher).shows_with(Kind::NoticeOnly, company()).decide();
    assert_eq!((notice.evidence(), notice.refused.len()), (Some(Kind::SchoolTripCopy), 0));
    let old = at(DATE).brought_by(Companion::Teacher).shows_with(Kind::SchoolTripCopy, until(company(), "2026-03-31"));
    assert!(old.decide().refusal(Kind::SchoolTripCopy).reason.ja.contains("期限"));
    let not_yet = at(DATE).shows_with(Kind::EligibilityCertificate, from(company(), "2026-06-02")).decide();
    assert!(not_yet.refusal(Kind::EligibilityCertificate).reason.en.contains("not valid yet"));
    let card_copy = at("2025-11-01").shows_copy(Kind::InsuranceCardValid, company()).decide();
    assert!(card_copy.refusal(Kind::InsuranceCardValid).reason.ja.contains("写し"));
}

#[test]
fn a_notice_of_the_elderly_ends_on_the_thirty_first_of_july() {
    let visit = |date: &str| at(date).born("1954-01-05").line_down().card();
    let notice = until(with_elderly(kokuho(), 2, "2025-08-01", "2026-07-31"), "2026-07-31");
    let last = visit("2026-07-31").shows_with(Kind::CardPlusNotice, notice.clone()).decide();
    assert_eq!((last.evidence(), last.ratio.tenths), (Some(Kind::CardPlusNotice), Some(2)));
    let after = visit("2026-08-01").shows_with(Kind::CardPlusNotice, notice).decide();
    assert!(after.refusal(Kind::CardPlusNotice).reason.ja.contains("7月31日"));
    assert!(after.offers(Kind::SelfDeclaration));
}

#[test]
fn the_clinic_card_counts_once_a_month_was_begun_with_a_document() {
    let visit = at("2026-06-20").shows(Kind::PatientCardOnly);
    let known = |shown: &str| visit.clone().on_file(company(), day(shown));
    let open = known("2026-06-02").decide();
    assert!(open.offers(Kind::PatientCardOnly) && !open.full_charge.may_be_asked);
    let confirmed = known("2026-06-02").answer(by_number(company())).decide();
    assert_eq!(
        (confirmed.evidence(), confirmed.confidence()),
        (Some(Kind::PatientCardOnly), Some(Confidence::ConfirmedOnline))
    );
    for said in [
        known("2026-05-31").decide(),
        known("2026-06-02").line_down().decide(),
        known("2026-06-02").answer(not_found().by_number()).decide(),
        visit.decide(),
    ] {
        assert_eq!(said.refusal(Kind::PatientCardOnly).rule, Some(RuleId::PatientCardMonthly));
    }
    let too_early = at("2024-04-16").shows(Kind::PatientCardOnly).on_file(company(), day("2024-04-02"));
    assert!(too_early.answer(by_number(company())).decide().accepted.is_none());
}

#[test]
fn prescriptions_in_a_pharmacy_beside_a_card() {
    let visit = at(DATE).pharmacy().card().shows_with(Kind::PrescriptionPaper, company());
    let said = visit.decide();
    assert_eq!(said.accepted, None);
    assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)));
    assert_eq!(said.ways().last(), Some(&(Action::TakePrescription, Some(Kind::PrescriptionPaper))));
    let chosen = visit.clone().staff_take_in().decide();
    assert_eq!((chosen.evidence(), chosen.why()), (Some(Kind::PrescriptionPaper), Some(Cause::Patient)));
    let reader_down = visit.reader_down().decide();
    assert_eq!((reader_down.evidence(), reader_down.why()), (Some(Kind::PrescriptionPaper), Some(Cause::Reader)));
    let clinic = at(DATE).shows(Kind::PrescriptionPaper).decide();
    assert!(clinic.refusal(Kind::PrescriptionPaper).reason.ja.contains("薬局だけ"));
    let proxy =
        at(DATE).pharmacy().brought_by(Companion::Proxy).shows_with(Kind::PrescriptionElectronic, company()).decide();
    assert!(proxy.ladder[0].say.ja.contains("引換番号"));
}

#[test]
fn somebody_instead_of_the_patient() {
    let visit = at(DATE).brought_by(Companion::Proxy);
    let certificate = visit.clone().shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(certificate.evidence(), Some(Kind::EligibilityCertificate));
    let pair = visit.clone().line_down().shows_with(Kind::CardPlusNotice, company());
    let said = pair.decide();
    assert!(said.refusal(Kind::CardPlusNotice).reason.ja.contains("代理"));
    assert!(said.offers(Kind::SiteJudgement) && !said.full_charge.may_be_asked);
    assert_eq!(pair.staff_take_in().decide().evidence(), Some(Kind::SiteJudgement));
    assert!(visit.decide().step(Action::AskForCard).is_none(), "the card is not the proxy's to use");
}

#[test]
fn medical_tickets_on_paper() {
    let visit = at(DATE).shows_with(Kind::MedicalAssistanceTicket, assistance());
    let said = visit.decide();
    assert_eq!((said.evidence(), said.ratio.tenths), (Some(Kind::MedicalAssistanceTicket), Some(0)));
    assert_eq!(said.ratio.basis, Some(RatioBasis::Ticket));
    assert_eq!((said.claim.basis, said.claim.coverage), (ClaimBasis::Current, Some(assistance())));
    let beside_insurance = at(DATE)
        .shows_with(Kind::EligibilityCertificate, company())
        .shows_with(Kind::MedicalAssistanceTicket, assistance())
        .decide();
    assert_eq!(beside_insurance.ratio.tenths, Some(3), "the insurer pays first");
    let last_month = at(DATE).shows_with(Kind::MedicalAssistanceTicket, until(assistance(), "2026-05-31")).decide();
    assert!(last_month.refusal(Kind::MedicalAssistanceTicket).reason.ja.contains("福祉事務所"));
    let online = at(DATE).card().answer(valid(assistance())).decide();
    assert_eq!((online.evidence(), online.ratio.tenths), (Some(Kind::MedicalAssistanceOnline), Some(0)));
}

#[test]
fn the_card_face_is_written_down_when_nobody_can_fill_in_a_form() {
    let visit = at(DATE).line_down().card();
    let said = visit.decide();
    assert!(said.place(Action::TakeDeclaration, None) < said.place(Action::StaffDecides, Some(Kind::SiteJudgement)));
    assert!(said.step(Action::StaffDecides).unwrap().reason.ja.contains("4項目"));
    let taken = visit.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.confidence()), (Some(Kind::SiteJudgement), Some(Confidence::Unconfirmed)));
    assert_eq!(taken.claim.basis, ClaimBasis::Hold);
    let kinds = taken.follow_up_kinds();
    assert_eq!(kinds, [FollowUpKind::Recheck, FollowUpKind::ReportNumber, FollowUpKind::ReviewDecision]);
}
