//! Readers on a USB bus, plugged in and out under a running service: scenario S6 of `pcsc-and-serial §2.1`.
//!
//! The bus is a mock under the service's libudev, the reader the virtual driver in a bundle of its own, so that the
//! service loads and removes it exactly as it does with hardware.

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{ChildStdin, Command};

use drivers::card::{CardWire, WireError};
use drivers::emulated::Profile;
use drivers::pcsc::{AfterUse, PcscReader, PcscWatch, Share};
use drivers::reader::{ReaderEvent, ReaderPort, ReaderState};

use crate::commands::{DONE, SELECT_CERTIFICATE, SELECT_JPKI, certificate};
use crate::world::{CardInSlot, SLOTS, World, alone, listener_once, order, reader, until};

const DRIVERS: &str = "/usr/lib/pcsc/drivers";
const BUNDLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>libifdvpcd.so</string>
<key>ifdManufacturerString</key><string>Practice</string>
<key>ifdProductString</key><string>Practice</string>
<key>ifdInterfaceVersion</key><string>2.0</string>
<key>ifdCapabilities</key><string>0x00000000</string>
<key>ifdVendorID</key><array><string>0x9001</string></array>
<key>ifdProductID</key><array><string>0x0001</string></array>
<key>ifdFriendlyName</key><array><string>Pluggable Reader</string></array>
</dict></plist>
"#;

/// The reader's cable in our hand.
struct Cable(ChildStdin);

impl Cable {
    fn plug(&mut self) {
        writeln!(self.0, "plug").unwrap();
    }

    fn unplug(&mut self) {
        writeln!(self.0, "unplug").unwrap();
    }
}

/// The service on a bus, with no reader of its own; and cards that wait for the two slots of the pluggable one.
fn bus(world: &World) -> (Cable, [CardInSlot; 2]) {
    install_bundle();
    world.without_readers();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pcsc/usb_bus.py");
    let mut program = Command::new("umockdev-wrapper");
    program.args(["/usr/bin/python3".as_ref(), script.as_os_str(), "pcscd".as_ref()]);
    let cable = Cable(world.start_service_with(program));
    (cable, [0, 1].map(|slot| CardInSlot::put(&order(Profile::Normal, slot.into()), card_socket(slot))))
}

/// The virtual driver as a driver for our pluggable reader, and no other driver.
fn install_bundle() {
    let library = fs::read(Path::new(DRIVERS).join("serial/libifdvpcd.so")).expect("Debian: vsmartcard-vpcd");
    assert!(Command::new("mount").args(["-t", "tmpfs", "tmpfs", DRIVERS]).status().unwrap().success());
    let contents = Path::new(DRIVERS).join("pluggable.bundle/Contents");
    fs::create_dir_all(contents.join("Linux")).unwrap();
    fs::write(contents.join("Info.plist"), BUNDLE).unwrap();
    fs::write(contents.join("Linux/libifdvpcd.so"), library).unwrap();
}

/// Where the card finds its reader. On a bus the driver calls the card, and the card its reader, so somebody has to
/// stand between them. The card must stay in: a driver that has lost the card it called takes the service down.
fn card_socket(slot: u16) -> SocketAddr {
    let driver_side = TcpListener::bind((Ipv4Addr::LOCALHOST, 9001 + slot)).unwrap();
    let card_side = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = card_side.local_addr().unwrap();
    std::thread::spawn(move || {
        for driver in driver_side.incoming() {
            join(driver.unwrap(), card_side.accept().unwrap().0);
        }
    });
    address
}

/// What one says the other hears, until one hangs up.
fn join(driver: TcpStream, card: TcpStream) {
    for line in [&driver, &card] {
        line.set_nodelay(true).unwrap();
    }
    let ways = [(driver.try_clone().unwrap(), card.try_clone().unwrap()), (card, driver)];
    for (mut from, mut to) in ways {
        std::thread::spawn(move || {
            let _hung_up = io::copy(&mut from, &mut to);
            for line in [from, to] {
                let _hung_up_before = line.shutdown(Shutdown::Both);
            }
        });
    }
}

/// The reader's name begins with what its bundle calls it.
fn plugged_reader(watch: &PcscWatch) -> PcscReader {
    let readers = watch.readers();
    until("the pluggable reader", || {
        readers.borrow().iter().find(|reader| reader.name().as_str().starts_with("Pluggable Reader")).cloned()
    })
}

fn has_card(state: &ReaderState) -> bool {
    matches!(state, ReaderState::CardPresent { .. })
}

#[test]
fn s06_a_reader_is_unplugged_under_an_open_handle_and_plugged_in_again() {
    alone(|world| {
        let (mut cable, [card, _other]) = bus(world);
        let watch = world.watch();
        until("the service", || watch.service().borrow().is_present().then_some(()));
        assert_eq!(watch.readers().borrow().len(), 0);
        cable.plug();
        let slot = plugged_reader(&watch);
        let mut listener = listener_once(&slot, "a card", has_card);
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(wire.transmit(&SELECT_JPKI).unwrap(), DONE);

        cable.unplug();
        assert_eq!(listener.hear(), ReaderEvent::Detached);
        // S6b: the handle is dead, and stays so when the reader is back
        let dead = wire.transmit(&SELECT_CERTIFICATE).unwrap_err();
        assert!(matches!(dead, WireError::ReaderGone | WireError::ServiceGone), "{dead:?}");
        let gone = world.cards().connect(slot.name(), Share::Exclusive).unwrap_err();
        assert_eq!(gone, WireError::ReaderGone);

        // S6c: only the notification of changes tells
        cable.plug();
        assert_eq!(listener.hear(), ReaderEvent::Attached);
        assert_eq!(listener.hear_insertion(), 2);
        assert_eq!(wire.transmit(&SELECT_CERTIFICATE), Err(dead));
        let mut wire = world.cards().connect(slot.name(), Share::Exclusive).unwrap();
        assert_eq!(certificate(&mut wire).unwrap(), card.knobs.authentication_certificate());
        wire.release(AfterUse::LeavePowered);
        assert_eq!(slot.status().ignored_events, 0);
        assert!(watch.service().borrow().is_present(), "a reader that goes is no trouble of the service");
    });
}

#[test]
fn s06d_a_reader_that_does_not_come_back_with_the_service_is_detached() {
    alone(|world| {
        world.start_service();
        let watch = world.watch();
        let slot = reader(&watch, SLOTS[0]);
        let mut listener = listener_once(&slot, "a ready slot", |state| matches!(state, ReaderState::Ready { .. }));
        world.stop_service("TERM");
        assert!(matches!(listener.hear(), ReaderEvent::Faulted { .. }));
        world.without_readers();
        world.start_service();
        assert_eq!(listener.hear(), ReaderEvent::Detached);
    });
}
