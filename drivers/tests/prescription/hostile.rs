//! Nothing that arrives makes the reader of codes panic, and nothing of it leaks.

use drivers::Moment;
use drivers::prescription::{Assembly, DeskCode, SymbolPosition, Taken, recognise};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::sheets::{SAMPLE_A, SAMPLE_B, SAMPLE_C};

/// Items that are likely to reach the edges of a record's types.
fn item() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[0-9]{1,16}",
        "[1-9]",
        "[ァ-ヶｦ-ﾟ一-鿿■a-zA-Z. -]{1,12}",
        "\\PC{0,20}",
        "[\\x00-\\x1f]{0,4}",
    ]
}

fn record() -> impl Strategy<Value = String> {
    (0_u16..400, prop::collection::vec(item(), 0..8))
        .prop_map(|(number, items)| format!("{number},{}", items.join(",")))
}

fn code() -> impl Strategy<Value = String> {
    ("JAHIS[0-9]{1,2}", prop::collection::vec(record(), 0..30), any::<bool>()).prop_map(|(header, records, ended)| {
        header + "\r\n" + &records.join("\r\n") + if ended { "\r\n\u{1a}" } else { "" }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_taken_calmly(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _code = recognise(&bytes);
    }

    #[test]
    fn any_records_are_taken_calmly_and_read_alike_in_both_encodings(text in code()) {
        let utf8 = recognise(text.as_bytes());
        let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(&text);
        let back = encoding_rs::SHIFT_JIS.decode(&bytes).0;
        // text that code page 932 holds without change, and that is not by chance UTF-8 in that form
        if !lossy && back == text.as_str() && (text.is_ascii() || std::str::from_utf8(&bytes).is_err()) {
            let same = utf8 == recognise(&bytes);
            // the share of control characters is a share of bytes, which differ in number
            prop_assert!(same || text.chars().any(char::is_control));
        }
    }

    #[test]
    fn any_parts_in_any_order_are_taken_calmly(
        scans in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..80), any::<Option<(u8, u8, u8)>>(), 0_u64..40_000), 0..40),
    ) {
        let mut assembly = Assembly::default();
        let mut now = 0;
        for (bytes, position, later) in scans {
            now += later;
            let position = position.map(|(index, last, parity)| SymbolPosition { index, last, parity });
            prop_assert!(!assembly.take(&bytes, position, Moment(now)).is_empty());
        }
    }

    #[test]
    fn sample_a_cut_anywhere_ends_as_sample_a_or_as_a_question(
        mut cuts in prop::collection::btree_set(9_usize..600, 1..5),
        shuffle in any::<u64>(),
    ) {
        cuts.insert(SAMPLE_A.len());
        let mut start = 0;
        let mut parts: Vec<&[u8]> = cuts.into_iter().map(|end| &SAMPLE_A[std::mem::replace(&mut start, end)..end]).collect();
        // no symbol is as short as a number that means something by itself
        prop_assume!(parts.iter().all(|part| part.len() > 16));
        let mut dice = ChaCha8Rng::seed_from_u64(shuffle);
        for place in (2..parts.len()).rev() {
            let other = 1 + dice.next_u32() as usize % place;
            parts.swap(place, other);
        }
        let DeskCode::Prescription(whole) = recognise(SAMPLE_A) else { panic!("sample A") };
        let mut assembly = Assembly::default();
        let taken: Vec<Taken> = parts.into_iter().flat_map(|part| assembly.take(part, None, Moment(0))).collect();
        match taken.last() {
            Some(Taken::Code(DeskCode::Prescription(sheet))) => {
                prop_assert!(sheet.patient == whole.patient && sheet.insurance == whole.insurance);
                prop_assert!(sheet.exchange_number == whole.exchange_number && sheet.issued_on == whole.issued_on);
            }
            other => prop_assert!(other.is_some_and(|other| other.text().is_some()), "{other:?}"),
        }
    }
}

/// Mutants of the samples, from a fixed seed: bytes changed, cut out, doubled, and the whole glued together.
#[test]
fn six_thousand_mutants_of_the_samples_are_taken_calmly() {
    let mut dice = ChaCha8Rng::seed_from_u64(0x554b_4531);
    let corpus = [SAMPLE_A, SAMPLE_B, SAMPLE_C];
    let (mut sheets, mut refused) = (0, 0);
    let mut assembly = Assembly::default();
    for round in 0..6_000 {
        let mut bytes = corpus[round % corpus.len()].to_vec();
        for _ in 0..=dice.next_u32() % 8 {
            mutate(&mut bytes, &mut dice);
        }
        match recognise(&bytes) {
            DeskCode::Prescription(_) => sheets += 1,
            DeskCode::Refused(refusal) => refused += usize::from(refusal.text().ja.ends_with('。')),
            _ => {}
        }
        let _taken = assembly.take(&bytes, None, Moment(round as u64));
    }
    assert!(sheets > 300 && refused > 300, "{sheets} sheets, {refused} refused: the mutants reach both sides");
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut ChaCha8Rng) {
    if bytes.is_empty() {
        return bytes.push(b'J');
    }
    let place = dice.next_u32() as usize % bytes.len();
    let length = (dice.next_u32() as usize % 16).min(bytes.len() - place);
    match dice.next_u32() % 5 {
        0 => bytes[place] = dice.next_u32() as u8,
        1 => bytes[place] = b",\r\n\x1a0"[dice.next_u32() as usize % 5],
        2 => drop(bytes.drain(place..place + length)),
        3 => bytes.extend_from_within(place..place + length),
        _ => bytes.insert(place, dice.next_u32() as u8),
    }
}
