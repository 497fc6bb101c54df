//! Cards, whatever carries the bytes to them.

mod wire;

pub use wire::{CardWire, WireError};
