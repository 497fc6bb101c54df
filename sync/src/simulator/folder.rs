//! The three folders of the exchange (`oqs-interface §1.1`): looking, taking, publishing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folders the terminal shares.
#[derive(Clone, Debug)]
pub struct SimFolders {
    /// Requests, written by the clinic.
    pub req: PathBuf,
    /// Results, written by the terminal.
    pub res: PathBuf,
    /// Card readings, written by the terminal.
    pub face: PathBuf,
}

impl SimFolders {
    /// `req`, `res` and `face` below one parent.
    pub fn below(parent: &Path) -> SimFolders {
        SimFolders { req: parent.join("req"), res: parent.join("res"), face: parent.join("face") }
    }

    /// Makes what is missing; names the folder that could not be made.
    pub(crate) fn create(&self) -> Result<(), (&'static str, io::Error)> {
        for (name, path) in [("req", &self.req), ("res", &self.res), ("face", &self.face)] {
            fs::create_dir_all(path).map_err(|error| (name, error))?;
        }
        Ok(())
    }

    pub(crate) fn folder(&self, place: Place) -> &Path {
        match place {
            Place::Res => &self.res,
            Place::Face => &self.face,
        }
    }
}

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Res,
    Face,
}

/// Names (without `.xml`) of the files lying in `req`, sorted.
pub(crate) fn waiting(req: &Path) -> io::Result<Vec<String>> {
    let mut stems = Vec::new();
    for entry in fs::read_dir(req)? {
        let entry = entry?;
        let name = entry.file_name();
        if let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(".xml"))
            && entry.file_type()?.is_file()
        {
            stems.push(stem.to_owned());
        }
    }
    stems.sort();
    Ok(stems)
}

/// The content of a request; `None` when it is larger than allowed.
pub(crate) fn peek(req: &Path, stem: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
    let path = req.join(format!("{stem}.xml"));
    if fs::metadata(&path)?.len() > most {
        return Ok(None);
    }
    fs::read(path).map(Some)
}

/// Takes the request out of `req`; false when its writer took it back meanwhile.
pub(crate) fn take(req: &Path, stem: &str) -> bool {
    fs::remove_file(req.join(format!("{stem}.xml"))).is_ok()
}

/// Publishes a complete file: own temporary name, then renamed. Not flushed: a practice terminal outlives no power cut.
pub(crate) fn publish(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join(format!("~{name}.part"));
    fs::write(&temporary, bytes)?;
    fs::rename(temporary, folder.join(name))
}

/// Writes under the final name at once, the way careless writers do.
pub(crate) fn write_start(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::write(folder.join(name), bytes)
}

/// Adds the missing rest to a file begun by [`write_start`]; writes it whole when it is gone or changed.
pub(crate) fn write_rest(folder: &Path, name: &str, start: usize, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(name);
    match fs::metadata(&path) {
        Ok(found) if found.len() == start as u64 => {
            fs::OpenOptions::new().append(true).open(path)?.write_all(&bytes[start..])
        }
        _ => publish(folder, name, bytes),
    }
}
