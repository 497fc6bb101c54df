//! A reader service for one card: `pcscd` with the virtual reader, started by whoever made it a place of its own.

use anyhow::Context;
use std::fs::{File, create_dir_all};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The running service. It dies with this.
pub struct OwnService {
    folder: PathBuf,
    child: Option<Child>,
}

impl OwnService {
    /// Starts it with its settings and its log in the folder.
    pub fn start(folder: &Path, port: u16) -> anyhow::Result<OwnService> {
        let settings = folder.join("settings");
        create_dir_all(&settings).with_context(|| format!("{} cannot be made", settings.display()))?;
        let entry = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{port}\n\
             LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID {port}\n"
        );
        std::fs::write(settings.join("vpcd"), entry).context("the settings of pcscd cannot be written")?;
        let mut service = OwnService { folder: folder.to_owned(), child: None };
        service.run()?;
        Ok(service)
    }

    /// Starts it unless it runs.
    pub fn run(&mut self) -> anyhow::Result<()> {
        if let Some(child) = &mut self.child
            && child.try_wait()?.is_none()
        {
            return Ok(());
        }
        let log = File::options().create(true).append(true).open(self.folder.join("pcscd.log"))?;
        let mut command = Command::new("pcscd");
        command.args(["--foreground", "--config"]).arg(self.folder.join("settings"));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(command.spawn().context("pcscd could not be started (Debian: pcscd, vsmartcard-vpcd)")?);
        Ok(())
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for OwnService {
    fn drop(&mut self) {
        let _ended_already = self.kill();
    }
}
