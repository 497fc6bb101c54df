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

    pub(super) fn snapshots(&self, node: usize) -> BTreeSet<RecordHash> {
        self.nodes[node].log.disk().snapshots().map(SealedRecord::hash).collect()
    }

    fn facts_in(&self, record: &SealedRecord) -> Vec<RecordHash> {
        match self.packed.get(&record.hash()) {
            Some(packed) => packed.facts.iter().copied().collect(),
            None => vec![record.hash()],
        }
    }

    /// What a machine knows: single records, and what is in snapshots that count there. A hub opens nothing: whoever comes new to it
    /// has nothing of snapshots whose signer was put out meanwhile.
    pub(super) fn facts(&self, node: usize) -> BTreeSet<RecordHash> {
        let disk = self.nodes[node].log.disk();
        if self.hub != Some(node) {
            return self.facts_on(&disk);
        }
        let single = disk.hashes().filter(|hash| !self.packed.contains_key(hash));
        let in_snapshots = disk.snapshots().filter(|one| self.is_signed_by_a_member(one));
        single.chain(in_snapshots.flat_map(|record| self.facts_in(record))).collect()
    }

    /// The records a machine has, and those of which it has the content.
    pub(super) fn known(&self, node: usize) -> BTreeSet<RecordHash> {
        let mut known = self.hashes(node);
        known.extend(self.facts_on(&self.nodes[node].log.disk()));
        // a snapshot may be left out for a later one that holds all of it
        let older = self.packed.iter().filter(|(_, one)| one.facts.is_subset(&known)).map(|(hash, _)| *hash);
        let older: Vec<RecordHash> = older.collect();
        known.extend(older);
        known
    }

    fn is_signed_by_a_member(&self, record: &SealedRecord) -> bool {
        let signer = sync::seal::Members::verifying_key(&*self.facility.register, record.header().author);
        matches!(signer, Author::Known { .. })
    }

    pub(super) fn facts_on(&self, disk: &MemoryDisk) -> BTreeSet<RecordHash> {
        let single = disk.hashes().filter(|hash| !self.packed.contains_key(hash));
        let in_snapshots = disk.snapshots().flat_map(|record| self.facts_in(record));
        single.chain(in_snapshots).collect()
    }

    /// What a machine knows of documents about which all must agree.
    pub(super) fn agreed(&self, node: usize) -> BTreeSet<RecordHash> {
        let contested = |hash: &RecordHash| self.written.get(hash).is_some_and(|tag| self.is_contested(*tag));
        self.facts(node).into_iter().filter(|hash| !contested(hash)).collect()
    }

    /// A document that only somebody had forgotten who was put out: where the word came before that, it is gone, and elsewhere not.
    pub(super) fn is_contested(&self, document: DocumentTag) -> bool {
        let orders = self.forgets.iter().filter(|(tag, _)| *tag == document);
        let mut signers = orders.map(|(_, author)| self.out.contains(author)).peekable();
        signers.peek().is_some() && signers.all(|is_out| is_out)
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
        // rather one whose snapshots have begun to travel
        let nodes = 0..self.nodes.len();
        let packers = nodes.filter(|node| self.hub != Some(*node) && self.holders_of_snapshots_by(*node) > 1);
        let node = packers.max_by_key(|node| self.holders_of_snapshots_by(*node));
        let (node, often) = node.map_or_else(|| (self.any_box(), 30), |node| (node, 100));
        let author = self.nodes[node].author;
        let (gone, staying): (Vec<usize>, Vec<usize>) =
            (0..self.nodes.len()).partition(|other| self.nodes[*other].author == author);
        // copies of one disk do not talk with each other
        let boxes = staying.iter().filter(|other| self.hub != Some(**other) && !self.is_out(**other));
        let boxes: BTreeSet<usize> = boxes.map(|other| self.nodes[*other].author).collect();
        if boxes.len() < 2 || self.is_hidden(node) || !self.out.is_empty() || !self.chance(often) {
            return;
        }
        let gone: BTreeSet<RecordHash> = gone.into_iter().flat_map(|other| self.facts(other)).collect();
        let id = self.sealers[author].author();
        if let Author::Known { key, .. } = sync::seal::Members::verifying_key(&*self.facility.register, id) {
            self.facility.register.set(id, Author::Revoked { key });
        }
        self.out.insert(author);
        let staying: BTreeSet<RecordHash> = staying.into_iter().flat_map(|other| self.facts(other)).collect();
        self.lost.extend(gone.difference(&staying));
        let nodes = &self.nodes;
        let is_out = |node: usize| nodes[node].author == author;
        self.exchanges.retain(|exchange| !is_out(exchange.ends().0) && !is_out(exchange.ends().1));
        // what was on its way from it may still be kept, but nobody knows of it
        let late = |node: usize, peer: BoxId| is_out(node) || peer == id;
        self.late_pushes.retain(|(taker, peer, _)| !late(*taker, *peer));
        self.late_answers.retain(|(pusher, peer, ..)| !late(*pusher, *peer));
    }

    /// How many machines hold a snapshot that this one signed.
    fn holders_of_snapshots_by(&self, node: usize) -> usize {
        let signer = self.nodes[node].id;
        let is_by =
            |record: SealedRecord| record.header().kind == RecordKind::SNAPSHOT && record.header().author == signer;
        (0..self.nodes.len()).filter(|other| self.records(*other).any(is_by)).count()
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
                let here: Vec<SealedRecord> = self.nodes[node].log.disk().snapshots().cloned().collect();
                let mut orphaned =
                    here.iter().filter(|one| one.header().document == tag && !self.is_signed_by_a_member(one));
                let vouched: BTreeSet<RecordHash> = here
                    .iter()
                    .filter(|one| self.is_signed_by_a_member(one))
                    .flat_map(|one| self.facts_in(one))
                    .collect();
                if orphaned.any(|one| self.facts_in(one).iter().any(|fact| !vouched.contains(fact))) {
                    self.pack_document(node, &name);
                }
            }
        }
    }

    /// A pull has caught up: what became of records that were left out for it?
    pub(super) fn look_at_what_was_left_out(&mut self, asker: usize, server: usize) {
        let (here, there) = (self.hashes(asker), self.hashes(server));
        let missing: BTreeSet<RecordHash> = there.difference(&here).copied().collect();
        if !missing.is_empty() && !missing.is_disjoint(&self.facts(asker)) {
            let is_new = self.newcomers.contains(&asker);
            self.fire(if is_new { Fault::Newcomer } else { Fault::LeftOut });
        }
    }

    /// Whether snapshots came of somebody who had been put out by then: they count for nothing.
    pub(super) fn look_at_who_was_put_out(&mut self) {
        for node in (0..self.nodes.len()).filter(|node| !self.is_out(*node)).collect::<Vec<_>>() {
            let counts = self.snapshots(node);
            let came_late = |record: SealedRecord| {
                let is_snapshot = record.header().kind == RecordKind::SNAPSHOT;
                is_snapshot && !counts.contains(&record.hash()) && !self.is_signed_by_a_member(&record)
            };
            if self.records(node).any(came_late) {
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
