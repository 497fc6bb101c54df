//! The gate: the one place from which bytes reach a card.
//!
//! ```text
//!            select application 9000              select file 9000
//!  ┌─────────┐ ────────────────▶ ┌────────────────┐ ────────▶ ┌──────────────┐ ──┐ read,
//!  │ Nowhere │                   │ In application │           │ At file      │ ◀─┘ count tries
//!  └─────────┘ ◀──────────────── └────────────────┘ ◀──────── └──────────────┘
//!      ▲        anything but 9000        ▲      anything but 9000     │
//!      └── no answer, or too short ──────┴────────────────────────────┘
//! ```
//!
//! Whatever is uncertain counts as *nowhere*, from where only a listed application can be selected, by its full name.

mod incident;
mod rules;
#[cfg(test)]
mod tests;

pub use incident::{FileId, Incident, Refusal};

use super::apdu::{BadAnswer, Command, Response, Status};
use super::catalogue::{ApplicationName, Catalogue, FileName, RecordName};
use super::my_number::LastTry;
use super::surface_code::SurfaceCode;
use super::wire::{CardWire, WireError};
use rules::{Admitted, Standing};

/// Owns the way to one card, from power-up until it is dropped.
pub(super) struct Gate<'w> {
    wire: &'w mut dyn CardWire,
    catalogue: &'static Catalogue,
    standing: Standing,
    /// Nothing was answered since power-up.
    untouched: bool,
    /// An application was entered, so that something may be open.
    to_be_closed: bool,
    lost: Option<WireError>,
    incidents: Vec<Incident>,
}

/// Why a typed call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GateError {
    /// Not on the list; nothing was sent.
    Refused(Refusal),
    /// The wire gave nothing usable.
    Wire(WireError),
    /// More bytes than a card may answer.
    Oversized,
}

/// What a key says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TriesLeft {
    /// So many wrong entries until it is blocked, at least one.
    Left(u8),
    /// Blocked. On a card without PINs (顔認証マイナンバーカード) this is how it was issued, nobody's mistake.
    Blocked,
    /// Open already.
    Open,
}

impl<'w> Gate<'w> {
    /// More refusals than this in one session are one and the same mistake.
    const MAX_INCIDENTS: usize = 64;

    pub(super) fn new(wire: &'w mut dyn CardWire, catalogue: &'static Catalogue) -> Self {
        let standing = Standing::Nowhere;
        Self { wire, catalogue, standing, untouched: true, to_be_closed: false, lost: None, incidents: Vec::new() }
    }

    /// Goes on with another generation's list.
    pub(super) fn turn_to(&mut self, catalogue: &'static Catalogue) {
        self.catalogue = catalogue;
        self.standing = Standing::Nowhere;
    }

    pub(super) fn catalogue(&self) -> &'static Catalogue {
        self.catalogue
    }

    pub(super) fn incidents(&self) -> &[Incident] {
        &self.incidents
    }

    pub(super) fn is_in(&self, name: ApplicationName) -> bool {
        self.standing.application().is_some_and(|application| application.name == name)
    }

    /// How many bytes of the current file may be read.
    pub(super) fn readable_bytes(&self) -> usize {
        self.standing.file().map_or(0, |file| file.readable_bytes())
    }

    pub(super) fn select(&mut self, name: ApplicationName) -> Result<Status, GateError> {
        let Some(application) = self.catalogue.application(name) else {
            return Err(self.refuse_unlisted(Refusal::UnlistedApplication));
        };
        self.exchange(Command::select_application(application.aid).bytes()).map(|answer| answer.status())
    }

    pub(super) fn open(&mut self, name: FileName) -> Result<Status, GateError> {
        let Some(file) = self.standing.application().and_then(|application| application.file(name)) else {
            return Err(self.refuse_unlisted(Refusal::UnlistedFile));
        };
        self.exchange(Command::select_file(file.id).bytes()).map(|answer| answer.status())
    }

    /// Reads up to 256 bytes of the current file. A card that knows a better length is asked once more with it.
    pub(super) fn read(&mut self, offset: u16, length: usize) -> Result<Response, GateError> {
        let answer = self.exchange(Command::read(offset, length).bytes())?;
        match answer.status() {
            Status::RightLength(right) if right < length => self.exchange(Command::read(offset, right).bytes()),
            _ => Ok(answer),
        }
    }

    pub(super) fn read_record(&mut self, name: RecordName) -> Result<Response, GateError> {
        let Some(record) = self.standing.application().and_then(|application| application.record(name)) else {
            return Err(self.refuse_unlisted(Refusal::UnlistedFile));
        };
        self.exchange(Command::read_record(record.number, record.short_id).bytes())
    }

    /// Asks the current key for its tries; costs none.
    pub(super) fn count_tries(&mut self) -> Result<Status, GateError> {
        self.exchange(Command::count_tries().bytes()).map(|answer| answer.status())
    }

    /// Presents the number from the card face, once. The count must have been asked just before, and the last try
    /// needs the explicit word of a person.
    pub(super) fn present(&mut self, code: &SurfaceCode, last_try: LastTry) -> Result<Status, GateError> {
        if self.standing.counted() == Some(1) && last_try != LastTry::Confirmed {
            return Err(self.refuse(Command::present(code).bytes(), Refusal::LastTryNotConfirmed));
        }
        self.exchange(Command::present(code).bytes()).map(|answer| answer.status())
    }

    /// Selects the card manager, which closes whatever was opened. Tried once; powering down is the wire's part.
    pub(super) fn close(&mut self) -> Result<(), WireError> {
        if !std::mem::take(&mut self.to_be_closed) || self.lost.is_some() {
            return self.lost.map_or(Ok(()), Err);
        }
        match self.select(ApplicationName::CardManager) {
            Err(GateError::Wire(error)) => Err(error),
            Ok(_) | Err(GateError::Refused(_) | GateError::Oversized) => Ok(()),
        }
    }

    /// Judges, sends and keeps account: nothing else in this program calls a wire.
    fn exchange(&mut self, command: &[u8]) -> Result<Response, GateError> {
        let admitted = match rules::judge(self.catalogue, self.standing, command) {
            Ok(admitted) => admitted,
            Err(refusal) => return Err(self.refuse(command, refusal)),
        };
        let before = std::mem::replace(&mut self.standing, Standing::Nowhere);
        let mut answer = self.transmit(command)?;
        if std::mem::take(&mut self.untouched) && answer.status() == Status::CardFault {
            answer = self.transmit(command)?;
        }
        self.standing = before.after(admitted, answer.status());
        self.to_be_closed |= match admitted {
            Admitted::Application(to) => to.name != ApplicationName::CardManager && answer.status() == Status::Done,
            _ => false,
        };
        Ok(answer)
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Response, GateError> {
        if let Some(error) = self.lost {
            return Err(GateError::Wire(error));
        }
        let answer = self.wire.transmit(command).map_err(|error| self.broken(error))?;
        Response::parse(answer).map_err(|bad| match bad {
            BadAnswer::TooShort => self.broken(WireError::CardGone),
            BadAnswer::TooLong => GateError::Oversized,
        })
    }

    fn broken(&mut self, error: WireError) -> GateError {
        self.lost = Some(error).filter(|error| error.ends_the_wire());
        GateError::Wire(error)
    }

    fn refuse(&mut self, command: &[u8], refusal: Refusal) -> GateError {
        self.keep(Incident::of(self.standing, command, refusal))
    }

    /// A call for something this generation's list does not have.
    fn refuse_unlisted(&mut self, refusal: Refusal) -> GateError {
        self.keep(Incident::of(self.standing, &[], refusal))
    }

    fn keep(&mut self, incident: Incident) -> GateError {
        if self.incidents.len() < Self::MAX_INCIDENTS {
            self.incidents.push(incident);
        }
        GateError::Refused(incident.refusal)
    }

    /// The attackers' entrance: raw bytes, judged like everything else. Absent from every ordinary build.
    #[cfg(any(test, fuzzing))]
    pub(super) fn attempt(&mut self, command: &[u8]) -> Result<Response, GateError> {
        self.exchange(command)
    }
}
