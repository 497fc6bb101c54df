//! The `[sync]` part of the configuration.

use crate::exchange::{DEFAULT_PORT, SyncSettings};
use anyhow::bail;
use serde::Deserialize;
use std::net::SocketAddr;
use sync::feed::Budget;

const MEGABYTE: u64 = 1_000_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SyncFile {
    #[serde(default = "default_listen")]
    listen: SocketAddr,
    #[serde(default)]
    peers: Vec<String>,
    hub: Option<String>,
    #[serde(default = "yes")]
    discovery: bool,
    day_megabytes: Option<u64>,
    session_megabytes: Option<u64>,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], DEFAULT_PORT))
}

const fn yes() -> bool {
    true
}

pub(super) fn exchange(file: Option<SyncFile>) -> anyhow::Result<Option<SyncSettings>> {
    let Some(file) = file else { return Ok(None) };
    let peers = file.peers.into_iter().chain(file.hub);
    Ok(Some(SyncSettings {
        listen: file.listen,
        peers: peers.map(|peer| place(&peer)).collect::<anyhow::Result<_>>()?,
        discovery: file.discovery,
        budget: Budget { per_session: bytes(file.session_megabytes), per_day: bytes(file.day_megabytes) },
    }))
}

fn bytes(megabytes: Option<u64>) -> u64 {
    megabytes.map_or(u64::MAX, |megabytes| megabytes.saturating_mul(MEGABYTE))
}

/// `host:port`.
fn place(text: &str) -> anyhow::Result<(String, u16)> {
    match text.rsplit_once(':').map(|(host, port)| (host, port.parse())) {
        Some((host, Ok(port))) if !host.is_empty() => Ok((host.trim_matches(['[', ']']).to_owned(), port)),
        _ => bail!("sync.peers, sync.hub: an address and a port, such as 192.168.1.20:8444"),
    }
}
