//! Members that drip, swamp and bomb a hub, from inside: with a right certificate, over right connections. They are cut off, the hub's
//! memory stays where it was, and everybody else is served meanwhile.

#![allow(clippy::unwrap_used)]

#[path = "support/clinic.rs"]
mod clinic;
#[path = "support/counter.rs"]
mod counter;
#[path = "support/process.rs"]
mod process;

use clinic::{Clinic, identity, now};
use counter::Counter;
use process::{Process, start};
use std::io::Write;
use std::time::Duration;
use sync::facility::Introduction;
use sync::feed::FeedFailure;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use uketsuke_hub::store::Store;
use uketsuke_hub::store::facilities::{self, Quota, enrol};

const FIRST: u8 = 1;
const SECOND: u8 = 2;
/// A push's place, and a pull's.
const PUSH: &str = "/feed/v1/push";
const PULL: &str = "/feed/v1/pull";
/// Far more than the hub's patience, on any machine.
const LONG: Duration = Duration::from_secs(180);
/// How much more memory a hub may have needed at most than before it was attacked: a few pages and portions, not what was sent.
const ROOM_KB: u64 = 48 << 10;

/// A clinic of two boxes at a running hub.
struct Small {
    clinic: Clinic,
    hub: Introduction,
    process: Process,
    _folder: tempfile::TempDir,
}

impl Small {
    fn new() -> Small {
        let folder = tempfile::tempdir().unwrap();
        let mut clinic = Clinic::found(FIRST);
        let store = Store::open_folder(folder.path()).unwrap();
        let hub = store.write(facilities::identity).unwrap().introduction();
        clinic.admit(&identity(SECOND).introduction());
        clinic.admit(&hub);
        store.write(|sql| enrol(sql, clinic.id, &clinic.statements, Quota::default(), now())).unwrap();
        drop(store);
        let process = start(&["--data", folder.path().to_str().unwrap()]);
        Small { clinic, hub, process, _folder: folder }
    }

    /// Somebody else of the clinic writes and exchanges as if nothing were.
    async fn goes_on(&mut self, counter: &Counter) {
        let client = counter.calls(&self.hub, self.process.boxes);
        counter.write(&mut self.clinic, 3);
        let exchanged = tokio::time::timeout(LONG, client.exchange()).await.expect("an exchange ends");
        assert_eq!(exchanged.unwrap().sent, 3);
    }
}

/// The status of an answer, as soon as it is there.
async fn status(stream: &mut (impl AsyncRead + Unpin)) -> u16 {
    let mut head = [0; 12];
    tokio::time::timeout(LONG, stream.read_exact(&mut head)).await.expect("an answer in time").expect("an answer");
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

async fn announce(stream: &mut (impl AsyncWrite + Unpin), path: &str, bytes: usize) {
    let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {bytes}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
}

fn frame(what: u8, body: &[u8]) -> Vec<u8> {
    [&[what][..], &(body.len() as u32).to_be_bytes(), body].concat()
}

fn compressed(write: impl FnOnce(&mut zstd::Encoder<'_, Vec<u8>>)) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(17).unwrap();
    write(&mut encoder);
    encoder.finish().unwrap()
}

impl Small {
    /// The right beginning of a push.
    fn push_header(&self) -> Vec<u8> {
        let mut header = [0, 1, 0, 1].to_vec();
        header.extend_from_slice(self.clinic.id.as_bytes());
        header.extend_from_slice(self.hub.id().as_bytes());
        header.extend_from_slice(&[0; 33]);
        frame(6, &header)
    }

    /// A push that is right as far as it goes: a long record that does not end.
    fn endless_push(&self) -> Vec<u8> {
        let mut noise = 1_u32;
        let record = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        });
        let begun =
            [&self.push_header()[..], &[2], &60_000_u32.to_be_bytes(), &record.take(50_000).collect::<Vec<u8>>()];
        compressed(|encoder| encoder.write_all(&begun.concat()).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_drip_are_cut_off_while_others_are_served() {
    let mut small = Small::new();
    let (dripping, honest) = (Counter::new(&small.clinic, SECOND), Counter::new(&small.clinic, FIRST));
    small.goes_on(&honest).await;
    let before = small.process.most_memory_kb();
    let mut lines = Vec::new();
    for path in [PUSH, PULL, PUSH, PULL] {
        let mut stream = dripping.dial(&small.hub, small.process.boxes).await;
        announce(&mut stream, path, 60_000).await;
        let (mut reading, mut writing) = tokio::io::split(stream);
        let body = small.endless_push();
        let drip = tokio::spawn(async move {
            let mut pause = tokio::time::interval(Duration::from_millis(200));
            for byte in body {
                if writing.write_all(&[byte]).await.is_err() || writing.flush().await.is_err() {
                    return;
                }
                pause.tick().await;
            }
        });
        lines.push((tokio::spawn(async move { status(&mut reading).await }), drip));
    }
    // a connection that never says who it is holds nothing up either
    let mut silent = tokio::net::TcpStream::connect(small.process.boxes).await.unwrap();
    small.goes_on(&honest).await;
    for (answer, drip) in lines {
        assert_eq!(answer.await.unwrap(), 408, "cut off with a reason");
        drip.abort();
    }
    let ended = tokio::time::timeout(LONG, silent.read(&mut [0; 16])).await.expect("it is hung up");
    assert!(matches!(ended, Ok(0) | Err(_)));
    small.goes_on(&honest).await;
    let grown = small.process.most_memory_kb() - before;
    assert!(grown < ROOM_KB, "{grown} kB more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_without_being_held() {
    let mut small = Small::new();
    let (hostile, honest) = (Counter::new(&small.clinic, SECOND), Counter::new(&small.clinic, FIRST));
    small.goes_on(&honest).await;
    let before = small.process.most_memory_kb();
    let header = small.push_header();
    // a change of 900 megabytes is announced, and much of it comes
    let announced = [&header[..], &[2][..], &(900_u32 << 20).to_be_bytes(), &[7; 64 << 10]].concat();
    let announced = compressed(|encoder| encoder.write_all(&announced).unwrap());
    // half a gigabyte of signs of life in a few kilobytes
    let alive = [4, 0, 0, 0, 0].repeat(1 << 20);
    let bomb = compressed(|encoder| {
        encoder.write_all(&header).unwrap();
        (0..100).for_each(|_| encoder.write_all(&alive).unwrap());
    });
    assert!(bomb.len() < 1 << 20);
    for (path, body) in
        [(PUSH, announced), (PUSH, bomb), (PULL, vec![0; 2 << 20]), ("/fleet/v1/heartbeat", vec![b'['; 2 << 20])]
    {
        let mut stream = hostile.dial(&small.hub, small.process.boxes).await;
        announce(&mut stream, path, body.len()).await;
        let (mut reading, mut writing) = tokio::io::split(stream);
        // a hub that has heard enough closes its ear
        let sending = tokio::spawn(async move { writing.write_all(&body).await.and(Ok(writing)) });
        let answer = status(&mut reading).await;
        assert!(matches!(answer, 400 | 404 | 413), "{path}: {answer}");
        drop(sending.await.unwrap());
    }
    small.goes_on(&honest).await;
    let grown = small.process.most_memory_kb() - before;
    assert!(grown < ROOM_KB, "{grown} kB more");
    // the same box, behaving, is served as ever
    let client = hostile.calls(&small.hub, small.process.boxes);
    let pulled = tokio::time::timeout(LONG, client.pull()).await.expect("it ends");
    assert_eq!(pulled.map(|pulled| pulled.received.stored), Ok::<u32, FeedFailure>(6));
}
