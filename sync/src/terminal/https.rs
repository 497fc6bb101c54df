//! The door for terminals that stand elsewhere: the JSON form of the same messages over mutual TLS (oqs-interface §1.8).
//!
//! The real paths are not public, so they are settings. What is spoken is a mailbox:
//!
//! | request | meaning |
//! |---|---|
//! | `PUT {requests}/{name}` | 201 taken, 200 the same already there, 409 other content under this name |
//! | `GET {requests}` | `{"waiting":[{"name":"…","age_ms":0}]}`: what nobody has picked up |
//! | `GET {results}` | `{"names":["…"]}`: what has arrived |
//! | `GET {results}/{name}` | one result, or the bytes of an `.err` file; `ETag` and `If-None-Match` save a transfer |
//!
//! Names are those of the folders without their ending, except `.err`; names with an ending are understood too.

mod client;
mod settings;
mod tls;

use super::door::{DoorFailure, DoorFuture, Fingerprint, Published, Scan, TerminalDoor, Trouble, Waiting};
use super::file_name::FileName;
use super::message::Form;
use super::outgoing::OutgoingRequest;
use super::sighting::{Look, SightingRules, Sightings, Sort, Stamp, sort};
use client::Client;
use http::{Method, StatusCode};
use serde::Deserialize;
pub use settings::HttpsSettings;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
pub use tls::TlsRefusal;

/// Most results fetched in one look; the rest follows in the next ones.
const MAX_FETCHES_PER_LOOK: usize = 256;
/// Most bytes fetched in one look.
const MAX_BYTES_PER_LOOK: usize = 16 * 1024 * 1024;
/// Requests remembered as published.
const MAX_REMEMBERED: usize = 10_000;

/// The door over HTTPS.
pub struct HttpsDoor {
    settings: HttpsSettings,
    client: Client,
    memory: Arc<Mutex<Memory>>,
    /// One look at a time.
    gate: tokio::sync::Mutex<()>,
    unsettled: AtomicBool,
}

/// What the door remembers while the process lives.
struct Memory {
    sightings: Sightings,
    published: HashMap<String, Fingerprint>,
    fetched: HashMap<String, Fetched>,
}

/// The last time a result was fetched.
#[derive(Clone)]
struct Fetched {
    at_ms: u64,
    etag: Option<String>,
}

/// What one round of fetching brought.
#[derive(Default)]
struct Round {
    looks: Vec<Look>,
    fetched: Vec<(String, Fetched)>,
    postponed: usize,
    failure: Option<DoorFailure>,
}

impl Round {
    fn add(&mut self, name: &str, fetched: Fetched, body: Option<Vec<u8>>) {
        if let Some(body) = body {
            let stamp = Stamp { len: body.len() as u64, modified_ns: None };
            self.looks.push(Look { name: name.to_owned(), stamp, bytes: Some(body) });
        }
        self.fetched.push((name.to_owned(), fetched));
    }
}

/// Names in the result mailbox.
#[derive(Deserialize)]
struct Names {
    names: Vec<String>,
}

/// Requests nobody picked up.
#[derive(Deserialize)]
struct Unpicked {
    waiting: Vec<UnpickedRequest>,
}

#[derive(Deserialize)]
struct UnpickedRequest {
    name: String,
    age_ms: u64,
}

impl HttpsDoor {
    /// A door with these settings. Nothing is connected until the first use.
    ///
    /// # Errors
    /// [`TlsRefusal`] when certificates or key cannot be used.
    pub fn new(settings: HttpsSettings) -> Result<HttpsDoor, TlsRefusal> {
        let client = Client::new(&settings, tls::client_config(&settings)?)?;
        let sightings = Sightings::new(SightingRules {
            mark: settings.mark.clone(),
            form: Form::Json,
            // A fetched document is whole: HTTP says where it ends.
            reads_to_accept: 1,
            reads_to_give_up: 1,
            settle_ms: 0,
            half_rejection_ms: milliseconds(settings.half_rejection),
        });
        let memory = Memory { sightings, published: HashMap::new(), fetched: HashMap::new() };
        Ok(HttpsDoor {
            settings,
            client,
            memory: Arc::new(Mutex::new(memory)),
            gate: tokio::sync::Mutex::default(),
            unsettled: AtomicBool::new(false),
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        lock(&self.memory)
    }

    async fn publish_now(&self, request: &OutgoingRequest) -> Result<Published, DoorFailure> {
        let _turn = self.gate.lock().await;
        let name = request.name().with_extension(self.settings.request_extension).to_string();
        let bytes = request.to_json();
        let sha256 = Fingerprint::of(&bytes);
        match self.memory().published.get(&name) {
            Some(before) if *before == sha256 => return Ok(Published::AlreadyThere),
            Some(_) => return Err(DoorFailure::Refused(Trouble::NameInUse)),
            None => {}
        }
        let published =
            if self.is_answered(request).await? { Published::AlreadyAnswered } else { self.put(&name, bytes).await? };
        let mut memory = self.memory();
        if memory.published.len() >= MAX_REMEMBERED {
            memory.published.clear();
        }
        memory.published.insert(name, sha256);
        Ok(published)
    }

    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<Published, DoorFailure> {
        let reply = self.client.send(Method::PUT, &self.request_path(name), None, bytes).await?;
        match reply.status {
            StatusCode::CREATED | StatusCode::ACCEPTED | StatusCode::NO_CONTENT => Ok(Published::New),
            StatusCode::OK => Ok(Published::AlreadyThere),
            StatusCode::CONFLICT => Err(DoorFailure::Refused(Trouble::NameInUse)),
            status => Err(status_failure(status)),
        }
    }

    async fn is_answered(&self, request: &OutgoingRequest) -> Result<bool, DoorFailure> {
        let stems: Vec<String> = request.answers().iter().map(FileName::stem).collect();
        let names = self.names().await?;
        Ok(names.iter().filter_map(|name| FileName::parse(name)).any(|name| stems.contains(&name.stem())))
    }

    async fn names(&self) -> Result<Vec<String>, DoorFailure> {
        let names: Names = self.get_json(&self.settings.results_path).await?;
        Ok(names.names)
    }

    async fn get_json<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<T, DoorFailure> {
        let reply = self.client.send(Method::GET, path, None, Vec::new()).await?;
        match reply.status {
            StatusCode::OK => {
                serde_json::from_slice(&reply.body).map_err(|_| DoorFailure::Retry(Trouble::AnswerNotUnderstood))
            }
            status => Err(status_failure(status)),
        }
    }

    async fn scan_now(&self) -> Result<Scan, DoorFailure> {
        let _turn = self.gate.lock().await;
        let unpicked: Unpicked = self.get_json(&self.settings.requests_path).await?;
        let names = self.names().await?;
        let round = self.fetch_new(&names).await;
        let postponed = round.postponed;
        self.take_in(round, names.iter().cloned().collect()).await?;
        let foreign_results = names.iter().filter(|name| sort(&self.settings.mark, name) == Sort::Foreign).count();
        let waiting = unpicked.waiting.into_iter().map(|request| self.waiting(request)).collect();
        // Nothing is awaited between here and the return: what is taken is delivered.
        let mut memory = self.memory();
        let not_yet = memory.sightings.not_yet() + postponed;
        self.unsettled.store(not_yet > 0, Ordering::Relaxed);
        let arrivals = memory.sightings.take_ready();
        Ok(Scan { arrivals, waiting, foreign_results, not_yet, partial: None })
    }

    fn waiting(&self, request: UnpickedRequest) -> Waiting {
        let ours = FileName::parse(&request.name).is_some_and(|file| self.settings.mark.is_on(&file.suffix));
        Waiting { name: request.name, ours, age_ms: request.age_ms, written_at: None }
    }

    /// Fetches what is new or due to be compared again.
    async fn fetch_new(&self, names: &[String]) -> Round {
        let now_ms = self.settings.stopwatch.elapsed_ms();
        let wanted: Vec<&String> = names.iter().filter(|name| self.is_due(name, now_ms)).collect();
        let mut round = Round::default();
        let mut bytes = 0;
        for (index, name) in wanted.iter().enumerate() {
            if index >= MAX_FETCHES_PER_LOOK || bytes >= MAX_BYTES_PER_LOOK {
                round.postponed = wanted.len() - index;
                break;
            }
            match self.fetch(name, now_ms).await {
                Ok((fetched, body)) => {
                    bytes += body.as_ref().map_or(0, Vec::len);
                    round.add(name, fetched, body);
                }
                Err(failure) => {
                    round.failure = Some(failure);
                    break;
                }
            }
        }
        round
    }

    fn is_due(&self, name: &str, now_ms: u64) -> bool {
        let memory = self.memory();
        let recheck_ms = milliseconds(self.settings.recheck);
        let fetched = memory.fetched.get(name);
        sort(&self.settings.mark, name).matters()
            && fetched.is_none_or(|fetched| now_ms.saturating_sub(fetched.at_ms) >= recheck_ms)
    }

    /// One result; without body when it is gone or unchanged.
    async fn fetch(&self, name: &str, now_ms: u64) -> Result<(Fetched, Option<Vec<u8>>), DoorFailure> {
        let etag = self.memory().fetched.get(name).and_then(|fetched| fetched.etag.clone());
        let path = format!("{}/{}", self.settings.results_path, client::path_segment(name));
        let reply = self.client.send(Method::GET, &path, etag.as_deref(), Vec::new()).await?;
        match reply.status {
            StatusCode::OK => Ok((Fetched { at_ms: now_ms, etag: reply.etag }, Some(reply.body))),
            StatusCode::NOT_MODIFIED | StatusCode::NOT_FOUND | StatusCode::GONE => {
                Ok((Fetched { at_ms: now_ms, etag }, None))
            }
            status => Err(status_failure(status)),
        }
    }

    /// Reads what was fetched, beside the runtime: a bulk result is megabytes. What was fetched counts as fetched only
    /// once it is taken in.
    async fn take_in(&self, round: Round, present: HashSet<String>) -> Result<(), DoorFailure> {
        let memory = Arc::clone(&self.memory);
        let now_ms = self.settings.stopwatch.elapsed_ms();
        let read = tokio::task::spawn_blocking(move || {
            let mut memory = lock(&memory);
            memory.fetched.retain(|name, _| present.contains(name));
            memory.fetched.extend(round.fetched);
            memory.sightings.look(round.looks, &present, now_ms);
            round.failure
        });
        match read.await {
            Ok(None) => Ok(()),
            Ok(Some(failure)) => Err(failure),
            Err(_) => Err(DoorFailure::Retry(Trouble::Io(std::io::ErrorKind::Other))),
        }
    }

    fn request_path(&self, name: &str) -> String {
        format!("{}/{}", self.settings.requests_path, client::path_segment(name))
    }

    async fn wait_for_change(&self) {
        let soon = self.settings.poll.min(Duration::from_millis(500));
        let pause = if self.unsettled.load(Ordering::Relaxed) { soon } else { self.settings.poll };
        tokio::time::sleep(pause).await;
    }
}

impl TerminalDoor for HttpsDoor {
    fn name(&self) -> &str {
        &self.settings.name
    }

    /// Nothing to put ready: the mailbox knows a name it has seen, so that putting it again asks nothing twice.
    fn stage<'a>(&'a self, _: &'a OutgoingRequest) -> DoorFuture<'a, Result<(), DoorFailure>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn certainly_unseen<'a>(&'a self, _: &'a OutgoingRequest) -> DoorFuture<'a, Result<bool, DoorFailure>> {
        Box::pin(std::future::ready(Ok(true)))
    }

    fn publish<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<Published, DoorFailure>> {
        Box::pin(self.publish_now(request))
    }

    fn scan(&self) -> DoorFuture<'_, Result<Scan, DoorFailure>> {
        Box::pin(self.scan_now())
    }

    fn changed(&self) -> DoorFuture<'_, ()> {
        Box::pin(self.wait_for_change())
    }

    /// The mailbox keeps its own house; nothing is removed.
    fn acknowledge<'a>(&'a self, _: &'a str, _: Fingerprint) -> DoorFuture<'a, Result<(), DoorFailure>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn forget_deliveries(&self) {
        let mut memory = self.memory();
        memory.sightings.forget();
        memory.fetched.clear();
    }
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What follows from a status nothing else explains.
fn status_failure(status: StatusCode) -> DoorFailure {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => DoorFailure::Refused(Trouble::PermissionDenied),
        StatusCode::INSUFFICIENT_STORAGE => DoorFailure::Refused(Trouble::StorageFull),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            DoorFailure::Unreachable(Trouble::HttpStatus(status.as_u16()))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            DoorFailure::Retry(Trouble::HttpStatus(status.as_u16()))
        }
        status if status.is_server_error() => DoorFailure::Retry(Trouble::HttpStatus(status.as_u16())),
        status => DoorFailure::Refused(Trouble::HttpStatus(status.as_u16())),
    }
}
