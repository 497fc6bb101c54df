//! The feed over real connections: what a day on good and bad lines looks like, and what hostile callers get.
#![allow(clippy::unwrap_used)]

#[path = "feed_support/facility.rs"]
mod facility;
#[path = "feed_support/lines.rs"]
mod lines;

use facility::Facility;
use lines::{NAME, Papers, Station, breaking_line, say, start, station};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use sync::feed::{Budget, FeedFailure, FeedLog, Limits, Side, Span};
use sync::replica::{Document, Writer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const FREE: Budget = Budget::UNLIMITED;

/// A counter and a drive-through window, with their papers.
async fn two(limits: Limits, budget: Budget) -> (Facility, Arc<Papers>, Station, Station) {
    let mut facility = Facility::new(11);
    let papers = Papers::new();
    let counter = station(&mut facility, &papers, limits.clone(), FREE).await;
    let window = station(&mut facility, &papers, limits, budget).await;
    (facility, papers, counter, window)
}

/// Limits short enough to wait for.
fn impatient() -> Limits {
    Limits {
        grace: Duration::from_millis(300),
        slowest_bytes_per_s: 100_000,
        keep_alive: Duration::from_millis(50),
        ..Limits::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_boxes_exchange_what_each_has_and_then_nothing() {
    let (mut facility, _, counter, window) = two(Limits::default(), FREE).await;
    counter.write(&mut facility, 300);
    window.write(&mut facility, 200);
    let client = counter.calls(&window, window.address, FREE);
    let first = client.exchange().await.unwrap();
    assert_eq!((first.received.stored, first.received.known, first.sent), (200, 0, 300));
    assert_eq!(counter.hashes(), window.hashes());
    let hello = client.hello().await.unwrap();
    assert_eq!((hello.log, hello.end), (window.id(), 500));
    let second = client.exchange().await.unwrap();
    assert_eq!((second.received.stored, second.received.known, second.sent), (0, 0, 0));
    // Having told twice what it has, it need not tell again.
    client.exchange().await.unwrap();
    let quiet = client.exchange().await.unwrap();
    assert!(quiet.bytes < 500, "{} bytes for nothing", quiet.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_line_carries_what_is_written_and_not_back_what_it_brought() {
    let limits = Limits { keep_alive: Duration::from_millis(50), ..Limits::default() };
    let (mut facility, _, counter, window) = two(limits, FREE).await;
    let client = Arc::new(counter.calls(&window, window.address, FREE));
    let live = tokio::spawn({
        let client = client.clone();
        async move { client.live().await }
    });
    for round in 1..=5 {
        window.write(&mut facility, 1);
        counter.holds(round * 2 - 1).await;
        counter.write(&mut facility, 1);
        client.push().await.unwrap();
        window.holds(round * 2).await;
    }
    assert_eq!(counter.hashes(), window.hashes());
    window.stop.send(true).unwrap();
    let ended = live.await.unwrap().unwrap();
    assert_eq!((ended.received.stored, ended.received.known), (5, 0), "nothing comes back to where it came from");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrived_before_a_cut_is_kept_and_the_rest_follows() {
    let (mut facility, _, counter, window) = two(Limits { page_bytes: 4_000, ..Limits::default() }, FREE).await;
    window.write(&mut facility, 400);
    let broken = breaking_line(window.address, 60_000).await;
    let cut = counter.calls(&window, broken, FREE).pull().await.unwrap_err();
    assert_eq!(cut, FeedFailure::Cut);
    let kept = counter.count();
    assert!((50..350).contains(&kept), "{kept}");
    let rest = counter.calls(&window, window.address, FREE).pull().await.unwrap();
    assert_eq!((rest.received.stored as usize, rest.received.known), (400 - kept, 0));
    assert_eq!(counter.hashes(), window.hashes());
}

/// A stream that is right as far as it goes: the beginning of one long frame.
fn endless_frame(what: u8) -> Vec<u8> {
    let mut noise = 1_u32;
    let body = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    });
    frames(&[(what, &body.take(60_000).collect::<Vec<u8>>())])
}

/// Sends a byte now and then, until the other side has had enough.
async fn drip(writing: &mut (impl AsyncWriteExt + Unpin), bytes: &[u8]) {
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    for byte in bytes {
        if writing.write_all(&[*byte]).await.is_err() || writing.flush().await.is_err() {
            return;
        }
        pause.tick().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_restored_from_an_old_copy_gets_everything_again() {
    let (mut facility, papers, counter, window) = two(Limits::default(), FREE).await;
    counter.write(&mut facility, 30);
    counter.calls(&window, window.address, FREE).exchange().await.unwrap();
    let copy = window.log.disk();
    counter.write(&mut facility, 20);
    counter.calls(&window, window.address, FREE).exchange().await.unwrap();
    assert_eq!(window.count(), 50);
    let Station { sealer, stop, .. } = window;
    stop.send(true).unwrap();
    let restored = start(&mut facility, &papers, sealer, copy, Limits::default(), FREE).await;
    restored.write(&mut facility, 5);
    let again = counter.calls(&restored, restored.address, FREE).exchange().await.unwrap();
    assert_eq!((again.received.stored, again.received.known), (5, 0));
    assert!(again.sent >= 20, "{again:?}");
    assert_eq!(counter.hashes(), restored.hashes());
    assert_eq!(counter.count(), 55);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_drips_is_cut_off() {
    let (_, _, counter, window) = two(impatient(), FREE).await;
    let mut stream = counter.dial(window.address).await;
    stream.write_all(b"POST /feed/v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n").await.unwrap();
    let (mut reading, mut writing) = tokio::io::split(stream);
    let dripping = tokio::spawn(async move { drip(&mut writing, &endless_frame(6)).await });
    let mut head = [0; 12];
    tokio::time::timeout(Duration::from_secs(20), reading.read_exact(&mut head)).await.expect("an answer").unwrap();
    assert_eq!(&head[9..], b"408");
    dripping.abort();
}

/// A host that drips inside a frame, over a connection that is a member's in every other way.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_drips_is_cut_off() {
    let (_, papers, counter, window) = two(impatient(), FREE).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let tls = papers.server(&window.paper);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = tokio_rustls::TlsAcceptor::from(tls).accept(stream).await.unwrap();
        stream.read_exact(&mut [0; 64]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await.unwrap();
        drip(&mut stream, &endless_frame(1)).await;
    });
    let client = counter.calls_with(papers.client(&counter.paper), window.id(), at, FREE);
    let pulled = tokio::time::timeout(Duration::from_secs(20), client.pull()).await.expect("cut off");
    assert_eq!(pulled.unwrap_err(), FeedFailure::Stalled);
}

/// A push of raw frames.
fn frames(frames: &[(u8, &[u8])]) -> Vec<u8> {
    let mut plain = Vec::new();
    for (what, body) in frames {
        plain.push(*what);
        plain.extend_from_slice(&(body.len() as u32).to_be_bytes());
        plain.extend_from_slice(body);
    }
    compressed(&plain)
}

fn compressed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(17).unwrap();
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Facility and log, as every request begins, with the versions given.
fn address(facility: &Facility, to: &Station, oldest: u16, newest: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&oldest.to_be_bytes());
    bytes.extend_from_slice(&newest.to_be_bytes());
    bytes.extend_from_slice(facility.id.as_bytes());
    bytes.extend_from_slice(to.id().as_bytes());
    bytes
}

fn push_header(facility: &Facility, to: &Station) -> Vec<u8> {
    let mut header = address(facility, to, 1, 1);
    header.extend_from_slice(&[0; 16]);
    header.push(0);
    header.extend_from_slice(&[0; 16]);
    header
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_frames_and_bombs_are_refused() {
    let (facility, _, counter, window) = two(Limits::default(), FREE).await;
    let header = push_header(&facility, &window);
    // A change announced as two megabytes: refused as soon as its kind is seen.
    let mut large = vec![0; 2 << 20];
    large[8..12].copy_from_slice(b"UKR1");
    large[8 + 60] = 1;
    let body = frames(&[(6, &header), (2, &large)]);
    let (status, said) = say(&mut counter.dial(window.address).await, "/feed/v1/push", &body).await;
    assert_eq!((status, said[5]), (413, FeedFailure::TooLarge.code()));
    // Signs of life without end: a hundred megabytes in a few kilobytes.
    let bomb = compressed(&[frames_plain_header(&header), [4, 0, 0, 0, 0].repeat(20 << 20)].concat());
    let (status, said) = say(&mut counter.dial(window.address).await, "/feed/v1/push", &bomb).await;
    assert!(matches!((status, said[5]), (413 | 400, _)), "{status}");
    let (status, _) = say(&mut counter.dial(window.address).await, "/feed/v1/pull", &vec![0; 1 << 20]).await;
    assert_eq!(status, 413);
    assert_eq!(window.count(), 0);
}

fn frames_plain_header(header: &[u8]) -> Vec<u8> {
    [&[6][..], &(header.len() as u32).to_be_bytes(), header].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_hears_which_side_is_old() {
    let (facility, _, counter, window) = two(Limits::default(), FREE).await;
    for (oldest, newest, code) in [(7, 9, FeedFailure::Version(Side::Here)), (0, 0, FeedFailure::Version(Side::Peer))] {
        let body = [address(&facility, &window, oldest, newest), vec![9; 30]].concat();
        let request = frames_alone(10, &body);
        let (status, said) = say(&mut counter.dial(window.address).await, "/feed/v1/pull", &request).await;
        assert_eq!((status, said[5]), (426, code.code()), "from the host's side");
        let push = frames(&[(6, &body)]);
        let (status, said) = say(&mut counter.dial(window.address).await, "/feed/v1/push", &push).await;
        assert_eq!((status, said[5]), (426, code.code()));
    }
}

fn frames_alone(what: u8, body: &[u8]) -> Vec<u8> {
    [&[what][..], &(body.len() as u32).to_be_bytes(), body].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_ends_an_exchange_and_the_next_goes_on() {
    let (mut facility, _, counter, window) = two(Limits { page_bytes: 4_000, ..Limits::default() }, FREE).await;
    window.write(&mut facility, 200);
    let budget = Budget { per_session: 30_000, per_day: 50_000 };
    let session = counter.calls(&window, window.address, budget);
    assert_eq!(session.pull().await.unwrap_err(), FeedFailure::Budget(Span::Session));
    let first = counter.count();
    assert!((20..150).contains(&first), "{first}");
    assert_eq!(session.pull().await.unwrap_err(), FeedFailure::Budget(Span::Day));
    let second = counter.count();
    assert!(second > first && second < 200);
    assert_eq!(session.pull().await.unwrap_err(), FeedFailure::Budget(Span::Day), "nothing is spent any more");
    counter.clock.next_day();
    while counter.count() < 200 {
        let before = counter.count();
        let _ = session.pull().await;
        assert!(counter.count() > before, "goes on the next day");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_has_a_budget_too() {
    let (mut facility, _, counter, window) =
        two(Limits { page_bytes: 4_000, ..Limits::default() }, Budget { per_session: u64::MAX, per_day: 40_000 }).await;
    window.write(&mut facility, 200);
    let client = counter.calls(&window, window.address, FREE);
    assert_eq!(client.pull().await.unwrap_err(), FeedFailure::Budget(Span::Day));
    assert!(counter.count() > 20);
    counter.write(&mut facility, 1);
    assert_eq!(client.push().await.unwrap_err(), FeedFailure::Budget(Span::Day));
    assert!(window.host.use_today(counter.id()).unwrap().bytes() > 40_000);
    window.clock.next_day();
    assert_eq!(client.push().await.unwrap().sent, 1);
    assert!(window.host.use_today(counter.id()).unwrap().bytes() < 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_box_is_cut_off_at_once() {
    let (mut facility, papers, counter, window) = two(Limits::default(), FREE).await;
    window.write(&mut facility, 1);
    let client = Arc::new(counter.calls(&window, window.address, FREE));
    let live = tokio::spawn({
        let client = client.clone();
        async move { client.live().await }
    });
    counter.holds(1).await;
    papers.revoke(counter.id());
    window.host.membership_changed();
    let ended = tokio::time::timeout(Duration::from_secs(20), live).await.expect("cut").unwrap();
    assert!(matches!(ended, Err(FeedFailure::NotAMember | FeedFailure::Cut)), "{ended:?}");
    window.write(&mut facility, 1);
    assert_eq!(client.pull().await.unwrap_err(), FeedFailure::NotAMember);
    assert_eq!(counter.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_mistaken_peers_are_told_apart() {
    let (mut facility, papers, counter, window) = two(Limits::default(), FREE).await;
    let elsewhere = Papers::new();
    let foreign = elsewhere.issue(counter.id());
    let stranger = counter.calls_with(elsewhere.client(&foreign), window.id(), window.address, FREE);
    assert_eq!(stranger.pull().await.unwrap_err(), FeedFailure::Untrusted);
    let third = station(&mut facility, &papers, Limits::default(), FREE).await;
    let mistaken = counter.calls(&third, window.address, FREE);
    assert_eq!(mistaken.pull().await.unwrap_err(), FeedFailure::OtherLog);
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(counter.calls(&window, gone, FREE).pull().await.unwrap_err(), FeedFailure::Unreachable);
    assert!(NAME.ends_with(".invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_peer_cannot_take_every_place() {
    let (mut facility, _, counter, window) = two(Limits { requests_per_peer: 2, ..Limits::default() }, FREE).await;
    window.write(&mut facility, 1);
    let mut lines = Vec::new();
    for _ in 0..2 {
        let client = Arc::new(counter.calls(&window, window.address, FREE));
        let mut answered = client.peer_run();
        lines.push(tokio::spawn(async move { client.live().await }));
        let standing = answered.wait_for(Option::is_some);
        tokio::time::timeout(Duration::from_secs(20), standing).await.expect("the line stands").unwrap();
    }
    let third = counter.calls(&window, window.address, FREE);
    assert_eq!(third.hello().await.unwrap_err(), FeedFailure::TooMany);
    window.stop.send(true).unwrap();
    for line in lines {
        line.await.unwrap().unwrap();
    }
}

/// A visit's facts of about twenty fields, as one Automerge change each.
fn changes(count: usize) -> Vec<Vec<u8>> {
    let visit = |n: usize| {
        let mut document = Document::new(&Writer::from_random([n as u8; 16]));
        let text = format!(
            r#"[{{"at":{n},"氏名":"受付 花子","カナ":"ウケツケ ハナコ","生年月日":"1958-03-{:02}","保険者番号":"06132013","記号":"12-34",
            "番号":"{n:07}","枝番":"00","負担割合":3,"区分":"本人","住所":"東京都千代田区霞が関一丁目","交付日":"2025-12-02",
            "有効開始":"2025-12-02","有効終了":"2027-07-31","確認方法":"顔認証","同意":"薬剤","受付番号":{n},"窓口":"一番","状態":"確認済"}}]"#,
            n % 28 + 1
        );
        document.append(&format!("{n:032x}"), text, 1_795_000_000_000).unwrap().change
    };
    (0..count).map(visit).collect()
}

/// The bytes on the line against the sealed size; the issue asks for 1.5 at most.
#[tokio::test(flavor = "multi_thread")]
async fn bytes_on_the_line_stay_near_the_sealed_size() {
    let (mut facility, _, counter, window) = two(Limits::default(), FREE).await;
    for count in [50, 1_000] {
        let before = window.log.position().unwrap().end;
        let changes = changes(count);
        window.write_contents(&mut facility, &changes);
        let page = window.log.read_after(before, usize::MAX).unwrap();
        let sealed: usize = page.records.iter().map(|logged| logged.record.bytes().len()).sum();
        let content: usize = changes.iter().map(Vec::len).sum();
        let moved = counter.calls(&window, window.address, FREE).pull().await.unwrap();
        assert_eq!(moved.received.stored as usize, count);
        let ratio = moved.bytes as f64 / sealed as f64;
        assert!(ratio < 0.97, "{count}: {content} changed, {sealed} sealed, {} on the line: {ratio:.3}", moved.bytes);
    }
}
