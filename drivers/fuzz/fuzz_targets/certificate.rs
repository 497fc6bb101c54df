//! Certificates.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| drivers::card::attack::certificate(data));
