//! The scenarios of `pcsc-and-serial §2.1`, under the numbers they have there.

use drivers::card::{CardWire, WireError};
use drivers::emulated::Profile;
use drivers::pcsc::{AfterUse, PcscReader, PcscWatch, Share};
use drivers::reader::{ReaderEvent, ReaderFault, ReaderPort, ReaderState};

use crate::commands::{DONE, SELECT_CERTIFICATE, SELECT_JPKI, certificate, read_at};
use crate::world::{Listener, SLOTS, World, alone, listener_once, order, reader, slot_name, until};

fn is_ready(state: &ReaderState) -> bool {
    matches!(state, ReaderState::Ready { .. })
}

fn has_card(state: &ReaderState) -> bool {
    matches!(state, ReaderState::CardPresent { .. })
}

fn faulted(fault: ReaderFault) -> ReaderEvent {
    ReaderEvent::Faulted { fault }
}

/// The service runs and the first slot is empty and listened to.
fn empty_slot(world: &World) -> (PcscWatch, PcscReader, Listener) {
    world.start_service();
    let watch = world.watch();
    let slot = reader(&watch, SLOTS[0]);
    let listener = listener_once(&slot, "an empty slot", is_ready);
    (watch, slot, listener)
}

fn assert_consistent(reader: &PcscReader) {
    assert_eq!(reader.status().ignored_events, 0, "an event contradicted the state");
}

#[test]
fn s01_a_card_goes_in_out_and_in() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Normal);
        assert_eq!(listener.hear_insertion(), 1);
        let mut wire = world.cards().connect(slot.name(), Share::WithOthers).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
        wire.release(AfterUse::LeavePowered);
        card.knobs.pull();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
        card.knobs.insert();
        assert_eq!(listener.hear_insertion(), 2);
        assert_consistent(&slot);
    });
}

#[test]
fn s02_the_service_is_terminated_and_started_again() {
    alone(|world| service_comes_back(world, "TERM"));
}

#[test]
fn s02b_the_service_is_killed_and_started_again() {
    alone(|world| service_comes_back(world, "KILL"));
}

#[test]
fn s02c_the_watch_is_started_before_the_service() {
    alone(|world| {
        let watch = world.watch();
        let service = watch.service();
        until("the service is said to be absent", || {
            matches!(*service.borrow(), drivers::pcsc::PcscService::Absent { .. }).then_some(())
        });
        assert_eq!(world.cards().connect(&slot_name(0), Share::Exclusive).unwrap_err(), WireError::ServiceGone);
        world.start_service();
        let slot = reader(&watch, SLOTS[0]);
        until("a ready reader", || is_ready(&slot.status().state).then_some(()));
        assert!(service.borrow().is_present());
    });
}

fn service_comes_back(world: &World, signal: &str) {
    world.start_service();
    let _card = world.card(Profile::Normal);
    let watch = world.watch();
    let service = watch.service();
    let slot = reader(&watch, SLOTS[0]);
    let mut listener = listener_once(&slot, "a card", has_card);
    world.stop_service(signal);
    assert_eq!(listener.hear(), faulted(ReaderFault::ServiceGone));
    until("the service is said to be absent", || (!service.borrow().is_present()).then_some(()));
    world.start_service();
    assert_eq!(listener.hear(), ReaderEvent::Recovered);
    // the card lost its power with the service; whether it is seen at once or with the first look at the slot, it is a
    // new insertion
    assert_eq!(listener.hear_insertion(), 2);
    assert!(service.borrow().is_present());
    let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
    assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
    assert_consistent(&slot);
}

#[test]
fn s03_a_card_pulled_under_an_open_handle_is_gone_for_good() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Normal);
        listener.hear_insertion();
        let mut wire = world.cards().connect(slot.name(), Share::WithOthers).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
        card.knobs.pull();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
        assert_eq!(wire.transmit(&SELECT_CERTIFICATE), Err(WireError::CardGone));
        card.knobs.insert();
        listener.hear_insertion();
        assert_eq!(wire.transmit(&SELECT_CERTIFICATE), Err(WireError::CardGone), "no state survives");
        drop(wire);
        let mut wire = world.cards().connect(slot.name(), Share::WithOthers).unwrap();
        assert_eq!(certificate(&mut wire).unwrap(), card.knobs.authentication_certificate());
    });
}

#[test]
fn s03b_a_card_pulled_during_a_command_never_looks_like_an_answer() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::PulledMidway);
        for _ in 0..3 {
            listener.hear_insertion();
            let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
            assert_eq!(certificate(&mut wire), Err(WireError::CardGone));
            assert_eq!(wire.transmit(&SELECT_JPKI), Err(WireError::CardGone));
            drop(wire);
            assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
            card.knobs.pull_after_reads(2);
            card.knobs.insert();
        }
    });
}

#[test]
fn s04_a_card_held_by_another_program_is_waited_for_told_and_read_when_it_is_free() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::Normal);
        assert_eq!(listener.hear_insertion(), 1);
        let held = world.stranger().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(world.cards().connect(slot.name(), Share::WithOthers).unwrap_err(), WireError::Busy);
        assert_eq!(listener.hear(), faulted(ReaderFault::HeldByAnother));
        held.release(AfterUse::LeavePowered);
        assert_eq!(listener.hear(), ReaderEvent::Recovered);
        assert_eq!(listener.hear_insertion(), 2);
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
        assert_consistent(&slot);
    });
}

#[test]
fn s04b_our_own_exclusive_use_is_no_fault() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Normal);
        listener.hear_insertion();
        let own = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        let other = world.card_in(1, &order(Profile::Normal, 2));
        // longer than the longest wait of the watch: another program would be reported by then
        let patient = world.stranger();
        for _ in 0..4 {
            assert_eq!(patient.connect(slot.name(), Share::Exclusive).unwrap_err(), WireError::Busy);
        }
        drop((own, other));
        card.knobs.pull();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved, "nothing was told in between");
    });
}

#[test]
fn s05_card_work_does_not_wait_for_the_watch_and_the_watch_stops_at_once() {
    alone(|world| {
        let (watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::Normal);
        listener.hear_insertion();
        // each of these would take up to the watch's own wait, and together far more than the limit of the world, if
        // they shared its context
        for _ in 0..100 {
            world.cards().connect(slot.name(), Share::WithOthers).unwrap().release(AfterUse::LeavePowered);
        }
        for _ in 0..100 {
            let watch = world.watch();
            reader(&watch, SLOTS[0]);
            watch.stop();
        }
        watch.stop();
        until("no thread is left", || crate::endurance::threads_named("pcsc-watch").is_empty().then_some(()));
    });
}

#[test]
fn s08_another_card_put_in_at_once_is_another_insertion() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Normal);
        assert_eq!(listener.hear_insertion(), 1);
        let first = card.knobs.authentication_certificate();
        card.knobs.swap(&order(Profile::Normal, 99)).unwrap();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
        assert_eq!(listener.hear_insertion(), 2);
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        let read = certificate(&mut wire).unwrap();
        assert_eq!(read, card.knobs.authentication_certificate());
        assert_ne!(read, first);
        assert_consistent(&slot);
    });
}

#[test]
fn s09_two_readers_do_not_disturb_each_other() {
    alone(|world| {
        let (watch, first, mut listener) = empty_slot(world);
        let second = reader(&watch, SLOTS[1]);
        let mut other = listener_once(&second, "an empty slot", is_ready);
        let (one, two) = (world.card(Profile::Normal), world.card_in(1, &order(Profile::Normal, 2)));
        assert_eq!((listener.hear_insertion(), other.hear_insertion()), (1, 1));
        let mut wires = [&first, &second].map(|slot| world.cards().connect(slot.name(), Share::Exclusive).unwrap());
        let read = wires.each_mut().map(|wire| certificate(wire).unwrap());
        assert_eq!(read, [&one, &two].map(|card| card.knobs.authentication_certificate()));
        one.knobs.pull();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
        assert_eq!(certificate(&mut wires[1]).unwrap(), read[1]);
        assert!(has_card(&second.status().state));
    });
}

#[test]
fn s10_a_handle_from_before_a_restart_says_service_gone_and_a_new_one_works() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::Normal);
        listener.hear_insertion();
        let mut wire = world.cards().connect(slot.name(), Share::WithOthers).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
        world.stop_service("KILL");
        world.start_service();
        for _ in 0..3 {
            assert_eq!(wire.transmit(&SELECT_JPKI), Err(WireError::ServiceGone));
        }
        until("the card again", || has_card(&slot.status().state).then_some(()));
        let mut wire = world.cards().connect(slot.name(), Share::WithOthers).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
    });
}

#[test]
fn s11_a_second_handle_that_goes_does_not_reset_the_card_under_the_first() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::Normal);
        listener.hear_insertion();
        let mut first = world.cards().connect(slot.name(), Share::WithOthers).unwrap();
        assert_eq!(first.transmit(&SELECT_JPKI).unwrap(), DONE);
        world.cards().connect(slot.name(), Share::WithOthers).unwrap().release(AfterUse::LeavePowered);
        drop(world.cards().connect(slot.name(), Share::WithOthers).unwrap());
        until("the dropped handle's thread is through", || {
            (crate::endurance::threads_named("pcsc-card").len() == 1).then_some(())
        });
        assert_eq!(first.transmit(&SELECT_CERTIFICATE).unwrap(), DONE, "the selection survived");
    });
}

#[test]
fn s11b_powering_down_closes_what_a_secret_opened() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::PhoneAndroid);
        listener.hear_insertion();
        let read_first = |wire: &mut dyn CardWire| {
            assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
            assert_eq!(wire.transmit(&SELECT_CERTIFICATE).unwrap(), DONE);
            wire.transmit(&read_at(0)).unwrap()
        };
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(read_first(&mut wire), [0x69, 0x82]);
        assert_eq!(wire.transmit(&[0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4']).unwrap(), DONE);
        assert_eq!(read_first(&mut wire).len(), 258);
        wire.release(AfterUse::PowerDown);
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(read_first(&mut wire), [0x69, 0x82]);
    });
}

#[test]
fn s12_without_any_reader_the_service_is_present_and_a_reader_that_comes_is_seen() {
    alone(|world| {
        world.without_readers();
        world.start_service();
        let watch = world.watch();
        let (service, readers) = (watch.service(), watch.readers());
        until("the service", || service.borrow().is_present().then_some(()));
        assert_eq!(readers.borrow().len(), 0);
        world.stop_service("TERM");
        world.with_readers();
        world.start_service();
        let slot = reader(&watch, SLOTS[0]);
        until("a ready reader", || is_ready(&slot.status().state).then_some(()));
    });
}

#[test]
fn s13_with_nothing_to_wait_for_the_watch_rests() {
    alone(|world| {
        world.without_readers();
        world.start_service();
        let watch = world.watch();
        let service = watch.service();
        // two restarts are several waits of the watch; one that returned at once would have run thousands of times
        for _ in 0..2 {
            until("the service", || service.borrow().is_present().then_some(()));
            world.stop_service("TERM");
            until("its absence", || (!service.borrow().is_present()).then_some(()));
            world.start_service();
        }
        until("the service", || service.borrow().is_present().then_some(()));
        let runs = crate::endurance::times_on_a_core("pcsc-watch");
        assert!(runs < 500, "the watch ran {runs} times");
    });
}

#[test]
fn s14_an_unknown_reader_is_gone_and_spoils_nothing() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let stranger = drivers::ReaderName::parse("No Such Reader 00 00").unwrap();
        assert_eq!(world.cards().connect(&stranger, Share::WithOthers).unwrap_err(), WireError::ReaderGone);
        let _card = world.card(Profile::Normal);
        assert_eq!(listener.hear_insertion(), 1);
        world.cards().connect(slot.name(), Share::WithOthers).unwrap();
    });
}

#[test]
fn s15_the_longest_answer_of_the_card_arrives_whole() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Normal);
        listener.hear_insertion();
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);
        assert_eq!(wire.transmit(&SELECT_CERTIFICATE).unwrap(), DONE);
        let answer = wire.transmit(&read_at(0)).unwrap();
        assert_eq!(answer.len(), 258);
        assert_eq!(answer[..256], card.knobs.authentication_certificate()[..256]);
    });
}

#[test]
fn s16_a_second_exclusive_use_is_told_busy_and_never_hangs() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::Normal);
        listener.hear_insertion();
        let cards = world.cards();
        let mut first = cards.connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(cards.connect(slot.name(), Share::Exclusive).unwrap_err(), WireError::Busy);
        assert_eq!(first.transmit(&SELECT_JPKI).unwrap(), DONE, "the first one goes on");
    });
}

#[test]
fn a_card_that_falls_silent_times_out_and_only_its_own_reader_waits_for_it() {
    alone(|world| {
        let (watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Normal);
        let other = world.card_in(1, &order(Profile::Normal, 2));
        listener.hear_insertion();
        let cards = world.cards();
        let mut wire = cards.connect(slot.name(), Share::Exclusive).unwrap();
        card.knobs.silence(true);
        assert_eq!(wire.transmit(&SELECT_JPKI), Err(WireError::TimedOut));
        assert_eq!(wire.transmit(&SELECT_JPKI), Err(WireError::TimedOut));
        drop(wire);
        assert_eq!(cards.stuck_readers(), 1);
        assert_eq!(cards.connect(slot.name(), Share::Exclusive).unwrap_err(), WireError::TimedOut);
        assert_eq!(crate::endurance::threads_named("pcsc-card").len(), 1, "one thread waits, not one for each attempt");
        let second = reader(&watch, SLOTS[1]);
        until("the other card", || has_card(&second.status().state).then_some(()));
        let mut other_wire = cards.connect(&slot_name(1), Share::Exclusive).unwrap();
        assert_eq!(certificate(&mut other_wire).unwrap(), other.knobs.authentication_certificate());
        drop(other_wire);
        card.knobs.pull();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
        until("the waiting thread is through", || (cards.stuck_readers() == 0).then_some(()));
        card.knobs.silence(false);
        card.knobs.insert();
        listener.hear_insertion();
        let mut wire = cards.connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(certificate(&mut wire).unwrap(), card.knobs.authentication_certificate());
    });
}

#[test]
fn a_card_that_gives_no_sign_is_a_fault_until_it_is_out() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Mute);
        assert_eq!(listener.hear(), faulted(ReaderFault::CardMute));
        assert_eq!(world.cards().connect(slot.name(), Share::Exclusive).unwrap_err(), WireError::CardGone);
        card.knobs.pull();
        assert_eq!(listener.hear(), ReaderEvent::CardRemoved);
        assert_consistent(&slot);
    });
}

#[test]
fn a_slow_card_is_waited_for() {
    alone(|world| {
        let (_watch, slot, mut listener) = empty_slot(world);
        let card = world.card(Profile::Slow);
        listener.hear_insertion();
        card.knobs.delay(std::time::Duration::from_millis(150));
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(certificate(&mut wire).unwrap(), card.knobs.authentication_certificate());
    });
}

#[test]
fn a_service_that_hangs_holds_up_neither_card_work_nor_the_end_of_the_watch() {
    alone(|world| {
        let (watch, slot, mut listener) = empty_slot(world);
        let _card = world.card(Profile::Normal);
        listener.hear_insertion();
        let cards = world.cards();
        let mut wire = cards.connect(slot.name(), Share::Exclusive).unwrap();
        world.freeze_service();
        assert_eq!(wire.transmit(&SELECT_JPKI), Err(WireError::TimedOut));
        assert_eq!(cards.stuck_readers(), 1);
        let heartbeat = *watch.heartbeat().borrow();
        watch.stop();
        world.thaw_service();
        drop(wire);
        until("everybody is through", || {
            let threads = ["pcsc-card", "pcsc-watch", "pcsc-wake"].map(crate::endurance::threads_named);
            threads.concat().is_empty().then_some(())
        });
        let watch = world.watch();
        until("a heartbeat", || (*watch.heartbeat().borrow() > heartbeat).then_some(()));
    });
}
