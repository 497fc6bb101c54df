//! Mutual TLS: our certificate, the server's authorities, the ring provider by name.

use super::HttpsSettings;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::sync::Arc;

/// Why certificates or key cannot be used. Found when the settings are read, not when a patient waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsRefusal {
    /// No usable authority certificate.
    Authorities,
    /// No usable certificate of our own.
    Certificate,
    /// No usable private key, or one that does not belong to the certificate.
    Key,
    /// Not a host name or address.
    ServerName,
}

impl fmt::Display for TlsRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TlsRefusal::Authorities => "no usable authority certificate for the terminal's server",
            TlsRefusal::Certificate => "no usable client certificate",
            TlsRefusal::Key => "no usable private key for the client certificate",
            TlsRefusal::ServerName => "server name is neither a host name nor an address",
        })
    }
}

impl std::error::Error for TlsRefusal {}

/// The client side of the connection.
pub(super) fn client_config(settings: &HttpsSettings) -> Result<ClientConfig, TlsRefusal> {
    let mut authorities = RootCertStore::empty();
    for certificate in certificates(&settings.authorities_pem).ok_or(TlsRefusal::Authorities)? {
        authorities.add(certificate).map_err(|_| TlsRefusal::Authorities)?;
    }
    let chain = certificates(&settings.certificate_pem).ok_or(TlsRefusal::Certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&settings.key_pem).map_err(|_| TlsRefusal::Key)?;
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| TlsRefusal::Key)?
        .with_root_certificates(authorities)
        .with_client_auth_cert(chain, key)
        .map_err(|_| TlsRefusal::Key)
}

/// All certificates, or `None` when there is none or one of them is damaged.
fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().ok()?;
    Some(certificates).filter(|certificates| !certificates.is_empty())
}
