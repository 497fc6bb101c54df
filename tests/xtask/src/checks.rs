//! `cargo xtask test`: everything the build server checks, on this machine.

use std::time::Instant;

use crate::phases::{self, Phase};
use crate::refusal::Refusal;
use crate::summary::{self, Outcome};
use crate::workspace::Workspace;
use crate::{packages, test_programs, toolchain};

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
    let result = if phase.each_program { each_program(workspace, phase) } else { as_it_stands(workspace, phase) };
    let took = started.elapsed();
    match result {
        Ok(()) => {
            println!("<== {}: ok, {}", phase.name, summary::elapsed(took));
            Outcome::Passed(took)
        }
        Err(reason) => {
            eprintln!("<== {}: FAILED ({reason}), {}", phase.name, summary::elapsed(took));
            Outcome::Failed(took)
        }
    }
}

fn as_it_stands(workspace: &Workspace, phase: &Phase) -> Result<(), String> {
    match workspace.cargo(phase.cargo).envs(phase.environment.iter().copied()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(format!("cargo could not be started: {error}")),
    }
}

fn each_program(workspace: &Workspace, phase: &Phase) -> Result<(), String> {
    let verdict = test_programs::run(workspace, phase)?;
    print!("\n{}", verdict.text());
    if verdict.is_good() { Ok(()) } else { Err("failed twice".to_owned()) }
}
