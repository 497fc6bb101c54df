//! A counter at work over its real store, and who comes to it.

// Each test program uses a part.
#![allow(dead_code)]

pub mod counter;
pub mod outside;
pub mod patients;
pub mod peers;
