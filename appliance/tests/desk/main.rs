//! One desk with its real store: who is received, who works at it, and what is made of that.
#![allow(clippy::unwrap_used, missing_docs)]

mod claims;
mod clock_journal;
mod could_not_ask;
mod counters;
mod first_start;
mod inside;
mod lost_cards;
mod passkeys;
mod patient_search;
mod people;
mod record;
mod sessions;
mod statistics;

#[path = "../support/mod.rs"]
mod support;
