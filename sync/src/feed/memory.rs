//! A log in memory: for practice runs, simulation and tests. Its content can be copied and opened again, as a disk can.

use super::log::{Acknowledged, Arrival, FeedLog, HeldSnapshot, LogFailure, Logged, Outcome, Page, Position, Pulled};
use super::term::{Cursor, Term, Terms};
use crate::seal::forget::Forget;
use crate::seal::{BoxId, DocumentTag, HashPrefix, Header, KeyId, RecordHash, RecordKind, SealedRecord, Standing};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A log in memory.
pub struct MemoryLog {
    owner: BoxId,
    disk: Mutex<MemoryDisk>,
}

/// Everything a log keeps, as it would stand on a disk.
#[derive(Clone, Default)]
pub struct MemoryDisk {
    rows: BTreeMap<u64, SealedRecord>,
    by_hash: HashMap<RecordHash, u64>,
    unchecked: BTreeSet<u64>,
    snapshots: BTreeSet<u64>,
    end: u64,
    terms: Terms,
    forgotten_documents: HashSet<DocumentTag>,
    forgotten_keys: HashSet<KeyId>,
    pulled: HashMap<BoxId, Pulled>,
    acknowledged: HashMap<BoxId, Vec<Acknowledged>>,
}

impl MemoryLog {
    /// Opens what a disk holds, in a fresh term.
    pub fn open(owner: BoxId, mut disk: MemoryDisk, term: Term) -> MemoryLog {
        disk.terms.begin(term, disk.end);
        MemoryLog { owner, disk: Mutex::new(disk) }
    }

    /// A copy of the disk, as it is now.
    pub fn disk(&self) -> MemoryDisk {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, MemoryDisk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryDisk {
    /// The snapshots held whose signer was a member box when they came.
    pub fn snapshots(&self) -> impl Iterator<Item = &SealedRecord> {
        self.snapshots.iter().filter_map(|row| self.rows.get(row))
    }

    /// The hashes of all records held.
    pub fn hashes(&self) -> impl Iterator<Item = RecordHash> {
        self.rows.values().map(SealedRecord::hash)
    }

    fn keep(&mut self, arrival: &Arrival) -> Outcome {
        let hash = arrival.record.hash();
        if self.is_forgotten(arrival.record.header()) {
            return Outcome::Forgotten;
        }
        if self.by_hash.contains_key(&hash) {
            return Outcome::Known;
        }
        self.end += 1;
        self.by_hash.insert(hash, self.end);
        self.rows.insert(self.end, arrival.record.clone());
        self.stand(self.end, &arrival.record, arrival.standing);
        Outcome::Stored(self.end)
    }

    fn stand(&mut self, sequence: u64, record: &SealedRecord, standing: Standing) {
        match standing {
            Standing::Unknown => {
                self.unchecked.insert(sequence);
            }
            standing => {
                self.unchecked.remove(&sequence);
                if standing.is_obeyed() && record.header().kind == RecordKind::SNAPSHOT {
                    self.snapshots.insert(sequence);
                }
                if let (true, Ok(forget)) = (standing.is_obeyed(), Forget::read(record)) {
                    self.forget(&forget);
                }
            }
        }
    }

    fn forget(&mut self, forget: &Forget) {
        match forget {
            Forget::Documents(tags) => self.forgotten_documents.extend(tags),
            Forget::Keys(keys) => self.forgotten_keys.extend(keys),
        }
        let covered: Vec<u64> =
            self.rows.iter().filter(|(_, record)| forget.covers(record.header())).map(|(row, _)| *row).collect();
        covered.into_iter().for_each(|row| self.remove(row));
    }

    fn is_forgotten(&self, header: &Header) -> bool {
        (header.document != DocumentTag::FACILITY && self.forgotten_documents.contains(&header.document))
            || (header.key != KeyId::NONE && self.forgotten_keys.contains(&header.key))
    }

    fn remove(&mut self, sequence: u64) {
        self.unchecked.remove(&sequence);
        self.snapshots.remove(&sequence);
        if let Some(record) = self.rows.remove(&sequence) {
            self.by_hash.remove(&record.hash());
        }
    }

    /// Records that a snapshot stands for, as its signer says.
    fn stood_for(&self, after: u64, up_to: u64) -> Vec<(u64, HashPrefix)> {
        let mut standing: HashMap<(DocumentTag, HashPrefix), Vec<HashPrefix>> = HashMap::new();
        for record in self.snapshots() {
            let (document, snapshot) = (record.header().document, record.hash().prefix());
            record.stands_for().iter().for_each(|name| standing.entry((document, *name)).or_default().push(snapshot));
        }
        let named = |record: &SealedRecord| standing.get(&(record.header().document, record.hash().prefix()));
        let span = self.rows.range(after.saturating_add(1)..).take_while(|(row, _)| **row <= up_to);
        let found = span.filter_map(|(row, record)| Some((*row, named(record)?)));
        found.flat_map(|(row, snapshots)| snapshots.iter().map(move |snapshot| (row, *snapshot))).collect()
    }

    fn page(&self, after: u64, most_bytes: usize, is_wanted: impl Fn(u64) -> bool) -> Page {
        let mut page = Page { records: Vec::new(), reached: self.end.max(after) };
        let mut bytes = 0;
        for (sequence, record) in self.rows.range(after.saturating_add(1)..).filter(|(row, _)| is_wanted(**row)) {
            if bytes >= most_bytes && !page.records.is_empty() {
                page.reached = page.records.last().map_or(after, |last: &Logged| last.sequence);
                break;
            }
            bytes += record.bytes().len();
            page.records.push(Logged { sequence: *sequence, record: record.clone() });
        }
        page
    }
}

impl FeedLog for MemoryLog {
    fn owner(&self) -> BoxId {
        self.owner
    }

    fn position(&self) -> Result<Position, LogFailure> {
        let disk = self.lock();
        Ok(Position { terms: disk.terms.clone(), end: disk.end })
    }

    fn append(&self, arrivals: &[Arrival], pulled: Option<(BoxId, &Cursor)>) -> Result<Vec<Outcome>, LogFailure> {
        let mut disk = self.lock();
        let outcomes = arrivals.iter().map(|arrival| disk.keep(arrival)).collect();
        if let Some((peer, cursor)) = pulled {
            disk.pulled.entry(peer).or_default().cursor = cursor.clone();
        }
        Ok(outcomes)
    }

    fn read_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure> {
        Ok(self.lock().page(after, most_bytes, |_| true))
    }

    fn stood_for(&self, after: u64, up_to: u64) -> Result<Vec<(u64, HashPrefix)>, LogFailure> {
        Ok(self.lock().stood_for(after, up_to))
    }

    fn snapshots_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure> {
        let disk = self.lock();
        Ok(disk.page(after, most_bytes, |row| disk.snapshots.contains(&row)))
    }

    fn snapshots(&self, most: usize) -> Result<Vec<HeldSnapshot>, LogFailure> {
        let disk = self.lock();
        let all = disk.rows.iter().rev().filter(|(_, record)| record.header().kind == RecordKind::SNAPSHOT);
        let held = |(row, record): (&u64, &SealedRecord)| HeldSnapshot {
            name: record.hash().prefix(),
            is_good: disk.snapshots.contains(row),
        };
        Ok(all.map(held).take(most).collect())
    }

    fn recent(&self, after: u64, most: usize) -> Result<Vec<HashPrefix>, LogFailure> {
        let disk = self.lock();
        let newest = disk.rows.range(after.saturating_add(1)..).rev().take(most);
        Ok(newest.map(|(_, record)| record.hash().prefix()).collect())
    }

    fn pulled(&self, peer: BoxId) -> Result<Pulled, LogFailure> {
        Ok(self.lock().pulled.get(&peer).cloned().unwrap_or_default())
    }

    fn keep_have(&self, peer: BoxId, have_after: u64, have_next: u64) -> Result<(), LogFailure> {
        let mut disk = self.lock();
        let pulled = disk.pulled.entry(peer).or_default();
        (pulled.have_after, pulled.have_next) = (have_after, have_next);
        Ok(())
    }

    fn acknowledged(&self, peer: BoxId) -> Result<Vec<Acknowledged>, LogFailure> {
        Ok(self.lock().acknowledged.get(&peer).cloned().unwrap_or_default())
    }

    fn keep_acknowledged(&self, peer: BoxId, acknowledged: &[Acknowledged]) -> Result<(), LogFailure> {
        self.lock().acknowledged.insert(peer, acknowledged.to_vec());
        Ok(())
    }

    fn unchecked(&self, after: u64, most: usize) -> Result<Vec<Logged>, LogFailure> {
        let disk = self.lock();
        let rows = disk.unchecked.range(after.saturating_add(1)..).take(most);
        let logged = |sequence: u64| disk.rows.get(&sequence).map(|record| Logged { sequence, record: record.clone() });
        Ok(rows.filter_map(|sequence| logged(*sequence)).collect())
    }

    fn settle(&self, sequence: u64, standing: Option<Standing>) -> Result<(), LogFailure> {
        let mut disk = self.lock();
        let Some(record) = disk.rows.get(&sequence).cloned() else { return Ok(()) };
        match standing {
            Some(standing) => disk.stand(sequence, &record, standing),
            None => disk.remove(sequence),
        }
        Ok(())
    }
}
