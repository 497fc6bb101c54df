//! Where the repository is, where cargo puts what it builds, and how cargo is called.

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::refusal::Refusal;

/// The repository, as seen from where the person stands.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
    cargo: OsString,
}

impl Workspace {
    /// Finds the repository by this package's own manifest, two folders below the root.
    pub fn find() -> Result<Self, Refusal> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).ancestors().nth(2).map(Path::to_owned);
        let root = root.filter(|root| root.join("Cargo.toml").is_file()).ok_or_else(|| {
            Refusal::failure("the repository was not found: call `cargo xtask …` from inside a checkout")
        })?;
        let here = std::env::current_dir()
            .map_err(|error| Refusal::failure(format!("the current folder cannot be read: {error}")))?;
        let target = target_dir(&root, &here, std::env::var_os("CARGO_TARGET_DIR"));
        Ok(Self { root, target, cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()) })
    }

    /// A cargo command at the root, with its output on the person's own terminal.
    ///
    /// The target folder is passed on as an absolute path: a relative one would mean another place from the root.
    pub fn cargo(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.cargo);
        command.args(words).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_package(name)) {
            command.env_remove(name);
        }
        if std::io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        command
    }

    /// A program that cargo built for a package, started as cargo would start it.
    pub fn in_package(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("CARGO", &self.cargo).env("CARGO_TARGET_DIR", &self.target);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_package(name)) {
            command.env_remove(name);
        }
        command.env("CARGO_MANIFEST_DIR", folder);
        command
    }

    /// Where cargo leaves a program built with the profile folder `debug` or `release`.
    pub fn program(&self, profile_folder: &str, name: &str) -> PathBuf {
        self.target.join(profile_folder).join(name)
    }
}

/// What cargo tells this program of its own package. Build scripts watch these names: passed on, they would make every build
/// from here and every build by hand undo each other.
fn is_of_this_package(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
}

/// Cargo's rule: the variable counts from the current folder, otherwise `target` in the root.
fn target_dir(root: &Path, here: &Path, variable: Option<OsString>) -> PathBuf {
    match variable {
        Some(folder) if !folder.is_empty() => here.join(folder),
        _ => root.join("target"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_follows_cargos_rule() {
        let at =
            |variable: Option<&str>| target_dir(Path::new("/repo"), Path::new("/repo/web"), variable.map(Into::into));
        assert_eq!(at(None), Path::new("/repo/target"));
        assert_eq!(at(Some("")), Path::new("/repo/target"));
        assert_eq!(at(Some("out")), Path::new("/repo/web/out"));
        assert_eq!(at(Some("/fast/out")), Path::new("/fast/out"));
    }

    #[test]
    fn what_cargo_tells_of_this_package_is_not_passed_on() {
        let workspace = Workspace::find().expect("the tests run inside a checkout");
        let command = workspace.cargo(&["build"]);
        let removed: Vec<&OsStr> =
            command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert!(removed.contains(&OsStr::new("CARGO_MANIFEST_DIR")), "{removed:?}");
        assert!(!removed.contains(&OsStr::new("CARGO_HOME")), "{removed:?}");
        assert!(is_of_this_package(OsStr::new("CARGO_PKG_NAME")) && !is_of_this_package(OsStr::new("CARGO_HOME")));
    }

    #[test]
    fn the_repository_is_found_from_this_package() {
        let workspace = Workspace::find().expect("the tests run inside a checkout");
        assert!(workspace.root.join(".cargo/config.toml").is_file());
        assert!(workspace.program("debug", "uketsuke").ends_with("debug/uketsuke"));
    }
}
