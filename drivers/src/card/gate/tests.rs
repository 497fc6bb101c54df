#![allow(clippy::unwrap_used)]
use super::*;
use crate::card::catalogue::KNOWN;
use crate::card::testing::{COUNT, SELECT_ISD, SELECT_JPKI, SELECT_TEXT, Script, breaks, hex, step};

fn refusal(gate: &mut Gate<'_>, command: &str) -> Option<Refusal> {
    match gate.attempt(&hex(command)) {
        Err(GateError::Refused(refusal)) => Some(refusal),
        _ => None,
    }
}

/// A gate in the text application, at the key of the card face's number, tries not counted.
fn at_surface_code() -> Vec<Vec<crate::card::testing::Step>> {
    vec![step(SELECT_TEXT, "9000"), step("00A4020C02 0015", "9000")]
}

#[test]
fn refused_commands_never_reach_the_wire_and_leave_an_incident_without_data() {
    let mut wire = Script::new([step(SELECT_TEXT, "9000")]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    gate.attempt(&hex(SELECT_TEXT)).unwrap();
    for (command, refusal, file, instruction) in [
        ("00A4020C02 0001", Refusal::UnlistedFile, Some([0, 1]), 0xA4),
        ("00B0810000", Refusal::UnlistedForm, Some([0, 1]), 0xB0),
        ("002000940C 313233343536373839303138", Refusal::UnlistedForm, Some([0, 0x14]), 0x20),
        ("00B2011C00", Refusal::UnlistedFile, Some([0, 3]), 0xB2),
        ("00A4040C0A D3921000310001010401", Refusal::UnlistedApplication, None, 0xA4),
        ("802A0080", Refusal::UnlistedForm, None, 0x2A),
    ] {
        assert_eq!(self::refusal(&mut gate, command), Some(refusal), "{command}");
        let kept =
            Incident { application: Some("TEXT"), file: file.map(FileId), instruction: Some(instruction), refusal };
        assert_eq!(gate.incidents().last(), Some(&kept), "{command}");
    }
    let shown = format!("{:?}", gate.incidents());
    assert!(!shown.contains("313233") && shown.contains("0014"), "{shown}");
    drop(gate);
    wire.finished();
}

#[test]
fn a_read_stays_inside_the_file_in_every_form_of_its_parameters() {
    let mut wire = Script::new([step(SELECT_TEXT, "9000"), step("00A4020C02 0002", "9000")]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    gate.attempt(&hex(SELECT_TEXT)).unwrap();
    gate.attempt(&hex("00A4020C020002")).unwrap();
    for (p1, p2, le) in (0..=0xFFu8).flat_map(|p1| [0, 1, 0xFF].map(|p2| [0, 1, 0xFF].map(|le| (p1, p2, le)))).flatten()
    {
        let length = if le == 0 { 256 } else { usize::from(le) };
        let allowed = p1 < 0x80 && usize::from(p1) * 256 + usize::from(p2) + length <= 4096;
        let judged = rules::judge(KNOWN[0], gate.standing, &[0x00, 0xB0, p1, p2, le]);
        assert_eq!(judged.is_ok(), allowed, "{p1:02X} {p2:02X} {le:02X}");
    }
    drop(gate);
    wire.finished();
}

/// Every class, instruction and parameter in front of no data: only the listed headers pass.
#[test]
fn of_all_headers_only_the_listed_ones_pass() {
    let mut wire = Script::new(at_surface_code());
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    gate.attempt(&hex(SELECT_TEXT)).unwrap();
    gate.attempt(&hex("00A4020C020015")).unwrap();
    for header in 0..=u32::MAX >> 8 {
        let [_, instruction, p1, p2] = header.to_be_bytes();
        let judged = rules::judge(KNOWN[0], gate.standing, &[0x00, instruction, p1, p2]);
        assert_eq!(judged.is_ok(), [instruction, p1, p2] == [0x20, 0x00, 0x80], "{header:06X}");
    }
    for class in 1..=0xFFu8 {
        assert!(rules::judge(KNOWN[0], gate.standing, &[class, 0x20, 0x00, 0x80]).is_err(), "{class:02X}");
    }
}

#[test]
fn a_secret_needs_its_tries_counted_by_the_command_just_before() {
    let present = "002000800E 3032303133313230333031323334";
    let mut wire = Script::new([
        at_surface_code().concat(),
        step(COUNT, "63CA"),
        step(present, "63C9"),
        step(COUNT, "63C9"),
        step("00A4020C02 0015", "9000"),
        step(COUNT, "63C0"),
    ]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    gate.attempt(&hex(SELECT_TEXT)).unwrap();
    gate.attempt(&hex("00A4020C020015")).unwrap();
    assert_eq!(refusal(&mut gate, present), Some(Refusal::TriesNotCounted));
    gate.attempt(&hex(COUNT)).unwrap();
    gate.attempt(&hex(present)).unwrap();
    assert_eq!(refusal(&mut gate, present), Some(Refusal::TriesNotCounted), "no second time");
    gate.attempt(&hex(COUNT)).unwrap();
    gate.attempt(&hex("00A4020C020015")).unwrap();
    assert_eq!(refusal(&mut gate, present), Some(Refusal::TriesNotCounted), "selected anew");
    gate.attempt(&hex(COUNT)).unwrap();
    assert_eq!(refusal(&mut gate, present), Some(Refusal::TriesNotCounted), "none left");
    drop(gate);
    wire.finished();
}

#[test]
fn the_last_try_needs_the_word_of_a_person() {
    let code = SurfaceCode::parse("02013120301234").unwrap();
    let mut wire = Script::new([at_surface_code().concat(), step(COUNT, "63C1")]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    gate.select(ApplicationName::TextAttributes).unwrap();
    gate.open(FileName::Key(crate::card::Key::SurfaceCode)).unwrap();
    gate.count_tries().unwrap();
    let refused = gate.present(&code, LastTry::NotConfirmed).unwrap_err();
    assert_eq!(refused, GateError::Refused(Refusal::LastTryNotConfirmed));
    assert!(!format!("{:?}", gate.incidents()).contains("0201"));
    drop(gate);
    wire.finished();
}

#[test]
fn after_a_lost_answer_nothing_counts_as_selected() {
    for lost in [breaks("00A4020C02 000A", WireError::TimedOut), breaks("00A4020C02 000A", WireError::Busy)] {
        let mut wire = Script::new([step(SELECT_JPKI, "9000"), lost]);
        let mut gate = Gate::new(&mut wire, KNOWN[0]);
        gate.select(ApplicationName::Authentication).unwrap();
        gate.open(FileName::AuthenticationCertificate).unwrap_err();
        assert_eq!(refusal(&mut gate, "00B0000000"), Some(Refusal::NothingSelected));
        assert_eq!(refusal(&mut gate, "00A4020C02 000A"), Some(Refusal::NothingSelected));
        drop(gate);
        wire.finished();
    }
}

#[test]
fn a_wire_that_ended_is_not_spoken_to_again() {
    for (answer, expected) in [
        (Err(WireError::CardGone), WireError::CardGone),
        (Err(WireError::ReaderGone), WireError::ReaderGone),
        (Err(WireError::ServiceGone), WireError::ServiceGone),
        (Ok(vec![]), WireError::CardGone),
        (Ok(vec![0x90]), WireError::CardGone),
    ] {
        let mut wire = Script::new([step(SELECT_JPKI, "9000"), vec![(hex("00A4020C020006"), answer)]]);
        let mut gate = Gate::new(&mut wire, KNOWN[0]);
        gate.select(ApplicationName::Authentication).unwrap();
        assert_eq!(gate.open(FileName::TokenInformation), Err(GateError::Wire(expected)));
        assert_eq!(gate.select(ApplicationName::Authentication), Err(GateError::Wire(expected)));
        assert_eq!(gate.close(), Err(expected));
        drop(gate);
        wire.finished();
    }
}

#[test]
fn a_fault_right_after_power_up_is_asked_again_and_only_then() {
    let mut wire = Script::new([
        step(SELECT_JPKI, "6F00"),
        step(SELECT_JPKI, "9000"),
        step("00A4020C02 0006", "6F00"),
        step(SELECT_ISD, "9000"),
    ]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    assert_eq!(gate.select(ApplicationName::Authentication), Ok(Status::Done));
    assert_eq!(gate.open(FileName::TokenInformation), Ok(Status::CardFault));
    gate.close().unwrap();
    gate.close().unwrap();
    drop(gate);
    wire.finished();
}

#[test]
fn a_card_that_names_the_right_length_is_asked_once_more() {
    let mut wire = Script::new([
        step(SELECT_JPKI, "9000"),
        step("00A4020C02 0006", "9000"),
        step("00B0000020", "6C02"),
        step("00B0000002", "4A509000"),
    ]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    gate.select(ApplicationName::Authentication).unwrap();
    gate.open(FileName::TokenInformation).unwrap();
    assert_eq!(gate.read(0, 32).unwrap().data(), b"JP");
    drop(gate);
    wire.finished();
}

#[test]
fn incidents_have_a_bound() {
    let mut wire = Script::new([]);
    let mut gate = Gate::new(&mut wire, KNOWN[0]);
    (0..200).for_each(|_| assert_eq!(refusal(&mut gate, "00B0810000"), Some(Refusal::UnlistedForm)));
    assert_eq!(gate.incidents().len(), 64);
}
