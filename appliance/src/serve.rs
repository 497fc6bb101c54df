//! Serving pages and API: a plain accept loop over TCP, or over rustls with a certificate made on first start.

mod certificate;

pub use certificate::{ServerCertificate, certificate_ends, end_of_pem};

use axum::Router;
use axum::extract::ConnectInfo;
use certificate::HTTP2;
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use web::{Closing, PeerAddress};

/// Longest TLS handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Longest time to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(15);
/// Silence after which an HTTP/2 connection is asked whether anybody is there, and how long that may take.
const SILENCE: Duration = Duration::from_secs(30);
/// Most requests under way on one HTTP/2 connection: the live streams of many pages and what they load.
const MOST_REQUESTS: u32 = 100;
/// Most connections at a time.
const MOST_CONNECTIONS: u32 = 512;
/// How long the requests under way may take when the box closes.
const FAREWELL: Duration = Duration::from_secs(3);

/// The two ways of speaking.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speech {
    Http1,
    Http2,
}

/// Serves until the order to close; then what is under way is finished, and nothing new is taken.
pub async fn serve(listener: TcpListener, app: Router, tls: Option<TlsAcceptor>, mut closing: Closing) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS as usize));
    loop {
        let place = places.clone().acquire_owned();
        let next = async { (place.await, listener.accept().await) };
        let (place, accepted) = tokio::select! {
            () = closing.wait() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (app, tls, closing) = (app.clone(), tls.clone(), closing.clone());
                tokio::spawn(async move {
                    serve_one(stream, peer, app, tls, closing).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let everybody_is_gone = places.acquire_many(MOST_CONNECTIONS);
    if tokio::time::timeout(FAREWELL, everybody_is_gone).await.is_err() {
        tracing::info!("some connections were still open at the end");
    }
}

async fn serve_one(stream: TcpStream, peer: SocketAddr, app: Router, tls: Option<TlsAcceptor>, closing: Closing) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no delay could not be set");
    }
    match tls {
        None => speak(stream, Speech::Http1, peer, app, closing).await,
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE_LIMIT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
                let speech = if is_http2 { Speech::Http2 } else { Speech::Http1 };
                speak(stream, speech, peer, app, closing).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        },
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    speech: Speech,
    peer: SocketAddr,
    app: Router,
    mut closing: Closing,
) {
    let has_asked = Arc::new(AtomicBool::new(false));
    let asked = has_asked.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        asked.store(true, Ordering::Relaxed);
        name_host(&mut request);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(PeerAddress(peer.ip()));
        app.clone().oneshot(request)
    });
    let builder = builder(speech);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = says_nothing(&has_asked) => return,
        () = closing.wait() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = &*error, "a connection ended early");
    }
}

fn builder(speech: Speech) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT);
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(SILENCE).keep_alive_timeout(SILENCE);
    http2.max_concurrent_streams(MOST_REQUESTS);
    match speech {
        Speech::Http1 => builder.http1_only(),
        Speech::Http2 => builder.http2_only(),
    }
}

/// Ends when a new connection has asked for nothing in the time a head may take; HTTP/2 itself would wait for ever.
async fn says_nothing(has_asked: &AtomicBool) {
    tokio::time::sleep(HEAD_LIMIT).await;
    if has_asked.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// HTTP/2 names the host in the address; the pages look for it where HTTP/1.1 has it.
fn name_host(request: &mut hyper::Request<Incoming>) {
    let host = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().entry(HOST).or_insert(host);
    }
}
