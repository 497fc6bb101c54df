//! Corners of the ladder that the numbered scenarios leave out.

use crate::desk::*;
use domain::case::{AttemptOutcome, Companion, Flow};
use domain::claim::ClaimBasis;
use domain::coverage::Coverage;
use domain::decision::{Action, FollowUpKind, RatioBasis};
use domain::eligibility::PersonMatch;
use domain::evidence::{Confidence, EvidenceKind as Kind};
use domain::link::{Cause, Link};
use domain::number::InsurerNumber;
use domain::rule::RuleId;

const DATE: &str = "2026-06-01";

fn by_number(coverage: Coverage) -> Answer {
    valid(coverage).by_number()
}

// the reader is up

#[test]
fn card_and_everything_up_is_read_and_nothing_else_is_asked() {
    let said = at(DATE).card().decide();
    assert_eq!(
        said.ways(),
        [
            (Action::ReadCard, Some(Kind::MynaCardFace)),
            (Action::ReadCard, Some(Kind::MynaCardPin)),
            (Action::ReadCard, Some(Kind::MynaCardVisual)),
        ]
    );
    assert_eq!(said.next_step().unwrap().order, 1);
}

#[test]
fn small_children_begin_with_the_visual_check() {
    let ways = at(DATE).born("2022-06-01").brought_by(Companion::Parent).card().decide().ways();
    assert_eq!(ways[0], (Action::ReadCard, Some(Kind::MynaCardVisual)));
    assert_eq!(ways.len(), 3);
}

#[test]
fn no_card_and_everything_up() {
    let said = at(DATE).decide();
    assert_eq!(
        said.ways(),
        [
            (Action::AskForCard, Some(Kind::MynaCardFace)),
            (Action::TakeDocument, Some(Kind::EligibilityCertificate)),
            (Action::AskFullCharge, None),
        ]
    );
}

#[test]
fn pairs_and_declarations_do_not_replace_a_card_that_can_be_read() {
    for kind in [Kind::CardPlusNotice, Kind::CardPlusPortalPdf, Kind::CardPlusPortalScreen, Kind::SelfDeclaration] {
        let said = at(DATE).shows_with(kind, company()).decide();
        assert!(said.refusal(kind).reason.ja.contains("まずカード"), "{kind:?}");
        assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)));
    }
    let oral = at(DATE).card().on_file(company(), day("2026-05-01")).says_unchanged().decide();
    assert!(oral.refusal(Kind::ReturnVisitOral).reason.ja.contains("まずカード"));
}

#[test]
fn a_certificate_works_beside_a_card_and_says_that_the_patient_chose() {
    let said = at(DATE).card().shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!((said.evidence(), said.why()), (Some(Kind::EligibilityCertificate), Some(Cause::Patient)));
}

// queries by number

#[test]
fn a_query_confirms_the_paper_it_was_asked_for() {
    let visit = at(DATE).shows_with(Kind::EligibilityCertificate, company());
    let recommended = visit.decide();
    let query = recommended.step(Action::QueryByNumber).unwrap();
    assert!(query.order == 2 && !query.satisfied && query.reason.en.contains("nobody needs to wait"));
    assert!(
        at(DATE)
            .line_down()
            .shows_with(Kind::EligibilityCertificate, company())
            .decide()
            .step(Action::QueryByNumber)
            .is_none()
    );

    let confirmed = visit.clone().answer(by_number(company())).decide();
    let accepted = confirmed.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::EligibilityCertificate, Confidence::ConfirmedOnline));
    assert!(!accepted.provisional && confirmed.step(Action::QueryByNumber).is_none());
    assert_eq!(confirmed.claim.coverage, Some(company()));

    let of_another_insurance = visit.answer(by_number(new_company())).decide();
    assert_eq!(of_another_insurance.confidence(), Some(Confidence::ConfirmedByDocument));
    let expired = at(DATE).shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"));
    let wrong_number = expired.answer(by_number(new_company())).decide();
    assert_eq!(wrong_number.accepted, None, "the query was about another insurance");
    assert!(wrong_number.offers(Kind::InsuranceCardExpired));
}

#[test]
fn a_query_confirms_a_pair_and_a_number_on_file_when_the_reader_is_down() {
    let pair =
        at(DATE).card().reader_down().shows_with(Kind::CardPlusNotice, company()).answer(by_number(company())).decide();
    assert_eq!((pair.evidence(), pair.confidence()), (Some(Kind::CardPlusNotice), Some(Confidence::ConfirmedOnline)));
    assert_eq!(pair.why(), Some(Cause::Reader), "how it came to a query instead of the card");
    assert!(!pair.medical.allowed);
    let visit = at(DATE).card().reader_down().on_file(company(), day("2026-05-01"));
    let on_file = visit.clone().answer(by_number(company())).decide();
    assert_eq!(
        (on_file.evidence(), on_file.confidence()),
        (Some(Kind::ReturnVisitOral), Some(Confidence::ConfirmedOnline))
    );
    let other = visit.answer(by_number(new_company())).decide();
    assert_eq!(other.accepted, None, "not the number on file: ask whether anything changed");
    assert!(other.step(Action::AskUnchanged).is_some());
}

#[test]
fn an_answer_that_does_not_say_how_it_was_asked() {
    let silent = |kind: Kind| {
        let mut visit = at(DATE).shows_with(kind, until(company(), "2025-12-01")).answer(valid(company()));
        visit.case.online.as_mut().unwrap().asked_by = None;
        visit.decide().evidence()
    };
    assert_eq!(silent(Kind::InsuranceCardExpired), Some(Kind::InsuranceCardExpired), "no card was read");
    assert_eq!(silent(Kind::MynaCardFace), Some(Kind::MynaCardFace));
}

#[test]
fn a_valid_query_does_not_replace_reading_the_card() {
    let said = at(DATE).card().answer(by_number(company())).decide();
    assert_eq!(said.accepted, None);
    assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)));
    assert_eq!((said.claim.basis, said.claim.provisional), (ClaimBasis::Current, false), "what was confirmed is kept");
}

#[test]
fn a_known_patient_without_papers_whose_number_is_valid_is_never_a_dead_end() {
    let visit = at(DATE).shows(Kind::None).on_file(company(), day("2026-05-02")).answer(by_number(company()));
    assert!(visit.decide().offers(Kind::SiteJudgement));
    let taken = visit.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.confidence()), (Some(Kind::SiteJudgement), Some(Confidence::ConfirmedOnline)));
}

#[test]
fn a_typing_error_that_finds_somebody_else() {
    let stranger = by_number(new_company()).born("1970-01-01");
    let paper = at(DATE)
        .shows_with(Kind::InsuranceCardExpired, until(company(), "2025-12-01"))
        .answer(stranger.clone())
        .decide();
    assert_eq!((paper.person, paper.accepted.clone()), (PersonMatch::Different, None));
    assert_eq!(paper.ways()[0], (Action::Retype, None));
    let card = at(DATE).card().answer(stranger).decide();
    assert!(card.offers(Kind::MynaCardFace), "the card was not even read yet");
}

#[test]
fn an_answer_for_another_day_or_person_in_a_second_result_does_not_slip_through() {
    let mut visit = at(DATE).card().answer(valid(company()));
    visit.case.online.as_mut().unwrap().confirmed_for = day("2026-05-31");
    let said = visit.decide();
    assert!(said.accepted.is_none() && said.warns_of("別の日") && said.offers(Kind::MynaCardFace));
    assert_eq!(said.claim.basis, ClaimBasis::Hold);

    let mut second = at(DATE).card().answer(valid(company()).and(assistance()));
    second.case.online.as_mut().unwrap().results[1].person.birth_date = Some(day("1970-01-01"));
    assert_eq!(second.decide().person, PersonMatch::Different);
}

// identification

#[test]
fn a_card_with_somebody_elses_photo_stops_everything_but_papers() {
    let visit = at(DATE).card().tried(Kind::MynaCardVisual, AttemptOutcome::OtherPerson).answer(valid(company()));
    let said = visit.decide();
    assert_eq!((said.person, said.accepted.clone()), (PersonMatch::Different, None));
    assert!(said.refusal(Kind::MynaCardVisual).reason.ja.contains("写真"));
    assert!(said.warns_of("取り違え") && said.claim.coverage.is_none() && !said.medical.allowed);
    assert_eq!(said.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)), "the patient's own card");
    assert!(!said.offers(Kind::SelfDeclaration), "somebody else's card is no photo ID");
    let papers = visit.shows_with(Kind::EligibilityCertificate, kokuho()).decide();
    assert_eq!((papers.evidence(), papers.claim.coverage), (Some(Kind::EligibilityCertificate), Some(kokuho())));
}

#[test]
fn an_unreadable_card_goes_on_at_once() {
    let visit = at(DATE).card().tried(Kind::MynaCardFace, AttemptOutcome::Unreadable);
    let said = visit.shows_with(Kind::CardPlusPortalPdf, company()).decide();
    assert_eq!((said.evidence(), said.why()), (Some(Kind::CardPlusPortalPdf), Some(Cause::Card)));
}

#[test]
fn a_patient_who_cannot_operate_the_reader() {
    let visit = at(DATE).card().consent_app().face_fails().pin_forgotten();
    assert_eq!(
        visit.decide().ways(),
        [(Action::ReadCard, Some(Kind::MynaCardVisual)), (Action::UseConsentApp, Some(Kind::HomeConsentApp))]
    );
    let nothing_works = visit.visual_fails().tried(Kind::HomeConsentApp, AttemptOutcome::Failed).decide();
    assert!(nothing_works.offers(Kind::SelfDeclaration) && !nothing_works.offers(Kind::HomeConsentApp));
    assert_eq!(nothing_works.refusal(Kind::MynaCardFace).rule, None);
}

#[test]
fn a_phone_at_a_site_that_cannot_read_it_is_the_staffs_decision() {
    let portal = at(DATE).shows_with(Kind::MynaPhoneAndroid, company());
    let said = portal.decide();
    assert!(said.refusal(Kind::MynaPhoneAndroid).reason.ja.contains("実物のカード"));
    assert_eq!(said.ways()[0], (Action::AskForCard, Some(Kind::MynaCardFace)));
    assert_eq!(said.ways().last(), Some(&(Action::StaffDecides, Some(Kind::SiteJudgement))));
    assert!(said.step(Action::StaffDecides).unwrap().law.contains("U1") && !said.full_charge.may_be_asked);
    let taken = portal.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.why()), (Some(Kind::SiteJudgement), Some(Cause::Reader)));
    assert_eq!((taken.claim.basis, taken.claim.provisional), (ClaimBasis::Current, true), "by the screen's numbers");
    assert!(taken.follow_up(FollowUpKind::ReviewDecision).is_some());
}

#[test]
fn a_phone_that_fails_asks_for_the_card() {
    let said = at(DATE)
        .phone_reader()
        .shows(Kind::MynaPhoneIphone)
        .tried(Kind::MynaPhoneIphone, AttemptOutcome::Failed)
        .decide();
    assert!(said.refusal(Kind::MynaPhoneIphone).reason.ja.contains("実物のカード"));
    assert!(said.step(Action::AskForCard).is_some() && said.step(Action::StaffDecides).is_some());
}

// other flows and other ways

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

// papers

#[test]
fn copies_count_in_the_right_hands_only() {
    let copy = |who: Option<Companion>, kind: Kind, date: &str| {
        let visit = at(date).born("2022-06-01").shows_copy_of(kind, Kind::EligibilityCertificate, company());
        who.map_or(visit.clone(), |who| visit.brought_by(who)).decide().evidence()
    };
    let nursery = Some(Companion::NurseryStaff);
    assert_eq!(copy(nursery, Kind::NurseryCopy, "2025-02-11"), None);
    assert_eq!(copy(nursery, Kind::NurseryCopy, "2025-02-12"), Some(Kind::NurseryCopy));
    assert_eq!(copy(None, Kind::NurseryCopy, DATE), Some(Kind::NurseryCopy), "the kind itself names the occasion");
    assert_eq!(copy(Some(Companion::Teacher), Kind::NurseryCopy, DATE), None);
    assert_eq!(copy(Some(Companion::Helper), Kind::SchoolTripCopy, DATE), None);
    let nobody_said = at(DATE).shows_copy(Kind::EligibilityCertificate, company()).decide();
    assert!(nobody_said.accepted.is_none() && nobody_said.offers(Kind::EligibilityCertificate));
    let notice = at("2026-10-01").brought_by(Companion::Teacher).shows_with(Kind::NoticeOnly, company()).decide();
    assert_eq!((notice.evidence(), notice.refused.len()), (Some(Kind::SchoolTripCopy), 0));
    let old = at(DATE).brought_by(Companion::Teacher).shows_with(Kind::SchoolTripCopy, until(company(), "2026-03-31"));
    assert!(old.decide().refusal(Kind::SchoolTripCopy).reason.ja.contains("期限"));
    let not_yet = at(DATE).shows_with(Kind::EligibilityCertificate, from(company(), "2026-06-02")).decide();
    assert!(not_yet.refusal(Kind::EligibilityCertificate).reason.en.contains("not valid yet"));
    let card_copy = at("2025-11-01").shows_copy(Kind::InsuranceCardValid, company()).decide();
    assert!(card_copy.refusal(Kind::InsuranceCardValid).reason.ja.contains("写し"));
}

#[test]
fn a_notice_of_the_elderly_ends_on_the_thirty_first_of_july() {
    let visit = |date: &str| at(date).born("1954-01-05").line_down().card();
    let notice = until(with_elderly(kokuho(), 2, "2025-08-01", "2026-07-31"), "2026-07-31");
    let last = visit("2026-07-31").shows_with(Kind::CardPlusNotice, notice.clone()).decide();
    assert_eq!((last.evidence(), last.ratio.tenths), (Some(Kind::CardPlusNotice), Some(2)));
    let after = visit("2026-08-01").shows_with(Kind::CardPlusNotice, notice).decide();
    assert!(after.refusal(Kind::CardPlusNotice).reason.ja.contains("7月31日"));
    assert!(after.offers(Kind::SelfDeclaration));
}

#[test]
fn the_clinic_card_counts_once_a_month_was_begun_with_a_document() {
    let visit = at("2026-06-20").shows(Kind::PatientCardOnly);
    let known = |shown: &str| visit.clone().on_file(company(), day(shown));
    let open = known("2026-06-02").decide();
    assert!(open.offers(Kind::PatientCardOnly) && !open.full_charge.may_be_asked);
    let confirmed = known("2026-06-02").answer(by_number(company())).decide();
    assert_eq!(
        (confirmed.evidence(), confirmed.confidence()),
        (Some(Kind::PatientCardOnly), Some(Confidence::ConfirmedOnline))
    );
    for said in [
        known("2026-05-31").decide(),
        known("2026-06-02").line_down().decide(),
        known("2026-06-02").answer(not_found().by_number()).decide(),
        visit.decide(),
    ] {
        assert_eq!(said.refusal(Kind::PatientCardOnly).rule, Some(RuleId::PatientCardMonthly));
    }
    let too_early = at("2024-04-16").shows(Kind::PatientCardOnly).on_file(company(), day("2024-04-02"));
    assert!(too_early.answer(by_number(company())).decide().accepted.is_none());
}

#[test]
fn prescriptions_in_a_pharmacy_beside_a_card() {
    let visit = at(DATE).pharmacy().card().shows_with(Kind::PrescriptionPaper, company());
    let said = visit.decide();
    assert_eq!(said.accepted, None);
    assert_eq!(said.ways()[0], (Action::ReadCard, Some(Kind::MynaCardFace)));
    assert_eq!(said.ways().last(), Some(&(Action::TakePrescription, Some(Kind::PrescriptionPaper))));
    let chosen = visit.clone().staff_take_in().decide();
    assert_eq!((chosen.evidence(), chosen.why()), (Some(Kind::PrescriptionPaper), Some(Cause::Patient)));
    let reader_down = visit.reader_down().decide();
    assert_eq!((reader_down.evidence(), reader_down.why()), (Some(Kind::PrescriptionPaper), Some(Cause::Reader)));
    let clinic = at(DATE).shows(Kind::PrescriptionPaper).decide();
    assert!(clinic.refusal(Kind::PrescriptionPaper).reason.ja.contains("薬局だけ"));
    let proxy =
        at(DATE).pharmacy().brought_by(Companion::Proxy).shows_with(Kind::PrescriptionElectronic, company()).decide();
    assert!(proxy.ladder[0].say.ja.contains("引換番号"));
}

#[test]
fn somebody_instead_of_the_patient() {
    let visit = at(DATE).brought_by(Companion::Proxy);
    let certificate = visit.clone().shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(certificate.evidence(), Some(Kind::EligibilityCertificate));
    let pair = visit.clone().line_down().shows_with(Kind::CardPlusNotice, company());
    let said = pair.decide();
    assert!(said.refusal(Kind::CardPlusNotice).reason.ja.contains("代理"));
    assert!(said.offers(Kind::SiteJudgement) && !said.full_charge.may_be_asked);
    assert_eq!(pair.staff_take_in().decide().evidence(), Some(Kind::SiteJudgement));
    assert!(visit.decide().step(Action::AskForCard).is_none(), "the card is not the proxy's to use");
}

#[test]
fn medical_tickets_on_paper() {
    let visit = at(DATE).shows_with(Kind::MedicalAssistanceTicket, assistance());
    let said = visit.decide();
    assert_eq!((said.evidence(), said.ratio.tenths), (Some(Kind::MedicalAssistanceTicket), Some(0)));
    assert_eq!(said.ratio.basis, Some(RatioBasis::Ticket));
    assert_eq!((said.claim.basis, said.claim.coverage), (ClaimBasis::Current, Some(assistance())));
    let beside_insurance = at(DATE)
        .shows_with(Kind::EligibilityCertificate, company())
        .shows_with(Kind::MedicalAssistanceTicket, assistance())
        .decide();
    assert_eq!(beside_insurance.ratio.tenths, Some(3), "the insurer pays first");
    let last_month = at(DATE).shows_with(Kind::MedicalAssistanceTicket, until(assistance(), "2026-05-31")).decide();
    assert!(last_month.refusal(Kind::MedicalAssistanceTicket).reason.ja.contains("福祉事務所"));
    let online = at(DATE).card().answer(valid(assistance())).decide();
    assert_eq!((online.evidence(), online.ratio.tenths), (Some(Kind::MedicalAssistanceOnline), Some(0)));
}

#[test]
fn the_card_face_is_written_down_when_nobody_can_fill_in_a_form() {
    let visit = at(DATE).line_down().card();
    let said = visit.decide();
    assert!(said.place(Action::TakeDeclaration, None) < said.place(Action::StaffDecides, Some(Kind::SiteJudgement)));
    assert!(said.step(Action::StaffDecides).unwrap().reason.ja.contains("4項目"));
    let taken = visit.staff_take_in().decide();
    assert_eq!((taken.evidence(), taken.confidence()), (Some(Kind::SiteJudgement), Some(Confidence::Unconfirmed)));
    assert_eq!(taken.claim.basis, ClaimBasis::Hold);
    let kinds = taken.follow_up_kinds();
    assert_eq!(kinds, [FollowUpKind::Recheck, FollowUpKind::ReportNumber, FollowUpKind::ReviewDecision]);
}

// what staff should notice

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

// after the acceptance

#[test]
fn late_truth_confirms_or_takes_back() {
    let visit = at(DATE).line_down().shows_with(Kind::EligibilityCertificate, company()).settled();
    let confirmed = visit.clone().answer(by_number(company())).decide().accepted.unwrap();
    assert_eq!((confirmed.evidence, confirmed.confidence), (Kind::EligibilityCertificate, Confidence::ConfirmedOnline));
    assert!(!confirmed.provisional);
    let sure = at(DATE).card().answer(valid(company())).settled();
    let taken_back = sure.clone().answer(invalid(lost(company(), "2026-05-20"))).decide();
    let accepted = taken_back.accepted.clone().unwrap();
    assert_eq!((accepted.evidence, accepted.confidence), (Kind::MynaCardFace, Confidence::Unconfirmed));
    assert!(accepted.provisional && taken_back.claim.basis == ClaimBasis::Former);
    let stranger = sure.answer(valid(new_company()).born("1970-01-01")).decide();
    assert!(!stranger.accepted.unwrap().provisional, "another person's answer changes nothing");
    assert_eq!(stranger.claim.basis, ClaimBasis::Hold);
}

#[test]
fn medical_data_open_when_the_card_is_read_after_all() {
    let consented = valid(company()).consented_at(noon(day(DATE)));
    let visit = at(DATE).pharmacy().reader_down().card().shows_with(Kind::PrescriptionPaper, company()).settled();
    assert!(!visit.decide().medical.allowed);
    assert!(visit.clone().answer(consented.clone()).decide().medical.allowed);
    assert!(!visit.answer(consented.by_number()).decide().medical.allowed);
}

#[test]
fn refused_consent_is_no_consent() {
    let mut visit = at(DATE).card().answer(valid(company()).consented_at(noon(day(DATE))));
    for consent in &mut visit.case.online.as_mut().unwrap().consents {
        consent.given = false;
    }
    let said = visit.decide();
    assert!(!said.medical.allowed && said.medical.reason.en.contains("No consent"));
    assert_eq!(said.confidence(), Some(Confidence::ConfirmedOnline), "two separate answers");
}

#[test]
fn before_a_way_existed_it_is_refused_with_its_rule() {
    let screen = at("2023-05-31").line_down().shows_with(Kind::CardPlusPortalScreen, company()).decide();
    assert_eq!(screen.refusal(Kind::CardPlusPortalScreen).rule, Some(RuleId::PortalScreenOk));
    let form = at("2023-07-09").line_down().card().declares(declaration()).decide();
    assert!(form.refusal(Kind::SelfDeclaration).reason.ja.contains("まだ使えない"));
    let oral = at("2023-07-09").line_down().card().on_file(company(), day("2023-07-01")).says_unchanged().decide();
    assert_eq!(oral.refusal(Kind::ReturnVisitOral).rule, Some(RuleId::SelfDeclaration));
    let certificate = at("2024-12-01").shows_with(Kind::EligibilityCertificate, company()).decide();
    assert_eq!(certificate.refusal(Kind::EligibilityCertificate).rule, Some(RuleId::EligibilityCertificate));
}
