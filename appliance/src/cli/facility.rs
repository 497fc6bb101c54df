//! `uketsuke facility`: who belongs to the facility; letting a box in, coming in, using a hub, putting one out. The service does it all,
//! and keeps running.

use super::exchange::asked;
use super::{say, tell};
use crate::boxes::{Asked, QuestionReport, Report};
use anyhow::bail;
use clap::Subcommand;
use domain::Timestamp;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pause before the service is asked again.
const AGAIN: Duration = Duration::from_millis(300);

#[derive(Debug, Subcommand)]
pub(super) enum FacilityCommand {
    /// Show who belongs to the facility.
    Show {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Let another box in: shows a code, then the digits to compare, and asks.
    Invite {
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Come into the facility of the box that shows this code. The service starts anew by itself.
    Join {
        /// the code on the other screen; left out to go on after a cut
        code: Option<String>,
        /// address and port of that box; not needed when it is the only one on this network that shows a code
        #[arg(long)]
        at: Option<String>,
        /// what people call this box
        #[arg(long, default_value = "")]
        name: String,
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Use a hub, by the code its operator made.
    Hub {
        /// the code
        code: String,
        /// address and port of the hub
        #[arg(long)]
        at: String,
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Put a lost or retired box out, or leave a hub.
    Revoke {
        /// its id, as `show` prints it
        id: String,
        /// lost, replaced, copied or retired
        #[arg(long)]
        reason: String,
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Give a box or hub another name, on every screen.
    Rename {
        /// its id, as `show` prints it
        id: String,
        /// what people call it from now on
        name: String,
        /// data folder of the running service
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

pub(super) async fn run(command: FacilityCommand) -> anyhow::Result<()> {
    match command {
        FacilityCommand::Show { data, json } => {
            let report = asked(&data, Asked::Status).await?;
            if json {
                say(&serde_json::to_string(&report)?)
            } else {
                show(&report)
            }
            Ok(())
        }
        FacilityCommand::Invite { data } => invite(&data).await,
        FacilityCommand::Join { code, at, name, data } => {
            let join = Asked::Join { address: at.unwrap_or_default(), code: code.unwrap_or_default(), name };
            let report = done(asked(&data, join).await?)?;
            compare(&data, report, &mut Vec::new()).await?;
            say(
                "施設に登録されました。この受付機は自動で開始し直します。 / This box is in. Its service starts anew by itself.",
            );
            Ok(())
        }
        FacilityCommand::Hub { code, at, data } => {
            let report = done(asked(&data, Asked::EnrolHub { address: at, code }).await?)?;
            compare(&data, report, &mut Vec::new()).await?;
            say("中継サーバーを登録しました。 / The hub is registered.");
            Ok(())
        }
        FacilityCommand::Revoke { id, reason, data } => {
            done(asked(&data, Asked::PutOut { id, reason }).await?)?;
            say("登録を取り消し、鍵を替えました。 / Put out, and the keys were changed.");
            Ok(())
        }
        FacilityCommand::Rename { id, name, data } => {
            done(asked(&data, Asked::Rename { id, name }).await?)?;
            say("名前を変えました。 / It has the new name.");
            Ok(())
        }
    }
}

fn show(report: &Report) {
    say(&format!("施設 / Facility: {} {}", report.facility, report.label));
    report.address.iter().for_each(|address| say(&format!("この受付機のアドレス / this box is called at: {address}")));
    for member in &report.members {
        let here = if member.own { " *" } else { "" };
        let role = if member.hub { "中継 / hub" } else { "受付機 / box" };
        let ends =
            member.certificate_ends_ms.map(|ms| format!(" 証明書 / certificate until {}", Timestamp::from_ms(ms)));
        say(&format!("{} {role} {}{here}{}", member.id, member.name, ends.unwrap_or_default()));
    }
    for former in &report.former {
        let why: Vec<String> = former.put_out.iter().map(|(reason, by)| format!("{reason} ({by})")).collect();
        say(&format!("{} 登録取消 / put out: {} {}", former.id, former.name, why.join(", ")));
    }
    report.stopped.iter().for_each(|[ja, en]| say(&format!("{ja} / {en}")));
}

async fn invite(data: &Path) -> anyhow::Result<()> {
    let report = done(asked(data, Asked::MakeCode).await?)?;
    let Some((code, until)) = &report.code else {
        bail!("登録コードを発行できませんでした。 / No code was made.")
    };
    let members = report.members.len();
    say(&format!("登録コード / code: {code}  （{} まで / until）", Timestamp::from_ms(*until)));
    report.address.iter().for_each(|address| say(&format!("アドレス / address: {address}")));
    let (mut asked_of, mut told) = (Vec::new(), report.said.clone());
    loop {
        let report = asked(data, Asked::Status).await?;
        if report.said != told {
            report.said.iter().for_each(|[ja, en]| tell(&format!("{ja} / {en}")));
            told.clone_from(&report.said);
        }
        if report.members.len() > members {
            say("登録しました。 / Let in.");
            return Ok(());
        }
        match report.questions.iter().find(|question| !question.confirmed && !asked_of.contains(&question.id)) {
            Some(question) => decide(data, question, &mut asked_of).await?,
            None if report.questions.is_empty() && report.code.is_none() => {
                bail!(
                    "登録コードの有効時間が過ぎたか、使われました。誰も登録していません。 / The code has ended. Nobody was let in."
                )
            }
            None => {}
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Shows the digits, asks the person here, and waits for the one there.
async fn compare(data: &Path, mut report: Report, asked_of: &mut Vec<String>) -> anyhow::Result<()> {
    let before = report.members.len();
    loop {
        if let Some(question) = report.questions.iter().find(|question| !asked_of.contains(&question.id)) {
            decide(data, &question.clone(), asked_of).await?;
        } else if report.entering || report.members.len() > before {
            return Ok(());
        } else if report.questions.is_empty() {
            // what the screen of the service says now is what came of it
            let [ja, en] = report.said.clone().unwrap_or_default();
            if asked_of.is_empty() {
                return Ok(());
            }
            bail!("{ja} / {en}");
        }
        tokio::time::sleep(AGAIN).await;
        report = match asked(data, Asked::Status).await {
            Ok(report) => report,
            // it starts anew as a member
            Err(_) if report.entering || !asked_of.is_empty() => return Ok(()),
            Err(error) => return Err(error),
        };
    }
}

async fn decide(data: &Path, question: &QuestionReport, asked_of: &mut Vec<String>) -> anyhow::Result<()> {
    say(&format!("「{}」 照合の数字 / digits: {}", question.name, question.digits));
    tell("両方の画面の数字が同じなら yes を入力 / type yes if both screens show the same digits:");
    let typed = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let same = typed.await??.trim() == "yes";
    asked_of.push(question.id.clone());
    asked(data, Asked::Answer { question: question.id.clone(), same }).await?;
    if !same {
        bail!("登録しませんでした。何も変更していません。 / Not registered. Nothing was changed.");
    }
    Ok(())
}

fn done(report: Report) -> anyhow::Result<Report> {
    match &report.refused {
        Some([ja, en]) => bail!("{ja} / {en}"),
        None => Ok(report),
    }
}
