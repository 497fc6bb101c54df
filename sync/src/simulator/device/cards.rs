//! A card on the reader.

use super::Device;
use crate::simulator::age;
use crate::simulator::card::{CardMethod, CardReading, CardRefusal};
use crate::simulator::dice::Dice;
use crate::simulator::faults::{FaultKind, FaultScope};
use crate::simulator::person::{Card, Person, PinState};
use domain::Date;

impl Device {
    /// Reads the card of a person; the face file appears at the next look.
    pub(crate) fn present_card(&self, key: &str, method: CardMethod) -> Result<CardReading, CardRefusal> {
        let person = self.service.population().get(key).ok_or(CardRefusal::UnknownPerson)?;
        if self.is_down() {
            return Err(CardRefusal::TerminalDown);
        }
        let serial = {
            let mut state = self.lock();
            state.serial += 1;
            state.serial
        };
        let tag = format!("card-{serial}");
        let strikes = |kind| self.faults.strikes(kind, FaultScope::Cards, &tag);
        self.reader_works(&strikes)?;
        accepted(&person.card, method, self.clock.today())?;
        identified(&person.card, method)?;
        if strikes(FaultKind::LineDown) {
            return Err(CardRefusal::LineDown);
        }
        if strikes(FaultKind::ServiceDown) {
            return Err(CardRefusal::ServiceDown);
        }
        Ok(self.write_face(person, &tag, strikes(FaultKind::LostAnswer)))
    }

    fn reader_works(&self, strikes: &dyn Fn(FaultKind) -> bool) -> Result<(), CardRefusal> {
        if strikes(FaultKind::ReaderOff) {
            return Err(CardRefusal::ReaderOff);
        }
        if strikes(FaultKind::ReaderHung) {
            return Err(CardRefusal::ReaderHung);
        }
        Ok(())
    }

    fn write_face(&self, person: &Person, tag: &str, lost: bool) -> CardReading {
        let mut dice = Dice::keyed(self.setup.seed, &["face", tag]);
        let token = token(&mut dice);
        let id = format!("{}{}", self.setup.institution, dice.hex(20));
        let name = format!("OQSsiquc01res_face_{id}_{}", self.clock.stamp(0));
        let (medical, notice) = certificate_notice(&person.card, self.clock.today());
        if !lost {
            let mut state = self.lock();
            state.statistics.faces += 1;
            self.send_face(&mut state, &name, &|state, door| {
                self.context(state, door).face(person.index, &token, medical, notice)
            });
        }
        self.faults.nudge();
        CardReading { name }
    }
}

/// Whether the card can serve at all.
fn accepted(card: &Card, method: CardMethod, today: Date) -> Result<(), CardRefusal> {
    if !card.owned || (method == CardMethod::Phone && card.phone.is_none()) {
        return Err(CardRefusal::NoCard);
    }
    if today > age::grace_until(card.certificate_expiry) {
        return Err(CardRefusal::CertificateExpired);
    }
    if !card.registered {
        return Err(CardRefusal::NotRegistered);
    }
    if !card.usable {
        return Err(CardRefusal::CardUnusable);
    }
    Ok(())
}

/// Whether the person passes by this method.
fn identified(card: &Card, method: CardMethod) -> Result<(), CardRefusal> {
    match (method, card.pin) {
        (CardMethod::Face, _) if !card.face_matches => Err(CardRefusal::FaceMismatch),
        (CardMethod::Pin, PinState::Forgotten) => Err(CardRefusal::PinWrong),
        (CardMethod::Pin, PinState::Locked) => Err(CardRefusal::PinLocked),
        (CardMethod::Pin, PinState::None) => Err(CardRefusal::PinNotSet),
        _ => Ok(()),
    }
}

/// Whether medical data may be consented to, and the reader's note about the certificate (`checkin-rules §6`).
fn certificate_notice(card: &Card, today: Date) -> (bool, Option<(&'static str, &'static str)>) {
    let expiry = card.certificate_expiry;
    if today > expiry {
        (false, Some(("X-SYNTHETIC-CERT-EXPIRED", "電子証明書の有効期限が切れています。更新してください。（練習用）")))
    } else if today >= expiry.plus_months(-3) {
        (true, Some(("X-SYNTHETIC-CERT-SOON", "電子証明書の有効期限が近づいています。（練習用）")))
    } else {
        (true, None)
    }
}

/// A sixteen-character token that looks like the terminal's own identifiers.
fn token(dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let body: String = (0..15).map(|_| char::from(*dice.pick(LETTERS))).collect();
    format!("{body}=")
}
