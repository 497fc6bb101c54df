//! A small world of logs, lines and faults, driven by one seed. No clock, no network: the machines of the feed and nothing else.

#[path = "simulation/ending.rs"]
mod ending;
#[path = "simulation/exchanges.rs"]
mod exchanges;
#[path = "simulation/fault.rs"]
mod fault;
#[path = "simulation/snapshots.rs"]
mod snapshots;
#[path = "simulation/trouble.rs"]
mod trouble;

use super::facility::Facility;
use domain::Timestamp;
pub use fault::{Fault, Fired};
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

/// Small enough that every boundary is met by a few records.
fn limits() -> Limits {
    Limits {
        page_bytes: 700,
        batch_bytes: 2_500,
        push_bytes: 1_200,
        store_records: 3,
        have: 6,
        passed_over: 8,
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
    packed: BTreeMap<RecordHash, snapshots::Packed>,
    newcomers: BTreeSet<usize>,
    /// those put out, by their place among the sealers
    out: BTreeSet<usize>,
    lost: BTreeSet<RecordHash>,
    forgotten_ever: BTreeSet<DocumentTag>,
    /// who had which documents forgotten
    forgets: Vec<(DocumentTag, usize)>,
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
            packed: BTreeMap::new(),
            newcomers: BTreeSet::new(),
            out: BTreeSet::new(),
            lost: BTreeSet::new(),
            forgotten_ever: BTreeSet::new(),
            forgets: Vec::new(),
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
            350..836 => self.advance(),
            836..862 => self.pack(),
            862..865 => self.join(),
            865..870 => self.put_out(),
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
        self.forgets.push((tag, self.nodes[node].author));
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
            && !self.is_out(asker)
            && !self.is_out(server)
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
        let boxes: Vec<usize> =
            (0..self.nodes.len()).filter(|node| self.hub != Some(*node) && !self.is_out(*node)).collect();
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
