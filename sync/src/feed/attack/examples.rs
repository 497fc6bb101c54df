//! A facility with fixed keys, and one right example of everything that can be received.

use crate::feed::frame::{self, FrameType};
use crate::feed::message::{Hello, PullHeader, PullRequest, PushAnswer, PushHeader, Taken, Wanted};
use crate::feed::{Address, Cursor, Feed, Limits, Mark, MemoryDisk, MemoryLog, Term, Terms, VERSIONS};
use crate::seal::forget::Forget;
use crate::seal::grant::{Granted, grant};
use crate::seal::{
    Author, BoxId, Change, DataKey, DocumentClass, FacilityId, Gate, KeyId, KeyRing, Members, Month, NamingKey,
    RecordHash, Role, SealedRecord, Sealer, Slot,
};
use domain::Timestamp;
use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::{Arc, OnceLock};
use x25519_dalek::{PublicKey, StaticSecret};

/// One right example.
pub struct Example {
    /// for which target
    pub target: &'static str,
    /// the bytes
    pub bytes: Vec<u8>,
}

/// What attackers meet.
pub(super) struct World {
    pub gate: Gate,
    pub ring: KeyRing,
    pub secret: StaticSecret,
    pub genuine: Vec<RecordHash>,
    pub peer: BoxId,
    owner: BoxId,
    records: Vec<SealedRecord>,
    /// a snapshot, which stands in no stream
    whole: SealedRecord,
}

/// One member, and nobody else.
struct One(BoxId, VerifyingKey);

impl Members for One {
    fn verifying_key(&self, author: BoxId) -> Author {
        if author == self.0 { Author::Known { key: self.1, role: Role::Box } } else { Author::Unknown }
    }
}

pub(super) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::new)
}

impl World {
    fn new() -> World {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let key = SigningKey::from_bytes(&[3; 32]);
        let (peer, owner) = (BoxId::of_key(&key.verifying_key()), BoxId::from_bytes([4; 16]));
        let facility = FacilityId::from_bytes([5; 16]);
        let gate = Gate::new(facility, Arc::new(One(peer, key.verifying_key())));
        let sealer = Sealer::new(facility, peer, key);
        let ring = ring(&mut rng);
        let secret = StaticSecret::from([6; 32]);
        let change = Change { class: DocumentClass::VISIT, id: b"v-1".to_vec(), chunk: vec![8; 40] };
        let sealed = sealer.change(&ring, month(), &change, &mut rng).unwrap();
        let granted = grant(&sealer, owner, &PublicKey::from(&secret), &Granted::all_of(&ring), &mut rng).unwrap();
        let forget = Forget::Documents(vec![sealed.header().document]).seal(&sealer).unwrap();
        let whole = sealer.snapshot(&ring, month(), &change, &[sealed.hash().prefix()], &mut rng).unwrap();
        let records = vec![sealed, granted, sealer.membership(b"statement").unwrap(), forget];
        let genuine = records.iter().chain([&whole]).map(SealedRecord::hash).collect();
        World { gate, ring, secret, genuine, peer, owner, records, whole }
    }

    /// A box's feed that holds the first of the records.
    pub(super) fn feed(&self) -> Feed {
        let log = MemoryLog::open(self.owner, MemoryDisk::default(), term());
        let feed = Feed::new(Arc::new(log), self.gate.clone(), Limits { store_records: 2, ..Limits::default() });
        feed.append_own(self.records[1..3].to_vec()).unwrap();
        feed
    }

    fn address(&self, log: BoxId) -> Address {
        Address { versions: VERSIONS, facility: self.gate.facility(), log }
    }
}

fn month() -> Month {
    Month::from_number(24_322)
}

fn term() -> Term {
    Term::from_bytes([9; 16])
}

fn ring(rng: &mut ChaCha8Rng) -> KeyRing {
    let mut ring = KeyRing::new();
    ring.insert_naming(NamingKey::new(DataKey::generate(rng)));
    let slot = Slot { class: DocumentClass::VISIT, month: month(), generation: 0 };
    ring.insert(KeyId::generate(rng), slot, DataKey::generate(rng));
    ring
}

/// Right examples of everything: seeds for the fuzzer, and what tests alter.
pub fn examples() -> Vec<Example> {
    let world = world();
    let records = world.records.iter().chain([&world.whole]);
    let records = records.map(|record| Example { target: "record", bytes: record.bytes().to_vec() });
    let streams = [("pull_answer", pull_answer(world)), ("push", push(world))];
    let framed = streams.clone().map(|(_, plain)| Example { target: "frames", bytes: [vec![7], plain].concat() });
    let streamed = streams.map(|(target, plain)| Example { target, bytes: [vec![6], plain].concat() });
    let messages = messages(world).map(|bytes| Example { target: "messages", bytes });
    let request = Example { target: "pull_request", bytes: pull_request(world) };
    let heartbeat = Example { target: "heartbeat", bytes: HEARTBEAT.as_bytes().to_vec() };
    records.chain(framed).chain(streamed).chain(messages).chain([request, heartbeat]).collect()
}

/// A heartbeat as it is posted.
const HEARTBEAT: &str = r#"{"sent_at_ms":1,"version":[0,1,0],"uptime_s":60,"queue":{"count":2,"oldest_s":30},"readers":{"working":1,"failing":0,"dead":0},"clock_offset_ms":null,"uploaded":{"end":9,"up_to":7,"behind_since_ms":5},"certificate_ends_ms":9}"#;

fn mark() -> Mark {
    Mark { term: term(), sequence: 1 }
}

fn pull_request(world: &World) -> Vec<u8> {
    let request = PullRequest {
        address: world.address(world.owner),
        run: Some(Term::from_bytes([1; 16])),
        cursor: Cursor::new(vec![mark()]),
        most_bytes: 100_000,
        wait_s: 0,
        have: vec![world.records[2].hash().prefix()],
        at: Some(mark()),
        wanted: Wanted::Records,
        snapshots: vec![world.whole.hash().prefix()],
    };
    request.to_bytes()
}

fn messages(world: &World) -> [Vec<u8>; 4] {
    let taken = Taken { stored: 2, known: 1, up_to: 9, mark: Some(mark()), refused: [(7, 1)].into(), forgotten: 0 };
    let hello = Hello {
        versions: VERSIONS,
        facility: world.gate.facility(),
        log: world.owner,
        run: Some(term()),
        end: 9,
        clock: Timestamp::from_ms(1),
    };
    let restarted = PushAnswer::Restarted(Some(term())).to_bytes();
    [pull_request(world), PushAnswer::Taken(taken).to_bytes(), restarted, hello.to_bytes()]
}

fn pull_answer(world: &World) -> Vec<u8> {
    let header = PullHeader {
        version: 1,
        facility: world.gate.facility(),
        log: world.peer,
        run: Some(term()),
        from: 0,
        end: 9,
        clock: Timestamp::from_ms(1),
        terms: Terms::from_entries(vec![(term(), 1)]).unwrap(),
    };
    with_records(FrameType::PullHeader, &header.body(), &world.records)
}

fn push(world: &World) -> Vec<u8> {
    let header =
        PushHeader { address: world.address(world.owner), run: Some(term()), base: Some(mark()), peer_run: None };
    with_records(FrameType::PushHeader, &header.body(), &world.records)
}

fn with_records(what: FrameType, header: &[u8], records: &[SealedRecord]) -> Vec<u8> {
    let mut plain = frame::single(what, header);
    for (sequence, record) in (1..).zip(records) {
        frame::write_record(&mut plain, sequence, record);
    }
    frame::write(&mut plain, FrameType::Reached, &7_u64.to_be_bytes());
    frame::write(&mut plain, FrameType::End, &[1]);
    plain
}
