//! Sealed records, forget records and grants.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::feed::attack::record(data));
