//! What can be wrong with a door, sorted by what the caller does next.

use crate::terminal::staff_text::StaffText;
use crate::terminal::write_refusal::WriteRefusal;
use std::fmt;

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
