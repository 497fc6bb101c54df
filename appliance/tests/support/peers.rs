//! Counters of one facility: how one comes into the facility of another, and how records go from one to the other, by hand or over
//! HTTPS on loopback.

use super::counter::Counter;
use std::net::SocketAddr;
use std::path::Path;
use sync::facility::statement::Statement;
use sync::feed::{Arrival, Budget, FeedLog, Outcome};
use sync::seal::SealedRecord;
use uketsuke::clock::Clock;
use uketsuke::desk::{FeedInput, Input, RunningDesk};
use uketsuke::exchange::{Exchange, SyncSettings};
use uketsuke::store::StoreLocation;
use uketsuke::vault::Vault;

/// Lets the box whose data lies in a folder into the facility of a desk.
pub async fn let_in(desk: &RunningDesk, folder: &Path, name: &str) {
    let newcomer = StoreLocation::in_folder(folder).unwrap().vault().identity().introduction();
    let vault = desk.vault();
    states(desk, vault.admit(&newcomer, name, desk.clock().now()).unwrap()).await;
    Vault::enter(folder, vault.facility(), &vault.statements(), vault.all_keys()).unwrap();
}

/// A desk takes a statement about its facility into its record.
pub async fn states(desk: &RunningDesk, said: Statement) {
    desk.inbox().send(|reply| Input::Feed(FeedInput::State(Box::new(said), reply))).await.unwrap().unwrap();
}

impl Counter {
    /// A box that was let into the facility of another, on the same clock.
    pub async fn joining(other: &Counter) -> Counter {
        Counter::joining_by(other, &other.clock).await
    }

    /// The same with a clock of its own.
    pub async fn joining_by(other: &Counter, clock: &Clock) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let_in(&other.desk, folder.path(), "窓口2").await;
        Counter::at(other.site.clone(), folder, clock)
    }

    /// Every record it holds, oldest first.
    pub fn records(&self) -> Vec<SealedRecord> {
        let page = self.desk.log().read_after(0, usize::MAX).unwrap();
        page.records.into_iter().map(|logged| logged.record).collect()
    }

    /// Takes records in, as if another box had sent them.
    pub async fn take(&self, records: Vec<SealedRecord>) -> Vec<Outcome> {
        let gate = self.desk.vault().gate().clone();
        let arrival = |record: SealedRecord| Arrival { standing: gate.admit(&record).unwrap(), record };
        self.append(records.into_iter().map(arrival).collect()).await
    }

    /// Takes in what a gate has judged already.
    pub async fn append(&self, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        let log = self.desk.log();
        tokio::task::spawn_blocking(move || log.append(&arrivals, None)).await.unwrap().unwrap()
    }

    /// Where it listens for other boxes, and which it calls.
    pub fn sync_settings(&self, with: Option<SocketAddr>) -> SyncSettings {
        SyncSettings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            peers: with.map(|address| (address.ip().to_string(), address.port())).into_iter().collect(),
            discovery: false,
            budget: Budget::UNLIMITED,
        }
    }

    /// Begins to exchange records with whoever calls, and with this box.
    pub async fn exchange(&self, with: Option<SocketAddr>) -> Exchange {
        Exchange::start(self.sync_settings(with), &self.desk).await.unwrap()
    }
}
