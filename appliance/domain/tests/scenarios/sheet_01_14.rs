//! Scenarios T01 to T14 of checkin-rules §13b, one test each.

use crate::desk::*;
use domain::case::Companion;
use domain::certificate::CertificateWindow;
use domain::claim::ClaimBasis;
use domain::decision::{Action, FollowUpKind, RatioBasis};
use domain::eligibility::PersonMatch;
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::{Cause, Link};
use domain::rule::RuleId;
use domain::scheme::PayerBody;

#[test]
fn t01_face_ok_valid_consent() {
    let read_at = noon(day("2025-01-15"));
    let visit = at("2025-01-15").card().answer(valid(company()).consented_at(read_at));
    let said = visit.decide();

    let accepted = said.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::MynaCardFace, Confidence::ConfirmedOnline));
    assert!(!accepted.provisional && accepted.why_not_better.is_none());
    assert_eq!(said.person, PersonMatch::Same);
    assert_eq!((said.ratio.tenths, said.ratio.basis), (Some(3), Some(RatioBasis::Age)));

    assert!(said.medical.allowed);
    assert_eq!(said.medical.until, Some(read_at.plus_ms(24 * 3_600_000)));
    let a_day_later = visit.clone().now(read_at.plus_ms(24 * 3_600_000)).decide();
    assert!(a_day_later.medical.allowed, "to the end of the 24 hours");
    let too_late = visit.now(read_at.plus_ms(24 * 3_600_000 + 1)).decide();
    assert!(!too_late.medical.allowed && too_late.evidence() == Some(Kind::MynaCardFace));

    assert_eq!(said.claim.basis, ClaimBasis::Current);
    assert_eq!(said.claim.coverage, Some(company()));
    assert_eq!(said.claim.payer_body, Some(PayerBody::EmployeesFund));
    assert!(!said.claim.provisional && said.claim.remark_lines.is_empty());
    assert!(said.follow_ups.is_empty() && said.refused.is_empty() && said.cautions.is_empty());
    assert_eq!(said.ways(), [], "nothing more to be done but asking for additions");
    assert!(!said.full_charge.may_be_asked);
    assert_eq!(said.rules_fired, [RuleId::OnlineEligibility]);
}

#[test]
fn t02_pin_locked_and_face_fails() {
    let said = at("2025-01-15").card().face_fails().pin_locked().decide();
    assert_eq!(said.accepted, None);
    assert_eq!(said.ways(), [(Action::ReadCard, Some(Kind::MynaCardVisual))]);
    assert!(!said.full_charge.may_be_asked && said.step(Action::AskFullCharge).is_none());

    let looked = at("2025-01-15").card().face_fails().pin_locked().answer(valid(company())).decide();
    assert_eq!(looked.evidence(), Some(Kind::MynaCardVisual), "what had failed cannot be what confirmed");
}

#[test]
fn t03_certificate_expired_the_day_before_the_grace_began() {
    let visit = at("2024-12-01").card().certificate_until("2024-11-30");
    let said = visit.decide();
    assert_eq!(said.certificate_window, Some(CertificateWindow::W3));
    assert!(said.refusal(Kind::MynaCardFace).reason.en.contains("certificate"));
    assert_eq!(
        said.ways(),
        [
            (Action::TakeDocument, Some(Kind::CardPlusPortalPdf)),
            (Action::TakeDocument, Some(Kind::InsuranceCardValid)),
            (Action::TakeDeclaration, Some(Kind::SelfDeclaration)),
        ],
        "neither the notice nor the certificate before 2024-12-02"
    );
    assert!(!said.full_charge.may_be_asked);
    assert!(said.follow_up(FollowUpKind::CertificateSlip).is_some());

    let insurance_card = visit.clone().shows_with(Kind::InsuranceCardValid, until(company(), "2025-12-01")).decide();
    assert_eq!(insurance_card.evidence(), Some(Kind::InsuranceCardValid));
    assert_eq!(insurance_card.why(), Some(Cause::Certificate));
    let portal = visit.clone().shows_with(Kind::CardPlusPortalScreen, company()).decide();
    assert_eq!(portal.evidence(), Some(Kind::CardPlusPortalScreen));
    let form = visit.clone().declares(declaration()).decide();
    assert_eq!(form.evidence(), Some(Kind::SelfDeclaration));
    let notice = visit.shows_with(Kind::CardPlusNotice, company()).decide();
    assert_eq!(notice.refusal(Kind::CardPlusNotice).rule, Some(RuleId::CardPlusNotice));
    assert_eq!(
        at("2024-12-02").card().certificate_until("2024-11-30").decide().certificate_window,
        Some(CertificateWindow::W2)
    );
}

#[test]
fn t04_certificate_in_the_grace_period() {
    let visit = at("2025-05-31").card().certificate_until("2025-02-10");
    let said = visit.answer(valid(company()).consented_at(noon(day("2025-05-31")))).decide();
    assert_eq!(said.certificate_window, Some(CertificateWindow::W2));
    assert_eq!((said.evidence(), said.confidence()), (Some(Kind::MynaCardFace), Some(Confidence::ConfirmedOnline)));
    assert!(!said.medical.allowed && said.medical.reason.en.contains("certificate"));
    let slip = said.follow_up(FollowUpKind::CertificateSlip).unwrap();
    assert_eq!(slip.due, day("2025-05-31"));
    assert!(slip.reason.ja.contains("更新"));
    assert_eq!(said.claim.basis, ClaimBasis::Current);
    assert!(!said.claim.provisional);

    let before = at("2025-05-31").card().certificate_until("2025-02-10").decide();
    assert_eq!(before.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)), "the reader still works");
}

#[test]
fn t05_certificate_past_the_grace_period() {
    let visit = at("2025-06-01").card().certificate_until("2025-02-10");
    let said = visit.decide();
    assert_eq!(said.certificate_window, Some(CertificateWindow::W3));
    assert!(said.refusal(Kind::MynaCardFace).reason.ja.contains("電子証明書"));
    let (pdf, notice, certificate) = (Kind::CardPlusPortalPdf, Kind::CardPlusNotice, Kind::EligibilityCertificate);
    assert_eq!(
        said.ways(),
        [
            (Action::TakeDocument, Some(pdf)),
            (Action::TakeDocument, Some(notice)),
            (Action::TakeDocument, Some(certificate)),
            (Action::TakeDocument, Some(Kind::InsuranceCardValid)),
            (Action::TakeDeclaration, Some(Kind::SelfDeclaration)),
        ]
    );
    assert!(!said.full_charge.may_be_asked);

    for kind in [pdf, notice] {
        let shown = visit.clone().shows_with(kind, company()).decide();
        assert_eq!((shown.evidence(), shown.confidence()), (Some(kind), Some(Confidence::ConfirmedByDocument)));
        assert_eq!(shown.why(), Some(Cause::Certificate));
        assert_eq!((shown.claim.basis, shown.claim.provisional), (ClaimBasis::Current, true));
        assert!(!shown.medical.allowed && shown.follow_up(FollowUpKind::Recheck).is_some());
    }
    let form = visit.declares(declaration()).decide();
    assert_eq!(form.evidence(), Some(Kind::SelfDeclaration));
    assert!(!form.full_charge.may_be_asked);
}

#[test]
fn t06_insurance_card_on_its_last_possible_day() {
    let said = at("2025-12-01").shows_with(Kind::InsuranceCardValid, until(company(), "2025-12-31")).decide();
    let accepted = said.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::InsuranceCardValid, Confidence::ConfirmedByDocument));
    assert!(accepted.provisional && accepted.why_not_better.is_none());
    assert_eq!((said.claim.basis, said.claim.coverage), (ClaimBasis::Current, Some(until(company(), "2025-12-31"))));
    assert_eq!(said.ladder[0].rule, Some(RuleId::InsuranceCardValid));
    assert_eq!(said.ladder[1].action, Action::QueryByNumber, "recommended beside it while the line is up");
    let whatever_code =
        at("2025-12-01").shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-31")).decide();
    assert_eq!(whatever_code.evidence(), Some(Kind::InsuranceCardValid), "dates decide, not the code");
}

#[test]
fn t07_the_same_card_a_day_later_with_a_valid_query() {
    let visit = at("2025-12-02").shows_with(Kind::InsuranceCardValid, until(company(), "2025-12-31"));
    let before = visit.decide();
    assert_eq!(before.accepted, None);
    assert_eq!(before.place(Action::QueryByNumber, Some(Kind::InsuranceCardExpired)), 3, "{:?}", before.ways());
    assert!(!before.full_charge.may_be_asked, "first ask the national service");

    let said = visit.answer(valid(company()).by_number()).decide();
    let accepted = said.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::InsuranceCardExpired, Confidence::ConfirmedOnline));
    assert!(!accepted.provisional);
    assert!(said.rules_fired.contains(&RuleId::TransitionalExpiredAll));
    assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, false));
    assert!(said.follow_up(FollowUpKind::BringCard).unwrap().reason.ja.contains("次回"));
    assert!(!said.medical.allowed && !said.full_charge.may_be_asked);
}

#[test]
fn t08_the_same_card_with_the_line_down() {
    let visit = at("2025-12-02").line_down().shows_with(Kind::InsuranceCardValid, until(company(), "2025-12-31"));
    let unknown = visit.decide();
    assert_eq!(unknown.accepted, None);
    let refusal = unknown.refusal(Kind::InsuranceCardExpired);
    assert_eq!(refusal.rule, Some(RuleId::TransitionalExpiredAll));
    assert!(refusal.reason.ja.contains("照会ができない"));
    assert!(unknown.full_charge.may_be_asked && unknown.step(Action::AskFullCharge).is_some());
    assert!(unknown.step(Action::StaffDecides).is_none());
    assert!(unknown.follow_up(FollowUpKind::Refund).is_some());

    let known = visit.on_file(company(), day("2025-11-20"));
    let asked = known.decide();
    assert!(asked.place(Action::StaffDecides, Some(Kind::SiteJudgement)) < asked.place(Action::AskFullCharge, None));
    let taken = known.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.confidence()), (Some(Kind::SiteJudgement), Some(Confidence::StatedByPatient)));
    assert_eq!((taken.claim.basis, taken.claim.provisional), (ClaimBasis::Current, true));
    assert!(taken.follow_up(FollowUpKind::ReviewDecision).is_some() && !taken.full_charge.may_be_asked);
    assert_eq!(taken.why(), Some(Cause::Line));
}

#[test]
fn t09_expired_card_valid_query_after_the_extension() {
    let visit = at("2026-04-01").shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let said = visit.answer(valid(company()).by_number()).decide();
    assert_eq!(
        (said.evidence(), said.confidence()),
        (Some(Kind::InsuranceCardExpired), Some(Confidence::ConfirmedOnline))
    );
    assert!(said.ladder[0].law.contains("2026-03-19"), "by the extension");
    assert_eq!(said.claim.basis, ClaimBasis::Current);
}

#[test]
fn t10_expired_card_valid_query_after_the_end() {
    let visit = at("2026-08-01").shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let visit = visit.answer(valid(company()).by_number());
    let said = visit.decide();
    assert_eq!(said.accepted, None);
    let refusal = said.refusal(Kind::InsuranceCardExpired);
    assert_eq!(refusal.rule, Some(RuleId::TransitionalExpiredAll));
    assert!(refusal.reason.en.contains("ended"));
    assert_eq!(
        said.ways(),
        [
            (Action::AskForCard, Some(Kind::MynaCardFace)),
            (Action::TakeDocument, Some(Kind::EligibilityCertificate)),
            (Action::StaffDecides, Some(Kind::SiteJudgement)),
            (Action::AskFullCharge, None),
        ],
        "other evidence first, then the staff's judgement"
    );
    let taken = visit.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.claim.basis), (Some(Kind::SiteJudgement), ClaimBasis::Current));
    assert!(taken.follow_up(FollowUpKind::ReviewDecision).is_some());
}

#[test]
fn t11_phone_only_at_an_equipped_site() {
    let before = at("2025-09-18").phone_reader().shows(Kind::MynaPhoneIphone).decide();
    let refusal = before.refusal(Kind::MynaPhoneIphone);
    assert_eq!(refusal.rule, Some(RuleId::Phone));
    assert!(refusal.law.contains("2025-09-19"));
    assert_eq!(before.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)));
    assert!(!before.full_charge.may_be_asked);

    let visit = at("2025-09-19").phone_reader().shows(Kind::MynaPhoneIphone);
    let from = visit.decide();
    assert_eq!(from.ways()[0], (Action::ReadPhone, Some(Kind::MynaPhoneIphone)));
    let read = visit.answer(valid(company()).consented_at(noon(day("2025-09-19")))).decide();
    assert_eq!((read.evidence(), read.confidence()), (Some(Kind::MynaPhoneIphone), Some(Confidence::ConfirmedOnline)));
    assert!(read.medical.allowed);
    assert_eq!(read.claim.basis, ClaimBasis::Current);
}

#[test]
fn t12_reader_broken_consent_app_on_the_sites_tablet() {
    let before = at("2025-03-31").card().reader_down().consent_app().decide();
    assert_eq!(before.refusal(Kind::HomeConsentApp).rule, Some(RuleId::HomeConsentReaderDown));
    assert!(!before.offers(Kind::HomeConsentApp) && before.offers(Kind::SelfDeclaration));

    let visit = at("2025-04-01").card().reader_down().consent_app();
    let from = visit.decide();
    assert_eq!(from.ways()[0], (Action::UseConsentApp, Some(Kind::HomeConsentApp)));
    assert!(from.place(Action::UseConsentApp, None) < from.place(Action::TakeDeclaration, None));
    let confirmed = visit.shows(Kind::HomeConsentApp).answer(valid(company())).decide();
    assert_eq!(confirmed.evidence(), Some(Kind::HomeConsentApp));
    assert_eq!(confirmed.confidence(), Some(Confidence::ConfirmedOnline));

    let rule = domain::rule::RulePack::built_in().rule(RuleId::HomeConsentReaderDown).clone();
    assert!(rule.day_unknown, "the day is a setting");
}

#[test]
fn t13_notice_alone_after_the_end() {
    for date in ["2026-08-01", "2026-11-24", "2027-04-01"] {
        let said = at(date).shows_with(Kind::NoticeOnly, company()).decide();
        assert_eq!(said.accepted, None);
        let refusal = said.refusal(Kind::NoticeOnly);
        assert!(refusal.rule == Some(RuleId::TransitionalExpiredAll) && refusal.reason.ja.contains("カード"));
        assert_eq!(said.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)));
        assert!(said.ways()[1] == (Action::TakeDocument, Some(Kind::EligibilityCertificate)));

        let card_too = at(date).card().line_down().shows_with(Kind::NoticeOnly, company()).decide();
        assert_eq!(card_too.evidence(), Some(Kind::CardPlusNotice), "with the card it is the pair");
    }
}

#[test]
fn t14_invalid_first_visit_card_shown_nothing_else() {
    for date in ANY_DAYS {
        let old = lost(company(), "2025-02-28");
        let visit = at(date).card().answer(invalid(old.clone()));
        let said = visit.decide();
        assert_eq!(said.accepted, None);
        let (last, kind) = *said.ways().last().unwrap();
        assert_eq!((last, kind), (Action::TakeDeclaration, Some(Kind::SelfDeclaration)));
        assert!(said.offers(Kind::EligibilityCertificate) && said.offers(Kind::CardPlusNotice));
        assert!(!said.offers(Kind::MynaCardFace), "the card has answered");
        assert!(!said.full_charge.may_be_asked);
        assert!(said.warns_of("全国健康保険協会見本支部") && said.warns_of("2025-02-28"), "old insurer and loss date");
        assert!(said.warns_of("他の医療保険に加入"), "and the reason");

        let declared = visit.brought_by(Companion::Helper).declares(declaration()).decide();
        assert_eq!((declared.evidence(), declared.why()), (Some(Kind::SelfDeclaration), Some(Cause::Data)));
        assert_eq!(declared.confidence(), Some(Confidence::StatedByPatient));
        assert_eq!((declared.ratio.tenths, declared.ratio.basis), (Some(3), Some(RatioBasis::Declared)));
        assert_eq!(declared.claim.basis, ClaimBasis::Former);
        assert_eq!(declared.claim.coverage, Some(old));
        assert_eq!(declared.claim.remark_lines, ["旧資格"]);
        assert_eq!(
            declared.follow_up_kinds(),
            [
                FollowUpKind::Recheck,
                FollowUpKind::CallInsurer,
                FollowUpKind::FormerClaim,
                FollowUpKind::DeclarationOpen,
                FollowUpKind::ReportNumber,
            ]
        );
        assert!(!declared.full_charge.may_be_asked && !declared.medical.allowed);
    }
}

#[test]
fn t14_also_when_the_line_has_gone_since() {
    let said = at("2026-06-01").card().answer(invalid(lost(company(), "2026-03-31"))).down(Link::Line).decide();
    assert_eq!(said.ways().last(), Some(&(Action::StaffDecides, Some(Kind::SiteJudgement))));
    assert!(said.offers(Kind::SelfDeclaration));
}
