//! Rebooting by systemd-logind, over the system's D-Bus: it stops every service in order, and needs no program with root's rights,
//! only a polkit rule for `org.freedesktop.login1.reboot`.

use super::{RebootPort, RebootReason, RebootRefused};
use std::time::Duration;
use zbus::{Connection, Error, connection::Builder, fdo};

/// Asks logind.
#[derive(Clone, Debug)]
pub struct LogindReboot {
    /// the address of its bus; `None` = the system's
    bus: Option<String>,
}

const NAME: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
/// logind answers at once; one that does not is not waited for.
const LONGEST: Duration = Duration::from_secs(25);

/// What is held up, by whom, why, how (`block` or `delay`), user, process.
type Inhibitor = (String, String, String, String, u32, u32);

impl LogindReboot {
    /// The logind of this machine.
    pub fn of_the_system() -> LogindReboot {
        LogindReboot { bus: None }
    }
}

impl LogindReboot {
    async fn ask(&self) -> Result<(), NotAsked> {
        let bus = match &self.bus {
            None => Builder::system(),
            Some(address) => Builder::address(address.as_str()),
        };
        ask(&bus.build().await?).await
    }
}

impl RebootPort for LogindReboot {
    fn reboot(&self, reason: &RebootReason) -> Result<(), RebootRefused> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| RebootRefused::Failed(error.kind().to_string()))?;
        tracing::warn!(reason = %reason.text().en, "asking logind for a reboot");
        runtime.block_on(async {
            let asked = tokio::time::timeout(LONGEST, self.ask()).await;
            asked.map_err(|_| RebootRefused::Failed("logind did not answer".to_owned()))?.map_err(refused)
        })
    }
}

/// Why not, before it is sorted.
enum NotAsked {
    HeldUp,
    Bus(Error),
}

impl From<Error> for NotAsked {
    fn from(error: Error) -> NotAsked {
        NotAsked::Bus(error)
    }
}

/// logind lets root reboot in spite of those who hold the box up, so they are asked for first.
async fn ask(connection: &Connection) -> Result<(), NotAsked> {
    let answer = connection.call_method(Some(NAME), PATH, Some(MANAGER), "ListInhibitors", &()).await?;
    let inhibitors: Vec<Inhibitor> = answer.body().deserialize()?;
    if inhibitors.iter().any(|(what, _, _, how, ..)| how == "block" && what.split(':').any(|one| one == "shutdown")) {
        return Err(NotAsked::HeldUp);
    }
    // false: nobody sits there to be asked for a password
    connection.call_method(Some(NAME), PATH, Some(MANAGER), "Reboot", &(false,)).await?;
    Ok(())
}

fn refused(why: NotAsked) -> RebootRefused {
    match why {
        NotAsked::HeldUp => RebootRefused::HeldUp,
        NotAsked::Bus(Error::FDO(error)) => match *error {
            fdo::Error::AccessDenied(_)
            | fdo::Error::AuthFailed(_)
            | fdo::Error::InteractiveAuthorizationRequired(_) => RebootRefused::NotAllowed,
            fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_) => RebootRefused::NoWay,
            other => RebootRefused::Failed(other.to_string()),
        },
        NotAsked::Bus(Error::MethodError(name, ..)) if name.as_str().ends_with("BlockedByInhibitorLock") => {
            RebootRefused::HeldUp
        }
        NotAsked::Bus(Error::InputOutput(_) | Error::Address(_) | Error::Connection(..)) => RebootRefused::NoWay,
        NotAsked::Bus(other) => RebootRefused::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::os::unix::net::UnixStream;
    use std::process::{Child, Command, Stdio};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A logind at the other end of a socket.
    struct FakeLogind {
        inhibitors: Vec<Inhibitor>,
        allows: bool,
        reboots: Arc<AtomicU32>,
    }

    #[zbus::interface(name = "org.freedesktop.login1.Manager")]
    impl FakeLogind {
        fn list_inhibitors(&self) -> Vec<Inhibitor> {
            self.inhibitors.clone()
        }

        fn reboot(&self, interactive: bool) -> fdo::Result<()> {
            assert!(!interactive);
            if !self.allows {
                return Err(fdo::Error::InteractiveAuthorizationRequired("polkit".to_owned()));
            }
            self.reboots.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }

    async fn asking(inhibitors: Vec<Inhibitor>, allows: bool) -> (Result<(), RebootRefused>, u32) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let reboots = Arc::new(AtomicU32::new(0));
        let logind = FakeLogind { inhibitors, allows, reboots: reboots.clone() };
        let server = Builder::unix_stream(theirs).server(zbus::Guid::generate()).p2p().serve_at(PATH, logind).build();
        let client = Builder::unix_stream(ours).p2p().build();
        let (server, client) = tokio::join!(server, client);
        let (_server, client) = (server.unwrap(), client.unwrap());
        (ask(&client).await.map_err(refused), reboots.load(Ordering::SeqCst))
    }

    fn holding(what: &str, how: &str) -> Vec<Inhibitor> {
        vec![(what.to_owned(), "updater".to_owned(), "update".to_owned(), how.to_owned(), 0, 1)]
    }

    #[tokio::test]
    async fn logind_is_asked_once_and_what_merely_delays_is_no_obstacle() {
        assert_eq!(asking(Vec::new(), true).await, (Ok(()), 1));
        assert_eq!(asking(holding("sleep:shutdown", "delay"), true).await, (Ok(()), 1));
        assert_eq!(asking(holding("sleep", "block"), true).await, (Ok(()), 1));
    }

    #[tokio::test]
    async fn whoever_holds_the_box_up_is_respected() {
        assert_eq!(asking(holding("sleep:shutdown", "block"), true).await, (Err(RebootRefused::HeldUp), 0));
    }

    /// A D-Bus daemon of its own; ends with the test.
    struct Bus {
        daemon: Child,
        address: String,
    }

    impl Bus {
        fn start() -> Bus {
            let mut daemon = Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--nopidfile", "--print-address"])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut address = String::new();
            BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
            Bus { daemon, address: address.trim().to_owned() }
        }

        /// A logind on this bus, for as long as what is returned lives.
        async fn with(&self, logind: FakeLogind) -> Connection {
            Builder::address(self.address.as_str()).serve_at(PATH, logind).name(NAME).build().await.unwrap()
        }

        /// As the box asks: from a thread that may block.
        async fn reboot(&self) -> Result<(), RebootRefused> {
            let logind = LogindReboot { bus: Some(self.address.clone()) };
            tokio::task::spawn_blocking(move || logind.reboot(&RebootReason::ByHand)).await.unwrap()
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            let _gone_already = self.daemon.kill();
            let _its_end_is_enough = self.daemon.wait();
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn logind_is_found_by_its_name_on_a_real_bus() {
        let bus = Bus::start();
        assert_eq!(bus.reboot().await, Err(RebootRefused::NoWay), "nobody has the name yet");
        let reboots = Arc::new(AtomicU32::new(0));
        let logind = FakeLogind { inhibitors: Vec::new(), allows: true, reboots: reboots.clone() };
        let service = bus.with(logind).await;
        assert_eq!(bus.reboot().await, Ok(()));
        assert_eq!(reboots.load(Ordering::SeqCst), 1);
        service.close().await.unwrap();
        let held = FakeLogind { inhibitors: holding("shutdown", "block"), allows: true, reboots: reboots.clone() };
        let _service = bus.with(held).await;
        assert_eq!(bus.reboot().await, Err(RebootRefused::HeldUp));
        assert_eq!(reboots.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_bus_that_is_not_there_is_no_way() {
        let nowhere = LogindReboot { bus: Some("unix:path=/nonexistent/bus".to_owned()) };
        let asked = tokio::task::spawn_blocking(move || nowhere.reboot(&RebootReason::ByHand)).await.unwrap();
        assert_eq!(asked, Err(RebootRefused::NoWay));
    }

    #[tokio::test]
    async fn a_missing_permission_is_told() {
        assert_eq!(asking(Vec::new(), false).await, (Err(RebootRefused::NotAllowed), 0));
    }
}
