//! `uketsuke audit`: whether the trail is whole, and the trail as a file. Only reads, but for the line that says it was exported; the
//! server may run.

use super::{plain_desk, say, tell};
use crate::desk::{Input, machine_session};
use crate::store::{Chain, Reading, StoreLocation, TrailEntry};
use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use web::port::TrailLine;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Follow the chain of the trail; says where it is broken.
    Verify {
        /// a head printed by an earlier run: it must still be part of the chain
        #[arg(long)]
        head: Option<String>,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Write the trail to standard output, oldest line first.
    Export {
        /// form of the file
        #[arg(long, value_enum, default_value_t = Form::Csv)]
        form: Form,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    /// UTF-8 with BOM, for spreadsheets
    Csv,
    /// one JSON object per line
    Jsonl,
}

pub(super) async fn run(command: AuditCommand) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Verify { head, data } => verify(&data, head.as_deref()),
        AuditCommand::Export { form, data } => export(&data, form).await.map(|()| ExitCode::SUCCESS),
    }
}

fn verify(data: &Path, head: Option<&str>) -> anyhow::Result<ExitCode> {
    let location = StoreLocation::in_folder(data)?;
    let connection = location.open_reader().context("there is no record in this folder")?;
    match Reading::over(&connection, location.vault()).verify_trail(head)? {
        Chain::Whole { lines, head, holds: true } => {
            say(&format!("{lines}行、つながっています / {lines} lines, the chain is whole"));
            say(&format!("head {head}"));
            Ok(ExitCode::SUCCESS)
        }
        Chain::Whole { holds: false, .. } => {
            tell(
                "控えてあった head がありません。あとの行が消されたか、別の記録です / the head you noted is not in the chain: lines were cut off, or this is another record",
            );
            Ok(ExitCode::FAILURE)
        }
        Chain::Broken { seq, why } => {
            let ja = if why == "missing" { "ありません" } else { "書き換えられています" };
            tell(&format!(
                "{seq}行目が{ja}。ここから後ろは信用できません / line {seq} is {why}: nothing from there on can be trusted"
            ));
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn export(data: &Path, form: Form) -> anyhow::Result<()> {
    let desk = plain_desk(data)?;
    let by = machine_session().account;
    let (author, counter) = (by.author.as_str().to_owned(), by.counter);
    let line = TrailEntry { what: "exported", author, counter, ..TrailEntry::default() };
    let kept = desk.inbox().send(|reply| Input::Viewed(vec![line], reply)).await;
    desk.stop().await;
    kept.context("the desk stopped")??;
    let location = StoreLocation::in_folder(data)?;
    let connection = location.open_reader()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&Reading::over(&connection, location.vault()), form, &mut out)?;
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes every line in a form.
fn write(reading: &Reading<'_>, form: Form, out: &mut impl Write) -> anyhow::Result<io::Result<()>> {
    if let Form::Csv = form {
        write!(out, "\u{FEFF}seq,at,what,author,name,counter,patient,visit,detail,hash\r\n")?;
    }
    Ok(reading.each_trail_line(|line, hash| match form {
        Form::Csv => write!(out, "{}\r\n", csv(&line, &hash)),
        Form::Jsonl => writeln!(out, "{}", json(&line, &hash)),
    })?)
}

fn csv(line: &TrailLine, hash: &str) -> String {
    let (seq, at) = (line.seq.to_string(), line.at.to_string());
    let (patient, visit) =
        (line.patient.as_ref().map(ToString::to_string), line.visit.as_ref().map(ToString::to_string));
    let cells = [
        &*seq,
        &at,
        &line.what,
        &line.author,
        line.name.as_deref().unwrap_or_default(),
        &line.counter,
        patient.as_deref().unwrap_or_default(),
        visit.as_deref().unwrap_or_default(),
        &line.detail,
        hash,
    ];
    cells.map(cell).join(",")
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn json(line: &TrailLine, hash: &str) -> serde_json::Value {
    serde_json::json!({
        "seq": line.seq, "at": line.at.to_string(), "what": line.what, "author": line.author, "name": line.name,
        "counter": line.counter, "patient": line.patient.as_ref().map(ToString::to_string),
        "visit": line.visit.as_ref().map(ToString::to_string), "detail": line.detail, "hash": hash,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_nor_breaks_its_row() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("第1窓口"), "第1窓口");
    }
}
