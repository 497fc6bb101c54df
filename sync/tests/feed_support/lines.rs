//! Boxes that speak HTTPS on loopback, and lines that misbehave.

use super::facility::Facility;
use domain::Timestamp;
use rand_chacha::rand_core::Rng;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use sync::feed::https::{Admitted, FeedClient, FeedClock, FeedHost, Identify, PeerAddress, Reception};
use sync::feed::{Budget, Feed, Limits, MemoryDisk, MemoryLog, Term};
use sync::seal::{BoxId, RecordHash, Role, Sealer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::client::TlsStream;

pub const NAME: &str = "box.facility.invalid";

/// Certificates of the facility, and whose they are.
pub struct Papers {
    authority: CertifiedIssuer<'static, KeyPair>,
    holders: RwLock<HashMap<Vec<u8>, BoxId>>,
}

pub struct Paper {
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Papers {
    pub fn new() -> Arc<Papers> {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        Arc::new(Papers { authority, holders: RwLock::default() })
    }

    pub fn issue(&self, holder: BoxId) -> Paper {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new(vec![NAME.to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.authority).unwrap().der().clone();
        self.holders.write().unwrap().insert(certificate.to_vec(), holder);
        Paper { certificate, key: key.serialize_der() }
    }

    pub fn revoke(&self, holder: BoxId) {
        self.holders.write().unwrap().retain(|_, known| *known != holder);
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).unwrap();
        Arc::new(roots)
    }

    pub fn client(&self, paper: &Paper) -> Arc<ClientConfig> {
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(self.roots())
            .with_client_auth_cert(vec![paper.certificate.clone()], key(paper));
        Arc::new(config.unwrap())
    }

    pub fn server(&self, paper: &Paper) -> Arc<ServerConfig> {
        let verifier = WebPkiClientVerifier::builder_with_provider(self.roots(), provider()).build().unwrap();
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![paper.certificate.clone()], key(paper));
        Arc::new(config.unwrap())
    }
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn key(paper: &Paper) -> PrivateKeyDer<'static> {
    PrivateKeyDer::try_from(paper.key.clone()).unwrap()
}

impl Identify for Papers {
    fn member(&self, certificates: &[CertificateDer<'_>]) -> Option<BoxId> {
        self.holders.read().unwrap().get(certificates.first()?.as_ref()).copied()
    }
}

/// Lets members use one log.
struct Desk {
    papers: Arc<Papers>,
    feed: Arc<Feed>,
}

impl Reception for Desk {
    fn admit(&self, certificates: &[CertificateDer<'_>]) -> Option<Admitted> {
        let peer = self.papers.member(certificates)?;
        Some(Admitted { peer, feed: self.feed.clone() })
    }
}

/// A clock that stands until it is set.
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Timestamp>>);

impl Clock {
    pub fn new() -> Clock {
        Clock(Arc::new(Mutex::new(Timestamp::from_ms(1_795_000_000_000))))
    }

    pub fn next_day(&self) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus_ms(24 * 3_600_000);
    }

    fn feed_clock(&self) -> FeedClock {
        let now = self.0.clone();
        Arc::new(move || *now.lock().unwrap())
    }
}

/// One box: a log, a host that listens.
pub struct Station {
    pub sealer: Sealer,
    pub log: Arc<MemoryLog>,
    pub feed: Arc<Feed>,
    pub host: Arc<FeedHost>,
    pub address: SocketAddr,
    pub paper: Paper,
    pub clock: Clock,
    papers: Arc<Papers>,
    pub stop: watch::Sender<bool>,
    _tls: watch::Sender<Arc<ServerConfig>>,
}

pub async fn station(facility: &mut Facility, papers: &Arc<Papers>, limits: Limits, budget: Budget) -> Station {
    let sealer = facility.join(Role::Box);
    start(facility, papers, sealer, MemoryDisk::default(), limits, budget).await
}

/// A box starts, on whatever its disk holds.
pub async fn start(
    facility: &mut Facility,
    papers: &Arc<Papers>,
    sealer: Sealer,
    disk: MemoryDisk,
    limits: Limits,
    budget: Budget,
) -> Station {
    let mut term = [0; 16];
    facility.rng.fill_bytes(&mut term);
    let log = Arc::new(MemoryLog::open(sealer.author(), disk, Term::from_bytes(term)));
    let feed = Arc::new(Feed::new(log.clone(), facility.gate(), limits.clone()));
    let paper = papers.issue(sealer.author());
    let clock = Clock::new();
    let reception = Arc::new(Desk { papers: papers.clone(), feed: feed.clone() });
    let host = Arc::new(FeedHost::new(reception, clock.feed_clock(), limits, budget));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tls, settings) = watch::channel(papers.server(&paper));
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(host.clone().serve(listener, settings, stopped));
    Station { sealer, log, feed, host, address, paper, clock, papers: papers.clone(), stop, _tls: tls }
}

impl Station {
    pub fn id(&self) -> BoxId {
        self.sealer.author()
    }

    /// Writes so many records.
    pub fn write(&self, facility: &mut Facility, records: usize) {
        let sealed = (0..records).map(|n| facility.change(&self.sealer, &format!("p-{n}"), &[n as u8; 200])).collect();
        self.feed.append_own(sealed).unwrap();
    }

    /// Writes one change of one document for each of the contents.
    pub fn write_contents(&self, facility: &mut Facility, contents: &[Vec<u8>]) {
        let sealed = contents.iter().enumerate();
        let sealed = sealed.map(|(n, content)| facility.change(&self.sealer, &format!("p-{n}"), content)).collect();
        self.feed.append_own(sealed).unwrap();
    }

    pub fn hashes(&self) -> std::collections::BTreeSet<RecordHash> {
        self.log.disk().hashes().collect()
    }

    pub fn count(&self) -> usize {
        self.hashes().len()
    }

    /// Calls another box, perhaps through something that stands between.
    pub fn calls(&self, peer: &Station, through: SocketAddr, budget: Budget) -> FeedClient {
        self.calls_with(self.papers.client(&self.paper), peer.id(), through, budget)
    }

    pub fn calls_with(&self, tls: Arc<ClientConfig>, id: BoxId, at: SocketAddr, budget: Budget) -> FeedClient {
        let address = PeerAddress { id, host: at.ip().to_string(), port: at.port(), server_name: NAME.to_owned() };
        let tls = watch::channel(tls).1;
        FeedClient::new(self.feed.clone(), address, tls, self.papers.clone(), self.clock.feed_clock(), budget)
    }

    /// Waits until the log holds so many records.
    pub async fn holds(&self, records: usize) {
        let mut grown = self.feed.grown();
        let waiting = async {
            while self.count() < records {
                grown.changed().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the records arrive");
    }

    /// A bare TLS connection to another station, to say things no client would.
    pub async fn dial(&self, at: SocketAddr) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(at).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(self.papers.client(&self.paper));
        connector.connect(ServerName::try_from(NAME).unwrap(), stream).await.unwrap()
    }
}

/// A line that breaks after it has carried so many bytes towards the caller.
pub async fn breaking_line(to: SocketAddr, after_bytes: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut caller, _) = listener.accept().await.unwrap();
        let mut server = TcpStream::connect(to).await.unwrap();
        let (mut from_caller, mut to_caller) = caller.split();
        let (mut from_server, mut to_server) = server.split();
        let up = async { drop(tokio::io::copy(&mut from_caller, &mut to_server).await) };
        let down = async {
            let mut left = after_bytes;
            let mut buffer = vec![0; 1_024];
            while left > 0 {
                let most = left.min(buffer.len());
                let Ok(read @ 1..) = from_server.read(&mut buffer[..most]).await else { return };
                to_caller.write_all(&buffer[..read]).await.unwrap();
                left -= read;
            }
        };
        tokio::select! { () = up => {}, () = down => {} }
    });
    address
}

/// Sends a request as it is, and reads the answer's status and body until the peer closes or has said everything.
pub async fn say(stream: &mut TlsStream<TcpStream>, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // A host that has heard enough closes its ear.
    let _ = stream.write_all(body).await;
    answer(stream).await
}

async fn answer(stream: &mut TlsStream<TcpStream>) -> (u16, Vec<u8>) {
    let mut whole = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut whole)).await.expect("an end");
    let head = whole.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let status = std::str::from_utf8(&whole[9..12]).unwrap().parse().unwrap();
    (status, whole[head + 4..].to_vec())
}
