#![allow(clippy::unwrap_used)]
use super::*;
use crate::fact::{Author, FactId};
use crate::written::Written;

const DAY: Date = Date::literal(2026, 3, 2);

fn found() -> CardFound {
    CardFound {
        day: DAY,
        thing: FoundThing::MyNumberCard,
        place: FoundPlace::Reader,
        detail: Some("窓口1の読取機".into()),
        found_by: "受付 一子".into(),
        owner: None,
    }
}

fn at(minute: i64, id: &str, fact: FoundCardFact) -> Recorded<FoundCardFact> {
    Recorded { id: FactId::new(id), at: Timestamp::from_ms(minute * 60_000), by: Author::new("staff-1"), fact }
}

fn fold(facts: &[Recorded<FoundCardFact>]) -> FoundCardState {
    FoundCardState::fold(facts.to_vec()).unwrap()
}

fn back() -> CardHandedBack {
    CardHandedBack { to: "本人".into(), how: HandedHow::Photo, by: "受付 一子".into() }
}

#[test]
fn a_card_is_found_its_owner_called_and_handed_back_once() {
    let mut facts = vec![at(0, "a", FoundCardFact::Found(found()))];
    let mut go = |minute: i64, command: FoundCardCommand| {
        let fact = fold(&facts).command(command, DAY).unwrap();
        facts.push(at(minute, &format!("f{minute:02}"), fact));
        fold(&facts)
    };
    assert_eq!(go(1, FoundCardCommand::NameOwner(PatientId::new("p1"))).owner, Some(PatientId::new("p1")));
    assert!(!go(2, FoundCardCommand::Call(OwnerCalled { is_reached: false })).is_owner_told);
    let called = go(3, FoundCardCommand::Call(OwnerCalled { is_reached: true }));
    assert_eq!((called.calls, called.is_owner_told, called.is_open()), (2, true, true));
    let settled = go(4, FoundCardCommand::HandBack(back()));
    assert!(!settled.is_open());
    assert_eq!(settled.command(FoundCardCommand::HandBack(back()), DAY).unwrap_err().0, "card");
}

#[test]
fn an_office_takes_it_on_a_day_between_then_and_now() {
    let state = fold(&[at(0, "a", FoundCardFact::Found(found()))]);
    let given = |on| {
        let given = CardGivenAway { to: GivenTo::Police, on, by: "院長".into(), receipt: None };
        state.command(FoundCardCommand::GiveAway(given), DAY.plus_days(3))
    };
    assert_eq!(given(DAY.plus_days(-1)).unwrap_err().0, "on");
    assert_eq!(given(DAY.plus_days(4)).unwrap_err().0, "on");
    assert!(given(DAY.plus_days(2)).is_ok());
}

#[test]
fn boxes_apart_fold_to_the_same_and_the_first_settling_counts() {
    let mut facts = vec![
        at(0, "a", FoundCardFact::Found(found())),
        at(1, "b", FoundCardFact::HandedBack(back())),
        at(2, "c", FoundCardFact::HandedBack(CardHandedBack { to: "家族".into(), ..back() })),
    ];
    let one = fold(&facts);
    facts.reverse();
    assert_eq!(fold(&facts), one);
    assert_eq!(one.handed_back.unwrap().to, "本人");
    assert!(FoundCardState::fold(facts.into_iter().take(1).collect()).is_none(), "nothing before it was found");
}

#[test]
fn no_number_of_a_card_is_written_down() {
    let with = |detail: &str| CardFound { detail: Some(detail.into()), ..found() }.checked(DAY);
    assert_eq!(with("番号 123456789018").unwrap_err().0, "detail");
    assert!(with("長いすの下").is_ok());
    assert_eq!(CardFound { found_by: " ".into(), ..found() }.checked(DAY).unwrap_err().0, "found_by");
    assert_eq!(CardFound { day: DAY.plus_days(1), ..found() }.checked(DAY).unwrap_err().0, "day");
    assert_eq!(CardFound { day: DAY.plus_days(-91), ..found() }.checked(DAY).unwrap_err().0, "day");
}

#[test]
fn facts_are_read_as_they_were_written() {
    for fact in [FoundCardFact::Found(found()), FoundCardFact::HandedBack(back())] {
        assert_eq!(FoundCardFact::read(&fact.write()).unwrap(), fact);
    }
    let state = fold(&[at(0, "a", FoundCardFact::Found(found()))]);
    assert_eq!(FoundCardState::read(&state.write()).unwrap(), state);
}
