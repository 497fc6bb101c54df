//! Which number goes on the claim: the order of claims-rules §1.1, through decide and alone.

use crate::desk::*;
use domain::claim::{ClaimBasis, ClaimEvidence, claim_basis};
use domain::decision::FollowUpKind;
use domain::declaration::{Declaration, InsuranceKind};
use domain::evidence::EvidenceKind as Kind;
use domain::scheme::PayerBody;
use domain::text::Text;

const DATE: &str = "2026-06-01";

#[test]
fn the_order_of_the_sheet() {
    let (confirmed, stated, former, form) = (company(), kokuho(), new_company(), declaration());
    let wait = Some(Text::new("待つ", "wait"));
    let all = ClaimEvidence {
        confirmed: Some(&confirmed),
        stated: Some(&stated),
        former: Some(&former),
        wait,
        declaration: Some(&form),
        choices: None,
    };
    let taken = |evidence: &ClaimEvidence<'_>| {
        let claim = claim_basis(evidence);
        (claim.basis, claim.coverage, claim.provisional)
    };
    assert_eq!(taken(&all), (ClaimBasis::Current, Some(company()), false));
    let unconfirmed = ClaimEvidence { confirmed: None, ..all };
    assert_eq!(taken(&unconfirmed), (ClaimBasis::Current, Some(kokuho()), true));
    let waiting = ClaimEvidence { stated: None, ..unconfirmed };
    assert_eq!(taken(&waiting), (ClaimBasis::Hold, None, true));
    let lost = ClaimEvidence { wait: None, ..waiting };
    assert_eq!(taken(&lost), (ClaimBasis::Former, Some(new_company()), true));
    let unknown = ClaimEvidence { former: None, ..lost };
    assert_eq!(taken(&unknown).0, ClaimBasis::Unknown);
    assert_eq!(taken(&ClaimEvidence { declaration: None, ..unknown }), (ClaimBasis::Hold, None, true));
    assert_eq!(claim_basis(&ClaimEvidence::default()).basis, ClaimBasis::Hold);
}

#[test]
fn a_later_check_settles_what_was_provisional() {
    let declared = at(DATE).card().line_down().declares(declaration()).settled();
    let before = declared.decide();
    assert_eq!((before.claim.basis, before.claim.provisional), (ClaimBasis::Unknown, true));
    let found = declared.clone().answer(valid(kokuho())).decide();
    assert_eq!((found.claim.basis, found.claim.provisional), (ClaimBasis::Current, false));
    assert_eq!(found.claim.coverage, Some(kokuho()));
    let lost_meanwhile = declared.clone().answer(invalid(lost(kokuho(), "2026-05-20"))).decide();
    assert_eq!(lost_meanwhile.claim.basis, ClaimBasis::Former);
    assert_eq!(declared.answer(not_found()).decide().claim.basis, ClaimBasis::Unknown);
}

#[test]
fn a_number_only_on_file_is_a_former_one_for_a_declaration() {
    let visit = at(DATE).card().line_down().on_file(company(), day("2025-06-01"));
    let declared = visit.clone().declares(declaration()).decide();
    assert_eq!((declared.claim.basis, declared.claim.coverage), (ClaimBasis::Former, Some(company())));
    let unchanged = visit.says_unchanged().decide();
    assert_eq!((unchanged.claim.basis, unchanged.claim.coverage), (ClaimBasis::Current, Some(company())));
}

#[test]
fn a_paper_that_did_not_count_is_at_most_a_former_number() {
    let visit =
        at("2026-09-01").card().line_down().shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let said = visit.declares(declaration()).decide();
    assert_eq!((said.evidence(), said.claim.basis), (Some(Kind::SelfDeclaration), ClaimBasis::Former));
    let not_even_found = at("2026-09-01").card().shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let said = not_even_found.line_down().answer(not_found().by_number()).declares(declaration()).decide();
    assert_eq!(said.claim.basis, ClaimBasis::Unknown);
}

#[test]
fn unknown_claims_say_what_is_missing_and_hold() {
    let visit = |form: Declaration| at(DATE).card().answer(not_found()).declares(form).decide();
    let no_contact = visit(Declaration { phone: None, ..declaration() });
    assert_eq!(no_contact.claim.basis, ClaimBasis::Hold);
    assert!(
        no_contact.claim.reason.ja.contains("連絡先") && no_contact.follow_up(FollowUpKind::ReportNumber).is_some()
    );
    let nowhere = visit(Declaration { address: None, workplace: None, ..declaration() });
    assert!(nowhere.claim.reason.en.contains("address or workplace"));
    for (address, workplace) in [(None, Some("架空製作所".to_owned())), (Some("東京都".to_owned()), None)] {
        assert_eq!(visit(Declaration { address, workplace, ..declaration() }).claim.basis, ClaimBasis::Unknown);
    }
}

#[test]
fn the_payer_body_follows_the_kind_the_patient_named() {
    for (kind, body) in [
        (InsuranceKind::Employee, Some(PayerBody::EmployeesFund)),
        (InsuranceKind::NationalHealth, Some(PayerBody::Kokuhoren)),
        (InsuranceKind::LateElderly, Some(PayerBody::Kokuhoren)),
        (InsuranceKind::Unknown, None),
    ] {
        let form = Declaration { insurance_kind: kind, ..declaration() };
        assert_eq!(at(DATE).card().answer(not_found()).declares(form).decide().claim.payer_body, body);
    }
}

#[test]
fn long_remarks_are_cut_into_records() {
    let form = Declaration { address: Some("東京都見本区架空".repeat(8)), ..declaration() };
    let lines = at(DATE).card().answer(not_found()).declares(form).decide().claim.remark_lines;
    assert!(lines.len() > 2 && lines[0].starts_with("不詳　住所：") && lines[0].chars().count() == 38);
}

#[test]
fn accepted_without_numbers_waits_and_names_them() {
    let said = at(DATE).shows(Kind::EligibilityCertificate).decide();
    assert_eq!(said.claim.basis, ClaimBasis::Hold);
    let open = said.follow_up(FollowUpKind::ReportNumber).unwrap();
    assert!(open.reason.ja.contains("保険者番号") && open.reason.en.contains("insured number"));
}

#[test]
fn an_unaccepted_visit_claims_nothing_that_was_only_shown() {
    let said = at("2026-08-01").shows_with(Kind::NoticeOnly, company()).decide();
    assert_eq!((said.claim.basis, said.claim.coverage), (ClaimBasis::Hold, None));
}
