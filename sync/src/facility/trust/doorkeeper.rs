//! The TLS set-ups of this moment, made anew when the members change or a leaf is due, and the connections that have to end then.

use super::{NoTrust, Peer, Trust};
use crate::facility::certificate::Leaf;
use crate::facility::id::FacilityId;
use crate::facility::identity::BoxIdentity;
use crate::facility::introduction::Role;
use crate::facility::membership::Membership;
use domain::Timestamp;
use rand::CryptoRng;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ServerConfig};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::watch;
use zeroize::Zeroizing;

/// What connections are made with at this moment.
pub struct Doors {
    trust: Trust,
    leaves: BTreeMap<FacilityId, Leaf>,
    server: Option<Arc<ServerConfig>>,
    clients: BTreeMap<(FacilityId, Role), Arc<ClientConfig>>,
}

/// Keeps [`Doors`] up to date.
pub struct Doorkeeper {
    identity: Arc<BoxIdentity>,
    doors: watch::Sender<Arc<Doors>>,
}

/// An open connection to a member: to be ended when [`Connection::revoked`] says so.
pub struct Connection {
    peer: Peer,
    doors: watch::Receiver<Arc<Doors>>,
}

impl Doors {
    fn make(
        identity: &BoxIdentity,
        memberships: &[Membership],
        kept: &BTreeMap<FacilityId, Leaf>,
        now: Timestamp,
        chance: &mut impl CryptoRng,
    ) -> Result<Doors, NoTrust> {
        let trust = Trust::of(identity.id(), memberships);
        let mut leaves = BTreeMap::new();
        for facility in memberships.iter().map(Membership::facility) {
            // A hub of thousands of facilities makes no new ones because somewhere a box was admitted.
            let leaf = match kept.get(&facility).filter(|leaf| !leaf.is_due(now)) {
                Some(leaf) => leaf.clone(),
                None => fresh_leaf(identity, facility, now, chance)?,
            };
            leaves.insert(facility, leaf);
        }
        Doors::with(trust, leaves)
    }

    fn with(trust: Trust, leaves: BTreeMap<FacilityId, Leaf>) -> Result<Doors, NoTrust> {
        let mut doors = Doors { trust, leaves, server: None, clients: BTreeMap::new() };
        match doors.trust.server_config(&doors.leaves) {
            Ok(server) => doors.server = Some(Arc::new(server)),
            Err(NoTrust::NobodyYet) => {}
            Err(other) => return Err(other),
        }
        if doors.trust.peers().next().is_some() {
            for (facility, leaf) in &doors.leaves {
                for role in [Role::Box, Role::Hub] {
                    doors.clients.insert((*facility, role), Arc::new(doors.trust.client_config(leaf, role)?));
                }
            }
        }
        Ok(doors)
    }

    /// Everybody this box talks to.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// When the certificate that is shown in this facility ends.
    pub fn certificate_ends(&self, facility: FacilityId) -> Option<Timestamp> {
        self.leaves.get(&facility).map(Leaf::ends_at)
    }

    /// For accepting; none while there is no other member.
    pub fn server(&self) -> Option<Arc<ServerConfig>> {
        self.server.clone()
    }

    /// For connecting to this member; none while there is no other member.
    pub fn client(&self, peer: &Peer) -> Option<Arc<ClientConfig>> {
        self.clients.get(&(peer.facility, peer.role)).cloned()
    }
}

impl Doorkeeper {
    /// Starts with these memberships: one for a box, any number for a hub.
    pub fn new(
        identity: Arc<BoxIdentity>,
        memberships: &[Membership],
        now: Timestamp,
        chance: &mut impl CryptoRng,
    ) -> Result<Doorkeeper, NoTrust> {
        let doors = Doors::make(&identity, memberships, &BTreeMap::new(), now, chance)?;
        Ok(Doorkeeper { identity, doors: watch::Sender::new(Arc::new(doors)) })
    }

    /// What to make the next connection with.
    pub fn doors(&self) -> Arc<Doors> {
        self.doors.borrow().clone()
    }

    /// The members changed. Connections of those who are out are told.
    pub fn members_changed(
        &self,
        memberships: &[Membership],
        now: Timestamp,
        chance: &mut impl CryptoRng,
    ) -> Result<(), NoTrust> {
        let kept = self.doors();
        self.doors.send_replace(Arc::new(Doors::make(&self.identity, memberships, &kept.leaves, now, chance)?));
        Ok(())
    }

    /// Renews what is due, also after the clock was put back. To be called every few minutes, and when the clock was set. True when
    /// something was renewed; open connections go on.
    pub fn renew(&self, now: Timestamp, chance: &mut impl CryptoRng) -> Result<bool, NoTrust> {
        let old = self.doors();
        if !old.leaves.values().any(|leaf| leaf.is_due(now)) {
            return Ok(false);
        }
        let mut leaves = old.leaves.clone();
        for (facility, leaf) in leaves.iter_mut().filter(|(_, leaf)| leaf.is_due(now)) {
            *leaf = fresh_leaf(&self.identity, *facility, now, chance)?;
        }
        self.doors.send_replace(Arc::new(Doors::with(old.trust.clone(), leaves)?));
        Ok(true)
    }

    /// Who completed this handshake, judged by the members of now. None: end the connection.
    pub fn connected(&self, shown: Option<&[CertificateDer<'_>]>) -> Option<Connection> {
        let doors = self.doors.subscribe();
        let peer = doors.borrow().trust.peer(shown)?;
        Some(Connection { peer, doors })
    }
}

impl Connection {
    /// Who is at the other end.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// Waits until the peer is no longer a member (or this box closes down): the connection has to end.
    pub async fn revoked(&mut self) {
        let peer = self.peer;
        // an error means that the doorkeeper is gone, which ends connections too
        let _ = self.doors.wait_for(|doors| !doors.trust.has(&peer)).await;
    }
}

fn fresh_leaf(
    identity: &BoxIdentity,
    facility: FacilityId,
    now: Timestamp,
    chance: &mut impl CryptoRng,
) -> Result<Leaf, NoTrust> {
    let mut seed = Zeroizing::new([0; 32]);
    chance.fill_bytes(seed.as_mut());
    Ok(Leaf::issue(identity, facility, now, &seed)?)
}
