//! One file of the kernel that holds `0` or `1`.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::power::PowerFault;

/// Such a file. It is written, never created.
#[derive(Debug)]
pub(super) struct Attribute(pub PathBuf);

impl Attribute {
    /// Writes the value; the kernel's own errors become words.
    pub fn set(&self, value: bool) -> Result<(), PowerFault> {
        let written = fs::OpenOptions::new()
            .write(true)
            .truncate(false)
            .open(&self.0)
            .and_then(|mut file| std::io::Write::write_all(&mut file, if value { b"1" } else { b"0" }));
        written.map_err(|error| fault(error.kind()))
    }

    /// Reads the value; `None` when it is neither.
    pub fn get(&self) -> Result<Option<bool>, PowerFault> {
        let text = fs::read_to_string(&self.0).map_err(|error| fault(error.kind()))?;
        Ok(match text.trim() {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        })
    }

    /// Whether the folder of the attribute is there.
    pub fn has_folder(&self) -> bool {
        self.0.parent().is_some_and(std::path::Path::is_dir)
    }
}

/// A missing file is told apart by its folder, see the switches.
fn fault(kind: ErrorKind) -> PowerFault {
    match kind {
        ErrorKind::NotFound => PowerFault::SwitchGone,
        ErrorKind::PermissionDenied => PowerFault::NotPermitted,
        ErrorKind::Unsupported => PowerFault::NotSupported,
        _ => PowerFault::NotWorking,
    }
}
