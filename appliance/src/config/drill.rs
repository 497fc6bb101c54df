//! The `[drill]` part of the configuration.

use anyhow::bail;
use serde::Deserialize;
use std::net::SocketAddr;

/// The port of a drill on a clinic's machine, beside those of pages and exchange.
const DEFAULT_PORT: u16 = 8445;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DrillFile {
    enabled: bool,
    listen: Option<SocketAddr>,
}

impl Default for DrillFile {
    fn default() -> DrillFile {
        DrillFile { enabled: true, listen: None }
    }
}

/// Where a drill is served: where the pages are, on a port of its own. A box that is reached from its own machine only keeps to that.
pub(super) fn drill(file: &DrillFile, pages: SocketAddr) -> anyhow::Result<Option<SocketAddr>> {
    let port = match pages.ip().is_loopback() {
        true => pages.port().checked_add(2).unwrap_or(DEFAULT_PORT),
        false => DEFAULT_PORT,
    };
    let listen = file.listen.unwrap_or(SocketAddr::new(pages.ip(), port));
    if file.enabled && listen.port() == pages.port() {
        bail!("drill.listen: another port than web.listen, such as {DEFAULT_PORT}");
    }
    Ok(file.enabled.then_some(listen))
}
