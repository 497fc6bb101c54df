//! The other side of the HTTPS door: a mailbox written by hand, behind mutual TLS.

use crate::other_side::{Clock, OtherSide, look, look_until_quiet, mark};
use crate::trust::Trust;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use sync::terminal::door::Fingerprint;
use sync::terminal::https::TlsRefusal;
use sync::terminal::{Content, DoorFailure, HttpsDoor, HttpsSettings, TerminalDoor, Trouble, UnreadableKind};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

pub struct HttpsSide {
    clock: Clock,
    mailbox: Shared,
    trust: Trust,
    address: SocketAddr,
    server: Option<JoinHandle<()>>,
}

type Shared = Arc<Mutex<Mailbox>>;

#[derive(Default)]
struct Mailbox {
    requests: BTreeMap<String, (Vec<u8>, u64)>,
    results: BTreeMap<String, Vec<u8>>,
    clock: Clock,
    /// Instead of anything else, this status.
    broken: Option<StatusCode>,
    /// Bodies sent, 304 not counted.
    sent: usize,
}

/// The server's end of mutual TLS.
fn server_config(trust: &Trust) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trust.authority_pem.as_bytes()).unwrap()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let (certificate, key) = &trust.server;
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap()
}

impl HttpsSide {
    pub async fn new() -> HttpsSide {
        let clock = Clock::default();
        let mailbox = Shared::new(Mutex::new(Mailbox { clock: clock.clone(), ..Mailbox::default() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut side = HttpsSide { clock, mailbox, trust: Trust::new(), address, server: None };
        side.serve(listener);
        side
    }

    fn serve(&mut self, listener: TcpListener) {
        let acceptor = TlsAcceptor::from(Arc::new(server_config(&self.trust)));
        let router = router(Arc::clone(&self.mailbox));
        self.server = Some(tokio::spawn(async move {
            // Dropped with the task, and every connection with it.
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, router) = (acceptor.clone(), router.clone());
                connections.spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let service = TowerToHyperService::new(router);
                        let _ = hyper::server::conn::http1::Builder::new()
                            .serve_connection(TokioIo::new(stream), service)
                            .await;
                    }
                });
            }
        }));
    }

    fn settings(&self) -> HttpsSettings {
        HttpsSettings {
            server_name: "localhost".into(),
            authorities_pem: self.trust.authority_pem.clone().into_bytes(),
            certificate_pem: self.trust.client.0.clone().into_bytes(),
            key_pem: self.trust.client.1.clone().into_bytes(),
            requests_path: "/t/requests".into(),
            results_path: "/t/results".into(),
            recheck: Duration::from_secs(2),
            half_rejection: Duration::from_secs(5),
            stopwatch: self.clock.stopwatch(),
            ..HttpsSettings::new("https", &self.address.ip().to_string(), self.address.port(), mark())
        }
    }

    fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap()
    }
}

impl OtherSide for HttpsSide {
    fn door(&self) -> Box<dyn TerminalDoor> {
        Box::new(HttpsDoor::new(self.settings()).unwrap())
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn ending(&self) -> &'static str {
        ""
    }

    fn answer(&self, identifier: &str, validity: u8) -> Vec<u8> {
        format!(
            r#"{{"XmlMsg":{{"MessageHeader":{{"ProcessExecutionTime":"20260401085512","SegmentOfResult":"1",
            "MedicalInstitutionCode":"1319999990","ArbitraryFileIdentifier":"{identifier}"}},"MessageBody":{{
            "QualificationConfirmSearchInfo":{{"InsurerNumber":"06139990","InsuredIdentificationNumber":"3405","Birthdate":"19880914"}},
            "ProcessingResultStatus":"1","QualificationValidity":"{validity}",
            "ResultList":[{{"ResultOfQualificationConfirmation":{{"InsuredCardClassification":"01","Name":"仮野　みどり"}}}}]}}}}}}"#
        )
        .into_bytes()
    }

    fn requests(&self) -> Vec<(String, Vec<u8>)> {
        self.mailbox().requests.iter().map(|(name, (bytes, _))| (name.clone(), bytes.clone())).collect()
    }

    fn lay_request(&self, name: &str, bytes: &[u8]) {
        let mut mailbox = self.mailbox();
        let now_ms = mailbox.clock.stopwatch().elapsed_ms();
        mailbox.requests.insert(name.to_owned(), (bytes.to_vec(), now_ms));
    }

    fn pick_up(&self, name: &str) {
        self.mailbox().requests.remove(name).unwrap();
    }

    fn lay_result(&self, name: &str, bytes: &[u8]) {
        self.mailbox().results.insert(name.to_owned(), bytes.to_vec());
    }

    fn lay_face(&self, name: &str, bytes: &[u8]) {
        self.lay_result(name, bytes);
    }

    fn results(&self) -> Vec<String> {
        self.mailbox().results.keys().cloned().collect()
    }

    async fn cut(&mut self, cut: bool) {
        if cut {
            let server = self.server.take().unwrap();
            server.abort();
            let _ = server.await;
        } else {
            self.serve(TcpListener::bind(self.address).await.unwrap());
        }
    }
}

fn router(mailbox: Shared) -> Router {
    Router::new()
        .route("/t/requests", get(list_requests))
        .route("/t/requests/{name}", put(put_request))
        .route("/t/results", get(list_results))
        .route("/t/results/{name}", get(get_result))
        .with_state(mailbox)
}

async fn put_request(State(mailbox): State<Shared>, Path(name): Path<String>, body: Bytes) -> StatusCode {
    let mut mailbox = mailbox.lock().unwrap();
    if let Some(status) = mailbox.broken {
        return status;
    }
    match mailbox.requests.get(&name) {
        Some((there, _)) if *there == body => StatusCode::OK,
        Some(_) => StatusCode::CONFLICT,
        None => {
            let now_ms = mailbox.clock.stopwatch().elapsed_ms();
            mailbox.requests.insert(name, (body.to_vec(), now_ms));
            StatusCode::CREATED
        }
    }
}

async fn list_requests(State(mailbox): State<Shared>) -> Response {
    let mailbox = mailbox.lock().unwrap();
    if let Some(status) = mailbox.broken {
        return status.into_response();
    }
    let now_ms = mailbox.clock.stopwatch().elapsed_ms();
    let waiting: Vec<serde_json::Value> = mailbox
        .requests
        .iter()
        .map(|(name, (_, since_ms))| serde_json::json!({"name": name, "age_ms": now_ms - since_ms}))
        .collect();
    axum::Json(serde_json::json!({ "waiting": waiting })).into_response()
}

async fn list_results(State(mailbox): State<Shared>) -> Response {
    let names: Vec<String> = mailbox.lock().unwrap().results.keys().cloned().collect();
    axum::Json(serde_json::json!({ "names": names })).into_response()
}

async fn get_result(State(mailbox): State<Shared>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let mut mailbox = mailbox.lock().unwrap();
    let Some(bytes) = mailbox.results.get(&name).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = HeaderValue::from_str(&format!("\"{}\"", Fingerprint::of(&bytes))).unwrap();
    if headers.get(header::IF_NONE_MATCH) == Some(&etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    mailbox.sent += 1;
    ([(header::ETAG, etag)], bytes).into_response()
}

#[tokio::test]
async fn an_unchanged_result_is_transferred_once() {
    let side = HttpsSide::new().await;
    let door = side.door();
    side.lay_result("OQSsiquc01res_UK1000000001", &side.answer("A", 1));
    assert_eq!(look_until_quiet(&side, &*door).await.len(), 1);
    assert!(look_until_quiet(&side, &*door).await.is_empty());
    assert_eq!(side.mailbox().sent, 1);
}

#[tokio::test]
async fn an_oversized_result_is_reported_and_the_rest_arrives() {
    let side = HttpsSide::new().await;
    let door = side.door();
    side.lay_result("OQSsiquc01res_UK1000000001", &vec![b' '; 5 * 1024 * 1024]);
    side.lay_result("OQSsiquc01res_UK1000000002.json", &side.answer("A", 1));
    let arrivals = look(&side, &*door).await.arrivals;
    let kinds: Vec<Option<UnreadableKind>> = arrivals
        .iter()
        .map(|arrival| match &arrival.content {
            Content::Unreadable { unreadable, .. } => Some(unreadable.kind),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, [Some(UnreadableKind::TooLarge), None]);
}

#[tokio::test]
async fn statuses_are_sorted_by_what_follows_from_them() {
    let side = HttpsSide::new().await;
    let door = side.door();
    for (status, failure) in [
        (StatusCode::SERVICE_UNAVAILABLE, DoorFailure::Unreachable(Trouble::HttpStatus(503))),
        (StatusCode::INTERNAL_SERVER_ERROR, DoorFailure::Retry(Trouble::HttpStatus(500))),
        (StatusCode::TOO_MANY_REQUESTS, DoorFailure::Retry(Trouble::HttpStatus(429))),
        (StatusCode::BAD_GATEWAY, DoorFailure::Unreachable(Trouble::HttpStatus(502))),
        (StatusCode::FORBIDDEN, DoorFailure::Refused(Trouble::PermissionDenied)),
        (StatusCode::NOT_FOUND, DoorFailure::Refused(Trouble::HttpStatus(404))),
        (StatusCode::INSUFFICIENT_STORAGE, DoorFailure::Refused(Trouble::StorageFull)),
        (StatusCode::NO_CONTENT, DoorFailure::Refused(Trouble::HttpStatus(204))),
    ] {
        side.mailbox().broken = Some(status);
        assert_eq!(door.scan().await.map(|_| ()), Err(failure), "{status}");
    }
    side.mailbox().broken = None;
    assert!(door.scan().await.is_ok());
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused_on_either_end() {
    let side = HttpsSide::new().await;
    let other = Trust::new();
    let stranger = HttpsSettings {
        certificate_pem: other.client.0.clone().into_bytes(),
        key_pem: other.client.1.clone().into_bytes(),
        ..side.settings()
    };
    let distrustful = HttpsSettings { authorities_pem: other.authority_pem.into_bytes(), ..side.settings() };
    let misnamed = HttpsSettings { server_name: "terminal.example".into(), ..side.settings() };
    for settings in [stranger, distrustful, misnamed] {
        let door = HttpsDoor::new(settings).unwrap();
        let refused = door.scan().await.map(|_| ()).unwrap_err();
        assert_eq!(refused, DoorFailure::Refused(Trouble::CertificateRefused));
        assert!(refused.staff().ja.contains("証明書"));
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_unreachable_in_time() {
    let side = HttpsSide::new().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let settings = HttpsSettings { port, connect_limit: Duration::from_millis(50), ..side.settings() };
    let door = HttpsDoor::new(settings).unwrap();
    assert_eq!(door.scan().await.map(|_| ()), Err(DoorFailure::Unreachable(Trouble::NoAnswer)));
}

#[tokio::test]
async fn a_kept_connection_that_dies_is_replaced() {
    let side = HttpsSide::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(server_config(&side.trust)));
    let dying = tokio::spawn(async move {
        let mut connections = 0;
        while connections < 2 {
            let (stream, _) = listener.accept().await.unwrap();
            connections += 1;
            let mut stream = acceptor.accept(stream).await.unwrap();
            read_request(&mut stream).await;
            let body = "{\"waiting\":[],\"names\":[]}";
            let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(reply.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            // The next request is read and never answered: the connection dies under it.
            if connections == 1 {
                read_request(&mut stream).await;
            }
        }
        connections
    });
    let door = HttpsDoor::new(HttpsSettings { port, ..side.settings() }).unwrap();
    assert!(door.scan().await.is_ok(), "two requests, the second on a fresh connection");
    assert_eq!(dying.await.unwrap(), 2);
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.unwrap());
    }
}

#[tokio::test]
async fn unusable_certificates_are_found_when_the_settings_are_read() {
    let side = HttpsSide::new().await;
    let refusal = |settings: HttpsSettings| HttpsDoor::new(settings).map(|_| ()).unwrap_err();
    assert_eq!(refusal(HttpsSettings { authorities_pem: Vec::new(), ..side.settings() }), TlsRefusal::Authorities);
    assert_eq!(refusal(HttpsSettings { certificate_pem: b"x".to_vec(), ..side.settings() }), TlsRefusal::Certificate);
    assert_eq!(refusal(HttpsSettings { key_pem: Vec::new(), ..side.settings() }), TlsRefusal::Key);
    assert_eq!(refusal(HttpsSettings { server_name: "a b".into(), ..side.settings() }), TlsRefusal::ServerName);
    let shown = format!("{:?}", side.settings());
    assert!(!shown.contains("PRIVATE KEY") && !shown.contains("key_pem"), "{shown}");
}
