//! What staff copied from the official outage and disaster screens (checkin-rules §3.4).

use crate::desk::*;
use domain::claim::ClaimBasis;
use domain::decision::{FollowUpKind, RatioBasis};
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::Cause;
use domain::lookup::DisasterConsent;

const DATE: &str = "2026-06-01";

#[test]
fn the_outage_look_up_receives_the_patient_and_is_confirmed_later() {
    let visit = at(DATE).card().reader_down().looked_up(Kind::OutageLookup, by_number(company()));
    let said = visit.decide();
    assert_eq!((said.evidence(), said.confidence()), (Some(Kind::OutageLookup), Some(Confidence::ConfirmedByDocument)));
    assert_eq!(said.why(), Some(Cause::Reader));
    let accepted = said.accepted.as_ref().unwrap();
    assert!(accepted.provisional, "the box did not hear it from the national service");
    assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, true));
    assert_eq!(said.claim.coverage, Some(company()));
    assert!(!said.medical.allowed && !said.full_charge.may_be_asked);
    for kind in [FollowUpKind::Recheck, FollowUpKind::ReportLookup] {
        assert!(said.follow_up(kind).is_some(), "{kind:?}");
    }
    let confirmed = visit.settled();
    let confirmed = domain::decide(
        &domain::case::Case { lookup: None, ..confirmed.answer(by_number(company())).case },
        &domain::rule::RulePack::built_in(),
    );
    let accepted = confirmed.accepted.unwrap();
    assert_eq!((accepted.evidence, accepted.provisional), (Kind::OutageLookup, false));
    assert!(confirmed.follow_ups.is_empty());
}

#[test]
fn it_needs_no_card_and_settles_the_share_of_the_old() {
    let visit = at(DATE).born("1950-01-15").looked_up(Kind::OutageLookup, by_number(with_ratio(late_elderly(), 1)));
    let visit = domain::decide(&with_birth_of_answer(visit).case, &domain::rule::RulePack::built_in());
    assert_eq!(visit.evidence(), Some(Kind::OutageLookup));
    assert_eq!((visit.ratio.tenths, visit.ratio.basis), (Some(1), Some(RatioBasis::Online)));
}

fn with_birth_of_answer(mut visit: Desk) -> Desk {
    let birth = visit.case.person.birth_date;
    let results = visit.case.lookup.iter_mut().flat_map(|lookup| &mut lookup.answer.results);
    results.for_each(|result| result.person.birth_date = birth);
    visit
}

#[test]
fn a_screen_that_does_not_say_valid_is_no_evidence_and_no_dead_end() {
    for (answer, basis) in [(invalid(company()), ClaimBasis::Former), (not_found(), ClaimBasis::Unknown)] {
        let visit = at(DATE).card().reader_down().looked_up(Kind::OutageLookup, answer);
        let said = visit.decide();
        assert!(said.accepted.is_none() && said.offers(Kind::SelfDeclaration));
        assert!(said.refusal(Kind::OutageLookup).reason.ja.contains("無保険の証明ではありません"));
        let declared = visit.declares(declaration()).decide();
        assert_eq!((declared.evidence(), declared.claim.basis), (Some(Kind::SelfDeclaration), basis));
    }
}

#[test]
fn nobody_compared_the_person_nobody_is_received() {
    let mut visit = at(DATE).card().reader_down().looked_up(Kind::OutageLookup, by_number(company()));
    visit.case.lookup.as_mut().unwrap().person_compared = false;
    let said = visit.decide();
    assert!(said.accepted.is_none() && said.refusal(Kind::OutageLookup).reason.ja.contains("見比べて"));
}

#[test]
fn another_person_on_the_screen_stays_hidden() {
    let visit = at(DATE).card().reader_down();
    let said = visit.looked_up(Kind::OutageLookup, by_number(company()).born("1931-03-03")).decide();
    assert!(said.accepted.is_none() && said.warns_of("別人") && said.claim.coverage.is_none());
}

#[test]
fn the_disaster_function_must_be_open_and_needs_neither_card_nor_certificate() {
    let closed = at(DATE).line_down().looked_up(Kind::DisasterMode, by_number(company())).decide();
    assert!(closed.accepted.is_none() && closed.refusal(Kind::DisasterMode).reason.ja.contains("開放されていません"));
    let open = at(DATE).line_down().disaster_mode_open();
    assert!(open.decide().offers(Kind::DisasterMode), "no card was shown");
    let visit = open.certificate_until("2024-01-01").looked_up(Kind::DisasterMode, by_number(company()));
    let said = visit.decide();
    assert_eq!((said.evidence(), said.confidence()), (Some(Kind::DisasterMode), Some(Confidence::ConfirmedByDocument)));
    assert!(said.follow_up(FollowUpKind::ReportLookup).is_none() && said.follow_up(FollowUpKind::Recheck).is_some());
    for (consent, allowed) in
        [(DisasterConsent::Oral, true), (DisasterConsent::LifeAtRisk, true), (DisasterConsent::NotGiven, false)]
    {
        assert_eq!(visit.clone().consents_in_disaster(consent).decide().medical.allowed, allowed, "{consent:?}");
    }
}

#[test]
fn what_the_box_hears_of_the_card_itself_is_better() {
    let mut visit = at(DATE).card().answer(valid(company()));
    visit.case.lookup = None;
    assert_eq!(visit.decide().confidence(), Some(Confidence::ConfirmedOnline));
}
