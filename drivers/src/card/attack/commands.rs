//! Turning bytes into attempts: legal moves, illegal moves of a card's own language, and legal ones with a bit changed.

use super::model::Mood;
use crate::card::catalogue::{ApplicationName, FileName, Key, RecordName};

/// One move against the gate.
#[derive(Debug, Clone)]
pub(super) enum Attempt {
    Raw(Vec<u8>),
    Select(ApplicationName),
    Open(FileName),
    Read(u16, usize),
    Record(RecordName),
    Count,
    Present(bool),
}

/// A sequence of moves, spelled by bytes.
pub(super) struct Attempts<'a> {
    rest: &'a [u8],
}

/// The first so many words of the dictionary are forms the gate lets pass in their place.
#[cfg(test)]
pub(super) const LEGAL_WORDS: usize = 14;

/// What a card would understand: the allowed forms and everything the sheet warns of.
pub(super) const DICTIONARY: [&[u8]; 40] = [
    b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
    b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
    b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00",
    b"\x00\xA4\x04\x0C\x07\xA0\x00\x00\x01\x51\x00\x00",
    b"\x00\xA4\x02\x0C\x02\x00\x02",
    b"\x00\xA4\x02\x0C\x02\x00\x06",
    b"\x00\xA4\x02\x0C\x02\x00\x0A",
    b"\x00\xA4\x02\x0C\x02\x00\x15",
    b"\x00\xA4\x02\x0C\x02\x00\x18",
    b"\x00\xB0\x00\x00\x00",
    b"\x00\xB0\x00\x00\x20",
    b"\x00\xB2\x01\x0C\x00",
    b"\x00\x20\x00\x80",
    b"\x00\x20\x00\x80\x0E02013120301234",
    // the resident-record application, the card face, names cut short, another selection control
    b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x01",
    b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02",
    b"\x00\xA4\x04\x0C\x09\xD3\x92\x10\x00\x31\x00\x01\x01\x04",
    b"\x00\xA4\x04\x0C\x02\xD3\x92",
    b"\x00\xA4\x04\x0C\x00",
    b"\x00\xA4\x04\x00\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x01\x00",
    b"\x00\xA4\x04\x02\x09\xD3\x92\x10\x00\x31\x00\x01\x01\x04",
    // forbidden files, by every way of naming one
    b"\x00\xA4\x02\x0C\x02\x00\x01",
    b"\x00\xA4\x02\x0C\x02\x00\x03",
    b"\x00\xA4\x02\x0C\x02\x00\x14",
    b"\x00\xA4\x02\x0C\x02\x00\x1A",
    b"\x00\xA4\x00\x0C\x02\x00\x01",
    b"\x00\xA4\x02\x00\x02\x00\x01\x00",
    b"\x00\xB0\x81\x00\x00",
    b"\x00\xB0\x83\x00\x00",
    b"\x00\xB2\x01\x1C\x00",
    b"\x00\xB2\x01\x04\x00",
    // secrets by every way of presenting one
    b"\x00\x20\x00\x94\x0C123456789018",
    b"\x00\x20\x00\x80\x0C123456789018",
    b"\x00\x20\x00\x80\x041234",
    b"\x00\x20\x00\x95\x0E02013120301234",
    // chaining, logical channels, secure messaging, extended length, signing, changing
    b"\x10\x20\x00\x80\x0E02013120301234",
    b"\x01\xB0\x81\x00\x00",
    b"\x0C\xB0\x81\x00\x00",
    b"\x00\xB0\x00\x00\x00\x01\x00",
    b"\x80\x2A\x00\x80\x04\x01\x02\x03\x04\x00",
];

impl<'a> Attempts<'a> {
    pub(super) fn of(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn raw(&mut self, length: usize) -> Vec<u8> {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken.to_vec()
    }

    /// A word of the dictionary with one change.
    fn changed(&mut self) -> Option<Vec<u8>> {
        let mut command = DICTIONARY[usize::from(self.byte()?) % DICTIONARY.len()].to_vec();
        let (how, place, value) = (self.byte()?, usize::from(self.byte()?) % command.len(), self.byte()?);
        match how % 5 {
            0 => command[place] = value,
            1 => command[place] ^= 1 << (value % 8),
            2 => command.truncate(place),
            3 => command.push(value),
            _ => command.insert(place, value),
        }
        Some(command)
    }
}

impl Iterator for Attempts<'_> {
    type Item = Attempt;

    fn next(&mut self) -> Option<Attempt> {
        Some(match self.byte()? {
            kind @ 0..=127 => Attempt::Raw(DICTIONARY[usize::from(kind) % DICTIONARY.len()].to_vec()),
            128..=159 => Attempt::Raw(self.changed()?),
            kind @ 160..=175 => Attempt::Raw(self.raw(usize::from(kind - 160) * 2)),
            kind @ 176..=191 => Attempt::Select(application(kind)),
            kind @ 192..=215 => Attempt::Open(file(kind)),
            216..=227 => Attempt::Read(u16::from_be_bytes([self.byte()?, self.byte()?]), usize::from(self.byte()?) + 1),
            228..=233 => Attempt::Record(RecordName::CardExpiry),
            234..=244 => Attempt::Count,
            kind @ 245..=255 => Attempt::Present(kind % 2 == 0),
        })
    }
}

fn application(kind: u8) -> ApplicationName {
    use ApplicationName as Name;
    [Name::Authentication, Name::TextAttributes, Name::Common, Name::CardManager][usize::from(kind) % 4]
}

fn file(kind: u8) -> FileName {
    match usize::from(kind) % 8 {
        0 => FileName::TokenInformation,
        1 => FileName::CertificatesOnBoard,
        2 => FileName::AuthenticationCertificate,
        3 => FileName::Attributes,
        key => FileName::Key(Key::ALL[key - 4]),
    }
}

/// How the card behaves, spelled by bytes; mostly it obeys.
pub(super) fn moods(data: &[u8]) -> Vec<Mood> {
    let mood = |byte: &u8| match byte {
        0..=6 => Mood::AnswerLost,
        7..=13 => Mood::Grudging,
        14..=20 => Mood::Unwilling,
        21..=22 => Mood::Stammering,
        23..=26 => Mood::Babbling,
        27..=28 => Mood::Reset,
        _ => Mood::Obedient,
    };
    data.iter().map(mood).collect()
}
