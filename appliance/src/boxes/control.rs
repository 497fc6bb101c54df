//! A socket in the data folder by which the command line asks the running service how the facility stands, and has it do something.
//!
//! One line of JSON there, one report back.

mod report;

pub use report::{FormerReport, MemberReport, PeerReport, QuestionReport, Report};

use super::Shared;
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use web::port::{Facility, NotDone, PutOutReason};

/// The socket's name in the data folder.
const SOCKET: &str = "sync.sock";
/// Longest wait for either side; a machine far away may have to answer in between.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longest line.
const MOST_BYTES: u64 = 4_096;

/// What the command line asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// how it stands
    Status,
    /// call everybody at once, and how it stands
    Now,
    /// make a code for another box
    MakeCode,
    /// take the code back
    WithdrawCode,
    /// somebody compared the digits
    Answer {
        /// which question
        question: String,
        /// whether they are the same
        same: bool,
    },
    /// enter the facility of another box
    Join {
        /// its address; empty for the only one that is found
        address: String,
        /// the code; empty to go on after a cut
        code: String,
        /// what people call this box
        name: String,
    },
    /// use a hub
    EnrolHub {
        /// its address
        address: String,
        /// the code its operator made
        code: String,
    },
    /// put a member out
    PutOut {
        /// its id
        id: String,
        /// `lost`, `replaced`, `copied` or `retired`
        reason: String,
    },
    /// give a member another name
    Rename {
        /// its id
        id: String,
        /// what people call it from now on
        name: String,
    },
}

/// Begins to listen. The socket is for the service's own user alone.
pub(super) fn listen(boxes: Arc<Shared>, folder: &Path) -> io::Result<JoinHandle<()>> {
    let path = folder.join(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(tokio::spawn(serve(boxes, listener)))
}

async fn serve(boxes: Arc<Shared>, listener: UnixListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let boxes = boxes.clone();
        tokio::spawn(async move {
            if let Ok(Err(error)) = timeout(PATIENCE, answer(&boxes, stream)).await {
                tracing::debug!(%error, "the command line hung up");
            }
        });
    }
}

async fn answer(boxes: &Shared, stream: UnixStream) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reading.take(MOST_BYTES)).read_line(&mut line).await?;
    let asked: Asked = serde_json::from_str(&line).map_err(io::Error::from)?;
    let done = carry_out(boxes, asked).await;
    let report = Report { refused: done.err().map(|refused| report::both(&refused.why)), ..Report::of(&boxes.look()) };
    writing.write_all(&serde_json::to_vec(&report).map_err(io::Error::from)?).await?;
    writing.shutdown().await
}

async fn carry_out(boxes: &Shared, asked: Asked) -> Result<(), NotDone> {
    match asked {
        Asked::Status => Ok(()),
        Asked::Now => {
            boxes.sync_now();
            Ok(())
        }
        Asked::MakeCode => boxes.make_code().await,
        Asked::WithdrawCode => {
            boxes.withdraw_code();
            Ok(())
        }
        Asked::Answer { question, same } => {
            boxes.answer(&question, same);
            Ok(())
        }
        Asked::Join { address, code, name } => boxes.join(&address, &code, &name).await,
        Asked::EnrolHub { address, code } => boxes.enrol_hub(&address, &code).await,
        Asked::PutOut { id, reason } => match PutOutReason::from_code(&reason) {
            Some(reason) => boxes.put_out(&id, reason).await,
            None => Err(NotDone { at: "reason", why: report::unknown_reason() }),
        },
        Asked::Rename { id, name } => boxes.rename(None, &id, &name).await,
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
