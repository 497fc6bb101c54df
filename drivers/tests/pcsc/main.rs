//! Readers and cards through a real `pcscd` with its virtual reader driver.
//!
//! Every test runs alone in namespaces of its own (mounts, network, processes), so that they can run side by side and
//! leave nothing behind. They need root, and the Debian packages `cargo xtask test` installs.
#![allow(clippy::unwrap_used, missing_docs)]
#![allow(clippy::print_stderr, reason = "a failing test shows what the service wrote")]

mod commands;
mod endurance;
mod hotplug;
mod judge;
mod scenarios;
mod whole;
mod world;
