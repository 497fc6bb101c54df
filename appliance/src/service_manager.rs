//! What the system's service manager is told: that the reception is ready, that it still works, and that it ends.
//!
//! Started by hand, nobody listens and nothing is said. Under systemd (`Type=notify`, `WatchdogSec=`) a reception whose writer stands
//! still is noticed and started anew. The protocol is that of sd_notify(3): one datagram with a line each.

use crate::desk::{Input, RunningDesk};
use std::ffi::OsString;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// Who started this process, if it wants to hear of it.
#[derive(Debug)]
pub struct ServiceManager {
    socket: Option<UnixDatagram>,
    /// half of what the service manager waits for a sign of life
    every: Option<Duration>,
}

impl ServiceManager {
    /// As the environment of this process says.
    pub fn of_this_process() -> ServiceManager {
        let variable = |name| std::env::var_os(name);
        let is_meant = variable("WATCHDOG_PID").is_none_or(|pid| pid.to_str() == Some(&std::process::id().to_string()));
        ServiceManager::told(variable("NOTIFY_SOCKET"), variable("WATCHDOG_USEC").filter(|_| is_meant))
    }

    fn told(socket: Option<OsString>, watchdog_us: Option<OsString>) -> ServiceManager {
        let socket = socket.and_then(|name| {
            connected(&name).inspect_err(|error| tracing::warn!(%error, "the service manager cannot be reached")).ok()
        });
        let every = watchdog_us
            .and_then(|us| us.to_str()?.parse().ok())
            .filter(|us: &u64| *us > 0)
            .map(|us| Duration::from_micros(us / 2));
        ServiceManager { every: every.filter(|_| socket.is_some()), socket }
    }

    /// Pages are served.
    pub fn ready(&self) {
        self.say("READY=1");
    }

    /// The process ends, and nothing is wrong.
    pub fn stopping(&self) {
        self.say("STOPPING=1");
    }

    /// Says that the reception is alive for as long as its writer answers. Never ends by itself.
    pub async fn tell_signs_of_life(&self, desk: &RunningDesk) {
        let Some(every) = self.every else { return std::future::pending().await };
        let mut ticks = tokio::time::interval(every);
        loop {
            ticks.tick().await;
            match tokio::time::timeout(every, desk.inbox().send(Input::SignOfLife)).await {
                Ok(Some(())) => self.say("WATCHDOG=1"),
                _ => tracing::error!("the writer does not answer; the service manager will start the reception anew"),
            }
        }
    }

    fn say(&self, line: &str) {
        let Some(socket) = &self.socket else { return };
        if let Err(error) = socket.send(line.as_bytes()) {
            tracing::warn!(%error, line, "the service manager did not hear");
        }
    }
}

/// A path, or a name in the abstract namespace when it begins with `@`.
fn connected(name: &OsString) -> std::io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    let address = match name.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(name)?,
    };
    socket.connect_addr(&address)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut bytes = [0; 64];
        let length = socket.recv(&mut bytes).expect("a datagram");
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    }

    #[test]
    fn what_is_said_arrives_at_a_path_and_at_an_abstract_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let at_path = UnixDatagram::bind(&path).expect("bound");
        let manager = ServiceManager::told(Some(path.into_os_string()), Some("60000000".into()));
        assert_eq!(manager.every, Some(Duration::from_secs(30)));
        manager.ready();
        assert_eq!(heard(&at_path), "READY=1");

        let name = format!("uketsuke-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(name.as_bytes()).expect("a name");
        let abstractly = UnixDatagram::bind_addr(&address).expect("bound");
        let manager = ServiceManager::told(Some(format!("@{name}").into()), None);
        manager.stopping();
        assert_eq!(heard(&abstractly), "STOPPING=1");
        assert_eq!(manager.every, None);
    }

    #[test]
    fn started_by_hand_nothing_is_said() {
        let manager = ServiceManager::told(None, Some("60000000".into()));
        assert_eq!(manager.every, None, "nobody listens");
        manager.ready();
        let nobody = ServiceManager::told(Some("/nonexistent/notify".into()), None);
        nobody.ready();
    }
}
