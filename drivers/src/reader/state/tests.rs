use super::*;
use crate::reader::event::InsertionNumber;

const THEN: Moment = Moment(10);
const NOW: Moment = Moment(20);

fn card(insertion: u64) -> CardPresence {
    CardPresence { insertion: InsertionNumber(insertion), label: None }
}

fn absent(since: Moment) -> ReaderState {
    ReaderState::Absent { since }
}

fn ready(since: Moment) -> ReaderState {
    ReaderState::Ready { since }
}

fn with_card(since: Moment, insertion: u64) -> ReaderState {
    ReaderState::CardPresent { since, card: card(insertion) }
}

fn faulted(since: Moment, fault: ReaderFault) -> ReaderState {
    ReaderState::Faulted { since, fault }
}

fn inserted(insertion: u64) -> ReaderEvent {
    ReaderEvent::CardInserted(card(insertion))
}

fn fault(fault: ReaderFault) -> ReaderEvent {
    ReaderEvent::Faulted { fault }
}

#[track_caller]
fn moves(from: ReaderState, event: ReaderEvent, to: ReaderState) {
    assert_eq!(from.after(&event, NOW), Some(to), "{from:?} after {event:?}");
}

#[track_caller]
fn stays(from: ReaderState, event: ReaderEvent) {
    assert_eq!(from.after(&event, NOW), None, "{from:?} after {event:?}");
}

#[test]
fn attached() {
    moves(absent(THEN), ReaderEvent::Attached, ready(NOW));
    stays(ready(THEN), ReaderEvent::Attached);
    stays(with_card(THEN, 1), ReaderEvent::Attached);
    stays(faulted(THEN, ReaderFault::NotAnswering), ReaderEvent::Attached);
}

#[test]
fn card_inserted() {
    moves(ready(THEN), inserted(1), with_card(NOW, 1));
    stays(absent(THEN), inserted(1));
    stays(faulted(THEN, ReaderFault::NotAnswering), inserted(1));
    stays(faulted(THEN, ReaderFault::ServiceGone), inserted(1));
}

#[test]
fn card_swapped_too_quickly_to_be_seen_leaving() {
    moves(with_card(THEN, 1), inserted(2), with_card(NOW, 2));
    stays(with_card(THEN, 1), inserted(1));
}

#[test]
fn faulty_card_swapped_for_a_good_one() {
    moves(faulted(THEN, ReaderFault::CardMute), inserted(2), with_card(NOW, 2));
    moves(faulted(THEN, ReaderFault::CardPulled), inserted(2), with_card(NOW, 2));
}

#[test]
fn card_removed() {
    moves(with_card(THEN, 1), ReaderEvent::CardRemoved, ready(NOW));
    stays(absent(THEN), ReaderEvent::CardRemoved);
    stays(ready(THEN), ReaderEvent::CardRemoved);
}

#[test]
fn faulty_card_removed() {
    moves(faulted(THEN, ReaderFault::CardMute), ReaderEvent::CardRemoved, ready(NOW));
    moves(faulted(THEN, ReaderFault::CardPulled), ReaderEvent::CardRemoved, ready(NOW));
    for other in ReaderFault::EXAMPLES.into_iter().filter(|fault| fault.concerns() != ConcernedPart::Card) {
        stays(faulted(THEN, other), ReaderEvent::CardRemoved);
    }
}

#[test]
fn fault_from_every_state() {
    let after = faulted(NOW, ReaderFault::ServiceGone);
    for from in [absent(THEN), ready(THEN), with_card(THEN, 1)] {
        moves(from, fault(ReaderFault::ServiceGone), after.clone());
    }
}

#[test]
fn fault_changed_but_a_repeated_fault_keeps_its_since() {
    let hanging = faulted(THEN, ReaderFault::NotAnswering);
    moves(hanging.clone(), fault(ReaderFault::CannotOpen), faulted(NOW, ReaderFault::CannotOpen));
    stays(hanging, fault(ReaderFault::NotAnswering));
    let numbered = faulted(THEN, ReaderFault::Unexpected { code: 1 });
    moves(numbered, fault(ReaderFault::Unexpected { code: 2 }), faulted(NOW, ReaderFault::Unexpected { code: 2 }));
}

#[test]
fn recovered() {
    for kind in ReaderFault::EXAMPLES {
        moves(faulted(THEN, kind), ReaderEvent::Recovered, ready(NOW));
    }
    for from in [absent(THEN), ready(THEN), with_card(THEN, 1)] {
        stays(from, ReaderEvent::Recovered);
    }
}

#[test]
fn detached() {
    for from in [ready(THEN), with_card(THEN, 1), faulted(THEN, ReaderFault::NotAnswering)] {
        moves(from, ReaderEvent::Detached, absent(NOW));
    }
    stays(absent(THEN), ReaderEvent::Detached);
}

#[test]
fn every_state_knows_its_since_and_its_name() {
    let states = [absent(THEN), ready(THEN), with_card(THEN, 1), faulted(THEN, ReaderFault::CardMute)];
    for (state, name) in states.iter().zip(["not connected", "ready", "card present", "faulted"]) {
        assert_eq!(state.since(), THEN);
        assert_eq!(state.name().en, name);
        assert!(!state.name().ja.is_ascii());
    }
}

fn observed(sequence: u64, event: ReaderEvent) -> Observation {
    let reader = ReaderName::parse("counter").expect("a good name");
    Observation { reader, sequence, at: Moment(sequence * 100), event }
}

#[test]
fn a_status_follows_events_and_counts_what_cannot_be() {
    let mut status = ReaderStatus::absent(ReaderName::parse("counter").expect("a good name"), THEN);
    status.take(&observed(1, ReaderEvent::Attached));
    status.take(&observed(2, ReaderEvent::CardRemoved));
    status.take(&observed(3, inserted(1)));
    assert_eq!(status.state, with_card(Moment(300), 1));
    assert_eq!((status.sequence, status.ignored_events), (3, 1), "an impossible event moves the order, not the state");
}

#[test]
fn a_status_ignores_repeated_and_overtaken_observations() {
    let mut status = ReaderStatus::absent(ReaderName::parse("counter").expect("a good name"), THEN);
    status.take(&observed(1, ReaderEvent::Attached));
    status.take(&observed(5, inserted(1)));
    let before = status.state.clone();
    status.take(&observed(5, ReaderEvent::CardRemoved));
    status.take(&observed(2, ReaderEvent::Detached));
    assert_eq!(status.state, before);
    assert_eq!((status.sequence, status.ignored_events), (5, 2));
}
