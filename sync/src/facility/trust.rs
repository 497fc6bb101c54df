//! Whom this box talks to: TLS made from the membership.
//!
//! Both sides show a leaf; the roots are the members' identity keys, each good for its own name only. TLS 1.3 only, the ring provider
//! named, no session is ever resumed: a resumed session would get past a revocation.

mod doorkeeper;
mod verifier;

pub use doorkeeper::{Connection, Doorkeeper, Doors};

use super::certificate::{Leaf, anchor, claimed_owner, name_of, of_name};
use super::id::{BoxId, FacilityId};
use super::introduction::{Introduction, Role};
use super::membership::Membership;
use crate::terminal::StaffText;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::server::{
    ClientHello, NoServerSessionStorage, ResolvesServerCert, VerifierBuilderError, WebPkiClientVerifier,
};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::collections::BTreeMap;
use std::sync::Arc;
use verifier::{MemberClients, MemberServers};

/// A member at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer {
    /// The facility both belong to.
    pub facility: FacilityId,
    /// Who it is.
    pub id: BoxId,
    /// What it is.
    pub role: Role,
}

/// Everybody this box talks to.
#[derive(Debug, Clone)]
pub struct Trust {
    peers: BTreeMap<(BoxId, FacilityId), Role>,
    roots: Arc<RootCertStore>,
    callers: Arc<RootCertStore>,
}

/// TLS cannot be set up from these members.
#[derive(Debug, thiserror::Error)]
pub enum NoTrust {
    /// There is nobody to talk to yet.
    #[error("there is no other member yet")]
    NobodyYet,
    /// The TLS library refused something.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The TLS library refused the roots.
    #[error("TLS cannot be set up from these members")]
    Roots(#[from] VerifierBuilderError),
    /// A certificate could not be made.
    #[error(transparent)]
    Leaf(#[from] super::certificate::NotIssued),
}

impl Trust {
    /// The members of these facilities, except oneself: whoever shows one's own name is a copy of this box.
    pub fn of<'a>(own: BoxId, memberships: impl IntoIterator<Item = &'a Membership>) -> Trust {
        let memberships: Vec<&Membership> = memberships.into_iter().collect();
        let members = memberships.iter().flat_map(|membership| {
            membership.members().map(|(id, member)| (id, membership.facility(), &member.introduction))
        });
        let trust =
            Trust::from_introductions(members.filter(|(id, ..)| *id != own).map(|(_, facility, one)| (facility, one)));
        // Who was put out gets through the handshake and no further: there it is told so, which an alert of TLS could not.
        let mut callers = (*trust.roots).clone();
        for membership in memberships {
            let put_out = membership.former().filter(|(id, _)| *id != own);
            callers.roots.extend(put_out.map(|(_, one)| anchor(one.introduction.key(), membership.facility())));
        }
        Trust { callers: Arc::new(callers), ..trust }
    }

    /// One member alone, known from joining: enough to fetch the membership from it.
    pub fn pinned(facility: FacilityId, introduction: &Introduction) -> Trust {
        Trust::from_introductions([(facility, introduction)])
    }

    fn from_introductions<'a>(all: impl IntoIterator<Item = (FacilityId, &'a Introduction)>) -> Trust {
        let (mut peers, mut roots) = (BTreeMap::new(), RootCertStore::empty());
        for (facility, introduction) in all {
            peers.insert((introduction.id(), facility), introduction.role());
            roots.roots.push(anchor(introduction.key(), facility));
        }
        let roots = Arc::new(roots);
        Trust { peers, callers: roots.clone(), roots }
    }

    /// The member that showed these certificates in a completed handshake.
    pub fn peer(&self, shown: Option<&[CertificateDer<'_>]>) -> Option<Peer> {
        let (id, facility) = claimed_owner(shown?.first()?)?;
        let role = *self.peers.get(&(id, facility))?;
        Some(Peer { facility, id, role })
    }

    /// Whether this peer is still trusted.
    pub fn has(&self, peer: &Peer) -> bool {
        self.peers.get(&(peer.id, peer.facility)) == Some(&peer.role)
    }

    /// Everybody this box talks to.
    pub fn peers(&self) -> impl Iterator<Item = Peer> {
        self.peers.iter().map(|((id, facility), role)| Peer { facility: *facility, id: *id, role: *role })
    }

    /// For accepting connections. One leaf per facility this box or hub belongs to.
    pub fn server_config(&self, leaves: &BTreeMap<FacilityId, Leaf>) -> Result<ServerConfig, NoTrust> {
        let clients = WebPkiClientVerifier::builder_with_provider(self.some_callers()?, provider()).build()?;
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(Arc::new(MemberClients(clients)))
            .with_cert_resolver(Arc::new(LeafByName(
                leaves.iter().map(|(id, leaf)| (*id, leaf.certified())).collect(),
            )));
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    /// For connecting to a box or a hub; the name it has to show is [`server_name`]. Only a hub, which has one leaf per facility, is told
    /// the name in the clear: on the local network nobody shall read who talks to whom.
    pub fn client_config(&self, leaf: &Leaf, towards: Role) -> Result<ClientConfig, NoTrust> {
        let servers = WebPkiServerVerifier::builder_with_provider(self.some_roots()?, provider()).build()?;
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(MemberServers(servers)))
            .with_client_cert_resolver(Arc::new(SingleCertAndKey::from((*leaf.certified()).clone())));
        config.resumption = Resumption::disabled();
        config.enable_sni = towards == Role::Hub;
        Ok(config)
    }

    fn some_callers(&self) -> Result<Arc<RootCertStore>, NoTrust> {
        if self.callers.is_empty() { Err(NoTrust::NobodyYet) } else { Ok(self.callers.clone()) }
    }

    fn some_roots(&self) -> Result<Arc<RootCertStore>, NoTrust> {
        if self.roots.is_empty() { Err(NoTrust::NobodyYet) } else { Ok(self.roots.clone()) }
    }
}

/// The name a member's leaf has to carry.
pub fn server_name(id: BoxId, facility: FacilityId) -> Result<ServerName<'static>, InvalidDnsNameError> {
    ServerName::try_from(name_of(id, facility))
}

pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Picks the leaf of the facility that is asked for; a box has one and shows it to whoever does not ask.
#[derive(Debug)]
struct LeafByName(BTreeMap<FacilityId, Arc<CertifiedKey>>);

impl ResolvesServerCert for LeafByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            Some(name) => self.0.get(&of_name(name)?.1).cloned(),
            None if self.0.len() == 1 => self.0.values().next().cloned(),
            None => None,
        }
    }
}

impl NoTrust {
    /// What staff read.
    pub fn staff(&self) -> StaffText {
        match self {
            NoTrust::NobodyYet => StaffText::new(
                "この施設にはまだほかの機器が登録されていません。受付は一台で続けられます。二台目を使うときは登録コードを発行してください。",
                "No other machine belongs to this facility yet. Reception works with one. To use a second one, make a code for it.",
            ),
            _ => StaffText::new(
                "機器どうしの暗号通信を準備できません。受付は続けられ、記録は保存されています。保守担当者に連絡してください。",
                "Encrypted exchange between the boxes cannot be set up. Reception goes on and everything is kept. Call maintenance.",
            ),
        }
    }
}

/// What staff read when a box at the other end was not accepted, or did not accept this one.
pub fn refused_staff(error: &rustls::Error) -> StaffText {
    use rustls::{AlertDescription as Alert, CertificateError as Bad, Error};
    match error {
        Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. })
        | Error::AlertReceived(Alert::CertificateExpired) => StaffText::new(
            "相手の機器との時計のずれが大きすぎるため接続できません。受付は続けられ、記録は保存されています。両方の機器の日付と時刻を確認してください。",
            "The clocks of the two boxes are too far apart to connect. Reception goes on and everything is kept. Check date and time on \
             both.",
        ),
        Error::InvalidCertificate(_) | Error::AlertReceived(Alert::UnknownCA | Alert::BadCertificate) => {
            StaffText::new(
                "この施設に登録されていない機器との接続を断りました。情報は渡していません。心当たりの機器であれば登録の一覧を確認してください。",
                "A machine that does not belong to this facility was refused. Nothing was handed over. If you know the machine, look at the \
             list of members.",
            )
        }
        _ => StaffText::new(
            "相手の機器との暗号通信を始められませんでした。受付は続けられ、記録は保存されています。自動でやり直します。",
            "Encrypted exchange with the other box could not begin. Reception goes on and everything is kept. It is tried again by itself.",
        ),
    }
}

#[cfg(test)]
mod tests;
