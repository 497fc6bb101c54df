//! Cutting and restoring the power of a reader, whatever does it.
//!
//! The port is small on purpose. When to cut is the supervisor's business (never with a card in, at least a minute between
//! cuts, a few per hour, a note on disk before every cut so that a crash in between is put right at start), and so is the
//! proof that it helped: the reader disappears and comes back. A successful command proves nothing.

use crate::reader::{Bilingual, FaultText};

/// A switch in the supply of one device. Calls block for up to a second.
pub trait PowerSwitch: Send {
    /// Takes the device's supply away.
    fn off(&mut self) -> Result<Switched, PowerFault>;

    /// Gives it back. Harmless when it is there already.
    fn on(&mut self) -> Result<Switched, PowerFault>;

    /// Asks the switch how it stands.
    fn state(&mut self) -> Result<PowerState, PowerFault>;

    /// What kind of switch it is, for history and words.
    fn kind(&self) -> SwitchKind;
}

/// What is known after a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switched {
    /// The switch said that it stands as commanded.
    Confirmed,
    /// The command was sent; the switch says nothing.
    Sent,
}

/// How a switch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerState {
    /// The device is supplied.
    On,
    /// It is not.
    Off,
    /// The switch cannot say, or said something that makes no sense.
    NotKnown,
}

/// What cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchKind {
    /// The kernel takes the device from its driver; the power stays.
    Authorization,
    /// The port of a hub.
    HubPort,
    /// A relay in the supply.
    Relay,
}

/// Why a command failed, by what somebody does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerFault {
    /// The switch itself is not there.
    SwitchGone,
    /// This system cannot switch that port: an older kernel, or a hub without the means.
    NotSupported,
    /// This program may not.
    NotPermitted,
    /// Another program has the switch.
    HeldByAnother,
    /// The switch cannot be opened, or takes no commands.
    NotWorking,
    /// The switch says that it stands otherwise than commanded.
    DidNotSwitch,
}

impl PowerFault {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 6] = [
        Self::SwitchGone,
        Self::NotSupported,
        Self::NotPermitted,
        Self::HeldByAnother,
        Self::NotWorking,
        Self::DidNotSwitch,
    ];

    /// A short name that never changes, for history and counters.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SwitchGone => "switch_gone",
            Self::NotSupported => "not_supported",
            Self::NotPermitted => "not_permitted",
            Self::HeldByAnother => "held_by_another",
            Self::NotWorking => "not_working",
            Self::DidNotSwitch => "did_not_switch",
        }
    }

    /// What happened, what is safe, what to do now, and a line for the technician.
    pub fn text(&self) -> FaultText {
        let (happened, technician) = self.happened();
        let safe = (
            "受付はこのまま続けられます。リーダーの電源は通常どおり入っているはずです。",
            "Reception can go on. The reader should have power as usual.",
        );
        let now = (
            "リーダーのケーブルを手で抜き、5秒待ってから差し直してください。",
            "Unplug the reader's cable by hand, wait five seconds and plug it in again.",
        );
        let both = |(ja, en)| Bilingual { ja, en };
        FaultText {
            what_happened: both(happened),
            what_is_safe: both(safe),
            do_now: both(now),
            for_technician: both(technician),
        }
    }

    fn happened(&self) -> ((&'static str, &'static str), (&'static str, &'static str)) {
        match self {
            Self::SwitchGone => (
                ("リーダーの電源を切り替える機器が見つかりません。", "The switch for the reader's power is not there."),
                (
                    "リレー基板またはUSBハブの接続と、設定された経路を確かめてください。",
                    "Check the relay board or hub and the configured path.",
                ),
            ),
            Self::NotSupported => (
                ("このUSBポートは電源を切り替えられません。", "The power of this USB port cannot be switched."),
                (
                    "Linux 6.0以降と、ポートごとに電源を切れるハブが必要です。",
                    "It needs Linux 6.0 or later and a hub that switches ports one by one.",
                ),
            ),
            Self::NotPermitted => (
                ("電源を切り替える権限がありません。", "This program may not switch the power."),
                (
                    "udevの規則またはサービスの権限を確かめてください。",
                    "Check the udev rule or the rights of the service.",
                ),
            ),
            Self::HeldByAnother => (
                ("ほかのプログラムが電源の切り替えを使っています。", "Another program is using the power switch."),
                (
                    "ModemManagerやbrlttyがポートを開いていないか確かめてください。",
                    "See whether ModemManager or brltty has opened the port.",
                ),
            ),
            Self::NotWorking => (
                ("電源を切り替える機器が動作しません。", "The power switch does not work."),
                (
                    "リレー基板の接続、機種と方言の設定を確かめてください。",
                    "Check the relay board's cable, its model and the dialect setting.",
                ),
            ),
            Self::DidNotSwitch => (
                ("リーダーの電源が切り替わりませんでした。", "The reader's power did not switch."),
                (
                    "読み戻した状態が命令と違います。チャンネルと方言の設定、配線を確かめてください。",
                    "The state read back differs from the command. Check channel, dialect and wiring.",
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_has_its_own_words_in_both_languages() {
        let happened: BTreeSet<_> = PowerFault::ALL.iter().map(|fault| fault.text().what_happened.ja).collect();
        let codes: BTreeSet<_> = PowerFault::ALL.iter().map(PowerFault::code).collect();
        assert_eq!((happened.len(), codes.len()), (PowerFault::ALL.len(), PowerFault::ALL.len()));
        for fault in PowerFault::ALL {
            let text = fault.text();
            for Bilingual { ja, en } in [text.what_happened, text.what_is_safe, text.do_now, text.for_technician] {
                assert!(ja.ends_with('。') && en.ends_with('.') && en.is_ascii(), "{ja} {en}");
            }
        }
    }
}
