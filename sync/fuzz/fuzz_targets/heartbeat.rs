//! What a box tells a hub of itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::feed::attack::heartbeat(data));
