//! The cards issued since 2016 (`my-number-card §3`, §4).
//!
//! Only what reception uses stands here. Absent on purpose, and therefore out of reach: in TEXT the files `0001` and
//! `0003` and the key `0014` (the individual number and what opens it), the application of the card face (`…0402`,
//! with the picture of the number), the resident-record application (`…0401`), the signature certificate and both
//! private keys.

use super::{
    Application, ApplicationName, Catalogue, File, FileName, IssuerKind, Key, Permit, Record, RecordName, TokenKind,
};

/// Ample for a certificate, 1,590 bytes on published test cards (`my-number-card §14`).
pub(super) const MAX_CERTIFICATE_BYTES: usize = 8 * 1024;
/// Ample for a name and an address, 104 bytes on a published test card.
const MAX_ATTRIBUTE_BYTES: usize = 4 * 1024;
/// Where the token name stands, padded with spaces.
const TOKEN_NAME_BYTES: usize = 32;

/// Today's card.
pub(super) static CARD: Catalogue = Catalogue {
    applications: &[AUTHENTICATION, TEXT_ATTRIBUTES, COMMON, CARD_MANAGER],
    tokens: &[
        ("JPKIAPICCTOKEN2", TokenKind::PlasticCard),
        ("JPKIAPICCTOKEN", TokenKind::OldResidentCard),
        ("JPKIAPGPSETOKEN", TokenKind::AndroidPhone),
        ("JPKIAPIOSTOKEN", TokenKind::IPhone),
    ],
    issuers: &[("JPKI", IssuerKind::Production), ("JPKI-TEST", IssuerKind::Test)],
};

const AUTHENTICATION: Application = Application {
    name: ApplicationName::Authentication,
    label: "JPKI",
    aid: &[0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
    files: &[
        readable(FileName::TokenInformation, 0x06, &[Permit::Read { at_most: TOKEN_NAME_BYTES }]),
        readable(FileName::CertificatesOnBoard, 0x08, &[Permit::Read { at_most: 3 }]),
        readable(FileName::AuthenticationCertificate, 0x0A, &[Permit::Read { at_most: MAX_CERTIFICATE_BYTES }]),
        counted(Key::AuthenticationPin, 0x18),
        counted(Key::SignaturePassword, 0x1B),
    ],
    records: &[],
};

const TEXT_ATTRIBUTES: Application = Application {
    name: ApplicationName::TextAttributes,
    label: "TEXT",
    aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08],
    files: &[
        readable(FileName::Attributes, 0x02, &[Permit::Read { at_most: MAX_ATTRIBUTE_BYTES }]),
        counted(Key::TextPin, 0x11),
        readable(FileName::Key(Key::SurfaceCode), 0x15, &[Permit::CountTries, Permit::PresentSurfaceCode]),
    ],
    records: &[],
};

const COMMON: Application = Application {
    name: ApplicationName::Common,
    label: "COMMON",
    aid: &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00],
    files: &[],
    records: &[Record { name: RecordName::CardExpiry, number: 1, short_id: 1 }],
};

const CARD_MANAGER: Application = Application {
    name: ApplicationName::CardManager,
    label: "ISD",
    aid: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
    files: &[],
    records: &[],
};

const fn readable(name: FileName, low: u8, permits: &'static [Permit]) -> File {
    File { name, id: [0x00, low], permits }
}

const fn counted(key: Key, low: u8) -> File {
    File { name: FileName::Key(key), id: [0x00, low], permits: &[Permit::CountTries] }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list a reviewer reads: whoever widens the table must widen this line too.
    #[test]
    fn the_allow_list_is_this_and_nothing_else() {
        let listed: Vec<String> = CARD
            .applications
            .iter()
            .flat_map(|application| {
                let files = application.files.iter().map(move |file| {
                    format!("{} {:02X}{:02X} {:?}", application.label, file.id[0], file.id[1], file.permits)
                });
                let records = application.records.iter().map(move |record| {
                    format!("{} record {} of {:02X}", application.label, record.number, record.short_id)
                });
                files.chain(records)
            })
            .collect();
        assert_eq!(
            listed,
            [
                "JPKI 0006 [Read { at_most: 32 }]",
                "JPKI 0008 [Read { at_most: 3 }]",
                "JPKI 000A [Read { at_most: 8192 }]",
                "JPKI 0018 [CountTries]",
                "JPKI 001B [CountTries]",
                "TEXT 0002 [Read { at_most: 4096 }]",
                "TEXT 0011 [CountTries]",
                "TEXT 0015 [CountTries, PresentSurfaceCode]",
                "COMMON record 1 of 01",
            ]
        );
    }
}
