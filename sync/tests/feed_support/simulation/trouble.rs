//! What lines and disks do to them.

use super::*;

impl World {
    pub(super) fn cut(&mut self) {
        if self.exchanges.is_empty() {
            return;
        }
        let index = self.below(self.exchanges.len());
        match self.exchanges.swap_remove(index) {
            Exchange::Pull(mut pull) => {
                if pull.wire.is_empty() {
                    self.serve(&mut pull);
                }
                let some = self.below(pull.wire.len() + 1);
                pull.pulling.receive(&self.nodes[pull.asker].feed, &pull.wire[..some]).unwrap();
                let tally = pull.pulling.tally();
                let middle = !pull.pulling.is_quiet() && tally.stored + tally.known > 0;
                pull.pulling.cut(&self.nodes[pull.asker].feed).unwrap();
                if middle {
                    self.fire(Fault::CutInAnswer);
                }
            }
            Exchange::Push(mut exchange) => {
                if exchange.sent > 0 && exchange.sent < exchange.push.body.len() {
                    exchange.taking.cut(&self.nodes[exchange.taker].feed).unwrap();
                    self.fire(Fault::CutInPush);
                }
            }
        }
    }

    /// Something old arrives: a push that was sent long ago, again or late, or an answer after a newer one.
    pub(super) fn late(&mut self) {
        if self.chance(50) && !self.late_pushes.is_empty() {
            let index = self.below(self.late_pushes.len());
            let (taker, peer, body) = self.late_pushes[index].clone();
            assert_eq!(self.nodes[taker].id, peer);
            let mut taking = Taking::start().unwrap();
            if let Some(PushAnswer::Taken(taken)) = taking.receive(&self.nodes[taker].feed, &body).unwrap() {
                self.fire(if taken.stored == 0 && taken.known > 0 { Fault::Duplicate } else { Fault::LatePush });
            }
        } else if !self.late_answers.is_empty() {
            let index = self.below(self.late_answers.len());
            let (pusher, peer, run, push, answer) = self.late_answers.swap_remove(index);
            // The program that waited for it must still run.
            let current = self.nodes[pusher].log.position().unwrap().terms.current();
            if current == Some(run) {
                self.take_answer(pusher, peer, &push, &answer);
                self.fire(Fault::LateAnswer);
            }
        }
    }

    pub(super) fn part_or_heal(&mut self) {
        if self.chance(40) {
            self.apart.clear();
        } else {
            let (a, b) = (self.below(self.nodes.len()), self.below(self.nodes.len()));
            self.apart.insert((a.min(b), a.max(b)));
            self.exchanges.retain(|exchange| {
                let (x, y) = exchange.ends();
                (x.min(y), x.max(y)) != (a.min(b), a.max(b))
            });
        }
    }

    pub(super) fn restart(&mut self) {
        let node = self.below(self.nodes.len());
        let disk = self.nodes[node].log.disk();
        if self.reopen(node, disk) {
            self.fire(Fault::Restart);
        }
    }

    pub(super) fn back_up(&mut self) {
        let node = self.below(self.nodes.len());
        let disk = self.nodes[node].log.disk();
        self.nodes[node].backups.push(disk);
    }

    /// A disk dies; the machine goes on from an old copy. What stood on no other disk is gone with it.
    pub(super) fn restore(&mut self) {
        let node = self.below(self.nodes.len());
        let Some(backup) = self.nodes[node].backups.last().cloned() else { return };
        let mut here = self.facts(node);
        for hash in self.facts_on(&backup) {
            here.remove(&hash);
        }
        for other in (0..self.nodes.len()).filter(|other| *other != node && !self.is_out(*other)) {
            here = here.difference(&self.facts(other)).copied().collect();
        }
        self.lost.extend(here);
        self.reopen(node, backup);
    }

    /// A disk is copied to a second machine, and both run.
    pub(super) fn clone_disk(&mut self) {
        if self.nodes.iter().filter(|node| node.is_clone).count() == 2 {
            return;
        }
        let node = self.any_box();
        let clone = self.node(self.nodes[node].author, self.nodes[node].log.disk(), true);
        self.nodes.push(clone);
    }

    pub(super) fn skew(&mut self) {
        let node = self.below(self.nodes.len());
        self.nodes[node].skew_ms = (self.below(7_200_000) as i64) - 3_600_000;
    }

    /// Whether exchanges were under way.
    pub(super) fn reopen(&mut self, node: usize, disk: MemoryDisk) -> bool {
        let before = self.exchanges.len();
        self.exchanges.retain(|exchange| exchange.ends().0 != node && exchange.ends().1 != node);
        self.runs_seen.retain(|(who, _), _| *who != node);
        let old = &self.nodes[node];
        let (backups, skew_ms, is_clone) = (old.backups.clone(), old.skew_ms, old.is_clone);
        self.nodes[node] = Node { backups, skew_ms, ..self.node(old.author, disk, is_clone) };
        self.nodes[node].feed.recheck().unwrap();
        self.exchanges.len() < before
    }
}
