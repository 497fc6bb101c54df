//! This box and what is plugged into it, as Linux shows them.

use super::item;
use domain::text::Text;
use std::path::Path;
use web::port::{LedgerItem, MemberItem};

/// Hubs are part of the furniture.
const HUB: &str = "09";

/// The machine this program runs on. A PC tells by its DMI tables, a single-board computer by its device tree.
pub(super) fn this_box(system: &Path, own: Option<&MemberItem>) -> LedgerItem {
    let read = |path: &str| line(&system.join(path));
    let maker = read("sys/class/dmi/id/sys_vendor");
    let product = read("sys/class/dmi/id/product_name").or_else(|| read("proc/device-tree/model"));
    let serial = read("sys/class/dmi/id/product_serial").or_else(|| read("proc/device-tree/serial-number"));
    let release = std::fs::read_to_string(system.join("etc/os-release")).unwrap_or_default();
    let system_name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map(|name| name.trim_matches('"').to_owned());
    let kernel = read("proc/sys/kernel/osrelease").unwrap_or_default();
    let model = [maker, product].into_iter().flatten().collect::<Vec<_>>().join(" ");
    LedgerItem {
        name: own.map(|own| own.name.clone()).unwrap_or_default(),
        model,
        serial: [serial, own.map(|own| own.id.clone())].into_iter().flatten().collect::<Vec<_>>().join(" / "),
        firmware: format!(
            "uketsuke {} / {} / Linux {kernel}",
            env!("CARGO_PKG_VERSION"),
            system_name.unwrap_or_default()
        ),
        since: own.map(|own| own.since),
        state: Some(Text::new("この箱", "this box")),
        ..item("box", "受付機", "Box")
    }
}

/// What is plugged in by USB, hubs left out.
pub(super) fn usb(system: &Path) -> Vec<LedgerItem> {
    let Ok(all) = std::fs::read_dir(system.join("sys/bus/usb/devices")) else { return Vec::new() };
    let mut found: Vec<LedgerItem> = all.flatten().filter_map(|entry| plugged(&entry.path())).collect();
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found
}

fn plugged(folder: &Path) -> Option<LedgerItem> {
    let read = |name: &str| line(&folder.join(name));
    let (maker, kind) = (read("idVendor")?, read("idProduct")?);
    if read("bDeviceClass").as_deref() == Some(HUB) {
        return None;
    }
    let model = [read("manufacturer"), read("product")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(LedgerItem {
        name: format!("{maker}:{kind}"),
        model,
        serial: read("serial").unwrap_or_default(),
        firmware: read("bcdDevice").unwrap_or_default(),
        place: format!("USB {}", folder.file_name()?.to_string_lossy()),
        ..item("usb", "USB機器", "USB device")
    })
}

/// The first line of a small file, without what ends it.
fn line(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().next()?.trim_matches(|c: char| c.is_whitespace() || c == '\0').to_owned();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[test]
    fn a_machine_and_its_usb_devices_are_read_and_hubs_are_not() {
        let system = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = system.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("proc/device-tree/model", "Raspberry Pi 5 Model B\0");
        put("proc/device-tree/serial-number", "100000001234\0");
        put("etc/os-release", "PRETTY_NAME=\"Debian 13\"\n");
        for (port, class, product) in [("1-1", "09", "Hub"), ("1-1.2", "00", "RC-S300")] {
            put(&format!("sys/bus/usb/devices/{port}/idVendor"), "054c\n");
            put(&format!("sys/bus/usb/devices/{port}/idProduct"), "0dc8\n");
            put(&format!("sys/bus/usb/devices/{port}/bDeviceClass"), &format!("{class}\n"));
            put(&format!("sys/bus/usb/devices/{port}/product"), &format!("{product}\n"));
            put(&format!("sys/bus/usb/devices/{port}/bcdDevice"), "0101\n");
        }
        let found = this_box(system.path(), None);
        assert_eq!((found.model.as_str(), found.serial.as_str()), ("Raspberry Pi 5 Model B", "100000001234"));
        assert!(found.firmware.contains("Debian 13"), "{}", found.firmware);
        let usb = usb(system.path());
        assert_eq!(usb.len(), 1);
        assert_eq!(
            (usb[0].model.as_str(), usb[0].firmware.as_str(), usb[0].place.as_str()),
            ("RC-S300", "0101", "USB 1-1.2")
        );
    }
}
