//! A naive card that obeys everything and writes down what it should never have been asked.
//!
//! It is written from the fact sheet alone and shares nothing with the gate: it understands short file identifiers,
//! names cut short, chaining, logical channels, extended lengths and records, and keeps its own account of what is
//! selected, the way a permissive card would.

use crate::card::wire::{CardWire, WireError};

/// The applications of a card and their names, forbidden ones included.
const APPLICATIONS: [(&str, &[u8]); 6] = [
    ("JPKI", b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01"),
    ("JUKI", b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x01"),
    ("FACE", b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02"),
    ("TEXT", b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08"),
    ("COMMON", b"\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00"),
    ("ISD", b"\xA0\x00\x00\x01\x51\x00\x00"),
];

/// Files whose content is free, or opened by 照合番号B alone; reading any other is forbidden.
const HARMLESS_FILES: [(&str, u16); 10] = [
    ("JPKI", 0x0002),
    ("JPKI", 0x0006),
    ("JPKI", 0x0008),
    ("JPKI", 0x000A),
    ("JPKI", 0x000B),
    ("TEXT", 0x0002),
    ("TEXT", 0x0004),
    ("TEXT", 0x0005),
    ("FACE", 0x0004),
    ("COMMON", 0x0001),
];

/// Objects that may not even be selected.
const UNTOUCHABLE: [(&str, u16); 7] = [
    ("TEXT", 0x0001),
    ("TEXT", 0x0003),
    ("TEXT", 0x0014),
    ("JPKI", 0x0001),
    ("JPKI", 0x001A),
    ("JPKI", 0x0017),
    ("TEXT", 0x0006),
];

/// How the card, or the wire, behaves at one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Does it and says so.
    Obedient,
    /// Does it, but the answer is lost on the way.
    AnswerLost,
    /// Does it, and answers with a warning instead of `9000`.
    Grudging,
    /// Does not do it.
    Unwilling,
    /// Answers with a single byte, having done it.
    Stammering,
    /// Answers with more than fits.
    Babbling,
    /// Loses its power and is back: nothing is selected any more.
    Reset,
}

/// The card.
#[derive(Default)]
pub(super) struct ModelCard {
    application: Option<&'static str>,
    file: u16,
    tries: Option<u8>,
    just_counted: bool,
    moods: Vec<Mood>,
    forbidden: Vec<String>,
    answered: usize,
}

impl ModelCard {
    /// A card with these moods, one after the other, again and again.
    pub(super) fn with_moods(moods: Vec<Mood>) -> Self {
        Self { moods, ..Self::default() }
    }

    /// Everything it should never have been asked.
    pub(super) fn forbidden(&self) -> &[String] {
        &self.forbidden
    }

    /// How many commands reached it.
    pub(super) fn answered(&self) -> usize {
        self.answered
    }

    fn note(&mut self, what: &str) {
        self.forbidden.push(format!("{what} in {:?}/{:04X}", self.application, self.file));
    }

    fn obey(&mut self, command: &[u8]) -> [u8; 2] {
        let counted = std::mem::take(&mut self.just_counted);
        let [class, instruction, p1, p2, rest @ ..] = command else {
            self.note("a command without a header");
            return [0x67, 0x00];
        };
        if *class != 0 {
            self.note("a class other than 00");
        }
        if rest.len() > 1 && rest[0] == 0 {
            self.note("an extended length");
        }
        match instruction {
            0xA4 => self.select(*p1, body(rest)),
            0xB0 => self.read(if p1 & 0x80 == 0 { None } else { Some(p1 & 0x1F) }),
            0xB2 => self.read(Some(p2 >> 3).filter(|id| *id != 0)),
            0x20 => self.verify(*p2, rest, counted),
            _ => {
                self.note("another instruction");
                [0x6D, 0x00]
            }
        }
    }

    fn select(&mut self, p1: u8, data: &[u8]) -> [u8; 2] {
        match (p1, data) {
            (0x04, name) => self.select_application(name),
            (_, [high, low, ..]) => self.select_file(u16::from_be_bytes([*high, *low])),
            _ => [0x6A, 0x86],
        }
    }

    /// A name cut short selects the first application that begins with it, the forbidden ones first.
    fn select_application(&mut self, name: &[u8]) -> [u8; 2] {
        let Some(&(found, whole)) = APPLICATIONS.iter().find(|(_, whole)| whole.starts_with(name)) else {
            return [0x6A, 0x82];
        };
        (self.application, self.file) = (Some(found), 0);
        if matches!(found, "JUKI" | "FACE") {
            self.note("a forbidden application");
        }
        if whole.len() != name.len() {
            self.note("a name cut short");
        }
        [0x90, 0x00]
    }

    fn select_file(&mut self, id: u16) -> [u8; 2] {
        let Some(application) = self.application else { return [0x69, 0x86] };
        self.file = id;
        if UNTOUCHABLE.contains(&(application, id)) {
            self.note("selecting an untouchable object");
        }
        [0x90, 0x00]
    }

    fn read(&mut self, short_id: Option<u8>) -> [u8; 2] {
        self.file = short_id.map_or(self.file, u16::from);
        match self.application {
            Some(application) if HARMLESS_FILES.contains(&(application, self.file)) => [0x90, 0x00],
            _ => {
                self.note("reading");
                [0x90, 0x00]
            }
        }
    }

    fn verify(&mut self, p2: u8, rest: &[u8], counted: bool) -> [u8; 2] {
        if p2 & 0x1F != 0 {
            self.file = u16::from(p2 & 0x1F);
            self.note("a key by its short identifier");
        }
        let tries = *self.tries.get_or_insert(10);
        if rest.is_empty() {
            self.just_counted = true;
            return [0x63, 0xC0 | tries];
        }
        if (self.application, self.file) != (Some("TEXT"), 0x0015) {
            self.note("a secret for another key");
        }
        if rest.len() != 15 || rest[0] != 14 || !rest[1..].iter().all(u8::is_ascii_digit) {
            self.note("something else than fourteen digits");
        }
        if !counted {
            self.note("a secret before its tries were counted");
        }
        if tries == 0 {
            self.note("a secret for a locked key");
        }
        self.tries = Some(tries.saturating_sub(1));
        [0x63, 0xC0 | tries.saturating_sub(1)]
    }
}

/// The data of a command, without the length in front and the one expected behind.
fn body(rest: &[u8]) -> &[u8] {
    let [length, data @ ..] = rest else { return &[] };
    &data[..data.len().min(usize::from(*length))]
}

impl CardWire for ModelCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError> {
        self.answered += 1;
        let mood = match self.moods.len() {
            0 => Mood::Obedient,
            count => self.moods[self.answered % count],
        };
        if mood == Mood::Unwilling {
            self.just_counted = false;
            return Ok(vec![0x6A, 0x82]);
        }
        let status = self.obey(command);
        match mood {
            Mood::Obedient | Mood::Unwilling => Ok(status.to_vec()),
            Mood::AnswerLost => Err(WireError::TimedOut),
            Mood::Grudging => Ok(vec![0x62, 0x83]),
            Mood::Stammering => Ok(vec![0x90]),
            Mood::Babbling => Ok(vec![0x90; 300]),
            Mood::Reset => {
                (self.application, self.file, self.just_counted) = (None, 0, false);
                Err(WireError::CardGone)
            }
        }
    }
}
