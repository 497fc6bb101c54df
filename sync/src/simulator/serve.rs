//! Accept loops of the two HTTP doors.

use super::device::Device;
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// Serves mutual TLS until stopped. A terminal that is down takes no connection.
pub(crate) async fn tls(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    app: Router,
    device: Arc<Device>,
    mut stop: watch::Receiver<bool>,
) {
    while let Some(stream) = next(&listener, &mut stop).await {
        if device.is_down() {
            continue;
        }
        let (acceptor, app, stop) = (acceptor.clone(), app.clone(), stop.clone());
        tokio::spawn(async move {
            let handshake = tokio::time::timeout(Duration::from_secs(10), acceptor.accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                connection(stream, app, stop).await;
            }
        });
    }
}

/// Serves plain HTTP until stopped.
pub(crate) async fn plain(listener: TcpListener, app: Router, mut stop: watch::Receiver<bool>) {
    while let Some(stream) = next(&listener, &mut stop).await {
        tokio::spawn(connection(stream, app.clone(), stop.clone()));
    }
}

async fn next(listener: &TcpListener, stop: &mut watch::Receiver<bool>) -> Option<TcpStream> {
    loop {
        tokio::select! {
            _ = stop.changed() => return None,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => return Some(stream),
                // Out of descriptors or a connection gone already: the next may succeed.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
        }
    }
}

async fn connection<S>(stream: S, app: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let serving = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    tokio::pin!(serving);
    tokio::select! {
        _ = stop.changed() => {
            serving.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(Duration::from_secs(2), serving).await;
        }
        _ = serving.as_mut() => {}
    }
}
