//! The result codes of the online check (checkin-rules §5), one to six and no answer at all.

use crate::desk::*;
use domain::claim::ClaimBasis;
use domain::coverage::{Coverage, LossReason};
use domain::decision::{Action, FollowUpKind, RatioBasis};
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::Cause;
use domain::rule::RulePack;

const DATE: &str = "2026-06-01";

#[test]
fn code_1_valid() {
    let said = at(DATE).card().on_file(company(), day("2026-05-01")).answer(valid(new_company())).decide();
    assert_eq!((said.evidence(), said.claim.basis), (Some(Kind::MynaCardFace), ClaimBasis::Current));
    assert_eq!(said.claim.coverage, Some(new_company()), "the answer's insurance, not the one on file");
    assert!(said.follow_ups.is_empty() && said.warns_of("前回と保険"), "compared with the file");
    let same = at(DATE).card().on_file(company(), day("2026-05-01")).answer(valid(company())).decide();
    assert!(same.cautions.is_empty());
}

#[test]
fn code_2_invalid_by_card_or_by_number() {
    let old = Coverage { loss_reason: Some(LossReason::PublicAssistance), ..lost(company(), "2026-04-30") };
    let by_card = at(DATE).card().answer(invalid(old.clone())).decide();
    assert!(by_card.offers(Kind::SelfDeclaration) && !by_card.offers(Kind::MynaCardFace));
    assert!(by_card.warns_of("生活保護の開始") && by_card.claim.basis == ClaimBasis::Former);

    let by_number = at(DATE).card().answer(invalid(old.clone()).by_number()).decide();
    assert_eq!(by_number.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)), "the card itself may know better");
    assert!(!by_number.offers(Kind::SelfDeclaration));

    let documents =
        at(DATE).card().answer(invalid(old.clone())).shows_with(Kind::CardPlusNotice, new_company()).decide();
    assert_eq!((documents.evidence(), documents.claim.basis), (Some(Kind::CardPlusNotice), ClaimBasis::Current));
    assert_eq!(documents.claim.coverage, Some(new_company()));
    let same_old = at(DATE).card().answer(invalid(old.clone())).shows_with(Kind::CardPlusNotice, company()).decide();
    assert_eq!(
        (same_old.evidence(), same_old.confidence()),
        (Some(Kind::CardPlusNotice), Some(Confidence::Unconfirmed))
    );
    assert_eq!((same_old.claim.basis, same_old.claim.coverage), (ClaimBasis::Former, Some(old)));
}

#[test]
fn code_2_for_a_patient_wrongly_called_invalid_before() {
    let mut visit =
        at(DATE).card().on_file(company(), day("2026-05-01")).answer(invalid(lost(company(), "2026-01-31")));
    assert!(visit.decide().follow_up(FollowUpKind::CallInsurer).is_some());
    visit.case.stored.as_mut().unwrap().false_invalid_since = Some(day("2026-02-10"));
    let said = visit.decide();
    assert_eq!(said.follow_up(FollowUpKind::CallInsurer), None, "not at every visit (REQ-29)");
    assert!(said.warns_of("2026-02-10"));
}

#[test]
fn code_3_superseded() {
    let visit = at(DATE).card().answer(superseded(company()).by_number());
    let said = visit.decide();
    let (card, number) = (said.place(Action::ReadCard, None), said.place(Action::QueryByNumber, None));
    assert!(card < number, "by card, or ask for the new number");
    assert!(said.step(Action::QueryByNumber).unwrap().reason.en.contains("do not bill the old one"));
    assert_eq!(said.claim.basis, ClaimBasis::Hold);

    let declared = at(DATE).card().answer(superseded(company())).declares(declaration()).decide();
    assert_eq!((declared.evidence(), declared.claim.basis), (Some(Kind::SelfDeclaration), ClaimBasis::Hold));
    assert!(declared.claim.reason.ja.contains("新しい資格"));
    let old_paper =
        at(DATE).answer(superseded(company()).by_number()).shows_with(Kind::EligibilityCertificate, company());
    assert_eq!(old_paper.decide().claim.basis, ClaimBasis::Hold, "never the old number");
    let new_paper =
        at(DATE).answer(superseded(company())).card().shows_with(Kind::CardPlusNotice, new_company()).decide();
    assert_eq!((new_paper.claim.basis, new_paper.claim.coverage), (ClaimBasis::Current, Some(new_company())));
    let asked_again = at(DATE).card().answer(valid(new_company())).decide();
    assert_eq!((asked_again.claim.basis, asked_again.claim.provisional), (ClaimBasis::Current, false));
}

#[test]
fn code_4_not_found() {
    let visit = at(DATE).card().answer(not_found().by_number());
    let said = visit.decide();
    let ways: Vec<Action> = said.ways().into_iter().map(|(action, _)| action).collect();
    assert_eq!(
        ways,
        [Action::Retype, Action::ReadCard, Action::ReadCard, Action::ReadCard],
        "type again, then the card"
    );
    let by_card = at(DATE).card().answer(not_found()).decide();
    let order =
        [Action::Retype, Action::TakeDocument, Action::TakeDeclaration].map(|action| by_card.place(action, None));
    assert!(order.is_sorted(), "then documents, then the declaration");
    assert_eq!(
        by_card.follow_up(FollowUpKind::CallInsurer).unwrap().due,
        RulePack::built_in().working_day_after(day(DATE))
    );

    let certificate =
        at(DATE).shows_with(Kind::EligibilityCertificate, company()).answer(not_found().by_number()).decide();
    assert_eq!(
        (certificate.evidence(), certificate.confidence()),
        (Some(Kind::EligibilityCertificate), Some(Confidence::Unconfirmed))
    );
    assert_eq!(certificate.claim.basis, ClaimBasis::Current, "the paper in hand is the best number there is");
    let nothing = at(DATE).card().answer(not_found()).declares(declaration()).decide();
    assert_eq!(nothing.claim.basis, ClaimBasis::Unknown);
}

#[test]
fn code_5_ambiguous() {
    let said = at(DATE).card().answer(ambiguous().by_number()).decide();
    assert_eq!(said.ways()[0], (Action::AddBranch, None));
    let as_four = at(DATE).card().answer(ambiguous()).declares(declaration()).decide();
    assert_eq!((as_four.evidence(), as_four.claim.basis), (Some(Kind::SelfDeclaration), ClaimBasis::Unknown));
}

#[test]
fn code_6_ticket_missing_beside_an_insurance() {
    let said = at(DATE).card().answer(ticket_missing().and(company()).and(assistance())).decide();
    assert_eq!((said.evidence(), said.claim.basis), (Some(Kind::MynaCardFace), ClaimBasis::Current));
    assert_eq!(said.claim.coverage, Some(company()), "the insurer pays first");
    assert_eq!((said.ratio.tenths, said.ratio.basis), (Some(3), Some(RatioBasis::Age)));
}

#[test]
fn no_answer_goes_to_the_next_way() {
    let said = at(DATE).card().reader_down().consent_app().decide();
    assert_eq!(
        said.ways()[..2],
        [(Action::UseConsentApp, Some(Kind::HomeConsentApp)), (Action::CallOutageLookup, Some(Kind::OutageLookup))]
    );
    let line = at(DATE).card().line_down().consent_app().decide();
    assert!(!line.offers(Kind::HomeConsentApp) && !line.offers(Kind::OutageLookup), "no path is left");
    assert_eq!(at(DATE).card().line_down().declares(declaration()).decide().why(), Some(Cause::Line));
}
