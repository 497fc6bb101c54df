//! How a box or a hub comes in: a short code, digits to compare on both screens, an approval.
//!
//! Two things are independent. One side *made the code* and counts the attempts ([`handshake::Inviting`]), the other had it typed in
//! ([`handshake::Entering`]). One side is *new* ([`newcomer`]), the other is a member box ([`welcomer`]). A box joins with the code made on a
//! member box; a hub out on the internet makes the code itself, on its admin page, and the member box calls it.
//!
//! The order on the wire, inside TLS with throw-away certificates:
//! 1. both: hello = SPAKE2 message + commitment to what will be shown;
//! 2. who typed the code shows itself with a proof, then who made it does. The proofs bind the code, the TLS session and both identities;
//! 3. both screens show the same digits. Where somebody sits before the newcomer, he confirms them there; it keeps durably whom it talks
//!    to and says "ready";
//! 4. a person approves on the member box, in whichever order the two do; it keeps the admission durably and sends the welcome; the newcomer keeps that durably.
//!
//! Cut off at any point, the newcomer is either not in, or in; in between it asks again ([`message::Resume`]) and gets the same welcome.

pub mod channel;
pub mod code;
pub mod conversation;
pub mod digits;
pub mod failure;
pub mod first_word;
pub mod handshake;
pub mod message;
pub mod newcomer;
pub mod welcomer;

pub use code::{Code, Invitation};
pub use digits::Digits;
pub use failure::JoinFailure;
pub use message::{Message, Welcome};
