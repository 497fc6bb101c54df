//! `uketsuke-hub`: stores and forwards what it cannot read.

use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use uketsuke_hub::cli::{Arguments, run};

// Thousands of connections of small messages fragment the system allocator's heap.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("UKETSUKE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
