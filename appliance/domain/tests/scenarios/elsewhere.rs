//! Corners of the ways that need no reader at the window.

use crate::desk::*;
use domain::case::Flow;
use domain::decision::Action;
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::{Cause, Link};
use domain::rule::RuleId;

const DATE: &str = "2026-06-01";

#[test]
fn home_visits_have_no_reader() {
    let visit = at(DATE).flow(Flow::HomeVisit).card().consent_app().consent_web();
    let said = visit.decide();
    assert_eq!(said.ways()[0], (Action::UseConsentApp, Some(Kind::HomeConsentApp)));
    assert_eq!(said.ways()[1], (Action::UseConsentWeb, Some(Kind::HomeConsentWeb)));
    assert_eq!(said.step(Action::UseConsentApp).unwrap().rule, Some(RuleId::HomeConsentApp));
    let pair = visit.shows_with(Kind::CardPlusPortalPdf, company()).decide();
    assert_eq!((pair.evidence(), pair.why()), (Some(Kind::CardPlusPortalPdf), Some(Cause::Reader)));
}

#[test]
fn remote_consent_is_for_other_flows_than_the_window() {
    for flow in [Flow::FeverClinic, Flow::Ward, Flow::DriveThrough] {
        let said = at(DATE).flow(flow).consent_web().decide();
        assert!(said.offers(Kind::HomeConsentWeb));
        assert!(!at("2024-09-29").flow(flow).consent_web().decide().offers(Kind::HomeConsentWeb));
    }
    let window = at(DATE).consent_web().shows(Kind::HomeConsentWeb).decide();
    assert!(window.refusal(Kind::HomeConsentWeb).reason.ja.contains("窓口"));
    assert!(!window.full_charge.may_be_asked, "the patient has the card somewhere");
    let broken = at(DATE).consent_web().card().reader_down().decide();
    assert!(broken.offers(Kind::HomeConsentWeb), "the reader path is down");
    let no_pin = at(DATE).flow(Flow::Ward).consent_web().card().pin_forgotten().decide();
    assert!(!no_pin.offers(Kind::HomeConsentWeb), "it needs the PIN");
}

#[test]
fn the_limited_check_is_for_exempt_sites_and_never_opens_medical_data() {
    let answer = valid(company()).consented_at(noon(day(DATE)));
    let obliged = at(DATE).shows(Kind::LimitedApp).answer(answer.clone()).decide();
    assert!(obliged.accepted.is_none() && obliged.refusal(Kind::LimitedApp).reason.ja.contains("義務化"));
    assert!(obliged.offers(Kind::MynaCardFace), "read the card at the reader");
    let mut exempt = at(DATE).without_reader().card();
    exempt.case.site.limited_check_exempt = true;
    assert_eq!(exempt.decide().ways()[0], (Action::ReadCard, Some(Kind::LimitedApp)));
    let checked = exempt.shows(Kind::LimitedApp).answer(answer).decide();
    assert_eq!((checked.evidence(), checked.medical.allowed), (Some(Kind::LimitedApp), false));
}

#[test]
fn a_site_without_a_reader_is_a_supported_configuration() {
    let visit = at(DATE).without_reader().card();
    assert!(visit.decide().offers(Kind::CardPlusNotice));
    let pair = visit.shows_with(Kind::CardPlusNotice, company()).decide();
    assert_eq!((pair.evidence(), pair.why()), (Some(Kind::CardPlusNotice), Some(Cause::Reader)));
    assert!(pair.step(Action::QueryByNumber).is_some());
}

#[test]
fn the_outage_look_up_works_without_the_card_and_needs_another_path() {
    let visit = at(DATE).down(Link::Terminal).card();
    assert!(visit.decide().offers(Kind::OutageLookup));
    assert!(!at(DATE).down(Link::NationalService).card().decide().offers(Kind::OutageLookup));
    let found = visit.shows(Kind::OutageLookup).answer(by_number(company())).decide();
    assert_eq!((found.evidence(), found.confidence()), (Some(Kind::OutageLookup), Some(Confidence::ConfirmedOnline)));
    assert!(!found.medical.allowed && found.warns_of("使用報告"));
}

#[test]
fn the_disaster_function_only_while_it_is_open() {
    let visit = at(DATE).shows(Kind::DisasterMode).answer(by_number(company()).consented_at(noon(day(DATE))));
    let closed = visit.decide();
    assert!(closed.refusal(Kind::DisasterMode).reason.en.contains("not open") && closed.accepted.is_none());
    let mut open = visit;
    open.case.site.disaster_mode_open = true;
    let found = open.decide();
    assert_eq!((found.evidence(), found.medical.allowed), (Some(Kind::DisasterMode), true), "oral consent");
    open.case.online = None;
    open.case.presented.clear();
    let before = open.decide();
    assert!(before.offers(Kind::DisasterMode) && !before.full_charge.may_be_asked);
}

#[test]
fn power_is_named_as_the_cause() {
    let said = at(DATE).power_cut().card().declares(declaration()).decide();
    let why = said.accepted.unwrap().why_not_better.unwrap();
    assert_eq!((why.cause, why.since), (Cause::Power, Some(noon(day(DATE)).plus_ms(-600_000))));
}
