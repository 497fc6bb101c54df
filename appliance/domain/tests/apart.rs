//! Facts of two counters that were cut off from each other: whatever the order in which they come together, the state is the same, and
//! nothing that was said is lost.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::Timestamp;
use domain::apart::{EntryId, MergeId, Origin, Says, Told, disagreements};
use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::date::Date;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{Author, FactId, Recorded, VisitId};
use domain::number::InsuredNumber;
use domain::patient::{CareNoted, PatientFact, PatientMerged, PatientNumbered, PatientState, PersonKnown};
use domain::visit::{
    Carried, DocumentPresented, LeftWithoutCare, Opened, PersonTaken, RatioChosen, Settled, VisitFact, VisitKeptApart,
    VisitMergeUndone, VisitMerged, VisitState, VisitStatus, Voided,
};
use std::collections::BTreeSet;

/// A small generator with a fixed seed: the same runs everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }

    fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
        items
    }
}

fn opened() -> VisitFact {
    VisitFact::Opened(Opened {
        visit_date: Date::literal(2026, 3, 2),
        site: Site::of(SiteKind::Clinic),
        flow: Flow::Window,
        counter: None,
    })
}

fn certificate(number: &str) -> VisitFact {
    let coverage = Coverage { insured_number: Some(InsuredNumber::parse(number).unwrap().value), ..Coverage::EMPTY };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitFact::DocumentPresented(DocumentPresented { presented })
}

fn ratio(tenths: u8) -> VisitFact {
    VisitFact::RatioChosen(RatioChosen { tenths, reason: "見比べた".to_owned() })
}

fn name(text: &str) -> VisitFact {
    VisitFact::PersonTaken(PersonTaken { person: PersonFace { name: Some(text.to_owned()), ..PersonFace::EMPTY } })
}

fn voided() -> VisitFact {
    VisitFact::Voided(Voided { reason: "入力の間違い".to_owned() })
}

fn merged(merge: &str, other: &str, goes_on: bool) -> VisitFact {
    VisitFact::Merged(VisitMerged {
        merge: MergeId::new(merge),
        other: VisitId::new(other),
        goes_on,
        reason: "同じ来院".to_owned(),
    })
}

fn carried(merge: &str, id: &str, what: VisitFact) -> VisitFact {
    VisitFact::Carried(Carried {
        merge: MergeId::new(merge),
        from: VisitId::new("v2"),
        fact: FactId::new(id),
        at: Timestamp::from_ms(1),
        by: Author::new("staff-2"),
        what: Box::new(what),
    })
}

fn undone(merge: &str) -> VisitFact {
    VisitFact::MergeUndone(VisitMergeUndone { merge: MergeId::new(merge), reason: "別の診療科".to_owned() })
}

fn kept_apart(other: &str) -> VisitFact {
    VisitFact::KeptApart(VisitKeptApart { other: VisitId::new(other), reason: "内科と皮膚科".to_owned() })
}

fn recorded<F>(at: i64, id: &str, fact: F) -> Recorded<F> {
    Recorded { id: FactId::new(id), at: Timestamp::from_ms(at), by: Author::new("staff-1"), fact }
}

/// A fact of a box, written in knowledge of the entries named.
fn told<F>(origin: &str, at: i64, entry: &str, knew: &[&str], fact: F) -> Told<F> {
    Told {
        recorded: recorded(at, &format!("{entry}.000"), fact),
        origin: Origin::new(origin),
        entry: EntryId::new(entry),
        knew: knew.iter().map(|entry| EntryId::new(*entry)).collect(),
    }
}

/// Two boxes whose clocks differ by an hour write at random, and now and then hear each other.
fn two_boxes(dice: &mut Dice) -> Vec<Told<VisitFact>> {
    let mut all = vec![told("a", 1_000, "e00", &[], opened())];
    let mut known: [BTreeSet<EntryId>; 2] =
        [BTreeSet::from([EntryId::new("e00")]), BTreeSet::from([EntryId::new("e00")])];
    let mut latest = [1_000_i64; 2];
    for nth in 1..=12 {
        let writer = dice.below(2);
        if dice.below(4) == 0 {
            let both: BTreeSet<EntryId> = known[0].union(&known[1]).cloned().collect();
            known = [both.clone(), both];
            latest = [latest[0].max(latest[1]); 2];
        }
        let clock = 2_000 + i64::from(nth) * 10 + [0, 3_600_000][writer];
        let at = clock.max(latest[writer] + 1);
        latest[writer] = at;
        let fact = match dice.below(9) {
            0 => certificate("3405"),
            1 => certificate("9999"),
            2 => ratio(1 + u8::try_from(dice.below(3)).unwrap()),
            3 => name("髙橋　花子"),
            4 => name("高橋　花子"),
            5 => voided(),
            6 => merged(&format!("m{}", dice.below(3)), "v2", dice.below(2) == 0),
            7 => carried(&format!("m{}", dice.below(3)), &format!("c{}", dice.below(3)), certificate("1111")),
            _ => undone(&format!("m{}", dice.below(3))),
        };
        let entry = format!("e{nth:02}");
        let knew: Vec<&str> = known[writer].iter().map(EntryId::as_str).collect();
        all.push(told(["a", "b"][writer], at, &entry, &knew, fact));
        known[writer].insert(EntryId::new(entry));
    }
    all
}

#[test]
fn the_same_facts_in_any_order_give_the_same_visit_and_the_same_disagreements() {
    let mut dice = Dice(20_260_302);
    for _ in 0..300 {
        let facts = two_boxes(&mut dice);
        let state =
            |told: &[Told<VisitFact>]| VisitState::fold(told.iter().map(|told| told.recorded.clone()).collect());
        let (expected, differing) = (state(&facts), disagreements(&facts));
        for _ in 0..10 {
            let other = dice.shuffled(&facts);
            assert_eq!(state(&other), expected);
            assert_eq!(disagreements(&other), differing);
        }
    }
}

#[test]
fn of_values_that_disagree_every_one_that_nobody_replaced_is_there() {
    let mut dice = Dice(7);
    for _ in 0..300 {
        let facts = two_boxes(&mut dice);
        for disagreement in disagreements(&facts) {
            for told in &facts {
                let says = told.recorded.fact.says();
                let said: Vec<_> = says.iter().filter(|saying| saying.matter == disagreement.matter).collect();
                let replaced = |other: &Told<VisitFact>| {
                    other.knew.contains(&told.entry)
                        && other.recorded.fact.says().iter().any(|saying| saying.matter == disagreement.matter)
                };
                let stands = !facts.iter().any(replaced);
                for saying in said.into_iter().filter(|_| stands) {
                    assert!(disagreement.sides.iter().any(|side| side.value == saying.value), "{saying:?}");
                }
            }
        }
    }
}

#[test]
fn a_later_value_that_knew_the_other_is_no_disagreement_whatever_the_clocks_say() {
    let base = told("a", 1, "e0", &[], opened());
    let first = told("a", 9_000_000, "e1", &["e0"], ratio(3));
    let corrected = told("b", 9_000_001, "e2", &["e0", "e1"], ratio(2));
    assert!(disagreements(&[base.clone(), first.clone(), corrected]).is_empty());
    let apart = told("b", 2, "e2", &["e0"], ratio(2));
    let found = disagreements(&[base, first, apart]);
    let ratio = found.iter().find(|disagreement| disagreement.matter.as_str() == "ratio").unwrap();
    let said: Vec<(&str, &str)> =
        ratio.sides.iter().map(|side| (side.value.ja.as_str(), side.origin.as_str())).collect();
    assert_eq!(said, [("2割", "b"), ("3割", "a")], "both values, the one in force last");
}

#[test]
fn a_decision_ends_the_disagreement_and_two_decisions_apart_disagree_again() {
    let base = told("a", 1, "e0", &[], opened());
    let (one, two) = (told("a", 2, "e1", &["e0"], ratio(3)), told("b", 2, "e2", &["e0"], ratio(2)));
    let decision = |right: &Told<VisitFact>| {
        let saying = right.recorded.fact.says().remove(0);
        VisitFact::Settled(Settled {
            matter: saying.matter,
            right: right.recorded.id.clone(),
            value: saying.value,
            reason: "証で確認".to_owned(),
        })
    };
    let here = told("a", 5, "e3", &["e0", "e1", "e2"], decision(&two));
    let facts = [base, one.clone(), two.clone(), here.clone()];
    assert!(disagreements(&facts).is_empty());
    let there = told("b", 5, "e4", &["e0", "e1", "e2"], decision(&one));
    let facts = [one, two, here, there];
    assert_eq!(disagreements(&facts).len(), 1);
}

#[test]
fn ending_a_visit_and_working_on_it_apart_is_shown() {
    let base = told("a", 1, "e0", &[], opened());
    let left = VisitFact::LeftWithoutCare(LeftWithoutCare { reason: "待てない".to_owned() });
    for end in [voided(), left] {
        let facts = [base.clone(), told("a", 2, "e1", &["e0"], end), told("b", 2, "e2", &["e0"], certificate("3405"))];
        let found = disagreements(&facts);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].matter.as_str(), "ending");
    }
}

#[test]
fn of_two_merges_made_at_once_the_other_way_round_one_visit_goes_on() {
    let facts_of = |own_goes_on_in_first: bool| {
        vec![
            recorded(1, "e0.000", opened()),
            recorded(2, "e1.000", merged("m1", "other", own_goes_on_in_first)),
            recorded(2, "e2.000", merged("m2", "other", !own_goes_on_in_first)),
        ]
    };
    let (one, two) = (VisitState::fold(facts_of(true)), VisitState::fold(facts_of(false)));
    assert_eq!((one.status(), two.status()), (VisitStatus::Open, VisitStatus::Merged));
    let mut again = facts_of(false);
    again.push(recorded(3, "e3.000", undone("m1")));
    again.push(recorded(3, "e4.000", undone("m2")));
    assert_eq!(VisitState::fold(again).status(), VisitStatus::Open);
}

#[test]
fn what_was_carried_over_fills_and_does_not_overrule_counts_once_and_goes_again() {
    let mut facts = vec![
        recorded(1, "e0.000", opened()),
        recorded(2, "e1.000", certificate("3405")),
        recorded(3, "e2.000", merged("m1", "v2", true)),
        recorded(3, "e2.001", carried("m1", "c1", certificate("9999"))),
        recorded(4, "e3.000", carried("m1", "c2", ratio(2))),
        recorded(5, "e4.000", carried("m1", "c2", ratio(2))),
        recorded(6, "e5.000", carried("m-unknown", "c3", voided())),
    ];
    let state = VisitState::fold(facts.clone());
    assert_eq!(state.presented.len(), 1);
    assert_eq!(state.presented[0].coverage.insured_number.as_ref().unwrap().as_str(), "3405");
    assert_eq!(state.ratio_chosen, Some(2));
    assert_eq!(state.voided, None, "only what a ruling merge brings counts");
    facts.push(recorded(7, "e6.000", undone("m1")));
    facts.push(recorded(7, "e6.001", kept_apart("v2")));
    let state = VisitState::fold(facts);
    assert_eq!(state.ratio_chosen, None);
    assert!(state.merges.merged_here().next().is_none() && state.merges.kept_apart().count() == 1);
}

#[test]
fn two_records_of_a_patient_become_one_that_is_found_by_both_numbers() {
    let known = |kana: &str| {
        let person = PersonFace { name_kana: Some(kana.to_owned()), ..PersonFace::EMPTY };
        PatientFact::PersonKnown(PersonKnown { person })
    };
    let numbered = |number: &str| PatientFact::PatientNumbered(PatientNumbered { patient_number: number.to_owned() });
    let noted = |note: &str| PatientFact::CareNoted(CareNoted { note: note.to_owned() });
    let carried = |id: &str, what: PatientFact| {
        PatientFact::Carried(domain::patient::PatientCarried {
            merge: MergeId::new("m1"),
            from: domain::fact::PatientId::new("p2"),
            fact: FactId::new(id),
            at: Timestamp::from_ms(1),
            by: Author::new("staff-2"),
            what: Box::new(what),
        })
    };
    let merged = PatientFact::Merged(PatientMerged {
        merge: MergeId::new("m1"),
        other: domain::fact::PatientId::new("p2"),
        goes_on: true,
        reason: "同じ方".to_owned(),
    });
    let facts = [
        recorded(1, "e0.000", known("ミホン タロウ")),
        recorded(2, "e1.000", numbered("12")),
        recorded(3, "e2.000", noted("車いす")),
        recorded(4, "e3.000", merged),
        recorded(4, "e3.001", carried("c1", numbered("88"))),
        recorded(4, "e3.002", carried("c2", noted("耳が遠い"))),
    ];
    let state = PatientState::fold(facts.iter().rev().cloned().collect());
    assert_eq!(state.patient_number.as_deref(), Some("12"));
    assert_eq!(state.other_numbers, ["88"]);
    assert_eq!(state.care_note.as_deref(), Some("車いす／耳が遠い"));
}
