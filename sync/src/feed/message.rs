//! What the frames say.

mod pull;
mod push;

use super::failure::{FeedFailure, Side};
use super::frame::{FrameType, only, single};
use super::term::{MAX_CURSOR_MARKS, Mark, Term};
use crate::seal::{BoxId, FacilityId, Reading};
use domain::Timestamp;
pub(crate) use pull::{MAX_TOLD, PullHeader};
pub use pull::{PullRequest, Wanted};
pub(crate) use push::PushHeader;
pub use push::{PushAnswer, Taken};

/// Versions of the protocol this program speaks. Since version 2, who is new may ask for snapshots first, and do without what they
/// stand for.
pub const VERSIONS: Versions = Versions { oldest: 1, newest: 2 };
/// The first version whose speakers know of that.
pub(crate) const SNAPSHOTS: u16 = 2;

/// A range of protocol versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// the oldest still spoken
    pub oldest: u16,
    /// the newest
    pub newest: u16,
}

impl Versions {
    /// The newest version both speak.
    ///
    /// # Errors
    /// Which side has to be updated.
    pub fn agree(self, peer: Versions) -> Result<u16, FeedFailure> {
        let best = self.newest.min(peer.newest);
        match () {
            () if best < self.oldest => Err(FeedFailure::Version(Side::Peer)),
            () if best < peer.oldest => Err(FeedFailure::Version(Side::Here)),
            () => Ok(best),
        }
    }

    fn write(self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.oldest.to_be_bytes());
        into.extend_from_slice(&self.newest.to_be_bytes());
    }

    fn read(reading: &mut Reading<'_>) -> Option<Versions> {
        Some(Versions { oldest: reading.u16()?, newest: reading.u16()? })
    }
}

/// Who is asked, first in every request. It keeps its place in all versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// versions of the asker
    pub versions: Versions,
    /// the facility
    pub facility: FacilityId,
    /// whose log
    pub log: BoxId,
}

impl Address {
    fn write(self, into: &mut Vec<u8>) {
        self.versions.write(into);
        into.extend_from_slice(self.facility.as_bytes());
        into.extend_from_slice(self.log.as_bytes());
    }

    fn read(reading: &mut Reading<'_>) -> Option<Address> {
        let versions = Versions::read(reading)?;
        let facility = FacilityId::from_bytes(reading.array()?);
        Some(Address { versions, facility, log: BoxId::from_bytes(reading.array()?) })
    }
}

/// Who answers, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// versions it speaks
    pub versions: Versions,
    /// its facility
    pub facility: FacilityId,
    /// whose log
    pub log: BoxId,
    /// its run
    pub run: Option<Term>,
    /// the last number in its log
    pub end: u64,
    /// its clock
    pub clock: Timestamp,
}

impl Hello {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.versions.write(&mut body);
        body.extend_from_slice(self.facility.as_bytes());
        body.extend_from_slice(self.log.as_bytes());
        write_term(&mut body, self.run);
        body.extend_from_slice(&self.end.to_be_bytes());
        body.extend_from_slice(&self.clock.as_ms().to_be_bytes());
        single(FrameType::Hello, &body)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Hello, FeedFailure> {
        match only(bytes)? {
            (FrameType::Hello, body) => Hello::read(body).ok_or(FeedFailure::Malformed),
            (FrameType::Refused, body) => Err(refused(body)),
            _ => Err(FeedFailure::Malformed),
        }
    }

    fn read(body: &[u8]) -> Option<Hello> {
        let mut reading = Reading::new(body);
        let versions = Versions::read(&mut reading)?;
        let (facility, log) = (FacilityId::from_bytes(reading.array()?), BoxId::from_bytes(reading.array()?));
        let (run, end) = (read_term(&mut reading)?, reading.u64()?);
        let clock = Timestamp::from_ms(i64::from_be_bytes(reading.array()?));
        reading.end(Hello { versions, facility, log, run, end, clock })
    }
}

/// The frame that tells why a request is refused.
pub(crate) fn refusal(failure: &FeedFailure) -> Vec<u8> {
    single(FrameType::Refused, &[failure.code()])
}

/// The failure a refusing answer tells of, whatever it looks like.
pub(crate) fn refusal_in(bytes: &[u8]) -> FeedFailure {
    match only(bytes) {
        Ok((FrameType::Refused, body)) => refused(body),
        _ => FeedFailure::Malformed,
    }
}

/// What it says.
fn refused(body: &[u8]) -> FeedFailure {
    body.first().map_or(FeedFailure::Malformed, |code| FeedFailure::from_code(*code))
}

fn write_term(into: &mut Vec<u8>, term: Option<Term>) {
    into.extend_from_slice(term.unwrap_or_default().as_bytes());
}

fn read_term(reading: &mut Reading<'_>) -> Option<Option<Term>> {
    let term = Term::from_bytes(reading.array()?);
    Some((term != Term::default()).then_some(term))
}

fn write_marks(into: &mut Vec<u8>, marks: &[Mark]) {
    into.push(marks.len() as u8);
    for mark in marks {
        into.extend_from_slice(mark.term.as_bytes());
        into.extend_from_slice(&mark.sequence.to_be_bytes());
    }
}

fn read_marks(reading: &mut Reading<'_>) -> Option<Vec<Mark>> {
    let count = usize::from(reading.u8()?);
    let mut mark = || Some(Mark { term: Term::from_bytes(reading.array()?), sequence: reading.u64()? });
    if count > MAX_CURSOR_MARKS { None } else { (0..count).map(|_| mark()).collect() }
}
