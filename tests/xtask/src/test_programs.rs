//! Runs the test programs that cargo built: those that mostly wait beside the others, and what failed once more, alone.
//!
//! `cargo test` runs one program after the other and stops at the first that fails. Here every program runs, so that one run tells
//! everything that is wrong; programs that mostly wait for time to pass share the processor with those that need it; and a program
//! that failed is given a second, undisturbed try. One that passes then is named as unsteady: it did not find a fault of the
//! product, and it is to be mended.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::phases::Phase;
use crate::summary::elapsed;
use crate::workspace::Workspace;

/// Programs that mostly wait, by name: they need little of the processor and much of the clock. Those of one row run one after the
/// other, beside the other row: the first share one card service. `fuzz_targets` waits for a compiler, to which it gives one processor.
const WAITING: [&[&str]; 2] = [
    &["pcsc", "virtual_reader_demo", "practice_card"],
    &["facility_discovery", "morning_without_line", "day_of_sixty", "fuzz_targets"],
];

/// How many programs are listed with their time.
const MOST_SHOWN: usize = 20;

/// One test program.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Program {
    /// What a person calls it: the package and the name of the target.
    name: String,
    /// The executable.
    file: PathBuf,
    /// The package's folder: where it runs.
    folder: PathBuf,
}

/// What came of all programs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Failed both times.
    failed: Vec<String>,
    /// Failed beside the others, passed alone.
    unsteady: Vec<String>,
}

impl Verdict {
    /// Whether nothing failed twice.
    pub fn is_good(&self) -> bool {
        self.failed.is_empty()
    }

    /// Lines that name what deserves a look; empty when there is nothing.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for name in &self.unsteady {
            text += &format!("unsteady: {name} failed once and passed alone; mend it\n");
        }
        for name in &self.failed {
            text += &format!("FAILED twice: {name}\n");
        }
        text
    }
}

/// Builds the phase's test programs, runs them and the examples in the documentation.
pub fn run(workspace: &Workspace, phase: &Phase) -> Result<Verdict, String> {
    let programs = build(workspace, phase)?;
    let mut working = programs;
    let waiting =
        WAITING.map(|row| working.extract_if(.., |program| row.contains(&program.target())).collect::<Vec<_>>());
    let start = |program: &Program| program.command(workspace, phase);
    let mut failed = thread::scope(|scope| {
        let beside = waiting.each_ref().map(|row| scope.spawn(|| run_silently(row, start)));
        let mut failed = run_openly(&working, start);
        failed.extend(beside.into_iter().flat_map(|row| row.join().unwrap_or_default()));
        failed
    });
    let mut verdict = Verdict::default();
    for program in failed.drain(..) {
        println!("\n     Once more, alone: {}", program.name);
        let list = if passes(start(&program)) { &mut verdict.unsteady } else { &mut verdict.failed };
        list.push(program.name);
    }
    let mut examples = workspace.cargo(phase.cargo);
    examples.arg("--doc").envs(phase.environment.iter().copied());
    if !passes(examples) {
        verdict.failed.push("examples in the documentation".to_owned());
    }
    Ok(verdict)
}

impl Program {
    fn target(&self) -> &str {
        self.name.rsplit(' ').next().unwrap_or(&self.name)
    }

    fn command(&self, workspace: &Workspace, phase: &Phase) -> Command {
        let mut command = workspace.in_package(&self.file, &self.folder);
        command.envs(phase.environment.iter().copied());
        command
    }
}

/// Builds, and reads from cargo's messages what came of it.
fn build(workspace: &Workspace, phase: &Phase) -> Result<Vec<Program>, String> {
    let mut cargo = workspace.cargo(phase.cargo);
    cargo.args(["--no-run", "--message-format", "json-render-diagnostics"]).envs(phase.environment.iter().copied());
    let output =
        cargo.stderr(Stdio::inherit()).output().map_err(|error| format!("cargo could not be started: {error}"))?;
    if !output.status.success() {
        return Err("the tests do not build".to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(program).collect())
}

/// The test program a message of cargo tells of. Read by its fixed form, so that this tool needs no library.
fn program(message: &str) -> Option<Program> {
    let profile = &message[message.find(r#""profile":{"#)?..];
    let built_as_test = profile.split('}').next().is_some_and(|profile| profile.contains(r#""test":true"#));
    let file = PathBuf::from(text_of(message, "executable").filter(|_| built_as_test)?);
    let manifest = PathBuf::from(text_of(message, "manifest_path")?);
    let folder = manifest.parent()?.to_owned();
    let target = text_of(&message[message.find(r#""target":"#)?..], "name")?;
    let package = folder.file_name()?.to_string_lossy();
    Some(Program { name: format!("{package} {target}"), file, folder })
}

fn text_of<'a>(message: &'a str, field: &str) -> Option<&'a str> {
    let start = message.find(&format!(r#""{field}":""#))? + field.len() + 4;
    let length = message[start..].find('"')?;
    Some(&message[start..start + length])
}

/// One after the other, on the person's own terminal.
fn run_openly(programs: &[Program], start: impl Fn(&Program) -> Command) -> Vec<Program> {
    let mut failed = Vec::new();
    let mut times = Vec::new();
    for program in programs {
        println!("\n     Running {}", program.name);
        let started = Instant::now();
        if !passes(start(program)) {
            failed.push(program.clone());
        }
        times.push((started.elapsed(), program.name.as_str()));
    }
    print!("\n{}", slowest(times));
    failed
}

/// Where the time went: the programs that took longest, and all others in one line.
fn slowest(mut times: Vec<(Duration, &str)>) -> String {
    times.sort_unstable_by(|one, other| other.cmp(one));
    let shown = times.len().min(MOST_SHOWN);
    let lines = times.drain(..shown).map(|(took, name)| format!("{:>9}  {name}\n", elapsed(took))).collect::<String>();
    let rest: Duration = times.iter().map(|(took, _)| *took).sum();
    if times.is_empty() { lines } else { format!("{lines}{:>9}  {} others\n", elapsed(rest), times.len()) }
}

/// One after the other, each told when it has ended.
fn run_silently(programs: &[Program], start: impl Fn(&Program) -> Command) -> Vec<Program> {
    let mut failed = Vec::new();
    for program in programs {
        let output = start(program).stdin(Stdio::null()).output();
        let passed = output.as_ref().is_ok_and(|output| output.status.success());
        let told = match output {
            Ok(output) => [output.stdout, output.stderr].concat(),
            Err(error) => error.to_string().into_bytes(),
        };
        let mut out = std::io::stdout().lock();
        let heading = format!("\n     Ran beside the others: {}\n", program.name);
        // a closed terminal is no reason to stop testing
        let _ = out.write_all(heading.as_bytes()).and_then(|()| out.write_all(&told));
        if !passed {
            failed.push(program.clone());
        }
    }
    failed
}

fn passes(mut command: Command) -> bool {
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("{} could not be started: {error}", Path::new(command.get_program()).display());
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#"{"reason":"compiler-artifact","package_id":"path+file:///repo/web#0.1.0","manifest_path":"/repo/web/Cargo.toml","target":{"kind":["test"],"crate_types":["bin"],"name":"pages","src_path":"/repo/web/tests/pages/main.rs","edition":"2024","doc":false,"doctest":false,"test":true},"profile":{"opt_level":"0","debuginfo":1,"debug_assertions":true,"overflow_checks":true,"test":true},"features":[],"filenames":["/repo/target/debug/deps/pages-1"],"executable":"/repo/target/debug/deps/pages-1","fresh":true}"#;

    #[test]
    fn a_test_program_is_read_from_cargos_message() {
        let program = program(MESSAGE).expect("a test program");
        assert_eq!(program.name, "web pages");
        assert_eq!(program.target(), "pages");
        assert_eq!(program.file, Path::new("/repo/target/debug/deps/pages-1"));
        assert_eq!(program.folder, Path::new("/repo/web"));
    }

    #[test]
    fn libraries_and_ordinary_programs_are_no_tests() {
        let library = MESSAGE.replace(r#""executable":"/repo/target/debug/deps/pages-1""#, r#""executable":null"#);
        assert_eq!(program(&library), None);
        let binary =
            MESSAGE.replace(r#""overflow_checks":true,"test":true}"#, r#""overflow_checks":true,"test":false}"#);
        assert_eq!(program(&binary), None);
        assert_eq!(program(r#"{"reason":"build-finished","success":true}"#), None);
    }

    #[test]
    fn the_slowest_programs_stand_first_and_the_rest_is_summed_up() {
        let times = (1..=22).map(|n| (Duration::from_secs(n), "web pages")).collect();
        let text = slowest(times);
        assert_eq!(text.lines().count(), 21, "{text}");
        assert!(text.lines().next().is_some_and(|line| line.contains(&elapsed(Duration::from_secs(22)))), "{text}");
        assert!(text.ends_with(&format!("{:>9}  2 others\n", elapsed(Duration::from_secs(3)))), "{text}");
        assert_eq!(slowest(vec![(Duration::from_secs(1), "web api")]).lines().count(), 1);
    }

    #[test]
    fn what_failed_twice_fails_the_run_and_what_failed_once_is_named() {
        let unsteady = Verdict { failed: vec![], unsteady: vec!["web pages".into()] };
        assert!(unsteady.is_good());
        assert_eq!(unsteady.text(), "unsteady: web pages failed once and passed alone; mend it\n");
        let failed = Verdict { failed: vec!["web api".into()], unsteady: vec![] };
        assert!(!failed.is_good() && failed.text().contains("FAILED twice: web api"));
        assert_eq!(Verdict::default().text(), "");
    }
}
