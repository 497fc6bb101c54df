//! Rebooting by a configured command.

use super::{RebootPort, RebootReason, RebootRefused};
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// Runs a program of the settings; no shell reads it. The reason goes along as `UKETSUKE_REASON`, for the program's own log.
#[derive(Clone, Debug)]
pub struct CommandReboot {
    command: Vec<String>,
}

impl CommandReboot {
    /// This program with these arguments.
    pub fn new(command: Vec<String>) -> CommandReboot {
        CommandReboot { command }
    }
}

impl RebootPort for CommandReboot {
    fn reboot(&self, reason: &RebootReason) -> Result<(), RebootRefused> {
        let (program, arguments) = self.command.split_first().ok_or(RebootRefused::NoWay)?;
        let ended = Command::new(program)
            .args(arguments)
            .env("UKETSUKE_REASON", reason.text().en)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(RebootRefused::Failed(status.to_string())),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(RebootRefused::NoWay),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(RebootRefused::NotAllowed),
            Err(error) => Err(RebootRefused::Failed(error.kind().to_string())),
        }
    }
}

/// A site that is not rebooted by this program.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoReboot;

impl RebootPort for NoReboot {
    fn reboot(&self, _reason: &RebootReason) -> Result<(), RebootRefused> {
        Err(RebootRefused::NoWay)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn by(words: &[&str]) -> Result<(), RebootRefused> {
        CommandReboot::new(words.iter().map(|word| (*word).to_owned()).collect()).reboot(&RebootReason::ByHand)
    }

    #[test]
    fn the_command_is_run_with_its_arguments_and_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("reason");
        by(&["sh", "-c", "printf '%s' \"$UKETSUKE_REASON\" > \"$0\"", file.to_str().unwrap()]).unwrap();
        assert_eq!(std::fs::read_to_string(file).unwrap(), RebootReason::ByHand.text().en);
    }

    #[test]
    fn what_went_wrong_is_told() {
        assert!(matches!(by(&["false"]), Err(RebootRefused::Failed(_))));
        assert_eq!(by(&["/no/such/program"]), Err(RebootRefused::NoWay));
        assert_eq!(by(&["/"]), Err(RebootRefused::NotAllowed));
        assert_eq!(by(&[]), Err(RebootRefused::NoWay));
    }
}
