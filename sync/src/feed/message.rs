//! What the frames say.

use super::failure::{FeedFailure, Side};
use super::frame::{FrameType, only, single};
use super::term::{Cursor, MAX_CURSOR_MARKS, Mark, Term, Terms};
use crate::seal::{BoxId, FacilityId, HASH_PREFIX_BYTES, HashPrefix, Reading, Refusal};
use domain::Timestamp;
use std::collections::BTreeMap;

/// Versions of the protocol this program speaks.
pub const VERSIONS: Versions = Versions { oldest: 1, newest: 1 };
/// Most terms in a header.
const MAX_TERMS: usize = 256;

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

/// "Give me what I do not have of your log."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// who is asked
    pub address: Address,
    /// which run asks: what came from it is not sent back to it
    pub run: Option<Term>,
    /// what the asker has
    pub cursor: Cursor,
    /// most bytes of records; 0 leaves it to the server
    pub most_bytes: u64,
    /// seconds to stay open for what is yet to come; 0 for a plain answer
    pub wait_s: u32,
    /// records the asker has from elsewhere
    pub have: Vec<HashPrefix>,
}

impl PullRequest {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.address.write(&mut body);
        write_term(&mut body, self.run);
        write_marks(&mut body, self.cursor.marks());
        body.extend_from_slice(&self.most_bytes.to_be_bytes());
        body.extend_from_slice(&self.wait_s.to_be_bytes());
        self.have.iter().for_each(|prefix| body.extend_from_slice(prefix));
        single(FrameType::PullRequest, &body)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<PullRequest, FeedFailure> {
        let (FrameType::PullRequest, body) = only(bytes)? else { return Err(FeedFailure::Malformed) };
        let mut reading = Reading::new(body);
        let address = Address::read(&mut reading).ok_or(FeedFailure::Malformed)?;
        VERSIONS.agree(address.versions)?;
        PullRequest::read_rest(address, reading).ok_or(FeedFailure::Malformed)
    }

    fn read_rest(address: Address, mut reading: Reading<'_>) -> Option<PullRequest> {
        let run = read_term(&mut reading)?;
        let cursor = Cursor::new(read_marks(&mut reading)?);
        let (most_bytes, wait_s) = (reading.u64()?, reading.u32()?);
        let (have, rest) = reading.rest().as_chunks::<HASH_PREFIX_BYTES>();
        rest.is_empty().then(|| PullRequest { address, run, cursor, most_bytes, wait_s, have: have.to_vec() })
    }
}

/// What the answer to a pull begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PullHeader {
    pub version: u16,
    pub facility: FacilityId,
    pub log: BoxId,
    /// the run that answers
    pub run: Option<Term>,
    /// everything after this number follows
    pub from: u64,
    /// the server's end when it began
    pub end: u64,
    /// the server's clock
    pub clock: Timestamp,
    /// the terms needed to say where one is
    pub terms: Terms,
}

impl PullHeader {
    pub(crate) fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        body.extend_from_slice(&self.version.to_be_bytes());
        body.extend_from_slice(self.facility.as_bytes());
        body.extend_from_slice(self.log.as_bytes());
        write_term(&mut body, self.run);
        body.extend_from_slice(&self.from.to_be_bytes());
        body.extend_from_slice(&self.end.to_be_bytes());
        body.extend_from_slice(&self.clock.as_ms().to_be_bytes());
        for (term, first) in self.terms.entries() {
            body.extend_from_slice(term.as_bytes());
            body.extend_from_slice(&first.to_be_bytes());
        }
        body
    }

    pub(crate) fn read(body: &[u8]) -> Option<PullHeader> {
        let mut reading = Reading::new(body);
        let version = reading.u16()?;
        let (facility, log) = (FacilityId::from_bytes(reading.array()?), BoxId::from_bytes(reading.array()?));
        let run = read_term(&mut reading)?;
        let (from, end) = (reading.u64()?, reading.u64()?);
        let clock = Timestamp::from_ms(i64::from_be_bytes(reading.array()?));
        let mut entries = Vec::new();
        while !reading.rest().is_empty() && entries.len() < MAX_TERMS {
            entries.push((Term::from_bytes(reading.array()?), reading.u64()?));
        }
        let terms = Terms::from_entries(entries)?;
        reading.end(PullHeader { version, facility, log, run, from, end, clock, terms })
    }
}

/// What a push begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PushHeader {
    pub address: Address,
    /// the run that pushes
    pub run: Option<Term>,
    /// "you have everything of mine before this push, if your log has this place"
    pub base: Option<Mark>,
    /// "… and if you are still this run": set when records were passed over because they came from it
    pub peer_run: Option<Term>,
}

impl PushHeader {
    pub(crate) fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.address.write(&mut body);
        write_term(&mut body, self.run);
        write_marks(&mut body, self.base.as_slice());
        write_term(&mut body, self.peer_run);
        body
    }

    pub(crate) fn read(body: &[u8]) -> Result<PushHeader, FeedFailure> {
        let mut reading = Reading::new(body);
        let address = Address::read(&mut reading).ok_or(FeedFailure::Malformed)?;
        VERSIONS.agree(address.versions)?;
        let mut rest = || {
            let run = read_term(&mut reading)?;
            let base = read_marks(&mut reading)?.last().copied();
            let peer_run = read_term(&mut reading)?;
            reading.end(PushHeader { address, run, base, peer_run })
        };
        rest().ok_or(FeedFailure::Malformed)
    }
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushAnswer {
    /// Durable, all of it.
    Taken(Taken),
    /// The log does not have the place the push built upon: it was restored from an older copy.
    Regressed,
    /// The log is another run now.
    Restarted(Option<Term>),
}

/// Figures of a push that was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// records that were new
    pub stored: u32,
    /// records that were here before
    pub known: u32,
    /// records of what was to be forgotten
    pub forgotten: u32,
    /// records that were refused, by reason
    pub refused: BTreeMap<u8, u32>,
    /// the pusher's last number that was taken
    pub up_to: u64,
    /// where the log stood then
    pub mark: Option<Mark>,
}

impl Taken {
    /// Refused records with their reasons.
    pub fn refusals(&self) -> impl Iterator<Item = (Refusal, u32)> {
        self.refused.iter().filter_map(|(code, count)| Some((Refusal::from_code(*code)?, *count)))
    }

    fn write(&self, body: &mut Vec<u8>) {
        for count in [self.stored, self.known, self.forgotten] {
            body.extend_from_slice(&count.to_be_bytes());
        }
        body.extend_from_slice(&self.up_to.to_be_bytes());
        write_marks(body, self.mark.as_slice());
        for (code, count) in &self.refused {
            body.push(*code);
            body.extend_from_slice(&count.to_be_bytes());
        }
    }

    fn read(reading: &mut Reading<'_>) -> Option<Taken> {
        let (stored, known, forgotten) = (reading.u32()?, reading.u32()?, reading.u32()?);
        let up_to = reading.u64()?;
        let mark = read_marks(reading)?.last().copied();
        let mut refused = BTreeMap::new();
        while !reading.rest().is_empty() {
            refused.insert(reading.u8()?, reading.u32()?);
        }
        Some(Taken { stored, known, forgotten, refused, up_to, mark })
    }
}

impl PushAnswer {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        match self {
            PushAnswer::Taken(taken) => {
                body.push(1);
                taken.write(&mut body);
            }
            PushAnswer::Regressed => body.push(2),
            PushAnswer::Restarted(run) => {
                body.push(3);
                write_term(&mut body, *run);
            }
        }
        single(FrameType::PushAnswer, &body)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<PushAnswer, FeedFailure> {
        match only(bytes)? {
            (FrameType::PushAnswer, body) => PushAnswer::read(body).ok_or(FeedFailure::Malformed),
            (FrameType::Refused, body) => Err(refused(body)),
            _ => Err(FeedFailure::Malformed),
        }
    }

    fn read(body: &[u8]) -> Option<PushAnswer> {
        let mut reading = Reading::new(body);
        let answer = match reading.u8()? {
            1 => PushAnswer::Taken(Taken::read(&mut reading)?),
            2 => PushAnswer::Regressed,
            3 => PushAnswer::Restarted(read_term(&mut reading)?),
            _ => return None,
        };
        reading.end(answer)
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
