//! `uketsuke-hub update`: publish an update, see how it goes, widen or stop it.

use super::{Place, clock};
use crate::bundles::{Bundles, manifest};
use crate::store::updates::{BundleRow, Stopped, bundles, count, publish, roll_out};
use anyhow::{Context, bail};
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;
use sync::update::{BundleHash, Outcome};
use tokio::runtime::Runtime;

#[derive(Subcommand)]
pub(super) enum UpdateCommand {
    /// Take a signed bundle in and offer it; begin with few boxes
    Publish {
        /// the bundle
        file: PathBuf,
        /// certificate of the authority that boxes trust, PEM
        #[arg(long)]
        authority: PathBuf,
        /// for boxes that follow this channel
        #[arg(long, default_value = "stable")]
        channel: String,
        /// boxes of lower rings get it, and a share of this one
        #[arg(long, default_value_t = 0)]
        ring: u8,
        /// percent of the boxes in its ring
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
        percent: u8,
        /// boxes that return from it until it stops by itself
        #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
        stop_after: u32,
        /// folder of published updates; beside the store when left out
        #[arg(long)]
        bundles: Option<PathBuf>,
    },
    /// Show what was published and how it goes
    List,
    /// Widen an update, also one that had stopped
    RollOut {
        /// the first digits of its hash
        hash: String,
        /// boxes of lower rings get it, and a share of this one
        #[arg(long)]
        ring: u8,
        /// percent of the boxes in its ring
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
        percent: u8,
    },
    /// Offer an update to nobody any more; where it is installed it stays
    Stop {
        /// the first digits of its hash
        hash: String,
    },
}

impl UpdateCommand {
    pub(super) fn run(self, place: &Place, runtime: &Runtime) -> anyhow::Result<()> {
        let store = place.open_beside(runtime)?;
        match self {
            UpdateCommand::Publish { file, authority, channel, ring, percent, stop_after, bundles } => {
                let said = manifest(&file, &authority)?;
                let folder = place
                    .bundles(bundles.as_deref())
                    .context("give --bundles: every hub of a database hands them out")?;
                let (hash, bytes) = Bundles::in_folder(&folder).take(&file).context("the bundle cannot be copied")?;
                let row = BundleRow {
                    hash,
                    version: said.version,
                    arch: said.arch,
                    schema: said.schema,
                    bytes,
                    channel,
                    published_at: clock()(),
                    ring,
                    share: percent,
                    stop_after,
                    stopped: Stopped::No,
                };
                let is_new = store.write(|sql| publish(sql, &row))?;
                let note = if is_new { "published" } else { "was published already; nothing was changed" };
                say(&format!("{} {} {hash} {note}", row.version, row.arch.code()));
                Ok(())
            }
            UpdateCommand::List => {
                for row in store.read(bundles)? {
                    let of = |outcome| store.read(|sql| count(sql, row.version, outcome));
                    let (proven, returned) = (of(Outcome::Proven)?, of(Outcome::Returned)?);
                    let (failed, refused) = (of(Outcome::Failed)?, of(Outcome::Refused)?);
                    let state = match row.stopped {
                        Stopped::No => "goes on",
                        Stopped::ByHand => "stopped",
                        Stopped::ByReturns => "stopped by itself: boxes returned from it",
                    };
                    say(&format!(
                        "{} {} {} {} ring {} {}% {state}; proven {proven} returned {returned} failed {failed} refused {refused}",
                        row.hash,
                        row.version,
                        row.arch.code(),
                        row.channel,
                        row.ring,
                        row.share
                    ));
                }
                Ok(())
            }
            UpdateCommand::RollOut { hash, ring, percent } => {
                let row = one(store.read(bundles)?, &hash)?;
                store.write(|sql| roll_out(sql, row.hash, ring, percent, Stopped::No))?;
                say(&format!("{} {}: ring {ring}, {percent}%", row.version, row.hash));
                Ok(())
            }
            UpdateCommand::Stop { hash } => {
                let row = one(store.read(bundles)?, &hash)?;
                store.write(|sql| roll_out(sql, row.hash, row.ring, row.share, Stopped::ByHand))?;
                say(&format!("{} {}: stopped", row.version, row.hash));
                Ok(())
            }
        }
    }
}

fn one(all: Vec<BundleRow>, digits: &str) -> anyhow::Result<BundleRow> {
    let fits = |hash: BundleHash| digits.len() >= 4 && hash.to_string().starts_with(digits);
    let mut found = all.into_iter().filter(|row| fits(row.hash));
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row),
        (None, _) => bail!("no update has a hash that begins with {digits} (four digits at least); see `update list`"),
        (Some(_), Some(_)) => bail!("several updates begin with {digits}; give more digits"),
    }
}

/// A closed pipe is no reason to stop.
fn say(line: &str) {
    let _closed_pipe_is_fine = writeln!(std::io::stdout().lock(), "{line}");
}
