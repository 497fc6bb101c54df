//! One connection to a peer, from the calling side.

use super::{FeedFailure, Identify};
use crate::feed::budget::SessionUse;
use crate::feed::frame::MAX_SMALL_BYTES;
use crate::feed::limits::Limits;
use crate::feed::message;
use crate::feed::pace::Pace;
use crate::seal::BoxId;
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Where a peer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerAddress {
    /// the peer
    pub id: BoxId,
    /// host name or address
    pub host: String,
    /// port
    pub port: u16,
    /// the name its certificate carries
    pub server_name: String,
}

/// A connection that stands.
pub(super) struct Line {
    sender: SendRequest<Full<Bytes>>,
    pub session: SessionUse,
}

impl Line {
    /// Connects, and makes sure that the peer is the one asked for.
    pub(super) async fn connect(
        address: &PeerAddress,
        tls: Arc<ClientConfig>,
        identify: &dyn Identify,
        limits: &Limits,
    ) -> Result<Line, FeedFailure> {
        let connecting = Line::connect_unhurried(address, tls, identify);
        timeout(limits.connect, connecting).await.unwrap_or(Err(FeedFailure::Unreachable))
    }

    async fn connect_unhurried(
        address: &PeerAddress,
        tls: Arc<ClientConfig>,
        identify: &dyn Identify,
    ) -> Result<Line, FeedFailure> {
        let name = ServerName::try_from(address.server_name.clone()).map_err(|_| FeedFailure::Untrusted)?;
        let stream =
            TcpStream::connect((address.host.as_str(), address.port)).await.map_err(|_| FeedFailure::Unreachable)?;
        let _ = stream.set_nodelay(true);
        let stream = TlsConnector::from(tls)
            .connect(name, stream)
            .await
            .map_err(|error| failure_of(&error, FeedFailure::Unreachable))?;
        match identify.member(stream.get_ref().1.peer_certificates().unwrap_or_default()) {
            Some(member) if member == address.id => {}
            Some(_) => return Err(FeedFailure::OtherLog),
            None => return Err(FeedFailure::Untrusted),
        }
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| failure_of(&error, FeedFailure::Cut))?;
        // Ends by itself when the sender is dropped or the peer hangs up; its error reaches the sender too.
        tokio::spawn(connection);
        Ok(Line { sender, session: SessionUse::default() })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends one request and waits for its answer to begin. A slow line is given the time its body needs.
    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        host: &str,
        body: Vec<u8>,
        limits: &Limits,
    ) -> Result<Response<Incoming>, FeedFailure> {
        let patience = patience(body.len(), limits);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, host)
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| FeedFailure::Malformed)?;
        let sending = async {
            self.sender.ready().await?;
            self.sender.send_request(request).await
        };
        let answered = timeout(patience, sending).await.map_err(|_| FeedFailure::Stalled)?;
        answered.map_err(|error| failure_of(&error, FeedFailure::Cut))
    }
}

fn patience(body_bytes: usize, limits: &Limits) -> Duration {
    let mut pace = Pace::default();
    pace.came(body_bytes);
    pace.allowed(limits).saturating_add(limits.answer)
}

/// The next piece of an answer; `None` at its end.
pub(super) async fn next_piece(body: &mut Incoming, wait: Duration) -> Result<Option<Bytes>, FeedFailure> {
    loop {
        match timeout(wait, body.frame()).await.map_err(|_| FeedFailure::Stalled)? {
            None => return Ok(None),
            Some(Err(error)) => return Err(failure_of(&error, FeedFailure::Cut)),
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
        }
    }
}

/// A short answer, whole. One that is no success is the peer's refusal.
pub(super) async fn read_small(response: Response<Incoming>, limits: &Limits) -> Result<Vec<u8>, FeedFailure> {
    let status = response.status();
    let mut body = response.into_body();
    let mut whole = Vec::new();
    while let Some(bytes) = next_piece(&mut body, limits.answer).await? {
        if whole.len() + bytes.len() > MAX_SMALL_BYTES {
            return Err(FeedFailure::TooLarge);
        }
        whole.extend_from_slice(&bytes);
    }
    if status == StatusCode::OK { Ok(whole) } else { Err(message::refusal_in(&whole)) }
}

/// What a connection's error means: certificates need a person, the rest is a line that is not there.
fn failure_of(error: &(dyn Error + 'static), otherwise: FeedFailure) -> FeedFailure {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let tls = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref::<rustls::Error>());
        if tls.is_some_and(is_about_trust) {
            return FeedFailure::Untrusted;
        }
        cause = error.source();
    }
    otherwise
}

const fn is_about_trust(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(_)
            | rustls::Error::NoCertificatesPresented
            | rustls::Error::AlertReceived(_)
            | rustls::Error::PeerIncompatible(_)
    )
}
