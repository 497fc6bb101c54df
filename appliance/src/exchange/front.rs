//! Who calls, and who answered.

use crate::vault::Vault;
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use sync::facility::certificate::claimed_owner;
use sync::feed::Feed;
use sync::feed::https::{Admitted, Identify, Reception};
use sync::seal::BoxId;

/// Tells members by the certificate that TLS has accepted.
pub(super) struct Front {
    pub vault: Arc<Vault>,
    pub feed: Arc<Feed>,
}

impl Identify for Front {
    fn member(&self, certificates: &[CertificateDer<'_>]) -> Option<BoxId> {
        let (id, facility) = claimed_owner(certificates.first()?)?;
        let known = facility == self.vault.facility() && self.vault.membership().member(id).is_some();
        known.then_some(id)
    }
}

impl Reception for Front {
    fn admit(&self, certificates: &[CertificateDer<'_>]) -> Option<Admitted> {
        Some(Admitted { peer: self.member(certificates)?, feed: self.feed.clone() })
    }
}
