//! Asking a running reception of this machine, as the health gate of an update does.

use super::{Found, Health, PATH};
use crate::config::Config;
use anyhow::{Context, bail};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::http::Request;
use hyper::http::header::HOST;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longest wait for the whole answer.
const LIMIT: Duration = Duration::from_secs(20);
/// Most bytes of an answer.
const MOST_BYTES: usize = 16 * 1024;

/// Asks the reception that serves by these settings. Its certificate has to be the one in the data folder.
///
/// # Errors
/// Nobody answers, or what answers is not this reception, or it is not well: said in one sentence.
pub async fn ask(config: &Config, data: &Path) -> anyhow::Result<Health> {
    let address = on_this_machine(config.listen);
    let asked = async {
        let stream = TcpStream::connect(address).await.with_context(|| format!("nobody answers at {address}"))?;
        if config.plain_http {
            return question(stream).await;
        }
        let name = ServerName::try_from("localhost").context("a name")?;
        let stream = TlsConnector::from(Arc::new(trusting(data)?)).connect(name, stream).await;
        question(stream.with_context(|| format!("what answers at {address} does not have this box's certificate"))?)
            .await
    };
    let health = tokio::time::timeout(LIMIT, asked).await.context("no answer in time")??;
    if health.status != Found::Pass {
        bail!("the reception answers and is not well: {}", serde_json::to_string(&health)?);
    }
    Ok(health)
}

fn on_this_machine(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn trusting(data: &Path) -> anyhow::Result<ClientConfig> {
    let pem =
        std::fs::read(data.join("server.crt")).context("this box has no certificate yet: it was never started")?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).context("server.crt is not PEM")?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

async fn question(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> anyhow::Result<Health> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(PATH).header(HOST, "localhost").body(Empty::<Bytes>::new())?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
    let body = body.map_err(|_| anyhow::anyhow!("the answer is too long or was cut off"))?.to_bytes();
    serde_json::from_slice(&body).with_context(|| format!("what answers is no reception (status {status})"))
}
