//! Answers of cards.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| drivers::card::attack::apdu_response(data));
