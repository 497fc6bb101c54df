//! The box's own certificate: made on first start, kept in the data folder, good for the names a clinic uses.

use anyhow::Context;
use domain::Timestamp;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Name of HTTP/2 in the TLS handshake. One connection carries every live page of a browser, which opens six at most.
pub(super) const HTTP2: &[u8] = b"h2";

/// End of the certificate in a data folder; none where there is none yet, or none that can be read.
pub fn certificate_ends(folder: &Path) -> Option<Timestamp> {
    end_of_pem(&folder.join("server.crt"))
}

/// End of the first certificate in a PEM file.
pub fn end_of_pem(path: &Path) -> Option<Timestamp> {
    let der = CertificateDer::from_pem_slice(&std::fs::read(path).ok()?).ok()?;
    let (_, certificate) = X509Certificate::from_der(&der).ok()?;
    certificate.validity().not_after.timestamp().checked_mul(1000).map(Timestamp::from_ms)
}

/// A certificate with its key.
pub struct ServerCertificate {
    certificate_pem: String,
    key_pem: String,
}

impl ServerCertificate {
    /// Reads the certificate of a data folder, or makes it.
    pub fn in_folder(folder: &Path) -> anyhow::Result<ServerCertificate> {
        let (certificate, key) = (folder.join("server.crt"), folder.join("server.key"));
        if certificate.exists() && key.exists() {
            return Ok(ServerCertificate {
                certificate_pem: std::fs::read_to_string(&certificate).context("server.crt cannot be read")?,
                key_pem: std::fs::read_to_string(&key).context("server.key cannot be read")?,
            });
        }
        let made = ServerCertificate::make()?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&key)?;
        file.write_all(made.key_pem.as_bytes())?;
        file.sync_all()?;
        std::fs::write(&certificate, &made.certificate_pem)?;
        Ok(made)
    }

    fn make() -> anyhow::Result<ServerCertificate> {
        let names = ["localhost", "uketsuke.local", "127.0.0.1", "::1"].map(str::to_owned);
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Uketsuke box");
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        Ok(ServerCertificate { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }

    /// SHA-256 of the certificate, to compare with what the browser shows.
    pub fn fingerprint(&self) -> anyhow::Result<String> {
        let der = CertificateDer::from_pem_slice(self.certificate_pem.as_bytes()).context("server.crt is not PEM")?;
        let hash = Sha256::digest(&der);
        Ok(hash.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":"))
    }

    /// What the accept loop needs.
    pub fn acceptor(&self) -> anyhow::Result<TlsAcceptor> {
        let chain = CertificateDer::pem_slice_iter(self.certificate_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .context("server.crt is not PEM")?;
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes()).context("server.key is not PEM")?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("server.crt and server.key do not fit together")?;
        config.alpn_protocols = vec![HTTP2.to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}
