//! Where one scan ends and the next begins (`prescription-code §3.3`).
//!
//! Prescriptions contain line ends, so a line end cannot end them: ETX does when the scanner frames with STX and ETX, else
//! the end mark, else silence. Everything else is a single line and ends with it. While a split prescription is under
//! way, its further symbols may begin and end anywhere: then only the end mark and silence count.
//!
//! Pure: bytes and silences in, scans out.

use std::time::Duration;

use super::scan::{DiscardReason, EndedBy, Scan};

/// How the scanner marks a scan, which is a setting of the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// Nothing before the data; CR, LF or nothing behind.
    #[default]
    Plain,
    /// STX before, ETX behind: the best one where the scanner offers it.
    StxEtx,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framed {
    /// A whole scan.
    Scan(Scan),
    /// Bytes that belong to no scan.
    Discarded {
        /// Why.
        reason: DiscardReason,
        /// How many.
        bytes: usize,
    },
}

/// Cuts the stream of one line into scans. Never holds more than one scan's bytes.
#[derive(Default)]
pub struct Framer {
    framing: Framing,
    part: Vec<u8>,
    /// Bytes are thrown away until the line is quiet.
    discarding: Option<Discarding>,
    /// A split prescription is under way, and how long the line was quiet since.
    split: Option<Duration>,
}

struct Discarding {
    reason: DiscardReason,
    bytes: usize,
}

/// As long as the parts of a split code are waited for.
const SPLIT_LASTS: Duration = Duration::from_millis(crate::prescription::WAIT_MS);

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const END_MARK: u8 = 0x1a;

impl Framer {
    /// A framer for a line that was just opened. When bytes waited in it, the rest of that scan may still be on its way:
    /// everything up to the first silence is thrown away with them.
    pub fn new(framing: Framing, stale: usize) -> Self {
        let discarding = (stale > 0).then_some(Discarding { reason: DiscardReason::Stale, bytes: stale });
        Self { framing, discarding, ..Self::default() }
    }

    /// Takes what was read.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Framed> {
        bytes.iter().filter_map(|byte| self.take_byte(*byte)).collect()
    }

    /// The line was quiet for so long; at least the gap that ends a scan.
    pub fn quiet(&mut self, lasting: Duration) -> Option<Framed> {
        if let Some(Discarding { reason, bytes }) = self.discarding.take() {
            return (reason == DiscardReason::Stale).then_some(Framed::Discarded { reason, bytes });
        }
        if self.is_between_stx_and_etx() {
            return self.cut();
        }
        if !self.part.is_empty() {
            return Some(self.end(EndedBy::Silence));
        }
        let since = self.split.map(|since| since.saturating_add(lasting));
        self.split = since.filter(|since| *since <= SPLIT_LASTS);
        None
    }

    /// The line is gone: what was under way is no scan, and nothing later belongs to it.
    pub fn cut(&mut self) -> Option<Framed> {
        self.split = None;
        let bytes = std::mem::take(&mut self.part).len();
        let (reason, bytes) = match self.discarding.take() {
            Some(Discarding { reason: DiscardReason::TooLong, .. }) => return None,
            Some(Discarding { reason, bytes }) => (reason, bytes),
            None => (DiscardReason::CutShort, bytes),
        };
        (bytes > 0).then_some(Framed::Discarded { reason, bytes })
    }

    /// Whether a scan is under way, so that a short silence means something.
    pub fn is_busy(&self) -> bool {
        !self.part.is_empty() || self.discarding.is_some()
    }

    /// Whether what arrives is being thrown away because it was too long.
    pub fn is_flooded(&self) -> bool {
        self.discarding.as_ref().is_some_and(|discarding| discarding.reason == DiscardReason::TooLong)
    }

    fn take_byte(&mut self, byte: u8) -> Option<Framed> {
        if self.discarding.is_some() {
            return self.discard();
        }
        if self.part.is_empty() && self.is_filler(byte) {
            return None;
        }
        if self.is_between_stx_and_etx() {
            return if byte == ETX { Some(self.end_of_stx_frame()) } else { self.push(byte) };
        }
        match byte {
            b'\r' | b'\n' if self.ends_with_its_line() => Some(self.end(EndedBy::LineEnd)),
            END_MARK => self.push(byte).or_else(|| Some(self.end(EndedBy::EndMark))),
            _ => self.push(byte),
        }
    }

    /// What may stand between scans: terminators of the scan before. A further symbol of a split code may begin with a
    /// line end of the data.
    fn is_filler(&self, byte: u8) -> bool {
        byte == ETX || (matches!(byte, b'\r' | b'\n') && self.split.is_none())
    }

    fn is_between_stx_and_etx(&self) -> bool {
        self.framing == Framing::StxEtx && self.part.first() == Some(&STX)
    }

    fn push(&mut self, byte: u8) -> Option<Framed> {
        self.part.push(byte);
        (self.part.len() > Scan::MAX_BYTES).then(|| self.flood())
    }

    fn flood(&mut self) -> Framed {
        let bytes = std::mem::take(&mut self.part).len();
        self.split = None;
        self.discarding = Some(Discarding { reason: DiscardReason::TooLong, bytes });
        Framed::Discarded { reason: DiscardReason::TooLong, bytes }
    }

    /// Counts on; leftovers without an end are a flood.
    fn discard(&mut self) -> Option<Framed> {
        let Discarding { reason, bytes } = self.discarding.as_mut()?;
        *bytes = bytes.saturating_add(1);
        let flooded = *reason == DiscardReason::Stale && *bytes > Scan::MAX_BYTES;
        flooded.then(|| {
            *reason = DiscardReason::TooLong;
            Framed::Discarded { reason: DiscardReason::TooLong, bytes: *bytes }
        })
    }

    fn ends_with_its_line(&self) -> bool {
        let data = bare(&self.part);
        self.split.is_none() && !data.starts_with(b"JAHIS") && !data.starts_with(b"SJ1") && !is_record(data)
    }

    fn end(&mut self, by: EndedBy) -> Framed {
        let bytes = std::mem::take(&mut self.part);
        self.remember_split(&bytes, by);
        Framed::Scan(Scan::new(bytes, by))
    }

    fn end_of_stx_frame(&mut self) -> Framed {
        self.part.remove(0);
        self.end(EndedBy::Etx)
    }

    /// A prescription without its end mark is the first of several symbols; the end mark closes the set.
    fn remember_split(&mut self, bytes: &[u8], by: EndedBy) {
        let prescription = bare(bytes).strip_prefix(b"JAHIS").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit);
        if by == EndedBy::EndMark || bytes.contains(&END_MARK) {
            self.split = None;
        } else if prescription || self.split.is_some() {
            self.split = Some(Duration::ZERO);
        }
    }
}

/// Without STX and the symbology identifier.
fn bare(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(&[STX]).unwrap_or(bytes);
    match bytes {
        [b']', b'Q', digit, rest @ ..] if digit.is_ascii_digit() => rest,
        _ => bytes,
    }
}

/// One to three digits and a comma: a line of a prescription whose header did not come.
fn is_record(bytes: &[u8]) -> bool {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=3).contains(&digits) && bytes.get(digits) == Some(&b',')
}

#[cfg(test)]
mod tests;
