//! `uketsuke rules`: the rules asked from outside.

use crate::rules::decide_json;
use domain::rule::RulePack;
use serde_json::{Value, json};
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

/// Longest input line, bytes.
const LONGEST_LINE: usize = 1_000_000;

/// Decides cases. Either the whole input is one JSON object, which may span lines, or every line is one. A case that cannot be
/// read gives an error object in its place and exit code 1; the others are decided all the same.
pub fn decide(mut input: impl BufRead, mut output: impl Write) -> anyhow::Result<ExitCode> {
    let rules = RulePack::built_in();
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    let mut failed = false;
    let cases: Vec<(usize, String)> = match serde_json::from_str::<Value>(&text) {
        Ok(_) => vec![(1, text)],
        Err(_) => text.lines().map(str::to_owned).zip(1..).map(|(line, number)| (number, line)).collect(),
    };
    for (number, case) in cases.into_iter().filter(|(_, case)| !case.trim().is_empty()) {
        let answer = decide_text(&case, &rules);
        let line = match answer {
            Ok(decision) => decision,
            Err(problem) => {
                failed = true;
                json!({ "error": { "line": number, "at": problem.0, "expected": problem.1 } })
            }
        };
        if !is_heard(writeln!(output, "{line}"))? {
            break;
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Whether somebody still reads what is written. A reader that has seen enough (`| head -1`) is no failure.
fn is_heard(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        other => other.map(|()| true),
    }
}

fn decide_text(case: &str, rules: &RulePack) -> Result<Value, (String, String)> {
    if case.len() > LONGEST_LINE {
        return Err((String::new(), format!("at most {LONGEST_LINE} bytes")));
    }
    let json: Value = serde_json::from_str(case)
        .map_err(|error| (format!("column {}", error.column()), "JSON; see CASES.md".to_owned()))?;
    decide_json(&json, rules).map_err(|unreadable| (unreadable.path, unreadable.expected))
}

/// Prints the dated rule list.
pub fn list(mut output: impl Write) -> anyhow::Result<()> {
    let pack = RulePack::built_in();
    let rules: Vec<Value> = pack
        .rules()
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id.code(),
                "from": rule.from.map(|day| day.to_string()),
                "to": rule.to.map(|day| day.to_string()),
                "day_unknown": rule.day_unknown,
                "ja": rule.ja,
                "en": rule.en,
                "source": rule.source,
            })
        })
        .collect();
    is_heard(writeln!(output, "{:#}", json!({ "version": pack.version(), "rules": rules })))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(input: &str) -> (Vec<Value>, ExitCode) {
        let mut output = Vec::new();
        let code = decide(input.as_bytes(), &mut output).expect("decided");
        let text = String::from_utf8(output).expect("utf-8");
        (text.lines().map(|line| serde_json::from_str(line).expect("json")).collect(), code)
    }

    #[test]
    fn one_case_over_several_lines_and_many_cases_one_per_line() {
        let (one, code) = run("{\n \"visit_date\": \"2025-12-02\"\n}\n");
        assert_eq!(one.len(), 1);
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
        let (many, _) = run("{\"visit_date\":\"2025-12-02\"}\n\n{\"visit_date\":\"2026-08-01\"}\n");
        assert_eq!(many.len(), 2);
        assert!(many.iter().all(|decision| decision["full_charge"]["may_be_asked"] == true));
    }

    #[test]
    fn a_bad_case_is_located_and_the_others_are_decided() {
        let (answers, code) =
            run("{\"visit_date\":\"2025-12-02\"}\n{\"visit_date\":\"2025-13-02\"}\n{\"visit_dat\":1}\n");
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
        assert!(answers[0].get("error").is_none());
        assert_eq!(answers[1]["error"]["line"], 2);
        assert_eq!(answers[1]["error"]["at"], "visit_date");
        assert_eq!(answers[2]["error"]["at"], "visit_dat");
    }
}
