//! Backups on what is plugged in, so that nobody has to know a path by heart.

use crate::backup::Generations;
use std::path::{Path, PathBuf};
use web::port::BackupSeen;

/// Where sticks and shares are mounted.
const ROOTS: [&str; 3] = ["/media", "/run/media", "/mnt"];
/// How deep below them is looked: `/run/media/<person>/<stick>/<folder>`.
const DEPTH: usize = 3;
/// Most folders looked into.
const MOST: usize = 200;

/// Folders with backups, newest first.
pub(super) fn backups_seen() -> Vec<BackupSeen> {
    let mut folders: Vec<PathBuf> = ROOTS.iter().map(PathBuf::from).filter(|root| root.is_dir()).collect();
    let mut from = 0;
    for _ in 0..DEPTH {
        let level: Vec<PathBuf> = folders[from..].to_vec();
        from = folders.len();
        folders.extend(level.iter().flat_map(|folder| inside(folder)));
        folders.truncate(MOST);
        from = from.min(folders.len());
    }
    let mut seen: Vec<BackupSeen> = folders.iter().filter_map(|folder| newest(folder)).collect();
    seen.sort_by_key(|one| std::cmp::Reverse(one.made_at));
    seen
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|e| e.path()).collect();
    folders.sort();
    folders
}

fn newest(folder: &Path) -> Option<BackupSeen> {
    let all = Generations::in_folder(folder, u32::MAX).all().ok()?;
    let made_at = all.first()?.header.made_at;
    Some(BackupSeen { folder: folder.display().to_string(), made_at })
}
