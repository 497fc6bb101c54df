//! Papers on the desk's side: the program within its limits, numbers that are given once, and the pack for power cuts.
#![allow(clippy::unwrap_used)]

mod clinic;
mod numbers;
mod pack;
mod program;
