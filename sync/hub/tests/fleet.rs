//! Who looks after the hub: enrolling a facility, signing in, the fleet's page, its API and the metrics.

#![allow(clippy::unwrap_used)]

#[path = "support/clinic.rs"]
mod clinic;
#[path = "support/counter.rs"]
mod counter;
#[path = "support/process.rs"]
mod process;

use clinic::{Clinic, identity};
use counter::{Counter, clock};
use process::{run, start};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::io;
use std::net::SocketAddr;
use sync::facility::join::channel::{Channel, Patience};
use sync::facility::join::conversation::{By, WelcomerDesk, welcome};
use sync::facility::join::welcomer::{Grants, Request};
use sync::facility::join::{Code, JoinFailure};
use sync::facility::{BoxId, Introduction, Membership, Role, Statement};
use sync::feed::FeedFailure;
use sync::fleet::{HEARTBEAT, Heartbeat, Readers, Uploaded, Waiting};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use x25519_dalek::PublicKey;

const FOUNDER: u8 = 1;
const PASSWORD: &str = "correct horse battery";

/// A browser as far as this page needs one.
struct Browser {
    at: SocketAddr,
    cookie: String,
}

impl Browser {
    fn new(at: SocketAddr) -> Browser {
        Browser { at, cookie: String::new() }
    }

    async fn say(&self, method: &str, path: &str, extra: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.at).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nCookie: {}\r\n{extra}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut whole = String::new();
        stream.read_to_string(&mut whole).await.unwrap();
        (whole[9..12].parse().unwrap(), whole)
    }

    async fn get(&self, path: &str) -> (u16, String) {
        self.say("GET", path, "", "").await
    }

    async fn post(&self, path: &str, body: &str) -> (u16, String) {
        self.say("POST", path, "Sec-Fetch-Site: same-origin\r\n", body).await
    }

    async fn sign_in(&mut self, password: &str) -> u16 {
        let (status, answer) =
            self.post("/sign-in", &format!("name=ops&password={}", password.replace(' ', "+"))).await;
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        if let Some(cookie) = cookie {
            assert!(["HttpOnly", "Secure", "SameSite=Strict"].iter().all(|word| cookie.contains(word)), "{cookie}");
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        status
    }
}

/// The facility's box where the code is typed in, and the person before it.
struct Desk {
    statements: Vec<Statement>,
    asked: Vec<Request>,
}

impl Grants for Desk {
    fn grants_for(&mut self, _: BoxId, _: &PublicKey) -> Vec<u8> {
        panic!("a hub is never given a key")
    }
}

impl WelcomerDesk for Desk {
    fn statements(&mut self) -> Vec<Statement> {
        self.statements.clone()
    }

    fn ask(&mut self, request: &Request) -> oneshot::Receiver<bool> {
        self.asked.push(request.clone());
        let (answer, later) = oneshot::channel();
        answer.send(true).unwrap();
        later
    }

    fn keep(&mut self, statement: &Statement) -> io::Result<()> {
        self.statements.push(statement.clone());
        Ok(())
    }

    fn now(&self) -> domain::Timestamp {
        clock()()
    }
}

async fn type_in(clinic: &Clinic, code: &str, hub: SocketAddr) -> Result<Desk, JoinFailure> {
    let mut desk = Desk { statements: clinic.statements.clone(), asked: Vec::new() };
    let channel = Channel::connect(TcpStream::connect(hub).await.unwrap(), Patience::default()).await?;
    let (code, mut random) = (Code::typed(code).unwrap(), ChaCha20Rng::from_seed([5; 32]));
    welcome(channel, By::Entering(&code), &identity(FOUNDER), clinic.id, "S-1", &mut desk, &mut random).await?;
    Ok(desk)
}

/// The text between the tags of the big code on the page.
fn big_code(page: &str) -> String {
    page.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

fn heartbeat() -> Heartbeat {
    let now = clock()().as_ms();
    Heartbeat {
        sent_at_ms: now,
        version: [0, 1, 7],
        uptime_s: 60,
        queue: Waiting { count: 3, oldest_s: 7_200 },
        readers: Readers { working: 1, failing: 0, dead: 1 },
        clock_offset_ms: Some(12),
        uploaded: Uploaded { end: 9, up_to: 7, behind_since_ms: Some(now - 7_200_000) },
        certificate_ends_ms: now + 90 * 24 * 3_600_000,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facility_is_enrolled_by_a_code_and_its_boxes_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    assert!(!run(&["admin", "--data", data, "ops"], "short\n"));
    assert!(run(&["admin", "--data", data, "ops"], &format!("{PASSWORD}\n")));
    let hub = start(&["--data", data]);
    let mut browser = Browser::new(hub.pages);
    for closed in ["/", "/enrolment", "/api/v1/fleet"] {
        assert_eq!(browser.get(closed).await.0, 303, "{closed}");
    }
    assert_eq!(browser.post("/enrolment", "").await.0, 303);
    assert_eq!(browser.sign_in("wrong horse battery").await, 401);
    assert_eq!(browser.sign_in(PASSWORD).await, 303);
    assert_eq!(browser.get("/").await.0, 200);
    let foreign = browser.say("POST", "/enrolment", "Sec-Fetch-Site: cross-site\r\n", "").await;
    assert_eq!(foreign.0, 403, "another site cannot make codes");

    let mut clinic = Clinic::found(FOUNDER);
    assert!(matches!(type_in(&clinic, "000-000-000", hub.boxes).await, Err(JoinFailure::NoCode)));
    assert_eq!(browser.post("/enrolment", "").await.0, 303);
    let code = big_code(&browser.get("/enrolment").await.1);
    let desk = type_in(&clinic, &code, hub.boxes).await.unwrap();
    assert_eq!((desk.asked[0].role, desk.asked[0].name.as_str()), (Role::Hub, "Hub"));
    assert!(browser.get("/enrolment").await.1.contains(&clinic.id.to_string()));
    clinic.statements = desk.statements;
    assert!(matches!(type_in(&clinic, &code, hub.boxes).await, Err(JoinFailure::CodeUsed)), "good once");

    let membership = Membership::evaluate(clinic.id, &clinic.statements);
    let member = membership.members().find(|(_, member)| member.introduction.role() == Role::Hub);
    let introduction: Introduction = member.unwrap().1.introduction.clone();
    let counter = Counter::new(&clinic, FOUNDER);
    let client = counter.calls(&introduction, hub.boxes);
    counter.write(&mut clinic, 2);
    client.exchange().await.unwrap();
    assert!(browser.get("/metrics").await.1.contains("uketsuke_hub_boxes{facility="), "without signing in");

    client.post(HEARTBEAT, serde_json::to_vec(&heartbeat()).unwrap()).await.unwrap();
    let mut talkative = serde_json::to_value(heartbeat()).unwrap();
    talkative["note"] = clinic::NAME.into();
    let refused = client.post(HEARTBEAT, serde_json::to_vec(&talkative).unwrap()).await;
    assert_eq!(refused.unwrap_err(), FeedFailure::Malformed);
    assert!(client.post("/fleet/v1/other", Vec::new()).await.is_err());

    let (status, answer) = browser.get("/api/v1/fleet").await;
    assert_eq!(status, 200);
    let fleet: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let seen = &fleet[0]["boxes"][0];
    assert_eq!((&seen["name"], &seen["figures"]["version"]), (&"1番".into(), &serde_json::json!([0, 1, 7])));
    let kinds: Vec<_> = seen["alerts"].as_array().unwrap().iter().map(|alert| alert["kind"].clone()).collect();
    assert_eq!(kinds, ["behind", "queue_old", "reader_dead"]);
    let page = browser.get("/").await.1;
    assert!(page.contains("0.1.7") && page.contains("応答しないカードリーダー") && page.contains("does not answer"));
    let metrics = browser.get("/metrics").await.1;
    assert!(metrics.contains("uketsuke_hub_alerts{kind=\"reader_dead\"} 1\n"), "{metrics}");
    assert!(!metrics.contains("1番"), "names do not stand in metrics");

    let quota = format!("/facilities/{}/quota", clinic.id);
    assert_eq!(browser.post(&quota, "stored_mb=1&day_mb=5&connections=3").await.0, 303);
    assert!(browser.get("/api/v1/fleet").await.1.contains("\"quota_stored_bytes\":1048576"));
    assert_eq!(browser.get("/healthz").await.0, 200);
    assert_eq!(browser.post("/sign-out", "").await.0, 303);
    assert_eq!(browser.get("/").await.0, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_ends_soon() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    assert!(run(&["admin", "--data", data, "ops"], &format!("{PASSWORD}\n")));
    let hub = start(&["--data", data]);
    let mut browser = Browser::new(hub.pages);
    let mut said = Vec::new();
    for _ in 0..8 {
        said.push(browser.sign_in("a guess that is wrong").await);
    }
    assert_eq!(said[0], 401);
    assert_eq!(said[7], 429);
    assert_eq!(browser.sign_in(PASSWORD).await, 429, "also the right one has to wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_say_nothing_or_nonsense_are_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let hub = start(&["--data", folder.path().to_str().unwrap()]);
    for first_word in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 0xff, 0xff, 1], &[0; 20_000]] {
        let mut stream = TcpStream::connect(hub.boxes).await.unwrap();
        let _ = stream.write_all(first_word).await;
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok() && answer.len() < 100, "{}", answer.len());
    }
    assert!(!run(&["serve", "--data", "/nowhere", "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0"], ""));
}
