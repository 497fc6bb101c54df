//! Sends a peer what it does not have, and knows what it has: also after the peer was restored from an older copy.
//!
//! What is remembered is a fact about places in both logs, see [`Acknowledged`]. A push names the fact it builds upon; a peer whose
//! log no longer has that place says so, and the push goes back to an older fact, in the end to the beginning.

use super::failure::FeedFailure;
use super::frame::{self, FrameType};
use super::log::{Acknowledged, Page};
use super::message::{PushAnswer, PushHeader};
use super::node::Feed;
use super::serving::{EndReason, compressing, compressor};
use super::term::Term;
use crate::seal::{Author, BoxId, Role};

/// Most facts remembered about one peer.
const MAX_FACTS: usize = 8;

/// One push, ready to send.
#[derive(Debug)]
pub struct Push {
    /// the request's body
    pub body: Vec<u8>,
    /// records in it
    pub records: u32,
    base: Option<Acknowledged>,
    up_to: u64,
    peer_run: Option<Term>,
}

/// More records than this are taken for missing without a look at each.
const COUNTED_ONE_BY_ONE: u64 = 256;

/// What a push led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The peer has it.
    Acknowledged,
    /// The peer's log went back; the next push begins earlier.
    WentBack,
    /// The peer is another run now; the next push leaves nothing out.
    Restarted(Option<Term>),
}

/// A push in the making.
struct Gathering {
    frames: Vec<u8>,
    at: u64,
    bytes: usize,
    records: u32,
    passed_over: u64,
}

impl Push {
    /// The next push to a peer, or `None` when there is nothing for it. `peer_run` is the run the peer answered with; what came from it
    /// is passed over. A run that has not confirmed yet what it is believed to have is asked, if need be with an empty push: it
    /// may have been restored from an old copy, and nobody else would notice.
    ///
    /// # Errors
    /// [`FeedFailure::Store`].
    pub fn next(feed: &Feed, peer: BoxId, peer_run: Option<Term>) -> Result<Option<Push>, FeedFailure> {
        if feed.is_read_by(peer) {
            return Ok(None); // there will be a word when it has ended
        }
        let position = feed.log().position()?;
        let base = feed.log().acknowledged(peer)?.last().copied();
        let after = base.map_or(0, |base| base.own);
        let gathered = Gathering::run(feed, after, peer_run)?;
        let is_confirmed = base.is_none() || peer_run.is_none_or(|run| feed.is_confirmed(peer, run));
        if gathered.records == 0 && gathered.passed_over < feed.limits().passed_over && is_confirmed {
            return Ok(None);
        }
        let header = PushHeader {
            address: feed.address(peer),
            run: position.terms.current(),
            base: base.and_then(|base| base.at),
            peer_run,
        };
        gathered.finish(&header, base).map(Some)
    }

    /// Takes the peer's answer.
    ///
    /// # Errors
    /// [`FeedFailure::Malformed`] for an answer that cannot be, [`FeedFailure::Store`].
    pub fn answered(&self, feed: &Feed, peer: BoxId, answer: &PushAnswer) -> Result<Pushed, FeedFailure> {
        match answer {
            PushAnswer::Taken(taken) if taken.up_to == self.up_to => {
                feed.note_confirmed(peer, self.peer_run);
                remember(feed, peer, Acknowledged { at: taken.mark, own: self.up_to })?;
                Ok(Pushed::Acknowledged)
            }
            PushAnswer::Taken(_) => Err(FeedFailure::Malformed),
            PushAnswer::Regressed => {
                feed.note_confirmed(peer, None);
                self.forget_base(feed, peer)?;
                Ok(Pushed::WentBack)
            }
            PushAnswer::Restarted(run) => Ok(Pushed::Restarted(*run)),
        }
    }

    fn forget_base(&self, feed: &Feed, peer: BoxId) -> Result<(), FeedFailure> {
        let mut facts = feed.log().acknowledged(peer)?;
        facts.retain(|fact| Some(*fact) != self.base);
        Ok(feed.log().keep_acknowledged(peer, &facts)?)
    }
}

impl Gathering {
    fn run(feed: &Feed, after: u64, peer_run: Option<Term>) -> Result<Gathering, FeedFailure> {
        let mut gathering = Gathering { frames: Vec::new(), at: after, bytes: 0, records: 0, passed_over: 0 };
        let limits = feed.limits();
        loop {
            let page = feed.log().read_after(gathering.at, limits.page_bytes.min(limits.push_bytes))?;
            let moved = page.reached > gathering.at;
            gathering.page(feed, &page, peer_run);
            if !moved || gathering.bytes >= limits.push_bytes {
                return Ok(gathering);
            }
        }
    }

    fn page(&mut self, feed: &Feed, page: &Page, peer_run: Option<Term>) {
        for logged in &page.records {
            if feed.has(peer_run, logged.record.hash()) {
                self.passed_over += 1;
            } else {
                frame::write_record(&mut self.frames, logged.sequence, &logged.record);
                self.records += 1;
                self.bytes += logged.record.bytes().len();
            }
        }
        self.at = page.reached;
    }

    fn finish(self, header: &PushHeader, base: Option<Acknowledged>) -> Result<Push, FeedFailure> {
        let mut plain = Vec::with_capacity(self.frames.len() + 256);
        frame::write(&mut plain, FrameType::PushHeader, &header.body());
        plain.extend_from_slice(&self.frames);
        frame::write(&mut plain, FrameType::Reached, &self.at.to_be_bytes());
        frame::write(&mut plain, FrameType::End, &[EndReason::CaughtUp as u8]);
        let body = compressor()?.finish(&plain).map_err(compressing)?;
        Ok(Push { body, records: self.records, base, up_to: self.at, peer_run: header.peer_run })
    }
}

/// How many records beyond what a peer has acknowledged it is not known to have: what came from it is not missing there. Counted one by
/// one while they are few.
pub(super) fn lacking(feed: &Feed, peer: BoxId, peer_run: Option<Term>) -> Result<u64, FeedFailure> {
    let after = feed.log().acknowledged(peer)?.last().map_or(0, |base| base.own);
    let end = feed.log().position()?.end;
    if end.saturating_sub(after) > COUNTED_ONE_BY_ONE {
        return Ok(end - after);
    }
    let page = feed.log().read_after(after, usize::MAX)?;
    let lacking = page.records.iter().filter(|logged| !feed.has(peer_run, logged.record.hash()));
    Ok(lacking.count() as u64)
}

/// A peer asks for what stands after a place: so it has what stands before. A hub, which pushes nothing, need not know.
pub(super) fn note_read(
    feed: &Feed,
    peer: BoxId,
    run: Option<Term>,
    acknowledged: Acknowledged,
) -> Result<(), FeedFailure> {
    if matches!(feed.gate().members().verifying_key(feed.log().owner()), Author::Known { role: Role::Hub, .. }) {
        return Ok(());
    }
    let term = |fact: &Acknowledged| fact.at.map(|mark| mark.term);
    let known = feed.log().acknowledged(peer)?;
    if known.last().is_none_or(|last| term(last) != term(&acknowledged) || last.own < acknowledged.own) {
        remember(feed, peer, acknowledged)?;
    }
    feed.note_confirmed(peer, run);
    Ok(())
}

/// Adds a fact. Within one term of the peer the farther one says it all.
fn remember(feed: &Feed, peer: BoxId, fact: Acknowledged) -> Result<(), FeedFailure> {
    let mut facts = feed.log().acknowledged(peer)?;
    let term = |fact: &Acknowledged| fact.at.map(|mark| mark.term);
    match facts.last_mut().filter(|last| term(last) == term(&fact)) {
        Some(last) if last.own >= fact.own => {}
        Some(last) => *last = fact,
        None => facts.push(fact),
    }
    facts.drain(..facts.len().saturating_sub(MAX_FACTS));
    Ok(feed.log().keep_acknowledged(peer, &facts)?)
}
