//! The program of a drill, and the folder that goes with it.

use super::DrillPlace;
use domain::text::Text;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Longest wait for its pages.
const LONGEST_START: Duration = Duration::from_secs(120);
/// Longest wait for its end before it is forced.
const LONGEST_END: Duration = Duration::from_secs(10);
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// What it says when its pages are there.
const READY: &str = "ready ";
/// What it is told of this program's surroundings: how much to log, and the time zone.
const PASSED_ON: [&str; 2] = ["UKETSUKE_LOG", "TZ"];
/// The files of the certificate, the same as that of the box: browsers know it already.
const CERTIFICATE: [&str; 2] = ["server.crt", "server.key"];

/// Why a drill did not begin.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    #[error("its port is in use")]
    PortInUse(#[source] std::io::Error),
    #[error("its folder could not be made")]
    Folder(#[source] std::io::Error),
    #[error("its program could not be started")]
    Start(#[source] std::io::Error),
    #[error("its program ended at once")]
    Ended,
    #[error("its pages did not come in time")]
    TooSlow,
}

/// The running program. Dropping it ends it and deletes its folder.
pub struct Program {
    child: Child,
    /// open as long as the drill goes on
    input: Option<ChildStdin>,
    folder: PathBuf,
}

impl Program {
    /// Starts it, and waits until its pages are there.
    pub fn begin(place: DrillPlace, folder: &Path, certificate: &Path, password: &str) -> Result<Program, NotBegun> {
        is_free(place.listen).map_err(NotBegun::PortInUse)?;
        delete(folder);
        make(folder, certificate, place.plain_http).map_err(NotBegun::Folder)?;
        let mut child = command(place, folder).spawn().map_err(|error| {
            delete(folder);
            NotBegun::Start(error)
        })?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut program = Program { child, input, folder: folder.to_owned() };
        let input = program.input.as_mut().ok_or(NotBegun::Ended)?;
        writeln!(input, "{password}").map_err(NotBegun::Start)?;
        let (sender, ready) = mpsc::channel();
        let lines = BufReader::new(output.ok_or(NotBegun::Ended)?).lines();
        // what it says is read to its end, so that it never waits for a reader
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if line.starts_with(READY) {
                    let _nobody_waits_any_more = sender.send(());
                }
            }
        });
        match ready.recv_timeout(LONGEST_START) {
            Ok(()) => Ok(program),
            Err(RecvTimeoutError::Timeout) => Err(NotBegun::TooSlow),
            Err(RecvTimeoutError::Disconnected) => Err(NotBegun::Ended),
        }
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it, and deletes everything in it.
    pub fn end(self) {
        drop(self);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.input.take());
        let give_up = Instant::now() + LONGEST_END;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > give_up {
                let _ended_meanwhile = self.child.kill();
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        delete(&self.folder);
    }
}

impl NotBegun {
    /// To whoever wanted to begin.
    pub fn words(&self, place: DrillPlace) -> Text {
        let safe = ("本物の受付は続けられます。", "Reception goes on.");
        let (ja, en) = match self {
            NotBegun::PortInUse(_) => {
                let address = place.listen;
                (
                    format!(
                        "訓練の画面に使う場所（{address}）が、ほかのプログラムに使われています。技術担当に、設定の [drill] listen を変えてもらってください。"
                    ),
                    format!(
                        "Another program uses the address for drills ({address}). Ask a technician to change [drill] listen in the settings."
                    ),
                )
            }
            NotBegun::Folder(_) => (
                "訓練の場所を用意できませんでした。空き容量を確かめてください。".to_owned(),
                "There was no room for the drill: look at the free disk space.".to_owned(),
            ),
            NotBegun::Start(_) | NotBegun::Ended | NotBegun::TooSlow => (
                "訓練を始められませんでした。しばらくしてからもう一度お試しください。".to_owned(),
                "The drill could not begin. Try again in a while.".to_owned(),
            ),
        };
        Text::new(format!("{ja}{}", safe.0), format!("{en} {}", safe.1))
    }
}

/// Deletes everything of a drill.
pub fn delete(folder: &Path) {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(%error, "what a drill left behind could not be deleted; it holds invented people only");
        }
        _ => {}
    }
}

fn is_free(address: SocketAddr) -> std::io::Result<()> {
    TcpListener::bind(address).map(drop)
}

fn make(folder: &Path, certificate: &Path, plain_http: bool) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let files = if plain_http { [].as_slice() } else { CERTIFICATE.as_slice() };
    files.iter().try_for_each(|name| std::fs::copy(certificate.join(name), folder.join(name)).map(|_| ()))
}

/// This program once more; it may have been replaced on disk meanwhile.
fn command(place: DrillPlace, folder: &Path) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.arg("drill-clinic").arg("--listen").arg(place.listen.to_string()).arg("--data").arg(folder);
    command.args(place.plain_http.then_some("--http"));
    command.env_clear();
    command.envs(PASSED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}
