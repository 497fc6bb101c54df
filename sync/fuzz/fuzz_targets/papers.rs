//! What boxes show each other before anybody is trusted: statements, introductions, messages of joining, certificates, names.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sync::facility::attack::papers(data));
