//! Relay boards of each dialect, and what else may sit at the end of the cable.

use drivers::power::{PowerFault, PowerState, PowerSwitch, SwitchKind, Switched};
use drivers::relay::{Channel, Dialect, RelayBoard, RelaySettings, Wiring};
use serialport::TTYPort;

use crate::plug::{Answering, Plugged, Socket};

const RELAYS: usize = 2;
const ON: u8 = 1;

/// What a board says when it is asked, piece by piece.
type Answer = fn(&[u8; RELAYS]) -> Vec<Vec<u8>>;

fn channel(number: u8) -> Channel {
    Channel::new(number).unwrap()
}

fn board(device: &Plugged, dialect: Dialect, wiring: Wiring) -> RelayBoard {
    let path = device.path().to_str().unwrap();
    RelayBoard::new(RelaySettings::new(path, channel(1), channel(RELAYS as u8), dialect, wiring).unwrap())
}

/// A board with two relays that obeys the two plain operations and answers its question in this way.
fn obedient(device: Plugged, answer: Answer) -> Answering {
    let mut relays = [0; RELAYS];
    device.answering(move |bytes| match bytes {
        [0xa0, relay, operation @ (0 | 1), _] => {
            relays[usize::from(*relay) - 1] = *operation;
            Vec::new()
        }
        [0xff] | [0xa0, _, 0x05, _] => answer(&relays),
        other => panic!("a frame that must never be sent: {other:02x?}"),
    })
}

fn text(relays: &[u8; RELAYS]) -> Vec<Vec<u8>> {
    let word = |relay: u8| if relay == ON { "ON" } else { "OFF" };
    let whole = format!("CH1: {}\r\nCH2: {}\r\n", word(relays[0]), word(relays[1])).into_bytes();
    // in pieces, as a slow board does
    whole.chunks(5).map(<[u8]>::to_vec).collect()
}

fn binary(relays: &[u8; RELAYS]) -> Vec<Vec<u8>> {
    vec![relays.to_vec()]
}

fn frame(relays: &[u8; RELAYS]) -> Vec<Vec<u8>> {
    let sum = 0xa0_u8 + 1 + relays[0];
    vec![vec![0xa0, 1], vec![relays[0], sum]]
}

fn silence(_: &[u8; RELAYS]) -> Vec<Vec<u8>> {
    Vec::new()
}

#[test]
fn boards_that_answer_confirm_each_command() {
    let dialects: [(Dialect, Answer); 3] =
        [(Dialect::Feedback, frame), (Dialect::FfText, text), (Dialect::FfBinary, binary)];
    for (dialect, answer) in dialects {
        for wiring in [Wiring::NormallyClosed, Wiring::NormallyOpen] {
            let socket = Socket::new();
            let device = socket.plug();
            let mut switch = board(&device, dialect, wiring);
            let _board = obedient(device, answer);
            assert_eq!(switch.off(), Ok(Switched::Confirmed), "{dialect:?} {wiring:?}");
            assert_eq!(switch.state(), Ok(PowerState::Off));
            assert_eq!(switch.on(), Ok(Switched::Confirmed));
            assert_eq!((switch.state(), switch.kind()), (Ok(PowerState::On), SwitchKind::Relay));
        }
    }
}

#[test]
fn boards_that_say_nothing_get_the_plain_commands_and_no_question() {
    for dialect in [Dialect::Plain, Dialect::Pro] {
        let socket = Socket::new();
        let device = socket.plug();
        let mut switch = board(&device, dialect, Wiring::NormallyClosed);
        let board = obedient(device, silence);
        assert_eq!((switch.off(), switch.on()), (Ok(Switched::Sent), Ok(Switched::Sent)));
        assert_eq!(switch.state(), Ok(PowerState::NotKnown));
        assert_eq!(board.unplug(), [0xa0, 1, 1, 0xa2, 0xa0, 1, 0, 0xa1], "{dialect:?}");
    }
}

#[test]
fn the_wiring_decides_what_off_means() {
    let socket = Socket::new();
    let device = socket.plug();
    let mut switch = board(&device, Dialect::Plain, Wiring::NormallyOpen);
    let board = obedient(device, silence);
    assert_eq!((switch.off(), switch.on()), (Ok(Switched::Sent), Ok(Switched::Sent)));
    assert_eq!(board.unplug(), [0xa0, 1, 0, 0xa1, 0xa0, 1, 1, 0xa2]);
}

#[test]
fn a_board_that_does_not_switch_is_told() {
    let socket = Socket::new();
    let device = socket.plug();
    let mut switch = board(&device, Dialect::FfBinary, Wiring::NormallyClosed);
    let _stuck = obedient(device, |_| vec![vec![0; RELAYS]]);
    assert_eq!(switch.off(), Err(PowerFault::DidNotSwitch));
    assert_eq!(switch.on(), Ok(Switched::Confirmed));
}

#[test]
fn a_wrong_dialect_silence_and_chatter_leave_the_state_unknown() {
    let answers: [(Dialect, Answer); 5] = [
        (Dialect::FfBinary, text),
        (Dialect::FfText, binary),
        (Dialect::Feedback, |_| vec![vec![0xa0, 1, 1, 0xff]]),
        (Dialect::FfText, silence),
        (Dialect::FfText, |_| vec![b"CH1: OFF\r\n".repeat(60)]),
    ];
    for (dialect, answer) in answers {
        let socket = Socket::new();
        let device = socket.plug();
        let mut switch = board(&device, dialect, Wiring::NormallyClosed);
        let _board = obedient(device, answer);
        assert_eq!(switch.off(), Ok(Switched::Sent), "{dialect:?}");
        assert_eq!(switch.state(), Ok(PowerState::NotKnown), "{dialect:?}");
    }
}

#[test]
fn a_board_that_vanishes_between_off_and_on_is_found_again() {
    let socket = Socket::new();
    let device = socket.plug();
    let mut switch = board(&device, Dialect::FfText, Wiring::NormallyClosed);
    let first = obedient(device, text);
    assert_eq!(switch.off(), Ok(Switched::Confirmed));
    first.unplug();
    assert_eq!(switch.on(), Err(PowerFault::SwitchGone));
    let _again = obedient(socket.plug(), text);
    assert_eq!((switch.on(), switch.state()), (Ok(Switched::Confirmed), Ok(PowerState::On)));
}

#[test]
fn a_board_that_another_program_holds_is_told_and_gets_no_frame() {
    let socket = Socket::new();
    let device = socket.plug();
    let mut switch = board(&device, Dialect::Plain, Wiring::NormallyClosed);
    let other = TTYPort::open(&serialport::new(device.path().to_str().unwrap(), 9600)).unwrap();
    let board = obedient(device, silence);
    assert_eq!(switch.off(), Err(PowerFault::HeldByAnother));
    drop(other);
    assert_eq!(board.unplug(), []);
}

#[test]
fn old_answers_in_the_line_are_not_taken_for_new_ones() {
    let socket = Socket::new();
    let mut device = socket.plug();
    device.send(b"CH1: ON\r\nCH2: ON\r\n");
    let mut switch = board(&device, Dialect::FfText, Wiring::NormallyClosed);
    let _board = obedient(device, text);
    assert_eq!(switch.state(), Ok(PowerState::On), "released, whatever the old answer said");
}
