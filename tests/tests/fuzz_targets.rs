//! Every fuzz target of the repository is built as the fuzzer's own tool builds it, and attacks for a moment from its seeds.
//! `UKETSUKE_FUZZ_SECONDS` says for how long each.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

const SECONDS: u32 = 2;

/// What `cargo fuzz` gives the compiler, without the sanitizers: those want a nightly one.
const FLAGS: [&str; 6] = [
    "--cfg fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

#[test]
fn the_parsers_of_drivers_withstand_the_fuzzer() {
    attack("drivers", 5);
}

#[test]
fn the_parsers_of_sync_withstand_the_fuzzer() {
    attack("sync", 8);
}

fn attack(part: &str, targets: usize) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(part).join("fuzz");
    let built = build(&workspace, part);
    let names = names(&workspace.join("fuzz_targets"));
    assert_eq!(names.len(), targets, "{names:?}");
    for name in names {
        run(&built.join(&name), &workspace.join("seeds").join(&name));
    }
}

/// Builds the targets and says where they are. Other tests run beside this one: there is one compiler at a time.
fn build(workspace: &Path, part: &str) -> PathBuf {
    static COMPILER: Mutex<()> = Mutex::new(());
    let _alone = COMPILER.lock().unwrap_or_else(PoisonError::into_inner);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{part}"));
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--jobs", "1", "--target", &host])
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", FLAGS.join(" "))
        // building takes far longer than the moment of attack: nothing that only helps a debugger
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .status();
    assert!(built.unwrap().success(), "the targets of {part} do not build");
    target.join(&host).join("debug")
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Runs one target over its seeds; what it finds new goes to a folder that is thrown away.
fn run(target: &Path, seeds: &Path) {
    let seconds = std::env::var("UKETSUKE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let found = tempfile::tempdir().unwrap();
    let output = Command::new(target)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.path().display()))
        .arg(found.path())
        .args(seeds.is_dir().then_some(seeds))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", target.display());
    let runs = told.lines().find_map(|line| line.strip_prefix("Done ")?.split(' ').next()?.parse::<u64>().ok());
    assert!(runs.is_some_and(|runs| runs > 100), "{}: {told}", target.display());
    let coverage = told.lines().any(|line| line.contains("cov: "));
    assert!(coverage, "{}: the fuzzer sees nothing of the program: {told}", target.display());
}
