//! Late truth re-decides: an answer after the check-in confirms it, corrects it, or says what to do (issue: queue and reconcile).
#![allow(missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::claim::{ClaimBasis, ClaimLine};
use domain::coverage::Coverage;
use domain::decision::FollowUpKind;
use domain::declaration::{Declaration, InsuranceKind};
use domain::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, Entry, FactId, Recorded};
use domain::link::{Cause, LinkState, Links};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::visit::{
    AnswerReceived, DeclarationTaken, DocumentPresented, FollowUpClosed, FullChargeAsked, LateOutcome, Money, Opened,
    PersonTaken, RatioChosen, VisitCommand, VisitFact, VisitState, VisitStatus, apply,
};
use domain::written::Written;
use domain::{Date, Timestamp};

const DAY: Date = Date::literal(2026, 11, 24);
const HERE: &str = "06010391";
const ELSEWHERE: &str = "01040013";

fn now() -> Timestamp {
    Timestamp::in_japan(DAY, 9, 0, 0)
}

fn line_down() -> Links {
    Links { line: LinkState::down(Some(now().plus_ms(-600_000))), ..Links::ALL_UP }
}

fn person() -> PersonFace {
    PersonFace {
        name: Some("見本　花子".to_owned()),
        name_kana: Some("ミホン ハナコ".to_owned()),
        birth_date: Date::new(1952, 3, 3),
        ..PersonFace::EMPTY
    }
}

fn coverage(insurer: &str, ratio_tenths: Option<u8>) -> Coverage {
    Coverage {
        insurer_number: InsurerNumber::parse(insurer).ok().map(|checked| checked.value),
        insured_number: InsuredNumber::parse("3405").ok().map(|checked| checked.value),
        ratio_tenths,
        ..Coverage::EMPTY
    }
}

fn answer(status: EligibilityStatus, results: Vec<Coverage>) -> VisitCommand {
    let results = results.into_iter().map(|coverage| EligibilityResult { person: person(), coverage }).collect();
    VisitCommand::TakeAnswer(AnswerReceived {
        question: None,
        answer: OnlineAnswer {
            status,
            asked_by: Some(AskedBy::Number),
            confirmed_for: DAY,
            obtained_at: None,
            results,
            consents: Vec::new(),
            reference_number: None,
            note: None,
        },
    })
}

/// A visit on which commands are tried one after the other.
struct Desk {
    facts: Vec<Recorded<VisitFact>>,
}

impl Desk {
    fn open(commands: Vec<VisitCommand>) -> Desk {
        let site = Site::of(SiteKind::Clinic);
        let opened = Opened { visit_date: DAY, site, flow: Flow::Window, counter: None };
        let mut desk = Desk { facts: Vec::new() };
        let mut all = vec![VisitCommand::Open(opened), VisitCommand::TakePerson(PersonTaken { person: person() })];
        all.extend(commands);
        desk.does(all);
        desk
    }

    fn with_certificate(ratio_tenths: Option<u8>) -> Desk {
        let presented = Presented {
            coverage: coverage(HERE, ratio_tenths),
            ..Presented::bare(EvidenceKind::EligibilityCertificate)
        };
        Desk::open(vec![VisitCommand::Present(DocumentPresented { presented })])
    }

    fn with_declaration() -> Desk {
        let card = Presented::bare(EvidenceKind::MynaCardFace);
        let declaration = Declaration {
            form_no: "D-1".to_owned(),
            text_version: "1".to_owned(),
            document_issued: None,
            insurance_kind: InsuranceKind::NationalHealth,
            insurer_name: None,
            workplace: None,
            issued_when: None,
            ratio_tenths: Some(2),
            name: "見本　花子".to_owned(),
            name_kana: None,
            birth_date: Date::literal(1952, 3, 3),
            sex: None,
            address: Some("東京都見本区架空1-2-3".to_owned()),
            postal_code: None,
            phone: Some("03-0000-0000".to_owned()),
            other_contact: None,
            remembered_symbol: None,
            remembered_number: None,
            consent_contact: true,
            consent_requery: true,
            signature: None,
            paper: None,
        };
        Desk::open(vec![
            VisitCommand::Present(DocumentPresented { presented: card }),
            VisitCommand::TakeDeclaration(DeclarationTaken { declaration }),
        ])
    }

    fn does(&mut self, commands: Vec<VisitCommand>) {
        let facts = apply(&self.state(), commands, &RulePack::built_in(), now(), &line_down()).expect("applied");
        for fact in facts {
            let id = FactId::new(format!("{:04}", self.facts.len()));
            self.facts.push(Recorded { id, at: now(), by: Author::the_box(), fact });
        }
    }

    fn state(&self) -> VisitState {
        VisitState::fold(self.facts.clone())
    }

    /// The share that stands on the month-end list.
    fn claimed(&self) -> Option<u8> {
        let state = self.state();
        let decision = state.decide(&RulePack::built_in(), now(), &line_down()).expect("decided");
        ClaimLine::of(&state, &decision).ratio_tenths
    }

    fn follow_ups(&self) -> Vec<FollowUpKind> {
        let state = self.state();
        let decision = state.decide(&RulePack::built_in(), now(), &line_down()).expect("decided");
        state.follow_ups(&decision).into_iter().map(|follow_up| follow_up.kind).collect()
    }

    fn basis(&self) -> ClaimBasis {
        self.state().decide(&RulePack::built_in(), now(), &line_down()).expect("decided").claim.basis
    }
}

#[test]
fn could_not_ask_is_an_answer_with_cause_and_since() {
    let desk = Desk::with_declaration();
    let state = desk.state();
    let accepted = state.accepted.expect("accepted");
    assert_eq!(accepted.acceptance.evidence, EvidenceKind::SelfDeclaration);
    let why = accepted.acceptance.why_not_better.expect("why");
    assert_eq!((why.cause, why.since), (Cause::Line, Some(now().plus_ms(-600_000))));
}

#[test]
fn the_same_insurance_and_share_confirm() {
    let mut desk = Desk::with_certificate(Some(2));
    assert_eq!(desk.state().status(), VisitStatus::Provisional);
    desk.does(vec![answer(EligibilityStatus::Valid, vec![coverage(HERE, Some(2))])]);
    assert_eq!(desk.state().late, [LateOutcome::Confirmed]);
    assert_eq!(desk.state().status(), VisitStatus::Confirmed);
    assert_eq!(desk.basis(), ClaimBasis::Current);
    assert!(!desk.follow_ups().contains(&FollowUpKind::Recheck), "a confirmed visit closes its re-check by itself");
}

#[test]
fn another_insurer_is_said_and_has_to_be_corrected() {
    let mut desk = Desk::with_certificate(Some(2));
    desk.does(vec![answer(EligibilityStatus::Valid, vec![coverage(ELSEWHERE, Some(2))])]);
    assert_eq!(desk.state().late, [LateOutcome::InsurerChanged]);
    assert_eq!(desk.state().status(), VisitStatus::Changed);
    assert!(desk.follow_ups().contains(&FollowUpKind::InsurerChanged));
    desk.does(vec![VisitCommand::CloseFollowUp(FollowUpClosed {
        kind: FollowUpKind::InsurerChanged,
        note: "修正済み".to_owned(),
    })]);
    assert_eq!(desk.state().status(), VisitStatus::Confirmed);
}

#[test]
fn an_old_paper_that_was_accepted_has_to_be_corrected_once_the_new_number_is_known() {
    let mut desk = Desk::with_certificate(Some(2));
    desk.does(vec![answer(EligibilityStatus::Superseded, vec![])]);
    assert_eq!(desk.basis(), ClaimBasis::Hold, "the answer names no numbers; it speaks of those it was asked about");
    desk.does(vec![answer(EligibilityStatus::Valid, vec![coverage(ELSEWHERE, Some(2))])]);
    assert_eq!(desk.state().late.last(), Some(&LateOutcome::InsurerChanged));
    assert!(desk.follow_ups().contains(&FollowUpKind::InsurerChanged), "{:?}", desk.follow_ups());
}

#[test]
fn another_share_collects_or_refunds() {
    for (charged, right, kind) in [(2, 3, FollowUpKind::Collect), (3, 2, FollowUpKind::Refund)] {
        let mut desk = Desk::with_certificate(Some(charged));
        desk.does(vec![answer(EligibilityStatus::Valid, vec![coverage(HERE, Some(right))])]);
        assert_eq!(desk.state().late, [LateOutcome::RatioChanged]);
        assert!(desk.follow_ups().contains(&kind), "{charged} → {right}: {:?}", desk.follow_ups());
        assert_eq!(
            desk.claimed(),
            Some(right),
            "the claim goes out with what was confirmed, not with what was charged"
        );
    }
    assert_eq!(Money::between(Some(2), Some(3)), Money::Collect(1));
    assert_eq!(Money::between(Some(10), Some(3)), Money::Refund(7));
    assert_eq!(Money::between(None, Some(3)), Money::Even);
}

#[test]
fn ten_tenths_taken_for_now_are_paid_back_once_confirmed() {
    let mut desk = Desk::open(Vec::new());
    desk.does(vec![VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もお持ちでない".to_owned() })]);
    assert_eq!(desk.state().status(), VisitStatus::FullCharge);
    assert!(desk.follow_ups().contains(&FollowUpKind::Refund), "open from the first moment");
    assert_eq!(desk.claimed(), Some(10));
    desk.does(vec![answer(EligibilityStatus::Valid, vec![coverage(HERE, Some(2))])]);
    assert_eq!(desk.state().status(), VisitStatus::Changed);
    let refund = desk.state().late_follow_ups.into_iter().find(|f| f.kind == FollowUpKind::Refund).expect("refund");
    assert!(refund.reason.ja.contains('8'), "{}", refund.reason.ja);
    assert_eq!(desk.claimed(), Some(2), "no claim carries 10割");
}

#[test]
fn a_declaration_ends_as_current_former_or_unknown() {
    let settled = |status, results| {
        let mut desk = Desk::with_declaration();
        desk.does(vec![answer(status, results)]);
        (desk.basis(), desk.state().late.last().copied(), desk.follow_ups())
    };
    let (basis, outcome, follow_ups) = settled(EligibilityStatus::Valid, vec![coverage(HERE, Some(2))]);
    assert_eq!((basis, outcome), (ClaimBasis::Current, Some(LateOutcome::Confirmed)));
    assert!(!follow_ups.contains(&FollowUpKind::UnknownClaim));

    let (basis, outcome, follow_ups) = settled(EligibilityStatus::Invalid, vec![coverage(HERE, None)]);
    assert_eq!((basis, outcome), (ClaimBasis::Former, Some(LateOutcome::FormerClaim)));
    assert!(follow_ups.contains(&FollowUpKind::FormerClaim) && follow_ups.contains(&FollowUpKind::CallInsurer));

    let (basis, outcome, follow_ups) = settled(EligibilityStatus::NotFound, Vec::new());
    assert_eq!((basis, outcome), (ClaimBasis::Unknown, Some(LateOutcome::UnknownClaim)));
    assert!(follow_ups.contains(&FollowUpKind::UnknownClaim) && follow_ups.contains(&FollowUpKind::DeclarationOpen));
}

#[test]
fn another_persons_answer_is_not_kept_and_changes_nothing_but_the_warning() {
    let mut desk = Desk::with_certificate(Some(2));
    let stranger = PersonFace {
        name: Some("別人　太郎".to_owned()),
        name_kana: Some("ベツジン タロウ".to_owned()),
        birth_date: Date::new(1960, 5, 5),
        ..PersonFace::EMPTY
    };
    let VisitCommand::TakeAnswer(mut received) = answer(EligibilityStatus::Valid, vec![coverage(ELSEWHERE, Some(1))])
    else {
        unreachable!("an answer")
    };
    received.answer.results[0].person = stranger;
    desk.does(vec![VisitCommand::TakeAnswer(received)]);
    let state = desk.state();
    assert!(state.answer.is_none() && state.answer_withheld);
    assert_eq!(state.late, [LateOutcome::PersonMismatch]);
    assert!(desk.follow_ups().contains(&FollowUpKind::ReportPersonMismatch));
    let written = format!("{:?}", desk.facts.iter().map(|recorded| recorded.fact.write()).collect::<Vec<_>>());
    assert!(!written.contains("ベツジン") && !written.contains(ELSEWHERE), "nothing of the other person is written");
}

#[test]
fn the_union_of_facts_folds_to_the_same_state_in_any_order() {
    let mut desk = Desk::with_certificate(Some(2));
    desk.does(vec![VisitCommand::ChooseRatio(RatioChosen { tenths: 3, reason: "受給者証".to_owned() })]);
    desk.does(vec![answer(EligibilityStatus::Valid, vec![coverage(HERE, Some(2))])]);
    let expected = desk.state();
    assert_eq!(expected.accepted.as_ref().map(|a| a.acceptance.confidence), Some(Confidence::ConfirmedByDocument));
    for rotation in 0..desk.facts.len() {
        let mut facts = desk.facts.clone();
        facts.rotate_left(rotation);
        facts.reverse();
        assert_eq!(VisitState::fold(facts), expected);
    }
    let facts: Vec<VisitFact> = desk.facts.iter().map(|recorded| recorded.fact.clone()).collect();
    let entry = Entry { at: now(), by: Author::the_box(), facts };
    let read = Entry::<VisitFact>::read(&entry.write()).expect("read");
    assert_eq!(read, entry);
    assert_eq!(
        VisitState::fold(read.recorded("e").collect()),
        expected,
        "what was kept together folds like one by one"
    );
}
