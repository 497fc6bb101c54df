//! A session with one card: from the first SELECT to the last, over a borrowed wire.

mod object;
#[cfg(test)]
mod tests;

use super::apdu::{Response, Status};
use super::attributes::{self, Attributes};
use super::catalogue::{ApplicationName, Catalogue, FileName, KNOWN, Key, RecordName, TokenKind};
use super::certificate::AuthenticationCertificate;
use super::date::CardDate;
use super::failure::{CardFailure, GarbledPart};
use super::gate::{Gate, GateError, Incident, TriesLeft};
use super::surface_code::SurfaceCode;
use super::wire::{CardWire, WireError};

/// A card that answered to its application. The wire is lent to it, so nobody else can speak to the card meanwhile.
/// Leaving (also by dropping) selects the card manager, which closes whatever was opened.
pub struct MyNumberCard<'w> {
    gate: Gate<'w>,
    token: TokenKind,
}

/// Which certificates the card says it carries. Only "both" is a published value; the official answer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnBoard {
    /// The signature certificate; children and cards without PINs have none.
    pub signature: bool,
    /// The certificate of user authentication.
    pub authentication: bool,
}

/// Whether a person agreed to spend the last try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTry {
    /// With one try left nothing is presented; the caller asks first.
    NotConfirmed,
    /// The warning was shown and confirmed for this very entry.
    Confirmed,
}

/// What the counter said after the card fell silent in the middle of a presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BrokenOff {
    /// The counter is where it was, or full again.
    NoTryLost,
    /// The card counted a wrong entry.
    TryLost {
        /// What is left; 0 is locked.
        tries_left: u8,
    },
    /// The counter could not be read again.
    Unknown,
}

impl<'w> MyNumberCard<'w> {
    /// Finds the application and the token name (`my-number-card §6.1` steps 1 and 2). What a card *is* does not
    /// follow from its ATR.
    pub fn detect(wire: &'w mut dyn CardWire) -> Result<Self, CardFailure> {
        Self::detect_among(wire, &KNOWN)
    }

    pub(super) fn detect_among(
        wire: &'w mut dyn CardWire,
        generations: &[&'static Catalogue],
    ) -> Result<Self, CardFailure> {
        let mut generations = generations.iter().copied();
        let mut gate = Gate::new(wire, generations.next().ok_or(CardFailure::OtherCard)?);
        while !selects_authentication(&mut gate)? {
            gate.turn_to(generations.next().ok_or(CardFailure::OtherCard)?);
        }
        let mut card = Self { gate, token: TokenKind::PlasticCard };
        card.token = card.read_token()?;
        Ok(card)
    }

    /// What holds the application.
    pub fn token(&self) -> TokenKind {
        self.token
    }

    /// Commands the gate refused in this session. There are none unless this program has a mistake.
    pub fn incidents(&self) -> &[Incident] {
        self.gate.incidents()
    }

    /// Which certificates the card says it carries; nothing where it does not say.
    pub fn certificates_on_board(&mut self) -> Result<Option<OnBoard>, CardFailure> {
        self.enter(ApplicationName::Authentication)?;
        if self.gate.open(FileName::CertificatesOnBoard)? != Status::Done {
            return Ok(None);
        }
        let answer = self.gate.read(0, 3)?;
        let present = |byte: u8| byte == 0x8F;
        Ok(match (answer.status(), answer.data()) {
            (Status::Done | Status::EndOfFile, &[signature, authentication, _]) => {
                Some(OnBoard { signature: present(signature), authentication: present(authentication) })
            }
            _ => None,
        })
    }

    /// Reads the certificate of user authentication. A phone wants its PIN first, which is not asked for here.
    pub fn authentication_certificate(&mut self) -> Result<AuthenticationCertificate, CardFailure> {
        self.enter(ApplicationName::Authentication)?;
        self.open_file(FileName::AuthenticationCertificate, CardFailure::NoAuthenticationCertificate)?;
        let der = object::read(&mut self.gate, object::DER_SEQUENCE, GarbledPart::Certificate);
        let der = der.map_err(|failure| self.phone_asks(failure))?;
        let parsed = AuthenticationCertificate::parse(&der, self.gate.catalogue());
        parsed.map_err(|_| CardFailure::Garbled(GarbledPart::Certificate))
    }

    /// Asks for a key's tries, which costs none. Nothing where the card or phone has no such key.
    pub fn tries_left(&mut self, key: Key) -> Result<Option<TriesLeft>, CardFailure> {
        let application = self.gate.catalogue().application_with(FileName::Key(key));
        let Some(application) = application.map(|application| application.name) else { return Ok(None) };
        match self.enter(application) {
            Err(CardFailure::NoAttributes) => return Ok(None),
            entered => entered?,
        }
        match self.gate.open(FileName::Key(key))? {
            Status::Done => self.count().map(Some),
            Status::NotFound => Ok(None),
            other => Err(other.into()),
        }
    }

    /// The day the card itself expires, where it says so freely. The record around it holds other things; they are
    /// wiped unread.
    pub fn card_expires(&mut self) -> Result<Option<CardDate>, CardFailure> {
        if self.gate.select(ApplicationName::Common)? != Status::Done {
            return Ok(None);
        }
        let record = self.gate.read_record(RecordName::CardExpiry)?;
        Ok(if record.status() == Status::Done { expiry_in(record.data()) } else { None })
    }

    /// Opens the attributes with the number from the card face and reads them. The number is presented at most once:
    /// never with no try left, with one left only when a person confirmed it, and never again after silence
    /// (`my-number-card §14` rules 3 and 4). Whatever happens, the card is closed again.
    pub fn attributes(&mut self, code: &SurfaceCode, last_try: LastTry) -> Result<Attributes, CardFailure> {
        let read = self.present(code, last_try).and_then(|()| self.read_attributes());
        // a card that left meanwhile lost its power, which closes as well; what was read stays good
        let _ = self.gate.close();
        read
    }

    /// Closes what was opened. Dropping does the same without telling.
    pub fn leave(mut self) -> Result<(), WireError> {
        self.gate.close()
    }

    fn read_token(&mut self) -> Result<TokenKind, CardFailure> {
        self.open_file(FileName::TokenInformation, CardFailure::OtherCard)?;
        let answer = readable(self.gate.read(0, 32)?)?;
        let name = std::str::from_utf8(answer.data()).map_err(|_| CardFailure::Garbled(GarbledPart::TokenName))?;
        match self.gate.catalogue().token(name.trim_end_matches([' ', '\0'])) {
            Some(TokenKind::OldResidentCard) => Err(CardFailure::OldResidentCard),
            Some(token) => Ok(token),
            None => Err(CardFailure::UnknownToken),
        }
    }

    fn present(&mut self, code: &SurfaceCode, last_try: LastTry) -> Result<(), CardFailure> {
        self.enter(ApplicationName::TextAttributes)?;
        self.open_file(FileName::Key(Key::SurfaceCode), CardFailure::NoAttributes)?;
        let before = match self.count()? {
            TriesLeft::Left(1) if last_try == LastTry::NotConfirmed => return Err(CardFailure::LastTryNotConfirmed),
            TriesLeft::Left(tries) => tries,
            TriesLeft::Blocked => return Err(CardFailure::SurfaceCodeLocked),
            TriesLeft::Open => return Err(Status::Done.into()),
        };
        match self.gate.present(code, last_try) {
            Ok(Status::Done) => Ok(()),
            Ok(Status::TriesLeft(0) | Status::Blocked) => Err(CardFailure::SurfaceCodeLocked),
            Ok(Status::TriesLeft(tries_left)) => Err(CardFailure::SurfaceCodeWrong { tries_left }),
            Ok(other) => Err(other.into()),
            Err(GateError::Wire(wire)) => {
                Err(CardFailure::SurfaceCodeBrokenOff { wire, counter: self.count_again(before) })
            }
            Err(other) => Err(other.into()),
        }
    }

    /// After silence: did the card count the entry? Only asks, never presents.
    fn count_again(&mut self, before: u8) -> BrokenOff {
        match self.tries_left(Key::SurfaceCode) {
            Ok(Some(TriesLeft::Left(tries_left))) if tries_left < before => BrokenOff::TryLost { tries_left },
            Ok(Some(TriesLeft::Left(_) | TriesLeft::Open)) => BrokenOff::NoTryLost,
            Ok(Some(TriesLeft::Blocked)) => BrokenOff::TryLost { tries_left: 0 },
            Ok(None) | Err(_) => BrokenOff::Unknown,
        }
    }

    fn read_attributes(&mut self) -> Result<Attributes, CardFailure> {
        self.open_file(FileName::Attributes, CardFailure::NoAttributes)?;
        let file = object::read(&mut self.gate, attributes::OUTER_TAG, GarbledPart::Attributes)?;
        Attributes::parse(&file).map_err(|_| CardFailure::Garbled(GarbledPart::Attributes))
    }

    fn count(&mut self) -> Result<TriesLeft, CardFailure> {
        match self.gate.count_tries()? {
            Status::TriesLeft(0) | Status::Blocked => Ok(TriesLeft::Blocked),
            Status::TriesLeft(tries) => Ok(TriesLeft::Left(tries)),
            Status::Done => Ok(TriesLeft::Open),
            other => Err(other.into()),
        }
    }

    /// Selects an application unless it is selected.
    fn enter(&mut self, application: ApplicationName) -> Result<(), CardFailure> {
        if self.gate.is_in(application) {
            return Ok(());
        }
        match (self.gate.select(application)?, application) {
            (Status::Done, _) => Ok(()),
            (Status::NotFound, ApplicationName::TextAttributes) => Err(CardFailure::NoAttributes),
            (other, _) => Err(other.into()),
        }
    }

    fn open_file(&mut self, name: FileName, absent: CardFailure) -> Result<(), CardFailure> {
        match self.gate.open(name)? {
            Status::Done => Ok(()),
            Status::NotFound => Err(absent),
            other => Err(self.phone_asks(other.into())),
        }
    }

    fn phone_asks(&self, failure: CardFailure) -> CardFailure {
        let asks = failure == Status::SecretNeeded.into() && self.token.is_phone();
        if asks { CardFailure::PhoneAsksForPin } else { failure }
    }
}

impl Drop for MyNumberCard<'_> {
    fn drop(&mut self) {
        // powering down is the wire's part and closes too; there is nobody left to tell
        let _ = self.gate.close();
    }
}

/// Whether the application is there. A card that knows neither it nor the command is another card.
fn selects_authentication(gate: &mut Gate<'_>) -> Result<bool, CardFailure> {
    match gate.select(ApplicationName::Authentication)? {
        Status::Done => Ok(true),
        Status::CardFault => Err(Status::CardFault.into()),
        _ => Ok(false),
    }
}

fn readable(answer: Response) -> Result<Response, CardFailure> {
    match answer.status() {
        Status::Done | Status::EndOfFile => Ok(answer),
        other => Err(other.into()),
    }
}

/// JICSAP's simple TLV `01 1C`, then 28 digits of which the last eight are the day (`my-number-card §4.4`).
fn expiry_in(record: &[u8]) -> Option<CardDate> {
    let digits = record.strip_prefix(&[0x01, 0x1C])?.get(..28)?;
    CardDate::parse(&digits[20..])
}
