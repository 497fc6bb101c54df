//! The certificate of user authentication: dates and issuer, nothing that names a person (`my-number-card §9`).

use std::fmt;

use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser;
use x509_parser::prelude::X509Certificate;
use x509_parser::x509::X509Name;

use super::catalogue::{Catalogue, IssuerKind};
use super::date::CardDate;
use super::sealed::SealedBytes;

/// What reception may take from a certificate. Nothing in it was verified against a root, so all of it is a hint; the
/// official eligibility system decides.
///
/// The serial number is read by nobody and kept nowhere. `Debug` shows the issuer only: the dates give the holder's
/// birthday away.
pub struct AuthenticationCertificate {
    not_before_unix_ms: i64,
    not_after_unix_ms: i64,
    issuer: IssuerKind,
    /// Holder's opaque name and public key, for recognising a returning card; never shown.
    identity: SealedBytes,
}

/// The bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoCertificate;

impl AuthenticationCertificate {
    /// Reads exactly one certificate; bytes behind it are refused, so cut at the DER length first.
    pub(super) fn parse(der: &[u8], catalogue: &Catalogue) -> Result<Self, NoCertificate> {
        let certificate = parse_der(der).ok_or(NoCertificate)?;
        let validity = certificate.validity();
        let not_before_unix_ms = unix_ms(validity.not_before.timestamp())?;
        let not_after_unix_ms = unix_ms(validity.not_after.timestamp())?;
        if not_after_unix_ms < not_before_unix_ms {
            return Err(NoCertificate);
        }
        let issuer = issuer(certificate.issuer(), catalogue);
        Ok(Self { not_before_unix_ms, not_after_unix_ms, issuer, identity: identity(&certificate) })
    }

    /// First instant of validity, milliseconds since 1970 UTC.
    pub fn not_before_unix_ms(&self) -> i64 {
        self.not_before_unix_ms
    }

    /// Last second of validity, milliseconds since 1970 UTC: usually 23:59:59 in Japan.
    pub fn not_after_unix_ms(&self) -> i64 {
        self.not_after_unix_ms
    }

    /// The first day of validity in Japan.
    pub fn first_day(&self) -> Option<CardDate> {
        CardDate::in_japan(self.not_before_unix_ms)
    }

    /// The last day of validity in Japan, the `E` of the certificate windows (`checkin-rules §6`).
    pub fn last_day(&self) -> Option<CardDate> {
        CardDate::in_japan(self.not_after_unix_ms)
    }

    /// Whose name stands there as the issuer. A [`IssuerKind::Test`] card is never a patient's.
    pub fn issuer(&self) -> IssuerKind {
        self.issuer
    }

    pub(super) fn identity(&self) -> &[u8] {
        &self.identity
    }
}

impl fmt::Debug for AuthenticationCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AuthenticationCertificate({})", self.issuer.code())
    }
}

/// Extensions are not looked into: an odd one must not hide the dates.
fn parse_der(der: &[u8]) -> Option<X509Certificate<'_>> {
    let (rest, certificate) = X509CertificateParser::new().with_deep_parse_extensions(false).parse(der).ok()?;
    rest.is_empty().then_some(certificate)
}

fn unix_ms(seconds: i64) -> Result<i64, NoCertificate> {
    seconds.checked_mul(1000).ok_or(NoCertificate)
}

fn issuer(name: &X509Name<'_>, catalogue: &Catalogue) -> IssuerKind {
    let mut organisations = name.iter_organization().filter_map(|organisation| organisation.as_str().ok());
    match (organisations.next(), organisations.next()) {
        (Some(only), None) => catalogue.issuer(only),
        _ => IssuerKind::Unknown,
    }
}

/// Subject and public key with their DER lengths, so that no two pairs run together. The serial is not among them.
fn identity(certificate: &X509Certificate<'_>) -> SealedBytes {
    SealedBytes::new([certificate.subject().as_raw(), certificate.public_key().raw].concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::card::catalogue::KNOWN;
    use crate::card::testing::certificate;

    fn parse(der: &[u8]) -> Result<AuthenticationCertificate, NoCertificate> {
        AuthenticationCertificate::parse(der, KNOWN[0])
    }

    #[test]
    fn the_last_day_is_the_one_in_japan() {
        let read = parse(&certificate("JPKI", 1)).unwrap();
        assert_eq!(read.not_after_unix_ms(), 1_739_199_599_000);
        assert_eq!(read.last_day(), CardDate::new(2025, 2, 10));
        assert_eq!(read.first_day(), CardDate::new(2020, 3, 2));
    }

    #[test]
    fn test_cards_are_told_apart_from_real_ones() {
        assert_eq!(parse(&certificate("JPKI", 1)).unwrap().issuer(), IssuerKind::Production);
        assert_eq!(parse(&certificate("JPKI-TEST", 1)).unwrap().issuer(), IssuerKind::Test);
        assert_eq!(parse(&certificate("JPKI TEST", 1)).unwrap().issuer(), IssuerKind::Unknown);
        assert_eq!(parse(&certificate("jpki", 1)).unwrap().issuer(), IssuerKind::Unknown);
    }

    #[test]
    fn damaged_certificates_are_none() {
        let whole = certificate("JPKI", 1);
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]).map(|_| ()), Err(NoCertificate), "cut at {end}");
        }
        assert!(parse(&[&whole[..], &[0]].concat()).is_err(), "something behind it");
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0xFF;
            let _any_answer_but_a_panic = parse(&damaged);
        }
    }

    #[test]
    fn neither_dates_nor_identity_can_be_printed() {
        let read = parse(&certificate("JPKI", 1)).unwrap();
        assert_eq!(format!("{read:?}"), "AuthenticationCertificate(production)");
    }
}
