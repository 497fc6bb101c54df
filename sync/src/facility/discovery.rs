//! Boxes find each other on the local network by multicast DNS. Finding is not trusting: who is found still has to show its leaf.
//!
//! What is said on the wire: service `_uketsuke-sync._tcp`, a port, and a [`Beacon`]. A beacon is a random salt and a keyed hash of salt and
//! box, with a key that follows from the facility's id. Members compute it for each other and recognise it; to anybody else it is noise
//! that changes with every salt, so that boxes cannot be followed or counted by name. The salt is drawn, not made from the date: a
//! box whose clock is dead is still found. Host and instance name are the salt, too.

mod beacon;

pub use beacon::{Announcement, Beacon, Salt};

use super::id::{BoxId, FacilityId};
use crate::terminal::StaffText;
use mdns_sd::{IfKind, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent, ServiceInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The service as multicast DNS names it.
pub const SERVICE: &str = "_uketsuke-sync._tcp.local.";
/// The port of multicast DNS (RFC 6762).
pub const MULTICAST_PORT: u16 = 5353;
/// Most announcements that are remembered: a hostile neighbour may invent any number.
const MAX_SIGHTINGS: usize = 1024;
/// Most addresses of one announcement.
const MAX_ADDRESSES: usize = 16;
/// How soon a plugged-in cable is noticed, in seconds.
const INTERFACE_CHECK_S: u32 = 3;

/// Where to look and to be seen.
#[derive(Debug, Clone)]
pub struct Places {
    /// The UDP port; [`MULTICAST_PORT`] outside of tests.
    pub port: u16,
    /// Names of interfaces; empty for all.
    pub interfaces: Vec<String>,
}

/// The network does not let us look or be seen.
#[derive(Debug, thiserror::Error)]
#[error("multicast DNS does not work")]
pub struct NoDiscovery(#[from] mdns_sd::Error);

/// Looks for others, and is seen.
pub struct Discovery {
    daemon: ServiceDaemon,
    announced: Option<String>,
    seen: watch::Receiver<Sightings>,
    watching: JoinHandle<()>,
}

/// One announcement that was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What it says.
    pub announcement: Announcement,
    /// Where.
    pub addresses: Vec<SocketAddr>,
}

/// Everything that is heard at this moment, of whatever facility.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sightings {
    by_name: BTreeMap<String, (u64, Sighting)>,
    heard: u64,
}

impl Discovery {
    /// Starts looking. Needs a running tokio runtime. Interfaces that come and go are followed.
    pub fn start(places: &Places) -> Result<Discovery, NoDiscovery> {
        let daemon = ServiceDaemon::new_with_port(places.port)?;
        daemon.set_ip_check_interval(INTERFACE_CHECK_S)?;
        if !places.interfaces.is_empty() {
            daemon.disable_interface(IfKind::All)?;
            places.interfaces.iter().try_for_each(|name| daemon.enable_interface(name.as_str()))?;
        }
        let events = daemon.browse(SERVICE)?;
        let (tell, seen) = watch::channel(Sightings::default());
        let watching = tokio::spawn(async move {
            while let Ok(event) = events.recv_async().await {
                tell.send_if_modified(|sightings| sightings.take(event));
            }
        });
        Ok(Discovery { daemon, announced: None, seen, watching })
    }

    /// Announces this box, in place of what it announced before. To be called anew, with a fresh salt, every day and when something
    /// changed.
    pub fn announce(
        &mut self,
        own: BoxId,
        facility: FacilityId,
        salt: Salt,
        port: u16,
        inviting: bool,
    ) -> Result<(), NoDiscovery> {
        let announcement = Announcement { beacon: Beacon::of(own, facility, salt), inviting };
        let name = announcement.beacon.name();
        let properties = announcement.properties();
        let host = format!("{name}.local.");
        let service = ServiceInfo::new(SERVICE, &name, &host, "", port, &properties[..])?.enable_addr_auto();
        let full_name = service.get_fullname().to_owned();
        // the new one first: those who listen never miss both
        self.daemon.register(service)?;
        match self.announced.replace(full_name) {
            Some(old) if Some(&old) != self.announced.as_ref() => drop(self.daemon.unregister(&old)?),
            _ => {}
        }
        Ok(())
    }

    /// What is heard, and every change of it.
    pub fn sightings(&self) -> watch::Receiver<Sightings> {
        self.seen.clone()
    }
}

impl Drop for Discovery {
    fn drop(&mut self) {
        self.watching.abort();
        // says goodbye; who does not hear it finds out when connecting
        let _ = self.daemon.shutdown();
    }
}

impl Sightings {
    /// Where these boxes of this facility are heard.
    pub fn of(&self, facility: FacilityId, boxes: impl IntoIterator<Item = BoxId>) -> BTreeMap<BoxId, Vec<SocketAddr>> {
        let known: Vec<BoxId> = boxes.into_iter().collect();
        let mut found: BTreeMap<BoxId, BTreeSet<SocketAddr>> = BTreeMap::new();
        for (_, sighting) in self.by_name.values() {
            let is = |id: &&BoxId| sighting.announcement.beacon.is_of(**id, facility);
            if let Some(id) = known.iter().find(is) {
                found.entry(*id).or_default().extend(&sighting.addresses);
            }
        }
        found.into_iter().map(|(id, addresses)| (id, addresses.into_iter().collect())).collect()
    }

    /// Where a code was made and somebody is awaited, whatever the facility.
    pub fn inviting(&self) -> impl Iterator<Item = &Sighting> {
        self.by_name.values().map(|(_, sighting)| sighting).filter(|sighting| sighting.announcement.inviting)
    }

    /// Whether anything changed.
    fn take(&mut self, event: ServiceEvent) -> bool {
        match event {
            ServiceEvent::ServiceResolved(service) => match sighted(&service) {
                Some(sighting) => self.note(service.fullname, sighting),
                None => false,
            },
            ServiceEvent::ServiceRemoved(_, name) => self.by_name.remove(&name).is_some(),
            _ => false,
        }
    }

    fn note(&mut self, name: String, sighting: Sighting) -> bool {
        if self.by_name.get(&name).is_some_and(|(_, known)| *known == sighting) {
            return false;
        }
        if self.by_name.len() >= MAX_SIGHTINGS && !self.by_name.contains_key(&name) {
            let oldest = self.by_name.iter().min_by_key(|(_, (heard, _))| *heard).map(|(name, _)| name.clone());
            oldest.map(|oldest| self.by_name.remove(&oldest));
        }
        self.heard += 1;
        self.by_name.insert(name, (self.heard, sighting));
        true
    }
}

fn sighted(service: &ResolvedService) -> Option<Sighting> {
    let properties = service.txt_properties.iter().map(|property| (property.key(), property.val_str()));
    let announcement = Announcement::of_properties(properties)?;
    let mut addresses: Vec<_> = service.addresses.iter().filter_map(|ip| address(ip, service.port)).collect();
    addresses.sort();
    addresses.truncate(MAX_ADDRESSES);
    Some(Sighting { announcement, addresses })
}

/// A link-local address is only good together with the interface it was heard on.
fn address(ip: &ScopedIp, port: u16) -> Option<SocketAddr> {
    match (ip, ip.to_ip_addr()) {
        (_, ip) if port == 0 || ip.is_unspecified() || ip.is_multicast() => None,
        (ScopedIp::V6(scoped), IpAddr::V6(ip)) if ip.is_unicast_link_local() => {
            Some(SocketAddrV6::new(ip, port, 0, scoped.scope_id().index).into())
        }
        (_, ip) => Some(SocketAddr::new(ip, port)),
    }
}

impl NoDiscovery {
    /// What staff read.
    pub fn staff(&self) -> StaffText {
        StaffText::new(
            "ネットワーク上でほかの機器を探せません。受付は続けられ、記録は保存されています。LANケーブルとネットワークの設定を確認するか、設定に相手の機器のアドレスを入力してください。",
            "Other boxes cannot be looked for on the network. Reception goes on and everything is kept. Check the cable and the network \
             settings, or enter the other boxes' addresses in the settings.",
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sighting(id: u8, facility: u8, salt: u64, at: &str) -> Sighting {
        let beacon =
            Beacon::of(BoxId::from_bytes([id; 16]), FacilityId::from_bytes([facility; 16]), Salt(salt.to_be_bytes()));
        Sighting { announcement: Announcement { beacon, inviting: id == 3 }, addresses: vec![at.parse().unwrap()] }
    }

    #[test]
    fn only_members_of_the_same_facility_are_recognised() {
        let mut seen = Sightings::default();
        seen.note("a".to_owned(), sighting(1, 1, 10, "10.0.0.1:1"));
        seen.note("b".to_owned(), sighting(2, 2, 11, "10.0.0.2:1"));
        seen.note("c".to_owned(), sighting(3, 1, 12, "10.0.0.3:1"));
        // the day's new salt is out before the old one is gone
        seen.note("d".to_owned(), sighting(1, 1, 13, "10.0.0.1:1"));
        let boxes = || [1, 2].map(|id| BoxId::from_bytes([id; 16]));
        let found = seen.of(FacilityId::from_bytes([1; 16]), boxes());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(boxes()[0], vec!["10.0.0.1:1".parse().unwrap()])]);
        assert_eq!(seen.inviting().count(), 1);
    }

    #[test]
    fn a_flood_of_announcements_takes_no_more_than_its_place() {
        let mut seen = Sightings::default();
        for n in 0..MAX_SIGHTINGS as u64 * 2 {
            seen.note(n.to_string(), sighting(1, 1, n, "10.0.0.1:1"));
        }
        assert_eq!(seen.by_name.len(), MAX_SIGHTINGS);
        assert!(
            !seen.note((MAX_SIGHTINGS * 2 - 1).to_string(), sighting(1, 1, MAX_SIGHTINGS as u64 * 2 - 1, "10.0.0.1:1"))
        );
    }
}
