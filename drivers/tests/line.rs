//! Scanners and relay boards on pseudo terminals, and USB ports in a tree of files.
#![allow(clippy::unwrap_used)]

#[path = "line/plug.rs"]
mod plug;

#[path = "line/relay_board.rs"]
mod relay_board;
#[path = "line/scanner.rs"]
mod scanner;
#[path = "line/usb_port.rs"]
mod usb_port;
