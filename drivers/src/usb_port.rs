//! Taking a USB device away without a relay: by its hub's port, or from its driver.
//!
//! ```text
//!   device 1-1.2 ─▶ hub 1-1, port 2 ─▶ 1-1:1.0/1-1-port2/disable     power, on hubs that can (Linux 6.0 or later)
//!                └▶ 1-1.2/authorized                                 driver only; the power stays
//! ```
//!
//! Few hubs really cut the 5 V, and a port of a USB 3 hub has two halves that must both be off. Whether a given hub cuts is
//! found out with a meter, not here.

mod address;
mod attribute;
mod switch;

pub use address::{AddressRefused, UsbAddress};
pub use switch::{DEVICES, DeviceAuthorization, HubPort};
