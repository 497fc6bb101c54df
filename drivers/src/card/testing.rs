//! What the tests of this folder hand to each other: a wire that follows a script, and files written by hand. Nothing
//! here shares code with what it tests.
#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, Issuer, KeyPair, SerialNumber, date_time_ymd};

use super::wire::{CardWire, WireError};

/// One exchange: exactly these bytes are expected, exactly this is answered.
pub(super) type Step = (Vec<u8>, Result<Vec<u8>, WireError>);

/// A wire that follows a script and notices every deviation.
pub(super) struct Script(VecDeque<Step>);

impl Script {
    pub(super) fn new(parts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self(parts.into_iter().flatten().collect())
    }

    /// Nothing was left unsaid.
    pub(super) fn finished(self) {
        assert!(self.0.is_empty(), "{} steps were never reached, next {:02X?}", self.0.len(), self.0[0].0);
    }
}

impl CardWire for Script {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError> {
        if std::thread::panicking() {
            return Err(WireError::CardGone);
        }
        let (expected, answer) = self.0.pop_front().unwrap_or_else(|| panic!("not in the script: {command:02X?}"));
        assert_eq!(command, expected, "{command:02X?} where {expected:02X?} was expected");
        answer
    }
}

pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// A command and its answer, both in hexadecimal.
pub(super) fn step(command: &str, answer: &str) -> Vec<Step> {
    vec![(hex(command), Ok(hex(answer)))]
}

/// A command that meets a broken wire.
pub(super) fn breaks(command: &str, error: WireError) -> Vec<Step> {
    vec![(hex(command), Err(error))]
}

pub(super) const SELECT_JPKI: &str = "00A4040C0A D392F000260100000001";
pub(super) const SELECT_TEXT: &str = "00A4040C0A D3921000310001010408";
pub(super) const SELECT_COMMON: &str = "00A4040C0A D3921000310001010100";
pub(super) const SELECT_ISD: &str = "00A4040C07 A0000001510000";
pub(super) const COUNT: &str = "00200080";

/// The application and its token name.
pub(super) fn detects(token: &str) -> Vec<Step> {
    let mut name = token.as_bytes().to_vec();
    name.resize(32, b' ');
    name.extend([0x90, 0x00]);
    let read = (hex("00B0000020"), Ok(name));
    [step(SELECT_JPKI, "9000"), step("00A4020C02 0006", "9000"), vec![read]].concat()
}

/// A file selected and read to the end in steps of 256.
pub(super) fn reads_file(id: &str, content: &[u8]) -> Vec<Step> {
    let mut steps = step(&format!("00A4020C02 {id}"), "9000");
    steps.extend(reads(content));
    steps
}

/// The current file read to the end in steps of 256.
pub(super) fn reads(content: &[u8]) -> Vec<Step> {
    let chunk = |(number, chunk): (usize, &[u8])| {
        let asked = if number == 0 || chunk.len() == 256 { 0 } else { chunk.len() as u8 };
        (vec![0x00, 0xB0, number as u8, 0x00, asked], Ok([chunk, &[0x90, 0x00]].concat()))
    };
    content.chunks(256).enumerate().map(chunk).collect()
}

/// The holder of an invented card.
#[derive(Clone, Copy)]
pub(super) struct Holder<'a> {
    pub(super) name: &'a str,
    pub(super) address: &'a str,
    pub(super) birth_date: &'a str,
    pub(super) sex: &'a str,
}

/// The attributes file, with the length of the outer object in `length_bytes` bytes beyond the first.
pub(super) fn attributes_file(holder: &Holder<'_>, length_bytes: u8) -> Vec<u8> {
    let values = [holder.name, holder.address, holder.birth_date, holder.sex];
    let start = 3 + usize::from(length_bytes) + 11;
    let (mut fields, mut positions) = (Vec::new(), Vec::new());
    for (number, value) in values.into_iter().enumerate() {
        positions.extend(((start + fields.len()) as u16).to_be_bytes());
        fields.extend([0xDF, 0x22 + number as u8, value.len() as u8]);
        fields.extend(value.as_bytes());
    }
    let body = [&[0xDF, 0x21, 8], &positions[..], &fields].concat();
    let length = match length_bytes {
        0 => vec![body.len() as u8],
        1 => vec![0x81, body.len() as u8],
        _ => vec![0x82, (body.len() / 256) as u8, body.len() as u8],
    };
    [&[0xFF, 0x20], &length[..], &body].concat()
}

/// An invented certificate whose issuer has this organisation, valid 2020-03-02 to 2025-02-10, 23:59:59 Japan time.
pub(super) fn certificate(organisation: &str, serial: u64) -> Vec<u8> {
    let key = KeyPair::generate().unwrap();
    signed(organisation, serial, &format!("holder-{serial}"), &key, &authority())
}

/// Two certificates that differ only in their serial numbers.
pub(super) fn reissued(one: u64, two: u64) -> [Vec<u8>; 2] {
    let (key, authority) = (KeyPair::generate().unwrap(), authority());
    [one, two].map(|serial| signed("JPKI", serial, "holder", &key, &authority))
}

fn authority() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn signed(organisation: &str, serial: u64, holder: &str, key: &KeyPair, authority: &KeyPair) -> Vec<u8> {
    let mut issuer = CertificateParams::default();
    issuer.distinguished_name = name(&[
        (DnType::CountryName, "JP"),
        (DnType::OrganizationName, organisation),
        (DnType::OrganizationalUnitName, "JPKI for user authentication"),
    ]);
    let mut holds = CertificateParams::default();
    holds.distinguished_name = name(&[(DnType::CountryName, "JP"), (DnType::CommonName, holder)]);
    holds.serial_number = Some(SerialNumber::from(serial));
    holds.not_before = date_time_ymd(2020, 3, 2);
    holds.not_after = date_time_ymd(2025, 2, 11) - Duration::from_secs(9 * 3600 + 1);
    holds.signed_by(key, &Issuer::from_params(&issuer, authority)).unwrap().der().to_vec()
}

fn name(parts: &[(DnType, &str)]) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    parts.iter().for_each(|(kind, value)| name.push(kind.clone(), *value));
    name
}
