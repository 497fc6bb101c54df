//! The speed table of the box: every figure is a ratio against a floor, a peer or a smaller history measured in the same run on the
//! same disk. Nothing here passes or fails; a bar that is missed is said, and people decide.
//!
//! [`clinic`] fills a record through the desk itself, the figure modules measure it, [`table`] says what came out.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the person at the terminal is its work")]

mod acceptance;
mod cards;
mod clinic;
mod exchange;
mod figures;
mod floor;
mod fresh;
mod history;
mod invented;
mod machine;
mod pages;
mod peer;
mod sample;
mod screens;
mod search;
mod sizes;
mod table;
mod together;

use clap::{Parser, Subcommand};
use figures::Figure;
use sizes::SizeArguments;
use std::path::PathBuf;
use table::Table;

// The product's allocator, so that the memory figure is the product's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the box and prints the table. Small sizes by default, in about two minutes; `--full` for the sizes that were promised.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(flatten)]
    sizes: SizeArguments,
    /// where to measure; the filled record stays there and is used again. Without it: a folder beside this program, removed at the end
    #[arg(long, env = "UKETSUKE_BENCH_DATA")]
    data: Option<PathBuf>,
    /// measure only these
    #[arg(long, value_delimiter = ',')]
    only: Vec<Figure>,
    /// write everything that was measured as JSON, too
    #[arg(long, env = "UKETSUKE_BENCH_JSON")]
    json: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Measures how boxes and hubs exchange records, beside other stores that replicate
    Sync(exchange::Arguments),
    /// the fresh process of the start and memory figures
    #[command(hide = true)]
    Fresh(fresh::Arguments),
    /// the fresh process of the card figures
    #[command(hide = true)]
    Cards(cards::Arguments),
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match &arguments.part {
        Some(Part::Sync(sync)) => return exchange::measure(sync, arguments.data.as_deref(), arguments.json.as_deref()),
        Some(Part::Fresh(fresh)) => return fresh::be_the_fresh_process(fresh),
        Some(Part::Cards(cards)) => return cards::be_the_measuring_process(cards),
        None => {}
    }
    let sizes = arguments.sizes.settle();
    let place = clinic::Place::find(arguments.data.as_deref())?;
    println!("measuring in {}, {sizes}", place.folder().display());
    let mut table = Table::new(machine::facts(place.folder())?, sizes.to_string(), sizes.to_json());
    figures::measure(&place, sizes, &arguments.only, &mut table)?;
    table.tell(arguments.json.as_deref())
}
