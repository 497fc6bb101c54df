//! Where a device stands, and every way from one standing to another.

use super::device::DeviceKind;
use super::healing::HealingStep;
use super::sign::Sign;
use super::trouble::DeviceFault;
use crate::reader::Bilingual;

/// The state of one device. Since when is kept beside it, by [`Health`](super::Health).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// Nothing was heard of it yet: neither well nor unwell.
    Unheard,
    /// It is not there.
    Absent,
    /// It is there and does not answer yet.
    Starting,
    /// It answers and nothing is in it.
    Ready,
    /// It answers and a card is in.
    CardPresent,
    /// Something is wrong.
    Faulted {
        /// What.
        fault: DeviceFault,
    },
    /// A healing step or a restart runs.
    Recovering {
        /// Which.
        step: HealingStep,
        /// What was wrong before; nothing for a restart that was planned or asked for.
        fault: Option<DeviceFault>,
    },
}

impl HealthState {
    /// The device does what it should, as far as anything was heard.
    pub fn is_well(&self) -> bool {
        matches!(self, Self::Ready | Self::CardPresent)
    }

    /// What is wrong, if anything.
    pub fn fault(&self) -> Option<DeviceFault> {
        match self {
            Self::Faulted { fault } => Some(*fault),
            Self::Recovering { fault, .. } => *fault,
            _ => None,
        }
    }

    /// A short name that never changes, for history and interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unheard => "unheard",
            Self::Absent => "absent",
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::CardPresent => "card_present",
            Self::Faulted { .. } => "faulted",
            Self::Recovering { .. } => "recovering",
        }
    }

    /// The state in two or three words, for a lamp.
    pub fn name(&self) -> Bilingual {
        let (ja, en) = match self {
            Self::Unheard => ("まだ確認できません", "not heard from yet"),
            Self::Absent => ("未接続", "not connected"),
            Self::Starting => ("起動中", "starting"),
            Self::Ready => ("使用できます", "ready"),
            Self::CardPresent => ("カードあり", "card present"),
            Self::Faulted { .. } => ("不具合", "faulted"),
            Self::Recovering { .. } => ("復旧中", "recovering"),
        };
        Bilingual { ja, en }
    }

    /// The state after `sign`, or `None` when the sign changes nothing here. `card_in` says whether a card is known to
    /// lie in the device once the sign is taken into account.
    pub(super) fn after(&self, sign: &Sign, kind: DeviceKind, card_in: bool) -> Option<Self> {
        let next = match sign {
            Sign::Attached => self.attached(),
            Sign::Answering => self.answering(card_in),
            Sign::CardInserted => self.card_inserted(),
            Sign::CardRemoved => self.card_removed(),
            Sign::GoodRead => Some(Self::working(card_in)),
            Sign::FailedRead { .. } => self.failed_read(card_in),
            Sign::Faulted { fault } => self.faulted(*fault),
            Sign::Detached => self.detached(),
            Sign::HealingBegan { step } => Some(Self::Recovering { step: *step, fault: self.fault() }),
            Sign::HealingEnded => self.healing_ended(kind),
            Sign::ReadBegan | Sign::ReadExpected { .. } => None,
        };
        // another card in the slot is news although the state has the same name
        let another_card = matches!(sign, Sign::CardInserted);
        next.filter(|next| another_card || next != self)
    }

    fn working(card_in: bool) -> Self {
        if card_in { Self::CardPresent } else { Self::Ready }
    }

    /// A device that is being re-powered vanishes and comes back: that is the step at work, not an event of its own.
    fn attached(&self) -> Option<Self> {
        let away = matches!(self, Self::Unheard | Self::Absent | Self::Faulted { fault: DeviceFault::Missing });
        away.then_some(Self::Starting)
    }

    fn answering(&self, card_in: bool) -> Option<Self> {
        match self {
            Self::Ready | Self::CardPresent => None,
            Self::Faulted { fault } if fault.needs_a_good_read() => None,
            _ => Some(Self::working(card_in)),
        }
    }

    fn card_inserted(&self) -> Option<Self> {
        match self {
            Self::Absent => None,
            Self::Faulted { fault } if fault.needs_a_good_read() => None,
            _ => Some(Self::CardPresent),
        }
    }

    fn card_removed(&self) -> Option<Self> {
        match self {
            Self::CardPresent => Some(Self::Ready),
            Self::Faulted { fault } if fault.is_of_the_card() => Some(Self::Ready),
            _ => None,
        }
    }

    /// A device that reports a failed reading is at least alive; of [`DeviceFault::ReadsFailing`] it says nothing new.
    fn failed_read(&self, card_in: bool) -> Option<Self> {
        match self {
            Self::Unheard | Self::Starting | Self::Faulted { fault: DeviceFault::Silent } => {
                Some(Self::working(card_in))
            }
            _ => None,
        }
    }

    /// From anywhere but a step at work, whose own time decides. One more bad card does not explain away a row of them.
    fn faulted(&self, fault: DeviceFault) -> Option<Self> {
        match self {
            Self::Recovering { .. } => None,
            Self::Faulted { fault: before } if before.needs_a_good_read() && fault.is_of_the_card() => None,
            _ => Some(Self::Faulted { fault }),
        }
    }

    fn detached(&self) -> Option<Self> {
        match self {
            Self::Recovering { .. } | Self::Faulted { fault: DeviceFault::Missing } => None,
            _ => Some(Self::Absent),
        }
    }

    /// A device that says nothing while idle may be well again or not: that is not known, and is said so.
    fn healing_ended(&self, kind: DeviceKind) -> Option<Self> {
        match self {
            Self::Recovering { .. } if kind.is_silent_when_idle() => Some(Self::Unheard),
            Self::Recovering { fault, .. } => Some(Self::Faulted { fault: fault.unwrap_or(DeviceFault::NotStarted) }),
            _ => None,
        }
    }
}
