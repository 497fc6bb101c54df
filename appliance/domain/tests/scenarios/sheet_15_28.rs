//! Scenarios T15 to T28 of checkin-rules §13b, one test each.

use crate::desk::*;
use domain::case::{Companion, Flow};
use domain::claim::ClaimBasis;
use domain::coverage::{Coverage, Sex};
use domain::decision::{Action, FollowUpKind, RatioBasis};
use domain::eligibility::PersonMatch;
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::follow_up::{claim_close, recheck_plan};
use domain::link::Cause;
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RuleId;
use domain::rule::RulePack;
use domain::scheme::PayerBody;

#[test]
fn t15_not_found_first_visit_card_shown_nothing_else() {
    for date in ANY_DAYS {
        let visit = at(date).card().answer(not_found());
        let said = visit.decide();
        assert_eq!(said.accepted, None);
        assert_eq!(said.ways()[0], (Action::Retype, None));
        assert_eq!(said.ways().last(), Some(&(Action::TakeDeclaration, Some(Kind::SelfDeclaration))));
        assert!(!said.full_charge.may_be_asked);

        let declared = visit.declares(declaration()).decide();
        assert_eq!(declared.evidence(), Some(Kind::SelfDeclaration));
        assert_eq!((declared.ratio.tenths, declared.ratio.basis), (Some(3), Some(RatioBasis::Declared)));
        assert_eq!((declared.claim.basis, declared.claim.provisional), (ClaimBasis::Unknown, true));
        let filled = declared.claim.coverage.clone().unwrap();
        assert_eq!(filled.insurer_number, Some(InsurerNumber::UNKNOWN));
        assert_eq!(filled.insured_number, Some(InsuredNumber::UNKNOWN));
        assert_eq!((filled.insured_symbol, filled.branch_number), (None, None));
        let remark = declared.claim.remark_lines.concat();
        assert_eq!(remark, "不詳　住所：東京都見本区架空1-2-3　事業所名：架空製作所　連絡先：03-0000-0000");
        assert_eq!(declared.claim.payer_body, Some(PayerBody::EmployeesFund), "by the kind the patient named");
        assert_eq!(
            declared.follow_up_kinds(),
            [
                FollowUpKind::Recheck,
                FollowUpKind::CallInsurer,
                FollowUpKind::UnknownClaim,
                FollowUpKind::DeclarationOpen,
                FollowUpKind::ReportNumber,
            ]
        );
        assert_eq!(declared.follow_up(FollowUpKind::UnknownClaim).unwrap().due, claim_close(day(date)));
    }
}

#[test]
fn t16_line_down_return_visit_unchanged() {
    for date in ANY_DAYS {
        let confirmed_on = day(date).plus_days(-21);
        let visit = at(date).line_down().card().on_file(company(), confirmed_on);
        let asked = visit.decide();
        assert!(asked.place(Action::AskUnchanged, None) < asked.place(Action::TakeDeclaration, None));
        assert_eq!(asked.accepted, None);

        let said = visit.says_unchanged().decide();
        let accepted = said.accepted.clone().unwrap();
        assert_eq!((accepted.evidence, accepted.confidence), (Kind::ReturnVisitOral, Confidence::StatedByPatient));
        assert!(accepted.provisional);
        let why = accepted.why_not_better.unwrap();
        assert_eq!(
            (why.cause, why.since),
            (Cause::Line, Some(noon(day(date)).plus_ms(-600_000))),
            "why, and since when"
        );
        let recheck = said.follow_up(FollowUpKind::Recheck).unwrap();
        assert_eq!(recheck.plan, recheck_plan(day(date), &RulePack::built_in()));
        assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, true));
        assert_eq!(said.claim.coverage, Some(company()));
        assert_eq!((said.ratio.tenths, said.medical.allowed), (Some(3), false));
        assert_eq!(said.warns_of("今月になってから"), !confirmed_on.same_month(day(date)));
        assert!(!said.full_charge.may_be_asked);
    }
}

#[test]
fn t17_line_down_return_patient_turned_seventy_last_month() {
    for date in ANY_DAYS {
        let visited = day(date);
        let seventieth = visited.first_of_month().plus_months(-1).plus_days(9);
        let birth = seventieth.plus_years(-70).to_string();
        let file = with_ratio(kokuho(), 3);
        let visit = at(date).line_down().card().born(&birth).on_file(file, visited.plus_months(-3));
        let said = visit.says_unchanged().decide();
        assert_eq!(said.evidence(), Some(Kind::ReturnVisitOral));
        assert_eq!((said.ratio.tenths, said.ratio.basis), (None, None), "the stored 30 % is not used again");
        assert!(said.ratio.sources.is_empty() && said.ratio.ask.clone().unwrap().ja.contains("高齢受給者証"));
        let add_on = said.ladder.iter().find(|step| step.evidence == Some(Kind::ElderlyRecipient)).unwrap();
        assert_eq!(add_on.action, Action::AskAddOn);
        assert_eq!(said.follow_up(FollowUpKind::AskElderlyCertificate).unwrap().due, visited);
        assert_eq!(said.claim.basis, ClaimBasis::Current);
    }
}

#[test]
fn t18_pupil_on_a_school_trip_with_a_copy_of_the_certificate() {
    let pupil = |date: &str| at(date).born("2012-06-01").brought_by(Companion::Teacher);
    let copy = |date: &str| {
        pupil(date).shows_copy_of(Kind::SchoolTripCopy, Kind::EligibilityCertificate, until(company(), "2026-03-31"))
    };
    let before = copy("2025-02-11").decide();
    assert_eq!(before.accepted, None);
    assert_eq!(before.refusal(Kind::SchoolTripCopy).rule, Some(RuleId::SchoolCertCopy));
    assert!(before.full_charge.may_be_asked && before.full_charge.reason.en.contains("School trip"));
    assert!(before.follow_up(FollowUpKind::Refund).is_some());

    let from = copy("2025-02-12").decide();
    assert_eq!(
        (from.evidence(), from.confidence()),
        (Some(Kind::SchoolTripCopy), Some(Confidence::ConfirmedByDocument))
    );
    assert_eq!((from.ratio.tenths, from.claim.basis), (Some(3), ClaimBasis::Current));
    assert!(from.claim.provisional && from.follow_up(FollowUpKind::Recheck).is_some());
    assert!(!from.full_charge.may_be_asked);

    // the same paper, entered as what it is
    let entered = pupil("2025-02-12").shows_copy(Kind::EligibilityCertificate, company()).decide();
    assert_eq!((entered.evidence(), entered.refused.len()), (Some(Kind::SchoolTripCopy), 0));
    let too_early = pupil("2025-02-11").shows_copy(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(too_early.refusal(Kind::SchoolTripCopy).rule, Some(RuleId::SchoolCertCopy));
    // the notice or its copy has counted since 2024-03-01
    let notice = at("2024-03-01").born("2012-06-01").shows_copy(Kind::SchoolTripCopy, company()).decide();
    assert_eq!(notice.evidence(), Some(Kind::SchoolTripCopy));
    assert!(at("2024-02-29").shows_copy(Kind::SchoolTripCopy, company()).decide().accepted.is_none());
}

#[test]
fn t19_mother_with_a_copy_of_the_certificate() {
    let visit = at("2025-05-01").born("2021-06-01").brought_by(Companion::Parent);
    let said = visit.clone().shows_copy(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(said.accepted, None);
    let refusal = said.refusal(Kind::EligibilityCertificate);
    assert_eq!(refusal.rule, Some(RuleId::SchoolCertCopy));
    assert!(refusal.reason.ja.contains("写し") && refusal.reason.ja.contains("原本"));
    assert_eq!(said.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)), "the child's own card");
    assert_eq!(said.ways()[1], (Action::TakeDocument, Some(Kind::EligibilityCertificate)), "or the original");
    for kind in [Kind::SchoolTripCopy, Kind::NurseryCopy] {
        let as_trip = visit.clone().shows_copy_of(kind, Kind::EligibilityCertificate, company()).decide();
        assert!(as_trip.accepted.is_none() && !as_trip.refusal(kind).reason.ja.is_empty());
    }
    let original = visit.shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!((original.evidence(), original.ratio.tenths), (Some(Kind::EligibilityCertificate), Some(2)));
}

#[test]
fn t20_unmappable_character_in_the_name() {
    for date in ANY_DAYS {
        let mut known = hanako();
        known.name = Some("髙橋　花子".to_owned());
        let answer = valid(company()).about_person(|person| person.name = Some("●橋　花子".to_owned()));
        let said = at(date).card().person(known).answer(answer).decide();
        assert_eq!(said.person, PersonMatch::SameOtherSpelling, "the corrected spelling may be used again");
        assert_eq!((said.evidence(), said.confidence()), (Some(Kind::MynaCardFace), Some(Confidence::ConfirmedOnline)));
        assert!(said.warns_of("●"));
        assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, false));
        assert!(said.follow_ups.is_empty());
    }
}

#[test]
fn t21_answer_about_another_person() {
    for date in ANY_DAYS {
        let now = noon(day(date));
        let elses = valid(Coverage { insurer_name: Some("よその健保".to_owned()), ..new_company() }).consented_at(now);
        let stranger = |answer: Answer| {
            answer.about_person(|person| {
                person.name = Some("余所　太郎".to_owned());
                person.name_kana = Some("ヨソ　タロウ".to_owned());
                person.sex = Some(Sex::Male);
            })
        };
        let by_birth_date = elses.clone().born("1985-04-13");
        for answer in [stranger(elses), by_birth_date] {
            let visit = at(date).card().answer(answer);
            let said = visit.decide();
            assert_eq!((said.person, said.accepted.clone()), (PersonMatch::Different, None));
            assert!(said.warns_of("別人") && !said.medical.allowed);
            assert_eq!((said.claim.basis, said.claim.coverage.clone()), (ClaimBasis::Hold, None));
            assert_eq!(said.follow_up(FollowUpKind::ReportPersonMismatch).unwrap().due, day(date));
            assert!(!said.offers(Kind::MynaCardFace), "stop reading");
            assert!(said.offers(Kind::CardPlusNotice) && said.offers(Kind::SelfDeclaration));
            assert!(!said.full_charge.may_be_asked);
            assert_eq!(said.ratio.sources.iter().filter(|s| s.basis == RatioBasis::Online).count(), 0);

            let goes_on = visit.shows_with(Kind::EligibilityCertificate, company()).decide();
            assert_eq!((goes_on.evidence(), goes_on.why()), (Some(Kind::EligibilityCertificate), Some(Cause::Data)));
            assert_eq!(goes_on.claim.coverage, Some(company()), "the papers', not the stranger's");
        }
        let mut withheld = at(date).card();
        withheld.case.answer_withheld = true;
        let later = withheld.decide();
        assert_eq!(later.person, PersonMatch::Different, "also when the answer was not even kept");
        assert!(later.offers(Kind::SelfDeclaration) && !later.offers(Kind::MynaCardFace));
    }
}

#[test]
fn t22_ratio_differs_between_answer_and_certificate() {
    for date in ANY_DAYS {
        let answered = with_ratio(from(until(late_elderly(), "2027-07-31"), "2024-08-01"), 2);
        let printed = with_ratio(from(until(late_elderly(), "2026-12-31"), "2024-12-02"), 3);
        let visit = at(date).born("1945-05-05").card().shows_with(Kind::EligibilityCertificate, printed);
        let said = visit.answer(valid(answered).born("1945-05-05")).decide();
        assert_eq!(said.evidence(), Some(Kind::MynaCardFace));
        assert!(said.ratio.mismatch && said.ratio.ask.clone().unwrap().ja.contains("食い違"));
        assert_eq!((said.ratio.tenths, said.ratio.basis), (Some(2), Some(RatioBasis::Online)), "proposed, not settled");
        let shown: Vec<_> = said.ratio.sources.iter().map(|s| (s.basis, s.tenths, s.valid_from, s.valid_to)).collect();
        assert_eq!(
            shown,
            [
                (RatioBasis::Online, 2, Some(day("2024-08-01")), Some(day("2027-07-31"))),
                (RatioBasis::Document, 3, Some(day("2024-12-02")), Some(day("2026-12-31"))),
            ],
            "both with their dates"
        );
        assert_eq!(
            said.follow_up(FollowUpKind::SettleRatio).unwrap().due,
            RulePack::built_in().working_day_after(day(date))
        );
    }
}

#[test]
fn t23_medical_assistance_ticket_not_registered_on_the_fifth() {
    for date in ["2025-03-05", "2026-06-05", "2026-11-05"] {
        for answer in [ticket_missing(), ticket_missing().and(assistance())] {
            let said = at(date).card().answer(answer).decide();
            let accepted = said.accepted.clone().unwrap();
            assert_eq!(accepted.evidence, Kind::MedicalAssistanceOnline);
            assert_eq!((accepted.confidence, accepted.provisional), (Confidence::ConfirmedOnline, true));
            assert!(said.ladder[0].reason.en.contains("Entitled"));
            assert!(said.step(Action::AskWelfareOffice).is_some());
            assert_eq!(said.follow_up(FollowUpKind::AskWelfareOffice).unwrap().due, day(date));
            let recheck = said.follow_up(FollowUpKind::Recheck).unwrap();
            assert_eq!(recheck.due, day(date).first_of_month().plus_days(15), "after mid-month");
            assert_eq!((said.ratio.tenths, said.ratio.basis), (Some(0), Some(RatioBasis::Ticket)));
            assert_eq!(said.claim.basis, ClaimBasis::Hold, "nothing can be sent without the ticket");
            assert!(said.claim.reason.ja.contains("医療券") && !said.full_charge.may_be_asked);
            assert!(said.rules_fired.contains(&RuleId::AssistanceOnline));
        }
    }
    let late = at("2026-06-30").card().answer(ticket_missing()).decide();
    assert_eq!(late.follow_up(FollowUpKind::Recheck).unwrap().due, day("2026-07-01"));
}

#[test]
fn t24_pharmacy_relative_with_a_paper_prescription() {
    for date in ANY_DAYS {
        let visit = at(date).pharmacy().brought_by(Companion::Proxy).shows_with(Kind::PrescriptionPaper, company());
        let said = visit.decide();
        assert_eq!(
            (said.evidence(), said.confidence()),
            (Some(Kind::PrescriptionPaper), Some(Confidence::ConfirmedByDocument))
        );
        assert_eq!(said.ladder[0].action, Action::TakePrescription);
        assert!(!said.offers(Kind::MynaCardFace) && said.step(Action::AskForCard).is_none(), "no card use");
        assert_eq!((said.claim.basis, said.claim.coverage.clone()), (ClaimBasis::Current, Some(company())));
        assert!(!said.medical.allowed && !said.full_charge.may_be_asked);
        let with_card = visit.card().decide();
        assert_eq!(with_card.evidence(), Some(Kind::PrescriptionPaper));
        assert!(with_card.refusal(Kind::MynaCardFace).reason.ja.contains("代理"), "not by the patient's card");
    }
}

#[test]
fn t25_drive_through_remote_consent_twenty_five_hours_ago() {
    for date in ANY_DAYS {
        let arrived = noon(day(date));
        let visit = at(date).pharmacy().flow(Flow::DriveThrough).consent_web().shows(Kind::HomeConsentWeb);
        let consented = |hours: i64| valid(company()).consented_at(arrived.plus_ms(-hours * 3_600_000));
        let said = visit.clone().answer(consented(25)).decide();
        assert_eq!(
            (said.evidence(), said.confidence()),
            (Some(Kind::HomeConsentWeb), Some(Confidence::ConfirmedOnline))
        );
        assert!(!said.medical.allowed && said.medical.reason.en.contains("new consent"));
        assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, false), "eligibility is kept");
        assert!(said.warns_of("本人確認書類"), "a photo ID on arrival");
        let in_time = visit.answer(consented(23)).decide();
        assert_eq!(in_time.medical.until, Some(arrived.plus_ms(3_600_000)));
    }
}

#[test]
fn t26_neither_card_nor_paper_on_a_first_visit() {
    for date in ANY_DAYS {
        let said = at(date).shows(Kind::None).decide();
        assert_eq!(said.accepted, None);
        assert_eq!(said.ways(), [(Action::AskFullCharge, None)]);
        assert!(said.full_charge.may_be_asked && said.full_charge.law.contains("保発0710第1号"));
        assert_eq!(said.follow_ups.len(), 1);
        let refund = said.follow_up(FollowUpKind::Refund).unwrap();
        assert_eq!(refund.due, claim_close(day(date)));
        assert_eq!(said.claim.basis, ClaimBasis::Hold);

        let not_asked_yet = at(date).decide();
        assert_eq!(not_asked_yet.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)));
        assert!(not_asked_yet.offers(Kind::EligibilityCertificate));
        assert_eq!(not_asked_yet.ways().last(), Some(&(Action::AskFullCharge, None)), "100 % stands last");
    }
}

#[test]
fn t27_late_elderly_certificate_printed_to_the_end_of_july() {
    let printed = with_ratio(until(late_elderly(), "2026-07-31"), 1);
    let visit = |date: &str| at(date).born("1945-05-05").shows_with(Kind::EligibilityCertificate, printed.clone());
    let valid_day = visit("2026-07-31").decide();
    assert_eq!(valid_day.evidence(), Some(Kind::EligibilityCertificate));
    assert_eq!((valid_day.ratio.tenths, valid_day.ratio.basis), (Some(1), Some(RatioBasis::Document)));
    assert_eq!(valid_day.claim.payer_body, Some(PayerBody::Kokuhoren));

    let expired = visit("2026-08-01").decide();
    assert_eq!(expired.accepted, None);
    assert_eq!(expired.refusal(Kind::EligibilityCertificate).rule, Some(RuleId::EligibilityCertificate));
    assert_eq!(
        expired.ways()[..2],
        [(Action::AskForCard, Some(Kind::MynaCardFace)), (Action::TakeDocument, Some(Kind::EligibilityCertificate))],
        "card or new certificate"
    );
    assert_eq!(expired.ratio.tenths, None, "an expired paper states no ratio");
}

#[test]
fn t28_unregistered_card_and_unknown_pin() {
    for date in ANY_DAYS {
        let visit = at(date).card().unregistered().pin_forgotten();
        let said = visit.decide();
        assert_eq!(said.accepted, None);
        assert!(said.refusal(Kind::MynaCardFace).reason.en.contains("registered"));
        let ways = said.ways();
        assert_eq!(ways[0], (Action::TakeDocument, Some(Kind::EligibilityCertificate)));
        assert_eq!(*ways.last().unwrap(), (Action::StaffDecides, Some(Kind::SelfDeclaration)));
        assert!(said.step(Action::StaffDecides).unwrap().law.contains("U8"));
        assert!(said.step(Action::RegisterCard).is_none() && said.step(Action::TakeDeclaration).is_none());
        assert!(!said.full_charge.may_be_asked);

        let form_alone = visit.clone().declares(declaration()).decide();
        assert_eq!(form_alone.accepted, None, "the form does not decide it");
        let decided = visit.clone().staff_take_in().decide();
        assert_eq!(decided.ways().last(), Some(&(Action::TakeDeclaration, Some(Kind::SelfDeclaration))));
        let both = visit.staff_take_in().declares(declaration()).decide();
        assert_eq!((both.evidence(), both.why()), (Some(Kind::SelfDeclaration), Some(Cause::Card)));
        assert!(both.follow_up(FollowUpKind::ReviewDecision).is_some(), "the decision is on record");

        let knows_pin = at(date).card().unregistered().decide();
        assert_eq!(knows_pin.ways()[0], (Action::RegisterCard, Some(Kind::MynaCardPin)));
        assert!(!knows_pin.offers(Kind::MynaCardFace) && knows_pin.offers(Kind::EligibilityCertificate));
    }
}
