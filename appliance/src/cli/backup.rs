//! `uketsuke backup`: make, look at, practise and put back.

use super::{say, tell};
use crate::backup::{self, BackupFailure, Generations, PublicHalf, RecoveryKey};
use crate::clock::Clock;
use crate::store::StoreLocation;
use clap::{Args, Subcommand};
use std::io::BufRead;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum BackupCommand {
    /// Make the recovery key and print it, this once; backups open with it alone.
    Key {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// in place of the present one, when that is lost; older backups still want the old one
        #[arg(long)]
        replace: bool,
    },
    /// Make a backup now; the server may run.
    Create {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// folder of the backups
        #[arg(long)]
        to: PathBuf,
        /// generations to keep
        #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(2..))]
        keep: u32,
    },
    /// Show the backups in a folder.
    List {
        /// folder of the backups
        folder: PathBuf,
    },
    /// Look whether a backup is whole; with the recovery key everything in it is opened.
    Verify(Chosen),
    /// Practise: restore into a scratch folder, compare, and take it away again.
    Drill {
        #[command(flatten)]
        chosen: Chosen,
        /// scratch folder, empty or not there
        #[arg(long)]
        scratch: Option<PathBuf>,
    },
    /// Put a backup back into an empty data folder; the server must be stopped.
    Restore {
        #[command(flatten)]
        chosen: Chosen,
        /// data folder, empty or not there
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

/// Which backup, and the key.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// a backup, or a folder: the newest good one in it
    from: PathBuf,
    /// file with the recovery key; `-` reads it from standard input
    #[arg(long)]
    key_file: Option<PathBuf>,
}

pub(super) fn run(command: BackupCommand) -> anyhow::Result<()> {
    done(command).map_err(|failure| {
        let text = failure.text();
        anyhow::anyhow!("{}\n{}", text.ja, text.en)
    })
}

fn done(command: BackupCommand) -> Result<(), BackupFailure> {
    match command {
        BackupCommand::Key { data, replace } => make_key(&data, replace),
        BackupCommand::Create { data, to, keep } => create(&data, &Generations::in_folder(&to, keep)),
        BackupCommand::List { folder } => list(&folder),
        BackupCommand::Verify(chosen) => verify(&chosen),
        BackupCommand::Drill { chosen, scratch } => drill(&chosen, scratch),
        BackupCommand::Restore { chosen, data } => restore(&chosen, &data),
    }
}

fn make_key(data: &Path, replace: bool) -> Result<(), BackupFailure> {
    let location = StoreLocation::in_folder(data)?;
    if PublicHalf::read(location.folder())?.is_some() && !replace {
        return Err(BackupFailure::HasKey);
    }
    let key = RecoveryKey::make()?;
    key.public_half().write(location.folder())?;
    say(&key.to_text());
    tell(&format!(
        "復元用の鍵 {name} です。この一度しか表示しません。印刷して、受付機とは別の場所に保管してください。\n\
         This is recovery key {name}. It is shown this once: print it and keep it away from the box.",
        name = key.public_half().name()
    ));
    Ok(())
}

fn create(data: &Path, generations: &Generations) -> Result<(), BackupFailure> {
    let location = StoreLocation::in_folder(data)?;
    let made = backup::create(&location, generations, Clock::wall().now())?;
    say(&format!("{} ({} bytes, key {})", made.path.display(), made.bytes, made.header.key));
    Ok(())
}

fn list(folder: &Path) -> Result<(), BackupFailure> {
    let all = Generations::in_folder(folder, u32::MAX).all()?;
    if all.is_empty() {
        return Err(BackupFailure::Nothing(folder.to_owned()));
    }
    for one in all {
        let state = match backup::verify(&one.path, None) {
            Ok(_) => "良好 / whole".to_owned(),
            Err(failure) => format!("{} / {}", failure.text().ja, failure.text().en),
        };
        say(&format!(
            "{}  {}  {} bytes  v{}  key {}  {state}",
            one.path.display(),
            one.header.made_at,
            one.bytes,
            one.header.program,
            one.header.key
        ));
    }
    Ok(())
}

fn verify(chosen: &Chosen) -> Result<(), BackupFailure> {
    let path = chosen.path()?;
    let key = chosen.key_file.as_ref().map(|_| chosen.key()).transpose()?;
    let (header, manifest) = backup::verify(&path, key.as_ref())?;
    say(&format!("{}: 良好 / whole ({}, key {})", path.display(), header.made_at, header.key));
    match manifest {
        Some(manifest) => say(&format!("{}件の記録 / records", manifest.records)),
        None => tell(
            "中身は確かめていません。--key-file を付けると全部を開いて確かめます。 / The content was not opened; with --key-file all of it is.",
        ),
    }
    Ok(())
}

fn drill(chosen: &Chosen, scratch: Option<PathBuf>) -> Result<(), BackupFailure> {
    let (path, key) = (chosen.path()?, chosen.key()?);
    let scratch =
        scratch.unwrap_or_else(|| std::env::temp_dir().join(format!("uketsuke-drill-{}", std::process::id())));
    let drilled = backup::drill(&path, &key, &scratch, Clock::wall().now())?;
    say(&format!(
        "{}: 復元の練習に成功しました（記録{}件、文書{}件が元と一致）。今の記録には触れていません。 / \
         The drill succeeded: {} records and {} documents agree. The present record was not touched.",
        path.display(),
        drilled.records,
        drilled.documents,
        drilled.records,
        drilled.documents
    ));
    Ok(())
}

fn restore(chosen: &Chosen, data: &Path) -> Result<(), BackupFailure> {
    let (path, key) = (chosen.path()?, chosen.key()?);
    let manifest = backup::restore(&path, &key, data)?;
    say(&format!(
        "{}: {}件の記録を {} に戻しました。サービスを起動してください。ほかの受付機や中継サーバーにある新しい記録は、つながると自動で戻ります。 / \
         {} records are back in {}. Start the service; what the other boxes and the hub have beyond it comes back when they are connected.",
        path.display(),
        manifest.records,
        data.display(),
        manifest.records,
        data.display()
    ));
    Ok(())
}

impl Chosen {
    fn path(&self) -> Result<PathBuf, BackupFailure> {
        if self.from.is_dir() {
            return Ok(Generations::in_folder(&self.from, u32::MAX).newest_good()?.path);
        }
        Ok(self.from.clone())
    }

    fn key(&self) -> Result<RecoveryKey, BackupFailure> {
        let text = match &self.key_file {
            Some(path) if path.as_os_str() != "-" => std::fs::read_to_string(path)?,
            given => {
                if given.is_none() {
                    tell("復元用の鍵を入力してください / Type the recovery key:");
                }
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line)?;
                line
            }
        };
        RecoveryKey::parse(text.trim())
    }
}
