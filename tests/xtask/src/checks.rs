//! `cargo xtask test`: everything the build server checks, on this machine.

use std::time::Instant;

use crate::phases::{self, Phase};
use crate::refusal::Refusal;
use crate::summary::{self, Outcome};
use crate::workspace::Workspace;
use crate::{packages, toolchain};

/// Installs what the phases need, runs them until one fails, and shows the table in every case.
pub fn run(workspace: &Workspace, phases: &[&'static Phase]) -> Result<(), Refusal> {
    let wanted: Vec<&str> = phases.iter().flat_map(|phase| phase.packages.concat()).collect();
    packages::ensure(&wanted)?;
    let components: Vec<_> = phases.iter().flat_map(|phase| phase.components.iter().copied()).collect();
    toolchain::ensure(workspace, &components)?;
    let rows = phases::run_until_failure(phases, |phase| run_one(workspace, phase));
    print!("{}", summary::table(&rows));
    summary::failed(&rows).map_or(Ok(()), |name| Err(Refusal::failure(format!("`{name}` failed"))))
}

fn run_one(workspace: &Workspace, phase: &Phase) -> Outcome {
    println!("\n==> {}: {}\n    {}", phase.name, phase.purpose, phase.command_line());
    let started = Instant::now();
    let result = workspace.cargo(phase.cargo).envs(phase.environment.iter().copied()).status();
    let took = started.elapsed();
    match result {
        Ok(status) if status.success() => {
            println!("<== {}: ok, {}", phase.name, summary::elapsed(took));
            Outcome::Passed(took)
        }
        Ok(status) => {
            eprintln!("<== {}: FAILED ({status}), {}", phase.name, summary::elapsed(took));
            Outcome::Failed(took)
        }
        Err(error) => {
            eprintln!("<== {}: cargo could not be started: {error}", phase.name);
            Outcome::Failed(took)
        }
    }
}
