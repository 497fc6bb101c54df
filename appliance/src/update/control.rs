//! A socket in the data folder by which the command line asks the running service how updates stand, and has it do something.
//!
//! One line of JSON there, one back.

use super::agent::Agent;
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use web::port::{UpdateWish, Updates};

/// The socket's name in the data folder.
const SOCKET: &str = "update.sock";
/// Longest wait for either side: a bundle on a slow stick is copied in between.
const PATIENCE: Duration = Duration::from_secs(900);
/// Longest line.
const MOST_BYTES: u64 = 8_192;

/// What the command line asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// how it stands
    Status,
    /// look for an update now
    Check,
    /// take this bundle, and install what is ready as soon as the guards allow
    Install(Option<PathBuf>),
    /// not for so many days
    Postpone(u16),
    /// in the next window, as planned
    AsPlanned,
}

/// How updates stand, as the command line shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// the version that runs
    pub running: String,
    /// the half of the disk it was started from
    pub slot: Option<String>,
    /// it has proven itself
    pub is_proven: Option<bool>,
    /// `idle`, `fetching`, `ready`, `installing`, `restarting` or `proving`
    pub stage: String,
    /// the version that is to come
    pub offered: Option<String>,
    /// how it stands, in Japanese and English
    pub state: [String; 2],
    /// why it waits
    pub reason: Option<[String; 2]>,
    /// what happens next
    pub next: [String; 2],
    /// bytes that are here, of how many
    pub fetched: Option<(u64, u64)>,
    /// how updates ended, newest first: when in ms since 1970, version, how
    pub history: Vec<(i64, String, String)>,
    /// why what was asked was not done
    pub refused: Option<[String; 2]>,
}

/// Begins to listen. The socket is for the service's own user alone.
///
/// # Errors
/// The folder cannot be used.
pub fn listen(agent: Agent, folder: &Path) -> io::Result<JoinHandle<()>> {
    let path = folder.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(tokio::spawn(serve(agent, listener)))
}

async fn serve(agent: Agent, listener: UnixListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let agent = agent.clone();
        tokio::spawn(async move {
            if let Ok(Err(error)) = timeout(PATIENCE, answer(agent, stream)).await {
                tracing::debug!(%error, "the command line hung up");
            }
        });
    }
}

async fn answer(agent: Agent, stream: UnixStream) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reading.take(MOST_BYTES)).read_line(&mut line).await?;
    let asked: Asked = serde_json::from_str(&line).map_err(io::Error::from)?;
    let report = tokio::task::spawn_blocking(move || carry_out(&agent, asked)).await.map_err(io::Error::other)?;
    writing.write_all(&serde_json::to_vec(&report).map_err(io::Error::from)?).await?;
    writing.shutdown().await
}

fn carry_out(agent: &Agent, asked: Asked) -> Report {
    let done = match asked {
        Asked::Status => Ok(()),
        Asked::Check => agent.fulfil(UpdateWish::Check),
        Asked::Install(None) => agent.fulfil(UpdateWish::Install),
        Asked::Install(Some(file)) => agent.take_file(&file).and_then(|()| agent.fulfil(UpdateWish::Install)),
        Asked::Postpone(days) => agent.fulfil(UpdateWish::Postpone(days)),
        Asked::AsPlanned => agent.fulfil(UpdateWish::AsPlanned),
    };
    let both = |text: domain::text::Text| [text.ja, text.en];
    let view = agent.view();
    Report {
        running: view.running,
        slot: view.slot,
        is_proven: view.is_proven,
        stage: view.stage.code().to_owned(),
        offered: view.offered,
        state: both(view.state),
        reason: view.reason.map(both),
        next: both(view.next),
        fetched: view.fetched,
        history: view
            .history
            .into_iter()
            .map(|past| (past.at.as_ms(), past.version, past.outcome.to_owned()))
            .collect(),
        refused: done.err().map(both),
    }
}

/// Asks the service that runs on this data folder.
///
/// # Errors
/// No service answers there.
pub async fn ask(folder: &Path, what: Asked) -> io::Result<Report> {
    let path: PathBuf = folder.join(SOCKET);
    let asking = async {
        let mut stream = UnixStream::connect(path).await?;
        let mut line = serde_json::to_vec(&what).map_err(io::Error::from)?;
        line.push(b'\n');
        stream.write_all(&line).await?;
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await?;
        serde_json::from_slice(&said).map_err(io::Error::from)
    };
    timeout(PATIENCE, asking).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}
