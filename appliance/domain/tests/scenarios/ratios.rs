//! The burden ratio through decide: age edges, sources and contradictions (claims-rules §6, checkin-rules §7.5).

use crate::desk::*;
use domain::decision::{Decision, FollowUpKind, RatioBasis};
use domain::declaration::Declaration;
use domain::evidence::EvidenceKind as Kind;

fn online(date: &str, birth: &str, coverage: domain::coverage::Coverage) -> Decision {
    at(date).born(birth).card().answer(valid(coverage).born(birth)).decide()
}

fn ratio(said: &Decision) -> (Option<u8>, Option<RatioBasis>) {
    (said.ratio.tenths, said.ratio.basis)
}

#[test]
fn preschool_ends_on_the_thirty_first_of_march() {
    for (birth, last) in [
        ("2019-04-01", "2025-03-31"),
        ("2019-04-02", "2026-03-31"),
        ("2019-03-31", "2025-03-31"),
        ("2019-12-31", "2026-03-31"),
        ("2020-02-29", "2026-03-31"),
    ] {
        let next = day(last).plus_days(1).to_string();
        assert_eq!(ratio(&online(last, birth, company())), (Some(2), Some(RatioBasis::Age)), "{birth} on {last}");
        assert_eq!(ratio(&online(&next, birth, company())), (Some(3), Some(RatioBasis::Age)), "{birth} on {next}");
    }
}

#[test]
fn turning_seventy_on_the_first_or_the_second() {
    for (birth, from) in [
        ("1955-11-30", "2025-12-01"),
        ("1955-12-01", "2025-12-01"),
        ("1955-12-02", "2026-01-01"),
        ("1956-01-01", "2026-01-01"),
    ] {
        let before = day(from).plus_days(-1).to_string();
        assert_eq!(ratio(&online(&before, birth, kokuho())), (Some(3), Some(RatioBasis::Age)), "{birth} on {before}");
        let without = online(from, birth, kokuho());
        assert_eq!(ratio(&without), (None, None), "{birth} on {from}: never assumed");
        assert!(without.ratio.ask.is_some() && without.warns_of("70～74歳"));
        assert!(without.ladder.iter().any(|step| step.evidence == Some(Kind::ElderlyRecipient)));
        let stated = online(from, birth, with_elderly(kokuho(), 2, from, "2026-07-31"));
        assert_eq!(ratio(&stated), (Some(2), Some(RatioBasis::Online)));
        assert!(!stated.ratio.mismatch && !stated.warns_of("70～74歳") && stated.follow_ups.is_empty());
    }
}

#[test]
fn the_elderly_paper_beside_a_certificate_gives_the_ratio() {
    let visit = at("2026-06-01").born("1954-01-05").shows_with(Kind::EligibilityCertificate, kokuho());
    assert_eq!(ratio(&visit.decide()), (None, None));
    let paper = with_elderly(kokuho(), 3, "2025-08-01", "2026-07-31");
    let with_paper = visit.clone().shows_with(Kind::ElderlyRecipient, paper.clone()).decide();
    assert_eq!(ratio(&with_paper), (Some(3), Some(RatioBasis::Document)));
    let elsewhen = at("2026-08-01").born("1954-01-05").shows_with(Kind::EligibilityCertificate, kokuho());
    assert_eq!(ratio(&elsewhen.shows_with(Kind::ElderlyRecipient, paper).decide()), (None, None), "out of date");
}

#[test]
fn seventy_five_begins_on_the_birthday_itself() {
    let birth = "1950-12-31";
    let before = online("2025-12-30", birth, with_elderly(kokuho(), 2, "2025-08-01", "2026-07-31"));
    assert_eq!(ratio(&before), (Some(2), Some(RatioBasis::Online)));
    let from = online("2025-12-31", birth, with_ratio(late_elderly(), 1));
    assert_eq!(ratio(&from), (Some(1), Some(RatioBasis::Online)));
    assert!(!from.ratio.mismatch && from.cautions.is_empty());
    let old_insurer = online("2025-12-31", birth, kokuho());
    assert!(old_insurer.warns_of("75歳以上") && old_insurer.ratio.tenths.is_none());
}

#[test]
fn a_late_elderly_patient_before_seventy_five_has_no_ratio_by_age() {
    let by_disability = online("2026-06-01", "1958-07-07", with_ratio(late_elderly(), 1));
    assert_eq!(ratio(&by_disability), (Some(1), Some(RatioBasis::Online)));
    assert!(!by_disability.ratio.mismatch, "age says nothing here");
    let without = online("2026-06-01", "1958-07-07", late_elderly());
    assert_eq!(ratio(&without), (None, None));
}

#[test]
fn a_national_health_association_may_have_a_ratio_of_its_own() {
    let own = online("2026-06-01", "1985-04-12", with_ratio(kumiai(), 2));
    assert_eq!((own.ratio.tenths, own.ratio.mismatch), (Some(2), false));
    let city = online("2026-06-01", "1985-04-12", with_ratio(kokuho(), 2));
    assert!(city.ratio.mismatch && city.follow_up(FollowUpKind::SettleRatio).is_some());
}

#[test]
fn the_ratio_on_file_ends_with_the_first_of_august() {
    let file = with_ratio(late_elderly(), 2);
    let visit = |date: &str, confirmed: &str| {
        at(date).born("1945-05-05").line_down().card().on_file(file.clone(), day(confirmed)).says_unchanged().decide()
    };
    assert_eq!(ratio(&visit("2026-07-31", "2025-08-01")), (Some(2), Some(RatioBasis::OnFile)));
    assert_eq!(ratio(&visit("2026-08-01", "2026-07-31")), (None, None), "judged anew");
    assert_eq!(ratio(&visit("2026-08-03", "2026-08-01")), (Some(2), Some(RatioBasis::OnFile)));
    assert!(visit("2026-08-01", "2026-07-31").ratio.ask.unwrap().ja.contains("後期高齢者医療"));
}

#[test]
fn the_ratio_on_file_ends_with_the_age_band() {
    let visit = |birth: &str| {
        let file = with_ratio(company(), 2);
        at("2026-04-01").born(birth).line_down().card().on_file(file, day("2026-03-20")).says_unchanged().decide()
    };
    assert_eq!(ratio(&visit("2020-04-01")), (Some(3), Some(RatioBasis::Age)), "school began today");
    assert_eq!(ratio(&visit("2020-04-02")), (Some(2), Some(RatioBasis::OnFile)));
}

#[test]
fn the_declared_ratio_counts_and_age_is_the_fallback() {
    let visit = |tenths: Option<u8>, birth: &str| {
        let form = Declaration { ratio_tenths: tenths, birth_date: day(birth), ..declaration() };
        at("2026-06-01").born(birth).card().answer(not_found().born(birth)).declares(form).decide()
    };
    assert_eq!(ratio(&visit(Some(2), "1953-01-01")), (Some(2), Some(RatioBasis::Declared)));
    assert_eq!(ratio(&visit(None, "1985-04-12")), (Some(3), Some(RatioBasis::Age)));
    assert_eq!(ratio(&visit(None, "2022-04-12")), (Some(2), Some(RatioBasis::Age)));
    assert_eq!(ratio(&visit(None, "1953-01-01")), (None, None));
    assert!(visit(Some(1), "1985-04-12").ratio.mismatch, "age contradicts it");
}

#[test]
fn the_later_paper_comes_first() {
    let older = with_ratio(from(late_elderly(), "2025-08-01"), 1);
    let newer = with_ratio(from(late_elderly(), "2026-01-01"), 3);
    let said = at("2026-06-01")
        .born("1945-05-05")
        .shows_with(Kind::InsuranceCardExpired, older)
        .shows_with(Kind::EligibilityCertificate, newer)
        .decide();
    assert_eq!(said.ratio.sources.iter().map(|source| source.tenths).collect::<Vec<_>>(), [3, 1]);
    assert!(said.ratio.mismatch);
}

#[test]
fn an_answer_that_does_not_cover_the_day_states_no_ratio() {
    let ended = with_ratio(until(late_elderly(), "2026-05-31"), 1);
    let said = online("2026-06-01", "1945-05-05", ended);
    assert_eq!((said.accepted.clone(), said.ratio.tenths), (None, None));
    assert!(said.warns_of("期間が受診日を含んでいません"));
}

#[test]
fn without_a_birth_date_it_is_asked_for() {
    let mut visit = at("2026-06-01").shows_with(Kind::EligibilityCertificate, company());
    visit.case.person.birth_date = None;
    let said = visit.decide();
    assert!(said.ratio.tenths.is_none() && said.ratio.ask.unwrap().ja.contains("生年月日"));
}
