//! What the rules leave to the site, and edges of age and season that the window and the claim feel.

use crate::desk::*;
use domain::claim::ClaimBasis;
use domain::coverage::{Coverage, PersonalFamily};
use domain::date::Weekday;
use domain::decision::{FollowUpKind, RatioBasis};
use domain::declaration::InsuranceKind;
use domain::evidence::EvidenceKind as Kind;
use domain::number::InsurerNumber;
use domain::rule::RulePack;
use domain::site_choices::{AssociationRatio, SiteChoices};
use domain::working_day::ClosedDays;

const DATE: &str = "2026-06-01";

fn rules(choices: SiteChoices) -> RulePack {
    RulePack::built_in().with_choices(choices)
}

fn two_tenths_for_members() -> SiteChoices {
    let own = AssociationRatio {
        insurer: kumiai().insurer_number.unwrap(),
        personal_family: Some(PersonalFamily::SelfInsured),
        tenths: 2,
        from: Some(day("2026-04-01")),
        to: None,
    };
    SiteChoices { association_ratios: vec![own], ..SiteChoices::default() }
}

#[test]
fn a_kumiai_may_have_a_share_of_its_own() {
    let member = Coverage { personal_family: Some(PersonalFamily::SelfInsured), ratio_tenths: None, ..kumiai() };
    let shown = |date, coverage: Coverage| at(date).shows_with(Kind::EligibilityCertificate, coverage);
    let unknown = shown(DATE, member.clone()).decide();
    assert_eq!((unknown.ratio.tenths, unknown.ratio.basis), (Some(3), Some(RatioBasis::Age)));
    assert!(
        unknown.ratio.ask.unwrap().ja.contains("国保組合は負担割合が独自"),
        "the age rule is not taken for certain"
    );

    let set = shown(DATE, member.clone()).rules(rules(two_tenths_for_members())).decide();
    assert_eq!((set.ratio.tenths, set.ratio.basis), (Some(2), Some(RatioBasis::Association)));
    assert!(!set.ratio.mismatch && set.ratio.ask.is_none());
    let before = shown("2026-03-31", member.clone()).rules(rules(two_tenths_for_members())).decide();
    assert_eq!(before.ratio.tenths, Some(3), "not yet");
    let family = Coverage { personal_family: Some(PersonalFamily::Dependant), ..member.clone() };
    assert_eq!(shown(DATE, family).rules(rules(two_tenths_for_members())).decide().ratio.tenths, Some(3));
    let printed = shown(DATE, with_ratio(member, 3)).rules(rules(two_tenths_for_members())).decide();
    assert!(printed.ratio.mismatch, "paper and setting disagree: staff look");
    assert_eq!(printed.ratio.basis, Some(RatioBasis::Document));
}

#[test]
fn the_sites_words_stand_on_the_claim() {
    let choices = SiteChoices {
        former_claim_wording: Some("旧資格 喪失後受診".to_owned()),
        alternative_unknown_insurer: true,
        ..SiteChoices::default()
    };
    let lost = at(DATE).card().answer(invalid(lost(company(), "2026-05-01"))).declares(declaration());
    assert_eq!(lost.clone().rules(rules(choices.clone())).decide().claim.remark_lines, ["旧資格 喪失後受診"]);
    assert_eq!(lost.decide().claim.remark_lines, ["旧資格"]);
    let visit = at(DATE).card().line_down().declares(declaration());
    let claim = domain::decide(&visit.case, &rules(choices)).claim;
    assert_eq!(claim.coverage.unwrap().insurer_number, Some(InsurerNumber::UNKNOWN_ALTERNATIVE));
    assert_eq!(visit.decide().claim.coverage.unwrap().insurer_number, Some(InsurerNumber::UNKNOWN));
}

#[test]
fn follow_ups_fall_on_days_the_site_works() {
    let closed = ClosedDays { weekdays: vec![Weekday::Tuesday, Weekday::Sunday], ..ClosedDays::default() };
    let visit = at(DATE).line_down().shows_with(Kind::EligibilityCertificate, company());
    let recheck = |rules| visit.clone().rules(rules).decide().follow_up(FollowUpKind::Recheck).unwrap().due;
    assert_eq!(recheck(RulePack::built_in()), day("2026-06-02"), "a Tuesday");
    assert_eq!(recheck(rules(SiteChoices { closed, ..SiteChoices::default() })), day("2026-06-03"));
}

#[test]
fn insurance_on_file_is_left_behind_at_75() {
    let visit =
        |confirmed| at(DATE).card().line_down().born("1951-05-20").on_file(company(), day(confirmed)).says_unchanged();
    let before = visit("2026-05-19").decide();
    assert_eq!(before.evidence(), Some(Kind::ReturnVisitOral), "nobody is sent away");
    assert_eq!((before.claim.basis, before.claim.coverage.as_ref()), (ClaimBasis::Former, Some(&company())));
    assert_eq!(visit("2026-05-20").decide().claim.basis, ClaimBasis::Current, "confirmed after the birthday");
    let at_74 = at("2026-05-19").card().line_down().born("1951-05-20").on_file(company(), day("2026-04-01"));
    assert_eq!(at_74.says_unchanged().decide().claim.basis, ClaimBasis::Current);
}

#[test]
fn april_and_august_are_said() {
    let visit = |date, birth: &str, confirmed| {
        at(date).card().line_down().born(birth).on_file(company(), day(confirmed)).says_unchanged().decide()
    };
    assert!(visit("2026-04-06", "1985-04-12", "2026-03-20").warns_of("4月1日より前"));
    assert!(!visit("2026-04-06", "1985-04-12", "2026-04-01").warns_of("4月1日"));
    assert!(visit("2026-08-03", "1954-01-01", "2026-07-01").warns_of("8月1日より前"));
    assert!(!visit("2026-08-03", "1985-04-12", "2026-07-01").warns_of("8月1日"));
}

#[test]
fn medical_assistance_beside_an_insurance_pays_the_patients_part() {
    let said = at(DATE).card().answer(valid(company()).and(assistance())).decide();
    assert_eq!(said.ratio.tenths, Some(3), "the share of the insurance, for the claim");
    assert!(said.ratio.ask.unwrap().ja.contains("医療扶助が支払います"));
}

#[test]
fn an_overridden_number_is_looked_at_before_the_claim() {
    let odd = Coverage {
        insurer_number: InsurerNumber::parse_overridden("01130013").ok().map(|checked| checked.value),
        override_reason: Some("原本を2人で確認".to_owned()),
        ..company()
    };
    let visit = at(DATE).line_down().shows_with(Kind::EligibilityCertificate, odd.clone());
    let said = visit.decide();
    assert!(said.follow_up(FollowUpKind::CheckInsurerNumber).is_some() && said.warns_of("原本を2人で確認"));
    let confirmed = visit.settled().answer(by_number(odd)).decide();
    assert!(confirmed.follow_up(FollowUpKind::CheckInsurerNumber).is_none(), "the national service knows it");
}

#[test]
fn a_subsidys_number_in_the_insurers_field_is_pointed_out() {
    let subsidy =
        Coverage { insurer_number: InsurerNumber::parse("54016027").ok().map(|checked| checked.value), ..company() };
    assert!(at(DATE).shows_with(Kind::EligibilityCertificate, subsidy.clone()).decide().warns_of("公費"));
    assert!(
        !at(DATE).shows_with(Kind::MedicalAssistanceTicket, assistance()).decide().warns_of("公費負担者番号のよう")
    );
    assert_eq!(declaration().insurance_kind, InsuranceKind::Employee);
}

#[test]
fn what_is_reported_comes_before_the_claim_closes() {
    let said = at("2026-01-31").card().line_down().declares(declaration()).decide();
    assert_eq!(said.follow_up(FollowUpKind::ReportNumber).unwrap().due, day("2026-02-09"));
}
