//! "Could not ask" is a first-class answer: the ladder turns by itself, whatever the lamps say. And an answer that was withheld
//! says how it was asked for.

use crate::desk::*;
use domain::decision::{Action, FollowUpKind};
use domain::eligibility::{AskedBy, PersonMatch};
use domain::evidence::EvidenceKind as Kind;
use domain::link::{Cause, Link};

const DATE: &str = "2026-06-01";
const OVER: &str = "2026-08-03";

#[test]
fn the_broken_link_behind_a_question_counts_though_its_lamp_shows_nothing() {
    let visit = at(DATE).card();
    assert_eq!(visit.decide().ways()[0].0, Action::ReadCard, "every lamp is fine");
    for cause in [Cause::Terminal, Cause::Line, Cause::NationalService, Cause::Power] {
        let failed = visit.clone().could_not_ask(cause);
        let said = failed.decide();
        assert!(!said.offers(Kind::MynaCardFace) && said.offers(Kind::SelfDeclaration), "{cause:?}");
        assert!(said.warns_of("11:55から") && said.warns_of("コード E-1") && said.warns_of(cause.label_ja()));
        assert!(said.step(Action::QueryByNumber).is_some(), "once more, should the fault be over");
        let declared = failed.declares(declaration()).decide();
        assert_eq!((declared.evidence(), declared.why()), (Some(Kind::SelfDeclaration), Some(cause)));
        let why = declared.accepted.unwrap().why_not_better.unwrap();
        assert_eq!(why.since, Some(noon(day(DATE)).plus_ms(-300_000)), "and since when");
    }
}

#[test]
fn a_link_known_to_be_down_keeps_its_own_beginning() {
    let said = at(DATE).card().line_down().could_not_ask(Cause::Line).declares(declaration()).decide();
    let why = said.accepted.as_ref().unwrap().why_not_better.clone().unwrap();
    assert_eq!(why.since, Some(noon(day(DATE)).plus_ms(-600_000)));
    assert!(said.step(Action::QueryByNumber).is_none(), "the lamp says no");
}

#[test]
fn numbers_that_cannot_be_asked_about_blame_no_link() {
    let rejected = at(DATE).card().shows_with(Kind::InsuranceCardExpired, company()).could_not_ask(Cause::Data);
    let said = rejected.decide();
    assert_eq!(said.ways()[0].0, Action::Retype);
    assert!(said.offers(Kind::MynaCardFace), "the card may know better");
    let without_card = at(DATE).shows_with(Kind::InsuranceCardExpired, company());
    assert!(!without_card.decide().full_charge.may_be_asked, "ask first");
    let tried = without_card.could_not_ask(Cause::Data).decide();
    assert!(tried.full_charge.may_be_asked, "asked in vain, and there is nothing else");
    let answered = rejected.answer(by_number(company())).decide();
    assert!(answered.step(Action::Retype).is_none() && !answered.warns_of("照会ができません"), "a later answer counts");
}

#[test]
fn an_expired_card_is_not_confirmable_when_the_question_cannot_be_asked() {
    let shown = at(DATE).shows_with(Kind::InsuranceCardExpired, company());
    assert!(shown.decide().offers(Kind::InsuranceCardExpired));
    let failed = shown.could_not_ask(Cause::NationalService).decide();
    assert!(failed.refusal(Kind::InsuranceCardExpired).reason.ja.contains("照会ができない"));
    assert!(failed.full_charge.may_be_asked);
    assert_eq!(at(OVER).card().could_not_ask(Cause::Reader).decide().ways()[0].0, Action::CallOutageLookup);
}

#[test]
fn a_question_that_is_still_out_is_not_put_twice() {
    let mut visit = at(DATE).card().could_not_ask(Cause::NationalService);
    assert!(visit.decide().step(Action::QueryByNumber).is_some(), "it failed, and the fault may be over");
    visit.case.could_not_ask.as_mut().unwrap().still_out = true;
    let said = visit.decide();
    assert!(said.step(Action::QueryByNumber).is_none());
    assert!(said.warns_of("まだありません") && said.offers(Kind::SelfDeclaration), "and nobody waits for it");
}

#[test]
fn a_typed_number_that_hit_another_person_is_typed_again_and_the_card_may_still_confirm() {
    let typed = at(DATE).card().withheld(AskedBy::Number).decide();
    assert_eq!(typed.person, PersonMatch::Different);
    assert_eq!(typed.ways()[0].0, Action::Retype);
    assert!(typed.offers(Kind::MynaCardFace) && typed.warns_of("入力した番号で別の方"));
    let report = typed.follow_up(FollowUpKind::ReportPersonMismatch).unwrap();
    assert!(report.reason.ja.contains("入力違いでなければ"));
}

#[test]
fn a_card_that_showed_another_person_is_not_read_again() {
    let read = at(DATE).card().withheld(AskedBy::Card).decide();
    assert!(read.step(Action::Retype).is_none() && !read.offers(Kind::MynaCardFace));
    assert!(read.offers(Kind::CardPlusNotice) && read.offers(Kind::SelfDeclaration), "the visit goes on");
    let papers = at(DATE).card().withheld(AskedBy::Card).shows_with(Kind::CardPlusNotice, company()).decide();
    assert_eq!((papers.evidence(), papers.why()), (Some(Kind::CardPlusNotice), Some(Cause::Data)));
}

#[test]
fn without_saying_how_it_was_asked_the_card_decides() {
    let mut visit = at(DATE).card().down(Link::Line);
    visit.case.answer_withheld = true;
    assert!(visit.decide().step(Action::Retype).is_none());
}
