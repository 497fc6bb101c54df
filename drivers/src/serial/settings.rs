//! Which line, and how.

use std::fmt;
use std::path::{Path, PathBuf};

/// A serial line as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSettings {
    path: PathBuf,
    /// Bits a second; a line over USB (CDC) ignores it.
    pub baud: u32,
    /// Whether other programs are kept off. Off only where a crash may leave the mark behind: on a pseudo terminal it stays
    /// as long as the far end lives.
    pub exclusive: bool,
}

/// Why a path cannot name a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathRefused {
    /// Not an absolute path of printable characters.
    Form,
    /// A number given in the order of plugging in (`ttyUSB0`): after a re-plug it may be another device.
    ChangesAfterReplug,
}

impl SerialSettings {
    /// A line by its path, for example `/dev/serial/by-id/…`: exclusive, at 115,200 bits a second.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, PathRefused> {
        let path = path.into();
        let printable = path.to_str().is_some_and(|text| !text.chars().any(char::is_control));
        if path.is_absolute() && printable {
            Ok(Self { path, baud: 115_200, exclusive: true })
        } else {
            Err(PathRefused::Form)
        }
    }

    /// The same, but only by a path that stays with the plug or the device (`/dev/serial/by-path/…`, `by-id/…`).
    /// Required wherever writing to the wrong device would do something.
    pub fn lasting(path: impl Into<PathBuf>) -> Result<Self, PathRefused> {
        let settings = Self::new(path)?;
        let name = settings.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let numbered = settings.path.parent() == Some(Path::new("/dev"))
            && (name.starts_with("ttyUSB") || name.starts_with("ttyACM"));
        if numbered { Err(PathRefused::ChangesAfterReplug) } else { Ok(settings) }
    }

    /// At another speed.
    pub fn at_baud(self, baud: u32) -> Self {
        Self { baud, ..self }
    }

    /// Without keeping other programs off.
    pub fn shared(self) -> Self {
        Self { exclusive: false, ..self }
    }

    /// The path of the device.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for PathRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Form => {
                "シリアルポートは / で始まるパスで指定してください。 / Name the serial port by a path that begins with \"/\"."
            }
            Self::ChangesAfterReplug => {
                "この名前は差し直すと別の機器になることがあります。/dev/serial/by-path/ の名前を使ってください。 / \
                 This name may be another device after a re-plug. Use a name from /dev/serial/by-path/."
            }
        })
    }
}

impl std::error::Error for PathRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named_by_an_absolute_path() {
        assert!(SerialSettings::new("/dev/ttyUSB0").is_ok_and(|line| line.exclusive && line.baud == 115_200));
        for path in ["", "ttyUSB0", "/dev/tty\n"] {
            assert_eq!(SerialSettings::new(path), Err(PathRefused::Form), "{path:?}");
        }
    }

    #[test]
    fn where_it_matters_the_path_must_stay_with_the_plug() {
        for path in ["/dev/ttyUSB0", "/dev/ttyACM3"] {
            assert_eq!(SerialSettings::lasting(path), Err(PathRefused::ChangesAfterReplug));
        }
        for path in ["/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", "/dev/ttyS0", "/dev/relay"] {
            assert!(SerialSettings::lasting(path).is_ok(), "{path}");
        }
    }
}
