//! The thin shell: TLS with throw-away certificates, messages with a length before them, a limit and a deadline on each.
//!
//! The certificates prove nothing; that nobody stands in between is proven inside, over the TLS exporter.

use super::code::{Code, Invitation};
use super::failure::JoinFailure;
use super::handshake::{Confirmed, Entering, Inviting, Session};
use super::message::{MAX_EARLY_MESSAGE, MAX_MESSAGE, Message, Presentation};
use super::newcomer::{Joined, Joining, Pending};
use super::welcomer::{Grants, Request, Welcoming, resume};
use crate::facility::FacilityId;
use crate::facility::certificate::{Throwaway, certified};
use crate::facility::identity::BoxIdentity;
use crate::facility::membership::Membership;
use crate::facility::statement::Statement;
use crate::facility::trust::provider;
use crate::facility::wire::Malformed;
use domain::Timestamp;
use rand::CryptoRng;
use rcgen::CertificateParams;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, DigitallySignedStruct, ServerConfig, SignatureScheme};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::oneshot;
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
    patience: Patience,
}

/// On which side of the code this machine is.
pub enum By<'a> {
    /// The code was typed in here.
    Entering(&'a Code),
    /// The code was made here; all conversations share the one invitation.
    Inviting(&'a Mutex<Option<Invitation>>),
}

/// The newcomer's screen and disk.
pub trait NewcomerDesk {
    /// Shows the facility's label and the digits.
    fn show(&mut self, confirmed: &Confirmed);
    /// Durable when this returns.
    fn keep_pending(&mut self, pending: &Pending) -> io::Result<()>;
    /// Durable when this returns, all at once; the pending one goes.
    fn keep_joined(&mut self, joined: &Joined) -> io::Result<()>;
}

/// The member box's screen, disk and keys.
pub trait WelcomerDesk: Grants {
    /// All statements that are kept.
    fn statements(&mut self) -> Vec<Statement>;
    /// Asks a person; yes or no comes later.
    fn ask(&mut self, request: &Request) -> oneshot::Receiver<bool>;
    /// Durable when this returns, and on its way to the other members.
    fn keep(&mut self, admission: &Statement) -> io::Result<()>;
    /// The instant of now.
    fn now(&self) -> Timestamp;
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
    async fn send(&mut self, message: &Message) -> Result<(), JoinFailure> {
        match self.put(message).await {
            Err(lost @ JoinFailure::Lost(_)) => match self.receive(MAX_EARLY_MESSAGE, self.patience.machine).await {
                Ok(Message::Refuse(failure)) => Err(failure),
                _ => Err(lost),
            },
            outcome => outcome,
        }
    }

    async fn put(&mut self, message: &Message) -> Result<(), JoinFailure> {
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
    async fn receive(&mut self, limit: usize, deadline: Duration) -> Result<Message, JoinFailure> {
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
    async fn ended<T>(&mut self, outcome: Result<T, JoinFailure>, gone: bool) -> Result<T, JoinFailure> {
        if let Err(failure) = &outcome
            && !gone
        {
            // the outcome stands whether they hear it or not
            let _ = self.put(&Message::Refuse(*failure)).await;
            self.hang_up().await;
        }
        outcome
    }

    /// Says that nothing follows, and hears the other side out for a moment: a connection that is closed with unread bytes takes the
    /// last word with it.
    async fn hang_up(&mut self) {
        let stream = &mut self.stream;
        let _ = timely(self.patience.machine / 10, async {
            stream.shutdown().await?;
            tokio::io::copy(&mut stream.take(LAST_WORDS), &mut tokio::io::sink()).await
        })
        .await;
    }

    async fn confirm(
        &mut self,
        by: &By<'_>,
        presentation: Presentation,
        first: Option<Message>,
        now: impl Fn() -> Timestamp,
        chance: &mut impl CryptoRng,
    ) -> Result<Confirmed, JoinFailure> {
        let mut side = match by {
            By::Entering(code) => {
                let (entering, hello) = Entering::start(code, self.session, presentation, chance);
                self.send(&hello).await?;
                Half::Entering(entering)
            }
            By::Inviting(_) => Half::Inviting(Inviting::new(self.session, presentation)),
        };
        let mut first = first;
        loop {
            let message = match first.take() {
                Some(message) => message,
                None => self.receive(MAX_EARLY_MESSAGE, self.patience.machine).await?,
            };
            let progress = match (&mut side, by) {
                (Half::Entering(entering), _) => entering.receive(message)?,
                (Half::Inviting(inviting), By::Inviting(shared)) => {
                    let mut invitation = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    let invitation = invitation.as_mut().ok_or(JoinFailure::NoCode)?;
                    inviting.receive(message, invitation, now(), chance)?
                }
                (Half::Inviting(_), By::Entering(_)) => return Err(JoinFailure::OutOfTurn),
            };
            if let Some(message) = progress.send {
                self.send(&message).await?;
            }
            if let Some(confirmed) = progress.confirmed {
                return Ok(confirmed);
            }
        }
    }
}

enum Half {
    Entering(Entering),
    Inviting(Inviting),
}

/// A new box or hub comes in.
pub async fn join<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    by: By<'_>,
    identity: &BoxIdentity,
    name: &str,
    desk: &mut impl NewcomerDesk,
    now: impl Fn() -> Timestamp,
    chance: &mut impl CryptoRng,
) -> Result<Joined, JoinFailure> {
    let presentation = Presentation::Newcomer { introduction: identity.introduction(), name: name.to_owned() };
    let outcome = async {
        let confirmed = channel.confirm(&by, presentation, None, now, chance).await?;
        let joining = Joining::new(&confirmed)?;
        desk.show(&confirmed);
        desk.keep_pending(joining.pending()).map_err(|error| JoinFailure::NotKept(error.kind()))?;
        channel.send(&Message::Ready).await?;
        fetch(&mut channel, &joining, identity, desk).await
    };
    let outcome = outcome.await;
    let gone = line_is_gone(&outcome);
    channel.ended(outcome, gone).await
}

/// A newcomer that was cut off asks again, in a new session.
pub async fn join_again<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    pending: Pending,
    identity: &BoxIdentity,
    desk: &mut impl NewcomerDesk,
) -> Result<Joined, JoinFailure> {
    let (joining, ask) = Joining::resume(identity, pending, channel.session);
    channel.send(&ask).await?;
    let outcome = fetch(&mut channel, &joining, identity, desk).await;
    let gone = line_is_gone(&outcome);
    channel.ended(outcome, gone).await
}

async fn fetch<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    joining: &Joining,
    identity: &BoxIdentity,
    desk: &mut impl NewcomerDesk,
) -> Result<Joined, JoinFailure> {
    let deadline = channel.patience.person + channel.patience.machine;
    let joined = joining.receive(identity, channel.receive(MAX_MESSAGE, deadline).await?)?;
    desk.keep_joined(&joined).map_err(|error| JoinFailure::NotKept(error.kind()))?;
    // in, whether they hear it or not
    let _ = channel.put(&Message::Kept).await;
    channel.hang_up().await;
    Ok(joined)
}

/// A member box lets somebody in. `label` is what the newcomer's screen calls the facility. The admission is kept when this returns
/// without error; an error after the approval means that the newcomer may have to ask again.
pub async fn welcome<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    by: By<'_>,
    identity: &BoxIdentity,
    facility: FacilityId,
    label: &str,
    desk: &mut impl WelcomerDesk,
    chance: &mut impl CryptoRng,
) -> Result<(), JoinFailure> {
    let outcome = welcomed(&mut channel, &by, identity, facility, label, desk, chance).await;
    let gone = line_is_gone(&outcome);
    channel.ended(outcome, gone).await
}

async fn welcomed<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    by: &By<'_>,
    identity: &BoxIdentity,
    facility: FacilityId,
    label: &str,
    desk: &mut impl WelcomerDesk,
    chance: &mut impl CryptoRng,
) -> Result<(), JoinFailure> {
    let mut first = None;
    if let By::Inviting(_) = by {
        match channel.receive(MAX_EARLY_MESSAGE, channel.patience.machine).await? {
            Message::Resume(asked) => {
                let statements = desk.statements();
                let membership = Membership::evaluate(facility, &statements);
                let answer = resume(&asked, identity, &membership, channel.session, statements, desk)?;
                return hand_over(channel, &answer).await;
            }
            message => first = Some(message),
        }
    }
    let introduction = identity.introduction();
    let presentation = Presentation::Member { facility, introduction, label: label.to_owned() };
    let confirmed = channel.confirm(by, presentation, first, || desk.now(), chance).await?;
    let mut welcoming = Welcoming::new(confirmed, identity, &Membership::evaluate(facility, &desk.statements()))?;
    welcoming.receive(channel.receive(MAX_EARLY_MESSAGE, channel.patience.machine).await?)?;
    let answer = desk.ask(welcoming.request());
    match timeout(channel.patience.person, answer).await {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => return Err(JoinFailure::Declined),
        Ok(Err(_)) | Err(_) => return Err(JoinFailure::NotApproved),
    }
    let membership = Membership::evaluate(facility, &desk.statements());
    let approved = welcoming.approve(identity, &membership, desk.now())?;
    if let Some(admission) = &approved.admission {
        desk.keep(admission).map_err(|error| JoinFailure::NotKept(error.kind()))?;
    }
    let statements = desk.statements();
    hand_over(channel, &approved.welcome(identity, statements, desk)).await
}

async fn hand_over<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    welcome: &Message,
) -> Result<(), JoinFailure> {
    channel.send(welcome).await?;
    match channel.receive(MAX_EARLY_MESSAGE, channel.patience.machine).await? {
        Message::Kept => Ok(()),
        Message::Refuse(failure) => Err(failure),
        _ => Err(JoinFailure::OutOfTurn),
    }
}

/// Lines that are gone need no last word.
fn line_is_gone<T>(outcome: &Result<T, JoinFailure>) -> bool {
    matches!(outcome, Err(JoinFailure::Lost(_)))
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
