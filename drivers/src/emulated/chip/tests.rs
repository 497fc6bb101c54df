use jiff::civil::date;

use super::*;
use crate::emulated::issue::{FACE, JPKI, PRACTICE_PIN, REGISTER, TEXT};

fn card(profile: Profile) -> Chip {
    Chip::issue(&CardOrder::new(profile, 7, date(2026, 11, 20))).expect("the test keys are good")
}

/// Sends a command and splits the answer from its status word.
fn send(chip: &mut Chip, command: &[u8]) -> (Vec<u8>, u16) {
    let mut answer = chip.exchange(command);
    let status = answer.split_off(answer.len() - 2);
    (answer, u16::from_be_bytes([status[0], status[1]]))
}

fn status(chip: &mut Chip, command: &[u8]) -> u16 {
    send(chip, command).1
}

fn select_application(chip: &mut Chip, name: &[u8]) -> u16 {
    let length = u8::try_from(name.len()).expect("a short name");
    status(chip, &[&[0x00, 0xA4, 0x04, 0x0C, length], name].concat())
}

fn select_file(chip: &mut Chip, id: u16) -> u16 {
    let [high, low] = id.to_be_bytes();
    status(chip, &[0x00, 0xA4, 0x02, 0x0C, 0x02, high, low])
}

fn verify(chip: &mut Chip, secret: &str) -> u16 {
    let length = u8::try_from(secret.len()).expect("a short secret");
    status(chip, &[&[0x00, 0x20, 0x00, 0x80, length], secret.as_bytes()].concat())
}

const TRIES_LEFT: [u8; 4] = [0x00, 0x20, 0x00, 0x80];
const READ: [u8; 5] = [0x00, 0xB0, 0x00, 0x00, 0x00];

fn read_whole(chip: &mut Chip) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let [high, low] = u16::try_from(bytes.len()).expect("a small file").to_be_bytes();
        match send(chip, &[0x00, 0xB0, high, low, 0x00]) {
            (part, 0x9000) => bytes.extend(part),
            (_, 0x6B00) => return bytes,
            (_, other) => panic!("{other:04X}"),
        }
    }
}

#[test]
fn the_free_certificate_is_read_without_any_secret() {
    let mut chip = card(Profile::Normal);
    assert_eq!(select_application(&mut chip, JPKI), 0x9000);
    assert_eq!(select_file(&mut chip, 0x000A), 0x9000);
    let read = read_whole(&mut chip);
    assert_eq!(read, chip.authentication_certificate());
    assert_eq!(&read[..2], &[0x30, 0x82]);
    assert_eq!(usize::from(u16::from_be_bytes([read[2], read[3]])) + 4, read.len());
    assert_eq!(*chip.log(), TouchLog { commands: chip.log().commands, ..TouchLog::default() });
}

#[test]
fn what_is_printed_on_the_card_opens_the_attributes_and_not_the_number() {
    let mut chip = card(Profile::Locked);
    let surface_code = chip.printed().surface_code();
    let name = chip.printed().holder.name.clone();
    assert_eq!(surface_code.len(), 14);
    select_application(&mut chip, TEXT);
    select_file(&mut chip, 0x0015);
    assert_eq!(status(&mut chip, &TRIES_LEFT), 0x63CA);
    assert_eq!(verify(&mut chip, &surface_code), 0x9000);
    select_file(&mut chip, 0x0002);
    let attributes = read_whole(&mut chip);
    assert_eq!(&attributes[..2], &[0xFF, 0x20]);
    assert!(attributes.windows(name.len()).any(|part| part == name.as_bytes()));
    select_file(&mut chip, 0x0001);
    assert_eq!(status(&mut chip, &READ), 0x6982);
    assert_eq!(chip.log().objects[&SensitiveObject::IndividualNumber], 2);
}

#[test]
fn counters_go_down_lock_and_come_back_only_by_the_right_secret() {
    let mut chip = card(Profile::Normal);
    for (application, file, tries) in [(JPKI, 0x0018, 3), (JPKI, 0x001B, 5), (TEXT, 0x0015, 10), (FACE, 0x0012, 10)] {
        select_application(&mut chip, application);
        select_file(&mut chip, file);
        for left in (1..tries).rev() {
            assert_eq!(verify(&mut chip, "0000"), 0x63C0 + left);
        }
        chip.cycle_power();
        select_application(&mut chip, application);
        select_file(&mut chip, file);
        assert_eq!(status(&mut chip, &TRIES_LEFT), 0x63C1, "no counter recovers by itself");
        if file == 0x0018 {
            assert_eq!(verify(&mut chip, PRACTICE_PIN), 0x9000);
            assert_eq!(status(&mut chip, &TRIES_LEFT), 0x63C3, "the query never says that it is open");
        } else {
            assert_eq!(verify(&mut chip, "0000"), 0x63C0);
            assert_eq!(verify(&mut chip, PRACTICE_PIN), 0x6984);
            assert_eq!(status(&mut chip, &TRIES_LEFT), 0x63C0);
        }
    }
}

#[test]
fn an_open_secret_closes_with_power_or_another_application_but_not_with_a_reset() {
    let mut chip = card(Profile::PhoneAndroid);
    let open = |chip: &mut Chip| {
        select_application(chip, JPKI);
        select_file(chip, 0x000A);
        status(chip, &READ)
    };
    assert_eq!(open(&mut chip), 0x6982);
    select_file(&mut chip, 0x0018);
    assert_eq!(verify(&mut chip, PRACTICE_PIN), 0x9000);
    assert_eq!(open(&mut chip), 0x9000);
    chip.reset();
    assert_eq!(open(&mut chip), 0x9000);
    assert_eq!(select_application(&mut chip, &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00]), 0x9000);
    assert_eq!(open(&mut chip), 0x6982);
    select_file(&mut chip, 0x0018);
    verify(&mut chip, PRACTICE_PIN);
    chip.cycle_power();
    assert_eq!(open(&mut chip), 0x6982);
    assert_eq!(select_application(&mut chip, TEXT), 0x6A82, "a phone has no card face");
}

#[test]
fn every_way_to_a_forbidden_object_is_counted() {
    use SensitiveObject as Object;
    let reference_at = {
        let mut chip = card(Profile::Normal);
        select_application(&mut chip, FACE);
        select_file(&mut chip, 0x0003);
        let bytes = read_whole(&mut chip);
        bytes.windows(2).position(|tag| tag == [0xDF, 0x35]).expect("the object is there")
    };
    let until = |end: usize| vec![0x00, 0xB0, 0x83, 0x00, u8::try_from(end).expect("a short beginning")];
    let ways: [(&[u8], Vec<u8>, Object); 10] = [
        (TEXT, vec![0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x01], Object::IndividualNumber),
        (TEXT, vec![0x00, 0xB0, 0x81, 0x00, 0x00], Object::IndividualNumber),
        (TEXT, vec![0x00, 0xB2, 0x01, 0x0C, 0x00], Object::IndividualNumber),
        (TEXT, vec![0x00, 0xB0, 0x83, 0x00, 0x00], Object::NumberDigest),
        (TEXT, vec![0x00, 0x20, 0x00, 0x94, 0x01, 0x30], Object::NumberKey),
        (FACE, vec![0x00, 0x20, 0x00, 0x93], Object::NumberKey),
        (FACE, vec![0x00, 0xB0, 0x85, 0x00, 0x00], Object::NumberImage),
        (FACE, until(reference_at + 1), Object::OpaqueReference),
        (FACE, [&[0x00, 0xA4, 0x04, 0x0C, 0x0A], REGISTER].concat(), Object::ResidentRegister),
        (TEXT, vec![0x80, 0xAE, 0x00, 0x00], Object::SecureMessaging),
    ];
    for (application, command, object) in ways {
        let mut chip = card(Profile::Normal);
        select_application(&mut chip, application);
        chip.exchange(&command);
        assert_eq!(chip.log().objects.get(&object), Some(&1), "{command:02X?}");
        assert_eq!(chip.log().forbidden(), 1, "{command:02X?}");
    }
    let mut chip = card(Profile::Normal);
    select_application(&mut chip, FACE);
    chip.exchange(&until(reference_at));
    assert_eq!(chip.log().forbidden(), 0, "the harmless beginning of the file");
}
