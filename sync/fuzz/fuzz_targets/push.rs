//! What a peer pushes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::feed::attack::push(data));
