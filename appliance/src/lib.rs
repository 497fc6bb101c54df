//! Uketsuke (受付): patient check-in that does not stop.
//!
//! Everything that happens becomes an input in one inbox. The desk turns it into facts by a pure function. The facts, the rows
//! people see and the jobs they cause are committed in one transaction. Everyone else is told only that there is a newer revision.

pub mod backup;
pub mod boxes;
pub mod claim_file;
pub mod cli;
pub mod clock;
pub mod clock_journal;
pub mod config;
mod control_socket;
pub mod courier;
pub mod demo;
pub mod desk;
pub mod devices;
pub mod doctor;
pub mod door;
pub mod drill;
pub mod enrolment;
pub mod exchange;
pub mod first_start;
pub mod health;
pub mod inside;
pub mod intake;
pub mod ledger;
pub mod logs;
pub mod lookout;
pub mod metrics;
pub mod night;
pub mod passkey;
pub mod prints;
pub mod provision;
pub mod reception;
pub mod recognition;
pub mod rules;
pub mod schedule;
mod secret_file;
pub mod serve;
pub mod service_manager;
pub mod staff;
pub mod stop;
pub mod store;
pub mod support;
pub mod totp;
pub mod update;
pub mod vault;
