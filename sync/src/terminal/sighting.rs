//! What a door has seen, what it believes, and what it has delivered. Pure: files and time are arguments.
//!
//! A file is believed when it was read the same way often enough, delivered once per content, and given up as unreadable
//! only after it stopped changing. The two halves of a rejection wait for each other.

mod rejected;
mod sort;

pub(crate) use sort::{Sort, sort};

use super::door::{Arrival, Content, Fingerprint};
use super::file_name::SuffixMark;
use super::message::{self, Form, MessageKind};
use super::rejection::RawBytes;
use super::unreadable::{Unreadable, UnreadableKind};
use rejected::Halves;
use std::collections::{HashMap, HashSet};

/// Names remembered after their files are gone.
const MAX_REMEMBERED: usize = 10_000;

/// When a door believes what it sees.
#[derive(Clone, Debug)]
pub(crate) struct SightingRules {
    /// How our own results are recognised.
    pub mark: SuffixMark,
    /// How messages are written here.
    pub form: Form,
    /// Equal reads, each at least `settle_ms` after the one before, until a file is believed.
    pub reads_to_accept: u32,
    /// Equal reads until a file that cannot be read is reported.
    pub reads_to_give_up: u32,
    /// Shortest time between two reads that count.
    pub settle_ms: u64,
    /// How long one half of a rejection waits for the other.
    pub half_rejection_ms: u64,
}

/// What tells cheaply that a file may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Size in bytes.
    pub len: u64,
    /// Time of last change in nanoseconds since the epoch, if the place tells.
    pub modified_ns: Option<u128>,
}

/// One file looked at. `bytes` is `None` when it could not be opened.
pub(crate) struct Look {
    pub name: String,
    pub stamp: Stamp,
    pub bytes: Option<Vec<u8>>,
}

/// The memory of one door.
pub(crate) struct Sightings {
    rules: SightingRules,
    seen: HashMap<String, Sighting>,
    halves: HashMap<String, Halves>,
    ready: Vec<Arrival>,
}

#[derive(Default)]
struct Sighting {
    delivered: Vec<Fingerprint>,
    settled: Option<Stamp>,
    pending: Option<Pending>,
}

struct Pending {
    sha256: Fingerprint,
    len: u64,
    bytes: Vec<u8>,
    reads: u32,
    counted_ms: u64,
}

impl Sightings {
    pub(crate) fn new(rules: SightingRules) -> Sightings {
        Sightings { rules, seen: HashMap::new(), halves: HashMap::new(), ready: Vec::new() }
    }

    /// Whether this file should be read: it matters, and nothing says it is what was read before.
    pub(crate) fn wants(&self, name: &str, stamp: &Stamp) -> bool {
        sort(&self.rules.mark, name).matters()
            && self.seen.get(name).and_then(|sighting| sighting.settled.as_ref()) != Some(stamp)
    }

    /// Whether this file was read before and is not believed yet; such files are read first.
    pub(crate) fn is_pending(&self, name: &str) -> bool {
        self.seen.get(name).is_some_and(|sighting| sighting.pending.is_some())
    }

    /// Takes in what was read just now; `present` are the names of everything that lies there.
    pub(crate) fn look(&mut self, looks: Vec<Look>, present: &HashSet<String>, now_ms: u64) {
        for look in looks {
            self.look_at(look, now_ms);
        }
        self.take_leave_of_vanished(present, now_ms);
        self.report_rejections(now_ms);
        if self.seen.len() > MAX_REMEMBERED {
            self.seen.retain(|name, _| present.contains(name));
        }
    }

    /// What is to be delivered. Taken only at the very end of a scan, so that a scan dropped half-way loses nothing.
    pub(crate) fn take_ready(&mut self) -> Vec<Arrival> {
        std::mem::take(&mut self.ready)
    }

    /// Files not believed yet, and rejections waiting for their other half.
    pub(crate) fn not_yet(&self) -> usize {
        let pending = self.seen.values().filter(|sighting| sighting.pending.is_some()).count();
        pending + self.halves.values().filter(|halves| halves.is_waiting()).count()
    }

    /// Forgets what was delivered.
    pub(crate) fn forget(&mut self) {
        self.seen.clear();
        self.halves.clear();
    }

    fn look_at(&mut self, look: Look, now_ms: u64) {
        let Some(bytes) = look.bytes else {
            return;
        };
        let sha256 = Fingerprint::of(&bytes);
        let sighting = self.seen.entry(look.name.clone()).or_default();
        if sighting.delivered.contains(&sha256) {
            sighting.settled = Some(look.stamp);
            sighting.pending = None;
            return;
        }
        let reads = sighting.count_read(&look.stamp, sha256, bytes, now_ms, self.rules.settle_ms);
        if reads >= self.rules.reads_to_accept {
            self.judge(&look.name, look.stamp, now_ms);
        }
    }

    /// Believes a stable file, or gives it up.
    fn judge(&mut self, name: &str, stamp: Stamp, now_ms: u64) {
        let Some(pending) = self.seen.get_mut(name).and_then(|sighting| sighting.pending.take()) else {
            return;
        };
        let sort = sort(&self.rules.mark, name);
        if sort.is_rejection() {
            self.settle(name, stamp, pending.sha256);
            self.add_half(&sort, pending.sha256, pending.bytes, now_ms);
            return;
        }
        match content(&sort, self.rules.form, &pending.bytes) {
            Ok(content) => self.deliver(name, Some(stamp), pending, content),
            Err(unreadable) if pending.reads >= self.rules.reads_to_give_up => {
                let content = Content::Unreadable { file: sort.file(), unreadable };
                self.deliver(name, Some(stamp), pending, content);
            }
            Err(_) => {
                if let Some(sighting) = self.seen.get_mut(name) {
                    sighting.pending = Some(pending);
                }
            }
        }
    }

    /// A file that went away after it was read once is taken as read when it is complete: other programs move face files
    /// within a second, and a cut-off message is never well-formed.
    fn take_leave_of_vanished(&mut self, present: &HashSet<String>, now_ms: u64) {
        let mut unfinished = Vec::new();
        for (name, sighting) in self.seen.iter_mut().filter(|(name, _)| !present.contains(*name)) {
            sighting.settled = None;
            unfinished.extend(sighting.pending.take().map(|pending| (name.clone(), pending)));
        }
        for (name, pending) in unfinished {
            let sort = sort(&self.rules.mark, &name);
            if sort.is_rejection() {
                self.add_half(&sort, pending.sha256, pending.bytes, now_ms);
            } else if let Ok(content) = content(&sort, self.rules.form, &pending.bytes) {
                self.deliver(&name, None, pending, content);
            }
        }
    }

    fn add_half(&mut self, sort: &Sort, sha256: Fingerprint, bytes: Vec<u8>, now_ms: u64) {
        if let Some(file) = sort.file() {
            self.halves.entry(file.stem()).or_insert_with(|| Halves::new(file, now_ms)).add(sort, sha256, bytes);
        }
    }

    fn deliver(&mut self, name: &str, stamp: Option<Stamp>, pending: Pending, content: Content) {
        let sighting = self.seen.entry(name.to_owned()).or_default();
        let conflict = !sighting.delivered.is_empty();
        sighting.delivered.push(pending.sha256);
        sighting.settled = stamp;
        let raw = RawBytes(pending.bytes);
        self.ready.push(Arrival { name: name.to_owned(), sha256: pending.sha256, content, raw, conflict });
    }

    fn settle(&mut self, name: &str, stamp: Stamp, sha256: Fingerprint) {
        let sighting = self.seen.entry(name.to_owned()).or_default();
        sighting.settled = Some(stamp);
        sighting.delivered.push(sha256);
    }

    fn report_rejections(&mut self, now_ms: u64) {
        let wait_ms = self.rules.half_rejection_ms;
        self.ready.extend(self.halves.values_mut().filter_map(|halves| halves.report(now_ms, wait_ms)));
        if self.halves.len() > MAX_REMEMBERED {
            self.halves.retain(|_, halves| halves.is_waiting());
        }
    }
}

impl Sighting {
    /// Counts a read and returns how many equal ones there were.
    fn count_read(&mut self, stamp: &Stamp, sha256: Fingerprint, bytes: Vec<u8>, now_ms: u64, settle_ms: u64) -> u32 {
        match &mut self.pending {
            Some(pending) if pending.sha256 == sha256 && pending.len == stamp.len => {
                if now_ms.saturating_sub(pending.counted_ms) >= settle_ms {
                    pending.reads += 1;
                    pending.counted_ms = now_ms;
                }
                pending.reads
            }
            _ => {
                self.pending = Some(Pending { sha256, len: stamp.len, bytes, reads: 1, counted_ms: now_ms });
                1
            }
        }
    }
}

/// Reads a stable file.
fn content(sort: &Sort, form: Form, bytes: &[u8]) -> Result<Content, Unreadable> {
    match sort {
        Sort::Answer(file, kind) => {
            let received = Box::new(message::read(*kind, form, bytes)?);
            Ok(Content::Answer { file: file.clone(), received })
        }
        Sort::Face(file) => {
            let received = Box::new(message::read(MessageKind::Eligibility, form, bytes)?);
            Ok(Content::Face { file: file.clone(), received })
        }
        Sort::Zipped(_) => Err(Unreadable::whole(UnreadableKind::ZippedOrEncrypted)),
        _ => Err(Unreadable::whole(UnreadableKind::UnexpectedFile)),
    }
}

#[cfg(test)]
mod tests;
