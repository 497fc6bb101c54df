//! The JSON API over a whole desk in memory.
#![allow(clippy::unwrap_used)]

mod access;
mod arrivals;
mod decisions;
mod description;
mod devices;
mod idempotency;
mod lost_cards;
mod my_number;
mod problems;
mod routes;
mod schema;
#[path = "../support/mod.rs"]
mod support;
mod world;
