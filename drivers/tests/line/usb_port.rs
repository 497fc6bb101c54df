//! Hub ports and device permissions in a tree like the kernel's.

use std::fs;
use std::path::PathBuf;

use drivers::power::{PowerFault, PowerState, PowerSwitch, SwitchKind, Switched};
use drivers::usb_port::{DeviceAuthorization, HubPort, UsbAddress};
use tempfile::TempDir;

struct Tree {
    root: TempDir,
}

impl Tree {
    fn with(files: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Self { root }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }
}

fn device(text: &str) -> UsbAddress {
    UsbAddress::parse(text).unwrap()
}

const PORT: &str = "1-1:1.0/1-1-port2/disable";

#[test]
fn a_port_is_switched_off_and_on_and_read_back() {
    let tree = Tree::with(&[(PORT, "0\n")]);
    let mut port = HubPort::below(tree.root.path(), &device("1-1.2"));
    assert_eq!((port.state(), port.kind()), (Ok(PowerState::On), SwitchKind::HubPort));
    assert_eq!(port.off(), Ok(Switched::Confirmed));
    assert_eq!((tree.read(PORT).as_str().trim(), port.state()), ("1", Ok(PowerState::Off)));
    assert_eq!((port.on(), port.state()), (Ok(Switched::Confirmed), Ok(PowerState::On)));
}

#[test]
fn a_port_of_the_root_hub_has_its_own_name() {
    let file = "usb1/1-0:1.0/usb1-port4/disable";
    let tree = Tree::with(&[(file, "0\n")]);
    assert_eq!(HubPort::below(tree.root.path(), &device("1-4")).off(), Ok(Switched::Confirmed));
    assert_eq!(tree.read(file).trim(), "1");
}

#[test]
fn both_halves_of_a_usb_3_port_go_together() {
    let other = "2-1:1.0/2-1-port2/disable";
    let tree = Tree::with(&[(PORT, "0\n"), (other, "0\n")]);
    let both =
        || HubPort::below(tree.root.path(), &device("1-1.2")).with_other_half(tree.root.path(), &device("2-1.2"));
    assert_eq!((both().off(), both().state()), (Ok(Switched::Confirmed), Ok(PowerState::Off)));
    fs::write(tree.path(PORT), "0\n").unwrap();
    assert_eq!(both().state(), Ok(PowerState::On), "one half feeds the device");
    fs::remove_file(tree.path(PORT)).unwrap();
    assert_eq!(both().on(), Err(PowerFault::NotSupported));
    assert_eq!(tree.read(other).trim(), "0", "the other half was switched on all the same");
}

#[test]
fn an_older_kernel_is_told_from_a_missing_hub_and_nothing_is_created() {
    let tree = Tree::with(&[("1-1:1.0/1-1-port2/connect_type", "hotplug\n")]);
    let mut port = HubPort::below(tree.root.path(), &device("1-1.2"));
    assert_eq!((port.off(), port.state()), (Err(PowerFault::NotSupported), Err(PowerFault::NotSupported)));
    assert_eq!(HubPort::below(tree.root.path(), &device("1-7.2")).off(), Err(PowerFault::SwitchGone));
    assert!(!tree.path(PORT).exists());
}

#[test]
fn a_file_that_does_not_keep_the_value_did_not_switch() {
    let tree = Tree::with(&[("1-1:1.0/1-1-port2/kept", "")]);
    std::os::unix::fs::symlink("/dev/null", tree.path(PORT)).unwrap();
    let mut port = HubPort::below(tree.root.path(), &device("1-1.2"));
    assert_eq!((port.off(), port.state()), (Err(PowerFault::DidNotSwitch), Ok(PowerState::NotKnown)));
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let tree = Tree::with(&[("1-1:1.0/1-1-port2/disable/in_the_way", "")]);
    assert_eq!(HubPort::below(tree.root.path(), &device("1-1.2")).off(), Err(PowerFault::NotWorking));
}

#[test]
fn a_device_is_taken_from_its_driver_and_given_back() {
    let tree = Tree::with(&[("1-1.2/authorized", "1\n")]);
    let mut permission = DeviceAuthorization::below(tree.root.path(), &device("1-1.2"));
    assert_eq!((permission.state(), permission.kind()), (Ok(PowerState::On), SwitchKind::Authorization));
    assert_eq!((permission.off(), permission.state()), (Ok(Switched::Confirmed), Ok(PowerState::Off)));
    assert_eq!((permission.on(), permission.state()), (Ok(Switched::Confirmed), Ok(PowerState::On)));
    fs::remove_dir_all(tree.path("1-1.2")).unwrap();
    assert_eq!(permission.off(), Err(PowerFault::SwitchGone), "unplugged");
}
