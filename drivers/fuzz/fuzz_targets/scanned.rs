//! What a scanner can send: framed, put together, recognised. The first byte says how the rest is sliced.
#![no_main]

use std::time::Duration;

use drivers::Moment;
use drivers::prescription::{Assembly, SymbolPosition, recognise};
use drivers::scanner::{Framed, Framer, Framing};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((how, data)) = data.split_first() else { return };
    let framing = if how & 1 == 0 { Framing::Plain } else { Framing::StxEtx };
    let mut framer = Framer::new(framing, usize::from(how & 2));
    let mut assembly = Assembly::default();
    for (round, slice) in data.chunks(usize::from(how >> 2) + 1).enumerate() {
        let mut framed = framer.take(slice);
        framed.extend((slice.first() == Some(&b'|')).then(|| framer.quiet(Duration::from_millis(150))).flatten());
        let position = (how & 4 == 0).then(|| SymbolPosition { index: slice[0] & 15, last: how & 15, parity: *how });
        for scan in framed.iter().filter_map(|framed| match framed {
            Framed::Scan(scan) => Some(scan),
            Framed::Discarded { .. } => None,
        }) {
            let taken = assembly.take(scan.bytes(), position, Moment(round as u64 * 700));
            assert!(!taken.is_empty(), "every scan is answered");
            assert!(taken.iter().all(|taken| format!("{taken:?}").is_ascii()), "nothing printed is shown");
        }
    }
    let _whole = recognise(data);
});
