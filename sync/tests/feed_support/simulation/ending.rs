//! Everything heals; then every log must hold the same, and nothing may be missing.

use super::*;
use sync::seal::{RevokedAuthors, open};

impl World {
    /// Everything heals; everybody exchanges until nothing moves. Then all must hold the same, and nothing may be missing.
    pub fn settle(&mut self) {
        self.exchanges.clear();
        self.apart.clear();
        if let Some((author, known)) = self.latecomer.take() {
            self.facility.register.set(self.sealers[author].author(), known);
        }
        self.recheck();
        self.pack_what_is_orphaned();
        let rounds = (0..60).position(|_| self.round() == 0).expect("does not come to rest");
        assert!(rounds <= 3 * self.nodes.len() + 3, "{rounds} rounds");
        self.look_at_who_was_put_out();
        self.recheck();
        assert_eq!(self.round(), 0, "a quiet round moves nothing");
        self.check();
    }

    /// When all is quiet, one disk dies and an old copy takes its place. Nobody writes any more; it must get everything again.
    pub fn settle_after_a_restore(&mut self) {
        let has_backup = |node: &usize| !self.nodes[*node].backups.is_empty() && !self.is_out(*node);
        let restorable: Vec<usize> = (0..self.nodes.len()).filter(has_backup).collect();
        if restorable.is_empty() {
            return;
        }
        let node = restorable[self.below(restorable.len())];
        let before = self.agreed(node);
        let backup = self.nodes[node].backups[0].clone();
        self.reopen(node, backup);
        self.settle();
        let agreed = self.agreed(node);
        let before: BTreeSet<RecordHash> =
            before.into_iter().filter(|hash| !self.is_contested(self.written[hash])).collect();
        assert_eq!(agreed, before, "restored, and not whole again");
    }

    /// Every machine talks to those it can reach; how many records moved.
    pub(super) fn round(&mut self) -> u32 {
        let mut moved = 0;
        for asker in 0..self.nodes.len() {
            for server in 0..self.nodes.len() {
                if self.may_talk(asker, server) {
                    moved += self.pull_all(asker, server);
                    if self.hub == Some(server) {
                        moved += self.push_all(asker, server);
                    }
                }
            }
        }
        moved
    }

    pub(super) fn pull_all(&mut self, asker: usize, server: usize) -> u32 {
        let mut moved = 0;
        loop {
            let Some(mut pull) = self.pull(asker, server, false) else { continue };
            while let Some(more) = self.advance_pull_whole(&mut pull) {
                assert!(more);
            }
            moved += pull.pulling.tally().stored + pull.pulling.tally().known + pull.pulling.tally().forgotten;
            if pull.pulling.end() == Some(EndReason::CaughtUp) {
                self.check_pulled(&pull);
                return moved;
            }
        }
    }

    pub(super) fn advance_pull_whole(&mut self, pull: &mut Pull) -> Option<bool> {
        self.serve(pull);
        let bytes = std::mem::take(&mut pull.wire);
        pull.pulling.receive(&self.nodes[pull.asker].feed, &bytes).unwrap();
        self.look_at_header(pull);
        pull.pulling.end().is_none().then_some(true)
    }

    pub(super) fn push_all(&mut self, pusher: usize, taker: usize) -> u32 {
        let mut moved = 0;
        loop {
            let peer = self.nodes[taker].id;
            let run = self.runs_seen.get(&(pusher, peer)).copied();
            let Some(push) = Push::next(&self.nodes[pusher].feed, peer, run).unwrap() else { return moved };
            let mut taking = Taking::start().unwrap();
            let answer = taking.receive(&self.nodes[taker].feed, &push.body).unwrap().expect("an answer at the end");
            moved += push.records;
            self.take_answer(pusher, peer, &push, &answer);
        }
    }

    pub(super) fn check(&self) {
        let inside: Vec<usize> = (0..self.nodes.len()).filter(|node| !self.is_out(*node)).collect();
        let all = self.agreed(inside[0]);
        for node in &inside {
            let here = self.agreed(*node);
            let differing: Vec<String> = here.symmetric_difference(&all).map(|hash| self.whereabouts(*hash)).collect();
            assert!(differing.is_empty(), "machine {node} knows something else:\n{}", differing.join("\n"));
        }
        for (hash, document) in &self.written {
            let excused = self.lost.contains(hash) || self.forgotten_ever.contains(document);
            assert!(excused || all.contains(hash), "a fact that was saved is gone");
        }
        assert!(all.iter().all(|hash| self.written.contains_key(hash)), "something nobody wrote");
        for logged in self.nodes[inside[0]].log.read_after(0, usize::MAX).unwrap().records {
            if logged.record.header().kind.is_sealed() && !self.forged.contains(&logged.record.hash()) {
                let gate = self.nodes[inside[0]].feed.gate();
                open(&logged.record, gate, &self.facility.ring, RevokedAuthors::Accept).expect("every box reads it");
            }
            if let Ok(Forget::Documents(tags)) = Forget::read(&logged.record) {
                let tags: Vec<DocumentTag> = tags.into_iter().filter(|tag| !self.is_contested(*tag)).collect();
                let single = all.iter().filter(|hash| tags.contains(&self.written[*hash])).count();
                let is_packed =
                    |hash: &RecordHash| self.packed.get(hash).is_some_and(|one| tags.contains(&one.document));
                let packed = self.hashes(inside[0]).iter().filter(|hash| is_packed(hash)).count();
                assert_eq!(single + packed, 0, "forgotten and still there");
            }
        }
    }
    /// Where a fact stands, for a person who looks for it.
    fn whereabouts(&self, fact: RecordHash) -> String {
        let snapshots: Vec<RecordHash> =
            self.packed.iter().filter(|(_, one)| one.facts.contains(&fact)).map(|(hash, _)| *hash).collect();
        let on = |node: usize| {
            let (hashes, counting) = (self.hashes(node), self.snapshots(node));
            let packed: Vec<String> = snapshots
                .iter()
                .filter(|hash| hashes.contains(hash))
                .map(|hash| format!("{hash:.6}{}", if counting.contains(hash) { "" } else { " that does not count" }))
                .collect();
            format!(
                "{node}{}: single {}, in {packed:?}",
                if self.is_out(node) { " (out)" } else { "" },
                hashes.contains(&fact)
            )
        };
        let nodes: Vec<String> = (0..self.nodes.len()).map(on).collect();
        format!("{fact:.6} {}", nodes.join("; "))
    }
}
