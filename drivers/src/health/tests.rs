#![allow(clippy::unwrap_used)]
//! The watch and the healing, by the clinic's day.

mod anything;
mod steps;
mod watching;

use super::*;
use crate::reader::{Moment, ReaderFault};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const ALL_LEAVE: Leave = Leave { service: true, reboot: true };
const NO_REBOOT: Leave = Leave { service: true, reboot: false };

fn at(ms: u64) -> Moment {
    // nine in the morning in Japan
    Moment(1_800_000_000_000 / (24 * HOUR) * (24 * HOUR) + ms)
}

fn name(text: &str) -> DeviceName {
    DeviceName::parse(text).unwrap()
}

fn not_answering() -> Sign {
    Sign::Faulted { fault: DeviceFault::Reader(ReaderFault::NotAnswering) }
}
