//! Being seen on the local network, under a name that only members can tell and that changes every day.

use super::{Inner, SyncSettings};
use crate::vault::Vault;
use std::net::SocketAddr;
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use sync::facility::discovery::{Discovery, MULTICAST_PORT, Places, Salt, Sightings};
use tokio::sync::watch;

/// How long this box is announced under one name.
const SALT_GOOD_FOR: Duration = Duration::from_secs(24 * 3_600);

/// What is announced now.
pub(super) struct Announced {
    discovery: Discovery,
    port: u16,
    since: Instant,
    inviting: bool,
}

impl Announced {
    /// Looks for others and is seen, where the settings want it and the network allows it.
    pub fn start(settings: &SyncSettings, vault: &Vault, port: u16) -> Option<Announced> {
        if !settings.discovery {
            return None;
        }
        let started = Discovery::start(&Places { port: MULTICAST_PORT, interfaces: Vec::new() });
        let discovery = started
            .inspect_err(|error| tracing::warn!(error = error as &dyn std::error::Error, "{}", error.staff().en))
            .ok()?;
        let mut announced = Announced { discovery, port, since: Instant::now(), inviting: false };
        announced.announce(vault);
        Some(announced)
    }

    /// What is heard.
    pub fn sightings(&self) -> watch::Receiver<Sightings> {
        self.discovery.sightings()
    }

    fn announce(&mut self, vault: &Vault) {
        let mut salt = [0; 8];
        if getrandom::fill(&mut salt).is_err() {
            return;
        }
        self.since = Instant::now();
        let announced = self.discovery.announce(vault.id(), vault.facility(), Salt(salt), self.port, self.inviting);
        if let Err(error) = announced {
            tracing::warn!(error = &error as &dyn std::error::Error, "{}", error.staff().en);
        }
    }
}

impl Inner {
    /// Says anew who is here when the name is a day old, or a code was made or has ended.
    pub(super) fn announce_again(&self) {
        let inviting = self.enrolment.as_ref().is_some_and(|enrolment| enrolment.open_code().is_some());
        let mut announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(announced) = announced.as_mut()
            && (announced.inviting != inviting || announced.since.elapsed() > SALT_GOOD_FOR)
        {
            announced.inviting = inviting;
            announced.announce(&self.vault);
        }
    }

    /// This box's own announcements, by address.
    pub(super) fn own_addresses(&self) -> Vec<SocketAddr> {
        let Some(sightings) = &self.sightings else { return Vec::new() };
        let found = sightings.borrow().of(self.vault.facility(), [self.vault.id()]);
        found.into_values().flatten().collect()
    }
}
