//! The table: what was measured, the bar, and whether it was met.

use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

/// How a figure stands to its bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// reached
    Met,
    /// not reached
    Missed,
    /// there is no bar: said so that the others can be understood
    Told,
}

impl Verdict {
    /// Met or missed.
    pub fn of(met: bool) -> Verdict {
        if met { Verdict::Met } else { Verdict::Missed }
    }

    fn word(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::Missed => "MISSED",
            Verdict::Told => "",
        }
    }
}

/// One line.
pub struct Row {
    /// what was measured
    pub what: String,
    /// what came out, in words
    pub measured: String,
    /// the bar, in words; empty = none
    pub bar: &'static str,
    /// how it stands
    pub verdict: Verdict,
    /// the same as numbers
    pub numbers: Value,
}

/// All lines, with what they depend on.
pub struct Table {
    machine: Value,
    how_much: String,
    sizes: Value,
    rows: Vec<Row>,
}

impl Table {
    /// Nothing measured yet; how much is measured, in words and as numbers.
    pub fn new(machine: Value, how_much: String, sizes: Value) -> Table {
        Table { machine, how_much, sizes, rows: Vec::new() }
    }

    /// Prints it, and writes it down for machines where somebody asked for that.
    pub fn tell(&self, json: Option<&Path>) -> anyhow::Result<()> {
        println!("\n{self}");
        if let Some(path) = json {
            std::fs::write(path, format!("{:#}\n", self.to_json()))?;
        }
        Ok(())
    }

    /// Adds lines.
    pub fn add(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    /// Everything, for machines.
    pub fn to_json(&self) -> Value {
        let row = |row: &Row| {
            let verdict = row.verdict.word().to_lowercase();
            json!({ "what": row.what, "measured": row.measured, "bar": row.bar, "verdict": verdict, "numbers": row.numbers })
        };
        json!({ "machine": self.machine, "sizes": self.sizes, "rows": self.rows.iter().map(row).collect::<Vec<_>>() })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&Row) -> &str| self.rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
        let (what, measured, bar) = (width(|row| &row.what), width(|row| &row.measured), width(|row| row.bar));
        for row in &self.rows {
            writeln!(f, "{:what$}  {:measured$}  {:bar$}  {}", row.what, row.measured, row.bar, row.verdict.word())?;
        }
        writeln!(f, "\non {}; {}", facts_in_words(&self.machine), self.how_much)
    }
}

fn facts_in_words(machine: &Value) -> String {
    let said = |name: &str| match &machine[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(String::new, |n| format!("{}", (n * 1e3).round() / 1e3)),
        _ => "?".to_owned(),
    };
    format!(
        "{} cores ({}), {} memory, {} with fdatasync p50 {} ms and p99 {} ms, load {} at the start",
        said("cores"),
        said("processor"),
        said("memory"),
        said("filesystem"),
        said("fdatasync_p50_ms"),
        said("fdatasync_p99_ms"),
        said("load_average"),
    )
}
