//! How events travel from an adapter to those who listen.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{broadcast, watch};

use super::event::{Observation, ReaderEvent};
use super::name::ReaderName;
use super::state::ReaderStatus;
use super::time::Clock;

/// A reader to listen to. Every adapter, real or simulated, is one of these to the rest of the program.
///
/// Listening never blocks the hardware: a listener that is too slow loses events and is told how many, and the status
/// it can ask for is always the newest.
pub trait ReaderPort: Send + Sync {
    /// Which reader this is.
    fn name(&self) -> &ReaderName;

    /// Where it stands now.
    fn status(&self) -> ReaderStatus;

    /// Where it stands, always the newest: for lamps.
    fn watch(&self) -> watch::Receiver<ReaderStatus>;

    /// Where it stands and every event from then on, without a gap between the two: for intake.
    fn subscribe(&self) -> Subscription;
}

/// An adapter owns a channel, and whoever owns one can be listened to.
pub(crate) trait Adapter: Send + Sync {
    fn channel(&self) -> &ReaderChannel;
}

impl<A: Adapter> ReaderPort for A {
    fn name(&self) -> &ReaderName {
        self.channel().name()
    }

    fn status(&self) -> ReaderStatus {
        self.channel().status()
    }

    fn watch(&self) -> watch::Receiver<ReaderStatus> {
        self.channel().watch()
    }

    fn subscribe(&self) -> Subscription {
        self.channel().subscribe()
    }
}

/// The sending side, owned by an adapter: numbers events, stamps them, folds them into the status, and tells everyone.
///
/// It may be used from any thread, a blocking one included; an announcement costs a short lock and never waits.
#[derive(Debug)]
pub struct ReaderChannel {
    name: ReaderName,
    clock: Clock,
    status: watch::Sender<ReaderStatus>,
    events: broadcast::Sender<Observation>,
    /// Held while one event is numbered and told, so that all listeners hear the same order.
    order: Mutex<()>,
}

/// How many events a slow listener may lie behind. A card goes in and out a few times a minute.
const EVENTS_KEPT: usize = 256;

impl ReaderChannel {
    /// A channel for one reader, which is absent until its adapter says otherwise.
    pub fn new(name: ReaderName, clock: Clock) -> Self {
        let (status, _) = watch::channel(ReaderStatus::absent(name.clone(), clock.now()));
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        Self { name, clock, status, events, order: Mutex::new(()) }
    }

    /// Tells everyone that this happened now.
    pub fn announce(&self, event: ReaderEvent) {
        let _order = self.in_order();
        let sequence = self.status.borrow().sequence + 1;
        let observation = Observation { reader: self.name.clone(), sequence, at: self.clock.now(), event };
        self.status.send_modify(|status| status.take(&observation));
        // an error only says that nobody listens at the moment, which is allowed
        let _nobody = self.events.send(observation);
    }

    fn in_order(&self) -> MutexGuard<'_, ()> {
        // the lock guards no data of its own: after a panic of another holder the status is still whole
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReaderPort for ReaderChannel {
    fn name(&self) -> &ReaderName {
        &self.name
    }

    fn status(&self) -> ReaderStatus {
        self.status.borrow().clone()
    }

    fn watch(&self) -> watch::Receiver<ReaderStatus> {
        self.status.subscribe()
    }

    fn subscribe(&self) -> Subscription {
        let _order = self.in_order();
        Subscription { start: self.status.borrow().clone(), events: self.events.subscribe() }
    }
}

/// A place in the stream of one reader's events.
#[derive(Debug)]
pub struct Subscription {
    start: ReaderStatus,
    events: broadcast::Receiver<Observation>,
}

/// What a subscription hears next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The next event.
    Event(Observation),
    /// The listener was too slow and this many events are gone: ask the port for its status and go on from there.
    Missed(u64),
    /// The adapter is gone; nothing more will come.
    Closed,
}

impl Subscription {
    /// Where the reader stood when listening began; the first event heard is the one after it.
    pub fn start(&self) -> &ReaderStatus {
        &self.start
    }

    /// Waits for what comes next. Giving up waiting loses nothing.
    pub async fn next(&mut self) -> Heard {
        match self.events.recv().await {
            Ok(observation) => Heard::Event(observation),
            Err(broadcast::error::RecvError::Lagged(missed)) => Heard::Missed(missed),
            Err(broadcast::error::RecvError::Closed) => Heard::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::state::ReaderState;
    use crate::reader::time::Moment;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A clock that moves on by one with every question.
    fn counting_clock() -> Clock {
        let ticks = AtomicU64::new(0);
        Clock::new(move || Moment(ticks.fetch_add(1, Ordering::Relaxed)))
    }

    fn channel() -> ReaderChannel {
        ReaderChannel::new(ReaderName::parse("counter").expect("a good name"), counting_clock())
    }

    #[tokio::test]
    async fn a_listener_hears_everything_after_its_start_in_order() {
        let channel = channel();
        channel.announce(ReaderEvent::Attached);
        let mut listener = channel.subscribe();
        assert_eq!(listener.start().sequence, 1);
        channel.announce(ReaderEvent::Detached);
        channel.announce(ReaderEvent::Attached);
        for (sequence, event) in [(2, ReaderEvent::Detached), (3, ReaderEvent::Attached)] {
            let Heard::Event(heard) = listener.next().await else { panic!("an event was announced") };
            assert_eq!((heard.sequence, heard.event, heard.at), (sequence, event, Moment(sequence)));
        }
        drop(channel);
        assert_eq!(listener.next().await, Heard::Closed);
    }

    #[tokio::test]
    async fn a_slow_listener_is_told_what_it_missed_and_the_status_is_the_newest() {
        let channel = channel();
        let mut listener = channel.subscribe();
        for _ in 0..EVENTS_KEPT {
            channel.announce(ReaderEvent::Attached);
            channel.announce(ReaderEvent::Detached);
        }
        assert_eq!(listener.next().await, Heard::Missed(EVENTS_KEPT as u64));
        let Heard::Event(next) = listener.next().await else { panic!("the kept events follow") };
        assert_eq!(next.sequence, EVENTS_KEPT as u64 + 1);
        let newest = 2 * EVENTS_KEPT as u64;
        assert_eq!(channel.status().sequence, newest);
        assert_eq!(channel.status().state, ReaderState::Absent { since: Moment(newest) });
    }

    #[tokio::test]
    async fn a_lamp_wakes_and_sees_the_newest_state() {
        let channel = channel();
        let mut lamp = channel.watch();
        channel.announce(ReaderEvent::Attached);
        lamp.changed().await.expect("the channel lives");
        assert_eq!(lamp.borrow_and_update().state, ReaderState::Ready { since: Moment(1) });
    }

    #[test]
    fn announcements_from_many_threads_get_every_number_once() {
        let channel = Arc::new(channel());
        let mut listener = channel.subscribe();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let channel = Arc::clone(&channel);
                std::thread::spawn(move || (0..50).for_each(|_| channel.announce(ReaderEvent::Attached)))
            })
            .collect();
        for thread in threads {
            thread.join().expect("no thread panicked");
        }
        let heard: Vec<u64> =
            std::iter::from_fn(|| listener.events.try_recv().ok()).map(|seen| seen.sequence).collect();
        assert_eq!(heard, (1..=200).collect::<Vec<_>>());
        assert_eq!(channel.status().ignored_events, 199, "a reader is attached once");
    }
}
