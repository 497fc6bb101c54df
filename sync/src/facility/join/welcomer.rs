//! The member box's part after the handshake: ask a person, keep the admission, hand over. No input or output.

use super::digits::Digits;
use super::failure::JoinFailure;
use super::handshake::{Confirmed, Session};
use super::message::{
    Message, Presentation, RESUME_SIGNED_AS, Resume, SignedWelcome, WELCOME_SIGNED_AS, Welcome, welcome_signed,
};
use crate::facility::id::{BoxId, FacilityId};
use crate::facility::identity::BoxIdentity;
use crate::facility::introduction::{Introduction, Role, Standing, verified};
use crate::facility::membership::Membership;
use crate::facility::statement::Statement;
use domain::Timestamp;
use x25519_dalek::PublicKey;

/// What seals the facility's keys to a newcomer. It can only be asked with a receiving key, which a hub does not have.
pub trait Grants {
    /// All keys the newcomer needs, sealed to it; opaque here. Called again for the same box after a cut.
    fn grants_for(&mut self, newcomer: BoxId, key: &PublicKey) -> Vec<u8>;
}

/// What the approving person sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who wants to come in.
    pub newcomer: BoxId,
    /// As box or as hub.
    pub role: Role,
    /// What its people want to call it.
    pub name: String,
    /// To be compared with its screen.
    pub digits: Digits,
    /// It is a member already and lost its welcome.
    pub again: bool,
}

/// The member box, until a person decided.
pub struct Welcoming {
    facility: FacilityId,
    newcomer: Introduction,
    request: Request,
    session: Session,
    ready: bool,
}

/// A person approved.
pub struct Approved {
    /// To be kept durably and spread before anything is sent; none when the newcomer was admitted before.
    pub admission: Option<Statement>,
    newcomer: Introduction,
    session: Session,
}

impl Welcoming {
    /// After the handshake. `membership` is that of this box as it is now.
    pub fn new(
        confirmed: Confirmed,
        identity: &BoxIdentity,
        membership: &Membership,
    ) -> Result<Welcoming, JoinFailure> {
        let Presentation::Newcomer { introduction, name } = confirmed.theirs else {
            return Err(JoinFailure::NothingToJoin);
        };
        may_admit(identity, membership)?;
        let again = known(&introduction, membership)?;
        let (newcomer, role) = (introduction.id(), introduction.role());
        let request = Request { newcomer, role, name, digits: confirmed.digits, again };
        let facility = membership.facility();
        Ok(Welcoming { facility, newcomer: introduction, request, session: confirmed.session, ready: false })
    }

    /// What to ask the person. To be shown once the newcomer is ready.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// What came before the decision.
    pub fn receive(&mut self, message: Message) -> Result<(), JoinFailure> {
        match message {
            Message::Ready => self.ready = true,
            Message::Refuse(failure) => return Err(failure),
            _ => return Err(JoinFailure::OutOfTurn),
        }
        Ok(())
    }

    /// A person said yes: the digits are the same. The membership is judged once more, it may have changed meanwhile.
    pub fn approve(
        self,
        identity: &BoxIdentity,
        membership: &Membership,
        now: Timestamp,
    ) -> Result<Approved, JoinFailure> {
        if !self.ready {
            return Err(JoinFailure::OutOfTurn);
        }
        may_admit(identity, membership)?;
        let admission = if known(&self.newcomer, membership)? {
            None
        } else {
            Some(Statement::admit(identity, self.facility, &self.newcomer, &self.request.name, now)?)
        };
        Ok(Approved { admission, newcomer: self.newcomer, session: self.session })
    }
}

impl Approved {
    /// The welcome, once the admission is kept. `statements` are all that are kept, with the admission.
    pub fn welcome(&self, identity: &BoxIdentity, statements: Vec<Statement>, keys: &mut impl Grants) -> Message {
        signed_welcome(identity, &self.newcomer, self.session, statements, keys)
    }
}

/// Answers a newcomer that was cut off. It proves itself with its identity, and gets what it would have got.
pub fn resume(
    asked: &Resume,
    identity: &BoxIdentity,
    membership: &Membership,
    session: Session,
    statements: Vec<Statement>,
    keys: &mut impl Grants,
) -> Result<Message, JoinFailure> {
    let said: [&[u8]; 2] = [&session, asked.facility.as_bytes()];
    let itself = verified(asked.introduction.key(), RESUME_SIGNED_AS, &said, &asked.signature);
    if !itself || asked.facility != membership.facility() || !known(&asked.introduction, membership)? {
        return Err(JoinFailure::NotAdmitted);
    }
    may_admit(identity, membership)?;
    Ok(signed_welcome(identity, &asked.introduction, session, statements, keys))
}

/// The only place that makes a welcome: what has no receiving key cannot get past the first line with keys.
fn signed_welcome(
    identity: &BoxIdentity,
    newcomer: &Introduction,
    session: Session,
    statements: Vec<Statement>,
    keys: &mut impl Grants,
) -> Message {
    let welcome = match newcomer.standing() {
        Standing::Box(key) => Welcome::Box { statements, grants: keys.grants_for(newcomer.id(), &key) },
        Standing::Hub => Welcome::Hub { statements },
    };
    let welcome = welcome.encode();
    let signature = identity.sign(WELCOME_SIGNED_AS, &[&welcome_signed(&session, newcomer.id(), &welcome)]);
    Message::Welcome(SignedWelcome { welcome, signature })
}

fn may_admit(identity: &BoxIdentity, membership: &Membership) -> Result<(), JoinFailure> {
    let own = membership.member(identity.id()).map(|member| member.introduction.role());
    if own == Some(Role::Box) { Ok(()) } else { Err(JoinFailure::NoRight) }
}

/// Whether it is a member already, as what it says it is. Who was put out never comes back with the same keys, unless only its
/// admission was in dispute.
fn known(newcomer: &Introduction, membership: &Membership) -> Result<bool, JoinFailure> {
    let revoked = membership.former().any(|(id, former)| id == newcomer.id() && !former.revoked_by.is_empty());
    match membership.member(newcomer.id()) {
        _ if revoked => Err(JoinFailure::Revoked),
        Some(member) if member.introduction == *newcomer => Ok(true),
        // the same identity as something else
        Some(_) => Err(JoinFailure::OutOfTurn),
        None => Ok(false),
    }
}
