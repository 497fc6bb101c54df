//! A whole desk in memory, and people to receive at it.
#![allow(dead_code, clippy::unwrap_used)]

pub mod browser;
pub mod html;
pub mod json;
pub mod memory_desk;
pub mod memory_first_start;
pub mod people;
pub mod scenes;
