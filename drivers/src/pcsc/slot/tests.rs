use super::*;
use crate::reader::{Clock, Moment, ReaderChannel, ReaderName, ReaderPort, ReaderState};

fn inserted(number: u64) -> ReaderEvent {
    ReaderEvent::CardInserted(CardPresence { insertion: InsertionNumber(number), label: None })
}

fn faulted(fault: ReaderFault) -> ReaderEvent {
    ReaderEvent::Faulted { fault }
}

/// A slot that was seen so, one after the other.
fn slot(sights: &[Sight]) -> Slot {
    let mut slot = Slot::default();
    for sight in sights {
        slot.see(*sight);
    }
    slot
}

#[test]
fn flags_become_sights() {
    let present = State::CHANGED | State::PRESENT;
    assert_eq!(Sight::of(State::CHANGED | State::EMPTY, 4), Some(Sight::Empty));
    assert_eq!(Sight::of(present | State::EXCLUSIVE | State::INUSE, 5), Some(Sight::Card(5)));
    assert_eq!(Sight::of(present | State::MUTE, 5), Some(Sight::MuteCard(5)));
    assert_eq!(Sight::of(State::CHANGED | State::UNAVAILABLE, 5), Some(Sight::Unusable));
    assert_eq!(Sight::of(State::CHANGED | State::UNKNOWN | State::UNAVAILABLE, 5), None);
}

#[test]
fn a_first_look_attaches_and_shows_the_card_that_is_in() {
    let mut slot = Slot::default();
    assert_eq!(slot.see(Sight::Card(1)), [ReaderEvent::Attached, inserted(1)]);
    assert_eq!(slot.see(Sight::Card(1)), []);
    assert_eq!(slot.see(Sight::Empty), [ReaderEvent::CardRemoved]);
    assert_eq!(slot.see(Sight::Card(3)), [inserted(2)]);
}

#[test]
fn a_swap_too_quick_to_be_seen_empty_is_a_removal_and_an_insertion() {
    assert_eq!(slot(&[Sight::Card(1)]).see(Sight::Card(3)), [ReaderEvent::CardRemoved, inserted(2)]);
}

#[test]
fn a_mute_card_is_a_fault_that_leaves_with_it() {
    let mut slot = slot(&[Sight::Empty]);
    assert_eq!(slot.see(Sight::MuteCard(1)), [faulted(ReaderFault::CardMute)]);
    assert_eq!(slot.see(Sight::MuteCard(3)), [ReaderEvent::CardRemoved, faulted(ReaderFault::CardMute)]);
    assert_eq!(slot.see(Sight::Card(3)), [inserted(1)], "the same card, powered again");
    assert_eq!(slot.see(Sight::Empty), [ReaderEvent::CardRemoved]);
}

#[test]
fn a_card_that_stayed_in_while_the_service_was_gone_is_a_new_insertion() {
    let mut slot = slot(&[Sight::Card(7)]);
    assert_eq!(slot.hide(), [faulted(ReaderFault::ServiceGone)]);
    assert_eq!(slot.hide(), []);
    assert_eq!(slot.see(Sight::Card(7)), [ReaderEvent::Recovered, inserted(2)]);
}

#[test]
fn a_reader_that_did_not_come_back_with_the_service_is_detached() {
    let mut slot = slot(&[Sight::Empty]);
    slot.hide();
    assert_eq!(slot.leave(), [ReaderEvent::Detached]);
    assert_eq!(slot.hide(), [], "a reader that is not there cannot lose its service");
    assert!(!slot.is_there());
}

#[test]
fn a_card_another_program_let_go_is_read_anew() {
    let mut slot = slot(&[Sight::Card(1)]);
    assert_eq!(slot.see(Sight::HeldCard), [faulted(ReaderFault::HeldByAnother)]);
    assert_eq!(slot.see(Sight::Card(1)), [ReaderEvent::Recovered, inserted(2)]);
}

/// Whatever is seen in whatever order, no event is one the state could not take, and the state is what was seen last.
#[test]
fn every_pair_of_sights_is_told_without_contradiction() {
    let sights = [
        Sight::Empty,
        Sight::Card(1),
        Sight::Card(2),
        Sight::MuteCard(1),
        Sight::MuteCard(2),
        Sight::HeldCard,
        Sight::Unusable,
    ];
    for first in sights {
        for second in sights {
            for between in [Slot::hide, Slot::leave, |_: &mut Slot| Vec::new()] {
                let channel =
                    ReaderChannel::new(ReaderName::parse("counter").expect("a good name"), Clock::new(|| Moment(0)));
                let mut slot = Slot::default();
                let mut told = slot.see(first);
                told.extend(between(&mut slot));
                told.extend(slot.see(second));
                told.into_iter().for_each(|event| channel.announce(event));
                let status = channel.status();
                assert_eq!(status.ignored_events, 0, "{first:?} then {second:?}");
                let fits = match second {
                    Sight::Empty => matches!(status.state, ReaderState::Ready { .. }),
                    Sight::Card(_) => matches!(status.state, ReaderState::CardPresent { .. }),
                    _ => matches!(status.state, ReaderState::Faulted { .. }),
                };
                assert!(fits, "{first:?} then {second:?}: {:?}", status.state);
            }
        }
    }
}
