//! The steps.

use crate::health::trouble::DeviceFault;
use crate::reader::{Bilingual, ReaderFault};

/// One thing that may bring a device back. In order: the gentlest is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealingStep {
    /// Close the device and open it again.
    Reopen,
    /// Reset it: the card, the USB device, or its own reset command.
    Reset,
    /// Switch its USB port off and on.
    CycleUsbPort,
    /// Cut its supply with a relay and restore it.
    CycleRelay,
    /// Restart the service that runs readers.
    RestartService,
    /// Restart the box.
    Reboot,
}

impl HealingStep {
    /// The steps from the gentlest.
    pub const ALL: [Self; 6] =
        [Self::Reopen, Self::Reset, Self::CycleUsbPort, Self::CycleRelay, Self::RestartService, Self::Reboot];

    /// A short name that never changes, for history and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reopen => "reopen",
            Self::Reset => "reset",
            Self::CycleUsbPort => "cycle_usb_port",
            Self::CycleRelay => "cycle_relay",
            Self::RestartService => "restart_service",
            Self::Reboot => "reboot",
        }
    }

    /// The step in words, as a noun.
    pub fn name(self) -> Bilingual {
        let (ja, en) = match self {
            Self::Reopen => ("接続のやり直し", "reopening"),
            Self::Reset => ("リセット", "resetting"),
            Self::CycleUsbPort => ("USBポートの電源の入れ直し", "re-powering by the USB port"),
            Self::CycleRelay => ("リレーによる電源の入れ直し", "re-powering by the relay"),
            Self::RestartService => ("読み取りサービスの再起動", "restarting the reader service"),
            Self::Reboot => ("本体の再起動", "rebooting the box"),
        };
        Bilingual { ja, en }
    }

    /// It takes the device's power away. Never with a card on it (`prescription-code-and-relays §2.4`).
    pub fn cuts_power(self) -> bool {
        matches!(self, Self::CycleUsbPort | Self::CycleRelay)
    }

    /// It disturbs every reader of the box, not only the one it is for.
    pub fn is_box_wide(self) -> bool {
        matches!(self, Self::RestartService | Self::Reboot)
    }

    /// Whether it can be of any use against this fault.
    pub fn may_help(self, fault: &DeviceFault) -> bool {
        match fault {
            fault if fault.is_of_the_card() => false,
            DeviceFault::Missing => self > Self::Reset,
            DeviceFault::Reader(ReaderFault::ServiceGone) => self == Self::Reopen || self.is_box_wide(),
            _ => true,
        }
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }
}
