//! The script of the day, read from the table that people write and read.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("table.txt");

/// When a line is played.
pub const PHASES: [&str; 6] = ["morning", "outage1", "noon", "silent", "outage2", "pharmacy"];

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// number of the patient
    pub no: u8,
    /// when
    pub phase: &'static str,
    /// which counter
    pub counter: u8,
    /// key in the practice population
    pub who: &'static str,
    /// what happens, one word or a few each
    pub steps: Vec<Vec<&'static str>>,
    /// what the month-end list must say; absent where an earlier line of the same patient goes on
    pub expected: Option<Expected>,
}

/// What must be true of a visit in the evening.
#[derive(Clone, Debug)]
pub struct Expected {
    pub basis: &'static str,
    pub numbers: &'static str,
    pub payer_body: &'static str,
    pub evidence: &'static str,
    pub share: &'static str,
    pub remark: &'static str,
    pub warnings: BTreeSet<&'static str>,
    pub troubles: BTreeSet<&'static str>,
    pub follow_ups: BTreeSet<&'static str>,
}

/// Every line, in the order of the table.
pub fn lines() -> Vec<Line> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(read).collect()
}

fn read(line: &'static str) -> Line {
    let cells: Vec<&'static str> = line.split('|').map(str::trim).collect();
    let steps = cells[4].split(';').map(|step| step.split_whitespace().collect()).collect();
    let phase = PHASES.into_iter().find(|phase| *phase == cells[1]).unwrap_or_else(|| panic!("no such time: {line}"));
    let expected = (cells.len() > 5).then(|| {
        let words = |cell: &'static str| cell.split_whitespace().filter(|word| *word != "-").collect();
        let one = |cell: &'static str| if cell == "-" { "" } else { cell };
        Expected {
            basis: cells[5],
            numbers: one(cells[6]),
            payer_body: one(cells[7]),
            evidence: one(cells[8]),
            share: one(cells[9]),
            remark: one(cells[10]),
            warnings: words(cells[11]),
            troubles: words(cells[12]),
            follow_ups: words(cells[13]),
        }
    });
    Line { no: cells[0].parse().unwrap(), phase, counter: cells[2].parse().unwrap(), who: cells[3], steps, expected }
}
