//! The checks of `cargo xtask test`: what they run, what they need, and in which order.

use crate::packages::{
    FOR_ACCESS_TESTS, FOR_BUILDING, FOR_HUB_TESTS, FOR_LINE_TESTS, FOR_PRINT_TESTS, FOR_READER_TESTS, FOR_SYSTEM_TESTS,
    FOR_UPDATE_TESTS,
};
use crate::summary::{Outcome, Row};
use crate::toolchain::{CLIPPY, Component, RUSTFMT};

/// One check: a single cargo command, so that anybody can repeat it without this program.
#[derive(Debug, PartialEq, Eq)]
pub struct Phase {
    pub name: &'static str,
    pub purpose: &'static str,
    /// Words after `cargo`.
    pub cargo: &'static [&'static str],
    pub environment: &'static [(&'static str, &'static str)],
    /// Groups of Debian packages.
    pub packages: &'static [&'static [&'static str]],
    pub components: &'static [Component],
    /// Whether cargo only builds the test programs, and each is run by itself.
    pub each_program: bool,
}

/// Every phase, quick and telling ones first; `build` stands before `test` because the system tests start the program.
pub static ALL: [Phase; 5] = [
    Phase {
        name: "fmt",
        purpose: "formatting (seconds)",
        cargo: &["fmt", "--all", "--", "--check"],
        environment: &[],
        packages: &[],
        components: &[RUSTFMT],
        each_program: false,
    },
    Phase {
        name: "clippy",
        purpose: "lints, warnings are errors (minutes the first time)",
        cargo: &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        environment: &[],
        packages: &[FOR_BUILDING],
        components: &[CLIPPY],
        each_program: false,
    },
    Phase {
        name: "build",
        purpose: "everything, programs and tests (minutes the first time)",
        cargo: &["build", "--workspace", "--all-targets"],
        environment: &[],
        packages: &[FOR_BUILDING],
        components: &[],
        each_program: false,
    },
    Phase {
        name: "test",
        purpose: "all tests, those in a real browser and with a real card service included (minutes)",
        cargo: &["test", "--workspace"],
        // what was green stays green; `cargo test` alone looks for new cases each time
        environment: &[("PROPTEST_RNG_SEED", "20261121")],
        packages: &[
            FOR_ACCESS_TESTS,
            FOR_BUILDING,
            FOR_HUB_TESTS,
            FOR_LINE_TESTS,
            FOR_PRINT_TESTS,
            FOR_READER_TESTS,
            FOR_SYSTEM_TESTS,
            FOR_UPDATE_TESTS,
        ],
        components: &[],
        each_program: true,
    },
    Phase {
        name: "doc",
        purpose: "documentation, warnings are errors (a minute)",
        cargo: &["doc", "--workspace", "--no-deps"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        packages: &[FOR_BUILDING],
        components: &[],
        each_program: false,
    },
];

impl Phase {
    /// The line somebody can type to repeat this phase by hand.
    pub fn command_line(&self) -> String {
        let environment = self.environment.iter().map(|(name, value)| format!("{name}=\"{value}\" "));
        environment.chain(["cargo ".to_owned(), self.cargo.join(" ")]).collect()
    }
}

/// The text of `cargo xtask test --list`.
pub fn listing() -> String {
    ALL.iter().map(|phase| format!("{:<7} {}\n        {}\n", phase.name, phase.purpose, phase.command_line())).collect()
}

/// Runs the phases in order until one fails; the rest is listed as not run.
pub fn run_until_failure(phases: &[&'static Phase], mut run: impl FnMut(&Phase) -> Outcome) -> Vec<Row> {
    let mut failed = false;
    let mut rows = Vec::new();
    for phase in phases {
        let outcome = if failed { Outcome::NotRun } else { run(phase) };
        failed |= matches!(outcome, Outcome::Failed(_));
        rows.push(Row { name: phase.name, outcome });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn all() -> Vec<&'static Phase> {
        ALL.iter().collect()
    }

    #[test]
    fn names_are_unique() {
        let mut names = ALL.each_ref().map(|phase| phase.name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn every_phase_that_compiles_asks_for_the_c_toolchain_and_only_tests_for_browser_and_readers() {
        for phase in &ALL {
            assert_eq!(phase.packages.contains(&FOR_BUILDING), phase.name != "fmt", "{}", phase.name);
            for tests_only in [
                FOR_ACCESS_TESTS,
                FOR_SYSTEM_TESTS,
                FOR_READER_TESTS,
                FOR_HUB_TESTS,
                FOR_LINE_TESTS,
                FOR_PRINT_TESTS,
                FOR_UPDATE_TESTS,
            ] {
                assert_eq!(phase.packages.contains(&tests_only), phase.name == "test", "{}", phase.name);
            }
        }
    }

    #[test]
    fn the_listing_shows_lines_that_can_be_typed() {
        let listing = listing();
        assert!(listing.contains("        cargo clippy --workspace --all-targets -- -D warnings\n"), "{listing}");
        assert!(
            listing.contains("        RUSTDOCFLAGS=\"-D warnings\" cargo doc --workspace --no-deps\n"),
            "{listing}"
        );
    }

    #[test]
    fn the_first_failure_ends_the_run_and_the_rest_is_listed() {
        let mut ran = Vec::new();
        let rows = run_until_failure(&all(), |phase| {
            ran.push(phase.name);
            let took = Duration::from_secs(1);
            if phase.name == "build" { Outcome::Failed(took) } else { Outcome::Passed(took) }
        });
        assert_eq!(ran, ["fmt", "clippy", "build"]);
        assert_eq!(rows.iter().map(|row| row.name).collect::<Vec<_>>(), ["fmt", "clippy", "build", "test", "doc"]);
        assert_eq!(rows[3].outcome, Outcome::NotRun);
        assert_eq!(rows[4].outcome, Outcome::NotRun);
    }
}
