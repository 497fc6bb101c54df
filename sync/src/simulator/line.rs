//! The line as a real TCP port: it accepts (and closes) while the line is up, and refuses while it is cut.

use super::faults::Faults;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Opens the port and keeps it in step with the line. Returns the address in use.
pub(crate) async fn start(
    listen: SocketAddr,
    faults: Faults,
    stop: watch::Receiver<bool>,
) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    Ok((address, tokio::spawn(run(listener, address, faults, stop))))
}

async fn run(first: TcpListener, address: SocketAddr, faults: Faults, mut stop: watch::Receiver<bool>) {
    let mut listener = Some(first);
    let mut changes = faults.changes();
    loop {
        match (faults.line_is_up(), &listener) {
            (false, Some(_)) => listener = None,
            (true, None) => listener = TcpListener::bind(address).await.ok(),
            _ => {}
        }
        tokio::select! {
            _ = stop.changed() => return,
            _ = changes.changed() => {}
            () = serve(&listener, faults.line_is_up()) => {}
        }
    }
}

/// Takes one connection and drops it; waits for a change while the line is down.
async fn serve(listener: &Option<TcpListener>, up: bool) {
    match listener {
        Some(listener) => drop(listener.accept().await),
        // The port may be taken for a moment: try again.
        None if up => tokio::time::sleep(Duration::from_millis(50)).await,
        None => std::future::pending().await,
    }
}
