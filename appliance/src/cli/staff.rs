//! `uketsuke staff`: accounts, for the owner of the machine when nobody can sign in. The server may run.

use super::{plain_desk, say};
use crate::desk::{RunningDesk, machine_session};
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::fact::Author;
use std::path::PathBuf;
use web::port::{Desk, Role, StaffChange, StaffMember, StaffRefused, StaffSaid};

#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Make an account; its first password is printed once.
    Add {
        /// name, typed to sign in
        name: String,
        /// reception, claims, manager or vendor
        #[arg(long, default_value = "reception", value_parser = role)]
        role: Role,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// List the accounts.
    List {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Let an account sign in no more; its sessions end.
    Lock {
        /// name
        name: String,
        /// let it sign in again
        #[arg(long)]
        undo: bool,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Make a new first password, printed once, and forget the second factor and the passkeys.
    Reset {
        /// name
        name: String,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Give an account another role; its sessions end.
    Role {
        /// name
        name: String,
        /// reception, claims, manager or vendor
        #[arg(value_parser = role)]
        role: Role,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

fn role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| "reception, claims, manager or vendor".to_owned())
}

pub(super) async fn run(command: StaffCommand) -> anyhow::Result<()> {
    let (StaffCommand::Add { data, .. }
    | StaffCommand::List { data }
    | StaffCommand::Lock { data, .. }
    | StaffCommand::Reset { data, .. }
    | StaffCommand::Role { data, .. }) = &command;
    let desk = plain_desk(data)?;
    let outcome = do_it(&desk, command).await;
    desk.stop().await;
    outcome
}

async fn do_it(desk: &RunningDesk, command: StaffCommand) -> anyhow::Result<()> {
    let change = match command {
        StaffCommand::Add { name, role, .. } => StaffChange::Add { name, role },
        StaffCommand::List { .. } => return list(desk),
        StaffCommand::Lock { name, undo, .. } => StaffChange::SetLocked(author(desk, &name)?, !undo),
        StaffCommand::Reset { name, .. } => StaffChange::Reset(author(desk, &name)?),
        StaffCommand::Role { name, role, .. } => StaffChange::SetRole(author(desk, &name)?, role),
    };
    match desk.people().change(&machine_session(), change).await {
        Ok(StaffSaid::Password(password)) => say(&password),
        Ok(_) => say("保存済み / saved"),
        Err(StaffRefused::At(_, why)) => bail!("{} / {}", why.ja, why.en),
        Err(StaffRefused::Unavailable(error)) => return Err(error.into()),
    }
    Ok(())
}

fn author(desk: &RunningDesk, name: &str) -> anyhow::Result<Author> {
    let staff = desk.people().staff()?;
    let found = staff.into_iter().find(|member| member.name == name);
    let why =
        "この名前のアカウントはありません（staff list で確かめてください） / no account has this name; see staff list";
    Ok(found.context(why)?.author)
}

fn list(desk: &RunningDesk) -> anyhow::Result<()> {
    for member in desk.people().staff()? {
        say(&line(&member));
    }
    Ok(())
}

fn line(member: &StaffMember) -> String {
    let marks = [
        (member.is_locked, "locked"),
        (member.has_first_password, "first-password"),
        (member.has_second_factor, "second-factor"),
        (member.passkeys > 0, "passkeys"),
    ];
    let marks: Vec<&str> = marks.into_iter().filter(|(yes, _)| *yes).map(|(_, mark)| mark).collect();
    format!("{}\t{}\t{}\t{}", member.name, member.role.code(), marks.join(","), member.author)
}
