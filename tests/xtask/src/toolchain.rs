//! The parts of the Rust toolchain that a minimal installation leaves out.

use std::process::{Command, Stdio};

use crate::refusal::Refusal;
use crate::workspace::Workspace;

/// A cargo subcommand that comes with a component of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// As cargo calls it: `fmt`.
    pub subcommand: &'static str,
    /// As rustup calls it: `rustfmt`.
    pub name: &'static str,
}

pub const RUSTFMT: Component = Component { subcommand: "fmt", name: "rustfmt" };
pub const CLIPPY: Component = Component { subcommand: "clippy", name: "clippy" };

/// Makes sure that the components answer, adding them by rustup when it is there.
pub fn ensure(workspace: &Workspace, wanted: &[Component]) -> Result<(), Refusal> {
    let missing: Vec<&str> =
        wanted.iter().filter(|component| !answers(workspace, component)).map(|component| component.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("==> Adding {} to the Rust toolchain (a few seconds)", missing.join(" and "));
    let added = Command::new("rustup").args(["component", "add"]).args(&missing).status();
    if added.is_ok_and(|status| status.success()) { Ok(()) } else { Err(Refusal::failure(needed(&missing))) }
}

fn answers(workspace: &Workspace, component: &Component) -> bool {
    let mut question = workspace.cargo(&[component.subcommand, "--version"]);
    question.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn needed(missing: &[&str]) -> String {
    let names = missing.join(" ");
    format!(
        "The Rust toolchain lacks: {names}\nWith rustup: `rustup component add {names}`. \
         With Debian's own toolchain: `apt-get install rustfmt rust-clippy`."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_parts_are_named_with_the_line_that_adds_them() {
        assert!(needed(&["rustfmt", "clippy"]).contains("`rustup component add rustfmt clippy`"));
    }
}
