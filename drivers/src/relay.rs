//! USB-serial relay boards of the `A0` family (LCUS-1/2/4/8 and copies) that sit in the supply of a reader.
//!
//! Boards that look the same speak differently: `A0 01 02 A3` only asks on one board and switches off on another. So the
//! dialect is a setting, chosen by the installer with nothing on the contacts. This code sends the two operations that
//! every dialect understands (`00` release, `01` pull in) and the question of the chosen dialect, nothing else, and never
//! finds a dialect out by trying.
//!
//! The line is opened for each command and closed again: a board that was unplugged in between is no fault of tomorrow.

mod board;
mod dialect;
mod frame;

pub use board::{RelayBoard, RelaySettings, Wiring};
pub use dialect::{Dialect, DialectRefused};
pub use frame::{Channel, ChannelRefused, Contact};
