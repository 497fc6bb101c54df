//! Attackers: what the fuzz target runs, and what ordinary tests run over altered examples.
//!
//! Absent from every ordinary build; `cfg(fuzzing)` is set by cargo-fuzz alone.

use super::certificate::{claimed_owner, of_name};
use super::discovery::Announcement;
use super::join::newcomer::Pending;
use super::join::{Code, Message, Welcome};
use super::{BoxId, FacilityId, Introduction, Statement};
use rustls::pki_types::CertificateDer;

/// Whatever arrives before anybody is trusted is understood or not; what is understood is written again as it came.
pub fn papers(data: &[u8]) {
    if let Ok(statement) = Statement::decode(data) {
        assert_eq!(statement.as_bytes(), data);
    }
    if let Ok(introduction) = Introduction::decode(data) {
        assert_eq!(introduction.encode(), data);
    }
    if let Ok(message) = Message::decode(data) {
        // not byte for byte: a refusal is read from the other side, and one that a later version gives as one that is known here
        assert!(Message::decode(&message.encode()).is_ok());
    }
    if let Ok(welcome) = Welcome::decode(data) {
        assert_eq!(welcome.encode(), data);
    }
    if let Ok(pending) = Pending::decode(data) {
        assert_eq!(pending.encode(), data);
    }
    let _ = claimed_owner(&CertificateDer::from(data));
    if let Ok(text) = std::str::from_utf8(data) {
        words(text);
    }
}

fn words(text: &str) {
    assert!(FacilityId::from_hex(text).map(|id| id.to_string()).is_none_or(|hex| hex == text));
    assert!(BoxId::from_hex(text).map(|id| id.to_string()).is_none_or(|hex| hex == text));
    let _ = (Code::typed(text), of_name(text));
    let _ = Announcement::of_properties(text.lines().filter_map(|line| line.split_once('=')));
}

#[cfg(test)]
mod tests;
