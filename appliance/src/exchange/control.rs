//! A socket in the data folder by which the command line asks the running service how exchange stands, and sets it going.

use super::{Exchange, Inner, PeerStanding};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use sync::seal::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

/// The socket's name in the data folder.
const SOCKET: &str = "sync.sock";
/// Longest wait for either side.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the command line asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// how it stands
    Status,
    /// call everybody at once, and how it stands
    Now,
}

/// How exchange stands, as the command line shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// this box
    pub own: String,
    /// why nothing is exchanged, in Japanese and English; none when all is well
    pub stopped: Option<[String; 2]>,
    /// the others
    pub peers: Vec<PeerReport>,
}

/// How it stands with one peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerReport {
    /// its id
    pub id: String,
    /// what people call it
    pub name: String,
    /// it is a hub
    pub hub: bool,
    /// where it was reached
    pub address: Option<String>,
    /// it is reached now
    pub connected: bool,
    /// when it last answered, ms since 1970
    pub heard_at_ms: Option<i64>,
    /// how far its clock is ahead, ms
    pub clock_ahead_ms: i64,
    /// records it is not known to have
    pub lag: u64,
    /// what went wrong last, in Japanese and English
    pub failure: Option<[String; 2]>,
    /// bytes exchanged today by calling it
    pub bytes_today: u64,
}

impl PeerReport {
    fn of(standing: &PeerStanding, now: Timestamp) -> PeerReport {
        let used = standing.used.filter(|used| used.day() == now.date_in_japan());
        PeerReport {
            id: standing.peer.to_string(),
            name: standing.name.clone(),
            hub: standing.role == Role::Hub,
            address: standing.address.clone(),
            connected: standing.connected,
            heard_at_ms: standing.heard_at.map(Timestamp::as_ms),
            clock_ahead_ms: standing.clock_ahead_ms,
            lag: standing.lag,
            failure: standing.failure.as_ref().map(|failure| both(failure.text())),
            bytes_today: used.map_or(0, |used| used.bytes()),
        }
    }
}

fn both(text: sync::terminal::StaffText) -> [String; 2] {
    [text.ja.to_string(), text.en.to_string()]
}

impl Exchange {
    /// Answers the command line. The socket is for the service's own user alone.
    pub fn listen_in(&mut self, folder: &Path) -> io::Result<()> {
        let path = folder.join(SOCKET);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        self.running.push(tokio::spawn(serve(self.inner.clone(), listener)));
        Ok(())
    }

    /// How it stands, for people.
    pub fn report(&self) -> Report {
        self.inner.report()
    }
}

impl Inner {
    fn report(&self) -> Report {
        let now = self.desk.clock().now();
        let why = match () {
            () if self.vault.is_moved() => Some(both(sync::facility::identity::IdentityError::OtherMachine.staff())),
            () if !self.vault.is_member() => Some(both(sync::feed::FeedFailure::NotAMember.text())),
            () => None,
        };
        let peers = self.standings.all().iter().map(|standing| PeerReport::of(standing, now)).collect();
        Report { own: self.vault.id().to_string(), stopped: why, peers }
    }
}

async fn serve(inner: Arc<Inner>, listener: UnixListener) {
    while let Ok((stream, _)) = listener.accept().await {
        if let Ok(Err(error)) = timeout(PATIENCE, answer(&inner, stream)).await {
            tracing::debug!(%error, "the command line hung up");
        }
    }
}

async fn answer(inner: &Inner, mut stream: UnixStream) -> io::Result<()> {
    if stream.read_u8().await? == b'n' {
        inner.now.notify_waiters();
    }
    stream.write_all(&serde_json::to_vec(&inner.report()).map_err(io::Error::from)?).await?;
    stream.shutdown().await
}

/// Asks the service that runs on this data folder.
pub async fn ask(folder: &Path, what: Asked) -> io::Result<Report> {
    let path: PathBuf = folder.join(SOCKET);
    let asking = async {
        let mut stream = UnixStream::connect(path).await?;
        stream.write_u8(if what == Asked::Now { b'n' } else { b's' }).await?;
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await?;
        serde_json::from_slice(&said).map_err(io::Error::from)
    };
    timeout(PATIENCE, asking).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}
