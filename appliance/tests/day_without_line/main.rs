//! A day with the line cut, over real folders: what is accepted meanwhile is confirmed, corrected or followed up afterwards.
#![allow(clippy::unwrap_used, missing_docs)]

mod clinic;
mod one_by_one;
mod silent;
mod together;
