//! A card the patient has lost: what is said, what is not asked any more, and what stays to be done.

use crate::desk::*;
use domain::decision::{Action, FollowUpKind};
use domain::evidence::EvidenceKind as Kind;

#[test]
fn a_lost_card_is_not_asked_for_and_the_number_to_stop_it_is_said() {
    let visit = at("2026-11-20").on_file(company(), day("2026-10-05")).lost_card();
    let said = visit.decide();
    assert!(said.step(Action::AskForCard).is_none(), "{:?}", said.ways());
    assert!(said.warns_of("0120-95-0178"));
    assert!(said.next_step().is_some(), "the visit goes on");
}

#[test]
fn it_is_looked_after_until_the_claim_closes_and_never_on_the_same_day() {
    let lost = at("2026-11-20").line_down().lost_card().declares(declaration()).decide();
    assert_eq!(lost.follow_up(FollowUpKind::CardLost).unwrap().due, day("2026-12-09"));
}

#[test]
fn a_certificate_stands_for_it() {
    let said = at("2026-11-20").lost_card().shows_with(Kind::EligibilityCertificate, company()).decide();
    assert!(said.follow_up(FollowUpKind::CardLost).is_none());
}

#[test]
fn the_next_visit_asks_for_what_came_instead() {
    let mut visit = at("2026-11-25").on_file(company(), day("2026-10-05"));
    visit.case.stored.as_mut().unwrap().card_lost_on = Some(day("2026-11-20"));
    assert!(visit.decide().warns_of("2026-11-20"));
    assert!(!visit.card().decide().warns_of("2026-11-20"), "the card is there");
}
