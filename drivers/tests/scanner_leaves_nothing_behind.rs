//! Plugging, pulling, starting and stopping leave no descriptor and no thread behind. Alone in its process, because it counts
//! them.
#![allow(clippy::unwrap_used)]

#[path = "line/plug.rs"]
#[allow(dead_code)]
mod plug;

use std::time::Duration;

use drivers::scanner::{Framing, Scanner, ScannerSettings};
use drivers::serial::SerialSettings;
use drivers::{Clock, Moment, ReaderName, ReaderPort, ReaderState};

use plug::Socket;

fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

async fn until(scanner: &Scanner, wanted: fn(&ReaderState) -> bool) {
    let mut status = scanner.watch();
    let seen = tokio::time::timeout(Duration::from_secs(20), status.wait_for(|status| wanted(&status.state))).await;
    seen.expect("it happens").unwrap();
}

async fn plug_and_pull(socket: &Socket, times: usize) {
    let line = SerialSettings::new(socket.path()).unwrap();
    let settings = ScannerSettings { reopen: Duration::from_millis(1), ..ScannerSettings::new(line, Framing::Plain) };
    let (scanner, _scans) =
        Scanner::start(ReaderName::parse("counter").unwrap(), settings, Clock::new(|| Moment(0))).unwrap();
    for _ in 0..times {
        let device = socket.plug();
        until(&scanner, |state| matches!(state, ReaderState::Ready { .. })).await;
        drop(device);
        until(&scanner, |state| matches!(state, ReaderState::Absent { .. })).await;
    }
}

#[tokio::test]
async fn a_hundred_cycles_leave_no_descriptor_and_no_thread() {
    let socket = Socket::new();
    plug_and_pull(&socket, 1).await;
    let before = (count("/proc/self/fd"), count("/proc/self/task"));
    for _ in 0..5 {
        plug_and_pull(&socket, 20).await;
    }
    assert_eq!((count("/proc/self/fd"), count("/proc/self/task")), before);
}
