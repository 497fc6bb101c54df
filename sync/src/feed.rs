//! The feed: how sealed records travel between logs, over any line, in any order, without asking what they say.
//!
//! Every box and every hub keeps one log ([`FeedLog`]). A peer *pulls* what stands after its [`Cursor`], or *pushes* what the other
//! does not have; records are named by their hash, so that everything may happen twice. What a log holds is a set that only grows, but
//! for what the facility forgets; so any logs that can reach each other, through whomever, end with the same set.
//!
//! Everything that decides is here without input, output or clock: [`Serving`] and [`Pulling`] are the two sides of a pull, [`Push`]
//! and [`Taking`] of a push, all upon one [`Feed`]. Bytes go in and come out; a simulation drives them through what lines and disks
//! do. [`https`] only moves the bytes.
//!
//! Who is new to a log asks for its snapshots first: each holds all changes of one document, and names the records it stands for. Those
//! the newcomer has stored, opened and found whole it tells of in its pulls, and what they stand for is left out there and nowhere else:
//! whatever happens to the line, to the other log or to who signed them, it holds what it did without. No log ever puts a snapshot in
//! the place of its records.
//!
//! Three promises, each with the thing that keeps it:
//!
//! * *Nothing is skipped*, also when a log is restored from a backup or its disk is copied: positions are within a [`Term`], and
//!   every start begins a new one.
//! * *What was acknowledged is kept*: a push is answered when it is durable, and builds only upon what the peer still has.
//! * *Nothing grows without bound*: one page, one frame and one portion in memory; limits on the rest in [`Limits`].

#[cfg(any(test, fuzzing))]
pub mod attack;
mod budget;
mod compress;
mod failure;
mod frame;
pub mod https;
mod limits;
mod log;
mod memory;
mod message;
mod node;
mod origins;
mod pace;
mod pulling;
mod pushing;
mod receiving;
mod serving;
mod taking;
mod term;

pub use budget::{Budget, DayUse, SessionUse};
pub use failure::{FeedFailure, Side, Span};
pub use limits::Limits;
pub use log::{Acknowledged, Arrival, FeedLog, HeldSnapshot, LogFailure, Logged, Outcome, Page, Position, Pulled};
pub use memory::{MemoryDisk, MemoryLog};
pub use message::{Address, Hello, PullRequest, PushAnswer, Taken, VERSIONS, Versions, Wanted};
pub use node::{Feed, Tally};
pub use pace::Pace;
pub use pulling::{PeerRun, Pulling};
pub use pushing::{Push, Pushed};
pub use serving::{EndReason, Serving, ServingStep};
pub use taking::Taking;
pub use term::{Cursor, MAX_CURSOR_MARKS, Mark, Term, Terms};
