//! What a visit counts as in the survey's categories (field-troubles §1.1, REQ-03).
#![allow(missing_docs, clippy::unwrap_used)]

use domain::case::{Attempt, AttemptOutcome, Flow, Presented, Site, SiteKind};
use domain::coverage::{Coverage, LimitInfo};
use domain::eligibility::{EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::{Author, FactId, QuestionId, Recorded};
use domain::link::Cause;
use domain::trouble::Trouble;
use domain::visit::{
    AnswerReceived, AnswerWithheld, AttemptFailed, CardSeen, DocumentPresented, FullChargeAsked, LateOutcome,
    LeftWithoutCare, Opened, PersonTaken, QuestionFailed, QuestionUnanswered, Reconciled, VisitFact, VisitState,
};
use domain::{Date, Timestamp};
use std::collections::BTreeSet;

const DAY: Date = Date::literal(2026, 11, 24);

fn opened() -> VisitFact {
    let site = Site::of(SiteKind::Clinic);
    VisitFact::Opened(Opened { visit_date: DAY, site, flow: Flow::Window, counter: None })
}

fn person(name: &str) -> PersonFace {
    PersonFace { name: Some(name.to_owned()), birth_date: Date::new(1985, 4, 12), ..PersonFace::EMPTY }
}

fn living_at(address: &str) -> PersonFace {
    PersonFace { address: Some(address.to_owned()), ..person("見本 花子") }
}

fn at_desk(name: &str) -> VisitFact {
    VisitFact::PersonTaken(PersonTaken { person: person(name) })
}

fn lives_at(address: &str) -> VisitFact {
    VisitFact::PersonTaken(PersonTaken { person: living_at(address) })
}

fn answer(status: EligibilityStatus, name: &str, coverage: Coverage) -> VisitFact {
    let results = vec![EligibilityResult { person: person(name), coverage }];
    VisitFact::AnswerReceived(AnswerReceived {
        question: None,
        answer: OnlineAnswer {
            status,
            asked_by: None,
            confirmed_for: DAY,
            obtained_at: None,
            results,
            consents: Vec::new(),
            reference_number: None,
            note: None,
        },
    })
}

fn valid(name: &str) -> VisitFact {
    answer(EligibilityStatus::Valid, name, Coverage::EMPTY)
}

fn limit(class: &str) -> Coverage {
    let limit = LimitInfo { limit_class: class.to_owned(), valid_from: None, valid_to: None };
    Coverage { limit: Some(limit), ..Coverage::EMPTY }
}

fn ratio(tenths: u8) -> Coverage {
    Coverage { ratio_tenths: Some(tenths), ..Coverage::EMPTY }
}

fn shown(kind: EvidenceKind, coverage: Coverage) -> VisitFact {
    VisitFact::DocumentPresented(DocumentPresented { presented: Presented { coverage, ..Presented::bare(kind) } })
}

fn attempt(outcome: AttemptOutcome) -> VisitFact {
    VisitFact::AttemptFailed(AttemptFailed { attempt: Attempt { kind: EvidenceKind::MynaCardFace, outcome } })
}

fn failed(cause: Cause) -> VisitFact {
    VisitFact::QuestionFailed(QuestionFailed { question: QuestionId::new("q"), cause, code: None })
}

fn silent(cause: Cause) -> VisitFact {
    VisitFact::QuestionUnanswered(QuestionUnanswered { question: QuestionId::new("q"), cause })
}

fn reconciled(outcome: LateOutcome, charged: u8, right: u8) -> VisitFact {
    let (ratio_charged, ratio_right) = (Some(charged), Some(right));
    VisitFact::Reconciled(Reconciled { outcome, ratio_charged, ratio_right, follow_ups: Vec::new() })
}

fn expiring(expiry: Date) -> VisitFact {
    VisitFact::CardSeen(CardSeen { certificate_expiry: Some(expiry), registered: None })
}

fn valid_at(address: &str) -> VisitFact {
    let VisitFact::AnswerReceived(mut received) = valid("見本 花子") else { unreachable!("an answer") };
    received.answer.results[0].person = living_at(address);
    VisitFact::AnswerReceived(received)
}

/// The troubles of a visit to which these facts happened one after the other, handed over backwards.
fn troubles(facts: Vec<VisitFact>) -> BTreeSet<Trouble> {
    let facts = [opened()].into_iter().chain(facts).enumerate().map(|(number, fact)| Recorded {
        id: FactId::new(format!("{number:03}")),
        at: Timestamp::in_japan(DAY, 9, 0, 0),
        by: Author::the_box(),
        fact,
    });
    VisitState::fold(facts.collect::<Vec<_>>().into_iter().rev().collect()).troubles
}

#[test]
fn every_row_of_the_survey_has_its_facts() {
    use AttemptOutcome::{Failed, Forgotten, Locked};
    use EligibilityStatus::{Invalid, NotFound, Superseded};
    let full = || VisitFact::FullChargeAsked(FullChargeAsked { reason: "確認できない".to_owned() });
    let left = VisitFact::LeftWithoutCare(LeftWithoutCare { reason: "帰宅".to_owned() });
    let withheld = VisitFact::AnswerWithheld(AnswerWithheld { question: None, asked_by: None });
    let paper = EvidenceKind::LimitCertificate;
    let elderly = EvidenceKind::ElderlyRecipient;
    for (facts, expected) in [
        (vec![at_desk("見本 花子"), valid("見本 花子")], vec![]),
        (vec![at_desk("髙橋 花子"), valid("●橋 花子")], vec![Trouble::UnprintableName]),
        (vec![at_desk("髙橋 花子"), valid("高橋 花子")], vec![Trouble::NameMismatch]),
        (vec![valid("高橋 花子"), at_desk("髙橋 花子")], vec![Trouble::NameMismatch]),
        (vec![lives_at("東京都港区三田1-2-3"), valid_at("港区三田１丁目２番３号")], vec![]),
        (vec![lives_at("東京都港区三田1-2-3"), valid_at("東京都港区芝1-2-3")], vec![Trouble::NameMismatch]),
        (vec![valid_at("東京都港区芝1-2-3"), lives_at("東京都港区三田1-2-3")], vec![Trouble::NameMismatch]),
        (vec![lives_at("東京都港区三田1-2-3"), valid("見本 花子")], vec![]),
        (vec![attempt(Failed), attempt(Failed)], vec![Trouble::Reader]),
        (vec![attempt(Locked), attempt(Forgotten)], vec![Trouble::Other]),
        (vec![answer(Invalid, "見本 花子", Coverage::EMPTY)], vec![Trouble::ShownInvalid]),
        (vec![answer(Superseded, "見本 花子", Coverage::EMPTY)], vec![Trouble::ShownInvalid]),
        (vec![answer(NotFound, "見本 花子", Coverage::EMPTY)], vec![Trouble::NoSuchNumber]),
        (
            vec![answer(Invalid, "見本 花子", Coverage::EMPTY), valid("見本 花子")],
            vec![Trouble::ShownInvalid, Trouble::InvalidThoughInsured],
        ),
        (vec![expiring(Date::literal(2026, 11, 23))], vec![Trouble::Expired]),
        (vec![expiring(DAY)], vec![]),
        (
            vec![shown(paper, limit("A03")), answer(EligibilityStatus::Valid, "見", limit("A02"))],
            vec![Trouble::CeilingWrong],
        ),
        (vec![shown(paper, limit("A03")), answer(EligibilityStatus::Valid, "見", limit("A03"))], vec![]),
        (
            vec![answer(EligibilityStatus::Valid, "見", ratio(3)), shown(elderly, ratio(2))],
            vec![Trouble::RatioMismatch],
        ),
        (vec![shown(elderly, ratio(2)), valid("見")], vec![]),
        (vec![reconciled(LateOutcome::RatioChanged, 3, 2)], vec![Trouble::RatioMismatch]),
        (vec![full(), reconciled(LateOutcome::RatioChanged, 10, 3)], vec![Trouble::FullCharge]),
        (vec![withheld], vec![Trouble::OtherPerson]),
        (vec![failed(Cause::Line), failed(Cause::Line)], vec![Trouble::NoReplyLine]),
        (vec![failed(Cause::Terminal)], vec![Trouble::NoReplyTerminal]),
        (vec![failed(Cause::NationalService)], vec![Trouble::NoReplyNationalService]),
        (vec![failed(Cause::Patient)], vec![]),
        (vec![silent(Cause::NationalService)], vec![Trouble::NoReplyNationalService]),
        (vec![left], vec![Trouble::LeftWithoutCare]),
    ] {
        assert_eq!(troubles(facts.clone()), expected.into_iter().collect(), "{facts:?}");
    }
}
