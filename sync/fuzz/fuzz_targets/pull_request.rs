//! Pulls, served.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::feed::attack::pull_request(data));
