//! Frames in a stream that is cut anywhere.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::feed::attack::frames(data));
