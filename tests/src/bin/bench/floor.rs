//! The floor under every promise of durability: one bare append of 4 KiB and the barrier behind it.

use crate::sample::Sample;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// What is appended: as much as the smallest write of the store, one page.
const BLOCK: [u8; 4096] = [0x5a; 4096];

/// A file that is appended to.
pub struct Floor(File);

impl Floor {
    /// In the folder of the record, so that both stand on the same disk.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Floor> {
        let path = folder.join("floor");
        Ok(Floor(OpenOptions::new().create(true).truncate(true).write(true).open(path)?))
    }

    /// One append and one `fdatasync`.
    pub fn append(&mut self) -> std::io::Result<()> {
        self.0.write_all(&BLOCK)?;
        self.0.sync_data()
    }

    /// Several, one after the other.
    pub fn sample(mut self, times: u32) -> anyhow::Result<Sample> {
        let mut sample = Sample::default();
        for _ in 0..times {
            sample.time(|| self.append())?;
        }
        Ok(sample)
    }
}
