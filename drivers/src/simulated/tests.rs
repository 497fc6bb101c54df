#![allow(clippy::unwrap_used)]

use super::*;
use crate::reader::{Heard, InsertionNumber, Moment, Observation, ReaderPort, ReaderState, Subscription};
use std::sync::atomic::{AtomicU64, Ordering};

/// A desk with one simulated reader, a hand-driven clock, and somebody who listens from the start.
struct Desk {
    reader: SimReader,
    hand: SimReaderHandle,
    listener: Subscription,
    now: Arc<AtomicU64>,
}

impl Desk {
    fn new() -> Self {
        let now = Arc::new(AtomicU64::new(1_000));
        let shown = Arc::clone(&now);
        let clock = Clock::new(move || Moment(shown.load(Ordering::Relaxed)));
        let (reader, hand) = SimReader::new(ReaderName::parse("SimReader 1").expect("a good name"), clock);
        let listener = reader.subscribe();
        Self { reader, hand, listener, now }
    }

    fn ready() -> Self {
        let mut desk = Self::new();
        desk.hand.plug();
        assert_eq!(desk.heard_now(), [ReaderEvent::Attached]);
        desk
    }

    /// Everything reported since the last look, in short form; a missing or repeated number is an error.
    fn heard_now(&mut self) -> Vec<ReaderEvent> {
        let mut events = Vec::new();
        while let Some(Heard::Event(Observation { event, .. })) = at_once(self.listener.next()) {
            events.push(event);
        }
        assert_eq!(self.reader.status().ignored_events, 0, "the simulated reader never contradicts itself");
        events
    }
}

/// What a future has ready without waiting.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

fn label(text: &str) -> CardLabel {
    CardLabel::parse(text).expect("a good label")
}

fn inserted(number: u64, text: &str) -> ReaderEvent {
    ReaderEvent::CardInserted(crate::CardPresence { insertion: InsertionNumber(number), label: Some(label(text)) })
}

fn fault(fault: ReaderFault) -> ReaderEvent {
    ReaderEvent::Faulted { fault }
}

#[test]
fn a_new_reader_is_absent_until_it_is_plugged_in() {
    let mut desk = Desk::new();
    assert_eq!(desk.reader.status().state, ReaderState::Absent { since: Moment(1_000) });
    desk.now.store(2_000, Ordering::Relaxed);
    desk.hand.plug();
    desk.hand.plug();
    assert_eq!(desk.heard_now(), [ReaderEvent::Attached]);
    assert_eq!(desk.reader.status().state, ReaderState::Ready { since: Moment(2_000) });
    assert_eq!(desk.reader.name().as_str(), "SimReader 1");
}

#[test]
fn cards_come_and_go_and_each_insertion_has_its_own_number() {
    let mut desk = Desk::ready();
    desk.hand.insert_card(label("sim-0001")).unwrap();
    desk.hand.remove_card().unwrap();
    desk.hand.insert_card(label("sim-0001")).unwrap();
    let expected = [inserted(1, "sim-0001"), ReaderEvent::CardRemoved, inserted(2, "sim-0001")];
    assert_eq!(desk.heard_now(), expected);
    assert!(matches!(desk.reader.status().state, ReaderState::CardPresent { card, .. } if card.insertion.0 == 2));
}

#[test]
fn the_impossible_is_refused_in_words_and_reports_nothing() {
    let mut desk = Desk::ready();
    assert_eq!(desk.hand.remove_card(), Err(KnobRefused::SlotEmpty));
    desk.hand.insert_card(label("a")).unwrap();
    assert_eq!(desk.hand.insert_card(label("b")), Err(KnobRefused::SlotOccupied));
    assert_eq!(desk.hand.card_in_slot(), Some(label("a")));
    assert_eq!(desk.heard_now(), [inserted(1, "a")]);
    desk.hand.unplug();
    assert_eq!(desk.hand.hang(), Err(KnobRefused::Unplugged));
    for refused in [KnobRefused::SlotOccupied, KnobRefused::SlotEmpty, KnobRefused::Unplugged] {
        let text = refused.to_string();
        assert!(text.contains(" / ") && !text.is_ascii(), "{text}");
    }
}

#[test]
fn unplugging_takes_reader_and_card_away_and_plugging_in_brings_both_back() {
    let mut desk = Desk::ready();
    desk.hand.insert_card(label("a")).unwrap();
    desk.hand.unplug();
    desk.hand.unplug();
    desk.hand.plug();
    let expected = [inserted(1, "a"), ReaderEvent::Detached, ReaderEvent::Attached, inserted(2, "a")];
    assert_eq!(desk.heard_now(), expected);
}

#[test]
fn a_card_put_into_an_unplugged_reader_is_noticed_later() {
    let mut desk = Desk::new();
    desk.hand.insert_card(label("a")).unwrap();
    assert_eq!(desk.heard_now(), []);
    desk.hand.plug();
    assert_eq!(desk.heard_now(), [ReaderEvent::Attached, inserted(1, "a")]);
}

#[test]
fn a_hanging_reader_notices_nothing_until_it_recovers() {
    let mut desk = Desk::ready();
    desk.hand.insert_card(label("a")).unwrap();
    desk.hand.hang().unwrap();
    desk.hand.hang().unwrap();
    desk.hand.remove_card().unwrap();
    desk.hand.insert_card(label("b")).unwrap();
    assert_eq!(desk.heard_now(), [inserted(1, "a"), fault(ReaderFault::NotAnswering)]);
    desk.hand.recover();
    desk.hand.recover();
    assert_eq!(desk.heard_now(), [ReaderEvent::Recovered, inserted(2, "b")]);
}

#[test]
fn plugging_in_anew_cures_a_hanging_reader() {
    let mut desk = Desk::ready();
    desk.hand.hang().unwrap();
    desk.hand.unplug();
    desk.hand.plug();
    assert_eq!(desk.heard_now(), [fault(ReaderFault::NotAnswering), ReaderEvent::Detached, ReaderEvent::Attached]);
    assert!(matches!(desk.reader.status().state, ReaderState::Ready { .. }));
}

#[test]
fn a_mute_card_is_a_fault_until_it_is_taken_out_and_only_once() {
    let mut desk = Desk::ready();
    desk.hand.fail_next(ReaderFault::Garbled);
    desk.hand.fail_next(ReaderFault::CardMute);
    desk.hand.insert_card(label("a")).unwrap();
    desk.hand.remove_card().unwrap();
    desk.hand.insert_card(label("a")).unwrap();
    assert_eq!(desk.heard_now(), [fault(ReaderFault::CardMute), ReaderEvent::CardRemoved, inserted(1, "a")]);
}

#[test]
fn a_fault_of_the_service_does_not_leave_with_the_card() {
    let mut desk = Desk::ready();
    desk.hand.fail_next(ReaderFault::ServiceGone);
    desk.hand.insert_card(label("a")).unwrap();
    desk.hand.remove_card().unwrap();
    assert_eq!(desk.heard_now(), [fault(ReaderFault::ServiceGone)]);
    desk.hand.recover();
    assert_eq!(desk.heard_now(), [ReaderEvent::Recovered]);
}

#[test]
fn a_failure_waits_for_a_card_the_reader_can_notice() {
    let mut desk = Desk::new();
    desk.hand.fail_next(ReaderFault::CardPulled);
    desk.hand.insert_card(label("a")).unwrap();
    assert_eq!(desk.heard_now(), []);
    desk.hand.plug();
    assert_eq!(desk.heard_now(), [ReaderEvent::Attached, fault(ReaderFault::CardPulled)]);
}

#[tokio::test]
async fn the_knobs_work_from_another_task_and_through_the_port_alone() {
    let Desk { reader, hand, .. } = Desk::new();
    let port: Arc<dyn ReaderPort> = Arc::new(reader);
    let mut listener = port.subscribe();
    let dealer = tokio::spawn(async move {
        hand.plug();
        hand.insert_card(label("a"))
    });
    assert!(matches!(listener.next().await, Heard::Event(Observation { event: ReaderEvent::Attached, .. })));
    let Heard::Event(second) = listener.next().await else { panic!("a card was dealt") };
    assert_eq!((second.sequence, second.event), (2, inserted(1, "a")));
    assert_eq!(dealer.await.expect("the dealer did not panic"), Ok(()));
    drop(port);
    assert_eq!(listener.next().await, Heard::Closed);
}

/// Every order of a few hundred random knob turns leaves reports that fit each other: the status is what the things
/// say, and no event was impossible.
#[test]
fn whatever_is_done_the_reports_add_up() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    for _ in 0..200 {
        let desk = Desk::new();
        for _ in 0..60 {
            turn_any_knob(&desk.hand, &mut random);
            let status = desk.reader.status();
            assert_eq!(status.ignored_events, 0);
            let seen = matches!(status.state, ReaderState::CardPresent { .. });
            assert!(!seen || desk.hand.card_in_slot().is_some(), "a card is reported that is not there");
            let ready = matches!(status.state, ReaderState::Ready { .. });
            assert!(
                !ready || desk.hand.card_in_slot().is_none(),
                "a card is there and a working reader does not see it"
            );
        }
    }
}

fn turn_any_knob(hand: &SimReaderHandle, random: &mut impl FnMut(u64) -> u64) {
    let fault = ReaderFault::EXAMPLES[random(8) as usize];
    match random(8) {
        0 | 1 => hand.plug(),
        2 => hand.unplug(),
        3 => hand.hang().unwrap_or_default(),
        4 => hand.fail_next(fault),
        5 => hand.recover(),
        6 => hand.insert_card(label("a")).unwrap_or_default(),
        _ => hand.remove_card().unwrap_or_default(),
    }
}
