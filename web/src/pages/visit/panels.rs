//! The panels of the visit page: who, how it stands, share, claim, answer, what remains, what happened.

mod answer;
mod missing;
mod outcome;
mod person;
mod ratio;
mod scans;
mod spelling;
mod work;

pub use answer::{ResultPanel, SidePanels, result, side};
pub use missing::{MissingLine, missing_fields};
pub use outcome::{Ends, Outcome, RefusedLine, cautions, ends, outcome, refused};
pub use person::{Notes, Who, notes, who};
pub use ratio::{RatioPanel, ratio};
pub use scans::{ScanBeside, scans};
pub use spelling::{Spelling, spelling};
pub use work::{FollowUpLine, HistoryLine, follow_ups, history};
