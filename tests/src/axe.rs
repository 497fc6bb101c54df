//! axe-core, the widely used judge of accessibility, run inside a page. It is fetched by npm into `target` and never part of the tree.

use crate::browser::Desk;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The rules of WCAG 2.0, 2.1 and 2.2, levels A and AA, that a program can judge.
const LEVELS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/// A registry may be out of breath for a moment.
const TRIES: usize = 3;

/// The script of axe-core.
pub struct Axe(String);

impl Axe {
    /// The one that lies below `target`, fetched first when it is not there; `None` where it cannot be fetched.
    pub fn fetched() -> Option<&'static Axe> {
        static FETCHED: LazyLock<Option<Axe>> = LazyLock::new(Axe::fetch);
        FETCHED.as_ref()
    }

    fn fetch() -> Option<Axe> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let folder = here.join("../target/axe");
        let fetch = || Command::new("sh").arg(here.join("axe/install.sh")).arg(&folder).stdin(Stdio::null()).status();
        let is_there = (0..TRIES).any(|_| fetch().is_ok_and(|status| status.success()));
        let script = is_there.then(|| folder.join("node_modules/axe-core/axe.min.js"))?;
        Some(Axe(std::fs::read_to_string(script).unwrap()))
    }

    /// What is wrong with the page as it stands.
    pub async fn judge(&self, desk: &Desk) -> Vec<String> {
        self.run(desk, &json!({ "type": "tag", "values": LEVELS })).await
    }

    /// The same for its colours only: what changes with the theme.
    pub async fn judge_colours(&self, desk: &Desk) -> Vec<String> {
        self.run(desk, &json!({ "type": "rule", "values": ["color-contrast"] })).await
    }

    async fn run(&self, desk: &Desk, only: &Value) -> Vec<String> {
        if desk.client.execute("return typeof axe", Vec::new()).await.unwrap() == "undefined" {
            desk.client.execute(&self.0, Vec::new()).await.unwrap();
        }
        let script = r"
            const [only, done] = arguments;
            axe.run(document, { runOnly: only, resultTypes: ['violations'] }).then(
                (found) => done(found.violations.flatMap((rule) => rule.nodes.slice(0, 4).map(
                    (node) => rule.id + ': ' + node.target.join(' ') + ' — ' + node.failureSummary.split('\n').slice(1, 3).join(' ').trim()))),
                (error) => done(['axe-core did not run: ' + error]));
        ";
        let found = desk.client.execute_async(script, vec![only.clone()]).await.unwrap();
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }
}
