//! A push: how it begins, and what came of it.

use super::{Address, VERSIONS, read_marks, read_term, refused, write_marks, write_term};
use crate::feed::failure::FeedFailure;
use crate::feed::frame::{FrameType, only, single};
use crate::feed::term::{Mark, Term};
use crate::seal::{Reading, Refusal};
use std::collections::BTreeMap;

/// What a push begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PushHeader {
    pub address: Address,
    /// the run that pushes
    pub run: Option<Term>,
    /// "you have everything of mine before this push, if your log has this place"
    pub base: Option<Mark>,
    /// "… and if you are still this run": what came from it was passed over
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
