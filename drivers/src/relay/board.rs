//! One relay on one board, as a power switch.

use std::time::Duration;

use super::dialect::Dialect;
use super::frame::{Channel, Contact};
use crate::power::{PowerFault, PowerState, PowerSwitch, SwitchKind, Switched};
use crate::serial::{LineFault, PathRefused, SerialLine, SerialSettings};

/// A relay in the supply of one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelaySettings {
    line: SerialSettings,
    /// Which relay.
    pub channel: Channel,
    /// How many relays the board has.
    pub relays: Channel,
    /// How the board speaks.
    pub dialect: Dialect,
    /// Which contact feeds the reader.
    pub wiring: Wiring,
}

/// Which contact feeds the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wiring {
    /// COM–NC: the relay pulls in to cut. A dead board or a crashed box leaves the reader supplied.
    NormallyClosed,
    /// COM–NO: the relay releases to cut. Every restart of the box takes the reader's power.
    NormallyOpen,
}

/// A relay board; opened for each command.
#[derive(Debug)]
pub struct RelayBoard {
    settings: RelaySettings,
}

const BAUD: u32 = 9_600;
/// Boards handle one frame at a time and want a pause behind it; we listen in it.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a board may take to begin its answer.
const ANSWER_BEGINS: Duration = Duration::from_millis(500);
/// More than any answer of eight relays.
const LONGEST_ANSWER: usize = 128;
/// A board that chatters on is not waited for.
const MOST_READS: usize = 16;

impl RelaySettings {
    /// A relay on the board at this path, which must stay with the plug: these boards have no serial number, and a frame
    /// must never reach another device.
    pub fn new(
        path: &str,
        channel: Channel,
        relays: Channel,
        dialect: Dialect,
        wiring: Wiring,
    ) -> Result<Self, PathRefused> {
        let line = SerialSettings::lasting(path)?.at_baud(BAUD);
        Ok(Self { line, channel, relays, dialect, wiring })
    }

    /// The same without keeping other programs off, see [`SerialSettings::exclusive`].
    pub fn shared(self) -> Self {
        Self { line: self.line.shared(), ..self }
    }

    fn contact_for(&self, supplied: bool) -> Contact {
        match (self.wiring, supplied) {
            (Wiring::NormallyClosed, true) | (Wiring::NormallyOpen, false) => Contact::Released,
            (Wiring::NormallyClosed, false) | (Wiring::NormallyOpen, true) => Contact::PulledIn,
        }
    }
}

impl RelayBoard {
    /// A board; nothing is sent before the first command.
    pub fn new(settings: RelaySettings) -> Self {
        Self { settings }
    }

    fn switch(&mut self, supplied: bool) -> Result<Switched, PowerFault> {
        let RelaySettings { channel, .. } = self.settings;
        let wanted = self.settings.contact_for(supplied);
        let mut line = self.open()?;
        line.write(&channel.command(wanted)).map_err(fault)?;
        // whatever a board says to a plain command is no answer to a question
        listen(&mut line, PAUSE)?;
        match self.ask(&mut line)? {
            None => Ok(Switched::Sent),
            Some(contact) if contact == wanted => Ok(Switched::Confirmed),
            Some(_) => Err(PowerFault::DidNotSwitch),
        }
    }

    fn ask(&self, line: &mut SerialLine) -> Result<Option<Contact>, PowerFault> {
        let RelaySettings { channel, relays, dialect, .. } = self.settings;
        let Some(question) = dialect.question(channel) else { return Ok(None) };
        line.write(&question).map_err(fault)?;
        Ok(dialect.understand(&listen(line, ANSWER_BEGINS)?, channel, relays))
    }

    fn open(&self) -> Result<SerialLine, PowerFault> {
        SerialLine::open(&self.settings.line).map(|(line, _stale)| line).map_err(fault)
    }
}

impl PowerSwitch for RelayBoard {
    fn off(&mut self) -> Result<Switched, PowerFault> {
        self.switch(false)
    }

    fn on(&mut self) -> Result<Switched, PowerFault> {
        self.switch(true)
    }

    fn state(&mut self) -> Result<PowerState, PowerFault> {
        let contact = self.ask(&mut self.open()?)?;
        Ok(match contact {
            None => PowerState::NotKnown,
            Some(contact) if contact == self.settings.contact_for(true) => PowerState::On,
            Some(_) => PowerState::Off,
        })
    }

    fn kind(&self) -> SwitchKind {
        SwitchKind::Relay
    }
}

/// Collects what the board says until it is quiet; cut off when it says too much to be an answer.
fn listen(line: &mut SerialLine, first: Duration) -> Result<Vec<u8>, PowerFault> {
    let mut answer = Vec::new();
    let mut buffer = [0; LONGEST_ANSWER];
    for patience in std::iter::once(first).chain([PAUSE; MOST_READS]) {
        let count = line.read(&mut buffer, patience).map_err(fault)?;
        answer.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if count == 0 || answer.len() > LONGEST_ANSWER {
            break;
        }
    }
    Ok(answer)
}

fn fault(fault: LineFault) -> PowerFault {
    match fault {
        LineFault::Gone => PowerFault::SwitchGone,
        LineFault::HeldByAnother => PowerFault::HeldByAnother,
        LineFault::NotPermitted => PowerFault::NotPermitted,
        LineFault::CannotOpen | LineFault::NotTaking => PowerFault::NotWorking,
    }
}
