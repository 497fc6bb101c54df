//! One whole reading of one card, in the hardware's own words.

use super::attributes::Attributes;
use super::catalogue::{Key, TokenKind};
use super::certificate::AuthenticationCertificate;
use super::date::CardDate;
use super::failure::CardFailure;
use super::gate::{Incident, TriesLeft};
use super::my_number::{LastTry, MyNumberCard, OnBoard};
use super::recognition::{RecognitionToken, SiteKey};
use super::surface_code::SurfaceCode;
use super::wire::CardWire;

/// What a reading should bring besides kind and certificate. Nothing by default.
#[derive(Debug, Default, Clone, Copy)]
pub struct ReadingRequest<'a> {
    /// The number from the card face, to read name, address, birth date and sex.
    pub surface_code: Option<&'a SurfaceCode>,
    /// A person confirmed that the last try may be spent on it.
    pub last_try_confirmed: bool,
    /// Also ask every key for its tries left.
    pub tries: bool,
    /// Also read the day the card itself expires.
    pub card_expiry: bool,
    /// Also derive the token that recognises a returning card, with this key. Absent is off.
    pub recognise_with: Option<&'a SiteKey>,
}

/// What a card said.
#[derive(Debug)]
pub struct CardReading {
    /// Card or phone.
    pub token: TokenKind,
    /// Which certificates it says it carries; nothing where it does not say.
    pub on_board: Option<OnBoard>,
    /// Dates and issuer of the certificate of user authentication, or why there are none.
    pub certificate: Result<AuthenticationCertificate, CardFailure>,
    /// Tries left by key, for keys the card has; empty unless asked for.
    pub tries: Vec<TriesOfKey>,
    /// Name, address, birth date, sex, or why they could not be read; nothing unless asked for.
    pub attributes: Option<Result<Attributes, CardFailure>>,
    /// The day the card itself expires; nothing unless asked for and given freely.
    pub card_expires: Option<CardDate>,
    /// The token that recognises this card again; nothing unless asked for.
    pub recognition: Option<RecognitionToken>,
    /// Commands the gate refused; always empty unless this program has a mistake.
    pub incidents: Vec<Incident>,
}

/// A key and what it says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TriesOfKey {
    /// The key.
    pub key: Key,
    /// Its tries left.
    pub tries_left: TriesLeft,
}

/// Reads one card from the first SELECT to the last. A failure of one part (a phone that keeps its certificate, a wrong
/// number from the card face) stands in that part; only a card that cannot be read at all, or went away before the
/// number was presented, fails the whole.
pub fn read_card(wire: &mut dyn CardWire, request: ReadingRequest<'_>) -> Result<CardReading, CardFailure> {
    let mut card = MyNumberCard::detect(wire)?;
    let on_board = card.certificates_on_board()?;
    let certificate = unless_wire_failed(card.authentication_certificate())?;
    let tries = if request.tries { tries_of_keys(&mut card)? } else { Vec::new() };
    let attributes = request.surface_code.map(|code| card.attributes(code, last_try(request)));
    // what follows is an extra: it must not cost the reading that is complete by now
    let card_expires = if request.card_expiry { card.card_expires().ok().flatten() } else { None };
    let recognised = |key| certificate.as_ref().ok().map(|certificate| RecognitionToken::of(certificate, key));
    let recognition = request.recognise_with.and_then(recognised);
    let (token, incidents) = (card.token(), card.incidents().to_vec());
    Ok(CardReading { token, on_board, certificate, tries, attributes, card_expires, recognition, incidents })
}

fn last_try(request: ReadingRequest<'_>) -> LastTry {
    if request.last_try_confirmed { LastTry::Confirmed } else { LastTry::NotConfirmed }
}

fn tries_of_keys(card: &mut MyNumberCard<'_>) -> Result<Vec<TriesOfKey>, CardFailure> {
    let mut tries = Vec::new();
    for key in Key::ALL {
        tries.extend(card.tries_left(key)?.map(|tries_left| TriesOfKey { key, tries_left }));
    }
    Ok(tries)
}

fn unless_wire_failed<T>(part: Result<T, CardFailure>) -> Result<Result<T, CardFailure>, CardFailure> {
    match part {
        Err(CardFailure::Wire(error)) => Err(CardFailure::Wire(error)),
        other => Ok(other),
    }
}
