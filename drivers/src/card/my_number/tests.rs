#![allow(clippy::unwrap_used)]
use super::*;
use crate::card::catalogue::{Application, File, IssuerKind, Permit};
use crate::card::reading::{CardReading, ReadingRequest, TriesOfKey, read_card};
use crate::card::recognition::SiteKey;
use crate::card::testing::{
    COUNT, Holder, SELECT_COMMON, SELECT_ISD, SELECT_JPKI, SELECT_TEXT, Script, Step, attributes_file, breaks,
    certificate, detects, hex, reads, reads_file, step,
};

const PLASTIC: &str = "JPKIAPICCTOKEN2";
const HOLDER: Holder<'_> =
    Holder {
        name: "見本　花子", address: "東京都千代田区霞が関１丁目２番３号", birth_date: "19800401", sex: "2"
    };
const PRESENT: &str = "002000800E 3535303430313230333031323334";

fn code() -> SurfaceCode {
    SurfaceCode::parse("55040120301234").unwrap()
}

/// Selects the application of the attributes and its key, and counts.
fn asks_tries(count: &str) -> Vec<Step> {
    [step(SELECT_TEXT, "9000"), step("00A4020C02 0015", "9000"), step(COUNT, count)].concat()
}

fn on_board(bytes: &str) -> Vec<Step> {
    [step("00A4020C02 0008", "9000"), step("00B0000003", bytes)].concat()
}

fn leaves() -> Vec<Step> {
    step(SELECT_ISD, "9000")
}

/// Runs the attributes of a plastic card over a script and checks that the script was followed to its end.
fn attributes(parts: Vec<Vec<Step>>, last_try: LastTry) -> Result<Attributes, CardFailure> {
    let mut wire = Script::new([vec![detects(PLASTIC)], parts].concat());
    let read = MyNumberCard::detect(&mut wire).unwrap().attributes(&code(), last_try);
    wire.finished();
    read
}

#[test]
fn a_whole_reading_is_kind_certificate_attributes_and_a_closed_card() {
    let der = certificate("JPKI", 1);
    let filled = [&der[..], &[0xFF; 40]].concat();
    let record = [&b"\x01\x1C"[..], b"AB0000000000001", b"13101", b"20300401", b"\x90\x00"].concat();
    let mut wire = Script::new([
        detects(PLASTIC),
        on_board("8F8F009000"),
        certificate_with_filler(&filled, der.len()),
        step("00A4020C02 0018", "9000"),
        step(COUNT, "63C3"),
        step("00A4020C02 001B", "9000"),
        step(COUNT, "63C0"),
        step(SELECT_TEXT, "9000"),
        step("00A4020C02 0011", "6A82"),
        step("00A4020C02 0015", "9000"),
        step(COUNT, "63CA"),
        step("00A4020C02 0015", "9000"),
        step(COUNT, "63CA"),
        step(PRESENT, "9000"),
        reads_file("0002", &attributes_file(&HOLDER, 2)),
        leaves(),
        step(SELECT_COMMON, "9000"),
        vec![(hex("00B2010C00"), Ok(record))],
        leaves(),
    ]);
    let site = SiteKey::new([7; 32]);
    let (code, asked) = (code(), ReadingRequest::default());
    let asked = ReadingRequest { surface_code: Some(&code), tries: true, card_expiry: true, ..asked };
    let reading = read_card(&mut wire, ReadingRequest { recognise_with: Some(&site), ..asked }).unwrap();
    wire.finished();

    assert_eq!(reading.token, TokenKind::PlasticCard);
    assert_eq!(reading.on_board, Some(OnBoard { signature: true, authentication: true }));
    let certificate = reading.certificate.as_ref().unwrap();
    assert_eq!((certificate.not_after_unix_ms(), certificate.issuer()), (1_739_199_599_000, IssuerKind::Production));
    assert_eq!(
        reading.tries,
        [
            TriesOfKey { key: Key::AuthenticationPin, tries_left: TriesLeft::Left(3) },
            TriesOfKey { key: Key::SignaturePassword, tries_left: TriesLeft::Blocked },
            TriesOfKey { key: Key::SurfaceCode, tries_left: TriesLeft::Left(10) },
        ]
    );
    let attributes = reading.attributes.as_ref().unwrap().as_ref().unwrap();
    assert_eq!((attributes.name.as_str(), attributes.address.as_str()), (HOLDER.name, HOLDER.address));
    assert_eq!(reading.card_expires, CardDate::new(2030, 4, 1));
    assert!(reading.recognition.is_some() && reading.incidents.is_empty());
    nothing_personal_is_shown(&reading);
}

fn nothing_personal_is_shown(reading: &CardReading) {
    let shown = format!("{reading:?}");
    for personal in ["花子", "千代田", "1980", "2030", "AB00", "1739199599"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}

/// A certificate shorter than its file: the last step asks for what the certificate still needs.
fn certificate_with_filler(file: &[u8], der_bytes: usize) -> Vec<Step> {
    assert!((257..=512).contains(&der_bytes) && file.len() > der_bytes);
    let mut steps = step("00A4020C02 000A", "9000");
    steps.push((hex("00B0000000"), Ok([&file[..256], &[0x90, 0]].concat())));
    let rest = der_bytes - 256;
    let asked = if rest == 256 { 0 } else { rest as u8 };
    steps.push((vec![0, 0xB0, 1, 0, asked], Ok([&file[256..der_bytes], &[0x90, 0]].concat())));
    steps
}

#[test]
fn nothing_is_asked_of_a_card_that_was_not_asked_for() {
    let der = certificate("JPKI-TEST", 1);
    let mut wire = Script::new([detects(PLASTIC), on_board("8F8F009000"), reads_file("000A", &der), leaves()]);
    let reading = read_card(&mut wire, ReadingRequest::default()).unwrap();
    wire.finished();
    assert_eq!(reading.certificate.unwrap().issuer(), IssuerKind::Test);
    assert!(reading.tries.is_empty() && reading.attributes.is_none() && reading.card_expires.is_none());
    assert_eq!(reading.recognition, None, "recognition is off unless a key is handed over");
}

#[test]
fn cards_are_told_apart_by_what_they_answer() {
    let detect = |parts: Vec<Vec<Step>>| {
        let mut wire = Script::new(parts);
        let token = MyNumberCard::detect(&mut wire).map(|card| card.token());
        wire.finished();
        token
    };
    let known = |token| detect(vec![detects(token), leaves()]);
    assert_eq!(known(PLASTIC), Ok(TokenKind::PlasticCard));
    assert_eq!(known("JPKIAPGPSETOKEN"), Ok(TokenKind::AndroidPhone));
    assert_eq!(known("JPKIAPIOSTOKEN"), Ok(TokenKind::IPhone));
    assert_eq!(known("JPKIAPICCTOKEN"), Err(CardFailure::OldResidentCard));
    assert_eq!(known("JPKIAPICCTOKEN3"), Err(CardFailure::UnknownToken));
    for absent in ["6A82", "6D00", "6E00", "6985", "6A86"] {
        let other = vec![step(SELECT_JPKI, absent)];
        assert_eq!(detect(other), Err(CardFailure::OtherCard), "{absent}");
    }
    let faulty = vec![step(SELECT_JPKI, "6F00"), step(SELECT_JPKI, "6F00")];
    assert_eq!(detect(faulty), Err(CardFailure::UnexpectedStatus { status: 0x6F00 }));
    let mute = vec![breaks(SELECT_JPKI, WireError::TimedOut)];
    assert_eq!(detect(mute), Err(CardFailure::Wire(WireError::TimedOut)));
}

#[test]
fn a_phone_keeps_its_certificate_and_the_reading_says_so() {
    for denied in
        [step("00A4020C02 000A", "6982"), [step("00A4020C02 000A", "9000"), step("00B0000000", "6982")].concat()]
    {
        let mut wire = Script::new([
            detects("JPKIAPGPSETOKEN"),
            step("00A4020C02 0008", "6A82"),
            denied,
            step(SELECT_TEXT, "6A82"),
            leaves(),
        ]);
        let code = code();
        let asked = ReadingRequest { surface_code: Some(&code), ..ReadingRequest::default() };
        let reading = read_card(&mut wire, asked).unwrap();
        wire.finished();
        assert_eq!((reading.token, reading.on_board), (TokenKind::AndroidPhone, None));
        assert_eq!(reading.certificate.unwrap_err(), CardFailure::PhoneAsksForPin);
        assert_eq!(reading.attributes.unwrap().unwrap_err(), CardFailure::NoAttributes);
    }
}

#[test]
fn a_plastic_card_that_wants_a_secret_for_its_certificate_is_no_phone() {
    let mut wire = Script::new([detects(PLASTIC), step("00A4020C02 000A", "6982"), leaves()]);
    let failure = MyNumberCard::detect(&mut wire).unwrap().authentication_certificate().unwrap_err();
    wire.finished();
    assert_eq!(failure, CardFailure::UnexpectedStatus { status: 0x6982 });
}

fn read_certificate(parts: Vec<Step>) -> Result<AuthenticationCertificate, CardFailure> {
    let mut wire = Script::new([detects(PLASTIC), step("00A4020C02 000A", "9000"), parts, leaves()]);
    let read = MyNumberCard::detect(&mut wire).unwrap().authentication_certificate();
    wire.finished();
    read
}

#[test]
fn certificates_that_are_none_are_told_and_large_ones_not_followed() {
    let (garbled, oversized) =
        (CardFailure::Garbled(GarbledPart::Certificate), CardFailure::Oversized(GarbledPart::Certificate));
    for (first, expected) in [
        ("9000", garbled),
        ("30 9000", garbled),
        ("FFFFFFFF 9000", garbled),
        ("3080 0000 9000", garbled),
        ("3003 020101 9000", garbled),
        ("30821FFD 00 9000", oversized),
        ("3083FFFFFF 00 9000", oversized),
        ("6A82", CardFailure::UnexpectedStatus { status: 0x6A82 }),
    ] {
        assert_eq!(read_certificate(step("00B0000000", first)).map(|_| ()), Err(expected), "{first}");
    }
    let longer = vec![(hex("00B0000000"), Ok(vec![0x30; 259]))];
    let whole = CardFailure::Oversized(GarbledPart::Answer);
    assert_eq!(read_certificate(longer).map(|_| ()), Err(whole));
}

#[test]
fn a_file_that_ends_early_or_gives_too_much_is_garbled() {
    let first = [&hex("30820200")[..], &[0; 252], &[0x90, 0]].concat();
    for next in ["9000", "6B00", "0102 6282"] {
        let mut parts = vec![(hex("00B0000000"), Ok(first.clone()))];
        parts.extend(step("00B0010000", next));
        if next.len() > 4 {
            parts.extend(step("00B0010200", "9000"));
        }
        let read = read_certificate(parts).map(|_| ());
        assert_eq!(read, Err(CardFailure::Garbled(GarbledPart::Certificate)), "{next}");
    }
    let short = [&hex("3081FF")[..], &[0; 200], &[0x90, 0]].concat();
    let too_much = vec![(hex("00B0000000"), Ok(short)), (hex("00B000CB37"), Ok([&[0; 100][..], &[0x90, 0]].concat()))];
    assert_eq!(read_certificate(too_much).map(|_| ()), Err(CardFailure::Garbled(GarbledPart::Certificate)));
}

#[test]
fn a_card_that_answers_in_small_pieces_is_read_all_the_same() {
    let der = certificate("JPKI", 1);
    let mut parts = vec![(hex("00B0000000"), Ok([&der[..128], &[0x90, 0]].concat()))];
    for at in (128..der.len()).step_by(128) {
        let (rest, piece) = (der.len() - at, &der[at..der.len().min(at + 128)]);
        let [high, low] = (at as u16).to_be_bytes();
        let asked = if rest >= 256 { 0 } else { rest as u8 };
        parts.push((vec![0, 0xB0, high, low, asked], Ok([piece, &[0x90, 0]].concat())));
    }
    assert!(read_certificate(parts).is_ok());
}

#[test]
fn the_number_from_the_card_face_is_presented_once_and_the_card_is_closed_whatever_happens() {
    let present = |answer| vec![asks_tries("63CA"), step(PRESENT, answer)];
    for (answer, failure) in [
        ("63C9", CardFailure::SurfaceCodeWrong { tries_left: 9 }),
        ("63C0", CardFailure::SurfaceCodeLocked),
        ("6984", CardFailure::SurfaceCodeLocked),
        ("6983", CardFailure::SurfaceCodeLocked),
        ("6F00", CardFailure::UnexpectedStatus { status: 0x6F00 }),
        ("6300", CardFailure::UnexpectedStatus { status: 0x6300 }),
    ] {
        let script = [present(answer), vec![leaves()]].concat();
        assert_eq!(attributes(script, LastTry::Confirmed).unwrap_err(), failure, "{answer}");
    }
    let right = [present("9000"), vec![reads_file("0002", &attributes_file(&HOLDER, 1)), leaves()]].concat();
    assert_eq!(attributes(right, LastTry::NotConfirmed).unwrap().name.as_str(), HOLDER.name);
    let garbled = [present("9000"), vec![step("00A4020C02 0002", "9000"), reads(&[0xFF; 64]), leaves()]].concat();
    let garbled = attributes(garbled, LastTry::NotConfirmed).unwrap_err();
    assert_eq!(garbled, CardFailure::Garbled(GarbledPart::Attributes));
}

#[test]
fn what_was_read_before_the_card_left_stays_good() {
    let whole = reads_file("0002", &attributes_file(&HOLDER, 0));
    let script = vec![asks_tries("63CA"), step(PRESENT, "9000"), whole, breaks(SELECT_ISD, WireError::CardGone)];
    assert_eq!(attributes(script, LastTry::NotConfirmed).unwrap().sex_digit(), Some('2'));
}

#[test]
fn with_no_try_left_nothing_is_presented_and_the_last_one_needs_a_person() {
    for locked in ["63C0", "6984"] {
        let failure = attributes(vec![asks_tries(locked), leaves()], LastTry::Confirmed).unwrap_err();
        assert_eq!(failure, CardFailure::SurfaceCodeLocked, "{locked}");
    }
    let asked = attributes(vec![asks_tries("63C1"), leaves()], LastTry::NotConfirmed).unwrap_err();
    assert_eq!(asked, CardFailure::LastTryNotConfirmed);
    let spent = attributes(vec![asks_tries("63C1"), step(PRESENT, "63C0"), leaves()], LastTry::Confirmed).unwrap_err();
    assert_eq!(spent, CardFailure::SurfaceCodeLocked);
    let open = attributes(vec![asks_tries("9000"), leaves()], LastTry::Confirmed).unwrap_err();
    assert_eq!(open, CardFailure::UnexpectedStatus { status: 0x9000 });
}

#[test]
fn after_silence_only_the_counter_is_asked_again() {
    let after = |again: Vec<Step>| {
        let broken = breaks(PRESENT, WireError::TimedOut);
        let failure = attributes(vec![asks_tries("63C5"), broken, again, leaves()], LastTry::NotConfirmed).unwrap_err();
        match failure {
            CardFailure::SurfaceCodeBrokenOff { wire: WireError::TimedOut, counter } => counter,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(after(asks_tries("63C4")), BrokenOff::TryLost { tries_left: 4 });
    assert_eq!(after(asks_tries("63C0")), BrokenOff::TryLost { tries_left: 0 });
    assert_eq!(after(asks_tries("63C5")), BrokenOff::NoTryLost);
    assert_eq!(after(asks_tries("63CA")), BrokenOff::NoTryLost, "it was right: the counter is full again");
    assert_eq!(after(asks_tries("9000")), BrokenOff::NoTryLost, "it was right: the key is open");
    assert_eq!(after(breaks(SELECT_TEXT, WireError::TimedOut)), BrokenOff::Unknown);
}

#[test]
fn a_card_pulled_while_presenting_is_not_spoken_to_again() {
    for (gone, wire) in [
        (breaks(PRESENT, WireError::CardGone), WireError::CardGone),
        (breaks(PRESENT, WireError::ServiceGone), WireError::ServiceGone),
        (step(PRESENT, ""), WireError::CardGone),
        (step(PRESENT, "63"), WireError::CardGone),
    ] {
        let failure = attributes(vec![asks_tries("63CA"), gone], LastTry::NotConfirmed).unwrap_err();
        assert_eq!(failure, CardFailure::SurfaceCodeBrokenOff { wire, counter: BrokenOff::Unknown });
    }
}

#[test]
fn a_card_pulled_after_the_certificate_keeps_the_certificate() {
    let der = certificate("JPKI", 1);
    let gone = breaks(SELECT_TEXT, WireError::CardGone);
    let mut wire = Script::new([detects(PLASTIC), on_board("008F009000"), reads_file("000A", &der), gone]);
    let code = code();
    let asked = ReadingRequest { surface_code: Some(&code), card_expiry: true, ..ReadingRequest::default() };
    let reading = read_card(&mut wire, asked).unwrap();
    wire.finished();
    assert!(reading.certificate.is_ok());
    assert_eq!(reading.attributes.unwrap().unwrap_err(), CardFailure::Wire(WireError::CardGone));
    assert_eq!(reading.on_board, Some(OnBoard { signature: false, authentication: true }));
}

#[test]
fn a_card_pulled_before_that_fails_the_reading() {
    let mut wire =
        Script::new([detects(PLASTIC), on_board("8F8F009000"), breaks("00A4020C02 000A", WireError::CardGone)]);
    let failure = read_card(&mut wire, ReadingRequest::default()).unwrap_err();
    wire.finished();
    assert_eq!(failure, CardFailure::Wire(WireError::CardGone));
}

#[test]
fn an_expiry_that_is_not_free_or_makes_no_sense_is_simply_absent() {
    for answer in ["6982", "9000", "011C 9000", "0102 3030 9000", "021C 9000"] {
        let record = step("00B2010C00", answer);
        let mut wire = Script::new([detects(PLASTIC), step(SELECT_COMMON, "9000"), record, leaves()]);
        assert_eq!(MyNumberCard::detect(&mut wire).unwrap().card_expires(), Ok(None), "{answer}");
        wire.finished();
    }
}

#[test]
fn leaving_tells_whether_the_card_was_closed() {
    let mut wire = Script::new([detects(PLASTIC), breaks(SELECT_ISD, WireError::CardGone)]);
    assert_eq!(MyNumberCard::detect(&mut wire).unwrap().leave(), Err(WireError::CardGone));
    wire.finished();
}

/// A card that does not exist: other names, other files, the same code.
static NEXT: Catalogue = Catalogue {
    applications: &[
        Application {
            name: ApplicationName::Authentication,
            label: "NEXT",
            aid: &[0xF0, 0x01, 0x02, 0x03, 0x04],
            files: &[
                File { name: FileName::TokenInformation, id: [0x10, 0x01], permits: &[Permit::Read { at_most: 32 }] },
                File { name: FileName::Key(Key::SurfaceCode), id: [0x10, 0x02], permits: &[Permit::CountTries] },
            ],
            records: &[],
        },
        Application {
            name: ApplicationName::CardManager,
            label: "ISD",
            aid: &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00],
            files: &[],
            records: &[],
        },
    ],
    tokens: &[("NEXTTOKEN", TokenKind::PlasticCard)],
    issuers: &[],
};

#[test]
fn the_next_card_is_another_table() {
    let mut name = b"NEXTTOKEN".to_vec();
    name.resize(32, b' ');
    name.extend([0x90, 0x00]);
    let mut wire = Script::new([
        step(SELECT_JPKI, "6A82"),
        step("00A4040C05 F001020304", "9000"),
        step("00A4020C02 1001", "9000"),
        vec![(hex("00B0000020"), Ok(name))],
        step("00A4020C02 1002", "9000"),
        step(COUNT, "63C7"),
        leaves(),
    ]);
    let mut card = MyNumberCard::detect_among(&mut wire, &[KNOWN[0], &NEXT]).unwrap();
    assert_eq!(card.token(), TokenKind::PlasticCard);
    assert_eq!(card.tries_left(Key::SurfaceCode), Ok(Some(TriesLeft::Left(7))));
    assert_eq!(card.tries_left(Key::TextPin), Ok(None));
    assert!(matches!(card.authentication_certificate(), Err(CardFailure::Refused(_))), "not on that list");
    assert_eq!(card.incidents().len(), 1);
    drop(card);
    wire.finished();
}
