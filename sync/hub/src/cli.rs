//! The command line.

mod update;

use crate::admin::{self, password};
use crate::bundles::Bundles;
use crate::hub::Hub;
use crate::store::{Store, admins, backup};
use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use domain::Timestamp;
use std::io::BufRead;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use sync::feed::https::FeedClock;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use update::UpdateCommand;

/// Time for pages under way when the hub stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// Stores and forwards the sealed records of many facilities, and reads none of them.
#[derive(Parser)]
#[command(name = "uketsuke-hub", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve boxes, and the pages for who looks after them
    Serve(Serve),
    /// Make an administrator, or give one a new password, read as one line from standard input
    Admin {
        #[command(flatten)]
        place: Place,
        /// the name to sign in with
        name: String,
    },
    /// Updates of the program for boxes: publish one, see how it goes, widen or stop it
    Update {
        #[command(flatten)]
        place: Place,
        #[command(subcommand)]
        command: UpdateCommand,
    },
    /// Copy the whole store into one file, also while hubs run
    Backup {
        #[command(flatten)]
        place: Place,
        /// the file; replaced when the backup is whole
        file: PathBuf,
    },
    /// Read a backup into an empty store
    Restore {
        #[command(flatten)]
        place: Place,
        /// the file
        file: PathBuf,
    },
}

/// Where the store is.
#[derive(Args)]
struct Place {
    /// folder of the SQLite store
    #[arg(long, required_unless_present = "database")]
    data: Option<PathBuf>,
    /// PostgreSQL instead, shared by any number of hubs: postgres://… The connection is not encrypted: use a socket or a private network
    #[arg(long, env = "UKETSUKE_HUB_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// where boxes call
    #[arg(long)]
    listen: SocketAddr,
    /// where the pages, the API and the metrics are: this machine only; put a web server with TLS before it
    #[arg(long, default_value = "127.0.0.1:8950")]
    admin: SocketAddr,
    /// folder of published updates; beside the store when left out
    #[arg(long)]
    bundles: Option<PathBuf>,
    /// how the screens of the facilities call this hub
    #[arg(long, default_value = "Hub")]
    name: String,
}

/// Does what was asked.
///
/// # Errors
/// Why not, for people.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Command::Serve(serve) => serve.run(&runtime),
        Command::Admin { place, name } => make_admin(&place.open_beside(&runtime)?, &name),
        Command::Backup { place, file } => Ok(backup::write(&place.open_beside(&runtime)?, &file)?),
        Command::Update { place, command } => command.run(&place, &runtime),
        Command::Restore { place, file } => Ok(backup::restore(&place.open(&runtime)?, &file)?),
    }
}

impl Place {
    /// Where published updates lie: processes that share a database share a folder, too, and say which.
    fn bundles(&self, said: Option<&Path>) -> Option<PathBuf> {
        let beside = || self.data.as_ref().map(|data| data.join("bundles"));
        said.map(Path::to_owned).or_else(beside)
    }

    /// Beside hubs that may be running.
    fn open_beside(&self, runtime: &Runtime) -> anyhow::Result<Store> {
        match (&self.database, &self.data) {
            (None, Some(folder)) => Store::open_folder_beside(folder).context("the store cannot be opened"),
            _ => self.open(runtime),
        }
    }

    fn open(&self, runtime: &Runtime) -> anyhow::Result<Store> {
        let opened = match (&self.database, &self.data) {
            (Some(url), _) => Store::open_database(url, runtime.handle().clone()),
            (None, Some(folder)) => Store::open_folder(folder),
            (None, None) => bail!("give --data or --database"),
        };
        opened.context("the store cannot be opened; nothing was changed")
    }
}

impl Serve {
    fn run(&self, runtime: &Runtime) -> anyhow::Result<()> {
        if !self.admin.ip().is_loopback() {
            bail!(
                "--admin has to be an address of this machine alone (127.0.0.1): passwords would cross the network in the clear"
            );
        }
        let store = Arc::new(self.place.open(runtime)?);
        let hub = Arc::new(Hub::open(store, self.name.clone(), clock())?);
        if let Some(folder) = self.place.bundles(self.bundles.as_deref()) {
            hub.registry().hand_out(Bundles::in_folder(&folder));
        }
        runtime.block_on(async {
            let listener = TcpListener::bind(self.listen).await.context("--listen cannot be used")?;
            let admin = TcpListener::bind(self.admin).await.context("--admin cannot be used")?;
            let (boxes, pages) = (listener.local_addr()?, admin.local_addr()?);
            tracing::info!(hub = %hub.registry().identity().id(), %boxes, %pages, "the hub serves");
            let (stop, stopped) = watch::channel(false);
            let pages = tokio::spawn(admin::serve(hub.clone(), admin, stopped.clone()));
            let serving = tokio::spawn(hub.serve(listener, stopped));
            asked_to_stop().await?;
            stop.send_replace(true);
            serving.await?;
            // A browser that keeps its line open does not keep the hub.
            let _ = timeout(FAREWELL, pages).await;
            Ok(())
        })
    }
}

fn make_admin(store: &Store, name: &str) -> anyhow::Result<()> {
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    let hash = password::hash(typed.trim_end_matches(['\r', '\n']))?;
    Ok(store.write(|sql| admins::set_password(sql, name, &hash))?)
}

async fn asked_to_stop() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

fn clock() -> FeedClock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}
