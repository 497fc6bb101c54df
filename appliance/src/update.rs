//! Updates of the program that cannot strand a box.
//!
//! ```text
//!   stick ─┐                                                             ┌─▶ proven
//!          ├─▶ offered ─▶ fetched, checked ─▶ installing ─▶ to be proven ─┤
//!   hub ───┘    (pieces)    waits for the     (other half   (after the    └─▶ returned: the version before runs
//!                           window, guards)    of the disk)   restart)
//! ```
//!
//! * [`Agent`] goes through these steps by itself, and is the port behind the page and the API; [`State`] is what it must remember,
//!   in a small file of its own: it has to be readable when the record is not, and it must not come back with a backup.
//! * [`Installer`] is what checks signatures, writes the other half of the disk and knows which half runs: RAUC, or a stand-in.
//! * [`check`](mod@check) looks at a whole bundle before anything is written, and says exactly what is wrong with it.
//! * [`MaintenanceWindow`] is when; the schedule's guards say when not, and nobody can set them away.
//! * [`Worked`] is what worked before: only that is asked of a new version.
//! * [`snapshot`] copies the record before a new version opens it.

mod agent;
mod around;
pub mod check;
pub mod control;
mod fetching;
mod guarding;
mod installer;
mod proving;
mod refusal;
mod settings;
pub mod snapshot;
mod state;
mod sticks;
mod verity;
mod view;
mod window;
mod words;
mod worked;

pub use agent::{Agent, Surroundings};
pub use around::BoxAround;
pub use check::{Checked, check};
pub use fetching::Wanted;
pub use installer::{InstallFailure, Installer, RaucInstaller, RecordedInstaller, Standing};
pub use refusal::Refusal;
pub use settings::{RunningVersion, UpdateSettings};
pub use state::{Offer, Past, Phase, Source, State};
pub use verity::{Verity, is_the_tree};
pub use window::MaintenanceWindow;
pub use worked::Worked;
