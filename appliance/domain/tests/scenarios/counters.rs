//! Every kind of counter: where patients are received there, and which evidence counts (checkin-rules §3.2, §3.5, §3.8).

use crate::desk::*;
use domain::case::{Companion, Flow};
use domain::counter::{Counter, CounterId, CounterKind};
use domain::decision::Action;
use domain::evidence::EvidenceKind as Kind;
use domain::rule::RuleId;

const DATE: &str = "2026-06-01";

/// A patient with a card at a counter, at a clinic with a reader at the desk, the app and the web.
fn card_at(kind: CounterKind, has_reader: bool, date: &str) -> Desk {
    let mut desk = at(date).flow(kind.flow()).card().consent_app().consent_web();
    let counter = Counter { id: CounterId::new("1"), name: "窓口".to_owned(), kind, has_reader };
    desk.case.site = counter.equips(desk.case.site.clone());
    desk
}

#[test]
fn at_a_desk_with_a_reader_the_card_is_read_and_consent_from_afar_is_not_offered() {
    for kind in [CounterKind::MainDesk, CounterKind::SecondCounter] {
        let said = card_at(kind, true, DATE).decide();
        assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)), "{kind:?}");
        assert!(!said.offers(Kind::HomeConsentWeb) && !said.offers(Kind::HomeConsentApp), "{kind:?}");
    }
    let without = card_at(CounterKind::SecondCounter, false, DATE).decide();
    assert!(
        !without.offers(Kind::MynaCardFace)
            && without.offers(Kind::HomeConsentApp)
            && without.offers(Kind::CardPlusNotice)
    );
}

#[test]
fn in_other_flows_around_the_site_app_and_web_come_first_from_the_day_they_were_listed() {
    for kind in [CounterKind::DriveThrough, CounterKind::FeverTent, CounterKind::CarList, CounterKind::Bedside] {
        let said = card_at(kind, false, DATE).decide();
        assert_eq!(said.ways()[0], (Action::UseConsentApp, Some(Kind::HomeConsentApp)), "{kind:?}");
        assert_eq!(said.ways()[1], (Action::UseConsentWeb, Some(Kind::HomeConsentWeb)), "{kind:?}");
        assert_eq!(said.step(Action::UseConsentWeb).unwrap().rule, Some(RuleId::HomeConsentOtherFlow), "{kind:?}");
        assert!(!said.offers(Kind::MynaCardFace), "the fixed reader does not reach {kind:?}");
        assert!(!said.full_charge.may_be_asked, "{kind:?}");
        let before = card_at(kind, false, "2024-09-29").decide();
        assert!(!before.offers(Kind::HomeConsentWeb) && !before.offers(Kind::HomeConsentApp), "{kind:?}");
        let with_reader = card_at(kind, true, DATE).decide();
        assert_eq!(
            with_reader.ways()[0],
            (Action::ReadCard, Some(Kind::MynaCardFace)),
            "a second reader stands at {kind:?}"
        );
    }
}

#[test]
fn at_home_and_in_facilities_there_is_no_reader_whatever_a_counter_says() {
    for kind in [CounterKind::HomeVisit, CounterKind::FacilityRound] {
        let said = card_at(kind, true, DATE).decide();
        assert_eq!(said.ways()[0], (Action::UseConsentApp, Some(Kind::HomeConsentApp)), "{kind:?}");
        assert_eq!(said.step(Action::UseConsentApp).unwrap().rule, Some(RuleId::HomeConsentApp), "{kind:?}");
        assert_eq!(said.step(Action::UseConsentWeb).unwrap().rule, Some(RuleId::HomeConsentWeb), "{kind:?}");
        assert!(!said.offers(Kind::MynaCardFace), "{kind:?}");
        let no_pin = card_at(kind, true, DATE).pin_forgotten().decide();
        assert!(no_pin.offers(Kind::HomeConsentApp), "residents need no PIN: the app takes the visual check");
        assert!(!no_pin.offers(Kind::HomeConsentWeb), "the web needs it");
    }
}

#[test]
fn with_the_line_cut_every_counter_still_has_a_lawful_way_with_the_card() {
    for kind in CounterKind::ALL {
        let said = card_at(*kind, false, DATE).line_down().decide();
        assert!(!said.full_charge.may_be_asked, "{kind:?}");
        assert!(said.offers(Kind::SelfDeclaration) || said.offers(Kind::CardPlusPortalPdf), "{kind:?}");
        assert!(!said.offers(Kind::HomeConsentWeb) && !said.offers(Kind::HomeConsentApp), "{kind:?}");
    }
}

#[test]
fn the_drive_through_of_a_pharmacy_takes_the_prescription_and_somebody_instead() {
    let lane = at(DATE).pharmacy().flow(CounterKind::DriveThrough.flow()).without_reader();
    let paper = lane.clone().shows(Kind::PrescriptionPaper).decide();
    assert_eq!(paper.evidence(), Some(Kind::PrescriptionPaper));
    let mut proxy = lane.shows(Kind::PrescriptionElectronic);
    proxy.case.companion = Some(Companion::Proxy);
    assert_eq!(proxy.decide().evidence(), Some(Kind::PrescriptionElectronic));
}

#[test]
fn a_child_brought_by_a_parent_begins_with_the_visual_check_and_copies_do_not_count() {
    let mut child = card_at(CounterKind::MainDesk, true, DATE);
    child.case.companion = Some(Companion::Parent);
    child.case.person.birth_date = Some(day("2023-05-05"));
    assert_eq!(child.decide().ways()[0], (Action::ReadCard, Some(Kind::MynaCardVisual)));
    let mut copy = at(DATE).shows_copy(Kind::EligibilityCertificate, company());
    copy.case.companion = Some(Companion::Parent);
    copy.case.person.birth_date = Some(day("2023-05-05"));
    assert_eq!(copy.decide().evidence(), None, "a copy needs school or nursery staff");
}

#[test]
fn every_kind_has_a_flow_and_only_desks_have_no_place_to_ask_for() {
    for kind in CounterKind::ALL {
        let is_desk = kind.flow() == Flow::Window;
        assert_eq!(kind.place_asked().is_none(), is_desk, "{kind:?}");
    }
}
