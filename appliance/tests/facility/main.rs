//! The boxes of one facility with their real stores: what they tell each other, keep, forget, back up and decide together.
#![allow(clippy::unwrap_used, missing_docs)]

mod apart;
mod backups;
mod forgetting;
mod rechecks;
mod snapshots;
mod two_boxes;

#[path = "../support/mod.rs"]
mod support;
