//! Connections: one carries every live page of a browser, none waits for ever, and closing loses nothing that was under way.
#![allow(clippy::unwrap_used, missing_docs)]

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::routing::get;
use futures_util::stream;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::client::TlsStream;
use uketsuke::serve::{ServerCertificate, serve};
use web::{Closer, Closing};

/// A server with its own certificate, on a free port.
struct Server {
    address: SocketAddr,
    certificate: CertificateDer<'static>,
    closer: Closer,
    finish: Arc<Notify>,
    began: Arc<Notify>,
    served: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

async fn open() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let tls = ServerCertificate::in_folder(folder.path()).unwrap().acceptor().unwrap();
    let certificate = CertificateDer::from_pem_file(folder.path().join("server.crt")).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (closer, closing) = Closing::new();
    let (began, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let app = app(began.clone(), finish.clone(), closing.clone());
    let served = tokio::spawn(serve(listener, app, Some(tls), closing));
    Server { address, certificate, closer, finish, began, served, _folder: folder }
}

fn app(began: Arc<Notify>, finish: Arc<Notify>, closing: Closing) -> Router {
    let slow = move || async move {
        began.notify_one();
        finish.notified().await;
        "kept"
    };
    let live = move || async move { live_page(closing) };
    let host = |headers: HeaderMap| async move { headers["host"].to_str().unwrap().to_owned() };
    Router::new().route("/slow", get(slow)).route("/live", get(live)).route("/host", get(host))
}

/// One line at once, then nothing until the box closes.
fn live_page(closing: Closing) -> Body {
    let lines = stream::unfold((true, closing), |(is_first, mut closing)| async move {
        if !is_first {
            closing.wait().await;
            return None;
        }
        Some((Ok::<_, Infallible>(Bytes::from_static(b"first")), (false, closing)))
    });
    Body::from_stream(lines)
}

impl Server {
    async fn connect(&self, speeches: &[&[u8]]) -> TlsStream<TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = speeches.iter().map(|speech| speech.to_vec()).collect();
        let stream = TcpStream::connect(self.address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap()
    }

    async fn speak_http2(&self) -> hyper::client::conn::http2::SendRequest<Empty<Bytes>> {
        let stream = self.connect(&[b"h2", b"http/1.1"]).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender
    }
}

fn request(path: &str) -> Request<Empty<Bytes>> {
    Request::get(format!("https://localhost{path}")).body(Empty::new()).unwrap()
}

async fn text(body: Incoming) -> String {
    String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn one_connection_carries_many_live_pages_and_still_loads_the_next() {
    let open = open().await;
    let mut sender = open.speak_http2().await;
    let mut live = Vec::new();
    for _ in 0..16 {
        let mut body = sender.send_request(request("/live")).await.unwrap().into_body();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "first");
        live.push(body);
    }
    let page = sender.send_request(request("/host")).await.unwrap();
    assert_eq!(text(page.into_body()).await, "localhost", "the host is where HTTP/1.1 has it");
}

#[tokio::test]
async fn who_knows_only_http1_is_served_as_well() {
    let open = open().await;
    for speeches in [&[b"http/1.1".as_slice()][..], &[]] {
        let stream = open.connect(speeches).await;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get("/host").header("host", "desk.example").body(Empty::<Bytes>::new()).unwrap();
        let page = sender.send_request(request).await.unwrap();
        assert_eq!(text(page.into_body()).await, "desk.example");
    }
}

#[tokio::test]
async fn closing_finishes_what_is_under_way_and_takes_nothing_new() {
    let open = open().await;
    let mut sender = open.speak_http2().await;
    let mut live = sender.send_request(request("/live")).await.unwrap().into_body();
    assert!(live.frame().await.is_some());
    let under_way = tokio::spawn(sender.send_request(request("/slow")));
    open.began.notified().await;
    open.closer.close();
    assert_eq!(text(live).await, "", "a live page would never end by itself");
    assert!(!open.served.is_finished(), "a request is under way");
    open.finish.notify_one();
    assert_eq!(text(under_way.await.unwrap().unwrap().into_body()).await, "kept");
    open.served.await.unwrap();
    assert!(TcpStream::connect(open.address).await.is_err());
}

#[tokio::test]
async fn who_connects_and_asks_for_nothing_is_let_go() {
    let open = open().await;
    for speeches in [&[b"h2".as_slice()][..], &[b"http/1.1".as_slice()]] {
        let mut stream = open.connect(speeches).await;
        tokio::time::pause(); // from here on waiting takes no time
        let mut received = Vec::new();
        let _let_go_without_a_goodbye = stream.read_to_end(&mut received).await;
        tokio::time::resume();
    }
}
