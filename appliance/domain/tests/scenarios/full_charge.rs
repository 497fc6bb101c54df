//! When 10割 may and may not be asked: every row of the table in checkin-rules §9.

use crate::desk::*;
use domain::case::{AttemptOutcome, Companion};
use domain::decision::{Action, FollowUpKind};
use domain::declaration::{Declaration, DocumentIssued};
use domain::evidence::EvidenceKind as Kind;
use domain::link::{Cause, Link};

/// A way that never needs a machine stands open.
fn declaration_stands_open(desk: &Desk) {
    let said = desk.decide();
    assert!(!said.full_charge.may_be_asked && said.step(Action::AskFullCharge).is_none());
    assert!(said.offers(Kind::SelfDeclaration), "{:?}", said.ways());
    assert!(said.full_charge.reason.en.contains("never asked for 100 %"));
}

#[test]
fn card_and_a_reader_pc_line_or_system_problem_no() {
    for date in ANY_DAYS {
        for link in Link::ALL {
            declaration_stands_open(&at(date).card().down(*link));
        }
        declaration_stands_open(&at(date).card().power_cut());
        declaration_stands_open(&at(date).card().without_reader());
    }
}

#[test]
fn card_and_a_chip_or_certificate_problem_no() {
    for date in ANY_DAYS {
        let dirty = at(date).card().tried(Kind::MynaCardFace, AttemptOutcome::Unreadable);
        declaration_stands_open(&dirty);
        assert_eq!(dirty.declares(declaration()).decide().why(), Some(Cause::Card));
        declaration_stands_open(&at(date).card().certificate_until("2024-06-30"));
        declaration_stands_open(&at(date).card().face_fails().pin_locked().visual_fails());
    }
}

#[test]
fn card_and_an_invalid_or_missing_answer_no() {
    for answer in [invalid(lost(company(), "2025-01-31")), not_found(), ambiguous(), superseded(company())] {
        let visit = at("2026-06-01").card().answer(answer);
        declaration_stands_open(&visit);
        let declared = visit.clone().declares(declaration()).decide();
        assert_eq!((declared.evidence(), declared.full_charge.may_be_asked), (Some(Kind::SelfDeclaration), false));
        let returned = visit.on_file(kokuho(), day("2026-05-01")).says_unchanged().decide();
        assert_eq!((returned.evidence(), returned.full_charge.may_be_asked), (Some(Kind::ReturnVisitOral), false));
    }
}

#[test]
fn certificate_or_valid_insurance_card_no() {
    let certificate = at("2026-06-01").line_down().shows_with(Kind::EligibilityCertificate, company()).decide();
    let card =
        at("2025-11-30").line_down().shows_with(Kind::InsuranceCardValid, until(company(), "2025-12-01")).decide();
    for (said, evidence) in [(certificate, Kind::EligibilityCertificate), (card, Kind::InsuranceCardValid)] {
        assert_eq!((said.evidence(), said.full_charge.may_be_asked), (Some(evidence), false));
    }
}

#[test]
fn expired_card_or_notice_only_with_a_valid_query_no_until_the_end() {
    for kind in [Kind::InsuranceCardExpired, Kind::NoticeOnly] {
        for (date, insurance) in [
            ("2025-08-01", kokuho()),
            ("2025-08-04", late_elderly()),
            ("2025-12-02", company()),
            ("2026-07-31", company()),
        ] {
            let visit = at(date).shows_with(kind, until(insurance.clone(), "2025-07-31"));
            let before = visit.decide();
            assert!(!before.full_charge.may_be_asked && before.offers(kind), "not before the query was made");
            let after = visit.answer(valid(insurance).by_number()).decide();
            assert_eq!((after.evidence(), after.full_charge.may_be_asked), (Some(kind), false), "{date}");
        }
    }
}

#[test]
fn the_transitional_rules_began_on_different_days() {
    for (date, insurance) in [("2025-07-31", kokuho()), ("2025-08-03", late_elderly()), ("2025-12-01", new_company())] {
        let said =
            at(date).shows_with(Kind::NoticeOnly, insurance.clone()).answer(valid(insurance).by_number()).decide();
        assert_eq!(said.accepted, None, "{date}");
        assert!(said.refusal(Kind::NoticeOnly).rule.is_some());
    }
}

#[test]
fn expired_card_or_notice_only_otherwise_may_be_asked() {
    for kind in [Kind::InsuranceCardExpired, Kind::NoticeOnly] {
        let paper = until(company(), "2025-12-01");
        let failed = at("2026-06-01").shows_with(kind, paper.clone()).answer(not_found().by_number()).decide();
        assert!(failed.full_charge.may_be_asked && failed.accepted.is_none());
        assert_eq!(failed.ways()[0], (Action::Retype, None), "but first type again");
        let over = at("2026-08-01").shows_with(kind, paper.clone()).answer(valid(company()).by_number()).decide();
        assert!(over.full_charge.may_be_asked && over.offers(Kind::SiteJudgement));
        let cut_off = at("2026-06-01").line_down().shows_with(kind, paper).decide();
        assert!(cut_off.full_charge.may_be_asked);
    }
}

#[test]
fn neither_card_nor_paper_may_be_asked_by_the_base_rule() {
    let said = at("2026-06-01").shows(Kind::None).decide();
    assert!(said.full_charge.may_be_asked && said.full_charge.reason.en.contains("base rule"));
    assert_eq!(said.step(Action::AskFullCharge).unwrap().reason, said.full_charge.reason, "it asks for a reason");
}

#[test]
fn neither_but_known_is_the_sites_judgement() {
    let visit = at("2026-06-01").shows(Kind::None).on_file(company(), day("2026-05-01"));
    let said = visit.decide();
    assert!(said.full_charge.may_be_asked && said.full_charge.reason.ja.contains("再診"));
    assert_eq!(
        said.ways(),
        [(Action::StaffDecides, Some(Kind::SiteJudgement)), (Action::AskFullCharge, None)],
        "the judgement comes first"
    );
    assert!(!visit.staff_take_in().decide().full_charge.may_be_asked);
}

#[test]
fn no_insurance_issued_yet_and_the_card_cannot_confirm() {
    // The sheet allows 100 % by the base rule, with the same judgement clause. With the card at the desk this engine stays on
    // the patient's side: the declaration counts, and nobody is asked for all of it.
    let none_yet = Declaration { document_issued: Some(DocumentIssued::NotYetArrived), ..declaration() };
    let with_card = at("2026-04-02").card().answer(not_found()).declares(none_yet.clone()).decide();
    assert_eq!((with_card.evidence(), with_card.full_charge.may_be_asked), (Some(Kind::SelfDeclaration), false));
    let without = at("2026-04-02").shows(Kind::None).declares(none_yet).decide();
    assert!(without.full_charge.may_be_asked && without.refusal(Kind::SelfDeclaration).reason.ja.contains("カード"));
}

#[test]
fn school_trip_where_nothing_confirms_yes_and_refund_later() {
    for date in ANY_DAYS {
        let said = at(date).born("2012-06-01").brought_by(Companion::Teacher).shows(Kind::None).decide();
        assert!(said.full_charge.may_be_asked && said.full_charge.reason.en.starts_with("School trip"));
        assert!(said.follow_up(FollowUpKind::Refund).is_some());
    }
}

#[test]
fn once_eligibility_is_confirmed_the_refund_is_the_visits_to_close() {
    let visit = at("2026-06-01").shows(Kind::None);
    assert!(visit.decide().follow_up(FollowUpKind::Refund).is_some());
    let brought =
        visit.shows_with(Kind::EligibilityCertificate, company()).answer(valid(company()).by_number()).decide();
    assert_eq!(brought.evidence(), Some(Kind::EligibilityCertificate));
    assert!(!brought.full_charge.may_be_asked && brought.follow_up(FollowUpKind::Refund).is_none());
}
