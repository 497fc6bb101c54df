//! What the program says of itself: to the system's journal with its fields where there is one, on standard error elsewhere; the last
//! lines are kept for the support bundle. Nobody's data is in it, whatever level somebody asks for.

mod journal;
mod recent;

pub use journal::Journal;
pub use recent::recent;

use recent::Recent;
use std::panic::PanicHookInfo;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};

/// Our own crates: what they log is looked through for personal data. Others are heard from `info` up only, because nobody here
/// answers for what their finer levels print.
const OURS: [&str; 5] = ["uketsuke", "web", "sync", "drivers", "domain"];

/// Starts logging at the level of `UKETSUKE_LOG` (`info` when it is not set or cannot be read).
pub fn start() {
    let journal = Journal::of_this_process();
    let lines = journal.is_none().then(|| fmt::layer().with_writer(std::io::stderr));
    let said = journal.with_filter(wanted()).with_filter(filter_fn(is_harmless));
    let lines = lines.with_filter(wanted()).with_filter(filter_fn(is_harmless));
    let kept = fmt::layer().with_ansi(false).with_writer(Recent::of_this_process()).with_filter(LevelFilter::INFO);
    tracing_subscriber::registry().with(said).with(lines).with(kept).init();
    std::panic::set_hook(Box::new(panicked));
}

fn wanted() -> EnvFilter {
    EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .with_env_var("UKETSUKE_LOG")
        .try_from_env()
        .unwrap_or_else(|_| EnvFilter::new("info"))
}

fn is_harmless(metadata: &Metadata<'_>) -> bool {
    let module = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OURS.contains(&module)
}

/// A panic is told by its place. Its text only when it is a literal of the program: a composed one may quote anything.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let text =
        panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not told: it may quote what was typed)");
    tracing::error!(place, text, "a part of the program panicked");
}
