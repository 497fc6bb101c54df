//! Backups: the whole record with its keys in one encrypted file, made while the box works, to be opened with the recovery key alone.
//!
//! The box holds only the public half of the recovery key; the other half is on paper. So whoever takes box or medium cannot open a
//! backup, and a backup can be made by itself every night.
//!
//! * [`RecoveryKey`]: what is printed, and how it is typed in again.
//! * [`mod@format`]: the file, in chunks of which none can be changed, left out or cut off without being noticed.
//! * [`create`], [`verify`], [`restore`], [`drill`]: what can be done with it.
//! * [`Generations`]: the files in a folder; older ones go, the newest good one never does.
//! * [`BackupKeeper`]: makes them by the plan, and says how they stand.

mod create;
mod failure;
pub mod format;
mod generations;
mod keeper;
mod key_checked;
mod recovery_key;
mod restore;

pub use create::{Manifest, create};
pub use failure::BackupFailure;
pub use generations::{Generation, Generations};
pub use keeper::{BackupKeeper, BackupSettings};
pub use key_checked::KeyChecked;
pub use recovery_key::{PublicHalf, RecoveryKey};
pub use restore::{Drilled, drill, restore, restore_compared, verify};
