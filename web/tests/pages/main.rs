//! The pages over a whole desk in memory, used as a browser uses them.
#![allow(clippy::unwrap_used)]

mod apart;
mod bad_input;
mod cards;
mod check_in;
mod claims;
mod clock;
mod counters;
mod declaration;
mod devices;
mod every_page;
mod first_start;
mod forgetting;
mod inside;
mod lists;
mod live;
mod look;
mod lost_cards;
mod passkeys;
mod people;
mod picker;
mod prints;
mod question;
mod returning;
mod round;
mod scans;
mod shared_board;
mod sign_in;
mod slip;
mod snapshots;
mod statistics;
#[path = "../support/mod.rs"]
mod support;
mod sync;
mod tablet;
mod updates;
mod visit;
