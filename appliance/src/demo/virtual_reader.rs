//! A virtual card reader of our own: a real reader service, its virtual reader and an emulated card, apart from everything else.
//!
//! ```text
//!   this program ──orders──▶ │ uketsuke sim-card ──TCP──▶ vpcd ─ pcscd │ ──socket in FOLDER──▶ any program of this machine
//!                            └─ own mounts, network, process ids ──────┘
//! ```
//!
//! The virtual reader driver listens on every interface of the network it lives in, so it gets a network that has nothing but a
//! loopback; the service's socket and process id have a fixed place, so it gets that place for itself and leaves a service that
//! runs already alone; real readers' drivers are out of its sight. When this program ends, in whatever way, everything inside ends.

use anyhow::{Context, bail};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// Where the reader service's client library looks for the service.
pub const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";
/// Longest path of a socket, bytes.
const LONGEST_SOCKET_PATH: usize = 107;
/// Longest wait for the service to answer.
const LONGEST_START: Duration = Duration::from_secs(20);
/// Longest wait for the end before it is forced.
const LONGEST_END: Duration = Duration::from_secs(5);
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Makes the place: a loopback, the folder where the service puts its socket, no drivers of real readers; then the program.
const PREPARE: &str = r#"
ip link set lo up || exit 97
[ -d /run/pcscd ] || { mount -t tmpfs tmpfs /run && mkdir /run/pcscd; } || exit 98
mount --bind "$1" /run/pcscd || exit 98
for drivers in /usr/lib/pcsc/drivers/*.bundle; do
    if [ -d "$drivers" ]; then mount -t tmpfs tmpfs "$drivers" || exit 98; fi
done
shift
exec "$@"
"#;

/// The running arrangement. Dropping it ends everything inside.
pub struct VirtualReader {
    child: Child,
    orders: Option<ChildStdin>,
    socket: PathBuf,
}

impl VirtualReader {
    /// Where the service of a virtual reader in this folder can be reached.
    pub fn socket_in(folder: &Path) -> anyhow::Result<PathBuf> {
        let socket = std::path::absolute(folder)?.join("pcscd.comm");
        if socket.as_os_str().len() > LONGEST_SOCKET_PATH {
            bail!(
                "フォルダーの名前が長すぎます。短い名前のフォルダーを指定してください。 / The folder's path is too long for a \
                 socket ({LONGEST_SOCKET_PATH} bytes): name a shorter one. ({})",
                socket.display()
            );
        }
        Ok(socket)
    }

    /// Starts the arrangement and waits until the service answers. `program` is this product, `words` go to its `sim-card`.
    pub fn start(program: &Path, folder: &Path, words: &[&str]) -> anyhow::Result<VirtualReader> {
        let socket = VirtualReader::socket_in(folder)?;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let folder = std::path::absolute(folder)?;
        let _there_was_none = std::fs::remove_file(&socket);
        let mut command = Command::new("unshare");
        command.args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        command.args((!is_root()).then_some("--map-root-user"));
        command.args(["--", "sh", "-c", PREPARE, "sh"]).arg(&folder).arg(program);
        command.arg("sim-card").args(words).arg("--inside").arg(&folder);
        // the service must be the one inside, whichever this program was told to use
        let mut child = command
            .env_remove(SOCKET_VARIABLE)
            .stdin(Stdio::piped())
            .spawn()
            .context("unshare could not be started (Debian: util-linux)")?;
        let orders = child.stdin.take();
        let mut reader = VirtualReader { child, orders, socket };
        reader.wait_for_the_service()?;
        Ok(reader)
    }

    /// Where the service can be reached, for [`SOCKET_VARIABLE`].
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Gives the card an order, as on its standard input.
    pub fn give(&mut self, order: &str) -> std::io::Result<()> {
        let orders = self.orders.as_mut().ok_or(std::io::ErrorKind::BrokenPipe)?;
        writeln!(orders, "{}", order.trim())
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn close(&mut self) {
        // the end of its input is the end of the card, and the card's end is the end of everything beside it
        drop(self.orders.take());
        let give_up = Instant::now() + LONGEST_END;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > give_up {
                let _ended_meanwhile = self.child.kill();
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        let _gone_already = std::fs::remove_file(&self.socket);
    }

    fn wait_for_the_service(&mut self) -> anyhow::Result<()> {
        let give_up = Instant::now() + LONGEST_START;
        while UnixStream::connect(&self.socket).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "仮想リーダーを始められませんでした。root で試すか、pcscd・vsmartcard-vpcd・iproute2 が入っているか確かめて\
                     ください。 / The virtual reader did not start ({status}): try as root, and see that pcscd, vsmartcard-vpcd \
                     and iproute2 are installed."
                );
            }
            if Instant::now() > give_up {
                bail!("リーダーのサービスが応答しません。 / The reader service does not answer.");
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }
}

impl Drop for VirtualReader {
    fn drop(&mut self) {
        self.close();
    }
}

/// Makes this program a client of the virtual reader in the folder: it starts anew in its own place, with the variable set that the
/// service's library reads. Returns once that has been done.
pub fn become_client(folder: &Path) -> anyhow::Result<()> {
    let socket = VirtualReader::socket_in(folder)?;
    if std::env::var_os(SOCKET_VARIABLE).is_some_and(|now| now == *socket) {
        return Ok(());
    }
    let mut again = Command::new(std::env::current_exe().context("the program does not find itself")?);
    let error = again.args(std::env::args_os().skip(1)).env(SOCKET_VARIABLE, socket).exec();
    Err(error).context("the program could not be started anew")
}

/// The owner of our own entry in `/proc` is the user we act as.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}
