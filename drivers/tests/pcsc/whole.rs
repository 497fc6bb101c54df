//! Whole readings on the card's own thread.

use drivers::card::{BrokenOff, CardFailure, CardWire, SurfaceCode, WireError};
use drivers::emulated::{CardKnobs, Profile};
use drivers::pcsc::{AfterUse, PcscCards, ReadingOrder, Share, WorkBroken};
use drivers::reader::ReaderState;

use crate::commands::{DONE, SELECT_JPKI};
use crate::endurance::threads_named;
use crate::world::{CardInSlot, SLOTS, World, alone, listener_once, reader, slot_name, until};

/// A card of this profile, seen by the service, and the door to it.
fn card(world: &World, profile: Profile) -> (CardInSlot, PcscCards) {
    world.start_service();
    let card = world.card(profile);
    let watch = world.watch();
    let slot = reader(&watch, SLOTS[0]);
    listener_once(&slot, "a card", |state| matches!(state, ReaderState::CardPresent { .. }));
    watch.stop();
    (card, world.cards())
}

fn order_with(code: &str) -> ReadingOrder {
    let surface_code = Some(SurfaceCode::parse(code).unwrap());
    ReadingOrder { surface_code, ..ReadingOrder::default() }
}

fn no_thread_is_left() {
    until("no card work", || threads_named("pcsc-card").is_empty().then_some(()));
}

/// A VERIFY with a body, as the gate would send it.
const PRESENT: [u8; 9] = [0x00, 0x20, 0x00, 0x80, 0x04, b'0', b'0', b'0', b'0'];

#[test]
fn a_whole_reading_brings_what_is_on_the_card_and_leaves_nothing_open() {
    alone(|world| {
        let (card, cards) = card(world, Profile::Normal);
        let printed = card.knobs.printed();
        let reading = cards.read(&slot_name(0), order_with(&printed.surface_code())).unwrap();
        let attributes = reading.attributes.unwrap().unwrap();
        assert_eq!(attributes.name.as_str(), printed.holder.name);
        assert!(reading.incidents.is_empty());
        assert_eq!((card.knobs.log().secrets_presented, card.knobs.log().forbidden()), (1, 0));
        no_thread_is_left();
        let again = cards.read(&slot_name(0), ReadingOrder::default()).unwrap();
        assert!(again.attributes.is_none() && again.certificate.is_ok());
    });
}

#[test]
fn a_card_that_falls_silent_is_given_up_and_hears_nothing_more() {
    alone(|world| {
        let (card, cards) = card(world, Profile::Normal);
        let code = card.knobs.printed().surface_code();
        card.knobs.silence(true);
        let failure = cards.read(&slot_name(0), order_with(&code)).unwrap_err();
        assert_eq!(failure, CardFailure::Wire(WireError::TimedOut));
        assert_eq!(cards.stuck_readers(), 1);
        assert_eq!(
            cards.read(&slot_name(0), ReadingOrder::default()).unwrap_err(),
            failure,
            "not tried again meanwhile"
        );
        card.knobs.silence(false);
        no_thread_is_left();
        assert_eq!(card.knobs.log().secrets_presented, 0, "whoever gave up is not surprised by a try");
        assert_eq!(cards.stuck_readers(), 0);
        assert!(cards.read(&slot_name(0), ReadingOrder::default()).is_ok());
    });
}

#[test]
fn silence_after_something_was_presented_leaves_open_whether_it_was_counted() {
    alone(|world| {
        let (card, cards) = card(world, Profile::Normal);
        let knobs: CardKnobs = card.knobs.clone();
        let broken =
            cards.work(&slot_name(0), Share::Exclusive, AfterUse::PowerDown, move |wire: &mut dyn CardWire| {
                assert_eq!(wire.transmit(&SELECT_JPKI), Ok(DONE.to_vec()));
                knobs.silence(true);
                wire.transmit(&PRESENT)
            });
        let broken = broken.unwrap_err();
        assert_eq!(broken, WorkBroken { wire: WireError::TimedOut, while_presenting: true });
        let failure = CardFailure::from(broken);
        let counter = BrokenOff::Unknown;
        assert_eq!(failure, CardFailure::SurfaceCodeBrokenOff { wire: WireError::TimedOut, counter });
        card.knobs.silence(false);
        no_thread_is_left();
    });
}

#[test]
fn a_card_pulled_in_the_middle_ends_the_reading_at_once() {
    alone(|world| {
        let (_card, cards) = card(world, Profile::PulledMidway);
        let failure = cards.read(&slot_name(0), ReadingOrder::default()).unwrap_err();
        assert_eq!(failure, CardFailure::Wire(WireError::CardGone));
        no_thread_is_left();
        assert_eq!(cards.stuck_readers(), 0);
    });
}

#[test]
fn a_reader_is_asked_itself_with_and_without_a_card() {
    alone(|world| {
        let (card, cards) = card(world, Profile::Normal);
        assert_eq!(cards.probe(&slot_name(0)), Ok(()), "the card is powered up");
        assert_eq!(cards.probe(&slot_name(1)), Ok(()), "an empty one answers as well");
        let elsewhere = drivers::ReaderName::parse("nowhere 00 00").unwrap();
        assert_eq!(cards.probe(&elsewhere), Err(WireError::ReaderGone));
        drop(card);
        world.stop_service("KILL");
        assert_eq!(cards.probe(&slot_name(0)), Err(WireError::ServiceGone));
        no_thread_is_left();
    });
}
