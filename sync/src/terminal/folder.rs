//! The door made of shared folders: `req`, `res` and `face` of the terminal (oqs-interface §1).
//!
//! Set the folders *below* the mount point of the share: an unmounted share is then a missing folder, which is noticed,
//! and not an empty one, which is not.

mod look;
mod publish;
mod watch;

use super::door::{DoorFailure, DoorFuture, Fingerprint, Published, Scan, Stopwatch, TerminalDoor, Trouble};
use super::encoding::Charset;
use super::file_name::SuffixMark;
use super::message::Form;
use super::outgoing::OutgoingRequest;
use super::sighting::{SightingRules, Sightings};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use watch::Watch;

/// Requests remembered as published.
const MAX_REMEMBERED: usize = 10_000;

/// Where the folders are and how patient the door is.
#[derive(Clone, Debug)]
pub struct FolderSettings {
    /// Name of the door for people and logs.
    pub name: String,
    /// `req`: we write, the terminal takes away.
    pub request_dir: PathBuf,
    /// `res`: the terminal writes.
    pub result_dir: PathBuf,
    /// `face`: the reader's library writes, several programs read. Nothing here is ever moved or deleted.
    pub face_dir: Option<PathBuf>,
    /// Encoding of requests. Results decide for themselves.
    pub charset: Charset,
    /// How our results are recognised among others'.
    pub mark: SuffixMark,
    /// Longest time between two looks. Notifications are not reliable on shares.
    pub poll: Duration,
    /// Shortest time between two equal reads of a file that is to be believed.
    pub settle: Duration,
    /// Equal reads until a file that cannot be read is reported.
    pub reads_to_give_up: u32,
    /// How long one half of a rejection waits for the other.
    pub half_rejection: Duration,
    /// Longest time a look or a publication may take before the share counts as gone.
    pub io_limit: Duration,
    /// Remove our own results once they are acknowledged.
    pub remove_own_results: bool,
    /// For ages and waits.
    pub stopwatch: Stopwatch,
}

impl FolderSettings {
    /// Settings with the usual patience: a look every second, 300 ms between equal reads, 10 s for half a rejection.
    pub fn new(name: &str, request_dir: PathBuf, result_dir: PathBuf, mark: SuffixMark) -> FolderSettings {
        FolderSettings {
            name: name.to_owned(),
            request_dir,
            result_dir,
            face_dir: None,
            charset: Charset::Utf8,
            mark,
            poll: Duration::from_secs(1),
            settle: Duration::from_millis(300),
            reads_to_give_up: 10,
            half_rejection: Duration::from_secs(10),
            io_limit: Duration::from_secs(10),
            remove_own_results: false,
            stopwatch: Stopwatch::default(),
        }
    }
}

/// The door made of shared folders.
pub struct FolderDoor {
    settings: Arc<FolderSettings>,
    memory: Arc<Mutex<Memory>>,
    /// One piece of work at a time. A share that hangs holds one thread, not one more with every look.
    gate: Arc<tokio::sync::Mutex<()>>,
    watch: Arc<Watch>,
    unsettled: AtomicBool,
}

/// What the door remembers while the process lives.
struct Memory {
    sightings: Sightings,
    published: HashMap<String, Fingerprint>,
    first_seen_ms: HashMap<String, u64>,
    swept: bool,
}

impl FolderDoor {
    /// A door with these settings. Nothing is touched until the first use.
    pub fn new(settings: FolderSettings) -> FolderDoor {
        let sightings = Sightings::new(SightingRules {
            mark: settings.mark.clone(),
            form: Form::Xml,
            reads_to_accept: 2,
            reads_to_give_up: settings.reads_to_give_up.max(2),
            settle_ms: milliseconds(settings.settle),
            half_rejection_ms: milliseconds(settings.half_rejection),
        });
        let memory = Memory { sightings, published: HashMap::new(), first_seen_ms: HashMap::new(), swept: false };
        FolderDoor {
            settings: Arc::new(settings),
            memory: Arc::new(Mutex::new(memory)),
            gate: Arc::default(),
            watch: Arc::default(),
            unsettled: AtomicBool::new(false),
        }
    }

    /// Runs blocking work beside the runtime, one piece at a time, within the time limit.
    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, DoorFailure> + Send + 'static,
    ) -> Result<T, DoorFailure> {
        let gate = Arc::clone(&self.gate);
        let run = async move {
            let turn = gate.lock_owned().await;
            let finished = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                job()
            });
            finished.await.unwrap_or(Err(DoorFailure::Retry(Trouble::Io(std::io::ErrorKind::Other))))
        };
        let timed_out = Err(DoorFailure::Unreachable(Trouble::NoAnswer));
        tokio::time::timeout(self.settings.io_limit, run).await.unwrap_or(timed_out)
    }

    fn bytes_of(&self, request: &OutgoingRequest) -> Result<Vec<u8>, DoorFailure> {
        let written = request.to_xml(self.settings.charset);
        written.map_err(|refusal| DoorFailure::Refused(Trouble::CannotWrite(refusal)))
    }

    async fn stage_now(&self, request: &OutgoingRequest) -> Result<(), DoorFailure> {
        let bytes = self.bytes_of(request)?;
        let (settings, request) = (Arc::clone(&self.settings), request.clone());
        self.work(move || publish::stage(&settings, &request, &bytes)).await
    }

    async fn is_staged(&self, request: &OutgoingRequest) -> Result<bool, DoorFailure> {
        let bytes = self.bytes_of(request)?;
        let (settings, request) = (Arc::clone(&self.settings), request.clone());
        self.work(move || publish::is_staged(&settings, &request, &bytes)).await
    }

    async fn publish_now(&self, request: &OutgoingRequest) -> Result<Published, DoorFailure> {
        let bytes = self.bytes_of(request)?;
        let (settings, memory, request) = (Arc::clone(&self.settings), Arc::clone(&self.memory), request.clone());
        self.work(move || publish::publish(&settings, &memory, &request, &bytes)).await
    }

    async fn scan_now(&self) -> Result<Scan, DoorFailure> {
        let (settings, memory, watch) = (Arc::clone(&self.settings), Arc::clone(&self.memory), Arc::clone(&self.watch));
        let looked = self.work(move || look::look(&settings, &memory, &watch)).await;
        let mut scan = looked.inspect_err(|_| self.watch.let_go())?;
        self.unsettled.store(scan.not_yet > 0, Ordering::Relaxed);
        // Nothing is awaited between here and the return: what is taken is delivered.
        scan.arrivals = lock(&self.memory).sightings.take_ready();
        Ok(scan)
    }

    async fn wait_for_change(&self) {
        let unsettled = self.unsettled.load(Ordering::Relaxed);
        let pause = if unsettled { self.settings.settle.min(self.settings.poll) } else { self.settings.poll };
        tokio::select! {
            () = self.watch.woken() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    async fn acknowledge_now(&self, name: &str, sha256: Fingerprint) -> Result<(), DoorFailure> {
        if !self.settings.remove_own_results {
            return Ok(());
        }
        let (settings, name) = (Arc::clone(&self.settings), name.to_owned());
        self.work(move || publish::remove_own_result(&settings, &name, sha256)).await
    }
}

impl TerminalDoor for FolderDoor {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn stage<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<(), DoorFailure>> {
        Box::pin(self.stage_now(request))
    }

    fn certainly_unseen<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<bool, DoorFailure>> {
        Box::pin(self.is_staged(request))
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

    fn acknowledge<'a>(&'a self, name: &'a str, sha256: Fingerprint) -> DoorFuture<'a, Result<(), DoorFailure>> {
        Box::pin(self.acknowledge_now(name, sha256))
    }

    fn forget_deliveries(&self) {
        lock(&self.memory).sightings.forget();
    }
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
