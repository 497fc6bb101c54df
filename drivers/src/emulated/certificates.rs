//! The test hierarchy: certificates that look like the card's and prove nothing.

use jiff::ToSpan;
use jiff::civil::Date;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber, date_time_ymd,
};

use super::order::Days;

/// Keys everybody has: whatever they sign is a test.
const AUTHORITY_KEY: &str = include_str!("keys/test-authority.key.pem");
pub(super) const AUTHENTICATION_KEY: &str = include_str!("keys/test-authentication.key.pem");
pub(super) const SIGNATURE_KEY: &str = include_str!("keys/test-signature.key.pem");

/// `OU` a second time: the builder keeps one of each kind it knows by name.
const SECOND_UNIT: [u64; 4] = [2, 5, 4, 11];
const POLICIES: [u64; 4] = [2, 5, 29, 32];
/// 23:59:59 in Japan, as a time of the same day in UTC.
const LAST_SECOND_IN_JAPAN: std::time::Duration = std::time::Duration::from_secs(14 * 3600 + 59 * 60 + 59);

/// What a certificate is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Authentication,
    Signature,
}

/// A holder's certificate and the one above it, in DER.
pub(super) struct Chain {
    pub(super) holder: Vec<u8>,
    pub(super) authority: Vec<u8>,
}

impl Purpose {
    fn unit(self) -> &'static str {
        match self {
            Self::Authentication => "JPKI for user authentication",
            Self::Signature => "JPKI for digital signature",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Authentication => AUTHENTICATION_KEY,
            Self::Signature => SIGNATURE_KEY,
        }
    }

    /// `certificatePolicies` with one policy, `1.2.392.200149.8.5.1.0.30` or `.20` (`my-number-card §9`).
    fn policy(self) -> CustomExtension {
        let last = match self {
            Self::Authentication => 30,
            Self::Signature => 20,
        };
        let id = [0x06, 0x0B, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x00, last];
        let content = [&[0x30, 0x0F, 0x30, 0x0D][..], &id].concat();
        let mut extension = CustomExtension::from_oid_content(&POLICIES, content);
        extension.set_criticality(true);
        extension
    }
}

/// Makes both certificates of one purpose.
pub(super) fn chain(purpose: Purpose, days: Days, serial: u32, subject: &str) -> Result<Chain, rcgen::Error> {
    let authority_key = KeyPair::from_pem_and_sign_algo(AUTHORITY_KEY, &PKCS_RSA_SHA256)?;
    let authority = authority_params(purpose, days);
    let authority_der = authority.self_signed(&authority_key)?.der().to_vec();
    let holder_key = KeyPair::from_pem_and_sign_algo(purpose.key(), &PKCS_RSA_SHA256)?;
    let holder = holder_params(purpose, days, serial, subject);
    let holder_der = holder.signed_by(&holder_key, &Issuer::new(authority, authority_key))?.der().to_vec();
    Ok(Chain { holder: holder_der, authority: authority_der })
}

fn authority_params(purpose: Purpose, days: Days) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "JP");
    name.push(DnType::OrganizationName, "JPKI-TEST");
    name.push(DnType::OrganizationalUnitName, purpose.unit());
    name.push(DnType::CustomDnType(SECOND_UNIT.to_vec()), "Japan Agency for Local Authority Information Systems");
    params.distinguished_name = name;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(SerialNumber::from(vec![1]));
    set_validity(&mut params, days.issued.saturating_sub(2.years()), days.issued.saturating_add(8.years()));
    params
}

fn holder_params(purpose: Purpose, days: Days, serial: u32, subject: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "JP");
    name.push(DnType::CommonName, subject);
    params.distinguished_name = name;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if matches!(purpose, Purpose::Authentication) {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    }
    params.custom_extensions = vec![purpose.policy()];
    params.serial_number = Some(SerialNumber::from(serial.to_be_bytes().to_vec()));
    set_validity(&mut params, days.issued, days.certificates_end);
    params
}

/// From the first day's beginning to the last day's end in Japan.
fn set_validity(params: &mut CertificateParams, first: Date, last: Date) {
    let midnight = |day: Date| date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs());
    params.not_before = midnight(first);
    params.not_after = midnight(last) + LAST_SECOND_IN_JAPAN;
}
