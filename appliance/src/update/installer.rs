//! What writes the other half of the disk and knows which half runs, behind a port.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::update::Slot;

/// Which half of the disk runs, and what it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// the half this system was started from
    pub slot: Option<Slot>,
    /// it has proven itself: it is what the box falls back to
    pub is_proven: bool,
}

/// Why nothing was installed, in the installer's words. The running half was not touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallFailure(pub String);

/// Installs bundles. Calls block.
pub trait Installer: Send + Sync {
    /// How it stands; `None` when the installer does not answer.
    fn standing(&self) -> Option<Standing>;

    /// Writes the other half and makes it the one that is started next. Checks the signature once more.
    ///
    /// # Errors
    /// Why not.
    fn install(&self, bundle: &Path) -> Result<(), InstallFailure>;
}

/// RAUC, by its program: it hands the work to the service of the same name, which has the rights that this program has not.
#[derive(Clone, Debug)]
pub struct RaucInstaller {
    program: PathBuf,
    conf: PathBuf,
}

impl RaucInstaller {
    /// With this program and these settings.
    pub fn new(program: PathBuf, conf: PathBuf) -> RaucInstaller {
        RaucInstaller { program, conf }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--conf").arg(&self.conf).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }
}

impl Installer for RaucInstaller {
    fn standing(&self) -> Option<Standing> {
        let ran = self.command().args(["status", "--output-format=json"]).output().ok()?;
        if !ran.status.success() {
            return None;
        }
        standing(&serde_json::from_slice(&ran.stdout).ok()?)
    }

    fn install(&self, bundle: &Path) -> Result<(), InstallFailure> {
        let ran = self.command().arg("install").arg(bundle).output();
        let ran = ran.map_err(|error| InstallFailure(error.kind().to_string()))?;
        if ran.status.success() {
            return Ok(());
        }
        let (errors, said) = (String::from_utf8_lossy(&ran.stderr), String::from_utf8_lossy(&ran.stdout));
        let reason = [&said, &errors].into_iter().find_map(|text| {
            text.lines().rev().find_map(|line| line.trim().strip_prefix("LastError: ").map(str::to_owned))
        });
        let last = || errors.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
        Err(InstallFailure(reason.unwrap_or_else(last).chars().take(300).collect()))
    }
}

/// What the answer to `status` says of the half that was started.
fn standing(said: &Value) -> Option<Standing> {
    let name = said.get("booted")?.as_str()?;
    let slots = said.get("slots")?.as_array()?;
    let mut slots = slots.iter().filter_map(Value::as_object).flatten().map(|(name, slot)| (name.as_str(), slot));
    // by the name of the boot loader, or by that of the settings
    let (_, slot) =
        slots.find(|(own, slot)| *own == name || slot.get("bootname").and_then(Value::as_str) == Some(name))?;
    let letter = slot.get("bootname").and_then(Value::as_str);
    Some(Standing {
        slot: letter.and_then(|letter| match letter {
            "A" => Some(Slot::A),
            "B" => Some(Slot::B),
            _ => None,
        }),
        is_proven: slot.get("boot_status").and_then(Value::as_str) == Some("good"),
    })
}

/// A stand-in that writes down what it was asked for, for tests. Clones share their memory.
#[derive(Clone, Debug)]
pub struct RecordedInstaller(Arc<Mutex<Recorded>>);

#[derive(Debug)]
struct Recorded {
    standing: Option<Standing>,
    failure: Option<InstallFailure>,
    installed: Vec<PathBuf>,
}

impl RecordedInstaller {
    /// Everything is proven, and whatever is installed succeeds.
    pub fn running(slot: Slot) -> RecordedInstaller {
        let standing = Some(Standing { slot: Some(slot), is_proven: true });
        RecordedInstaller(Arc::new(Mutex::new(Recorded { standing, failure: None, installed: Vec::new() })))
    }

    /// From now on it stands like this.
    pub fn stand(&self, standing: Option<Standing>) {
        self.recorded().standing = standing;
    }

    /// From now on installing fails with these words, or succeeds again.
    pub fn fail(&self, failure: Option<&str>) {
        self.recorded().failure = failure.map(|words| InstallFailure(words.to_owned()));
    }

    /// What was installed, oldest first.
    pub fn installed(&self) -> Vec<PathBuf> {
        self.recorded().installed.clone()
    }

    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Installer for RecordedInstaller {
    fn standing(&self) -> Option<Standing> {
        self.recorded().standing
    }

    fn install(&self, bundle: &Path) -> Result<(), InstallFailure> {
        let mut recorded = self.recorded();
        if let Some(failure) = &recorded.failure {
            return Err(failure.clone());
        }
        recorded.installed.push(bundle.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// As the program answers on a box.
    const STATUS: &str = r#"{"compatible":"uketsuke-box-amd64","variant":"","booted":"A","boot_primary":"rootfs.0","slots":[
        {"rootfs.1":{"class":"rootfs","device":"/dev/disk/by-partlabel/uketsuke-b","type":"raw","bootname":"B","state":"inactive","parent":null,"mountpoint":null,"boot_status":"bad"}},
        {"rootfs.0":{"class":"rootfs","device":"/dev/disk/by-partlabel/uketsuke-a","type":"raw","bootname":"A","state":"booted","parent":null,"mountpoint":"/","boot_status":"good"}}]}"#;

    #[test]
    fn the_half_that_runs_is_found_in_the_answer() {
        let said: Value = serde_json::from_str(STATUS).unwrap();
        assert_eq!(standing(&said), Some(Standing { slot: Some(Slot::A), is_proven: true }));
        let other: Value =
            serde_json::from_str(&STATUS.replace("\"booted\":\"A\"", "\"booted\":\"rootfs.1\"")).unwrap();
        assert_eq!(standing(&other), Some(Standing { slot: Some(Slot::B), is_proven: false }));
        assert_eq!(standing(&serde_json::json!({"booted": "C", "slots": []})), None);
    }

    #[test]
    fn an_installer_that_is_not_there_is_said() {
        let rauc = RaucInstaller::new("/nonexistent/rauc".into(), "/nonexistent/system.conf".into());
        assert_eq!(rauc.standing(), None);
        assert!(rauc.install(Path::new("/nonexistent/bundle")).is_err());
    }
}
