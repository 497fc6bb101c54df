//! `cargo xtask bench`: the speed table, always on an optimised build.

use crate::packages;
use crate::refusal::Refusal;
use crate::workspace::Workspace;

/// Builds the bench program in the release profile and passes every word on to it.
pub fn run(workspace: &Workspace, words: &[String]) -> Result<(), Refusal> {
    let of_sync = words.iter().any(|word| word == "sync");
    let special = if of_sync { packages::FOR_HUB_TESTS } else { packages::FOR_VIRTUAL_READER };
    packages::ensure(&[packages::FOR_BUILDING, special].concat())?;
    println!("==> Building the benches, optimised: about 5 minutes the first time on two cores, then about one");
    let mut bench = workspace.cargo(&["run", "--release", "--package", "tests", "--bin", "bench", "--"]);
    match bench.args(words).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Refusal::failure(format!("the bench run failed ({status}); the reason stands above"))),
        Err(error) => Err(Refusal::failure(format!("cargo could not be started: {error}"))),
    }
}
