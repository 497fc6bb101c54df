//! Everything else that reaches the same scanner (§1.7).

use drivers::prescription::{DeskCode, Refusal, SlipCode, recognise};

use crate::sheets::{SAMPLE_A, SAMPLE_C, a_with, cp932};

fn refused(bytes: &[u8]) -> Option<Refusal> {
    match recognise(bytes) {
        DeskCode::Refused(refusal) => Some(refusal),
        _ => None,
    }
}

#[test]
fn notebooks_of_every_edition_are_recognised() {
    for header in ["JAHISTC01", "JAHISTC08,1", "JAHISTC04,2", "JAHISTC99,1"] {
        let bytes = [header.as_bytes(), SAMPLE_C.strip_prefix(b"JAHISTC08,1").unwrap()].concat();
        assert_eq!(refused(&bytes), Some(Refusal::Notebook), "{header}");
    }
}

#[test]
fn notebook_data_under_our_header_is_recognised() {
    let relabelled = [b"JAHIS8", SAMPLE_C.strip_prefix(b"JAHISTC08,1").unwrap()].concat();
    assert_eq!(refused(&relabelled), Some(Refusal::MislabelledNotebook));
    assert_eq!(refused(&a_with(&["301,1,朝食後,28,日分,1,1,,1"])), Some(Refusal::MislabelledNotebook));
}

#[test]
fn electronic_prescriptions_are_recognised() {
    assert_eq!(refused(b"SJ1\n1,1,9912349,13,\n"), Some(Refusal::ElectronicPrescriptionFile));
    let copy = recognise("06999999,試９１,７７４,01,19581103,123456".as_bytes());
    let DeskCode::ElectronicPrescriptionCopy(copy) = copy else { panic!("a copy, not {copy:?}") };
    assert_eq!((copy.insurer.as_str(), copy.exchange_number.as_printed()), ("06999999", "123456"));
    assert_eq!(copy.birth.to_string(), "1958-11-03");
    assert_eq!(format!("{copy:?}"), "PrescriptionCopy(hidden)");
    assert_eq!(refused("06999999,試,\u{fffd},01,19581103,123456".as_bytes()), Some(Refusal::WrongCharacters));
}

#[test]
fn plain_numbers_are_taken_and_twelve_digits_are_not() {
    for (digits, may_be) in [("1", false), ("0012345", false), ("123456", true), ("9000000000000017", true)] {
        let DeskCode::Number(number) = recognise(format!("{digits}\r\n").as_bytes()) else { panic!("{digits}") };
        assert_eq!((number.digits(), number.may_be_exchange_number()), (digits, may_be));
        assert!(!format!("{number:?}").contains(digits) || digits == "1");
    }
    for text in ["123456789018", "1234 5678 9018", "1234-5678-9018", "000000000000"] {
        assert_eq!(refused(text.as_bytes()), Some(Refusal::IndividualNumber), "{text}");
    }
}

#[test]
fn slips_of_our_own_are_taken() {
    let slip = SlipCode::of_reference("7Q3K9ZD2").unwrap();
    assert_eq!(recognise(slip.to_string().as_bytes()), DeskCode::Slip(slip));
    assert_eq!(refused(b"UKE1-7Q3K9ZD2-0"), Some(Refusal::SlipMisread));
}

#[test]
fn other_things_are_named() {
    for (bytes, refusal) in [
        (b"https://example.jp/".as_slice(), Refusal::WebAddress),
        (b"HTTP://EXAMPLE.JP", Refusal::WebAddress),
        (b"4987000000017", Refusal::MedicinePackage),
        (b"14987000000014", Refusal::MedicinePackage),
        (b"OVERFLOW", Refusal::KeyboardMode),
        (b"QK20-V1.02", Refusal::NotAPrescription),
        (b"JAHIS100", Refusal::NotAPrescription),
        (b"WIFI:T:WPA;S:net;;", Refusal::NotAPrescription),
        (b"", Refusal::Empty),
        (b"\x02\r\n\r\n", Refusal::Empty),
        (b"\x00\xff\x01\xfe\x80\x02", Refusal::Noise),
        (b"24,10,70\r\n27,21999990,9999996\r\n", Refusal::LaterPart),
        (b"\xa5\r\n24,10,70\r\n27,21999990,\x83", Refusal::LaterPart),
    ] {
        assert_eq!(refused(bytes), Some(refusal), "{bytes:?}");
    }
}

#[test]
fn a_header_with_nothing_of_the_patient_is_unreadable() {
    assert_eq!(refused(b"JAHIS10\r\n\x1a"), Some(Refusal::Unreadable));
    assert_eq!(refused(b"JAHIS10\r\n12,2\r\n\x1a"), Some(Refusal::Unreadable));
}

#[test]
fn letters_that_a_scanner_changed_are_told() {
    let utf8 = encoding_rs::SHIFT_JIS.decode(SAMPLE_A).0.into_owned();
    let read_as_932 = encoding_rs::SHIFT_JIS.decode(utf8.as_bytes()).0.into_owned();
    assert_eq!(refused(read_as_932.as_bytes()), Some(Refusal::WrongCharacters), "UTF-8 taken for Shift_JIS");
    let replaced = String::from_utf8_lossy(SAMPLE_A).into_owned();
    assert_eq!(refused(replaced.as_bytes()), Some(Refusal::WrongCharacters), "Shift_JIS taken for UTF-8");
    assert_eq!(refused(&a_with(&["11,,????,"])), Some(Refusal::WrongCharacters));
    assert_eq!(refused(&a_with(&["11,,ﾂﾂ｡ﾂ,"])), Some(Refusal::WrongCharacters));
    assert_eq!(refused(&a_with(&["11,,松本 光,ﾏﾂﾓﾄ ﾐﾂ"])), None, "an ordinary name");
}

#[test]
fn what_scanners_add_before_the_data_does_not_matter() {
    for prefix in [b"]Q1".as_slice(), b"\x02", b"\r\n", b"\x02]Q3"] {
        assert_eq!(recognise(&[prefix, SAMPLE_A].concat()), recognise(SAMPLE_A));
    }
    assert!(matches!(recognise(b"]Q1123456\r"), DeskCode::Number(_)));
    assert!(matches!(recognise(b"\x02123456\x03"), DeskCode::Number(_)));
}

#[test]
fn wrong_speed_is_told_from_a_wrong_code() {
    let noise: Vec<u8> = (0..=255).collect();
    assert!(matches!(refused(&noise), Some(Refusal::Noise)));
    let damaged: Vec<u8> =
        SAMPLE_A.iter().enumerate().map(|(at, byte)| if at > 9 && at % 7 == 0 { 0xff } else { *byte }).collect();
    assert_eq!(refused(&damaged), Some(Refusal::Noise));
    assert_eq!(refused(&cp932("処方箋ではない文章")), Some(Refusal::NotAPrescription));
}
