//! Corners of reading card and phone: what is tried first, and what happens when nothing identifies.

use crate::desk::*;
use domain::case::{AttemptOutcome, Companion};
use domain::claim::ClaimBasis;
use domain::decision::{Action, FollowUpKind};
use domain::eligibility::PersonMatch;
use domain::evidence::EvidenceKind as Kind;
use domain::link::Cause;

const DATE: &str = "2026-06-01";

#[test]
fn card_and_everything_up_is_read_and_nothing_else_is_asked() {
    let said = at(DATE).card().decide();
    assert_eq!(
        said.ways(),
        [
            (Action::ReadCard, Some(Kind::MynaCardFace)),
            (Action::ReadCard, Some(Kind::MynaCardPin)),
            (Action::ReadCard, Some(Kind::MynaCardVisual)),
        ]
    );
    assert_eq!(said.next_step().unwrap().order, 1);
}

#[test]
fn small_children_begin_with_the_visual_check() {
    let ways = at(DATE).born("2022-06-01").brought_by(Companion::Parent).card().decide().ways();
    assert_eq!(ways[0], (Action::ReadCard, Some(Kind::MynaCardVisual)));
    assert_eq!(ways.len(), 3);
}

#[test]
fn no_card_and_everything_up() {
    let said = at(DATE).decide();
    assert_eq!(
        said.ways(),
        [
            (Action::AskForCard, Some(Kind::MynaCardFace)),
            (Action::TakeDocument, Some(Kind::EligibilityCertificate)),
            (Action::AskFullCharge, None),
        ]
    );
}

#[test]
fn pairs_and_declarations_do_not_replace_a_card_that_can_be_read() {
    for kind in [Kind::CardPlusNotice, Kind::CardPlusPortalPdf, Kind::CardPlusPortalScreen, Kind::SelfDeclaration] {
        let said = at(DATE).shows_with(kind, company()).decide();
        assert!(said.refusal(kind).reason.ja.contains("まずカード"), "{kind:?}");
        assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)));
    }
    let oral = at(DATE).card().on_file(company(), day("2026-05-01")).says_unchanged().decide();
    assert!(oral.refusal(Kind::ReturnVisitOral).reason.ja.contains("まずカード"));
}

#[test]
fn a_certificate_works_beside_a_card_and_says_that_the_patient_chose() {
    let said = at(DATE).card().shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!((said.evidence(), said.why()), (Some(Kind::EligibilityCertificate), Some(Cause::Patient)));
}

#[test]
fn a_card_with_somebody_elses_photo_stops_everything_but_papers() {
    let visit = at(DATE).card().tried(Kind::MynaCardVisual, AttemptOutcome::OtherPerson).answer(valid(company()));
    let said = visit.decide();
    assert_eq!((said.person, said.accepted.clone()), (PersonMatch::Different, None));
    assert!(said.refusal(Kind::MynaCardVisual).reason.ja.contains("写真"));
    assert!(said.warns_of("取り違え") && said.claim.coverage.is_none() && !said.medical.allowed);
    assert_eq!(said.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)), "the patient's own card");
    assert!(!said.offers(Kind::SelfDeclaration), "somebody else's card is no photo ID");
    let papers = visit.shows_with(Kind::EligibilityCertificate, kokuho()).decide();
    assert_eq!((papers.evidence(), papers.claim.coverage), (Some(Kind::EligibilityCertificate), Some(kokuho())));
}

#[test]
fn an_unreadable_card_goes_on_at_once() {
    let visit = at(DATE).card().tried(Kind::MynaCardFace, AttemptOutcome::Unreadable);
    let said = visit.shows_with(Kind::CardPlusPortalPdf, company()).decide();
    assert_eq!((said.evidence(), said.why()), (Some(Kind::CardPlusPortalPdf), Some(Cause::Card)));
}

#[test]
fn a_patient_who_cannot_operate_the_reader() {
    let visit = at(DATE).card().consent_app().face_fails().pin_forgotten();
    assert_eq!(
        visit.decide().ways(),
        [(Action::ReadCard, Some(Kind::MynaCardVisual)), (Action::UseConsentApp, Some(Kind::HomeConsentApp))]
    );
    let nothing_works = visit.visual_fails().tried(Kind::HomeConsentApp, AttemptOutcome::Failed).decide();
    assert!(nothing_works.offers(Kind::SelfDeclaration) && !nothing_works.offers(Kind::HomeConsentApp));
    assert_eq!(nothing_works.refusal(Kind::MynaCardFace).rule, None);
}

#[test]
fn a_phone_at_a_site_that_cannot_read_it_is_the_staffs_decision() {
    let portal = at(DATE).shows_with(Kind::MynaPhoneAndroid, company());
    let said = portal.decide();
    assert!(said.refusal(Kind::MynaPhoneAndroid).reason.ja.contains("実物のカード"));
    assert_eq!(said.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)));
    assert_eq!(said.ways().last(), Some(&(Action::StaffDecides, Some(Kind::SiteJudgement))));
    assert!(said.step(Action::StaffDecides).unwrap().law.contains("U1") && !said.full_charge.may_be_asked);
    let taken = portal.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.why()), (Some(Kind::SiteJudgement), Some(Cause::Reader)));
    assert_eq!((taken.claim.basis, taken.claim.provisional), (ClaimBasis::Current, true), "by the screen's numbers");
    assert!(taken.follow_up(FollowUpKind::ReviewDecision).is_some());
}

#[test]
fn a_phone_that_fails_asks_for_the_card() {
    let said = at(DATE)
        .phone_reader()
        .shows(Kind::MynaPhoneIphone)
        .tried(Kind::MynaPhoneIphone, AttemptOutcome::Failed)
        .decide();
    assert!(said.refusal(Kind::MynaPhoneIphone).reason.ja.contains("実物のカード"));
    assert!(said.step(Action::AskForCard).is_some() && said.step(Action::StaffDecides).is_some());
}
