//! TLS with throw-away certificates, messages with a length before them, a limit and a deadline on each.
//!
//! The certificates prove nothing; that nobody stands in between is proven inside, over the TLS exporter.

use super::failure::JoinFailure;
use super::handshake::Session;
use super::message::{MAX_EARLY_MESSAGE, MAX_MESSAGE, Message};
use crate::facility::certificate::{Throwaway, certified};
use crate::facility::trust::provider;
use crate::facility::wire::Malformed;
use rand::CryptoRng;
use rcgen::CertificateParams;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, DigitallySignedStruct, ServerConfig, SignatureScheme};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};
use zeroize::Zeroizing;

/// How this conversation is told from others on the same port.
pub const ALPN: &[u8] = b"uketsuke-join/1";
/// What is still listened to after the last word, in bytes.
const LAST_WORDS: u64 = 1 << 16;
const EXPORTER: &[u8] = b"EXPORTER-uketsuke-join-1";

/// How long each step may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For one message of a machine.
    pub machine: Duration,
    /// For a person.
    pub person: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { machine: Duration::from_secs(30), person: Duration::from_secs(10 * 60) }
    }
}

/// One TLS session with somebody yet unknown.
pub struct Channel<S> {
    stream: TlsStream<S>,
    session: Session,
    pub(super) patience: Patience,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Channel<S> {
    /// Calls; `io` is a fresh connection.
    pub async fn connect(io: S, patience: Patience) -> Result<Channel<S>, JoinFailure> {
        let name = ServerName::try_from("join.uketsuke.invalid").map_err(|_| JoinFailure::OutOfTurn)?;
        let connector = TlsConnector::from(Arc::new(calling()?));
        let stream = timely(patience.machine, connector.connect(name, io)).await?;
        Channel::open(TlsStream::Client(stream), patience)
    }

    /// Answers; `io` is a fresh connection.
    pub async fn accept(io: S, patience: Patience, chance: &mut impl CryptoRng) -> Result<Channel<S>, JoinFailure> {
        let acceptor = TlsAcceptor::from(Arc::new(answering(chance)?));
        let stream = timely(patience.machine, acceptor.accept(io)).await?;
        Channel::open(TlsStream::Server(stream), patience)
    }

    fn open(stream: TlsStream<S>, patience: Patience) -> Result<Channel<S>, JoinFailure> {
        let exported = match &stream {
            TlsStream::Client(stream) => stream.get_ref().1.export_keying_material([0; 32], EXPORTER, None),
            TlsStream::Server(stream) => stream.get_ref().1.export_keying_material([0; 32], EXPORTER, None),
        };
        let session = exported.map_err(|_| JoinFailure::OutOfTurn)?;
        Ok(Channel { stream, session, patience })
    }

    /// What only the two ends of this session have.
    pub fn session(&self) -> Session {
        self.session
    }

    /// Sends; when the other side has hung up already, says what its last word was.
    pub(super) async fn send(&mut self, message: &Message) -> Result<(), JoinFailure> {
        match self.put(message).await {
            Err(lost @ JoinFailure::Lost(_)) => match self.receive(MAX_EARLY_MESSAGE, self.patience.machine).await {
                Ok(Message::Refuse(failure)) => Err(failure),
                _ => Err(lost),
            },
            outcome => outcome,
        }
    }

    pub(super) async fn put(&mut self, message: &Message) -> Result<(), JoinFailure> {
        let bytes = message.encode();
        let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MAX_MESSAGE);
        let length = length.ok_or(JoinFailure::NotKept(io::ErrorKind::FileTooLarge))?;
        let stream = &mut self.stream;
        timely(self.patience.machine, async {
            stream.write_all(&length.to_be_bytes()).await?;
            stream.write_all(&bytes).await?;
            stream.flush().await
        })
        .await
    }

    /// The deadline is on the whole message: one that drips in is cut off. Memory grows only with what really came.
    pub(super) async fn receive(&mut self, limit: usize, deadline: Duration) -> Result<Message, JoinFailure> {
        let stream = &mut self.stream;
        let bytes = timely(deadline, async {
            let length = stream.read_u32().await?;
            if length as usize > limit {
                return Ok(None);
            }
            let mut bytes = Vec::new();
            stream.take(u64::from(length)).read_to_end(&mut bytes).await?;
            if bytes.len() == length as usize { Ok(Some(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        });
        let bytes = bytes.await?.ok_or(JoinFailure::Malformed(Malformed::TooLong))?;
        Ok(Message::decode(&bytes)?)
    }

    /// Tells the other side why, if this side ends it.
    pub(super) async fn ended<T>(&mut self, outcome: Result<T, JoinFailure>) -> Result<T, JoinFailure> {
        if let Err(failure) = &outcome
            && !matches!(failure, JoinFailure::Lost(_))
        {
            // the outcome stands whether they hear it or not
            let _ = self.put(&Message::Refuse(*failure)).await;
            self.hang_up().await;
        }
        outcome
    }

    /// Says that nothing follows, and hears the other side out for a moment: a connection that is closed with unread bytes takes the
    /// last word with it.
    pub(super) async fn hang_up(&mut self) {
        let stream = &mut self.stream;
        let _ = timely(self.patience.machine / 10, async {
            stream.shutdown().await?;
            tokio::io::copy(&mut stream.take(LAST_WORDS), &mut tokio::io::sink()).await
        })
        .await;
    }
}

async fn timely<T>(within: Duration, work: impl Future<Output = io::Result<T>>) -> Result<T, JoinFailure> {
    match timeout(within, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(JoinFailure::Lost(error.kind())),
        Err(_) => Err(JoinFailure::TooSlow),
    }
}

fn calling() -> Result<ClientConfig, JoinFailure> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| JoinFailure::OutOfTurn)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody))
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.enable_sni = false;
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// With a certificate for this one conversation.
fn answering(chance: &mut impl CryptoRng) -> Result<ServerConfig, JoinFailure> {
    let mut seed = Zeroizing::new([0; 32]);
    chance.fill_bytes(seed.as_mut());
    let certified = throw_away(&seed).ok_or(JoinFailure::OutOfTurn)?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|_| JoinFailure::OutOfTurn)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.send_tls13_tickets = 0;
    Ok(config)
}

fn throw_away(seed: &[u8; 32]) -> Option<rustls::sign::CertifiedKey> {
    let key = Throwaway::of(seed);
    let asked = CertificateParams::new(vec!["join.uketsuke.invalid".to_owned()]).ok()?;
    certified(asked.self_signed(&key).ok()?.der().clone(), seed).ok()
}

/// Takes any certificate, but lets nobody show one whose key he does not have.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, shown, signed, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, shown, signed, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
