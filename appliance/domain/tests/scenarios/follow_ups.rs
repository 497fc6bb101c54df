//! What remains to be done, and until when (checkin-rules §11, REQ-30).

use crate::desk::*;
use domain::decision::FollowUpKind;
use domain::evidence::EvidenceKind as Kind;
use domain::follow_up::{claim_close, recheck_plan};
use domain::rule::RulePack;

fn plan(date: &str) -> Vec<String> {
    recheck_plan(day(date), &RulePack::built_in()).into_iter().map(|due| due.to_string()).collect()
}

#[test]
fn rechecks_over_weekends_year_ends_and_month_ends() {
    // Monday; Friday before a weekend; the last working Friday of the year; a month's end where two dates fall together
    assert_eq!(plan("2026-06-01"), ["2026-06-02", "2026-06-06", "2026-06-11", "2026-07-09"]);
    assert_eq!(plan("2026-06-05"), ["2026-06-08", "2026-06-10", "2026-06-15", "2026-07-09"]);
    assert_eq!(plan("2025-12-26"), ["2026-01-05", "2026-01-09"], "nobody is there before");
    assert_eq!(plan("2026-05-01"), ["2026-05-07", "2026-05-11", "2026-06-09"], "a golden week");
    assert_eq!(plan("2026-01-30"), ["2026-02-02", "2026-02-04", "2026-02-09"]);
    assert_eq!(plan("2028-02-29"), ["2028-03-01", "2028-03-05", "2028-03-09"], "none on the closing day itself");
}

#[test]
fn claims_close_on_the_tenth_of_the_next_month() {
    for (visit, close) in [
        ("2025-12-01", "2026-01-10"),
        ("2025-12-31", "2026-01-10"),
        ("2026-01-31", "2026-02-10"),
        ("2028-02-29", "2028-03-10"),
    ] {
        assert_eq!(claim_close(day(visit)), day(close));
    }
}

#[test]
fn every_offline_acceptance_is_asked_about_again() {
    for (date, due) in [("2025-12-26", "2026-01-05"), ("2026-11-20", "2026-11-24"), ("2026-06-05", "2026-06-08")] {
        let said = at(date).line_down().shows_with(Kind::EligibilityCertificate, company()).decide();
        let recheck = said.follow_up(FollowUpKind::Recheck).unwrap();
        assert_eq!((recheck.due, recheck.plan.clone()), (day(due), recheck_plan(day(date), &RulePack::built_in())));
    }
}

#[test]
fn a_declaration_stays_open_until_it_is_confirmed() {
    let visit = at("2025-12-26").card().line_down().declares(declaration());
    let said = visit.decide();
    assert_eq!(said.follow_up(FollowUpKind::DeclarationOpen).unwrap().due, day("2026-01-10"));
    assert_eq!(said.follow_up(FollowUpKind::ReportNumber).unwrap().due, day("2026-01-05"));
    let confirmed = visit.settled().answer(valid(company())).decide();
    assert_eq!(confirmed.follow_ups, [], "settled");
}

#[test]
fn the_missing_ticket_is_asked_about_after_mid_month() {
    for (date, due) in [
        ("2026-06-01", "2026-06-16"),
        ("2026-06-15", "2026-06-16"),
        ("2026-06-16", "2026-06-17"),
        ("2026-12-31", "2027-01-04"),
    ] {
        let said = at(date).card().answer(ticket_missing()).decide();
        let recheck = said.follow_up(FollowUpKind::Recheck).unwrap();
        assert_eq!(recheck.due, day(due), "{date}");
        assert_eq!(recheck.plan.last(), Some(&claim_close(day(date)).plus_days(-1)));
    }
}

#[test]
fn renewal_slips_in_every_window_but_the_first() {
    for (date, slip) in
        [("2025-11-09", false), ("2025-11-10", true), ("2026-02-10", true), ("2026-02-11", true), ("2026-06-01", true)]
    {
        let said = at(date).card().certificate_until("2026-02-10").decide();
        assert_eq!(said.follow_up(FollowUpKind::CertificateSlip).is_some(), slip, "{date}");
    }
}
