//! Which bytes may go to the card, and what they change. Pure.

use super::incident::Refusal;
use crate::card::apdu::{MAX_ANSWER_BYTES, Status};
use crate::card::catalogue::{Application, Catalogue, File, Permit};

/// What is certainly selected.
#[derive(Clone, Copy)]
pub(super) enum Standing {
    /// Nothing is certain.
    Nowhere,
    /// An application, and no file of it.
    In(&'static Application),
    /// A file or key, with the tries counted by the command just before.
    At(&'static Application, &'static File, Option<u8>),
}

/// A command that stands on the list.
#[derive(Clone, Copy)]
pub(super) enum Admitted {
    Application(&'static Application),
    File(&'static Application, &'static File),
    Read,
    Record,
    CountTries,
    Present,
}

impl Standing {
    pub(super) fn application(self) -> Option<&'static Application> {
        match self {
            Self::Nowhere => None,
            Self::In(application) | Self::At(application, ..) => Some(application),
        }
    }

    pub(super) fn file(self) -> Option<&'static File> {
        match self {
            Self::At(_, file, _) => Some(file),
            Self::Nowhere | Self::In(_) => None,
        }
    }

    pub(super) fn counted(self) -> Option<u8> {
        match self {
            Self::At(_, _, counted) => counted,
            Self::Nowhere | Self::In(_) => None,
        }
    }

    /// Where an answered command leads from here.
    pub(super) fn after(self, admitted: Admitted, status: Status) -> Self {
        match (admitted, status) {
            (Admitted::Application(to), Status::Done) => Self::In(to),
            (Admitted::Application(_), _) => Self::Nowhere,
            (Admitted::File(of, to), Status::Done) => Self::At(of, to, None),
            (Admitted::CountTries, Status::TriesLeft(left)) => self.with_count(Some(left).filter(|left| *left > 0)),
            (Admitted::Read | Admitted::CountTries | Admitted::Present, _) => self.with_count(None),
            (Admitted::File(..) | Admitted::Record, _) => self.application().map_or(Self::Nowhere, Self::In),
        }
    }

    fn with_count(self, counted: Option<u8>) -> Self {
        match self {
            Self::At(application, file, _) => Self::At(application, file, counted),
            Self::Nowhere | Self::In(_) => self,
        }
    }
}

/// The allow-list at work. Every form is matched whole: class, instruction, both parameters and the exact length.
pub(super) fn judge(catalogue: &Catalogue, standing: Standing, command: &[u8]) -> Result<Admitted, Refusal> {
    match *command {
        [0x00, 0xA4, 0x04, 0x0C, length, ref aid @ ..] if usize::from(length) == aid.len() => {
            select_application(catalogue, aid)
        }
        [0x00, 0xA4, 0x02, 0x0C, 0x02, high, low] => select_file(standing, [high, low]),
        [0x00, 0xB0, high @ 0x00..=0x7F, low, length] => read(standing, u16::from_be_bytes([high, low]), length),
        [0x00, 0xB2, number, reference, 0x00] => read_record(standing, number, reference),
        [0x00, 0x20, 0x00, 0x80] => use_key(standing, Permit::CountTries).map(|()| Admitted::CountTries),
        [0x00, 0x20, 0x00, 0x80, 0x0E, ref code @ ..] => present(standing, code),
        _ => Err(Refusal::UnlistedForm),
    }
}

fn select_application(catalogue: &Catalogue, aid: &[u8]) -> Result<Admitted, Refusal> {
    let listed = catalogue.applications.iter().find(|application| application.aid == aid);
    listed.map(Admitted::Application).ok_or(Refusal::UnlistedApplication)
}

fn select_file(standing: Standing, id: [u8; 2]) -> Result<Admitted, Refusal> {
    let application = standing.application().ok_or(Refusal::NothingSelected)?;
    let listed = application.files.iter().find(|file| file.id == id);
    listed.map(|file| Admitted::File(application, file)).ok_or(Refusal::UnlistedFile)
}

fn read(standing: Standing, offset: u16, length: u8) -> Result<Admitted, Refusal> {
    let file = standing.file().ok_or(Refusal::NothingSelected)?;
    let length = if length == 0 { MAX_ANSWER_BYTES } else { length.into() };
    match file.readable_bytes() {
        0 => Err(Refusal::NotPermittedHere),
        readable if usize::from(offset) + length > readable => Err(Refusal::OutsideTheFile),
        _ => Ok(Admitted::Read),
    }
}

fn read_record(standing: Standing, number: u8, reference: u8) -> Result<Admitted, Refusal> {
    let application = standing.application().ok_or(Refusal::NothingSelected)?;
    let exactly = |short_id: u8| short_id << 3 | 0x04 == reference;
    let listed = application.records.iter().any(|record| record.number == number && exactly(record.short_id));
    if listed { Ok(Admitted::Record) } else { Err(Refusal::UnlistedFile) }
}

fn present(standing: Standing, code: &[u8]) -> Result<Admitted, Refusal> {
    use_key(standing, Permit::PresentSurfaceCode)?;
    if code.len() != 14 || !code.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::UnlistedForm);
    }
    standing.counted().map(|_| Admitted::Present).ok_or(Refusal::TriesNotCounted)
}

fn use_key(standing: Standing, permit: Permit) -> Result<(), Refusal> {
    let file = standing.file().ok_or(Refusal::NothingSelected)?;
    if file.permits(permit) { Ok(()) } else { Err(Refusal::NotPermittedHere) }
}
