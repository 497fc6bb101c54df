//! The code of the paper prescription: the three samples, every tricky case, and split symbols.
#![allow(clippy::unwrap_used)]

#[path = "prescription/sheets.rs"]
mod sheets;

#[path = "prescription/hostile.rs"]
mod hostile;
#[path = "prescription/other_codes.rs"]
mod other_codes;
#[path = "prescription/samples.rs"]
mod samples;
#[path = "prescription/split.rs"]
mod split;
#[path = "prescription/tricky.rs"]
mod tricky;
