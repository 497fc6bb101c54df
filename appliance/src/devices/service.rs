//! Restarting the system's reader service.

use super::hands::NotDone;
use domain::text::Text;
use std::fmt;
use std::process::{Command, Stdio};

/// Restarts a service of the system. Blocks until it is done.
pub trait ServicePort: Send + Sync {
    /// Restarts the unit.
    fn restart(&self, unit: &str) -> Result<(), NotDone>;
}

/// By `systemctl`, which asks systemd and waits; the unit of the box must be allowed to (a polkit rule, or root).
#[derive(Clone, Copy, Debug, Default)]
pub struct Systemctl;

impl ServicePort for Systemctl {
    fn restart(&self, unit: &str) -> Result<(), NotDone> {
        let ended = Command::new("systemctl")
            .args(["restart", "--no-ask-password", "--", unit])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(not_restarted(&status)),
            Err(error) => Err(not_restarted(&error.kind())),
        }
    }
}

fn not_restarted(why: &dyn fmt::Display) -> NotDone {
    NotDone(Text::new(
        format!("読み取りサービスを再起動できませんでした（{why}）。"),
        format!("The reader service was not restarted ({why})."),
    ))
}
