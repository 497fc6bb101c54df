//! `uketsuke readers`: card readers looked at and one card read, without the server or beside it.

mod board;
mod card;
mod list;
mod outcome;
mod watch;

use clap::{Args, Subcommand};
use std::fmt;
use std::process::ExitCode;

/// Arguments of the readers.
#[derive(Debug, Args)]
#[command(after_long_help = outcome::EXIT_CODES)]
pub struct ReadersArguments {
    #[command(subcommand)]
    order: Order,
}

#[derive(Debug, Subcommand)]
enum Order {
    /// List the readers with their state, and the state of the reader service.
    List {
        /// one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Tell what happens at the readers, line by line, until SIGINT (Ctrl-C) or SIGTERM.
    Watch {
        /// one JSON object per line
        #[arg(long)]
        json: bool,
    },
    /// Read the card that is in, once.
    Read(ReadArguments),
}

/// Arguments of one reading.
#[derive(Debug, Args)]
pub struct ReadArguments {
    /// which reader, by its name or a part of it; not needed while a card is in one reader only
    #[arg(long)]
    reader: Option<String>,
    /// 照合番号B from the card face (birth date as era year, month and day, the card's expiry year, security code), to read name,
    /// address, birth date and sex; `-` takes it from standard input, so that it stays out of the list of processes
    #[arg(long, value_name = "14-DIGITS|-")]
    surface_code: Option<Typed>,
    /// present the code even if it is the last try before the card locks
    #[arg(long, requires = "surface_code")]
    last_try: bool,
    /// one JSON object
    #[arg(long)]
    json: bool,
}

/// Something typed that must not be printed.
#[derive(Clone)]
pub struct Typed(String);

impl From<String> for Typed {
    fn from(text: String) -> Typed {
        Typed(text)
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Typed(…)")
    }
}

/// Carries the order out. Data go to standard output (`say`), words for people to standard error (`tell`).
pub async fn run(arguments: ReadersArguments, say: fn(&str), tell: fn(&str)) -> anyhow::Result<ExitCode> {
    match arguments.order {
        Order::List { json } => list::run(json, say, tell).await,
        Order::Watch { json } => watch::run(json).await,
        Order::Read(arguments) => card::run(arguments, say, tell).await,
    }
}
