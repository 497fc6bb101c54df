//! Objects in files, and the attributes in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| drivers::card::attack::tlv(data));
