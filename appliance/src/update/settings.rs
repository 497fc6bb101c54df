//! What the site and the image say about updates, checked.

use super::window::MaintenanceWindow;
use std::path::{Path, PathBuf};
use sync::update::Version;

/// How updates are done on this box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateSettings {
    /// the installer's program
    pub program: PathBuf,
    /// the installer's settings, with the key the bundles are signed under
    pub conf: PathBuf,
    /// when
    pub window: MaintenanceWindow,
    /// the most days staff can put it off, from when it was ready
    pub postpone_days: u16,
    /// most bytes fetched from the hub in a day
    pub bytes_per_day: u64,
    /// folders in which media with bundles appear
    pub folders: Vec<PathBuf>,
    /// what runs
    pub running: RunningVersion,
    /// which start of the machine this is
    pub boot: String,
}

impl UpdateSettings {
    /// Where the installer of an image has its settings.
    pub const CONF: &'static str = "/etc/rauc/system.conf";

    /// The usual ones on this machine.
    pub fn of_this_machine() -> UpdateSettings {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        UpdateSettings {
            program: PathBuf::from("/usr/bin/rauc"),
            conf: PathBuf::from(UpdateSettings::CONF),
            window: MaintenanceWindow::default(),
            postpone_days: 14,
            bytes_per_day: 300_000_000,
            folders: vec![PathBuf::from("/media/usb")],
            running: RunningVersion::of_this_machine(),
            boot: boot.trim().to_owned(),
        }
    }
}

/// The version that runs: that of the image, or that of the program where there is no image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningVersion(pub Version);

impl RunningVersion {
    /// As the system says.
    pub fn of_this_machine() -> RunningVersion {
        let image = std::fs::read_to_string("/usr/lib/os-release").ok().and_then(|text| image_version(&text));
        let program = Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or_default();
        RunningVersion(image.unwrap_or(program))
    }

    /// A record that was made here before was last opened by this version.
    pub(super) fn file(folder: &Path) -> PathBuf {
        folder.join("opened-by")
    }
}

/// Only our own image says which version of us it is.
fn image_version(os_release: &str) -> Option<Version> {
    let value =
        |name: &str| os_release.lines().find_map(|line| line.strip_prefix(name)).map(|text| text.trim_matches('"'));
    value("IMAGE_ID=").filter(|id| id.starts_with("uketsuke-box"))?;
    Version::parse(value("IMAGE_VERSION=")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_image_says_which_version_of_us_it_is() {
        let ours = "ID=uketsuke-box\nIMAGE_ID=uketsuke-box-amd64\nIMAGE_VERSION=1.4.0\n";
        assert_eq!(image_version(ours), Some(Version([1, 4, 0])));
        assert_eq!(image_version("ID=debian\nIMAGE_ID=other\nIMAGE_VERSION=1.4.0\n"), None);
        assert_eq!(image_version("ID=debian\n"), None);
    }
}
