//! Another store that replicates, as its own processes on Node.js: started, filled, reconnected, each step when it is told so.

use super::line::{Quality, ShapedLine};
use super::reconnect::Reconnect;
use anyhow::{Context, bail};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// automerge-repo with its websocket server, one document per patient, both ends on disk
    Automerge,
    /// pouchdb replicating from pouchdb-server, both ends on disk
    Pouch,
}

impl Which {
    const fn script(self) -> &'static str {
        match self {
            Which::Automerge => "automerge.mjs",
            Which::Pouch => "pouch.mjs",
        }
    }
}

/// A running one with its line.
pub struct PeerStore {
    child: Child,
    orders: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    line: ShapedLine,
    _folder: TempDir,
}

impl PeerStore {
    /// Starts its server with so many patients of about twenty fields, and lays a good line to it.
    pub async fn start(
        installed: &Path,
        place: &Path,
        which: Which,
        patients: u32,
        changed: u32,
    ) -> anyhow::Result<PeerStore> {
        let folder = tempfile::Builder::new().prefix("peer-").tempdir_in(place)?;
        let mut child = Command::new("node")
            .arg(installed.join(which.script()))
            .arg(folder.path())
            .args([patients.to_string(), changed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node could not be started (Debian: nodejs)")?;
        let orders = child.stdin.take().context("no input")?;
        let mut said = BufReader::new(child.stdout.take().context("no output")?).lines();
        let port = hear(&mut said).await?["port"].as_u64().context("the other store tells no port")?;
        let line = ShapedLine::lay(SocketAddr::from(([127, 0, 0, 1], u16::try_from(port)?)), Quality::BEST).await?;
        let mut store = PeerStore { child, orders, said, line, _folder: folder };
        store.order(&format!("through {}", store.line.near.port())).await?;
        Ok(store)
    }

    /// An empty client takes everything.
    pub async fn fill(&mut self) -> anyhow::Result<Reconnect> {
        self.measured("fill").await
    }

    /// From now on the line is like this, for what connects anew.
    pub fn line_becomes(&self, quality: Quality) {
        self.line.become_like(quality);
    }

    /// Records are changed at the server while the client is away; then it comes back.
    pub async fn reconnect(&mut self) -> anyhow::Result<Reconnect> {
        self.order("change").await?;
        self.measured("reconnect").await
    }

    async fn measured(&mut self, order: &str) -> anyhow::Result<Reconnect> {
        self.line.take_carried();
        let done = self.order(order).await?;
        let seconds = done["seconds"].as_f64().context("the other store tells no time")?;
        Ok(Reconnect { seconds, bytes: self.line.take_carried() as f64, sealed: 0.0 })
    }

    async fn order(&mut self, order: &str) -> anyhow::Result<Value> {
        self.orders.write_all(format!("{order}\n").as_bytes()).await?;
        hear(&mut self.said).await
    }

    /// Ends it.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.orders.write_all(b"end\n").await?;
        drop(self.orders);
        self.child.wait().await?;
        Ok(())
    }
}

/// The next line that is one of the script's; libraries talk in between.
async fn hear(said: &mut Lines<BufReader<ChildStdout>>) -> anyhow::Result<Value> {
    while let Some(line) = said.next_line().await? {
        if let Some(told) = line.strip_prefix("bench ") {
            return Ok(serde_json::from_str(told)?);
        }
    }
    bail!("the other store ended; what it said stands above")
}
