//! The place of a device in the tree of hubs.

use std::fmt;
use std::path::PathBuf;

/// Where a device is plugged in, in the kernel's words: bus, then port after port (`1-1.2`). It stays with the plug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbAddress {
    bus: u8,
    ports: Vec<u8>,
}

/// The text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRefused;

/// USB allows five hubs between root and device.
const MOST_PORTS: usize = 7;

impl UsbAddress {
    /// Reads `1-4` or `1-1.2`; anything else, a path in particular, is refused.
    pub fn parse(text: &str) -> Result<Self, AddressRefused> {
        let (bus, ports) = text.split_once('-').ok_or(AddressRefused)?;
        let ports = ports.split('.').map(number).collect::<Option<Vec<u8>>>().ok_or(AddressRefused)?;
        let bus = number(bus).ok_or(AddressRefused)?;
        if ports.len() > MOST_PORTS { Err(AddressRefused) } else { Ok(Self { bus, ports }) }
    }

    /// The device's own folder below `/sys/bus/usb/devices`.
    pub(super) fn device_folder(&self) -> PathBuf {
        PathBuf::from(self.to_string())
    }

    /// The folder of the hub's port that the device is plugged into. A root hub has a name of its own.
    pub(super) fn port_folder(&self) -> PathBuf {
        let (port, above) = self.ports.split_last().unwrap_or((&0, &[]));
        if above.is_empty() {
            let bus = self.bus;
            return PathBuf::from(format!("usb{bus}/{bus}-0:1.0/usb{bus}-port{port}"));
        }
        let hub = Self { bus: self.bus, ports: above.to_vec() };
        PathBuf::from(format!("{hub}:1.0/{hub}-port{port}"))
    }
}

/// 1 to 255, without sign or leading zero.
fn number(text: &str) -> Option<u8> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    plain.then(|| text.parse().ok())?
}

impl fmt::Display for UsbAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ports: Vec<String> = self.ports.iter().map(u8::to_string).collect();
        write!(formatter, "{}-{}", self.bus, ports.join("."))
    }
}

impl fmt::Display for AddressRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "USBの位置は 1-1.2 の形で指定してください。 / Name the place of the USB device in the form 1-1.2.",
        )
    }
}

impl std::error::Error for AddressRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_device_is_found_from_its_address() {
        let folder = |text| UsbAddress::parse(text).map(|address| address.port_folder());
        assert_eq!(folder("1-1.2"), Ok("1-1:1.0/1-1-port2".into()));
        assert_eq!(folder("2-4.3.10"), Ok("2-4.3:1.0/2-4.3-port10".into()));
        assert_eq!(folder("1-1"), Ok("usb1/1-0:1.0/usb1-port1".into()));
        assert_eq!(UsbAddress::parse("1-1.2").map(|address| address.device_folder()), Ok("1-1.2".into()));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "1",
            "1-",
            "-1",
            "1-1.",
            "1-1..2",
            "../1-1",
            "1-1/..",
            "1-0",
            "0-1",
            "1-256",
            "usb1",
            "1-+1",
            "1-1.1.1.1.1.1.1.1",
        ] {
            assert_eq!(UsbAddress::parse(text), Err(AddressRefused), "{text}");
        }
    }
}
