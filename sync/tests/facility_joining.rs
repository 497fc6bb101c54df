//! A box or hub comes into a facility: over real TLS, with people at both screens, thieves in between and the plug pulled.

#![allow(clippy::unwrap_used)]

use domain::Timestamp;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use sync::facility::identity::IdentitySeed;
use sync::facility::join::channel::{ALPN, Channel, Patience};
use sync::facility::join::conversation::{By, NewcomerDesk, WelcomerDesk, join, join_again, vouch, welcome};
use sync::facility::join::handshake::Confirmed;
use sync::facility::join::newcomer::{Joined, Pending};
use sync::facility::join::welcomer::{Grants, Request};
use sync::facility::join::{Code, Digits, Invitation, JoinFailure, Message, Welcome};
use sync::facility::statement::{Founding, Reason, Said, Statement};
use sync::facility::{BoxId, BoxIdentity, FacilityId, Introduction, Membership, Role};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use x25519_dalek::PublicKey;

fn now() -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000)
}

fn identity(role: Role, seed: u8) -> BoxIdentity {
    BoxIdentity::make(role, &IdentitySeed::from_bytes([seed; 80]))
}

fn chance(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn invited() -> Mutex<Option<Invitation>> {
    Mutex::new(Some(Invitation::make(now(), &mut chance(77))))
}

fn code_of(invitation: &Mutex<Option<Invitation>>) -> Code {
    invitation.lock().unwrap().as_ref().unwrap().code().clone()
}

/// What the newcomer's screen shows and its disk holds.
#[derive(Default)]
struct NewBox {
    digits: Option<Digits>,
    pending: Option<Pending>,
    joined: Option<Joined>,
    disk_full: bool,
    /// somebody sits before it, and says this of the digits
    person: Option<bool>,
}

impl NewcomerDesk for NewBox {
    fn show(&mut self, confirmed: &Confirmed) {
        self.digits = Some(confirmed.digits.clone());
    }

    fn confirm(&mut self) -> Option<oneshot::Receiver<bool>> {
        let (answer, later) = oneshot::channel();
        answer.send(self.person?).unwrap();
        Some(later)
    }

    fn keep_pending(&mut self, pending: &Pending) -> io::Result<()> {
        self.pending = Some(Pending::decode(&pending.encode()).unwrap());
        Ok(())
    }

    fn keep_joined(&mut self, joined: &Joined) -> io::Result<()> {
        if self.disk_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        (self.joined, self.pending) = (Some(joined.clone()), None);
        Ok(())
    }
}

/// The member box: what it keeps, and the person in front of it.
struct Member {
    identity: BoxIdentity,
    statements: Vec<Statement>,
    grants_made: usize,
    asked: Vec<Request>,
    approves: bool,
}

impl Member {
    fn founder() -> Member {
        let identity = identity(Role::Box, 1);
        let founding = Founding { salt: [1; 16], name: "受付1番", site_code: "S-1", institution_code: "1312345" };
        let founded = Statement::found(&identity, &founding, now()).unwrap();
        Member { identity, statements: vec![founded], grants_made: 0, asked: Vec::new(), approves: true }
    }

    fn facility(&self) -> FacilityId {
        self.statements[0].facility()
    }

    fn has(&self, id: BoxId) -> bool {
        Membership::evaluate(self.facility(), &self.statements).member(id).is_some()
    }

    fn admissions(&self) -> usize {
        self.statements.iter().filter(|one| matches!(one.said(), Said::Admitted { .. })).count()
    }

    async fn welcome(&mut self, io: impl AsyncRead + AsyncWrite + Unpin, by: By<'_>) -> Result<(), JoinFailure> {
        let channel = match by {
            By::Inviting(_) => Channel::accept(io, patience(), &mut chance(3)).await?,
            By::Entering(_) => Channel::connect(io, patience()).await?,
        };
        let own = BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([1; 80]));
        welcome(channel, by, &own, self.facility(), "S-1", self, &mut chance(4)).await
    }
}

impl Grants for Member {
    fn grants_for(&mut self, newcomer: BoxId, key: &PublicKey) -> Vec<u8> {
        self.grants_made += 1;
        [newcomer.as_bytes(), &key.as_bytes()[..]].concat()
    }
}

impl WelcomerDesk for Member {
    fn statements(&mut self) -> Vec<Statement> {
        self.statements.clone()
    }

    fn ask(&mut self, request: &Request) -> oneshot::Receiver<bool> {
        self.asked.push(request.clone());
        let (answer, later) = oneshot::channel();
        answer.send(self.approves).unwrap();
        later
    }

    fn keep(&mut self, admission: &Statement) -> io::Result<()> {
        self.statements.push(admission.clone());
        Ok(())
    }

    fn now(&self) -> Timestamp {
        now()
    }
}

fn patience() -> Patience {
    Patience::default()
}

async fn newcomer(
    io: impl AsyncRead + AsyncWrite + Unpin,
    code: &Code,
    one: &BoxIdentity,
    desk: &mut NewBox,
) -> Result<Joined, JoinFailure> {
    let channel = Channel::connect(io, patience()).await?;
    join(channel, By::Entering(code), one, "受付2番", desk, now, &mut chance(9)).await
}

async fn sockets() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (near, listener.accept().await.unwrap().0)
}

#[tokio::test]
async fn a_box_comes_in_with_a_code_and_an_approval() {
    let (near, far) = sockets().await;
    let (mut member, mut desk, one) = (Member::founder(), NewBox::default(), identity(Role::Box, 2));
    let invitation = invited();
    let code = Code::typed(&code_of(&invitation).shown()).unwrap();
    let (joined, welcomed) =
        tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
    welcomed.unwrap();
    let Welcome::Box { statements, grants } = joined.unwrap().welcome else { panic!("not a box's welcome") };
    assert_eq!(statements, member.statements);
    assert_eq!(grants[..16], *one.id().as_bytes());
    assert!(member.has(one.id()));
    assert_eq!(Some(&member.asked[0].digits), desk.digits.as_ref(), "both screens show the same");
    assert_eq!((member.asked[0].role, member.asked[0].name.as_str()), (Role::Box, "受付2番"));
    assert!(desk.pending.is_none() && desk.joined.is_some());
    assert!(!invitation.lock().unwrap().as_ref().unwrap().is_open(now()));
}

#[tokio::test]
async fn a_hub_makes_the_code_itself_and_never_gets_a_key() {
    let (near, far) = sockets().await;
    let (mut member, mut desk, hub) = (Member::founder(), NewBox::default(), identity(Role::Hub, 3));
    let invitation = invited();
    let code = code_of(&invitation);
    let answering = async {
        let channel = Channel::accept(far, patience(), &mut chance(5)).await?;
        join(channel, By::Inviting(&invitation), &hub, "hub", &mut desk, now, &mut chance(6)).await
    };
    let (joined, welcomed) = tokio::join!(answering, member.welcome(near, By::Entering(&code)));
    welcomed.unwrap();
    assert!(matches!(joined.unwrap().welcome, Welcome::Hub { .. }));
    assert_eq!((member.grants_made, member.asked[0].role), (0, Role::Hub));
    assert!(member.has(hub.id()));
    assert_eq!(Some(&member.asked[0].digits), desk.digits.as_ref());
}

#[tokio::test]
async fn a_wrong_code_costs_an_attempt_and_five_make_it_void() {
    let (mut member, one) = (Member::founder(), identity(Role::Box, 2));
    let invitation = invited();
    let wrong = Code::draw(&mut chance(1234));
    for left in (0..5).rev() {
        let (near, far) = duplex(1 << 16);
        let mut desk = NewBox::default();
        let (joined, welcomed) =
            tokio::join!(newcomer(near, &wrong, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
        assert_eq!(joined.unwrap_err(), JoinFailure::WrongCode { left });
        assert_eq!(welcomed.unwrap_err(), JoinFailure::WrongCode { left });
        assert!(desk.digits.is_none() && desk.pending.is_none());
    }
    let (near, far) = duplex(1 << 16);
    let (right, mut desk) = (code_of(&invitation), NewBox::default());
    let (joined, _) =
        tokio::join!(newcomer(near, &right, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
    assert_eq!(joined.unwrap_err(), JoinFailure::CodeVoid);
    assert!(member.asked.is_empty() && !member.has(one.id()));
}

#[tokio::test]
async fn a_code_lets_one_in_and_no_second() {
    let (mut member, invitation) = (Member::founder(), invited());
    let code = code_of(&invitation);
    let mut come = async |seed| {
        let (near, far) = duplex(1 << 16);
        let (one, mut desk) = (identity(Role::Box, seed), NewBox::default());
        tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation))).0
    };
    assert!(come(2).await.is_ok());
    assert_eq!(come(3).await.unwrap_err(), JoinFailure::CodeUsed);
    invitation.lock().unwrap().take();
    assert_eq!(come(4).await.unwrap_err(), JoinFailure::NoCode);
}

#[tokio::test]
async fn a_person_before_the_new_box_has_a_word_too() {
    for says in [true, false] {
        let (near, far) = duplex(1 << 16);
        let (mut member, one) = (Member::founder(), identity(Role::Box, 2));
        let mut desk = NewBox { person: Some(says), ..NewBox::default() };
        let invitation = invited();
        let code = code_of(&invitation);
        let (joined, welcomed) =
            tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
        assert_eq!((joined.is_ok(), welcomed.is_ok(), member.has(one.id())), (says, says, says));
        assert_eq!(desk.pending, None, "whoever says no has talked to nobody");
        if !says {
            assert_eq!((joined.unwrap_err(), welcomed.unwrap_err()), (JoinFailure::Declined, JoinFailure::Declined));
        }
    }
}

#[tokio::test]
async fn a_person_who_says_no_keeps_it_out() {
    let (near, far) = duplex(1 << 16);
    let (mut member, mut desk, one) = (Member::founder(), NewBox::default(), identity(Role::Box, 2));
    member.approves = false;
    let invitation = invited();
    let code = code_of(&invitation);
    let (joined, welcomed) =
        tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
    assert_eq!((joined.unwrap_err(), welcomed.unwrap_err()), (JoinFailure::Declined, JoinFailure::Declined));
    assert!(!member.has(one.id()) && desk.joined.is_none() && member.grants_made == 0);
}

#[tokio::test]
async fn a_box_that_was_put_out_does_not_come_back_with_its_old_keys() {
    let (near, far) = duplex(1 << 16);
    let (mut member, mut desk, one) = (Member::founder(), NewBox::default(), identity(Role::Box, 2));
    let facility = member.facility();
    member.statements.push(Statement::admit(&member.identity, facility, &one.introduction(), "x", now()).unwrap());
    member.statements.push(
        Statement::revoke(&member.identity, facility, one.id(), Reason::Lost, Default::default(), now()).unwrap(),
    );
    let invitation = invited();
    let code = code_of(&invitation);
    let (joined, _) =
        tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
    assert_eq!(joined.unwrap_err(), JoinFailure::Revoked);
}

/// Stands between two TLS sessions of its own and hands every message on.
async fn relay(to_newcomer: TcpStream, to_member: TcpStream) {
    let mut near = Thief::accept(to_newcomer).await;
    let mut far = Thief::connect(to_member).await;
    tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
}

/// The TLS of somebody who wrote his own program: any certificate will do.
struct Thief;

impl Thief {
    async fn accept(io: TcpStream) -> tokio_rustls::server::TlsStream<TcpStream> {
        let key = rcgen::generate_simple_self_signed(vec!["join.uketsuke.invalid".to_owned()]).unwrap();
        let secret = rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
        let mut config =
            rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![key.cert.der().clone()], secret)
                .unwrap();
        config.alpn_protocols = vec![ALPN.to_vec()];
        tokio_rustls::TlsAcceptor::from(Arc::new(config)).accept(io).await.unwrap()
    }

    async fn connect<S: AsyncRead + AsyncWrite + Unpin>(io: S) -> tokio_rustls::client::TlsStream<S> {
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Careless))
            .with_no_client_auth();
        let name = rustls::pki_types::ServerName::try_from("join.uketsuke.invalid").unwrap();
        tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, io).await.unwrap()
    }
}

#[derive(Debug)]
struct Careless;

impl rustls::client::danger::ServerCertVerifier for Careless {
    fn verify_server_cert(
        &self,
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &[rustls::pki_types::CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

#[tokio::test]
async fn one_who_stands_in_between_without_the_code_is_noticed() {
    let ((near, thief_near), (thief_far, far)) = (sockets().await, sockets().await);
    let (mut member, mut desk, one) = (Member::founder(), NewBox::default(), identity(Role::Box, 2));
    let invitation = invited();
    let code = code_of(&invitation);
    let (joined, welcomed, ()) = tokio::join!(
        newcomer(near, &code, &one, &mut desk),
        member.welcome(far, By::Inviting(&invitation)),
        relay(thief_near, thief_far)
    );
    assert_eq!(joined.unwrap_err(), JoinFailure::WrongCode { left: 4 }, "the code is right, the session is not");
    assert_eq!(welcomed.unwrap_err(), JoinFailure::WrongCode { left: 4 });
    assert!(desk.digits.is_none() && !member.has(one.id()));
}

#[tokio::test]
async fn one_who_stands_in_between_and_knows_the_code_shows_other_digits() {
    let ((near, thief_near), (thief_far, far)) = (sockets().await, sockets().await);
    let (mut member, mut desk, one) = (Member::founder(), NewBox::default(), identity(Role::Box, 2));
    member.approves = false;
    let invitation = invited();
    let code = code_of(&invitation);
    // the thief read the code over somebody's shoulder and plays the newcomer here and the member there
    let (thief, mut thief_desk, mut thief_member) = (identity(Role::Box, 66), NewBox::default(), Member::founder());
    let copied = Mutex::new(Some(Invitation::make(now(), &mut chance(77))));
    let (joined, _, _, _) = tokio::join!(
        newcomer(near, &code, &one, &mut desk),
        member.welcome(far, By::Inviting(&invitation)),
        newcomer(thief_far, &code, &thief, &mut thief_desk),
        async {
            thief_member.approves = false;
            thief_member.welcome(thief_near, By::Inviting(&copied)).await
        }
    );
    assert_eq!(joined.unwrap_err(), JoinFailure::Declined);
    assert_ne!(Some(&member.asked[0].digits), desk.digits.as_ref(), "people see it");
    assert!(!member.has(thief.id()));
}

#[tokio::test]
async fn a_member_that_is_not_known_yet_shows_how_it_became_one() {
    // box 1 admitted box 2 and died; box 3, a member too, never heard of it
    let (mut third, two, stranger) = (Member::founder(), identity(Role::Box, 2), identity(Role::Box, 66));
    let facility = third.facility();
    let admitted = Statement::admit(&third.identity, facility, &two.introduction(), "2", now()).unwrap();
    let forged = Statement::admit(&stranger, facility, &stranger.introduction(), "66", now()).unwrap();
    for _time in 0..2 {
        let (near, far) = duplex(1 << 16);
        let nobody = Mutex::new(None);
        let heard = vec![third.statements[0].clone(), admitted.clone(), forged.clone()];
        let telling = async { vouch(Channel::connect(near, patience()).await?, heard).await };
        let (told, welcomed) = tokio::join!(telling, third.welcome(far, By::Inviting(&nobody)));
        assert_eq!((told, welcomed), (Ok(()), Ok(())));
        assert!(third.has(two.id()) && !third.has(stranger.id()));
        assert_eq!(third.statements.len(), 2, "only what is new and counts is kept");
    }
}

/// A line that breaks after so many bytes in both directions together.
struct Cut {
    line: DuplexStream,
    left: Arc<AtomicUsize>,
}

impl Cut {
    fn spend(&self, bytes: usize) -> bool {
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(bytes)).is_ok()
    }
}

impl AsyncRead for Cut {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.left.load(Ordering::SeqCst) == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.line).poll_read(cx, buf)
    }
}

impl AsyncWrite for Cut {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.spend(bytes.len()) {
            self.left.store(0, Ordering::SeqCst);
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.line).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(cx)
    }
}

/// One joining over a line that breaks; what each side has on its disk afterwards.
async fn cut_after(bytes: usize) -> (Member, NewBox, bool) {
    let (near, far) = duplex(1 << 16);
    let left = Arc::new(AtomicUsize::new(bytes));
    let (mut member, mut desk, one) = (Member::founder(), NewBox::default(), identity(Role::Box, 2));
    let invitation = invited();
    let code = code_of(&invitation);
    // whoever notices first hangs up, which wakes the other
    let (near, far) = (Cut { line: near, left: left.clone() }, Cut { line: far, left: left.clone() });
    let (joined, _) =
        tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
    assert_eq!(joined.is_ok(), desk.joined.is_some());
    (member, desk, left.load(Ordering::SeqCst) == 0)
}

#[tokio::test]
async fn cut_off_anywhere_it_is_in_or_not_in_and_comes_in_in_the_end() {
    let one = identity(Role::Box, 2);
    let (mut not_in, mut asked_again, mut in_at_once) = (0, 0, 0);
    for bytes in (0..).step_by(61) {
        let (mut member, mut desk, cut) = cut_after(bytes).await;
        if !cut {
            break;
        }
        match (desk.joined.is_some(), member.has(one.id())) {
            (true, admitted) => {
                assert!(admitted, "nobody is in whom the facility does not know");
                in_at_once += 1;
            }
            (false, true) => {
                let pending = desk.pending.clone().expect("who may be admitted knows whom to ask");
                again(&mut member, &mut desk, &one, pending).await.unwrap();
                asked_again += 1;
            }
            (false, false) => {
                if let Some(pending) = desk.pending.clone() {
                    assert_eq!(
                        again(&mut member, &mut desk, &one, pending).await.unwrap_err(),
                        JoinFailure::NotAdmitted
                    );
                }
                anew(&mut member, &mut desk, &one).await.unwrap();
                not_in += 1;
            }
        }
        assert!(desk.joined.is_some());
        // and once more with a new code: nothing is said twice
        anew(&mut member, &mut desk, &one).await.unwrap();
        assert_eq!(member.admissions(), 1);
    }
    assert!(not_in > 0 && asked_again > 0 && in_at_once > 0, "{not_in} {asked_again} {in_at_once}");
}

async fn again(
    member: &mut Member,
    desk: &mut NewBox,
    one: &BoxIdentity,
    pending: Pending,
) -> Result<Joined, JoinFailure> {
    let (near, far) = duplex(1 << 16);
    let nobody = Mutex::new(None);
    let asking = async { join_again(Channel::connect(near, patience()).await?, pending, one, desk).await };
    tokio::join!(asking, member.welcome(far, By::Inviting(&nobody))).0
}

async fn anew(member: &mut Member, desk: &mut NewBox, one: &BoxIdentity) -> Result<Joined, JoinFailure> {
    let (near, far) = duplex(1 << 16);
    let invitation = invited();
    let code = code_of(&invitation);
    tokio::join!(newcomer(near, &code, one, desk), member.welcome(far, By::Inviting(&invitation))).0
}

#[tokio::test]
async fn a_full_disk_leaves_it_pending_and_it_asks_again() {
    let (near, far) = duplex(1 << 16);
    let (mut member, one) = (Member::founder(), identity(Role::Box, 2));
    let mut desk = NewBox { disk_full: true, ..NewBox::default() };
    let invitation = invited();
    let code = code_of(&invitation);
    let (joined, _) =
        tokio::join!(newcomer(near, &code, &one, &mut desk), member.welcome(far, By::Inviting(&invitation)));
    assert_eq!(joined.unwrap_err(), JoinFailure::NotKept(io::ErrorKind::StorageFull));
    desk.disk_full = false;
    let pending = desk.pending.clone().unwrap();
    again(&mut member, &mut desk, &one, pending.clone()).await.unwrap();
    assert_eq!(member.admissions(), 1);
    // a thief with the file but without the keys gets nothing
    let (mut thief_desk, thief) = (NewBox::default(), identity(Role::Box, 66));
    assert_eq!(again(&mut member, &mut thief_desk, &thief, pending).await.unwrap_err(), JoinFailure::NotAdmitted);
}

#[tokio::test(start_paused = true)]
async fn one_who_drips_or_floods_is_cut_off() {
    for (message, expected) in [
        (vec![0, 0, 0, 200, 1], JoinFailure::TooSlow),
        (vec![0xff; 4], JoinFailure::Malformed(Message::decode(&vec![0; 9 << 20]).unwrap_err())),
        (vec![0, 0, 0, 1, 99], JoinFailure::Malformed(Message::decode(&[99]).unwrap_err())),
    ] {
        let (near, far) = duplex(1 << 16);
        let (mut member, invitation) = (Member::founder(), invited());
        let drips = async {
            let mut stream = Thief::connect(near).await;
            stream.write_all(&message).await.unwrap();
            // one byte every five seconds of the paused clock, until the other side hangs up
            let mut tick = tokio::time::interval(Duration::from_secs(5));
            let mut heard = Vec::new();
            tokio::select! {
                end = stream.read_to_end(&mut heard) => drop(end),
                _ = tick.tick() => {}
            }
            while stream.write_all(&[0]).await.is_ok() && stream.flush().await.is_ok() {
                tick.tick().await;
            }
        };
        let (welcomed, ()) = tokio::join!(member.welcome(far, By::Inviting(&invitation)), drips);
        assert_eq!(welcomed.unwrap_err(), expected);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 1u8..9) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = kind;
        }
        if let Ok(message) = Message::decode(&bytes) {
            prop_assert_eq!(message.encode(), bytes.clone());
        }
        if let Ok(welcome) = Welcome::decode(&bytes) {
            prop_assert_eq!(welcome.encode(), bytes.clone());
        }
        let _ = (Pending::decode(&bytes), Introduction::decode(&bytes));
    }
}
