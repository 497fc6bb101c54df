//! The schedule: restarts that keep readers alive, at times people write as crontab lines, inside guards that nobody can set away.
//!
//! Everything is a pure function of what is written, what was done, what is going on and what time it is: [`plan`] says what to run,
//! what waits and why, and what to remember. The caller stores [`Plan::runs`] *before* it acts, so that a reboot that comes back
//! finds its own line settled.
//!
//! * [`CronLine`]: an ordinary five-field line; the one place that knows the crate `cron`.
//! * [`ReceptionHours`]: when the doors are open, in the zone of the site.
//! * [`Guards`]: what forbids a restart at this moment; [`Reason`] says it in words.
//! * [`plan`], [`Runs`]: what is due, postponed, given up; what a restart of the program must remember.
//! * [`opening`]: healing begins early enough before the doors open, and whether everything is ready.
//! * [`UpdatePort`]: whether something is being installed.
//! * [`RebootPort`]: how the box is rebooted, whatever does it.

mod clock_watch;
pub mod crontab;
mod guards;
mod hours;
pub mod opening;
mod planner;
mod reboot;
mod runs;
mod update;
mod zone;

pub use clock_watch::{ClockJump, ClockTrust, ClockWatch, is_impossible};
pub use crontab::{CronLine, LineRefused};
pub use guards::{Doing, Guards, Reason, Work};
pub use hours::{HoursRefused, ReceptionHours, Span};
pub use planner::{Dropped, Due, Line, LineId, Plan, Postponed, may_reboot, plan};
pub use reboot::{CommandReboot, LogindReboot, NoReboot, RebootPort, RebootReason, RebootRefused, RecordedReboot};
pub use runs::Runs;
pub use update::{UpdateLocks, UpdatePort};
pub use zone::SiteZone;
