//! `cargo xtask`: the commands a newcomer needs, without a script to install first.
//!
//! It uses the standard library only, so that it compiles in seconds and can install what the rest of the build needs.
//! [`args`] decides what was asked, [`packages`] and [`toolchain`] what is missing, [`phases`] what to run; the
//! decisions are pure and tested, the running is in [`workspace`] and the command files.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the person at the terminal is its work")]

mod args;
mod bench;
mod checks;
mod demo;
mod nearest;
mod packages;
mod phases;
mod refusal;
mod summary;
mod test_programs;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use args::Task;
use refusal::Refusal;
use workspace::Workspace;

fn main() -> ExitCode {
    match args::words().and_then(|words| args::parse(&words)).and_then(perform) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            eprintln!("{}", refusal.text);
            ExitCode::from(refusal.exit_code)
        }
    }
}

fn perform(task: Task) -> Result<(), Refusal> {
    match task {
        Task::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
        Task::List => {
            print!("{}", phases::listing());
            Ok(())
        }
        Task::Demo(options) => demo::run(&Workspace::find()?, &options),
        Task::Test(phases) => checks::run(&Workspace::find()?, &phases),
        Task::Bench(words) => bench::run(&Workspace::find()?, &words),
    }
}
