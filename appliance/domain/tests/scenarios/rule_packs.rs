//! End dates move (three of them did within a year): a rule pack with other dates decides otherwise, and says which it was.

use crate::desk::*;
use domain::Date;
use domain::certificate::CertificateWindow;
use domain::decision::Action;
use domain::evidence::EvidenceKind as Kind;
use domain::rule::{RuleId, RulePack};

fn moved(id: RuleId, from: Option<&str>, to: Option<&str>) -> RulePack {
    let date = |text: Option<&str>| text.map(|text| Date::parse(text).unwrap());
    RulePack::built_in().with_period(id, date(from), date(to))
}

#[test]
fn a_prolonged_transitional_rule_accepts_again() {
    let visit = at("2026-08-01").shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let visit = visit.answer(valid(company()).by_number());
    assert_eq!(visit.decide().accepted, None);
    let prolonged = visit.rules(moved(RuleId::TransitionalExpiredAll, Some("2025-12-02"), Some("2027-03-31"))).decide();
    assert_eq!(prolonged.evidence(), Some(Kind::InsuranceCardExpired));
    assert_eq!(prolonged.rules_version, "2026-03-19+site");
}

#[test]
fn a_shortened_one_refuses() {
    let rules = moved(RuleId::TransitionalExpiredAll, Some("2025-12-02"), Some("2026-03-31"));
    let visit = at("2026-04-01").shows_with(Kind::NoticeOnly, company()).answer(valid(company()).by_number());
    assert!(visit.decide().accepted.is_some());
    let said = visit.rules(rules).decide();
    assert_eq!(said.refusal(Kind::NoticeOnly).rule, Some(RuleId::TransitionalExpiredAll));
    assert!(said.refusal(Kind::NoticeOnly).reason.ja.contains("終了"));
}

#[test]
fn the_cap_of_the_insurance_card_is_a_setting() {
    let visit = at("2025-12-02").line_down().shows_with(Kind::InsuranceCardValid, until(company(), "2025-12-31"));
    assert_eq!(visit.decide().accepted, None);
    let later = visit.rules(moved(RuleId::InsuranceCardValid, None, Some("2025-12-31"))).decide();
    assert_eq!(later.evidence(), Some(Kind::InsuranceCardValid));
}

#[test]
fn the_unknown_day_of_the_consent_app_is_a_setting() {
    let visit = at("2025-04-10").card().reader_down().consent_app();
    assert!(visit.decide().offers(Kind::HomeConsentApp));
    let later = visit.rules(moved(RuleId::HomeConsentReaderDown, Some("2025-04-15"), None)).decide();
    assert_eq!(later.refusal(Kind::HomeConsentApp).rule, Some(RuleId::HomeConsentReaderDown));
}

#[test]
fn the_clinic_card_tolerance_may_end() {
    let visit = at("2026-06-20").shows(Kind::PatientCardOnly).on_file(company(), day("2026-06-02"));
    let visit = visit.answer(valid(company()).by_number());
    assert_eq!(visit.decide().evidence(), Some(Kind::PatientCardOnly));
    let ended = visit.rules(moved(RuleId::PatientCardMonthly, Some("2024-04-17"), Some("2026-05-31"))).decide();
    assert_eq!(ended.refusal(Kind::PatientCardOnly).rule, Some(RuleId::PatientCardMonthly));
    assert!(ended.step(Action::StaffDecides).is_some(), "the number was valid all the same");
}

#[test]
fn the_start_of_the_certificate_grace_is_a_setting() {
    let visit = at("2024-12-10").card().certificate_until("2024-11-30");
    assert_eq!(visit.decide().certificate_window, Some(CertificateWindow::W2));
    let later = visit.rules(moved(RuleId::CertGraceThreeMonths, Some("2025-01-01"), None)).decide();
    assert_eq!(later.certificate_window, Some(CertificateWindow::W3));
    assert!(later.offers(Kind::CardPlusPortalPdf));
}

#[test]
fn phones_may_start_later() {
    let visit = at("2025-10-01").phone_reader().shows(Kind::MynaPhoneAndroid);
    assert_eq!(visit.decide().ways()[0].0, Action::ReadPhone);
    let later = visit.rules(moved(RuleId::Phone, Some("2025-11-01"), None)).decide();
    assert_eq!(later.refusal(Kind::MynaPhoneAndroid).rule, Some(RuleId::Phone));
}
