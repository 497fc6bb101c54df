//! The typesetting program: started for one paper, given its order through a pipe, and ended when it takes too long. Nothing of a
//! paper touches the disk, and the program inherits nothing of this one: no environment, no folder, no open file.

use paper::Order;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use web::port::NotPrinted;

/// Name of the program.
const NAME: &str = "uketsuke-print";
/// Where the system keeps programs that other programs run.
const PLACES: [&str; 3] = ["/usr/lib/uketsuke", "/usr/bin", "/usr/local/bin"];
/// Papers set at a time; the cores belong to the desk.
const AT_A_TIME: usize = 2;
/// How long a paper waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long one may take.
const LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to end once it has written everything.
const GOODBYE: Duration = Duration::from_secs(10);
/// Largest PDF, bytes.
const MOST_BYTES: u64 = 32 << 20;
/// What one paper may cost before the system ends its program: memory, processor seconds, bytes of a file, open files, a dump of its
/// memory. It waits for its order while these are set.
const LIMITS: [(Resource, u64); 5] = [
    (Resource::Data, 768 << 20),
    (Resource::Cpu, 60),
    (Resource::Fsize, 0),
    (Resource::Nofile, 32),
    (Resource::Core, 0),
];
/// What is listened to of its complaints, bytes.
const MOST_WORDS: u64 = 2_000;

/// Runs the program.
pub struct Typesetter {
    program: PathBuf,
    turns: Semaphore,
    limit: Duration,
}

impl Typesetter {
    /// The program of the settings; without one, the program beside this one or in the system's places. `None` when it is nowhere.
    pub fn find(configured: Option<&Path>) -> Option<Typesetter> {
        let program = match configured {
            Some(program) => Some(program.to_owned()).filter(|program| program.is_file()),
            None => usual_places().map(|place| place.join(NAME)).find(|program| program.is_file()),
        };
        program.map(Typesetter::at)
    }

    /// The program at this path.
    pub fn at(program: PathBuf) -> Typesetter {
        Typesetter { program, turns: Semaphore::new(AT_A_TIME), limit: LIMIT }
    }

    /// The same with another limit.
    pub fn within(self, limit: Duration) -> Typesetter {
        Typesetter { limit, ..self }
    }

    /// Sets one paper.
    pub async fn set(&self, order: &Order) -> Result<Vec<u8>, NotPrinted> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.acquire()).await;
        let _turn = turn.map_err(|_| NotPrinted::Busy)?.map_err(|_| NotPrinted::Busy)?;
        let order = serde_json::to_vec(order).map_err(|_| NotPrinted::Failed)?;
        let (program, limit) = (self.program.clone(), self.limit);
        let set = tokio::task::spawn_blocking(move || talk(start(&program)?, order, limit)).await;
        set.unwrap_or(Err(NotPrinted::Failed))
    }
}

fn start(program: &Path) -> Result<Child, NotPrinted> {
    let started = Command::new(program)
        .env_clear()
        .env("RAYON_NUM_THREADS", "1")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let child = started.map_err(|error| {
        tracing::warn!(%error, "the program for papers could not be started");
        if error.kind() == ErrorKind::NotFound { NotPrinted::Missing } else { NotPrinted::Failed }
    })?;
    if let Err(error) = limit(&child) {
        tracing::warn!(%error, "the program for papers could not be limited; it is only ended in time");
    }
    Ok(child)
}

fn limit(child: &Child) -> rustix::io::Result<()> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(rustix::io::Errno::SRCH)?;
    for (resource, most) in LIMITS {
        prlimit(Some(pid), resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn usual_places() -> impl Iterator<Item = PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    beside.into_iter().chain(PLACES.map(PathBuf::from))
}

/// Hands the order over and listens, all at once: a full pipe on one side would hold up the others. After the limit the program is
/// ended, which closes its pipes and lets everybody here go.
fn talk(mut child: Child, order: Vec<u8>, limit: Duration) -> Result<Vec<u8>, NotPrinted> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (said, heard) = mpsc::channel();
    std::thread::spawn(move || {
        if let Some(mut stdin) = stdin
            && let Err(error) = stdin.write_all(&order)
        {
            tracing::debug!(%error, "the program for papers stopped listening");
        }
    });
    let words = std::thread::spawn(move || read(stderr, MOST_WORDS));
    std::thread::spawn(move || said.send(read(stdout, MOST_BYTES)));
    let pdf = heard.recv_timeout(limit);
    if pdf.is_err() {
        tracing::warn!(limit_s = limit.as_secs(), "a paper took too long; its program is ended");
    }
    let whole = pdf.as_ref().is_ok_and(|pdf| (pdf.len() as u64) < MOST_BYTES);
    if !whole && let Err(error) = child.kill() {
        tracing::debug!(%error, "the program for papers had ended already");
    }
    let status = end_of(&mut child).map_err(|_| NotPrinted::Failed)?;
    judge(status, pdf.unwrap_or_default(), &words.join().unwrap_or_default())
}

/// Whoever has closed its output ends at once; one that does not is ended.
fn end_of(child: &mut Child) -> std::io::Result<ExitStatus> {
    let until = Instant::now() + GOODBYE;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= until {
            child.kill()?;
            return child.wait();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Reads up to a limit; what comes after it is not waited for.
fn read(from: Option<impl Read>, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from
        && let Err(error) = from.take(most).read_to_end(&mut bytes)
    {
        tracing::debug!(%error, "the program for papers could not be heard to the end");
    }
    bytes
}

/// A paper is one only when the program says so and it looks like one. Its complaints never hold anything of the document.
fn judge(status: ExitStatus, pdf: Vec<u8>, words: &[u8]) -> Result<Vec<u8>, NotPrinted> {
    let is_whole = pdf.starts_with(b"%PDF-") && (pdf.len() as u64) < MOST_BYTES;
    if status.success() && is_whole {
        return Ok(pdf);
    }
    let said = String::from_utf8_lossy(words);
    tracing::warn!(%status, said = said.trim(), "no paper came out of its program");
    Err(NotPrinted::Failed)
}
