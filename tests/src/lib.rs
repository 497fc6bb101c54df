//! The whole system under test: the product as a process of its own, the practice terminal as another, real folders between
//! them, real browsers and programs in front.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

pub mod aftermath;
pub mod authenticator;
pub mod axe;
pub mod browser;
pub mod card_table;
pub mod clinic;
pub mod counter;
pub mod facility;
pub mod lines;
pub mod networked;
pub mod people;
pub mod process;
pub mod program;
pub mod receptionist;
pub mod secrets;
pub mod trust;
pub mod window;
