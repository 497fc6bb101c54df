//! The same messages as JSON over HTTPS with mutual TLS (`oqs-interface §1.8`), as a mailbox. Its paths are not
//! public, so they are settings.

use super::device::Device;
use super::mailbox::Put;
use super::requests;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

/// The HTTPS door: where it listens and whom it trusts.
#[derive(Clone)]
pub struct SimHttps {
    /// Address to listen on; port 0 takes a free one, see `SimTerminal::https_addr`.
    pub listen: SocketAddr,
    /// The terminal's certificate chain, PEM.
    pub certificate_pem: Vec<u8>,
    /// Its private key, PEM.
    pub private_key_pem: Vec<u8>,
    /// Authorities whose client certificates are accepted, PEM. A connection without one is refused.
    pub client_ca_pem: Vec<u8>,
    /// Path of the request mailbox, for instance `/oqs/requests`.
    pub requests_path: String,
    /// Path of the result mailbox, for instance `/oqs/results`.
    pub results_path: String,
}

impl fmt::Debug for SimHttps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SimHttps({})", self.listen)
    }
}

/// Server side of mutual TLS with the provider named; what is wrong with the material, in words.
pub(crate) fn tls(config: &SimHttps) -> Result<Arc<ServerConfig>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    for authority in certificates(&config.client_ca_pem, "client authority")? {
        roots.add(authority).map_err(|error| format!("client authority: {error}"))?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| format!("client authority: {error}"))?;
    let chain = certificates(&config.certificate_pem, "certificate")?;
    let key =
        PrivateKeyDer::from_pem_slice(&config.private_key_pem).map_err(|error| format!("private key: {error}"))?;
    let mut tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|error| format!("certificate: {error}"))?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(tls))
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(format!("{what}: no certificate in the PEM text")),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

/// The mailbox as a URL table.
pub(crate) fn router(device: Arc<Device>, config: &SimHttps) -> Router {
    let (requests, results) = (config.requests_path.trim_end_matches('/'), config.results_path.trim_end_matches('/'));
    let most = usize::try_from(device.setup.max_request_bytes).unwrap_or(usize::MAX);
    Router::new()
        .route(requests, get(waiting))
        .route(&format!("{requests}/{{name}}"), axum::routing::put(put_request))
        .route(results, get(names))
        .route(&format!("{results}/{{name}}"), get(result))
        .layer(DefaultBodyLimit::max(most))
        .layer(middleware::from_fn_with_state(device.clone(), only_while_up))
        .with_state(device)
}

/// A program that is down answers nothing: the connection only learns that it is.
async fn only_while_up(State(device): State<Arc<Device>>, request: Request, next: Next) -> Response {
    if device.is_down() {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::CONNECTION, "close")]).into_response();
    }
    next.run(request).await
}

async fn put_request(State(device): State<Arc<Device>>, Path(name): Path<String>, body: Bytes) -> StatusCode {
    if requests::kind_of(&name).is_none() {
        return StatusCode::BAD_REQUEST;
    }
    let put = device.with_mailbox(|mailbox, now| mailbox.put(&name, body.to_vec(), now));
    device.faults.nudge();
    match put {
        Put::Created => StatusCode::CREATED,
        Put::Known => StatusCode::OK,
        Put::Conflict => StatusCode::CONFLICT,
    }
}

async fn waiting(State(device): State<Arc<Device>>) -> Response {
    let waiting = device.with_mailbox(|mailbox, now| mailbox.waiting(now));
    let waiting: Vec<_> =
        waiting.into_iter().map(|(name, age_ms)| serde_json::json!({"name": name, "age_ms": age_ms})).collect();
    axum::Json(serde_json::json!({"waiting": waiting})).into_response()
}

async fn names(State(device): State<Arc<Device>>) -> Response {
    axum::Json(serde_json::json!({"names": device.with_mailbox(|mailbox, _| mailbox.names())})).into_response()
}

async fn result(State(device): State<Arc<Device>>, Path(name): Path<String>) -> Response {
    let kind = if name.ends_with(".err") { "application/octet-stream" } else { "application/json" };
    match device.with_mailbox(|mailbox, _| mailbox.result(&name)) {
        Some(body) => ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
