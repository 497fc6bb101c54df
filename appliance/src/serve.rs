//! Serving pages and API: a plain accept loop over TCP, or over rustls with a certificate made on first start.

mod certificate;

pub use certificate::ServerCertificate;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use web::PeerAddress;

/// Longest TLS handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Longest time to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(15);
/// Most connections at a time.
const MOST_CONNECTIONS: usize = 512;

/// Serves for ever.
pub async fn serve(listener: TcpListener, app: Router, tls: Option<TlsAcceptor>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let (app, tls) = (app.clone(), tls.clone());
                tokio::spawn(async move {
                    serve_one(stream, peer, app, tls).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve_one(stream: TcpStream, peer: SocketAddr, app: Router, tls: Option<TlsAcceptor>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no delay could not be set");
    }
    match tls {
        None => speak_http(stream, peer, app).await,
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => speak_http(stream, peer, app).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        },
    }
}

async fn speak_http(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, peer: SocketAddr, app: Router) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(PeerAddress(peer.ip()));
        app.clone().oneshot(request)
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended early");
    }
}
