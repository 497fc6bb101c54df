//! How the command line asks the running service how updates stand, and has it do something.

use super::agent::Agent;
use crate::control_socket::ControlSocket;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::task::JoinHandle;
use web::port::{UpdateWish, Updates};

/// A bundle on a slow stick is copied in between.
const SOCKET: ControlSocket = ControlSocket { name: "update.sock", patience: Duration::from_secs(900), longest: 8_192 };

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

/// Begins to answer the command line.
///
/// # Errors
/// The folder cannot be used.
pub fn listen(agent: Agent, folder: &Path) -> io::Result<JoinHandle<()>> {
    SOCKET.listen(folder, move |asked| {
        let agent = agent.clone();
        async move { tokio::task::spawn_blocking(move || carry_out(&agent, asked)).await.ok() }
    })
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
/// No service answers there, or it failed over the question.
pub async fn ask(folder: &Path, what: Asked) -> io::Result<Report> {
    let said: Option<Report> = SOCKET.ask(folder, &what).await?;
    said.ok_or_else(|| io::Error::other("the service failed over the question"))
}
