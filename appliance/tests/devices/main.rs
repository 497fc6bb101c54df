//! The devices beside the desk: readers that heal, codes that are scanned, a box that is rebooted at night and only once.
#![allow(clippy::unwrap_used, missing_docs)]

mod cards;
mod faces;
mod healing;
mod opening;
mod place;
mod reboot;
mod recognition;
mod relay;
mod scans;
mod usb;
#[path = "../../../drivers/tests/pcsc/world.rs"]
#[allow(dead_code, clippy::print_stderr, reason = "shared with the tests of the drivers, which use all of it")]
mod world;
