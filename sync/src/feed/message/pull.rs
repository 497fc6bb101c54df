//! A pull: what is asked, and how the answer begins.

use super::{Address, VERSIONS, read_marks, read_term, write_marks, write_term};
use crate::feed::failure::FeedFailure;
use crate::feed::frame::{FrameType, only, single};
use crate::feed::term::{Cursor, Mark, Term, Terms};
use crate::seal::{BoxId, FacilityId, HASH_PREFIX_BYTES, HashPrefix, Reading};
use domain::Timestamp;

/// Most terms in a header.
const MAX_TERMS: usize = 256;

/// After the records an asker has: no record is called so. What follows is for programs that know of snapshots; to others it is a few
/// names of records that nobody has.
const MORE: HashPrefix = [0; HASH_PREFIX_BYTES];
/// Names in whose room a place in a log is written.
const MARK_NAMES: usize = 3;
/// Snapshots an asker tells of at most. What more there are save nothing.
pub(crate) const MAX_TOLD: usize = 28_000;

/// What an asker wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// records, in their order
    Records,
    /// snapshots alone, before anything else: it is new here
    Snapshots,
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
    /// where the asker's own log stands: up to there it holds everything that stands before the cursor
    pub at: Option<Mark>,
    /// what it wants
    pub wanted: Wanted,
    /// Snapshots the asker holds. When it wants records, those alone that it has opened, looked through and found good: what they stand
    /// for, and nothing else, may be left out.
    pub snapshots: Vec<HashPrefix>,
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
        if self.at.is_some() || self.wanted == Wanted::Snapshots || !self.snapshots.is_empty() {
            body.extend_from_slice(&MORE);
            body.extend_from_slice(&self.wanted.code());
            write_term(&mut body, self.at.map(|at| at.term));
            body.extend_from_slice(&self.at.map_or(0, |at| at.sequence).to_be_bytes());
            self.snapshots.iter().for_each(|name| body.extend_from_slice(name));
        }
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
        let (names, rest) = reading.rest().as_chunks::<HASH_PREFIX_BYTES>();
        let mut parts = names.splitn(2, |name| *name == MORE);
        let have = parts.next()?.to_vec();
        let (wanted, at, snapshots) = match parts.next() {
            Some(more) => read_more(more)?,
            None => (Wanted::Records, None, Vec::new()),
        };
        rest.is_empty().then_some(PullRequest { address, run, cursor, most_bytes, wait_s, have, at, wanted, snapshots })
    }
}

/// What is wanted, where the asker stands, and snapshots it tells of.
fn read_more(more: &[HashPrefix]) -> Option<(Wanted, Option<Mark>, Vec<HashPrefix>)> {
    let (code, more) = more.split_first()?;
    let (mark, snapshots) = more.split_first_chunk::<MARK_NAMES>()?;
    let mut reading = Reading::new(mark.as_flattened());
    let (term, sequence) = (read_term(&mut reading)?, reading.u64()?);
    Some((Wanted::read(*code)?, term.map(|term| Mark { term, sequence }), snapshots.to_vec()))
}

impl Wanted {
    fn code(self) -> [u8; HASH_PREFIX_BYTES] {
        match self {
            Wanted::Records => *b"records ",
            Wanted::Snapshots => *b"snapshot",
        }
    }

    fn read(code: [u8; HASH_PREFIX_BYTES]) -> Option<Wanted> {
        [Wanted::Records, Wanted::Snapshots].into_iter().find(|wanted| wanted.code() == code)
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
