//! What the two sides say to each other. Form: kind (1), then the body; the transport puts the length before it.

use super::failure::JoinFailure;
use crate::facility::id::{BoxId, FacilityId};
use crate::facility::introduction::Introduction;
use crate::facility::statement::{MAX_NAME, MAX_STATEMENT, Statement};
use crate::facility::wire::{Malformed, Reader, put_long, put_short};
use ed25519_dalek::Signature;
use std::fmt;

/// Longest message, in bytes: a welcome.
pub const MAX_MESSAGE: usize = 8 << 20;
/// Longest message before the code was proven, in bytes.
pub const MAX_EARLY_MESSAGE: usize = 1024;
/// Most statements in a welcome.
const MAX_STATEMENTS: usize = 65_536;
/// Longest message that somebody unknown may begin with, in bytes: a handful of statements.
pub const MAX_FIRST_MESSAGE: usize = 256 << 10;
/// The versions this program speaks, first and last.
pub const VERSIONS: (u8, u8) = (1, 1);

/// First word of each side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Versions it speaks, first and last.
    pub versions: (u8, u8),
    /// Its SPAKE2 message.
    pub pake: [u8; 33],
    /// Hash of what it will reveal.
    pub commitment: [u8; 32],
}

/// Who somebody is, shown only to whoever could know the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presentation {
    /// One who wants to come in.
    Newcomer {
        /// Its keys.
        introduction: Introduction,
        /// What its people want to call it.
        name: String,
    },
    /// A member box.
    Member {
        /// The facility.
        facility: FacilityId,
        /// Its keys.
        introduction: Introduction,
        /// How the facility shall be called on the newcomer's screen.
        label: String,
    },
}

/// Opens the commitment and proves that the code is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reveal {
    /// Random bytes of the commitment.
    pub nonce: [u8; 32],
    /// What was committed to.
    pub presentation: Presentation,
    /// MAC with a key that follows from the code and the TLS session.
    pub proof: [u8; 32],
}

/// A newcomer that was cut off asks for its welcome again; no code is needed, its signature over the TLS session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// The facility it was joining.
    pub facility: FacilityId,
    /// Who it is.
    pub introduction: Introduction,
    /// Over the TLS session.
    pub signature: Signature,
}

/// What a newcomer gets. A hub's welcome has no place for keys.
#[derive(Clone, PartialEq, Eq)]
pub enum Welcome {
    /// For a box.
    Box {
        /// All membership statements.
        statements: Vec<Statement>,
        /// Facility keys sealed to the newcomer; opaque here.
        grants: Vec<u8>,
    },
    /// For a hub.
    Hub {
        /// All membership statements.
        statements: Vec<Statement>,
    },
}

/// A welcome on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedWelcome {
    /// An encoded [`Welcome`].
    pub welcome: Vec<u8>,
    /// The welcoming box's, over the TLS session, the newcomer and the welcome.
    pub signature: Signature,
}

/// Everything that is said while joining.
#[derive(Clone, PartialEq, Eq)]
pub enum Message {
    /// See [`Hello`].
    Hello(Hello),
    /// See [`Reveal`].
    Reveal(Reveal),
    /// The newcomer keeps durably whom it talks to.
    Ready,
    /// See [`SignedWelcome`].
    Welcome(SignedWelcome),
    /// The newcomer keeps the welcome durably.
    Kept,
    /// See [`Resume`].
    Resume(Resume),
    /// Statements, from a member that this box does not know yet: each speaks for itself.
    Vouch(Vec<Statement>),
    /// The end, and why.
    Refuse(JoinFailure),
}

impl Message {
    /// The bytes that travel.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.kind()];
        match self {
            Message::Hello(hello) => out.extend(hello.encode()),
            Message::Reveal(reveal) => {
                out.extend(reveal.nonce);
                out.extend(reveal.proof);
                out.extend(reveal.presentation.encode());
            }
            Message::Ready | Message::Kept => {}
            Message::Welcome(signed) => {
                out.extend(signed.signature.to_bytes());
                out.extend(&signed.welcome);
            }
            Message::Resume(resume) => {
                out.extend(resume.facility.as_bytes());
                out.extend(resume.introduction.encode());
                out.extend(resume.signature.to_bytes());
            }
            Message::Vouch(statements) => put_statements(&mut out, statements),
            Message::Refuse(failure) => {
                let (code, detail) = failure.told();
                out.extend([code, detail]);
            }
        }
        out
    }

    /// Reads what [`Message::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Message, Malformed> {
        if bytes.len() > MAX_MESSAGE {
            return Err(Malformed::TooLong);
        }
        let mut from = Reader::new(bytes);
        let message = match from.u8()? {
            1 => Message::Hello(Hello::read(&mut from)?),
            2 => Message::Reveal(Reveal {
                nonce: from.array()?,
                proof: from.array()?,
                presentation: Presentation::read(&mut from)?,
            }),
            3 => Message::Ready,
            4 => Message::Welcome(SignedWelcome { signature: from.signature()?, welcome: from.rest().to_vec() }),
            5 => Message::Kept,
            6 => Message::Resume(Resume {
                facility: FacilityId::from_bytes(from.array()?),
                introduction: Introduction::read(&mut from)?,
                signature: from.signature()?,
            }),
            7 => Message::Refuse(JoinFailure::read(&mut from)?),
            8 => Message::Vouch(read_statements(&mut from)?),
            _ => return Err(Malformed::UnknownKind),
        };
        from.end().map(|()| message)
    }

    fn kind(&self) -> u8 {
        match self {
            Message::Hello(_) => 1,
            Message::Reveal(_) => 2,
            Message::Ready => 3,
            Message::Welcome(_) => 4,
            Message::Kept => 5,
            Message::Resume(_) => 6,
            Message::Refuse(_) => 7,
            Message::Vouch(_) => 8,
        }
    }
}

impl Hello {
    pub(super) fn encode(&self) -> Vec<u8> {
        [&[self.versions.0, self.versions.1], &self.pake[..], &self.commitment].concat()
    }

    fn read(from: &mut Reader<'_>) -> Result<Hello, Malformed> {
        Ok(Hello { versions: (from.u8()?, from.u8()?), pake: from.array()?, commitment: from.array()? })
    }
}

impl Presentation {
    /// The keys that are shown.
    pub fn introduction(&self) -> &Introduction {
        match self {
            Presentation::Newcomer { introduction, .. } | Presentation::Member { introduction, .. } => introduction,
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Presentation::Newcomer { introduction, name } => {
                out.push(1);
                out.extend(introduction.encode());
                put_short(&mut out, name.as_bytes());
            }
            Presentation::Member { facility, introduction, label } => {
                out.push(2);
                out.extend(facility.as_bytes());
                out.extend(introduction.encode());
                put_short(&mut out, label.as_bytes());
            }
        }
        out
    }

    fn read(from: &mut Reader<'_>) -> Result<Presentation, Malformed> {
        match from.u8()? {
            1 => Ok(Presentation::Newcomer { introduction: Introduction::read(from)?, name: from.text(MAX_NAME)? }),
            2 => Ok(Presentation::Member {
                facility: FacilityId::from_bytes(from.array()?),
                introduction: Introduction::read(from)?,
                label: from.text(MAX_NAME)?,
            }),
            _ => Err(Malformed::UnknownKind),
        }
    }
}

impl Welcome {
    /// All membership statements.
    pub fn statements(&self) -> &[Statement] {
        match self {
            Welcome::Box { statements, .. } | Welcome::Hub { statements } => statements,
        }
    }

    /// The bytes that travel: role (1), count u32, statements each with a length u32, then for a box the grants.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![if matches!(self, Welcome::Box { .. }) { 1 } else { 2 }];
        put_statements(&mut out, self.statements());
        if let Welcome::Box { grants, .. } = self {
            put_long(&mut out, grants);
        }
        out
    }

    /// Reads what [`Welcome::encode`] wrote; whether it holds together is judged by the newcomer.
    pub fn decode(bytes: &[u8]) -> Result<Welcome, Malformed> {
        let mut from = Reader::new(bytes);
        let role = from.u8()?;
        let statements = read_statements(&mut from)?;
        let welcome = match role {
            1 => Welcome::Box { statements, grants: from.long(MAX_MESSAGE)?.to_vec() },
            2 => Welcome::Hub { statements },
            _ => return Err(Malformed::UnknownKind),
        };
        from.end().map(|()| welcome)
    }
}

fn put_statements(out: &mut Vec<u8>, statements: &[Statement]) {
    out.extend((statements.len() as u32).to_be_bytes());
    statements.iter().for_each(|statement| put_long(out, statement.as_bytes()));
}

fn read_statements(from: &mut Reader<'_>) -> Result<Vec<Statement>, Malformed> {
    let count = from.u32()? as usize;
    if count > MAX_STATEMENTS {
        return Err(Malformed::TooLong);
    }
    (0..count).map(|_| Statement::decode(from.long(MAX_STATEMENT)?)).collect()
}

pub(super) const RESUME_SIGNED_AS: &[u8] = b"uketsuke resume 1\0";
pub(super) const WELCOME_SIGNED_AS: &[u8] = b"uketsuke welcome 1\0";

/// What a welcome's signature is over, after its label.
pub(super) fn welcome_signed(session: &[u8; 32], newcomer: BoxId, welcome: &[u8]) -> Vec<u8> {
    [&session[..], newcomer.as_bytes(), welcome].concat()
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Message::Hello(_) => "Hello",
            Message::Reveal(_) => "Reveal",
            Message::Ready => "Ready",
            Message::Welcome(_) => "Welcome",
            Message::Kept => "Kept",
            Message::Resume(_) => "Resume",
            Message::Vouch(_) => "Vouch",
            Message::Refuse(failure) => return write!(f, "Refuse({failure})"),
        };
        f.write_str(name)
    }
}

impl fmt::Debug for Welcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = if matches!(self, Welcome::Box { .. }) { "Box" } else { "Hub" };
        write!(f, "Welcome({role}, {} statements)", self.statements().len())
    }
}
