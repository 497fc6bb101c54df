//! A relay on a real line: from the settings of the box to the bytes on the wire.

use super::place::{devices, hardware, japan, open, until, until_device};
use serialport::{SerialPort, TTYPort};
use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use uketsuke::clock::Clock;
use uketsuke::schedule::RecordedReboot;
use web::port::DeviceLamp;

/// The far end of the line: a board that writes down what it hears and answers as its dialect says.
struct Board {
    frames: Receiver<([u8; 4], Instant)>,
    path: String,
    _near: TTYPort,
}

impl Board {
    fn new() -> Board {
        let (mut far, near) = TTYPort::pair().unwrap();
        let path = near.name().unwrap();
        far.set_timeout(Duration::from_secs(120)).unwrap();
        let (heard, frames) = channel();
        std::thread::spawn(move || {
            let mut frame = [0; 4];
            while far.read_exact(&mut frame).is_ok() && heard.send((frame, Instant::now())).is_ok() {}
        });
        Board { frames, path, _near: near }
    }

    fn next(&self) -> ([u8; 4], Instant) {
        match self.frames.recv_timeout(Duration::from_secs(60)) {
            Ok(heard) => heard,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!("no frame came"),
        }
    }
}

const RELEASE: [u8; 4] = [0xA0, 0x02, 0x00, 0xA2];
const PULL_IN: [u8; 4] = [0xA0, 0x02, 0x01, 0xA3];

fn settings(board: &Board) -> String {
    format!(
        "[[face_reader]]\nname = '顔認証'\n[[relay]]\nname = '電源'\npath = '{}'\ndialect = 'plain'\nchannel = 2\nrelays = 4\n\
         wiring = 'nc'\ndevice = '顔認証'\n[hours]\nmon = '09:00-18:00'\n\
         [[restart]]\nline = '0 20 * * *'\nwhat = 'repower_readers'\n",
        board.path
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_restart_cuts_a_reader_off_and_gives_it_its_power_back() {
    let data = tempfile::tempdir().unwrap();
    let clock = Clock::by_hand(japan(23, 19, 0));
    let board = Board::new();
    let reception = open(&settings(&board), data.path(), &clock, hardware(&RecordedReboot::default()));
    let box_devices = devices(&reception);
    assert_eq!(board.next().0, RELEASE, "power first: a crash in between must not leave the reader dark");
    until_device(&box_devices, "電源", "the board", |item| item.lamp == DeviceLamp::Good).await;
    let told = box_devices.changes();
    until(&box_devices, "the line begins", |_| (*told.borrow() > 0).then_some(())).await;

    clock.set(japan(23, 20, 0));
    let cut = tokio::task::spawn_blocking(move || (board.next(), board.next(), board)).await.unwrap();
    let ((off, off_at), (on, on_at), board) = cut;
    assert_eq!((off, on), (PULL_IN, RELEASE));
    let dark = on_at - off_at;
    assert!(dark >= Duration::from_secs(3), "long enough for the reader to notice: {dark:?}");
    let item = until_device(&box_devices, "顔認証", "its history", |item| !item.history.is_empty()).await;
    assert!(item.history.iter().any(|change| change.what.ja.contains("予定")), "{:?}", item.history);
    assert!(board.frames.try_recv().is_err(), "once");
    reception.desk.stop().await;
}
