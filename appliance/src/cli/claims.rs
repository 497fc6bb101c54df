//! `uketsuke claims`: the claims of a month on the command line.

use super::{plain_desk, say, tell};
use crate::desk::RunningDesk;
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::claim::Month;
use domain::fact::Author;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use web::port::{
    Account, ClaimCommand, ClaimFileQuery, ClaimFilter, ClaimQuery, Desk, DeskCommand, FileEncoding, SubmitError,
};

#[derive(Debug, Subcommand)]
pub(super) enum ClaimsCommand {
    /// How a month stands, and every visit that needs somebody.
    List {
        /// the month, YYYY-MM
        #[arg(long)]
        month: String,
        /// every visit, not only those that need somebody
        #[arg(long)]
        all: bool,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Write the claims of a month into a file that does not exist yet.
    Export {
        /// the month, YYYY-MM
        #[arg(long)]
        month: String,
        /// the layout: `standard`, or the name of a file in claim-layouts
        #[arg(long, default_value = "standard")]
        layout: String,
        /// letters: utf-8 or shift_jis; left out: as the layout says
        #[arg(long)]
        encoding: Option<String>,
        /// the file
        #[arg(long)]
        out: PathBuf,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Freeze a month; with a reason, open it again.
    Freeze {
        /// the month, YYYY-MM
        #[arg(long)]
        month: String,
        /// open it again, and why
        #[arg(long)]
        reopen: Option<String>,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// The layouts for files of claims, and what is wrong with them.
    Layouts {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Import the directory of insurers: CSV in UTF-8 with number, name, phone.
    Insurers {
        /// the file
        file: PathBuf,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

pub(super) async fn run(command: ClaimsCommand) -> anyhow::Result<()> {
    match command {
        ClaimsCommand::List { month, all, data } => {
            on_desk(&data, async |desk| list(desk, month_of(&month)?, all)).await
        }
        ClaimsCommand::Export { month, layout, encoding, out, data } => {
            let encoding =
                encoding.map(|code| FileEncoding::from_code(&code).context("utf-8 or shift_jis")).transpose()?;
            let query = ClaimFileQuery { month: month_of(&month)?, layout, encoding, after: None };
            on_desk(&data, async |desk| export(desk, query.clone(), &out)).await
        }
        ClaimsCommand::Freeze { month, reopen, data } => {
            let month = month_of(&month)?;
            let command = match reopen {
                Some(reason) => ClaimCommand::Reopen { month, reason },
                None => ClaimCommand::Freeze(month),
            };
            on_desk(&data, async |desk| submit(desk, DeskCommand::Claims(command.clone())).await).await
        }
        ClaimsCommand::Layouts { data } => on_desk(&data, async |desk| layouts(desk)).await,
        ClaimsCommand::Insurers { file, data } => {
            let text = std::fs::read_to_string(&file).context("the file cannot be read as UTF-8")?;
            match web::insurer_list::parse(&text) {
                Ok(contacts) => {
                    let count = contacts.len();
                    let command = DeskCommand::ImportInsurers(contacts);
                    on_desk(&data, async |desk| submit(desk, command.clone()).await).await?;
                    say(&format!("{count}件を取り込みました。 / {count} insurers imported."));
                    Ok(())
                }
                Err(complaints) => {
                    complaints.iter().for_each(|text| tell(&format!("{} / {}", text.ja, text.en)));
                    bail!("nothing was imported")
                }
            }
        }
    }
}

async fn on_desk(data: &Path, work: impl AsyncFnOnce(&RunningDesk) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let desk = plain_desk(data)?;
    let outcome = work(&desk).await;
    desk.stop().await;
    outcome
}

fn month_of(text: &str) -> anyhow::Result<Month> {
    Month::parse(text).context("月は YYYY-MM の形で入れてください。 / Give the month as YYYY-MM.")
}

async fn submit(desk: &RunningDesk, command: DeskCommand) -> anyhow::Result<()> {
    let by = Account { author: Author::new("command-line"), name: String::new() };
    match desk.submit(&by, None, command).await {
        Ok(_) => {
            say("保存済み / Saved");
            Ok(())
        }
        Err(SubmitError::Refused { why, .. } | SubmitError::StateChanged(why)) => bail!("{} / {}", why.ja, why.en),
        Err(error) => Err(error.into()),
    }
}

fn list(desk: &RunningDesk, month: Month, all: bool) -> anyhow::Result<()> {
    let filter = if all { ClaimFilter::All } else { ClaimFilter::NeedsSomebody };
    let mut query = ClaimQuery { month, filter, after: None, limit: 200, by: Author::new("command-line") };
    let first = desk.claims(&query)?;
    let (totals, frozen) = (first.totals, if first.is_frozen { "締め済 / frozen" } else { "未締め / open" });
    say(&format!(
        "{month} {frozen}: {} — ① {} ② {} ③ {} 保留 {} 請求なし {} 要対応 {} 締め後 {}",
        totals.all(),
        totals.current,
        totals.former,
        totals.unknown,
        totals.hold,
        totals.not_claimed,
        totals.needs_somebody,
        totals.after_freeze
    ));
    let mut page = first;
    loop {
        for item in &page.items {
            let basis = item.line.not_claimed.map_or_else(|| item.line.basis.words().ja, |none| none.words().ja);
            let warnings: Vec<&str> = item.line.warnings.iter().map(|warning| warning.code()).collect();
            let number = item.patient_number.as_deref().unwrap_or("-");
            say(&format!("{} {number} {} {basis} {}", item.visit_date, item.visit, warnings.join(" ")));
        }
        let Some(next) = page.next else { return Ok(()) };
        query.after = Some(next);
        page = desk.claims(&query)?;
    }
}

fn export(desk: &RunningDesk, mut query: ClaimFileQuery, out: &Path) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut part = match desk.claim_file(&query)? {
        Some(part) => part,
        None => bail!("様式がないか、使えません。 / There is no such layout, or it has a fault."),
    };
    let mut file = options.open(out).context("the file exists already, or cannot be made")?;
    let mut visits = 0;
    loop {
        file.write_all(&part.bytes)?;
        visits += part.visits;
        part.unwritable.iter().for_each(|text| tell(&format!("{} / {}", text.ja, text.en)));
        let Some(next) = part.next else { break };
        query.after = Some(next);
        part = desk.claim_file(&query)?.context("the layout was changed meanwhile")?;
    }
    file.sync_all()?;
    say(&format!("{visits}件を書き出しました。 / {visits} visits written."));
    Ok(())
}

fn layouts(desk: &RunningDesk) -> anyhow::Result<()> {
    for layout in desk.claim_layouts() {
        match layout.problem {
            Some(problem) => say(&format!("{} × {} / {}", layout.name, problem.ja, problem.en)),
            None => say(&format!("{} {}", layout.name, layout.title)),
        }
    }
    Ok(())
}
