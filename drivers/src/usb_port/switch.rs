//! Hub port and driver binding as switches.

use std::path::{Path, PathBuf};

use super::address::UsbAddress;
use super::attribute::Attribute;
use crate::power::{PowerFault, PowerState, PowerSwitch, SwitchKind, Switched};

/// Where the kernel lists USB devices.
pub const DEVICES: &str = "/sys/bus/usb/devices";

/// The port of a hub: `disable` 1 and 0. With both halves of a USB 3 port when the settings name the second.
#[derive(Debug)]
pub struct HubPort {
    halves: Vec<Attribute>,
}

/// The kernel's permission for a device: `authorized` 0 and 1. The device is taken from its driver and found anew; its
/// power stays.
#[derive(Debug)]
pub struct DeviceAuthorization {
    file: Attribute,
}

impl HubPort {
    /// The port that this device is plugged into, below [`DEVICES`] or a tree like it.
    pub fn below(devices: &Path, device: &UsbAddress) -> Self {
        Self { halves: vec![disable_file(devices, device)] }
    }

    /// The other half of a USB 3 port (`2-1.2` beside `1-1.2`), switched together with the first.
    pub fn with_other_half(mut self, devices: &Path, device: &UsbAddress) -> Self {
        self.halves.push(disable_file(devices, device));
        self
    }

    /// All halves, even when one of them fails: half a port that is off must not stay so because of the other.
    fn switch(&self, disable: bool) -> Result<Switched, PowerFault> {
        let switched: Vec<_> = self.halves.iter().map(|half| set_and_check(half, disable)).collect();
        switched.into_iter().collect::<Result<Vec<_>, _>>().map(|_| Switched::Confirmed)
    }
}

impl PowerSwitch for HubPort {
    fn off(&mut self) -> Result<Switched, PowerFault> {
        self.switch(true)
    }

    fn on(&mut self) -> Result<Switched, PowerFault> {
        self.switch(false)
    }

    /// Off only when every half is.
    fn state(&mut self) -> Result<PowerState, PowerFault> {
        let halves: Vec<Option<bool>> = self.halves.iter().map(read).collect::<Result<_, _>>()?;
        Ok(match halves.as_slice() {
            halves if halves.iter().all(|half| *half == Some(true)) => PowerState::Off,
            halves if halves.contains(&Some(false)) => PowerState::On,
            _ => PowerState::NotKnown,
        })
    }

    fn kind(&self) -> SwitchKind {
        SwitchKind::HubPort
    }
}

impl DeviceAuthorization {
    /// The permission of this device, below [`DEVICES`] or a tree like it.
    pub fn below(devices: &Path, device: &UsbAddress) -> Self {
        Self { file: Attribute(devices.join(device.device_folder()).join("authorized")) }
    }
}

impl PowerSwitch for DeviceAuthorization {
    fn off(&mut self) -> Result<Switched, PowerFault> {
        set_and_check(&self.file, false)
    }

    fn on(&mut self) -> Result<Switched, PowerFault> {
        set_and_check(&self.file, true)
    }

    fn state(&mut self) -> Result<PowerState, PowerFault> {
        Ok(match read(&self.file)? {
            Some(true) => PowerState::On,
            Some(false) => PowerState::Off,
            None => PowerState::NotKnown,
        })
    }

    fn kind(&self) -> SwitchKind {
        SwitchKind::Authorization
    }
}

fn disable_file(devices: &Path, device: &UsbAddress) -> Attribute {
    Attribute([devices, &device.port_folder(), Path::new("disable")].iter().collect::<PathBuf>())
}

fn set_and_check(file: &Attribute, value: bool) -> Result<Switched, PowerFault> {
    file.set(value).map_err(|fault| told_apart(file, fault))?;
    match read(file)? {
        Some(now) if now == value => Ok(Switched::Confirmed),
        _ => Err(PowerFault::DidNotSwitch),
    }
}

fn read(file: &Attribute) -> Result<Option<bool>, PowerFault> {
    file.get().map_err(|fault| told_apart(file, fault))
}

/// Folder there and file not: a kernel before 6.0, or a hub without the means.
fn told_apart(file: &Attribute, fault: PowerFault) -> PowerFault {
    if fault == PowerFault::SwitchGone && file.has_folder() { PowerFault::NotSupported } else { fault }
}
