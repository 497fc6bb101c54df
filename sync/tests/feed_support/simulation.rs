//! A small world of logs, lines and faults, driven by one seed. No clock, no network: the machines of the feed and nothing else.

use super::facility::Facility;
use domain::Timestamp;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use sync::feed::{
    EndReason, Feed, FeedLog, Limits, MemoryDisk, MemoryLog, Pulling, Push, PushAnswer, Pushed, Serving, ServingStep,
    Taking, Term,
};
use sync::seal::forget::Forget;
use sync::seal::{Author, BoxId, DocumentTag, RecordHash, Role, Sealer};

/// What can go wrong. Each is counted when its effect was seen, not when it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// a line was cut inside a frame, after whole records of the same answer had come
    CutInAnswer,
    /// a push was cut before its end
    CutInPush,
    /// a request was lost before the peer saw it
    DroppedRequest,
    /// a push was taken and its answer lost
    DroppedAnswer,
    /// the same push arrived twice, and the second time everything was known
    Duplicate,
    /// an old push arrived after newer ones
    LatePush,
    /// an old answer arrived after a newer one
    LateAnswer,
    /// an exchange was impossible because of a partition
    Partition,
    /// a program started again while exchanges were under way
    Restart,
    /// a restored log answered a pull from before where the asker had been
    RestoredServer,
    /// a restored log told a pusher that it went back
    RestoredTaker,
    /// a peer was found to be another run
    OtherRun,
    /// a copy of a disk wrote while the original lived on
    Clone,
    /// a peer's clock was seen to be off by more than half an hour
    Skew,
    /// records of a box not known yet were kept, and checked later
    LateMember,
    /// a forged record among those was removed
    Forgery,
    /// records were forgotten
    Forgotten,
}

impl Fault {
    pub const ALL: [Fault; 17] = [
        Fault::CutInAnswer,
        Fault::CutInPush,
        Fault::DroppedRequest,
        Fault::DroppedAnswer,
        Fault::Duplicate,
        Fault::LatePush,
        Fault::LateAnswer,
        Fault::Partition,
        Fault::Restart,
        Fault::RestoredServer,
        Fault::RestoredTaker,
        Fault::OtherRun,
        Fault::Clone,
        Fault::Skew,
        Fault::LateMember,
        Fault::Forgery,
        Fault::Forgotten,
    ];
}

pub type Fired = BTreeMap<Fault, u64>;

/// Small enough that every boundary is met by a few records.
fn limits() -> Limits {
    Limits {
        page_bytes: 700,
        batch_bytes: 2_500,
        push_bytes: 1_200,
        store_records: 3,
        have: 6,
        passed_over: 3,
        ..Limits::default()
    }
}

/// One machine with one disk.
struct Node {
    id: BoxId,
    author: usize,
    log: Arc<MemoryLog>,
    feed: Arc<Feed>,
    backups: Vec<MemoryDisk>,
    skew_ms: i64,
    is_clone: bool,
}

enum Exchange {
    Pull(Pull),
    Push(PushExchange),
}

struct Pull {
    asker: usize,
    server: usize,
    serving: Option<Serving>,
    pulling: Pulling,
    wire: Vec<u8>,
    live: bool,
    before: u64,
}

struct PushExchange {
    pusher: usize,
    taker: usize,
    push: Push,
    sent: usize,
    taking: Taking,
    answer: Option<PushAnswer>,
}

pub struct World {
    rng: ChaCha8Rng,
    facility: Facility,
    sealers: Vec<Sealer>,
    latecomer: Option<(usize, Author)>,
    nodes: Vec<Node>,
    hub: Option<usize>,
    apart: BTreeSet<(usize, usize)>,
    exchanges: Vec<Exchange>,
    late_pushes: Vec<(usize, BoxId, Vec<u8>)>,
    late_answers: Vec<(usize, BoxId, Term, Push, PushAnswer)>,
    runs_seen: HashMap<(usize, BoxId), Term>,
    written: BTreeMap<RecordHash, DocumentTag>,
    forged: BTreeSet<RecordHash>,
    lost: BTreeSet<RecordHash>,
    forgotten_ever: BTreeSet<DocumentTag>,
    pub fired: Fired,
}

impl World {
    pub fn new(seed: u64) -> World {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut facility = Facility::new(seed ^ 0xfeed);
        let boxes = 2 + below(&mut rng, 4);
        let mut sealers: Vec<Sealer> = (0..boxes).map(|_| facility.join(Role::Box)).collect();
        let hub = (below(&mut rng, 4) > 0).then_some(boxes);
        if hub.is_some() {
            sealers.push(facility.join(Role::Hub));
        }
        let mut world = World {
            latecomer: None,
            nodes: Vec::new(),
            hub,
            apart: BTreeSet::new(),
            exchanges: Vec::new(),
            late_pushes: Vec::new(),
            late_answers: Vec::new(),
            runs_seen: HashMap::new(),
            written: BTreeMap::new(),
            forged: BTreeSet::new(),
            lost: BTreeSet::new(),
            forgotten_ever: BTreeSet::new(),
            fired: Fired::new(),
            rng,
            facility,
            sealers,
        };
        world.hide_a_member();
        for author in 0..world.sealers.len() {
            let node = world.node(author, MemoryDisk::default(), false);
            world.nodes.push(node);
        }
        world
    }

    /// One box in some worlds is not known to anybody at first.
    fn hide_a_member(&mut self) {
        if self.chance(40) {
            let id = self.sealers[0].author();
            let author = sync::seal::Members::verifying_key(&*self.facility.register, id);
            self.facility.register.set(id, Author::Unknown);
            self.latecomer = Some((0, author));
        }
    }

    /// So many steps of a random schedule.
    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            self.step();
        }
    }

    fn step(&mut self) {
        match self.below(1_000) {
            0..170 => self.write(),
            170..270 => self.start_pull(),
            270..350 => self.start_push(),
            350..870 => self.advance(),
            870..895 => self.cut(),
            895..910 => self.late(),
            910..925 => self.part_or_heal(),
            925..945 => self.restart(),
            945..960 => self.back_up(),
            960..970 => self.restore(),
            970..976 => self.clone_disk(),
            976..984 => self.skew(),
            984..990 => self.forget(),
            990..995 => self.forge(),
            _ => self.introduce(),
        }
    }

    // ── what people and machines do ──

    fn write(&mut self) {
        let node = self.any_box();
        let (author, document) = (self.nodes[node].author, format!("p-{}", self.below(6)));
        let text = vec![7; 20 + self.below(300)];
        let record = self.facility.change(&self.sealers[author], &document, &text);
        self.written.insert(record.hash(), record.header().document);
        self.nodes[node].feed.append_own(vec![record]).unwrap();
        if self.nodes[node].is_clone {
            self.fire(Fault::Clone);
        }
    }

    fn forget(&mut self) {
        let node = self.any_box();
        let known: Vec<DocumentTag> =
            self.written.values().copied().filter(|tag| *tag != DocumentTag::FACILITY).collect();
        if known.is_empty() || self.is_hidden(node) {
            return;
        }
        let tag = known[self.below(known.len())];
        let record = Forget::Documents(vec![tag]).seal(&self.sealers[self.nodes[node].author]).unwrap();
        self.forgotten_ever.insert(tag);
        self.written.insert(record.hash(), DocumentTag::FACILITY);
        self.nodes[node].feed.append_own(vec![record]).unwrap();
        self.fire(Fault::Forgotten);
    }

    fn is_hidden(&self, node: usize) -> bool {
        self.latecomer.is_some_and(|(author, _)| author == self.nodes[node].author)
    }

    /// Somebody writes in the name of the box nobody knows yet.
    fn forge(&mut self) {
        if let Some((author, _)) = self.latecomer {
            let (stranger, _) = self.facility.stranger();
            let record = self.facility.change(&stranger, "p-0", b"forged");
            let mut bytes = record.bytes().to_vec();
            bytes[44..60].copy_from_slice(self.sealers[author].author().as_bytes());
            let node = self.any_box();
            let forged = sync::seal::SealedRecord::parse(bytes).unwrap();
            self.forged.insert(forged.hash());
            self.nodes[node].feed.append_own(vec![forged]).unwrap();
        }
    }

    /// The box nobody knew becomes known, and every log looks again at what it kept unread.
    fn introduce(&mut self) {
        if self.below(3) == 0
            && let Some((author, known)) = self.latecomer.take()
        {
            self.facility.register.set(self.sealers[author].author(), known);
            self.recheck();
        }
    }

    fn recheck(&mut self) {
        for node in 0..self.nodes.len() {
            let waiting = self.nodes[node].log.unchecked(0, 1_000).unwrap().len();
            let before = self.hashes(node);
            self.nodes[node].feed.recheck().unwrap();
            let after = self.hashes(node);
            let (kept, gone) = (after.len(), before.difference(&after).count());
            if waiting > gone && kept > 0 {
                self.fire(Fault::LateMember);
            }
            if before.difference(&after).any(|hash| self.forged.contains(hash)) {
                self.fire(Fault::Forgery);
            }
        }
    }

    // ── exchanges ──

    fn start_pull(&mut self) {
        let Some((asker, server)) = self.pair() else { return };
        let live = self.chance(30);
        let exchange = self.pull(asker, server, live);
        self.exchanges.extend(exchange.map(Exchange::Pull));
    }

    fn pull(&mut self, asker: usize, server: usize, live: bool) -> Option<Pull> {
        let (asking, serving) = (&self.nodes[asker], &self.nodes[server]);
        let (pulling, request) = Pulling::start(&asking.feed, serving.id, u32::from(live)).unwrap();
        if self.rng.next_u32() % 100 < 4 {
            self.fire(Fault::DroppedRequest);
            return None;
        }
        let (asking, serving) = (&self.nodes[asker], &self.nodes[server]);
        let clock = Timestamp::from_ms(1_800_000_000_000 + serving.skew_ms);
        let head = asking.log.pulled(serving.id).unwrap().cursor.head().map_or(0, |mark| mark.sequence);
        let (machine, wire) = Serving::start(&serving.feed, &request, clock).unwrap();
        Some(Pull { asker, server, serving: Some(machine), pulling, wire, live, before: head })
    }

    fn start_push(&mut self) {
        let Some((pusher, taker)) = self.pair() else { return };
        let exchange = self.push(pusher, taker);
        self.exchanges.extend(exchange.map(Exchange::Push));
    }

    fn push(&mut self, pusher: usize, taker: usize) -> Option<PushExchange> {
        let peer = self.nodes[taker].id;
        let run = self.runs_seen.get(&(pusher, peer)).copied();
        let push = Push::next(&self.nodes[pusher].feed, peer, run).unwrap()?;
        if self.rng.next_u32() % 100 < 4 {
            self.fire(Fault::DroppedRequest);
            return None;
        }
        if self.chance(15) {
            self.late_pushes.push((taker, peer, push.body.clone()));
        }
        Some(PushExchange { pusher, taker, push, sent: 0, taking: Taking::start().unwrap(), answer: None })
    }

    /// A little more of some exchange.
    fn advance(&mut self) {
        if self.exchanges.is_empty() {
            return;
        }
        let index = self.below(self.exchanges.len());
        let exchange = self.exchanges.swap_remove(index);
        let going_on = match exchange {
            Exchange::Pull(pull) => self.advance_pull(pull).map(Exchange::Pull),
            Exchange::Push(push) => self.advance_push(push).map(Exchange::Push),
        };
        self.exchanges.extend(going_on);
    }

    fn advance_pull(&mut self, mut pull: Pull) -> Option<Pull> {
        if pull.wire.is_empty() {
            self.serve(&mut pull);
        }
        if !pull.wire.is_empty() {
            let some = 1 + self.below(pull.wire.len());
            let bytes: Vec<u8> = pull.wire.drain(..some).collect();
            pull.pulling.receive(&self.nodes[pull.asker].feed, &bytes).unwrap();
            self.look_at_header(&mut pull);
        }
        if pull.pulling.end() == Some(EndReason::CaughtUp) {
            self.check_pulled(&pull);
        }
        pull.pulling.end().is_none().then_some(pull)
    }

    fn serve(&mut self, pull: &mut Pull) {
        let feed = self.nodes[pull.server].feed.clone();
        let Some(serving) = &mut pull.serving else { return };
        let ending = match serving.step(&feed).unwrap() {
            ServingStep::Send(bytes) => {
                pull.wire.extend(bytes);
                None
            }
            ServingStep::CaughtUp if pull.live => {
                pull.wire.extend(serving.keep_alive().unwrap());
                self.rng.next_u32().is_multiple_of(4).then_some(EndReason::CaughtUp)
            }
            ServingStep::CaughtUp => Some(EndReason::CaughtUp),
            ServingStep::End(reason) => Some(reason),
        };
        if let (Some(reason), true) = (ending, pull.serving.is_some()) {
            let serving = pull.serving.take().unwrap();
            pull.wire.extend(serving.end(reason).unwrap());
        }
    }

    fn look_at_header(&mut self, pull: &mut Pull) {
        let Some(run) = pull.pulling.peer_run() else { return };
        if (run.clock.as_ms() - 1_800_000_000_000).abs() > 30 * 60 * 1_000 {
            self.fire(Fault::Skew);
        }
        let peer = self.nodes[pull.server].id;
        if let Some(term) = run.run {
            let earlier = self.runs_seen.insert((pull.asker, peer), term);
            if earlier.is_some_and(|earlier| earlier != term) {
                self.fire(Fault::OtherRun);
            }
        }
        let reached = pull.pulling.mark().map_or(0, |mark| mark.sequence);
        if reached < std::mem::replace(&mut pull.before, 0) {
            self.fire(Fault::RestoredServer);
        }
    }

    /// A pull that has caught up left nothing out.
    fn check_pulled(&self, pull: &Pull) {
        let reached = pull.pulling.mark().map_or(0, |mark| mark.sequence);
        let here = self.hashes(pull.asker);
        let page = self.nodes[pull.server].log.read_after(0, usize::MAX).unwrap();
        for logged in page.records.iter().filter(|logged| logged.sequence <= reached) {
            let excused = self.forgotten_ever.contains(&logged.record.header().document);
            let forged = self.forged.contains(&logged.record.hash());
            assert!(excused || forged || here.contains(&logged.record.hash()), "a pull skipped a record");
        }
    }

    fn advance_push(&mut self, mut exchange: PushExchange) -> Option<PushExchange> {
        if let Some(answer) = exchange.answer.take() {
            self.answer(exchange, answer);
            return None;
        }
        let rest = &exchange.push.body[exchange.sent..];
        let some = 1 + below(&mut self.rng, rest.len());
        let answer = exchange.taking.receive(&self.nodes[exchange.taker].feed, &rest[..some]).unwrap();
        exchange.sent += some;
        if let Some(answer) = answer {
            self.check_acknowledged(&exchange, &answer);
            if self.chance(4) {
                self.fire(Fault::DroppedAnswer);
                return None;
            }
            exchange.answer = Some(answer);
        }
        Some(exchange)
    }

    /// An acknowledgement is a promise about everything up to its number.
    fn check_acknowledged(&self, exchange: &PushExchange, answer: &PushAnswer) {
        let PushAnswer::Taken(taken) = answer else { return };
        let there = self.hashes(exchange.taker);
        let page = self.nodes[exchange.pusher].log.read_after(0, usize::MAX).unwrap();
        for logged in page.records.iter().filter(|logged| logged.sequence <= taken.up_to) {
            let excused = self.forgotten_ever.contains(&logged.record.header().document);
            let forged = self.forged.contains(&logged.record.hash());
            assert!(excused || forged || there.contains(&logged.record.hash()), "acknowledged and not kept");
        }
    }

    fn answer(&mut self, exchange: PushExchange, answer: PushAnswer) {
        let (pusher, peer) = (exchange.pusher, self.nodes[exchange.taker].id);
        if self.chance(10) {
            let run = self.nodes[pusher].log.position().unwrap().terms.current().unwrap();
            self.late_answers.push((pusher, peer, run, exchange.push, answer));
            return;
        }
        self.take_answer(pusher, peer, &exchange.push, &answer);
    }

    fn take_answer(&mut self, pusher: usize, peer: BoxId, push: &Push, answer: &PushAnswer) {
        match push.answered(&self.nodes[pusher].feed, peer, answer).unwrap() {
            Pushed::Acknowledged => {}
            Pushed::WentBack => self.fire(Fault::RestoredTaker),
            Pushed::Restarted(run) => {
                run.map(|run| self.runs_seen.insert((pusher, peer), run));
                self.fire(Fault::OtherRun);
            }
        }
    }

    // ── faults ──

    fn cut(&mut self) {
        if self.exchanges.is_empty() {
            return;
        }
        let index = self.below(self.exchanges.len());
        match self.exchanges.swap_remove(index) {
            Exchange::Pull(mut pull) => {
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
    fn late(&mut self) {
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

    fn part_or_heal(&mut self) {
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

    fn restart(&mut self) {
        let node = self.below(self.nodes.len());
        let disk = self.nodes[node].log.disk();
        if self.reopen(node, disk) {
            self.fire(Fault::Restart);
        }
    }

    fn back_up(&mut self) {
        let node = self.below(self.nodes.len());
        let disk = self.nodes[node].log.disk();
        self.nodes[node].backups.push(disk);
    }

    /// A disk dies; the machine goes on from an old copy. What stood on no other disk is gone with it.
    fn restore(&mut self) {
        let node = self.below(self.nodes.len());
        let Some(backup) = self.nodes[node].backups.last().cloned() else { return };
        let mut here = self.hashes(node);
        for hash in backup.hashes() {
            here.remove(&hash);
        }
        for other in (0..self.nodes.len()).filter(|other| *other != node) {
            here = here.difference(&self.hashes(other)).copied().collect();
        }
        self.lost.extend(here);
        self.reopen(node, backup);
    }

    /// A disk is copied to a second machine, and both run.
    fn clone_disk(&mut self) {
        if self.nodes.iter().filter(|node| node.is_clone).count() == 2 {
            return;
        }
        let node = self.any_box();
        let clone = self.node(self.nodes[node].author, self.nodes[node].log.disk(), true);
        self.nodes.push(clone);
    }

    fn skew(&mut self) {
        let node = self.below(self.nodes.len());
        self.nodes[node].skew_ms = (self.below(7_200_000) as i64) - 3_600_000;
    }

    /// Whether exchanges were under way.
    fn reopen(&mut self, node: usize, disk: MemoryDisk) -> bool {
        let before = self.exchanges.len();
        self.exchanges.retain(|exchange| exchange.ends().0 != node && exchange.ends().1 != node);
        self.runs_seen.retain(|(who, _), _| *who != node);
        let old = &self.nodes[node];
        let (backups, skew_ms, is_clone) = (old.backups.clone(), old.skew_ms, old.is_clone);
        self.nodes[node] = Node { backups, skew_ms, ..self.node(old.author, disk, is_clone) };
        self.nodes[node].feed.recheck().unwrap();
        self.exchanges.len() < before
    }

    // ── the end ──

    /// Everything heals; everybody exchanges until nothing moves. Then all must hold the same, and nothing may be missing.
    pub fn settle(&mut self) {
        self.exchanges.clear();
        self.apart.clear();
        if let Some((author, known)) = self.latecomer.take() {
            self.facility.register.set(self.sealers[author].author(), known);
        }
        self.recheck();
        let rounds = (0..40).position(|_| self.round() == 0).expect("does not come to rest");
        assert!(rounds <= 3 * self.nodes.len(), "{rounds} rounds");
        self.recheck();
        assert_eq!(self.round(), 0, "a quiet round moves nothing");
        self.check();
    }

    /// Every machine talks to those it can reach; how many records moved.
    fn round(&mut self) -> u32 {
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

    fn pull_all(&mut self, asker: usize, server: usize) -> u32 {
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

    fn advance_pull_whole(&mut self, pull: &mut Pull) -> Option<bool> {
        self.serve(pull);
        let bytes = std::mem::take(&mut pull.wire);
        pull.pulling.receive(&self.nodes[pull.asker].feed, &bytes).unwrap();
        self.look_at_header(pull);
        pull.pulling.end().is_none().then_some(true)
    }

    fn push_all(&mut self, pusher: usize, taker: usize) -> u32 {
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

    fn check(&self) {
        let all = self.hashes(0);
        for node in 1..self.nodes.len() {
            assert_eq!(self.hashes(node), all, "machine {node} holds another set");
        }
        for (hash, document) in &self.written {
            let excused = self.lost.contains(hash) || self.forgotten_ever.contains(document);
            assert!(excused || all.contains(hash), "a fact that was saved is gone");
        }
        assert!(all.iter().all(|hash| self.written.contains_key(hash)), "something nobody wrote");
        for logged in self.nodes[0].log.read_after(0, usize::MAX).unwrap().records {
            if let Ok(Forget::Documents(tags)) = Forget::read(&logged.record) {
                let survivors = all.iter().filter(|hash| tags.contains(&self.written[*hash])).count();
                assert_eq!(survivors, 0, "forgotten and still there");
            }
        }
    }

    // ── small things ──

    fn node(&self, author: usize, disk: MemoryDisk, is_clone: bool) -> Node {
        let id = self.sealers[author].author();
        let mut term = [0; 16];
        // Not from the schedule's own chance: a restart must not change what the schedule does next.
        let salt = self.nodes.len() as u64 ^ (self.written.len() as u64) << 8 ^ (self.rng.get_word_pos() as u64) << 20;
        ChaCha8Rng::seed_from_u64(salt).fill_bytes(&mut term);
        let log = Arc::new(MemoryLog::open(id, disk, Term::from_bytes(term)));
        let feed = Arc::new(Feed::new(log.clone(), self.facility.gate(), limits()));
        Node { id, author, log, feed, backups: Vec::new(), skew_ms: 0, is_clone }
    }

    fn hashes(&self, node: usize) -> BTreeSet<RecordHash> {
        self.nodes[node].log.disk().hashes().collect()
    }

    /// Hubs never call; nobody calls itself or its own copy.
    fn may_talk(&self, asker: usize, server: usize) -> bool {
        let star = self.hub.is_some() && self.facility.id.as_bytes()[0] < 100;
        let apart = self.apart.contains(&(asker.min(server), asker.max(server)));
        asker != server
            && !apart
            && self.hub != Some(asker)
            && self.nodes[asker].id != self.nodes[server].id
            && (!star || self.hub == Some(server))
    }

    fn pair(&mut self) -> Option<(usize, usize)> {
        let (a, b) = (self.below(self.nodes.len()), self.below(self.nodes.len()));
        if self.apart.contains(&(a.min(b), a.max(b))) {
            self.fire(Fault::Partition);
        }
        self.may_talk(a, b).then_some((a, b))
    }

    fn any_box(&mut self) -> usize {
        let boxes: Vec<usize> = (0..self.nodes.len()).filter(|node| self.hub != Some(*node)).collect();
        boxes[self.below(boxes.len())]
    }

    fn below(&mut self, limit: usize) -> usize {
        below(&mut self.rng, limit)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn fire(&mut self, fault: Fault) {
        *self.fired.entry(fault).or_default() += 1;
    }
}

impl Exchange {
    fn ends(&self) -> (usize, usize) {
        match self {
            Exchange::Pull(pull) => (pull.asker, pull.server),
            Exchange::Push(exchange) => (exchange.pusher, exchange.taker),
        }
    }
}

fn below(rng: &mut ChaCha8Rng, limit: usize) -> usize {
    (rng.next_u64() % limit.max(1) as u64) as usize
}
