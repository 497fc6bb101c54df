//! What a hand can do to an emulated card while it is used.

use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::chip::Chip;
use super::issue::IssueFailed;
use super::order::CardOrder;
use super::printed::Printed;
use super::profile::Profile;
use super::touches::TouchLog;

/// Where a card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the hand.
    Out,
    /// On its way in: no virtual reader listens where it looks for one.
    Seeking,
    /// In the reader.
    In,
}

/// The hand at the reader: cheap to clone, usable from any thread while the card runs.
#[derive(Debug, Clone)]
pub struct CardKnobs(Arc<Table>);

#[derive(Debug)]
struct Table {
    things: Mutex<Things>,
    turned: Condvar,
}

#[derive(Debug)]
pub(super) struct Things {
    pub(super) chip: Chip,
    pub(super) in_reader: bool,
    pub(super) over: bool,
    /// Out since the last look at this.
    pulled: bool,
    silent: bool,
    delay: Duration,
    /// Commands that read from a file until the card is pulled by itself.
    reads_left: Option<u32>,
    /// The connection to the reader, to be cut when the card is pulled.
    line: Option<TcpStream>,
}

impl CardKnobs {
    pub(super) fn new(chip: Chip) -> Self {
        let profile = chip.profile();
        let things = Things {
            chip,
            in_reader: true,
            over: false,
            pulled: false,
            silent: false,
            delay: profile.delay(),
            reads_left: profile.pulled_after_reads(),
            line: None,
        };
        Self(Arc::new(Table { things: Mutex::new(things), turned: Condvar::new() }))
    }

    /// Takes the card out of the reader, in the middle of a command if need be.
    pub fn pull(&self) {
        self.turn(Things::pull);
    }

    /// Puts it back.
    pub fn insert(&self) {
        self.turn(|things| things.in_reader = true);
    }

    /// Takes the card out and puts another one in at once.
    pub fn swap(&self, order: &CardOrder) -> Result<(), IssueFailed> {
        let chip = Chip::issue(order)?;
        self.turn(|things| {
            things.pull();
            let profile = chip.profile();
            (things.delay, things.reads_left) = (profile.delay(), profile.pulled_after_reads());
            things.chip = chip;
            things.in_reader = true;
        });
        Ok(())
    }

    /// Leaves commands without an answer while `silent`; a command that waits is answered when the silence ends. The
    /// card still shows that it is there.
    pub fn silence(&self, silent: bool) {
        self.turn(|things| things.silent = silent);
    }

    /// How long each command takes from now on.
    pub fn delay(&self, delay: Duration) {
        self.turn(|things| things.delay = delay);
    }

    /// Pulls the card instead of answering after this many further commands that read from a file.
    pub fn pull_after_reads(&self, reads: u32) {
        self.turn(|things| things.reads_left = Some(reads));
    }

    /// Ends the card: [`run`](super::EmulatedCard::run) returns.
    pub fn stop(&self) {
        self.turn(|things| {
            things.pull();
            things.over = true;
        });
    }

    /// Which card is in use now.
    pub fn profile(&self) -> Profile {
        self.things().chip.profile()
    }

    /// What is printed on it.
    pub fn printed(&self) -> Printed {
        self.things().chip.printed().clone()
    }

    /// Its authentication certificate in DER.
    pub fn authentication_certificate(&self) -> Vec<u8> {
        self.things().chip.authentication_certificate().to_vec()
    }

    /// What was asked of it so far.
    pub fn log(&self) -> TouchLog {
        self.things().chip.log().clone()
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.things().place()
    }

    /// Waits until it is somewhere else, and says where; nothing once it has ended.
    pub fn moved_from(&self, known: Place) -> Option<Place> {
        let things = self.wait_while(|things| things.place() == known && !things.over);
        (!things.over).then(|| things.place())
    }

    /// Takes up the line to the reader, unless the card is out again already.
    pub(super) fn connected(&self, line: TcpStream) -> bool {
        let mut in_reader = false;
        self.turn(|things| in_reader = things.connected(line));
        in_reader
    }

    /// The line to the reader is gone, whoever cut it.
    pub(super) fn hung_up(&self) {
        self.turn(|things| things.line = None);
    }

    fn turn(&self, change: impl FnOnce(&mut Things)) {
        change(&mut self.things());
        self.0.turned.notify_all();
    }

    pub(super) fn things(&self) -> MutexGuard<'_, Things> {
        // the chip answers within one call, so a panic of another holder leaves at worst an unanswered command
        self.0.things.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while `go_on` holds.
    pub(super) fn wait_while(&self, go_on: impl FnMut(&mut Things) -> bool) -> MutexGuard<'_, Things> {
        self.0.turned.wait_while(self.things(), go_on).unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits this long at most while `go_on` holds.
    pub(super) fn wait_at_most(
        &self,
        limit: Duration,
        go_on: impl FnMut(&mut Things) -> bool,
    ) -> MutexGuard<'_, Things> {
        let waited = self.0.turned.wait_timeout_while(self.things(), limit, go_on);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Lets the card think and keep silent as long as the knobs say, then answers; nothing when it is out by then.
    pub(super) fn answer(&self, command: &[u8]) -> Option<Vec<u8>> {
        let delay = self.things().delay;
        if !delay.is_zero() {
            drop(self.wait_at_most(delay, |things| things.in_reader));
        }
        let mut things = self.wait_while(|things| things.silent && things.in_reader);
        things.count_read(command);
        things.in_reader.then(|| things.chip.exchange(command))
    }
}

impl Things {
    fn place(&self) -> Place {
        match (self.in_reader, &self.line) {
            (false, _) => Place::Out,
            (true, None) => Place::Seeking,
            (true, Some(_)) => Place::In,
        }
    }

    fn connected(&mut self, line: TcpStream) -> bool {
        self.chip.cycle_power();
        self.line = Some(line);
        self.in_reader
    }

    /// Whether the card was pulled since this was last asked.
    pub(super) fn take_pulled(&mut self) -> bool {
        std::mem::take(&mut self.pulled)
    }

    fn pull(&mut self) {
        self.in_reader = false;
        self.pulled = true;
        self.chip.cycle_power();
        if let Some(line) = self.line.take() {
            // an error means that the reader has hung up already
            let _hung_up = line.shutdown(Shutdown::Both);
        }
    }

    fn count_read(&mut self, command: &[u8]) {
        const READ_BINARY: u8 = 0xB0;
        if command.get(1) != Some(&READ_BINARY) {
            return;
        }
        if let Some(left) = self.reads_left.take() {
            match left.checked_sub(1) {
                None | Some(0) => self.pull(),
                Some(left) => self.reads_left = Some(left),
            }
        }
    }
}
