//! The door to the national service: the messages of the official terminal (資格確認端末) and the ways to hand them over.
//!
//! ```text
//!   desk ──OutgoingRequest──▶ TerminalDoor ──file or PUT──▶ req │ terminal │ res, face ──▶ TerminalDoor ──Arrival──▶ desk
//! ```
//!
//! * **What is said**: [`message`] holds the requests and answers exactly as the wire says them: all text as received,
//!   unknown elements kept. Translation into the clinic's own terms happens elsewhere.
//! * **How it is written**: [`xml`] and [`json`] turn bytes into one small [`element`] tree and back; [`encoding`]
//!   decides the character encoding per file. Parsing is by element name in any order, with hard limits.
//! * **How it is named and matched**: [`file_name`] and [`pairing`]; [`outcome`] keeps the three layers of failure apart.
//! * **How it is handed over**: the port [`door::TerminalDoor`] with its two adapters, [`folder`] and [`https`].
//!
//! A door delivers *at least once*: after a restart everything still lying there arrives again, and the desk recognises
//! it by name and content hash. A door never asks twice by itself, never overwrites, never deletes what it does not own.

pub mod codes;
pub mod door;
pub mod element;
pub mod encoding;
pub mod file_name;
pub mod folder;
pub mod https;
pub mod json;
pub mod message;
pub mod outcome;
pub mod outgoing;
pub mod pairing;
pub mod rejection;
mod sighting;
pub mod staff_text;
pub mod unreadable;
pub mod write_refusal;
pub mod xml;

pub use door::{Arrival, Content, DoorFailure, DoorFuture, Published, Scan, TerminalDoor, Trouble, Waiting};
pub use file_name::{FaceName, FileName, Suffix, SuffixMark};
pub use folder::{FolderDoor, FolderSettings};
pub use https::{HttpsDoor, HttpsSettings};
pub use message::{Message, MessageKind, Received};
pub use outcome::{Answer, Outcome, Validity};
pub use outgoing::{OutgoingRequest, Request};
pub use pairing::{ConflictReason, Expected, ExpectedPerson, Pairing};
pub use rejection::{RawBytes, Rejection, ReturnedRequest};
pub use staff_text::StaffText;
pub use unreadable::{Place, Unreadable, UnreadableKind};
pub use write_refusal::WriteRefusal;
