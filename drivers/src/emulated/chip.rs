//! The chip: commands in, answers out.

mod command;
mod read;
mod secrets;
mod select;
mod sign;

use std::collections::BTreeSet;
use std::fmt;

use super::issue::{IssueFailed, issue};
use super::memory::{Application, File};
use super::order::CardOrder;
use super::printed::Printed;
use super::profile::Profile;
use super::touches::{SensitiveObject, TouchLog};
use command::{Command, Status};

/// A card's chip, with or without a reader around it.
///
/// Counters and what was asked of it outlive power cycles; what was opened with a secret does not.
pub struct Chip {
    profile: Profile,
    printed: Printed,
    authentication_certificate: Vec<u8>,
    applications: Vec<Application>,
    /// Which application is selected, by its place.
    current: Option<usize>,
    current_file: Option<u16>,
    opened: Opened,
    log: TouchLog,
}

/// What has been opened, and in which application.
#[derive(Default)]
struct Opened {
    application: Option<usize>,
    secrets: BTreeSet<u16>,
}

/// Contactless, as a reader composes it; the same for many kinds of cards (`my-number-card §2.1`).
const PLASTIC: [u8; 13] = [0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x05, 0xE0, 0xB3, 0x81, 0xA1, 0x00, 0x7F];
const PHONE: [u8; 5] = [0x3B, 0x80, 0x80, 0x01, 0x01];
/// That of a driving licence.
const OTHER: [u8; 13] = [0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x91, 0x81, 0xC1, 0x00, 0xD8];
/// Longer than any answer to reset may be, so that no reader makes sense of it.
const NONSENSE: [u8; 40] = [0; 40];

impl Chip {
    /// A card made to order.
    pub fn issue(order: &CardOrder) -> Result<Self, IssueFailed> {
        let issued = issue(order)?;
        Ok(Self {
            profile: order.profile,
            printed: issued.printed,
            authentication_certificate: issued.authentication_certificate,
            applications: issued.applications,
            current: None,
            current_file: None,
            opened: Opened::default(),
            log: TouchLog::default(),
        })
    }

    /// Which kind of card it is.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// What is printed on it.
    pub fn printed(&self) -> &Printed {
        &self.printed
    }

    /// Its authentication certificate in DER, to compare with what was read.
    pub fn authentication_certificate(&self) -> &[u8] {
        &self.authentication_certificate
    }

    /// What was asked of it so far.
    pub fn log(&self) -> &TouchLog {
        &self.log
    }

    /// Its answer to a reset.
    pub fn answer_to_reset(&self) -> &'static [u8] {
        match self.profile {
            Profile::Mute => &NONSENSE,
            Profile::Foreign => &OTHER,
            profile if profile.is_phone() => &PHONE,
            _ => &PLASTIC,
        }
    }

    /// Power off or on: nothing is selected and nothing is open.
    pub fn cycle_power(&mut self) {
        self.reset();
        self.opened = Opened::default();
    }

    /// A reset without a loss of power: nothing is selected, but what was open stays open (`my-number-card §3`).
    pub fn reset(&mut self) {
        self.current = None;
        self.current_file = None;
    }

    /// Carries one command out and gives the answer with its status word.
    pub fn exchange(&mut self, command: &[u8]) -> Vec<u8> {
        self.log.commands += 1;
        match Command::parse(command).and_then(|command| self.carry_out(&command)) {
            Ok(mut data) => {
                data.extend(Status::DONE.0.to_be_bytes());
                data
            }
            Err(status) => status.0.to_be_bytes().to_vec(),
        }
    }

    fn carry_out(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if command.class & 0x03 != 0 {
            return Err(Status::NO_SUCH_CHANNEL);
        }
        match (command.class, command.instruction) {
            (0x00, 0xA4) => self.select(command),
            (0x00, 0xB0) => self.read(command),
            (0x00, 0xB2) => self.read_record(command),
            (0x00, 0x20) => self.verify(command),
            (0x80, 0x2A) => self.sign(command),
            (0x80, 0xAE) => {
                self.log.touch(SensitiveObject::SecureMessaging);
                Err(Status::CONDITIONS)
            }
            (0x80, 0xFC) if self.profile == Profile::PhoneIphone => Ok(Vec::new()),
            _ => Err(Status::NO_SUCH_INSTRUCTION),
        }
    }

    fn application(&self) -> Option<&Application> {
        self.applications.get(self.current?)
    }

    fn file(&self, id: u16) -> Option<&File> {
        self.application()?.file(id)
    }

    /// The file a command means: the one whose short name it carries, which then becomes the current one, or the
    /// current one.
    fn addressed(&mut self, short_name: Option<u8>) -> Result<u16, Status> {
        let id = match short_name {
            Some(name) => u16::from(name),
            None => self.current_file.ok_or(Status::NO_CURRENT_FILE)?,
        };
        if self.file(id).is_none() {
            return Err(Status::NOT_FOUND);
        }
        self.current_file = Some(id);
        Ok(id)
    }

    /// Writes down that bytes up to `end` of a file were asked for.
    fn note(&mut self, id: u16, end: usize) {
        let touched = self.file(id).and_then(|file| file.sensitive);
        if let Some(touched) = touched.filter(|sensitive| end >= sensitive.from) {
            self.log.touch(touched.object);
        }
    }

    fn is_open(&self, secret: u16) -> bool {
        self.opened.application == self.current && self.opened.secrets.contains(&secret)
    }
}

impl fmt::Debug for Chip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Chip").field("profile", &self.profile).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
