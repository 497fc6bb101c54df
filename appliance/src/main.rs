//! `uketsuke`: patient check-in that does not stop.

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use uketsuke::cli::{self, Arguments};

// Many small documents fragment the system allocator's heap tenfold.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("UKETSUKE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match cli::run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
