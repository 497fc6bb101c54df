//! One open line.

use std::fs;
use std::io::{ErrorKind as Io, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use serialport::{ClearBuffer, DataBits, ErrorKind, FlowControl, Parity, SerialPort, StopBits, TTYPort};

use super::{LineFault, SerialSettings};

/// A raw line. Closed when dropped.
pub(crate) struct SerialLine {
    port: TTYPort,
}

/// How long a device may take to accept a few bytes.
const WRITE_PATIENCE: Duration = Duration::from_millis(500);

impl SerialLine {
    /// Opens the line and clears what waited in it. The number says how many bytes that were.
    pub fn open(settings: &SerialSettings) -> Result<(Self, usize), LineFault> {
        let path = settings.path().to_str().ok_or(LineFault::CannotOpen)?;
        let builder = serialport::new(path, settings.baud)
            .data_bits(DataBits::Eight)
            .parity(Parity::None)
            .stop_bits(StopBits::One)
            .flow_control(FlowControl::None)
            .exclusive(settings.exclusive);
        let port = TTYPort::open(&builder).map_err(|error| not_opened(error.kind()))?;
        let stale = port.bytes_to_read().map_err(|error| not_opened(error.kind()))?;
        port.clear(ClearBuffer::Input).map_err(|error| not_opened(error.kind()))?;
        Ok((Self { port }, stale as usize))
    }

    /// Looks whether it is still the line that was asked for: the device is there, the path still names it, and it stands as the
    /// settings say. Nothing is read or written.
    pub fn check(&self, settings: &SerialSettings) -> Result<(), LineFault> {
        self.port.bytes_to_read().map_err(|_| LineFault::Gone)?;
        let named = fs::metadata(settings.path()).map_err(|_| LineFault::Gone)?;
        let ours =
            fs::metadata(format!("/proc/self/fd/{}", self.port.as_raw_fd())).map_err(|_| LineFault::CannotOpen)?;
        if named.rdev() != ours.rdev() {
            return Err(LineFault::Gone);
        }
        let port = &self.port;
        let stands = port.data_bits().is_ok_and(|bits| bits == DataBits::Eight)
            && port.parity().is_ok_and(|parity| parity == Parity::None)
            && port.stop_bits().is_ok_and(|bits| bits == StopBits::One)
            && port.baud_rate().is_ok_and(|baud| baud == settings.baud);
        if stands { Ok(()) } else { Err(LineFault::CannotOpen) }
    }

    /// Reads what is there, waiting at most so long for the first byte; 0 means that the line stayed quiet.
    pub fn read(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, LineFault> {
        self.port.set_timeout(patience).map_err(|_| LineFault::Gone)?;
        loop {
            match self.port.read(buffer) {
                // a line that ends does not come back: an unplugged device reads as the end, or as an error
                Ok(0) => return Err(LineFault::Gone),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == Io::TimedOut => return Ok(0),
                Err(error) if error.kind() == Io::Interrupted => {}
                Err(_) => return Err(LineFault::Gone),
            }
        }
    }

    /// Writes all bytes. That they arrived is not said.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), LineFault> {
        self.port.set_timeout(WRITE_PATIENCE).map_err(|_| LineFault::Gone)?;
        self.port.write_all(bytes).map_err(|error| match error.kind() {
            Io::TimedOut => LineFault::NotTaking,
            _ => LineFault::Gone,
        })
    }
}

/// `NoDevice` is what the crate says when the exclusive lock is held (measured, `pcsc-and-serial §4`).
fn not_opened(kind: ErrorKind) -> LineFault {
    match kind {
        ErrorKind::NoDevice => LineFault::HeldByAnother,
        ErrorKind::Io(Io::NotFound) => LineFault::Gone,
        ErrorKind::Io(Io::PermissionDenied) => LineFault::NotPermitted,
        ErrorKind::Io(_) | ErrorKind::InvalidInput | ErrorKind::Unknown => LineFault::CannotOpen,
    }
}
