//! What staff should notice, and what they are told to ask for.

use crate::desk::*;
use domain::coverage::Coverage;
use domain::decision::Action;
use domain::evidence::EvidenceKind as Kind;
use domain::number::InsurerNumber;

const DATE: &str = "2026-06-01";

#[test]
fn protected_people_are_not_asked_aloud() {
    let said = at(DATE).card().answer(not_found()).shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(said.evidence(), Some(Kind::EligibilityCertificate));
    assert!(said.warns_of("声に出して") && said.warns_of("家族に電話しない"));
    assert!(!at(DATE).shows_with(Kind::EligibilityCertificate, company()).decide().warns_of("声に出して"));
}

#[test]
fn the_notice_of_people_from_65_to_74_in_the_city_s_insurance() {
    for (birth, hint) in [("1961-06-02", false), ("1961-06-01", true), ("1951-06-02", true), ("1951-06-01", false)] {
        let said = at(DATE).born(birth).on_file(kokuho(), day("2026-05-01")).decide();
        assert_eq!(said.warns_of("資格情報のお知らせ"), hint, "{birth}");
    }
    let notice = at(DATE).born("1955-01-01").shows(Kind::NoticeOnly).decide();
    assert!(notice.warns_of("カードと一緒"));
    assert!(!at(DATE).born("1955-01-01").on_file(company(), day("2026-05-01")).decide().warns_of("資格情報のお知らせ"));
    assert!(
        !at(DATE)
            .born("1955-01-01")
            .card()
            .on_file(kokuho(), day("2026-05-01"))
            .decide()
            .warns_of("資格情報のお知らせ")
    );
}

#[test]
fn a_check_digit_that_does_not_fit_is_pointed_out() {
    let wrong =
        Coverage { insurer_number: Some(InsurerNumber::parse_overridden("01040014").unwrap().value), ..company() };
    let said = at(DATE).shows_with(Kind::EligibilityCertificate, wrong).decide();
    assert!(said.evidence() == Some(Kind::EligibilityCertificate) && said.warns_of("検証番号"));
}

#[test]
fn a_paper_of_the_wrong_scheme_for_the_age_is_pointed_out() {
    let said = at(DATE).born("1945-05-05").shows_with(Kind::EligibilityCertificate, company()).decide();
    assert!(said.warns_of("75歳以上"));
    let young = at(DATE).shows_with(Kind::EligibilityCertificate, late_elderly()).decide();
    assert!(young.warns_of("65歳未満"));
}

#[test]
fn additions_are_asked_for_where_they_are_not_known() {
    let paper = at(DATE).shows_with(Kind::EligibilityCertificate, company()).decide();
    let asked = |said: &domain::decision::Decision, kind| {
        said.ladder.iter().any(|step| step.action == Action::AskAddOn && step.evidence == Some(kind))
    };
    assert!(asked(&paper, Kind::LimitCertificate) && asked(&paper, Kind::SubsidyCertificate));
    let online = at(DATE).card().answer(valid(company())).shows(Kind::SubsidyCertificate).decide();
    assert!(!asked(&online, Kind::LimitCertificate) && !asked(&online, Kind::SubsidyCertificate));
}
