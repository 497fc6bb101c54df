//! The table at the end of `cargo xtask test`.

use std::time::Duration;

/// How one phase ended, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed(Duration),
    Failed(Duration),
    /// An earlier phase had failed.
    NotRun,
}

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub name: &'static str,
    pub outcome: Outcome,
}

/// The table, with the total and, after a failure, the line that repeats just that phase.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("\nphase    result        time\n");
    for row in rows {
        let (result, took) = match row.outcome {
            Outcome::Passed(took) => ("ok", elapsed(took)),
            Outcome::Failed(took) => ("FAILED", elapsed(took)),
            Outcome::NotRun => ("not run", "-".to_owned()),
        };
        text += &format!("{:<8} {result:<8} {took:>9}\n", row.name);
    }
    text += &format!("{:<8} {:<8} {:>9}\n", "total", "", elapsed(total(rows)));
    if let Some(failed) = failed(rows) {
        text += &format!("\nThe reason stands above. To repeat just this phase: cargo xtask test --only {failed}\n");
    }
    text
}

/// The phase that failed, if one did.
pub fn failed(rows: &[Row]) -> Option<&'static str> {
    rows.iter().find(|row| matches!(row.outcome, Outcome::Failed(_))).map(|row| row.name)
}

/// `12.3 s` below a minute, `2 m 05 s` above.
pub fn elapsed(took: Duration) -> String {
    let tenths = (took.as_millis() + 50) / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = (took.as_millis() + 500) / 1000;
    format!("{} m {:02} s", seconds / 60, seconds % 60)
}

fn total(rows: &[Row]) -> Duration {
    rows.iter()
        .map(|row| match row.outcome {
            Outcome::Passed(took) | Outcome::Failed(took) => took,
            Outcome::NotRun => Duration::ZERO,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well_at_every_size() {
        let read = |ms| elapsed(Duration::from_millis(ms));
        assert_eq!(read(0), "0.0 s");
        assert_eq!(read(49), "0.0 s");
        assert_eq!(read(1_250), "1.3 s");
        assert_eq!(read(59_949), "59.9 s");
        assert_eq!(read(59_950), "1 m 00 s");
        assert_eq!(read(125_000), "2 m 05 s");
        assert_eq!(read(3_600_000), "60 m 00 s");
    }

    #[test]
    fn a_good_run_is_a_plain_table_with_a_total() {
        let rows = [
            Row { name: "fmt", outcome: Outcome::Passed(Duration::from_millis(800)) },
            Row { name: "clippy", outcome: Outcome::Passed(Duration::from_secs(65)) },
        ];
        let expected = "\n\
            phase    result        time\n\
            fmt      ok           0.8 s\n\
            clippy   ok        1 m 05 s\n\
            total              1 m 06 s\n";
        assert_eq!(table(&rows), expected);
        assert_eq!(failed(&rows), None);
    }

    #[test]
    fn a_failed_run_names_the_phase_and_how_to_repeat_it() {
        let rows = [
            Row { name: "fmt", outcome: Outcome::Failed(Duration::from_millis(300)) },
            Row { name: "clippy", outcome: Outcome::NotRun },
        ];
        let text = table(&rows);
        assert!(text.contains("fmt      FAILED       0.3 s\nclippy   not run          -\n"), "{text}");
        assert!(text.ends_with("cargo xtask test --only fmt\n"), "{text}");
        assert_eq!(failed(&rows), Some("fmt"));
    }
}
