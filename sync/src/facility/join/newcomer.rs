//! The newcomer's part after the handshake: whom it talks to is kept first, then the welcome. No input or output.

use super::failure::JoinFailure;
use super::handshake::{Confirmed, Session};
use super::message::{
    Message, Presentation, RESUME_SIGNED_AS, Resume, SignedWelcome, WELCOME_SIGNED_AS, Welcome, welcome_signed,
};
use crate::facility::id::FacilityId;
use crate::facility::identity::BoxIdentity;
use crate::facility::introduction::{Introduction, Role, verified};
use crate::facility::membership::Membership;
use crate::facility::wire::{Malformed, Reader};

const PENDING: &[u8] = b"UKP1";

/// A joining that is under way: kept durably before "ready" is said, thrown away when the welcome is kept (or the box starts anew).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The facility.
    pub facility: FacilityId,
    /// The member box that was confirmed by code. Also enough for [`crate::facility::trust::Trust::pinned`].
    pub welcomer: Introduction,
}

/// The newcomer, waiting for its welcome.
pub struct Joining {
    pending: Pending,
    session: Session,
}

/// In. To be kept durably, all at once, before "kept" is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The facility.
    pub facility: FacilityId,
    /// Statements and, for a box, keys.
    pub welcome: Welcome,
}

impl Pending {
    /// The bytes of its file.
    pub fn encode(&self) -> Vec<u8> {
        [PENDING, self.facility.as_bytes(), &self.welcomer.encode()].concat()
    }

    /// Reads what [`Pending::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Pending, Malformed> {
        let mut from = Reader::new(bytes);
        from.magic(PENDING)?;
        let facility = FacilityId::from_bytes(from.array()?);
        let welcomer = Introduction::read(&mut from)?;
        from.end().map(|()| Pending { facility, welcomer })
    }
}

impl Joining {
    /// After the handshake. When [`Joining::pending`] is kept, say [`Message::Ready`].
    pub fn new(confirmed: &Confirmed) -> Result<Joining, JoinFailure> {
        let Presentation::Member { facility, introduction, .. } = &confirmed.theirs else {
            return Err(JoinFailure::NothingToJoin);
        };
        if introduction.role() != Role::Box {
            return Err(JoinFailure::NothingToJoin);
        }
        let pending = Pending { facility: *facility, welcomer: introduction.clone() };
        Ok(Joining { pending, session: confirmed.session })
    }

    /// After a cut, in a new session. The message is to be sent.
    pub fn resume(identity: &BoxIdentity, pending: Pending, session: Session) -> (Joining, Message) {
        let signature = identity.sign(RESUME_SIGNED_AS, &[&session, pending.facility.as_bytes()]);
        let ask = Resume { facility: pending.facility, introduction: identity.introduction(), signature };
        (Joining { pending, session }, Message::Resume(ask))
    }

    /// What to keep durably before saying "ready".
    pub fn pending(&self) -> &Pending {
        &self.pending
    }

    /// The welcome came.
    pub fn receive(&self, identity: &BoxIdentity, message: Message) -> Result<Joined, JoinFailure> {
        match message {
            Message::Welcome(signed) => self.judge(identity, &signed),
            Message::Refuse(failure) => Err(failure),
            _ => Err(JoinFailure::OutOfTurn),
        }
    }

    fn judge(&self, identity: &BoxIdentity, signed: &SignedWelcome) -> Result<Joined, JoinFailure> {
        let said = welcome_signed(&self.session, identity.id(), &signed.welcome);
        if !verified(self.pending.welcomer.key(), WELCOME_SIGNED_AS, &[&said], &signed.signature) {
            return Err(JoinFailure::BadWelcome);
        }
        let welcome = Welcome::decode(&signed.welcome)?;
        let members = Membership::evaluate(self.pending.facility, welcome.statements());
        let is_member = |who: &Introduction| members.member(who.id()).is_some_and(|member| member.introduction == *who);
        let right_kind =
            matches!((&welcome, identity.role()), (Welcome::Box { .. }, Role::Box) | (Welcome::Hub { .. }, Role::Hub));
        if is_member(&identity.introduction()) && is_member(&self.pending.welcomer) && right_kind {
            Ok(Joined { facility: self.pending.facility, welcome })
        } else {
            Err(JoinFailure::BadWelcome)
        }
    }
}
