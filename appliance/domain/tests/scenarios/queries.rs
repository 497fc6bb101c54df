//! Corners of queries by number, and answers that come after the acceptance.

use crate::desk::*;
use domain::claim::ClaimBasis;
use domain::decision::Action;
use domain::eligibility::PersonMatch;
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::Cause;
use domain::rule::RuleId;

const DATE: &str = "2026-06-01";

#[test]
fn a_query_confirms_the_paper_it_was_asked_for() {
    let visit = at(DATE).shows_with(Kind::EligibilityCertificate, company());
    let recommended = visit.decide();
    let query = recommended.step(Action::QueryByNumber).unwrap();
    assert!(query.order == 2 && !query.satisfied && query.reason.en.contains("nobody needs to wait"));
    assert!(
        at(DATE)
            .line_down()
            .shows_with(Kind::EligibilityCertificate, company())
            .decide()
            .step(Action::QueryByNumber)
            .is_none()
    );

    let confirmed = visit.clone().answer(by_number(company())).decide();
    let accepted = confirmed.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::EligibilityCertificate, Confidence::ConfirmedOnline));
    assert!(!accepted.provisional && confirmed.step(Action::QueryByNumber).is_none());
    assert_eq!(confirmed.claim.coverage, Some(company()));

    let of_another_insurance = visit.answer(by_number(new_company())).decide();
    assert_eq!(of_another_insurance.confidence(), Some(Confidence::ConfirmedByDocument));
    let expired = at(DATE).shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let wrong_number = expired.answer(by_number(new_company())).decide();
    assert_eq!(wrong_number.accepted, None, "the query was about another insurance");
    assert!(wrong_number.offers(Kind::InsuranceCardExpired));
}

#[test]
fn a_query_confirms_a_pair_and_a_number_on_file_when_the_reader_is_down() {
    let pair =
        at(DATE).card().reader_down().shows_with(Kind::CardPlusNotice, company()).answer(by_number(company())).decide();
    assert_eq!((pair.evidence(), pair.confidence()), (Some(Kind::CardPlusNotice), Some(Confidence::ConfirmedOnline)));
    assert_eq!(pair.why(), Some(Cause::Reader), "how it came to a query instead of the card");
    assert!(!pair.medical.allowed);
    let visit = at(DATE).card().reader_down().on_file(company(), day("2026-05-01"));
    let on_file = visit.clone().answer(by_number(company())).decide();
    assert_eq!(
        (on_file.evidence(), on_file.confidence()),
        (Some(Kind::ReturnVisitOral), Some(Confidence::ConfirmedOnline))
    );
    let other = visit.answer(by_number(new_company())).decide();
    assert_eq!(other.accepted, None, "not the number on file: ask whether anything changed");
    assert!(other.step(Action::AskUnchanged).is_some());
}

#[test]
fn an_answer_that_does_not_say_how_it_was_asked() {
    let silent = |kind: Kind| {
        let mut visit = at(DATE).shows_with(kind, until(company(), "2025-12-01")).answer(valid(company()));
        visit.case.online.as_mut().unwrap().asked_by = None;
        visit.decide().evidence()
    };
    assert_eq!(silent(Kind::InsuranceCardExpired), Some(Kind::InsuranceCardExpired), "no card was read");
    assert_eq!(silent(Kind::MynaCardFace), Some(Kind::MynaCardFace));
}

#[test]
fn a_valid_query_does_not_replace_reading_the_card() {
    let said = at(DATE).card().answer(by_number(company())).decide();
    assert_eq!(said.accepted, None);
    assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)));
    assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, false), "what was confirmed is kept");
}

#[test]
fn a_known_patient_without_papers_whose_number_is_valid_is_never_a_dead_end() {
    let visit = at(DATE).shows(Kind::None).on_file(company(), day("2026-05-02")).answer(by_number(company()));
    assert!(visit.decide().offers(Kind::SiteJudgement));
    let taken = visit.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.confidence()), (Some(Kind::SiteJudgement), Some(Confidence::ConfirmedOnline)));
}

#[test]
fn a_typing_error_that_finds_somebody_else() {
    let stranger = by_number(new_company()).born("1970-01-01");
    let paper = at(DATE)
        .shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"))
        .answer(stranger.clone())
        .decide();
    assert_eq!((paper.person, paper.accepted.clone()), (PersonMatch::Different, None));
    assert_eq!(paper.ways()[0], (Action::Retype, None));
    let card = at(DATE).card().answer(stranger).decide();
    assert!(card.offers(Kind::MynaCardFace), "the card was not even read yet");
}

#[test]
fn an_answer_for_another_day_or_person_in_a_second_result_does_not_slip_through() {
    let mut visit = at(DATE).card().answer(valid(company()));
    visit.case.online.as_mut().unwrap().confirmed_for = day("2026-05-31");
    let said = visit.decide();
    assert!(said.accepted.is_none() && said.warns_of("別の日") && said.offers(Kind::MynaCardFace));
    assert_eq!(said.claim.basis, ClaimBasis::Hold);

    let mut second = at(DATE).card().answer(valid(company()).and(assistance()));
    second.case.online.as_mut().unwrap().results[1].person.birth_date = Some(day("1970-01-01"));
    assert_eq!(second.decide().person, PersonMatch::Different);
}

#[test]
fn late_truth_confirms_or_takes_back() {
    let visit = at(DATE).line_down().shows_with(Kind::EligibilityCertificate, company()).settled();
    let confirmed = visit.clone().answer(by_number(company())).decide().accepted.unwrap();
    assert_eq!((confirmed.evidence, confirmed.confidence), (Kind::EligibilityCertificate, Confidence::ConfirmedOnline));
    assert!(!confirmed.provisional);
    let sure = at(DATE).card().answer(valid(company())).settled();
    let taken_back = sure.clone().answer(invalid(lost(company(), "2026-05-20"))).decide();
    let accepted = taken_back.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::MynaCardFace, Confidence::Unconfirmed));
    assert!(accepted.provisional && taken_back.claim.basis == ClaimBasis::Former);
    let stranger = sure.answer(valid(new_company()).born("1970-01-01")).decide();
    assert!(!stranger.accepted.unwrap().provisional, "another person's answer changes nothing");
    assert_eq!(stranger.claim.basis, ClaimBasis::Hold);
}

#[test]
fn medical_data_open_when_the_card_is_read_after_all() {
    let consented = valid(company()).consented_at(noon(day(DATE)));
    let visit = at(DATE).pharmacy().reader_down().card().shows_with(Kind::PrescriptionPaper, company()).settled();
    assert!(!visit.decide().medical.allowed);
    assert!(visit.clone().answer(consented.clone()).decide().medical.allowed);
    assert!(!visit.answer(consented.by_number()).decide().medical.allowed);
}

#[test]
fn refused_consent_is_no_consent() {
    let mut visit = at(DATE).card().answer(valid(company()).consented_at(noon(day(DATE))));
    for consent in &mut visit.case.online.as_mut().unwrap().consents {
        consent.given = false;
    }
    let said = visit.decide();
    assert!(!said.medical.allowed && said.medical.reason.en.contains("No consent"));
    assert_eq!(said.confidence(), Some(Confidence::ConfirmedOnline), "two separate answers");
}

#[test]
fn before_a_way_existed_it_is_refused_with_its_rule() {
    let screen = at("2023-05-31").line_down().shows_with(Kind::CardPlusPortalScreen, company()).decide();
    assert_eq!(screen.refusal(Kind::CardPlusPortalScreen).rule, Some(RuleId::PortalScreenOk));
    let form = at("2023-07-09").line_down().card().declares(declaration()).decide();
    assert!(form.refusal(Kind::SelfDeclaration).reason.ja.contains("まだ使えない"));
    let oral = at("2023-07-09").line_down().card().on_file(company(), day("2023-07-01")).says_unchanged().decide();
    assert_eq!(oral.refusal(Kind::ReturnVisitOral).rule, Some(RuleId::SelfDeclaration));
    let certificate = at("2024-12-01").shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(certificate.refusal(Kind::EligibilityCertificate).rule, Some(RuleId::EligibilityCertificate));
}
