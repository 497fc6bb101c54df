//! Two boxes of one facility: real desks, real stores, the feed between them over HTTPS with mutual TLS.

use crate::clinic::{fill, settings, staff};
use crate::exchange::Stage;
use crate::invented;
use anyhow::{Context, ensure};
use domain::fact::VisitId;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use sync::feed::{Budget, FeedLog};
use sync::seal::RecordHash;
use tempfile::TempDir;
use tests::facility::let_in;
use uketsuke::clock::Clock;
use uketsuke::desk::RunningDesk;
use uketsuke::exchange::{Exchange, SyncSettings};
use uketsuke::store::StoreLocation;
use web::port::{Desk, DeskCommand, PatientCommand};

/// Longest wait for records; a line that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// Longest pause between two looks at a log whose growth should have been told.
const LOOK: Duration = Duration::from_millis(250);

/// A box: a folder and the desk over it.
pub struct Station {
    folder: PathBuf,
    /// the desk
    pub desk: RunningDesk,
}

/// Two of them, the first filled, the second let in and empty.
pub struct BoxPair {
    /// where the patients are
    pub first: Station,
    /// where nothing is yet
    pub second: Station,
    _folder: TempDir,
}

impl Station {
    fn start(folder: PathBuf) -> anyhow::Result<Station> {
        let desk = RunningDesk::start(&StoreLocation::in_folder(&folder)?, settings(), Clock::wall())?;
        Ok(Station { folder, desk })
    }

    /// Begins to exchange: listens, and calls whoever is given.
    pub async fn exchange(&self, with: Option<SocketAddr>) -> anyhow::Result<Exchange> {
        let settings = SyncSettings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            peers: with.map(|address| (address.ip().to_string(), address.port())).into_iter().collect(),
            discovery: false,
            budget: Budget::UNLIMITED,
        };
        Ok(Exchange::start(settings, &self.desk).await?)
    }

    /// The last number of its log.
    pub fn end(&self) -> anyhow::Result<u64> {
        Ok(self.desk.log().position()?.end)
    }

    /// Records in its log.
    pub fn records(&self) -> anyhow::Result<u32> {
        let connection = StoreLocation::in_folder(&self.folder)?.open_reader()?;
        Ok(connection.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?)
    }

    fn hashes(&self) -> anyhow::Result<BTreeSet<RecordHash>> {
        Ok(self.desk.log().read_after(0, usize::MAX)?.records.iter().map(|logged| logged.record.hash()).collect())
    }

    /// Bytes of the sealed records after a number.
    pub fn sealed_bytes_after(&self, number: u64) -> anyhow::Result<u64> {
        let page = self.desk.log().read_after(number, usize::MAX)?;
        Ok(page.records.iter().map(|logged| logged.record.bytes().len() as u64).sum())
    }

    /// Waits until the log has grown to this number. Records are durable, merged and on the screens by then.
    pub async fn grown_to(&self, end: u64) -> anyhow::Result<()> {
        let (mut revisions, begun) = (self.desk.watch(), Instant::now());
        while self.end()? < end {
            ensure!(begun.elapsed() < PATIENCE, "waited in vain for {end} records; there are {}", self.end()?);
            let _looked_at_anyway = tokio::time::timeout(LOOK, revisions.changed()).await;
        }
        Ok(())
    }

    /// Changes so many patients' records, spread over all of them; one change of one document each.
    pub async fn change(&self, patients: u32, changed: u32, turn: u32) -> anyhow::Result<()> {
        let spread = (patients / changed).max(1);
        for nth in 0..changed {
            let number = invented::person((nth * spread + turn) % patients).number;
            let found = self.desk.readers().read(|reading| reading.patients_by_number(&number))?;
            let patient = found.into_iter().next().context("a patient is not on file")?.patient;
            let command = PatientCommand::NoteCare(format!("足もとに注意。車いすで来院されます（{turn}）"));
            self.desk.submit(&staff(), None, DeskCommand::Patient { patient, command }).await?;
        }
        Ok(())
    }

    /// Whether a visit is on its screens.
    pub fn shows(&self, visit: &VisitId) -> anyhow::Result<bool> {
        Ok(self.desk.visit(visit)?.is_some())
    }

    async fn stop(self) {
        self.desk.stop().await;
    }
}

impl BoxPair {
    /// The first with so many patients and a visit each.
    pub async fn open(stage: &Stage, patients: u32) -> anyhow::Result<BoxPair> {
        let folder = stage.passing()?;
        let path = |name: &str| -> anyhow::Result<PathBuf> {
            let path = folder.path().join(name);
            std::fs::create_dir_all(&path)?;
            Ok(path)
        };
        let (first, second) = (path("first")?, path("second")?);
        fill(&StoreLocation::in_folder(&first)?, patients).await?;
        let first = Station::start(first)?;
        let_in(&first.desk, Path::new(&second), "2番").await;
        let second = Station::start(second)?;
        Ok(BoxPair { first, second, _folder: folder })
    }

    /// Brings the second to what the first has; how long that took.
    pub async fn fill_second(
        &self,
        line: impl AsyncFn(SocketAddr) -> std::io::Result<SocketAddr>,
    ) -> anyhow::Result<Duration> {
        let records = self.first.records()?;
        let called = self.first.exchange(None).await?;
        let near = line(called.address).await?;
        let begun = Instant::now();
        let calling = self.second.exchange(Some(near)).await?;
        while self.second.records()? < records {
            ensure!(begun.elapsed() < PATIENCE, "the new box is not filled");
            // counting costs the box that is measured something, too
            tokio::time::sleep(LOOK / 5).await;
        }
        let took = begun.elapsed();
        ensure!(self.second.hashes()?.is_superset(&self.first.hashes()?), "the new box has other records");
        calling.close().await;
        called.close().await;
        Ok(took)
    }

    /// Both closed; the process must not end while a writer still closes its record.
    pub async fn close(self) {
        self.first.stop().await;
        self.second.stop().await;
    }
}
