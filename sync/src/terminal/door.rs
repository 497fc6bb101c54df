//! The port: a door to the terminal, whatever it is made of.
//!
//! The contract every door keeps, proven by one suite for all of them:
//!
//! * **Publishing** is atomic and idempotent by name. A request that already lies there, was published before by this
//!   process, or already has an answer is a success and is not written again. Other content under the same name is
//!   refused; nothing is ever overwritten.
//! * **Scanning** delivers every result of ours and every face result at least once: once per process, and again after a
//!   restart. The desk recognises what it has seen by name and [`Fingerprint`]. The same name with other content is
//!   delivered with a conflict flag. What cannot be read is delivered as unreadable, once.
//! * **Waiting requests**, ours and others', are reported with their age: a request nobody picks up is the clearest sign
//!   that the terminal is down.
//! * A scan that is dropped half-way loses nothing.
//!
//! One thing a door cannot know after a restart: whether a request that is gone without an answer was picked up. The
//! caller records intent before and publication after, and waits before it publishes an intent again.

use super::file_name::{FaceName, FileName};
use super::message::Received;
use super::outgoing::OutgoingRequest;
use super::rejection::{RawBytes, Rejection};
use super::staff_text::StaffText;
use super::unreadable::Unreadable;
use super::write_refusal::WriteRefusal;
use domain::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

/// The future of a door's method, so that doors can be kept as `Box<dyn TerminalDoor>`.
pub type DoorFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A way to the terminal.
pub trait TerminalDoor: Send + Sync {
    /// Name of the door for people and logs, a setting.
    fn name(&self) -> &str;

    /// Hands a request over.
    fn publish<'a>(&'a self, request: &'a OutgoingRequest) -> DoorFuture<'a, Result<Published, DoorFailure>>;

    /// Looks what has arrived and what still waits.
    fn scan(&self) -> DoorFuture<'_, Result<Scan, DoorFailure>>;

    /// Completes when something may have arrived, at the latest after the poll interval. Call [`TerminalDoor::scan`] then.
    fn changed(&self) -> DoorFuture<'_, ()>;

    /// Says that an arrival is durably kept. A door set to tidy up removes its own results then; never anything else.
    fn acknowledge<'a>(&'a self, name: &'a str, sha256: Fingerprint) -> DoorFuture<'a, Result<(), DoorFailure>>;

    /// Forgets what was delivered: the next scan delivers everything that lies there again, as after a restart.
    fn forget_deliveries(&self);
}

/// A request is where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Handed over now.
    New,
    /// The same request lies there, or this process handed it over before.
    AlreadyThere,
    /// It already has an answer.
    AlreadyAnswered,
}

/// What one look at the door shows.
#[derive(Debug, Default)]
pub struct Scan {
    /// New since the last look.
    pub arrivals: Vec<Arrival>,
    /// Requests nobody has picked up, ours and others'.
    pub waiting: Vec<Waiting>,
    /// Results that are not ours, lying there now.
    pub foreign_results: usize,
    /// Files that are not yet stable or complete; they come with a later scan.
    pub not_yet: usize,
    /// A part of the door that could not be looked at while the rest could, for instance the face folder alone.
    pub partial: Option<DoorFailure>,
}

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Name as it lies there. Together with `sha256` its identity.
    pub name: String,
    /// Hash of its bytes (of the `.err` file of a rejection, if there is one).
    pub sha256: Fingerprint,
    /// What it is.
    pub content: Content,
    /// The bytes as received, at most [`super::xml::MAX_BYTES`] plus one.
    pub raw: RawBytes,
    /// The same name was delivered before with other content. Nothing may be concluded from it without a person.
    pub conflict: bool,
}

/// What arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A result of one of our requests.
    Answer {
        /// Its name.
        file: FileName,
        /// What it says.
        received: Box<Received>,
    },
    /// A completed card reading, unsolicited.
    Face {
        /// Its name.
        file: FaceName,
        /// What it says.
        received: Box<Received>,
    },
    /// A rejected request.
    Rejection {
        /// Name of the request.
        file: FileName,
        /// What came back.
        rejection: Rejection,
    },
    /// A file that cannot be read and has not changed for a while.
    Unreadable {
        /// Its name, when it is a request or result name.
        file: Option<FileName>,
        /// Why not.
        unreadable: Unreadable,
    },
}

/// A request lying there unpicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// Whether this box published it.
    pub ours: bool,
    /// For how long it has been seen lying there, in milliseconds. A folder counts from when this process first saw it,
    /// because the clock of a file server need not be right.
    pub age_ms: u64,
    /// When it was written, by the clock of whoever keeps the folder. For display only.
    pub written_at: Option<Timestamp>,
}

/// SHA-256 of a file's content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why the door could not do it, by what the caller does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoorFailure {
    /// The other side is not there: wait for the link. Nothing is lost.
    Unreachable(Trouble),
    /// It went wrong this once: try again a little later.
    Retry(Trouble),
    /// It will go wrong every time until a person does something.
    Refused(Trouble),
}

/// What exactly is wrong with the door.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// A folder is gone: share not mounted, terminal off.
    FolderGone,
    /// The host does not answer or cannot be found.
    HostGone,
    /// No answer within the time allowed.
    NoAnswer,
    /// Access is denied.
    PermissionDenied,
    /// The disk or the quota is full.
    StorageFull,
    /// The folder can only be read.
    ReadOnly,
    /// Another request already has this name.
    NameInUse,
    /// The request cannot be written in the terminal's encoding.
    CannotWrite(WriteRefusal),
    /// One side does not accept the other's certificate.
    CertificateRefused,
    /// An HTTP status nothing else here describes.
    HttpStatus(u16),
    /// An answer of the door itself (not of the terminal) that makes no sense.
    AnswerNotUnderstood,
    /// An input/output error of this kind.
    Io(std::io::ErrorKind),
}

impl DoorFailure {
    /// What is wrong, whatever follows from it.
    pub fn trouble(&self) -> &Trouble {
        match self {
            DoorFailure::Unreachable(trouble) | DoorFailure::Retry(trouble) | DoorFailure::Refused(trouble) => trouble,
        }
    }

    /// What staff read: what happened, what is safe, what to do now.
    pub fn staff(&self) -> StaffText {
        match self {
            DoorFailure::Refused(trouble) => trouble.staff(),
            DoorFailure::Unreachable(_) => StaffText::new(
                "資格確認端末につながりません。受付は続けられ、照会は保存されています。復旧すると自動で再開します。",
                "The eligibility terminal cannot be reached. Reception goes on, and every question is kept. It resumes by \
                 itself when the terminal is back.",
            ),
            DoorFailure::Retry(_) => StaffText::new(
                "資格確認端末との受け渡しに一時的に失敗しました。照会は保存されており、自動でやり直します。",
                "Handing over to the eligibility terminal failed for the moment. The question is kept and will be tried \
                 again by itself.",
            ),
        }
    }

    /// The class an input/output error belongs to.
    pub fn of_io(error: &std::io::Error) -> DoorFailure {
        use std::io::ErrorKind as Kind;
        match error.kind() {
            Kind::NotFound | Kind::NotADirectory | Kind::StaleNetworkFileHandle => {
                DoorFailure::Unreachable(Trouble::FolderGone)
            }
            Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
            | Kind::ConnectionRefused
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::NotConnected
            | Kind::BrokenPipe
            | Kind::UnexpectedEof
            | Kind::AddrNotAvailable => DoorFailure::Unreachable(Trouble::HostGone),
            Kind::TimedOut => DoorFailure::Unreachable(Trouble::NoAnswer),
            Kind::PermissionDenied => DoorFailure::Refused(Trouble::PermissionDenied),
            Kind::StorageFull | Kind::QuotaExceeded => DoorFailure::Refused(Trouble::StorageFull),
            Kind::ReadOnlyFilesystem => DoorFailure::Refused(Trouble::ReadOnly),
            kind => DoorFailure::Retry(Trouble::Io(kind)),
        }
    }
}

impl Trouble {
    fn staff(&self) -> StaffText {
        match self {
            Trouble::CannotWrite(refusal) => refusal.staff(),
            Trouble::PermissionDenied | Trouble::ReadOnly => StaffText::new(
                "資格確認端末の受け渡し先に書き込めません（権限）。照会は保存されています。保守担当者に共有フォルダーまたは接続の権限を確認してもらってください。",
                "No permission to hand over to the eligibility terminal. The question is kept. Have maintenance check the \
                 rights of the share or connection.",
            ),
            Trouble::StorageFull => StaffText::new(
                "資格確認端末の受け渡し先の空き容量がありません。照会は保存されています。保守担当者に不要なファイルの整理を依頼してください。",
                "The place shared with the eligibility terminal is full. The question is kept. Have maintenance free some \
                 space.",
            ),
            Trouble::NameInUse => StaffText::new(
                "同じ名前の別の照会が端末側に残っています。上書きはしていません。保守担当者に連絡してください。",
                "Another question with the same name lies at the terminal. Nothing was overwritten. Call maintenance.",
            ),
            Trouble::CertificateRefused => StaffText::new(
                "資格確認端末との接続証明書が受け付けられません。照会は保存されています。証明書の期限と設定を保守担当者に確認してもらってください。",
                "The connection certificate is not accepted. The question is kept. Have maintenance check the expiry and \
                 setting of the certificates.",
            ),
            _ => StaffText::new(
                "資格確認端末との接続設定に問題があります。受付は続けられ、照会は保存されています。保守担当者に連絡してください。",
                "Something is wrong with the connection to the eligibility terminal. Reception goes on, and the question is \
                 kept. Call maintenance.",
            ),
        }
    }
}

impl fmt::Display for DoorFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = match self {
            DoorFailure::Unreachable(_) => "unreachable",
            DoorFailure::Retry(_) => "failed, to be retried",
            DoorFailure::Refused(_) => "refused, needs a person",
        };
        write!(f, "terminal door {next}: {}", self.trouble())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::FolderGone => f.write_str("folder not found"),
            Trouble::HostGone => f.write_str("host not reached"),
            Trouble::NoAnswer => f.write_str("no answer in time"),
            Trouble::PermissionDenied => f.write_str("permission denied"),
            Trouble::StorageFull => f.write_str("storage or quota full"),
            Trouble::ReadOnly => f.write_str("read-only"),
            Trouble::NameInUse => f.write_str("another request has this name"),
            Trouble::CannotWrite(refusal) => refusal.fmt(f),
            Trouble::CertificateRefused => f.write_str("certificate not accepted"),
            Trouble::HttpStatus(status) => write!(f, "HTTP status {status}"),
            Trouble::AnswerNotUnderstood => f.write_str("mailbox answer not understood"),
            Trouble::Io(kind) => write!(f, "{kind}"),
        }
    }
}

impl std::error::Error for DoorFailure {}

/// Milliseconds that only go forward, for measuring how long something lies there. Tests turn it by hand.
#[derive(Clone)]
pub struct Stopwatch(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Stopwatch {
    /// Any source of milliseconds that never goes back.
    pub fn new(elapsed_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Stopwatch {
        Stopwatch(Arc::new(elapsed_ms))
    }

    /// Milliseconds since the stopwatch was made or any later zero.
    pub fn elapsed_ms(&self) -> u64 {
        (self.0)()
    }
}

impl Default for Stopwatch {
    fn default() -> Stopwatch {
        let start = Instant::now();
        Stopwatch::new(move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stopwatch")
    }
}
