//! What lies ready on the disk for times when the box cannot be asked: today's list, sheets to go on by hand, and the notice for
//! patients. Written again when the day's list changes, each file whole or not at all. The files hold names: only the service may
//! read them, and the folder says so.

use super::BoxPrints;
use crate::desk::RunningDesk;
use domain::Timestamp;
use domain::text::Text;
use paper::{Order, Paper};
use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use web::WebSettings;
use web::port::{Desk, NotPrinted, PackView, Prints, Unavailable};
use web::prints::{SitePrint, by_hand, order, site_paper};

/// The files, in the order somebody needs them.
pub const FILES: [&str; 5] =
    ["1-today.pdf", "2-blank-day.pdf", "3-blank-declaration.pdf", "4-equipment-fault.pdf", "5-call-sheet.pdf"];
/// Forms one number space of a day serves: the two digits written by hand.
const BY_HAND: u32 = 99;
/// How long it must be quiet before the files are written again, and how long that is waited for.
const QUIET: Duration = Duration::from_secs(3);
const LONGEST: Duration = Duration::from_secs(30);
/// A new day begins without anything happening at the desk; and what failed is tried again.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// How the files stand.
pub struct PackState {
    folder: PathBuf,
    told: Mutex<(Option<Timestamp>, Option<Text>)>,
}

impl PackState {
    /// Files in this folder; nothing is written yet.
    pub fn in_folder(folder: PathBuf) -> Arc<PackState> {
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        Arc::new(PackState { folder, told: Mutex::default() })
    }

    /// As pages show it.
    pub fn view(&self) -> PackView {
        let (written_at, problem) = self.told().clone();
        let files = FILES.iter().filter(|file| self.folder.join(file).is_file()).map(|file| (*file).to_owned());
        PackView { folder: self.folder.display().to_string(), files: files.collect(), written_at, problem }
    }

    fn told(&self) -> MutexGuard<'_, (Option<Timestamp>, Option<Text>)> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the files are not up to date.
#[derive(Debug, thiserror::Error)]
enum Unwritten {
    #[error("the record could not be read")]
    Record(#[from] Unavailable),
    #[error("a paper could not be set")]
    Paper(#[from] NotPrinted),
    #[error("a file could not be written")]
    File(#[from] std::io::Error),
}

impl Unwritten {
    fn words(&self) -> Text {
        match self {
            Unwritten::Record(_) | Unwritten::Paper(_) => Text::new(
                "備えの紙を組めませんでした。1分ごとにやり直します。今日の一覧は「今日の受付」から印刷しておいてください。",
                "The papers could not be set; it is tried again every minute. Print today's list from the board meanwhile.",
            ),
            Unwritten::File(error) => Text::new(
                format!(
                    "備えのフォルダーに書けませんでした（{}）。空き容量と書き込みの許可を確かめてください。",
                    error.kind()
                ),
                format!("The folder could not be written ({}). Check free space and permissions.", error.kind()),
            ),
        }
    }
}

/// Keeps the files up to date as long as the desk runs.
pub async fn keep(desk: RunningDesk, web: WebSettings, prints: Arc<BoxPrints>, state: Arc<PackState>) {
    let mut revisions = desk.watch();
    let mut pack = Pack { desk, web, prints, state, written: BTreeMap::new() };
    loop {
        pack.bring_up_to_date().await;
        if !next(&mut revisions).await {
            break;
        }
    }
}

/// Waits until something may have changed and it is quiet again; false when the desk is gone.
async fn next(revisions: &mut watch::Receiver<u64>) -> bool {
    match tokio::time::timeout(LOOK_AGAIN, revisions.changed()).await {
        Err(_) => return true,
        Ok(Err(_)) => return false,
        Ok(Ok(())) => {}
    }
    let quiet = async { while let Ok(Ok(())) = tokio::time::timeout(QUIET, revisions.changed()).await {} };
    let _written_at_last_all_the_same = tokio::time::timeout(LONGEST, quiet).await;
    true
}

/// The files and what stands in them.
struct Pack {
    desk: RunningDesk,
    web: WebSettings,
    prints: Arc<BoxPrints>,
    state: Arc<PackState>,
    written: BTreeMap<&'static str, Paper>,
}

impl Pack {
    async fn bring_up_to_date(&mut self) {
        let outcome = self.write_what_changed().await;
        let mut told = self.state.told();
        match outcome {
            Ok(()) => *told = (Some(self.desk.clock().now()), None),
            Err(unwritten) => {
                tracing::warn!(error = &unwritten as &dyn std::error::Error, "the downtime pack is not up to date");
                told.1 = Some(unwritten.words());
            }
        }
    }

    async fn write_what_changed(&mut self) -> Result<(), Unwritten> {
        let mut wanted = self.papers().await?;
        wanted.retain(|(file, paper)| self.written.get(file) != Some(paper));
        for (file, paper) in wanted {
            let order = order(&self.desk, &self.web, paper);
            let pdf = self.prints.set(order.clone()).await?;
            let path = self.state.folder.join(file);
            tokio::task::spawn_blocking(move || write_whole(&path, &pdf)).await.map_err(std::io::Error::other)??;
            let Order { paper, .. } = order;
            self.written.insert(file, paper);
        }
        Ok(())
    }

    /// The papers as they would stand in the files now.
    async fn papers(&self) -> Result<Vec<(&'static str, Paper)>, Unwritten> {
        let (desk, web) = (self.desk.clone(), self.web.clone());
        let read = move || {
            let prints = [SitePrint::DayList, SitePrint::BlankDay, SitePrint::EquipmentFault, SitePrint::CallSheet];
            prints.map(|print| site_paper(&desk, &web, "", print, None)).into_iter().collect::<Result<Vec<_>, _>>()
        };
        let papers = tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)??;
        let request = format!("downtime pack {}", self.desk.today());
        let space = self.prints.reserve(Some(request), BY_HAND).await?.space;
        let [today, blank, form, fault, call] = FILES;
        Ok([today, blank, fault, call].into_iter().zip(papers).chain([(form, by_hand(space))]).collect())
    }
}

/// A reader finds the file as it was or as it is, never half of it, and finds it after a power cut too.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let half = path.with_extension("new");
    remove(&half)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&half, path)?;
    File::open(folder)?.sync_all()
}

/// Removes the files of a pack that is no longer wanted: a list of patients nobody renews would only be a danger.
pub fn clear(folder: &Path) {
    for file in FILES {
        for path in [folder.join(file), folder.join(file).with_extension("new")] {
            if let Err(error) = remove(&path) {
                tracing::warn!(%error, file, "an old file of the downtime pack could not be removed");
            }
        }
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
