//! The readers the service has shown, each with its own channel.

use std::ffi::{CStr, CString};
use std::sync::Arc;

use tokio::sync::watch;

use super::slot::{Sight, Slot};
use crate::reader::{Adapter, Clock, ReaderChannel, ReaderEvent, ReaderName};

/// One reader of the service, to listen to. It stays known after it was unplugged: its state is then absent.
#[derive(Debug, Clone)]
pub struct PcscReader {
    channel: Arc<ReaderChannel>,
}

impl Adapter for PcscReader {
    fn channel(&self) -> &ReaderChannel {
        &self.channel
    }
}

/// All readers known, and the list others may look at.
#[derive(Debug)]
pub(super) struct Roster {
    clock: Clock,
    rows: Vec<Row>,
    shown: watch::Sender<Vec<PcscReader>>,
}

#[derive(Debug)]
struct Row {
    /// As the service spells it.
    system_name: CString,
    reader: PcscReader,
    slot: Slot,
}

impl Roster {
    /// How many readers are remembered. A reader that gets another name with every re-plugging pushes out one that is
    /// gone.
    const REMEMBERED: usize = 32;

    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, rows: Vec::new(), shown: watch::channel(Vec::new()).0 }
    }

    pub(super) fn shown(&self) -> watch::Receiver<Vec<PcscReader>> {
        self.shown.subscribe()
    }

    /// The reader was looked at.
    pub(super) fn see(&mut self, system_name: &CStr, sight: Sight) {
        let Some(position) = self.position_or_new(system_name) else { return };
        self.tell(position, |slot| slot.see(sight));
    }

    /// The reader is no longer listed.
    pub(super) fn leave(&mut self, system_name: &CStr) {
        if let Some(position) = self.position(system_name) {
            self.tell(position, Slot::leave);
        }
    }

    /// Whoever is not on this list has left.
    pub(super) fn keep_only(&mut self, listed: &[CString]) {
        for position in 0..self.rows.len() {
            if !listed.contains(&self.rows[position].system_name) {
                self.tell(position, Slot::leave);
            }
        }
    }

    /// The service is gone.
    pub(super) fn hide_all(&mut self) {
        (0..self.rows.len()).for_each(|position| self.tell(position, Slot::hide));
    }

    fn tell(&mut self, position: usize, change: impl FnOnce(&mut Slot) -> Vec<ReaderEvent>) {
        let row = &mut self.rows[position];
        change(&mut row.slot).into_iter().for_each(|event| row.reader.channel.announce(event));
    }

    fn position(&self, system_name: &CStr) -> Option<usize> {
        self.rows.iter().position(|row| row.system_name.as_c_str() == system_name)
    }

    fn position_or_new(&mut self, system_name: &CStr) -> Option<usize> {
        if let Some(position) = self.position(system_name) {
            return Some(position);
        }
        if self.rows.len() >= Self::REMEMBERED {
            let gone = self.rows.iter().position(|row| !row.slot.is_there())?;
            self.rows.remove(gone);
        }
        let channel = Arc::new(ReaderChannel::new(readable_name(system_name), self.clock.clone()));
        self.rows.push(Row {
            system_name: system_name.to_owned(),
            reader: PcscReader { channel },
            slot: Slot::default(),
        });
        self.shown.send_replace(self.rows.iter().map(|row| row.reader.clone()).collect());
        Some(self.rows.len() - 1)
    }
}

/// A reader's name for people: what a firmware put into it that is no text is replaced, so that no reader is left out
/// because of its name.
pub(super) fn readable_name(system_name: &CStr) -> ReaderName {
    let text: String =
        system_name.to_string_lossy().chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect();
    let end = (0..=ReaderName::MAX_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    ReaderName::parse(&text[..end])
        .or_else(|_| ReaderName::parse("unnamed reader"))
        .expect("the spare name is a good one")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::{Moment, ReaderPort, ReaderState};

    #[test]
    fn no_reader_is_left_out_because_of_its_name() {
        assert_eq!(readable_name(c"Virtual PCD 00 00").as_str(), "Virtual PCD 00 00");
        assert_eq!(readable_name(c"bad\x07name\xff").as_str(), "bad?name\u{fffd}");
        assert_eq!(readable_name(c"").as_str(), "unnamed reader");
        let long = CString::new("受".repeat(60)).expect("no zero inside");
        assert_eq!(readable_name(&long).as_str(), "受".repeat(42));
    }

    #[test]
    fn readers_that_are_gone_make_room_and_those_that_are_there_stay() {
        let mut roster = Roster::new(Clock::new(|| Moment(0)));
        roster.see(c"stays", Sight::Empty);
        for number in 0..200 {
            let name = CString::new(format!("plugged {number}")).expect("no zero inside");
            roster.see(&name, Sight::Empty);
            roster.leave(&name);
        }
        let shown = roster.shown();
        assert_eq!(shown.borrow().len(), Roster::REMEMBERED);
        let first = shown.borrow()[0].clone();
        assert_eq!(first.name().as_str(), "stays");
        assert_eq!(first.status().state, ReaderState::Ready { since: Moment(0) });
    }
}
