//! Many times over, with nothing wrong and nothing left behind.

use std::fs;

use drivers::emulated::Profile;
use drivers::pcsc::{AfterUse, Share};
use drivers::reader::{ReaderEvent, ReaderFault, ReaderPort, ReaderState};

use crate::commands::certificate;
use crate::world::{SLOTS, World, alone, listener_once, order, reader, until};

/// Threads of this process whose name begins so.
pub fn threads_named(beginning: &str) -> Vec<String> {
    tasks("comm").into_iter().filter(|name| name.starts_with(beginning)).collect()
}

/// How often the thread of this name was given a core.
pub fn times_on_a_core(name: &str) -> u64 {
    let names = tasks("comm");
    let place = names.iter().position(|task| task.trim() == name).unwrap();
    tasks("schedstat")[place].split_whitespace().nth(2).unwrap().parse().unwrap()
}

fn tasks(file: &str) -> Vec<String> {
    let mut folders: Vec<_> = fs::read_dir("/proc/self/task").unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    // a thread may end between listing and reading
    folders.iter().filter_map(|folder| fs::read_to_string(folder.join(file)).ok()).collect()
}

/// Open descriptors and threads of this process.
fn belongings() -> (usize, usize) {
    (fs::read_dir("/proc/self/fd").unwrap().count(), tasks("comm").len())
}

/// The size of both campaigns: `UKETSUKE_CARD_CYCLES=1000 cargo test -p drivers --test pcsc endurance` is the long run, with 1,000
/// cards in and out and 100 deaths of the service; without it as many as CI has time for.
fn card_cycles() -> u32 {
    std::env::var("UKETSUKE_CARD_CYCLES").map_or(120, |text| text.parse().expect("a whole number"))
}

/// One for ten cards, and never fewer than 40.
fn service_deaths() -> u32 {
    card_cycles().div_ceil(10).max(40)
}

/// Cards in and out, in both slots at once.
#[test]
fn cards_in_and_out_leave_the_board_right_and_nothing_behind() {
    alone(|world| {
        let cycles = card_cycles();
        world.start_service();
        let watch = world.watch();
        let cards = [world.card(Profile::Normal), world.card_in(1, &order(Profile::Normal, 2))];
        let slots = SLOTS.map(|name| reader(&watch, name));
        let mut listeners = slots
            .each_ref()
            .map(|slot| listener_once(slot, "a card", |state| matches!(state, ReaderState::CardPresent { .. })));
        let before = belongings();
        for cycle in 2..cycles / 2 + 2 {
            for (slot, card) in cards.iter().enumerate() {
                if cycle % 2 == 0 {
                    read(world, slot, card);
                }
                card.knobs.pull();
            }
            for (slot, listener) in listeners.iter_mut().enumerate() {
                assert_eq!(listener.hear(), ReaderEvent::CardRemoved, "cycle {cycle}");
                until("the lamp", || matches!(slots[slot].status().state, ReaderState::Ready { .. }).then_some(()));
                cards[slot].knobs.insert();
            }
            for listener in &mut listeners {
                assert_eq!(listener.hear_insertion(), u64::from(cycle));
            }
        }
        assert!(slots.iter().all(|slot| slot.status().ignored_events == 0));
        until(&format!("as much as before: {before:?}"), || (belongings() == before).then_some(()));
    });
}

fn read(world: &World, slot: usize, card: &crate::world::CardInSlot) {
    let mut wire = world.cards().connect(&crate::world::slot_name(slot), Share::Exclusive).unwrap();
    assert_eq!(certificate(&mut wire).unwrap(), card.knobs.authentication_certificate());
    wire.release(AfterUse::LeavePowered);
}

/// Sudden deaths of the service.
#[test]
fn deaths_of_the_service_leave_the_board_right_and_nothing_behind() {
    alone(|world| {
        let kills = service_deaths();
        world.start_service();
        let watch = world.watch();
        let service = watch.service();
        let card = world.card(Profile::Normal);
        let slot = reader(&watch, SLOTS[0]);
        let mut listener = listener_once(&slot, "a card", |state| matches!(state, ReaderState::CardPresent { .. }));
        let before = belongings();
        for kill in 0..kills {
            let handle = (kill % 3 == 0).then(|| world.cards().connect(slot.name(), Share::Exclusive).unwrap());
            world.stop_service("KILL");
            assert_eq!(listener.hear(), ReaderEvent::Faulted { fault: ReaderFault::ServiceGone }, "kill {kill}");
            until("the lamp of the service", || (!service.borrow().is_present()).then_some(()));
            drop(handle);
            world.start_service();
            assert_eq!(listener.hear(), ReaderEvent::Recovered, "kill {kill}");
            assert_eq!(listener.hear_insertion(), u64::from(kill) + 2);
            read(world, 0, &card);
        }
        assert_eq!(slot.status().ignored_events, 0);
        until(&format!("as much as before: {before:?}"), || (belongings() == before).then_some(()));
    });
}
