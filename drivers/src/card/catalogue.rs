//! What a card carries and what may be done with it, as data. The next card is another table, not another code path.

mod present;

use super::apdu::MAX_ANSWER_BYTES;

/// Every generation the program knows, in the order in which an unknown card is tried.
pub(super) static KNOWN: [&Catalogue; 1] = [&present::CARD];

/// One generation of cards: this *is* the allow-list of the gate. What does not stand here cannot be selected, read or
/// presented (`my-number-card §1.1`).
pub(super) struct Catalogue {
    pub(super) applications: &'static [Application],
    /// Token names, without the spaces behind them.
    pub(super) tokens: &'static [(&'static str, TokenKind)],
    /// Organisations in the issuer name of certificates.
    pub(super) issuers: &'static [(&'static str, IssuerKind)],
}

/// An application, what it is called in records of refusals, and what may be touched in it.
pub(super) struct Application {
    pub(super) name: ApplicationName,
    pub(super) label: &'static str,
    pub(super) aid: &'static [u8],
    pub(super) files: &'static [File],
    pub(super) records: &'static [Record],
}

/// A file or key that may be selected, and what for.
pub(super) struct File {
    pub(super) name: FileName,
    pub(super) id: [u8; 2],
    pub(super) permits: &'static [Permit],
}

/// One thing that may be done with a selected file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permit {
    /// READ BINARY below this many bytes.
    Read { at_most: usize },
    /// The empty VERIFY, which asks for the tries left.
    CountTries,
    /// VERIFY with fourteen digits.
    PresentSurfaceCode,
}

/// A record that may be read by exactly this number and short identifier.
pub(super) struct Record {
    pub(super) name: RecordName,
    pub(super) number: u8,
    pub(super) short_id: u8,
}

/// Applications by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ApplicationName {
    /// 公的個人認証AP.
    Authentication,
    /// 券面事項入力補助AP.
    TextAttributes,
    /// 共通カードAP.
    Common,
    /// The card manager; selecting it closes whatever was opened.
    CardManager,
}

/// Files by what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileName {
    TokenInformation,
    CertificatesOnBoard,
    AuthenticationCertificate,
    Attributes,
    Key(Key),
}

/// Records by what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordName {
    CardExpiry,
}

/// A key whose remaining tries may be asked for. Only one of them can be presented: the number from the card face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// 利用者証明用の暗証番号, which patients type at the official reader.
    AuthenticationPin,
    /// 署名用の暗証番号.
    SignaturePassword,
    /// 券面事項入力補助用の暗証番号.
    TextPin,
    /// 照合番号B.
    SurfaceCode,
}

impl Key {
    /// Every key, in the order a reading asks them.
    pub const ALL: [Self; 4] = [Self::AuthenticationPin, Self::SignaturePassword, Self::TextPin, Self::SurfaceCode];
}

/// What holds the application, by the token name it gives (`my-number-card §4.1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The plastic My Number card.
    PlasticCard,
    /// The old 住民基本台帳カード.
    OldResidentCard,
    /// An Android phone.
    AndroidPhone,
    /// An iPhone.
    IPhone,
}

impl TokenKind {
    /// A name that never changes, for history and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Self::PlasticCard => "plastic_card",
            Self::OldResidentCard => "old_resident_card",
            Self::AndroidPhone => "android_phone",
            Self::IPhone => "iphone",
        }
    }

    /// A phone, which keeps its certificate behind a PIN and carries no attributes.
    pub fn is_phone(self) -> bool {
        matches!(self, Self::AndroidPhone | Self::IPhone)
    }
}

/// Whose name the certificate gives as its issuer. Only a hint: names prove nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IssuerKind {
    /// The public service.
    Production,
    /// The public service's test cards and practice cards: never a patient.
    Test,
    /// Somebody else.
    Unknown,
}

impl IssuerKind {
    /// A name that never changes, for history and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
            Self::Unknown => "unknown",
        }
    }
}

impl Catalogue {
    pub(super) fn application(&self, name: ApplicationName) -> Option<&'static Application> {
        self.applications.iter().find(|application| application.name == name)
    }

    pub(super) fn application_with(&self, name: FileName) -> Option<&'static Application> {
        self.applications.iter().find(|application| application.file(name).is_some())
    }

    pub(super) fn token(&self, name: &str) -> Option<TokenKind> {
        self.tokens.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    pub(super) fn issuer(&self, organisation: &str) -> IssuerKind {
        let known = self.issuers.iter().find(|(known, _)| *known == organisation);
        known.map_or(IssuerKind::Unknown, |(_, kind)| *kind)
    }
}

impl Application {
    pub(super) fn file(&self, name: FileName) -> Option<&'static File> {
        self.files.iter().find(|file| file.name == name)
    }

    pub(super) fn record(&self, name: RecordName) -> Option<&'static Record> {
        self.records.iter().find(|record| record.name == name)
    }
}

impl File {
    /// How many bytes of the file may be read; none unless reading is permitted.
    pub(super) fn readable_bytes(&self) -> usize {
        let readable = |permit: &Permit| match permit {
            Permit::Read { at_most } => Some(*at_most),
            Permit::CountTries | Permit::PresentSurfaceCode => None,
        };
        self.permits.iter().find_map(readable).unwrap_or(0)
    }

    pub(super) fn permits(&self, permit: Permit) -> bool {
        self.permits.contains(&permit)
    }
}

/// A whole answer fits: the least that makes sense for a file that is read as an object.
const _: () = assert!(present::MAX_CERTIFICATE_BYTES >= MAX_ANSWER_BYTES);
