//! What a peer answers to a pull.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::feed::attack::pull_answer(data));
