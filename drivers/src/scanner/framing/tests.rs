use super::*;
use proptest::prelude::*;

const GAP: Duration = Duration::from_millis(150);
const SHEET: &[u8] = b"JAHIS10\r\n11,,a,\r\n\x1a";

fn scan(bytes: &[u8], ended: EndedBy) -> Framed {
    Framed::Scan(Scan::new(bytes.to_vec(), ended))
}

fn plain() -> Framer {
    Framer::new(Framing::Plain, 0)
}

#[test]
fn a_prescription_ends_with_its_end_mark_however_it_is_sliced() {
    for slice in 1..SHEET.len() {
        let mut framer = plain();
        let framed: Vec<_> = SHEET.chunks(slice).flat_map(|chunk| framer.take(chunk)).collect();
        assert_eq!(framed, [scan(SHEET, EndedBy::EndMark)], "slices of {slice}");
        assert_eq!((framer.take(b"\r\n"), framer.quiet(GAP)), (vec![], None), "the scanner's own line end");
    }
}

#[test]
fn a_single_line_ends_with_its_line_end_at_once() {
    let mut framer = plain();
    let framed = framer.take(b"123456\r\nUKE1-7Q3K9ZD2-R\rhttp://a\n");
    let lines: [&[u8]; 3] = [b"123456", b"UKE1-7Q3K9ZD2-R", b"http://a"];
    assert_eq!(framed, lines.map(|line| scan(line, EndedBy::LineEnd)));
}

#[test]
fn without_terminator_silence_ends_a_scan() {
    let mut framer = plain();
    assert_eq!(framer.take(b"123456"), []);
    assert!(framer.is_busy());
    assert_eq!(framer.quiet(GAP), Some(scan(b"123456", EndedBy::Silence)));
    assert!(!framer.is_busy() && framer.quiet(GAP).is_none());
}

#[test]
fn glued_prescriptions_are_cut_at_the_end_mark() {
    let mut framer = plain();
    assert_eq!(framer.take(&[SHEET, SHEET].concat()), [scan(SHEET, EndedBy::EndMark), scan(SHEET, EndedBy::EndMark)]);
}

#[test]
fn notebooks_and_files_of_many_lines_are_one_scan() {
    for data in [b"JAHISTC08,1\r\n1,a\r\n".as_slice(), b"SJ1\n1,a\n", b"24,10,70\r\n27,x\r\n", b"]Q1JAHIS8\r\n1,a"] {
        let mut framer = plain();
        assert_eq!(framer.take(data), []);
        assert_eq!(framer.quiet(GAP), Some(scan(data, EndedBy::Silence)));
    }
}

#[test]
fn further_symbols_of_a_split_code_may_begin_and_break_anywhere() {
    let mut framer = plain();
    let parts: [&[u8]; 3] = [b"JAHIS10\r\n5,50403", b"14\r\n14,3\r\n", b"\r\n51,5081120\r\n\x1a"];
    assert_eq!(framer.take(parts[0]), []);
    assert_eq!(framer.quiet(GAP), Some(scan(parts[0], EndedBy::Silence)));
    assert_eq!(framer.take(parts[1]), []);
    assert_eq!(framer.quiet(GAP), Some(scan(parts[1], EndedBy::Silence)));
    assert_eq!(framer.take(parts[2]), [scan(parts[2], EndedBy::EndMark)]);
    assert_eq!(framer.take(b"123\r"), [scan(b"123", EndedBy::LineEnd)], "the set is closed");
}

#[test]
fn a_split_code_is_forgotten_after_a_minute_of_silence() {
    let mut framer = plain();
    framer.take(b"JAHIS10\r\n5,50403");
    framer.quiet(GAP);
    assert_eq!(framer.quiet(Duration::from_secs(60)), None);
    framer.take(b"1");
    framer.quiet(Duration::from_secs(1));
    assert_eq!(framer.take(b"123\r"), [], "a part came in between, so the set is still open");
    framer.quiet(GAP);
    framer.quiet(Duration::from_secs(61));
    assert_eq!(framer.take(b"123\r"), [scan(b"123", EndedBy::LineEnd)]);
}

#[test]
fn stx_and_etx_frame_everything_between_them() {
    let mut framer = Framer::new(Framing::StxEtx, 0);
    let framed = framer.take(&[b"\x02", SHEET, b"\x03\x02123\r\n\x03456\r"].concat());
    assert_eq!(framed, [scan(SHEET, EndedBy::Etx), scan(b"123\r\n", EndedBy::Etx), scan(b"456", EndedBy::LineEnd)]);
    framer.take(b"\x02JAHIS10\r\n");
    let cut = Framed::Discarded { reason: DiscardReason::CutShort, bytes: 10 };
    assert_eq!(framer.quiet(GAP), Some(cut), "ETX was promised and did not come");
}

#[test]
fn stale_bytes_take_the_rest_of_their_scan_with_them() {
    let mut framer = Framer::new(Framing::Plain, 5);
    assert_eq!(framer.take(b"rest of it\r\n"), []);
    assert_eq!(framer.quiet(GAP), Some(Framed::Discarded { reason: DiscardReason::Stale, bytes: 17 }));
    assert_eq!(framer.take(b"123\r"), [scan(b"123", EndedBy::LineEnd)]);
}

#[test]
fn a_part_is_dropped_when_the_line_goes() {
    let mut framer = plain();
    framer.take(b"JAHIS10\r\n11,");
    assert_eq!(framer.cut(), Some(Framed::Discarded { reason: DiscardReason::CutShort, bytes: 12 }));
    assert_eq!((framer.cut(), framer.quiet(GAP)), (None, None));
    let mut stale = Framer::new(Framing::Plain, 5);
    assert_eq!(stale.cut(), Some(Framed::Discarded { reason: DiscardReason::Stale, bytes: 5 }));
}

#[test]
fn endless_data_is_told_once_and_ends_with_silence() {
    for stale in [0, 1] {
        let mut framer = Framer::new(Framing::Plain, stale);
        let flood = vec![b'x'; 3 * Scan::MAX_BYTES];
        let told = Framed::Discarded { reason: DiscardReason::TooLong, bytes: Scan::MAX_BYTES + 1 };
        assert_eq!(framer.take(&flood), [told]);
        assert!(framer.is_flooded());
        assert_eq!((framer.take(SHEET), framer.quiet(GAP)), (vec![], None));
        assert_eq!(framer.take(SHEET), [scan(SHEET, EndedBy::EndMark)], "the line works again");
    }
}

#[test]
fn the_longest_scan_is_taken_whole() {
    let longest = [b"JAHIS10".as_slice(), &vec![b'a'; Scan::MAX_BYTES - 8], b"\x1a"].concat();
    assert_eq!(plain().take(&longest), [scan(&longest, EndedBy::EndMark)]);
}

proptest! {
    #[test]
    fn no_byte_is_lost_or_invented_except_terminators(
        chunks in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..60), any::<bool>()), 0..20),
        stx in any::<bool>(),
    ) {
        let mut framer = Framer::new(if stx { Framing::StxEtx } else { Framing::Plain }, 0);
        let mut out = Vec::new();
        let mut sent = 0;
        for (chunk, silence) in &chunks {
            sent += chunk.len();
            out.extend(framer.take(chunk));
            out.extend(silence.then(|| framer.quiet(GAP)).flatten());
        }
        out.extend(framer.cut());
        let got: usize = out.iter().map(|framed| match framed {
            Framed::Scan(scan) => scan.bytes().len(),
            Framed::Discarded { bytes, .. } => *bytes,
        }).sum();
        let terminators = chunks.iter().flat_map(|(chunk, _)| chunk).filter(|byte| matches!(byte, b'\r' | b'\n' | 2 | 3)).count();
        prop_assert!(got <= sent && sent <= got + terminators);
        prop_assert!(out.iter().all(|framed| !matches!(framed, Framed::Scan(scan) if scan.bytes().is_empty() && scan.ended() != EndedBy::Etx)));
    }
}
