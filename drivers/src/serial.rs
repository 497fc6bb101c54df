//! Serial lines: the one place that touches the `serialport` crate.
//!
//! A line is opened raw, 8N1, without flow control, and exclusively (`TIOCEXCL` and a lock on the file). Whatever waited
//! in the kernel from before is cleared at once and counted: yesterday's scan must not become today's patient.
//! Nothing is ever probed or listed; the path is a setting.

mod fault;
mod line;
mod settings;

pub use fault::LineFault;
pub(crate) use line::SerialLine;
pub use settings::{PathRefused, SerialSettings};
