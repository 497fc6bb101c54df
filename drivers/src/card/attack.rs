//! Attackers: what the fuzz targets run, and what ordinary tests run over a seeded corpus.
//!
//! Absent from every ordinary build; `cfg(fuzzing)` is set by cargo-fuzz alone. Every function takes whatever bytes it
//! is given and panics when a promise is broken.
#![allow(clippy::unwrap_used)]

mod commands;
mod model;
#[cfg(test)]
mod tests;

use super::apdu::Response;
use super::attributes::Attributes;
use super::catalogue::KNOWN;
use super::certificate::AuthenticationCertificate;
use super::gate::{Gate, GateError};
use super::my_number::LastTry;
use super::surface_code::SurfaceCode;
use super::tlv;
use commands::{Attempt, Attempts};
use model::ModelCard;

/// Attacks the gate with a sequence of commands against a card that counts what it should never have seen.
///
/// Promises: nothing forbidden reaches the card, whatever it answers and wherever the wire breaks; what is refused does
/// not reach the card at all and is kept as an incident.
pub fn gate(data: &[u8]) {
    let (moods, moves) = data.split_at(data.first().map_or(0, |length| data.len().min(1 + usize::from(length % 16))));
    let mut card = ModelCard::with_moods(commands::moods(moods.get(1..).unwrap_or_default()));
    play(&mut card, Attempts::of(moves));
    assert_eq!(card.forbidden(), &[] as &[String]);
}

/// Plays the moves through a gate, and checks that what it refused never reached the card.
fn play(card: &mut ModelCard, attempts: impl Iterator<Item = Attempt>) {
    let (mut refused, mut admitted) = (0, 0);
    let mut gate = Gate::new(card, KNOWN[0]);
    for attempt in attempts {
        match run(&mut gate, attempt) {
            Err(GateError::Refused(_)) => refused += 1,
            _ => admitted += 1,
        }
    }
    assert_eq!(gate.incidents().len(), refused.min(64), "every refusal is kept");
    drop(gate);
    assert!(card.answered() <= admitted, "a refused command reached the card");
}

fn run(gate: &mut Gate<'_>, attempt: Attempt) -> Result<(), GateError> {
    match attempt {
        Attempt::Raw(command) => gate.attempt(&command).map(|_| ()),
        Attempt::Select(name) => gate.select(name).map(|_| ()),
        Attempt::Open(name) => gate.open(name).map(|_| ()),
        Attempt::Read(offset, length) => gate.read(offset, length).map(|_| ()),
        Attempt::Record(name) => gate.read_record(name).map(|_| ()),
        Attempt::Count => gate.count_tries().map(|_| ()),
        Attempt::Present(last_try) => {
            let code = SurfaceCode::parse("02013120301234").unwrap();
            gate.present(&code, if last_try { LastTry::Confirmed } else { LastTry::NotConfirmed }).map(|_| ())
        }
    }
}

/// An answer is taken apart without a panic, and never holds more than a short answer can.
pub fn apdu_response(data: &[u8]) {
    match Response::parse(data.to_vec()) {
        Ok(response) => {
            assert_eq!(response.data().len() + 2, data.len());
            assert!(response.data().len() <= 256);
            let word = u16::from_be_bytes([data[data.len() - 2], data[data.len() - 1]]);
            assert!(response.status().word() == word || word == 0x6983);
            assert!(!format!("{response:?}").contains('['), "no bytes in Debug");
        }
        Err(_) => assert!(data.len() < 2 || data.len() > 258),
    }
}

/// Objects stay inside the bytes, follow each other without overlap, and attributes come out of them or do not.
pub fn tlv(data: &[u8]) {
    if let Ok(outer) = tlv::outer(data) {
        let mut at = outer.value_at;
        for object in tlv::inside(outer).map_while(Result::ok) {
            assert!(object.tag_at == at && object.value_at > at);
            assert_eq!(object.value, &data[object.value_at..object.value_at + object.value.len()]);
            at = object.value_at + object.value.len();
        }
        assert!(at <= outer.value_at + outer.value.len());
    }
    if let Ok(attributes) = Attributes::parse(data) {
        let _ = (attributes.birth_day(), attributes.sex_digit());
        assert!(attributes.name.unmappable_chars().len() <= attributes.name.as_str().chars().count());
    }
}

/// A certificate is read or refused; its dates are in order and fit the calendar.
pub fn certificate(data: &[u8]) {
    if let Ok(certificate) = AuthenticationCertificate::parse(data, KNOWN[0]) {
        assert!(certificate.not_before_unix_ms() <= certificate.not_after_unix_ms());
        assert!(certificate.first_day().is_some() && certificate.last_day().is_some());
    }
}
