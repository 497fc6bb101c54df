//! What forbids a restart at this moment. No setting and no line can set a guard away.

use super::clock_watch::ClockTrust;
use super::hours::ReceptionHours;
use super::runs::Runs;
use super::zone::SiteZone;
use domain::Timestamp;
use domain::text::Text;

/// What a line of the schedule does. In order: the gentlest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// Switch the readers' power off and on, one after the other.
    RepowerReaders,
    /// Restart the service that runs readers.
    RestartService,
    /// Reboot the box.
    RebootBox,
}

impl Work {
    /// The name in settings and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Work::RepowerReaders => "repower_readers",
            Work::RestartService => "restart_service",
            Work::RebootBox => "reboot_box",
        }
    }

    /// The work of this name.
    pub fn from_code(code: &str) -> Option<Work> {
        [Work::RepowerReaders, Work::RestartService, Work::RebootBox].into_iter().find(|work| work.code() == code)
    }

    /// The work in words.
    pub fn text(self) -> Text {
        match self {
            Work::RepowerReaders => Text::new("リーダーの電源の入れ直し", "re-powering the readers"),
            Work::RestartService => Text::new("読み取りサービスの再起動", "restarting the reader service"),
            Work::RebootBox => Text::new("本体の再起動", "rebooting the box"),
        }
    }

    /// How long before the doors open it must begin, in milliseconds: until everything is ready again, with a reserve.
    pub fn takes_ms(self) -> i64 {
        match self {
            Work::RepowerReaders | Work::RebootBox => 15 * 60_000,
            Work::RestartService => 5 * 60_000,
        }
    }

    /// A box that was started after the line was due has had this already.
    pub(super) fn is_done_by_booting(self) -> bool {
        self != Work::RepowerReaders
    }
}

/// What is going on in the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doing {
    /// Check-ins that somebody is at. One that was left open yesterday is not: the caller decides by its last touch.
    pub check_ins_open: u32,
    /// Jobs handed to the outside whose answer is awaited right now.
    pub jobs_in_flight: u32,
    /// An update is being installed.
    pub update_running: bool,
    /// A card is being read.
    pub card_being_read: bool,
    /// A restart, planned or healing, is running.
    pub restart_running: bool,
}

/// Everything that may object to a restart.
#[derive(Clone, Debug)]
pub struct Guards {
    /// When the doors are open.
    pub hours: ReceptionHours,
    /// The zone of hours and lines.
    pub zone: SiteZone,
    /// What is going on.
    pub doing: Doing,
    /// When the machine was started, by the wall clock of today (now − uptime).
    pub booted_at: Timestamp,
    /// What the clock is worth.
    pub clock: ClockTrust,
}

/// Why a restart waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The doors are open, or open before it would be done.
    ReceptionHours,
    /// Somebody is being checked in.
    CheckInOpen,
    /// An answer is awaited.
    JobInFlight,
    /// An update is being installed.
    UpdateRunning,
    /// A card is being read.
    CardBeingRead,
    /// Another restart is running, or due before this one.
    OtherRestart,
    /// The clock jumped or shows an impossible time.
    ClockDoubtful,
    /// The box was started a short while ago.
    JustRebooted,
    /// The box was rebooted too often within a day.
    RebootedTooOften,
}

/// What passing objections are looked at again after.
const LOOK_AGAIN_MS: i64 = 60_000;
/// Between two starts of the box. A shorter distance is a loop.
const REBOOTS_APART_MS: i64 = 3_600_000;
/// Reboots by this program within 24 hours: the last resort against a loop nobody thought of. A line runs each of its times once and a
/// device is rebooted for once, so that honest days have two or three.
const REBOOTS_PER_DAY: usize = 6;
const DAY_MS: i64 = 86_400_000;

impl Guards {
    /// What objects to this work now, and when to look again; the objection that lasts longest is not searched for.
    pub fn objection(&self, work: Work, runs: &Runs, now: Timestamp) -> Option<(Reason, Timestamp)> {
        self.clock_objects(now)
            .or_else(|| self.hours_object(work, now))
            .or_else(|| self.reboots_object(work, runs, now))
            .or_else(|| self.doing_objects().map(|reason| (reason, now.plus_ms(LOOK_AGAIN_MS))))
    }

    fn clock_objects(&self, now: Timestamp) -> Option<(Reason, Timestamp)> {
        match self.clock {
            ClockTrust::Sound => None,
            ClockTrust::Jumped { until } => Some((Reason::ClockDoubtful, until.max(now.plus_ms(1)))),
            ClockTrust::Impossible => Some((Reason::ClockDoubtful, now.plus_ms(LOOK_AGAIN_MS))),
        }
    }

    fn hours_object(&self, work: Work, now: Timestamp) -> Option<(Reason, Timestamp)> {
        self.hours.clash(now, work.takes_ms(), &self.zone)?;
        let free = self.hours.next_free(now, work.takes_ms(), &self.zone);
        Some((Reason::ReceptionHours, free.unwrap_or(now.plus_ms(DAY_MS))))
    }

    fn reboots_object(&self, work: Work, runs: &Runs, now: Timestamp) -> Option<(Reason, Timestamp)> {
        if work != Work::RebootBox {
            return None;
        }
        let last = runs.reboots().chain([self.booted_at]).filter(|at| *at <= now).max()?;
        if now.since_ms(last) < REBOOTS_APART_MS {
            return Some((Reason::JustRebooted, last.plus_ms(REBOOTS_APART_MS)));
        }
        let mut today: Vec<Timestamp> = runs.reboots().filter(|at| now.since_ms(*at) < DAY_MS).collect();
        today.sort_unstable();
        let oldest = today.len().checked_sub(REBOOTS_PER_DAY).and_then(|index| today.get(index))?;
        Some((Reason::RebootedTooOften, oldest.plus_ms(DAY_MS).max(now.plus_ms(1))))
    }

    fn doing_objects(&self) -> Option<Reason> {
        let doing = self.doing;
        [
            (doing.card_being_read, Reason::CardBeingRead),
            (doing.check_ins_open > 0, Reason::CheckInOpen),
            (doing.jobs_in_flight > 0, Reason::JobInFlight),
            (doing.update_running, Reason::UpdateRunning),
            (doing.restart_running, Reason::OtherRestart),
        ]
        .into_iter()
        .find_map(|(objects, reason)| objects.then_some(reason))
    }
}

impl Reason {
    /// A short name that never changes, for records and interfaces.
    pub fn code(self) -> &'static str {
        match self {
            Reason::ReceptionHours => "reception_hours",
            Reason::CheckInOpen => "check_in_open",
            Reason::JobInFlight => "job_in_flight",
            Reason::UpdateRunning => "update_running",
            Reason::CardBeingRead => "card_being_read",
            Reason::OtherRestart => "other_restart",
            Reason::ClockDoubtful => "clock_doubtful",
            Reason::JustRebooted => "just_rebooted",
            Reason::RebootedTooOften => "rebooted_too_often",
        }
    }

    /// The reason in words.
    pub fn text(self) -> Text {
        let (ja, en) = match self {
            Reason::ReceptionHours => ("受付時間中、または受付開始の直前です。", "Reception is open or about to open."),
            Reason::CheckInOpen => ("受付の途中の患者さんがいます。", "Somebody is being checked in."),
            Reason::JobInFlight => ("資格確認の回答を待っています。", "An answer from outside is awaited."),
            Reason::UpdateRunning => ("更新の最中です。", "An update is being installed."),
            Reason::CardBeingRead => ("カードを読み取っています。", "A card is being read."),
            Reason::OtherRestart => ("ほかの再起動が先です。", "Another restart comes first."),
            Reason::ClockDoubtful => ("時計が正しいか確かめられません。", "The clock cannot be trusted at the moment."),
            Reason::JustRebooted => ("起動したばかりです。", "The box was started a short while ago."),
            Reason::RebootedTooOften => {
                ("この24時間に何度も再起動しました。", "The box was rebooted too often within 24 hours.")
            }
        };
        Text::new(ja, en)
    }
}
