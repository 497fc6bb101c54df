//! Command sequences against the gate, with a card that counts forbidden touches.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| drivers::card::attack::gate(data));
