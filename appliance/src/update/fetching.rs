//! Fetching a bundle from the hub: in pieces, going on after a cut, within what may be spent in a day.

use super::agent::{Agent, Inner};
use super::refusal::Refusal;
use super::state::{Offer, Phase, Source};
use super::words;
use std::fs::OpenOptions;
use std::io::Write;
use sync::update::{Answer, Arch, Asking, Offered, Outcome, PieceWanted};

/// Bytes after which what was fetched is made durable.
const DURABLE_EVERY: u64 = 4 << 20;

/// What is to be fetched next.
pub type Wanted = PieceWanted;

impl Agent {
    /// What the hub is told and asked; nothing where there are no images for this machine.
    pub fn asking(&self) -> Option<Asking> {
        let standing = self.0.installer.standing();
        Some(Asking {
            running: self.0.settings.running.0,
            arch: Arch::own()?,
            slot: standing.and_then(|standing| standing.slot),
            is_proven: standing.is_some_and(|standing| standing.is_proven),
            last: self.0.state().last(),
        })
    }

    /// Takes up what the hub answered. What it no longer offers is not installed any more, unless it is being installed already.
    pub fn hub_said(&self, answer: &Answer) {
        // while it is being installed, nothing is withdrawn; the hub is asked again soon
        let Some(_turn) = self.0.free_turn() else { return };
        let offer = answer.offer.filter(|offered| self.0.is_wanted(offered)).map(of_hub);
        match (self.0.state().phase, offer) {
            (Phase::Idle, Some(offer)) => {
                self.0.try_change(|state, now| state.enter(Phase::Offered { offer }, now));
            }
            (Phase::Offered { offer } | Phase::Ready { offer, .. }, new)
                if offer.source == Source::Hub && new.as_ref().map(|new| new.hash) != Some(offer.hash) =>
            {
                tracing::info!(version = %offer.version, "an update was withdrawn by the hub");
                self.0.drop_offer(&offer);
                if let Some(offer) = new {
                    self.0.try_change(|state, now| state.enter(Phase::Offered { offer }, now));
                } else {
                    self.0.wait(words::withdrawn(), self.0.clock.now());
                }
            }
            _ => {}
        }
    }

    /// The piece that is to be fetched now; nothing when nothing is, or today's bytes are used up. Blocks.
    pub fn wanted(&self) -> Option<Wanted> {
        let Phase::Offered { offer } = self.0.state().phase else { return None };
        if offer.source != Source::Hub || self.0.is_budget_used() {
            return None;
        }
        let from = std::fs::metadata(self.0.part(offer.hash)).map_or(0, |about| about.len());
        if from >= offer.bytes {
            self.0.complete(&offer);
            return None;
        }
        if let Err(refusal) = self.0.room_for(offer.bytes - from) {
            self.0.wait(refusal.text(), self.0.clock.now().plus_ms(600_000));
            return None;
        }
        Some(PieceWanted { hash: offer.hash, from })
    }

    /// Takes a piece that was wanted. Whether it was kept. Blocks.
    pub fn took(&self, wanted: &Wanted, piece: &[u8]) -> bool {
        let Phase::Offered { offer } = self.0.state().phase else { return false };
        let fits = offer.hash == wanted.hash && wanted.from + piece.len() as u64 <= offer.bytes && !piece.is_empty();
        if !fits {
            return false;
        }
        let kept = self.0.append(&offer, wanted.from, piece);
        if let Err(error) = &kept {
            tracing::warn!(%error, "a piece of an update could not be kept; fetched again");
            self.0.wait(Refusal::Unreadable(error.kind().to_string()).text(), self.0.clock.now().plus_ms(60_000));
            return false;
        }
        if wanted.from + piece.len() as u64 == offer.bytes {
            self.0.complete(&offer);
        }
        true
    }
}

fn of_hub(offered: Offered) -> Offer {
    let Offered { version, schema, bytes, hash } = offered;
    Offer { version, schema, bytes, hash, source: Source::Hub }
}

impl Inner {
    /// Not what runs, not what came to nothing here, not what is older than the data.
    fn is_wanted(&self, offered: &Offered) -> bool {
        let is_newer = offered.version > self.settings.running.0 && offered.schema >= self.around.schema();
        is_newer && self.state().gave_up(offered.hash).is_none()
    }

    fn today(&self) -> i32 {
        self.clock.now().date_in_japan().day_number()
    }

    fn is_budget_used(&self) -> bool {
        let (day, bytes) = self.state().fetched_today;
        day == self.today() && bytes >= self.settings.bytes_per_day
    }

    pub(super) fn wait_for_budget(&self) {
        if self.is_budget_used() {
            let midnight = self.clock.now().date_in_japan().plus_days(1);
            self.wait(words::budget_used(), domain::Timestamp::in_japan(midnight, 0, 0, 0));
        }
    }

    /// Pieces are small; what was counted and what lies on the disk is made durable now and then. A cut loses some of both.
    fn append(&self, offer: &Offer, from: u64, piece: &[u8]) -> std::io::Result<()> {
        let path = self.part(offer.hash);
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if file.metadata()?.len() != from {
            return Err(std::io::Error::other("it was written by somebody else"));
        }
        if let Err(error) = file.write_all(piece) {
            // what was half written must not stand before the next piece
            file.set_len(from)?;
            return Err(error);
        }
        let (before, after) = (from / DURABLE_EVERY, (from + piece.len() as u64) / DURABLE_EVERY);
        let today = self.today();
        let spend = |(day, bytes): (i32, u64)| (today, piece.len() as u64 + if day == today { bytes } else { 0 });
        if before == after {
            self.spend_in_memory(spend);
            return Ok(());
        }
        file.sync_all()?;
        self.change(|state, _| state.fetched_today = spend(state.fetched_today))
    }

    /// All bytes are here. What a power cut left wrong in the middle is found by the hash, and fetched again.
    fn complete(&self, offer: &Offer) {
        let part = self.part(offer.hash);
        let durable = std::fs::File::open(&part).and_then(|mut file| {
            file.sync_all()?;
            super::check::hash_of(&mut file)
        });
        match durable {
            Ok(hash) if hash == offer.hash => {}
            Ok(_) => {
                tracing::warn!(version = %offer.version, "an update arrived damaged; it is fetched anew");
                return self.delete(&part);
            }
            Err(error) => {
                let why = Refusal::Unreadable(error.kind().to_string()).text();
                return self.wait(why, self.clock.now().plus_ms(60_000));
            }
        }
        match self.look_at(&part).and_then(|checked| self.keep(&part, &checked, Source::Hub)) {
            Ok(()) => {}
            Err(refusal) if refusal.is_passing() => self.wait(refusal.text(), self.clock.now().plus_ms(60_000)),
            Err(refusal) => self.end(offer, Outcome::Refused, Some(refusal.text())),
        }
    }
}
