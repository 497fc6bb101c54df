//! The power of a USB port: from the settings of the box to the kernel's file, on a tree with the kernel's names.

use super::place::{devices, hardware, japan, open, says, until_device};
use serialport::{SerialPort, TTYPort};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uketsuke::clock::Clock;
use uketsuke::devices::Hardware;
use uketsuke::schedule::RecordedReboot;
use web::port::DeviceLamp;

/// `/sys/bus/usb/devices` as the kernel makes it: links into the folders of the controllers
/// (Documentation/ABI/testing/sysfs-bus-usb).
struct Tree {
    root: tempfile::TempDir,
}

const HUB: &str = "devices/pci0000:00/0000:00:14.0/usb1";

impl Tree {
    fn new() -> Tree {
        let root = tempfile::tempdir().unwrap();
        let listed = root.path().join("bus/usb/devices");
        fs::create_dir_all(&listed).unwrap();
        for port in ["1-0:1.0/usb1-port4", "1-1/1-1:1.0/1-1-port2"] {
            let port = root.path().join(HUB).join(port);
            fs::create_dir_all(&port).unwrap();
            fs::write(port.join("disable"), "0\n").unwrap();
        }
        for (name, target) in [("usb1", ""), ("1-0:1.0", "1-0:1.0"), ("1-1", "1-1"), ("1-1:1.0", "1-1/1-1:1.0")] {
            std::os::unix::fs::symlink(root.path().join(HUB).join(target), listed.join(name)).unwrap();
        }
        Tree { root }
    }

    fn devices(&self) -> PathBuf {
        self.root.path().join("bus/usb/devices")
    }

    fn file(&self, port: &str) -> PathBuf {
        self.root.path().join(HUB).join(port).join("disable")
    }

    fn read(&self, port: &str) -> String {
        fs::read_to_string(self.file(port)).unwrap().trim().to_owned()
    }

    /// Waits until the file says this.
    async fn until(&self, port: &str, value: &str) {
        let mut look = tokio::time::interval(Duration::from_millis(5));
        let waiting = async {
            while !self.read(port).starts_with(value) {
                look.tick().await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        came.unwrap_or_else(|_| panic!("{port} never said {value}: {}", self.read(port)));
    }
}

fn settings(line: &Path, usb: &str) -> String {
    format!("[[scanner]]\nname = '読取機'\npath = '{}'\nusb = '{usb}'\n", line.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_switched_off_in_the_kernels_file_and_given_back() {
    for (usb, port) in [("1-4", "1-0:1.0/usb1-port4"), ("1-1.2", "1-1/1-1:1.0/1-1-port2")] {
        let (data, tree) = (tempfile::tempdir().unwrap(), Tree::new());
        let (_far, line) = TTYPort::pair().unwrap();
        let clock = Clock::by_hand(japan(23, 10, 0));
        let settings = settings(Path::new(&line.name().unwrap()), usb);
        let ways = Hardware { usb_tree: tree.devices(), ..hardware(&RecordedReboot::default()) };
        let reception = open(&settings, data.path(), &clock, ways);
        let devices = devices(&reception);
        let item = until_device(&devices, "読取機", "ready", |item| item.lamp == DeviceLamp::Good).await;
        assert!(item.steps.iter().any(|step| step.step == "cycle_usb_port" && step.available), "{usb}");
        assert_eq!(tree.read(port), "0");

        devices.restart("読取機", "cycle_usb_port").await.unwrap();
        tree.until(port, "1").await;
        tree.until(port, "0").await;
        let item = until_device(&devices, "読取機", "its history", |item| !item.history.is_empty()).await;
        assert!(item.history.iter().any(|change| says(&change.what, "復旧中")), "{:?}", item.history);
        reception.desk.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_a_crash_left_dark_has_its_power_back_at_start() {
    let (data, tree) = (tempfile::tempdir().unwrap(), Tree::new());
    let (_far, line) = TTYPort::pair().unwrap();
    fs::write(tree.file("1-0:1.0/usb1-port4"), "1\n").unwrap();
    let clock = Clock::by_hand(japan(23, 10, 0));
    let settings = settings(Path::new(&line.name().unwrap()), "1-4");
    let ways = Hardware { usb_tree: tree.devices(), ..hardware(&RecordedReboot::default()) };
    let reception = open(&settings, data.path(), &clock, ways);
    assert!(tree.read("1-0:1.0/usb1-port4").starts_with('0'));
    reception.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_this_kernel_cannot_switch_is_refused_in_words() {
    let (data, tree) = (tempfile::tempdir().unwrap(), Tree::new());
    let (_far, line) = TTYPort::pair().unwrap();
    fs::remove_file(tree.file("1-0:1.0/usb1-port4")).unwrap();
    let clock = Clock::by_hand(japan(23, 10, 0));
    let settings = settings(Path::new(&line.name().unwrap()), "1-4");
    let ways = Hardware { usb_tree: tree.devices(), ..hardware(&RecordedReboot::default()) };
    let reception = open(&settings, data.path(), &clock, ways);
    let devices = devices(&reception);
    until_device(&devices, "読取機", "ready", |item| item.lamp == DeviceLamp::Good).await;
    devices.restart("読取機", "cycle_usb_port").await.unwrap();
    let said = |item: &web::port::DeviceItem| {
        item.history.iter().any(|change| says(&change.what, "このUSBポートは電源を切り替えられません"))
    };
    until_device(&devices, "読取機", "a refusal", said).await;
    assert!(!tree.file("1-0:1.0/usb1-port4").exists(), "a missing file is never made");
    reception.desk.stop().await;
}
