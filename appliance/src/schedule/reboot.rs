//! How the box is rebooted: systemd-logind, a configured command, or a recorded stand-in, all behind one port.

mod command;
mod logind;
mod recorded;

pub use command::{CommandReboot, NoReboot};
pub use logind::LogindReboot;
pub use recorded::RecordedReboot;

use super::planner::LineId;
use domain::text::Text;
use std::fmt;

/// Reboots the box.
///
/// Whoever asks has checked the guards and stored the schedule's memory with the reboot noted in it. The call returns once the request
/// is accepted; the process is then asked to stop in the ordinary way and must not start anything new.
pub trait RebootPort: Send + Sync {
    /// Asks for a reboot now.
    fn reboot(&self, reason: &RebootReason) -> Result<(), RebootRefused>;
}

/// Why the box is rebooted, for the record and for the system's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebootReason {
    /// A line of the schedule.
    Schedule(LineId),
    /// The last step of healing a device.
    Healing {
        /// Which device.
        device: drivers::health::DeviceName,
    },
    /// An update was installed on the other half of the disk.
    Update,
    /// Somebody pressed the button.
    ByHand,
}

impl RebootReason {
    /// The reason in words.
    pub fn text(&self) -> Text {
        match self {
            RebootReason::Schedule(line) => {
                Text::new(format!("予定された再起動です（{line}）。"), format!("A planned reboot ({line})."))
            }
            RebootReason::Healing { device } => {
                Text::new(format!("{device} を復旧するための再起動です。"), format!("A reboot to bring {device} back."))
            }
            RebootReason::Update => Text::new("更新のための再起動です。", "A reboot into an update."),
            RebootReason::ByHand => Text::new("職員の操作による再起動です。", "A reboot asked for by staff."),
        }
    }
}

/// Why the box is not rebooted. Nothing has been stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebootRefused {
    /// This program may not reboot the box.
    NotAllowed,
    /// Something else holds the box up, an update for instance (a logind inhibitor).
    HeldUp,
    /// There is no way to ask: no logind, no such command.
    NoWay,
    /// The way failed, with the technician's detail.
    Failed(String),
}

impl RebootRefused {
    /// What happened, what is safe, and what to do now.
    pub fn text(&self) -> Text {
        let (ja, en) = match self {
            RebootRefused::NotAllowed => ("権限がありません", "this program has no permission"),
            RebootRefused::HeldUp => ("ほかの処理が再起動を止めています", "something else holds the box up"),
            RebootRefused::NoWay => ("再起動の手段が設定されていません", "no way of rebooting is set up"),
            RebootRefused::Failed(_) => ("再起動の命令が失敗しました", "the reboot command failed"),
        };
        Text::new(
            format!(
                "本体を再起動できませんでした：{ja}。受付は続けられます。診療時間外に電源ボタンで再起動してください。"
            ),
            format!(
                "The box was not rebooted: {en}. Reception can go on. Restart it with its power button after hours."
            ),
        )
    }
}

impl fmt::Display for RebootRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        write!(formatter, "{} / {}", text.ja, text.en)?;
        match self {
            RebootRefused::Failed(detail) => write!(formatter, " ({detail})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for RebootRefused {}
