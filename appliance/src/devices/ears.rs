//! Ears: one task for everything that speaks by itself, each telling the runner in signs.

mod pcsc;
mod reader;
mod relay;
mod scanner;

pub(super) use pcsc::{PcscBook, PcscEar};
pub(super) use reader::{follow, last_sign};
pub(super) use relay::{RelayEar, state_sign};
pub(super) use scanner::{ScannerEar, ScannerQuestion, line_sign};
