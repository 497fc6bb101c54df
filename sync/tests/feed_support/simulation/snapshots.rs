//! Boxes pack what they have, others do without the single records, newcomers begin, and boxes that packed are put out.

use super::*;
use crate::facility::{month, patient_change};
use sync::seal::{DocumentClass, HashPrefix, RecordKind, SealedRecord};

/// Newcomers in one schedule.
const NEWCOMERS: usize = 2;

/// What a snapshot holds.
pub(super) struct Packed {
    pub(super) document: DocumentTag,
    pub(super) facts: BTreeSet<RecordHash>,
}

impl World {
    /// A box packs what it has of some document.
    pub(super) fn pack(&mut self) {
        let node = self.any_box();
        let name = format!("p-{}", self.below(6));
        if !self.is_hidden(node) {
            self.pack_document(node, &name);
        }
    }

    fn pack_document(&mut self, node: usize, name: &str) {
        let tag = tag(&self.facility, name);
        let of_document: Vec<SealedRecord> =
            self.records(node).filter(|record| record.header().document == tag).collect();
        let vouched: Vec<SealedRecord> =
            of_document.into_iter().filter(|record| self.is_vouched(node, record)).collect();
        let facts: BTreeSet<RecordHash> = vouched.iter().flat_map(|record| self.facts_in(record)).collect();
        if facts.is_empty() {
            return;
        }
        let mut names: BTreeSet<_> = vouched.iter().map(|record| record.hash().prefix()).collect();
        names.extend(vouched.iter().flat_map(|record| record.stands_for().to_vec()));
        let names: Vec<_> = names.into_iter().collect();
        let sealer = &self.sealers[self.nodes[node].author];
        let snapshot = snapshot(&mut self.facility, sealer, name, &names);
        self.packed.insert(snapshot.hash(), Packed { document: tag, facts });
        self.nodes[node].feed.append_own(vec![snapshot]).unwrap();
    }

    /// A snapshot counts where its signer was a member when it came; a single record wherever its signer is known.
    fn is_vouched(&self, node: usize, record: &SealedRecord) -> bool {
        let hash = record.hash();
        let is_hidden =
            self.latecomer.is_some_and(|(author, _)| self.sealers[author].author() == record.header().author);
        let counts = record.header().kind != RecordKind::SNAPSHOT || self.snapshots(node).contains(&hash);
        counts && !is_hidden && !self.forged.contains(&hash)
    }

    fn records(&self, node: usize) -> impl Iterator<Item = SealedRecord> {
        let page = self.nodes[node].log.read_after(0, usize::MAX).unwrap();
        page.records.into_iter().map(|logged| logged.record)
    }

    fn snapshots(&self, node: usize) -> BTreeSet<RecordHash> {
        self.nodes[node].log.disk().snapshots().map(SealedRecord::hash).collect()
    }

    fn facts_in(&self, record: &SealedRecord) -> Vec<RecordHash> {
        match self.packed.get(&record.hash()) {
            Some(packed) => packed.facts.iter().copied().collect(),
            None => vec![record.hash()],
        }
    }

    /// What a machine knows: single records, and what is in snapshots that count there.
    pub(super) fn facts(&self, node: usize) -> BTreeSet<RecordHash> {
        self.facts_on(&self.nodes[node].log.disk())
    }

    pub(super) fn facts_on(&self, disk: &MemoryDisk) -> BTreeSet<RecordHash> {
        let single = disk.hashes().filter(|hash| !self.packed.contains_key(hash));
        let in_snapshots = disk.snapshots().flat_map(|record| self.facts_in(record));
        single.chain(in_snapshots).collect()
    }

    /// Somebody new, with an empty disk.
    pub(super) fn join(&mut self) {
        if self.newcomers.len() == NEWCOMERS || self.written.len() < 20 {
            return;
        }
        self.sealers.push(self.facility.join(Role::Box));
        let node = self.node(self.sealers.len() - 1, MemoryDisk::default(), false);
        self.newcomers.insert(self.nodes.len());
        self.nodes.push(node);
    }

    /// A box is put out: its snapshots stand for nothing any more, nobody talks with it, and what only it had is gone with it.
    pub(super) fn put_out(&mut self) {
        let node = self.any_box();
        let author = self.nodes[node].author;
        let (gone, staying): (Vec<usize>, Vec<usize>) =
            (0..self.nodes.len()).partition(|other| self.nodes[*other].author == author);
        let boxes = staying.iter().filter(|other| self.hub != Some(**other) && !self.is_out(**other)).count();
        if boxes < 2 || self.is_hidden(node) || !self.out.is_empty() || !self.chance(30) {
            return;
        }
        let staying: BTreeSet<RecordHash> = staying.into_iter().flat_map(|other| self.facts(other)).collect();
        let gone: BTreeSet<RecordHash> = gone.into_iter().flat_map(|other| self.facts(other)).collect();
        self.lost.extend(gone.difference(&staying));
        let id = self.sealers[author].author();
        if let Author::Known { key, .. } = sync::seal::Members::verifying_key(&*self.facility.register, id) {
            self.facility.register.set(id, Author::Revoked { key });
        }
        self.out.insert(author);
        let nodes = &self.nodes;
        let is_out = |node: usize| nodes[node].author == author;
        self.exchanges.retain(|exchange| !is_out(exchange.ends().0) && !is_out(exchange.ends().1));
        // what was on its way from it may still be kept, but nobody knows of it
        let late = |node: usize, peer: BoxId| is_out(node) || peer == id;
        self.late_pushes.retain(|(taker, peer, _)| !late(*taker, *peer));
        self.late_answers.retain(|(pusher, peer, ..)| !late(*pusher, *peer));
    }

    pub(super) fn is_out(&self, node: usize) -> bool {
        self.out.contains(&self.nodes[node].author)
    }

    /// Every night boxes pack anew what only somebody vouches for who was put out.
    pub(super) fn pack_what_is_orphaned(&mut self) {
        for node in 0..self.nodes.len() {
            if self.hub == Some(node) || self.is_out(node) {
                continue;
            }
            for name in (0..6).map(|n| format!("p-{n}")) {
                let tag = tag(&self.facility, &name);
                let is_member = |record: &SealedRecord| {
                    let signer = sync::seal::Members::verifying_key(&*self.facility.register, record.header().author);
                    matches!(signer, Author::Known { .. })
                };
                let here: Vec<SealedRecord> = self.nodes[node].log.disk().snapshots().cloned().collect();
                let mut orphaned = here.iter().filter(|one| one.header().document == tag && !is_member(one));
                let vouched: BTreeSet<RecordHash> =
                    here.iter().filter(|one| is_member(one)).flat_map(|one| self.facts_in(one)).collect();
                if orphaned.any(|one| self.facts_in(one).iter().any(|fact| !vouched.contains(fact))) {
                    self.pack_document(node, &name);
                }
            }
        }
    }

    /// A pull has caught up: what became of records that were left out for it?
    pub(super) fn look_at_what_was_left_out(&mut self, asker: usize, server: usize) {
        let (here, there) = (self.hashes(asker), self.hashes(server));
        if there.difference(&here).any(|hash| self.facts(asker).contains(hash)) {
            let is_new = self.newcomers.contains(&asker);
            self.fire(if is_new { Fault::Newcomer } else { Fault::LeftOut });
        }
    }

    /// Whether somebody was put out whose snapshot was on its way: then everything is asked for.
    pub(super) fn look_at_who_was_put_out(&mut self) {
        for node in 0..self.nodes.len() {
            if self.nodes[node].log.wants_everything().unwrap() {
                self.fire(Fault::SignerPutOut);
            }
        }
    }
}

/// The name of a patient's document.
fn tag(facility: &Facility, patient: &str) -> DocumentTag {
    facility.ring.naming().unwrap().tag(DocumentClass::PATIENT, patient.as_bytes())
}

/// A snapshot of a patient's document.
fn snapshot(facility: &mut Facility, sealer: &Sealer, patient: &str, stands_for: &[HashPrefix]) -> SealedRecord {
    let whole = patient_change(patient, b"everything");
    sealer.snapshot(&facility.ring, month(), &whole, stands_for, &mut facility.rng).unwrap()
}
