//! `uketsuke`: patient check-in that does not stop.

use clap::Parser;
use std::process::ExitCode;
use uketsuke::cli::{self, Arguments};
use uketsuke::logs;

// Many small documents fragment the system allocator's heap tenfold.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    logs::start();
    match cli::run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
