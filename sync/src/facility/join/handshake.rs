//! From a code to a confirmed counterpart: SPAKE2, commitments, proofs. No input or output.

use super::code::{Code, Invitation};
use super::digits::Digits;
use super::failure::JoinFailure;
use super::message::{Hello, Message, Presentation, Reveal, VERSIONS};
use domain::Timestamp;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use spake2::{Ed25519Group, Identity, Password, Spake2};
use zeroize::Zeroizing;

/// 32 bytes that only the two ends of one TLS session have (its exporter).
pub type Session = [u8; 32];

/// The other side knew the code in this very session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Who it is.
    pub theirs: Presentation,
    /// To be compared on both screens.
    pub digits: Digits,
    /// The session it was confirmed in.
    pub session: Session,
}

/// What to do next in a handshake.
#[derive(Debug, Default)]
pub struct Progress {
    /// To be sent.
    pub send: Option<Message>,
    /// The handshake is over; what follows is between newcomer and member.
    pub confirmed: Option<Confirmed>,
}

/// The side where the code was typed in. It speaks first, and shows itself first.
pub struct Entering(Stage);

/// The side that made the code. It counts attempts.
pub struct Inviting {
    session: Session,
    presentation: Presentation,
    stage: Stage,
}

enum Stage {
    Waiting,
    Greeted(Box<Greeted>),
    Agreed(Box<Agreed>),
    Over,
}

impl Entering {
    /// Begins; the message is to be sent.
    pub fn start(
        code: &Code,
        session: Session,
        presentation: Presentation,
        chance: &mut impl CryptoRng,
    ) -> (Entering, Message) {
        let greeted = Greeted::make(Side::Entering, code, session, presentation, chance);
        let hello = Message::Hello(greeted.hello.clone());
        (Entering(Stage::Greeted(Box::new(greeted))), hello)
    }

    /// What came, and what follows.
    pub fn receive(&mut self, message: Message) -> Result<Progress, JoinFailure> {
        match (std::mem::replace(&mut self.0, Stage::Over), message) {
            (_, Message::Refuse(failure)) => Err(failure),
            (Stage::Greeted(greeted), Message::Hello(theirs)) => {
                let agreed = greeted.agree(&theirs)?;
                let send = Some(Message::Reveal(agreed.reveal.clone()));
                self.0 = Stage::Agreed(Box::new(agreed));
                Ok(Progress { send, confirmed: None })
            }
            (Stage::Agreed(agreed), Message::Reveal(theirs)) => {
                let confirmed = agreed.check(&theirs).ok_or(JoinFailure::Impostor)?;
                Ok(Progress { send: None, confirmed: Some(confirmed) })
            }
            _ => Err(JoinFailure::OutOfTurn),
        }
    }
}

impl Inviting {
    /// Waits for the other side's hello.
    pub fn new(session: Session, presentation: Presentation) -> Inviting {
        Inviting { session, presentation, stage: Stage::Waiting }
    }

    /// What came, and what follows. The invitation is the one all conversations share.
    pub fn receive(
        &mut self,
        message: Message,
        invitation: &mut Invitation,
        now: Timestamp,
        chance: &mut impl CryptoRng,
    ) -> Result<Progress, JoinFailure> {
        match (std::mem::replace(&mut self.stage, Stage::Over), message) {
            (_, Message::Refuse(failure)) => Err(failure),
            (Stage::Waiting, Message::Hello(theirs)) => {
                check_versions(theirs.versions)?;
                let code = invitation.begin(now)?;
                let greeted = Greeted::make(Side::Inviting, code, self.session, self.presentation.clone(), chance);
                let hello = greeted.hello.clone();
                self.stage = Stage::Agreed(Box::new(greeted.agree(&theirs)?));
                Ok(Progress { send: Some(Message::Hello(hello)), confirmed: None })
            }
            (Stage::Agreed(agreed), Message::Reveal(theirs)) => {
                let confirmed = agreed.check(&theirs);
                invitation.settle(confirmed.is_some(), now)?;
                Ok(Progress { send: Some(Message::Reveal(agreed.reveal)), confirmed })
            }
            _ => Err(JoinFailure::OutOfTurn),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Entering,
    Inviting,
}

/// Own hello is out.
struct Greeted {
    side: Side,
    session: Session,
    pake: Spake2<Ed25519Group>,
    hello: Hello,
    nonce: [u8; 32],
    presentation: Presentation,
}

/// Both hellos are known: own reveal is ready, the other's can be checked.
struct Agreed {
    side: Side,
    session: Session,
    reveal: Reveal,
    their_commitment: [u8; 32],
    their_proof_key: Zeroizing<[u8; 32]>,
    digits_key: Zeroizing<[u8; 32]>,
}

impl Greeted {
    fn make(
        side: Side,
        code: &Code,
        session: Session,
        presentation: Presentation,
        chance: &mut impl CryptoRng,
    ) -> Greeted {
        let mut nonce = [0; 32];
        chance.fill_bytes(&mut nonce);
        let password = Password::new(code.secret());
        let (enters, invites) = (Identity::new(b"uketsuke join 1 enters"), Identity::new(b"uketsuke join 1 invites"));
        let (pake, word) = match side {
            Side::Entering => Spake2::start_a_with_rng(&password, &enters, &invites, chance),
            Side::Inviting => Spake2::start_b_with_rng(&password, &enters, &invites, chance),
        };
        let mut pake_word = [0; 33];
        pake_word.copy_from_slice(&word);
        let commitment = committed(&nonce, &presentation);
        let hello = Hello { versions: VERSIONS, pake: pake_word, commitment };
        Greeted { side, session, pake, hello, nonce, presentation }
    }

    fn agree(self, theirs: &Hello) -> Result<Agreed, JoinFailure> {
        check_versions(theirs.versions)?;
        let secret = Zeroizing::new(self.pake.finish(&theirs.pake).map_err(|_| JoinFailure::OutOfTurn)?);
        let (entering, inviting) = match self.side {
            Side::Entering => (&self.hello, theirs),
            Side::Inviting => (theirs, &self.hello),
        };
        let said = [&self.session[..], &entering.encode(), &inviting.encode()].concat();
        let keys = Hkdf::<Sha256>::new(Some(&Sha256::digest(said)), &secret);
        let (own, their) = match self.side {
            Side::Entering => (derived(&keys, b"enters"), derived(&keys, b"invites")),
            Side::Inviting => (derived(&keys, b"invites"), derived(&keys, b"enters")),
        };
        let proof = proof(&own, &self.nonce, &self.presentation).finalize().into_bytes().into();
        Ok(Agreed {
            side: self.side,
            session: self.session,
            reveal: Reveal { nonce: self.nonce, presentation: self.presentation, proof },
            their_commitment: theirs.commitment,
            their_proof_key: their,
            digits_key: derived(&keys, b"digits"),
        })
    }
}

impl Agreed {
    fn check(&self, theirs: &Reveal) -> Option<Confirmed> {
        let proof = proof(&self.their_proof_key, &theirs.nonce, &theirs.presentation);
        let proven = proof.verify_slice(&theirs.proof).is_ok();
        let kept_word = committed(&theirs.nonce, &theirs.presentation) == self.their_commitment;
        if !(proven && kept_word && theirs.presentation.introduction().is_genuine()) {
            return None;
        }
        let (entering, inviting) = match self.side {
            Side::Entering => (&self.reveal, theirs),
            Side::Inviting => (theirs, &self.reveal),
        };
        let hash = Sha256::new()
            .chain_update(self.digits_key.as_ref())
            .chain_update(committed(&entering.nonce, &entering.presentation))
            .chain_update(committed(&inviting.nonce, &inviting.presentation))
            .finalize();
        let digits = Digits::of(&hash.into());
        Some(Confirmed { theirs: theirs.presentation.clone(), digits, session: self.session })
    }
}

fn check_versions((first, last): (u8, u8)) -> Result<(), JoinFailure> {
    match () {
        () if last < VERSIONS.0 => Err(JoinFailure::TheyAreOlder),
        () if first > VERSIONS.1 => Err(JoinFailure::WeAreOlder),
        () => Ok(()),
    }
}

fn committed(nonce: &[u8; 32], presentation: &Presentation) -> [u8; 32] {
    let hash = Sha256::new().chain_update(b"uketsuke commitment 1\0").chain_update(nonce);
    hash.chain_update(presentation.encode()).finalize().into()
}

fn proof(key: &[u8; 32], nonce: &[u8; 32], presentation: &Presentation) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(nonce);
    mac.update(&presentation.encode());
    mac
}

fn derived(keys: &Hkdf<Sha256>, use_for: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes is far below the limit of the derivation
    keys.expand(use_for, key.as_mut()).expect("HKDF gives 32 bytes");
    key
}
