//! The My Number card, as far as reception may know it.
//!
//! ```text
//!   read_card ─▶ MyNumberCard ─▶ Gate ───────────────▶ CardWire ─▶ reader, card
//!  (one reading)  (a session)     │  allow-list:          (bytes)
//!                                 │  application, file,
//!                                 │  instruction, parameters
//!                                 └─▶ everything else: refused here, kept as an Incident
//! ```
//!
//! * [`CardWire`] is the port: bytes to one powered card, bytes back. Whoever owns a reader implements it; nothing in
//!   here can open one.
//! * The gate (private) is the only code that speaks to a wire, and it speaks a fixed list of commands
//!   (`my-number-card §1.1`, §4). It keeps its own account of what is selected. There is no way around it and no call
//!   that takes bytes.
//! * The catalogue (private) holds applications, files, keys and token names as data; the next card is another table.
//! * [`MyNumberCard`] is a session borrowed from a wire; [`read_card`] is one whole reading, with a [`CardReading`] as
//!   its plain result.
//! * [`RecognitionToken`] recognises a returning card. It is made only when the caller hands over a [`SiteKey`].
//!
//! Deliberately absent: the twelve-digit individual number in any form, everything that would open it, the signature
//! certificate, the card-face picture, signing, and any type a PIN would fit into. What comes from a card is kept in
//! types that print kind and length only and are wiped when dropped. Certificates are read as a *hint*: no trust is
//! derived from them, the official eligibility system decides.

mod apdu;
#[cfg(any(test, fuzzing))]
pub mod attack;
mod attributes;
mod catalogue;
mod certificate;
mod date;
mod failure;
mod gate;
mod my_number;
mod reading;
mod recognition;
mod sealed;
mod surface_code;
#[cfg(test)]
mod testing;
mod tlv;
mod wire;

pub use attributes::{Attributes, CardText};
pub use catalogue::{IssuerKind, Key, TokenKind};
pub use certificate::AuthenticationCertificate;
pub use date::CardDate;
pub use failure::{CardFailure, CardFailureText, GarbledPart, Words};
pub use gate::{FileId, Incident, Refusal, TriesLeft};
pub use my_number::{BrokenOff, LastTry, MyNumberCard, OnBoard};
pub use reading::{CardReading, ReadingRequest, TriesOfKey, read_card};
pub use recognition::{RecognitionToken, SiteKey};
pub use surface_code::{CardFace, SurfaceCode, SurfaceCodeRefused};
pub use wire::{CardWire, WireError};
