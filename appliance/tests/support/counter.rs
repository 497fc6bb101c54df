//! One counter: a desk in a folder of its own, on a clock driven by hand. What a subject does besides stands with its tests, in an
//! `impl Counter` of theirs.

use super::patients::{check_in, person};
use domain::case::{Site, SiteKind};
use domain::eligibility::PersonFace;
use domain::fact::{Author, PatientId, VisitId};
use domain::rule::RulePack;
use domain::visit::VisitCommand;
use domain::{Date, Timestamp};
use std::path::Path;
use std::time::Duration;
use sync::outbox::Patience;
use tempfile::TempDir;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::store::{Reading, StoreLocation, Writing, rebuild};
use web::port::{Account, BoardRow, Desk, DeskCommand, Saved, SubmitError, VisitView};

/// Long enough for a loaded machine; nothing waits this long when all is well.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A box at work.
pub struct Counter {
    pub folder: TempDir,
    pub clock: Clock,
    pub desk: RunningDesk,
    pub site: Site,
}

/// A clock that stands at this time of this day.
pub fn clock_at(day: Date, hour: u8, minute: u8) -> Clock {
    Clock::by_hand(Timestamp::in_japan(day, hour, minute, 0))
}

/// The desk of a clinic over the store in a folder.
pub fn desk_in(folder: &Path, clock: &Clock) -> RunningDesk {
    desk_over(&StoreLocation::in_folder(folder).unwrap(), clock)
}

/// The desk of a clinic over a store.
pub fn desk_over(location: &StoreLocation, clock: &Clock) -> RunningDesk {
    desk_of(Site::of(SiteKind::Clinic), location, clock)
}

fn desk_of(site: Site, location: &StoreLocation, clock: &Clock) -> RunningDesk {
    let settings = DeskSettings { site, rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(location, settings, clock.clone()).unwrap()
}

/// Somebody of the reception.
pub fn staff() -> Account {
    Account::new(Author::new("staff-1"), "受付")
}

/// Makes every row anew from the record, while nobody works; how many documents there are, and how many could not be read.
pub fn make_rows_anew(location: &StoreLocation, now: Timestamp) -> (usize, usize) {
    let mut connection = location.open_writer().unwrap();
    let transaction = connection.transaction().unwrap();
    let writer = sync::replica::Writer::from_random([7; 16]);
    let writing = Writing::inside(&transaction, location.vault());
    let made = rebuild(&writing, &RulePack::built_in(), &writer, now).unwrap();
    transaction.commit().unwrap();
    made
}

/// Every row, as the store in a folder has it.
pub fn rows_in(location: &StoreLocation) -> Vec<String> {
    Reading::over(&location.open_reader().unwrap(), location.vault()).dump_read_model().unwrap()
}

impl Counter {
    /// A box of a clinic that has founded its own facility.
    pub fn first(clock: &Clock) -> Counter {
        Counter::in_folder(tempfile::tempdir().unwrap(), clock)
    }

    /// A box over what a folder holds already.
    pub fn in_folder(folder: TempDir, clock: &Clock) -> Counter {
        Counter::at(Site::of(SiteKind::Clinic), folder, clock)
    }

    /// The same at another kind of site.
    pub fn at(site: Site, folder: TempDir, clock: &Clock) -> Counter {
        let desk = desk_of(site.clone(), &StoreLocation::in_folder(folder.path()).unwrap(), clock);
        Counter { folder, clock: clock.clone(), desk, site }
    }

    /// The desk has ended; what is left is the folder.
    pub async fn stopped(self) -> (TempDir, Clock, Site) {
        self.desk.stop().await;
        let Counter { folder, clock, desk, site } = self;
        drop(desk);
        (folder, clock, site)
    }

    /// Started anew, with no connection of before.
    pub async fn restarted(self) -> Counter {
        let (folder, clock, site) = self.stopped().await;
        Counter::at(site, folder, &clock)
    }

    pub fn location(&self) -> StoreLocation {
        StoreLocation::in_folder(self.folder.path()).unwrap()
    }

    pub async fn try_to(&self, command: DeskCommand) -> Result<Saved, SubmitError> {
        self.desk.submit(&staff(), None, command).await
    }

    pub async fn submit(&self, command: DeskCommand) -> Saved {
        self.try_to(command).await.unwrap()
    }

    pub async fn edit(&self, visit: &VisitId, command: VisitCommand) -> Saved {
        self.submit(DeskCommand::Visit { visit: visit.clone(), commands: vec![command] }).await
    }

    /// Somebody comes with nothing to show: who is known already, or 見本　花子 with this reading.
    pub async fn receive(&self, patient: Option<&PatientId>, kana: &str) -> (VisitId, PatientId) {
        let person = if patient.is_some() { PersonFace::EMPTY } else { person("見本　花子", kana) };
        let saved = self.submit(check_in(patient, person, Vec::new())).await;
        (saved.visit.unwrap(), saved.patient.unwrap())
    }

    /// Every row of the read model.
    pub fn rows(&self) -> Vec<String> {
        self.desk.readers().read(|reading| reading.dump_read_model()).unwrap()
    }

    /// Today's board.
    pub fn board(&self) -> Vec<BoardRow> {
        self.desk.board(self.desk.today()).unwrap().rows
    }

    pub fn row(&self, visit: &VisitId) -> BoardRow {
        self.board().into_iter().find(|row| row.visit == *visit).unwrap()
    }

    pub fn view(&self, visit: &VisitId) -> VisitView {
        self.desk.visit(visit).unwrap().unwrap()
    }

    /// Makes every row anew from the record, finds them as they were, and goes on.
    pub async fn rows_made_anew_are_the_same(self) -> Counter {
        let before = self.rows();
        let (folder, clock, site) = self.stopped().await;
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let (_, quarantined) = make_rows_anew(&location, clock.now());
        assert_eq!(quarantined, 0);
        assert_eq!(rows_in(&location), before);
        drop(location);
        Counter::at(site, folder, &clock)
    }

    /// Looks again at every new revision until something holds.
    pub async fn waits_for(&self, what: &str, holds: impl Fn() -> bool) {
        let mut revisions = self.desk.watch();
        let waiting = async {
            while !holds() {
                revisions.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain for {what}"));
    }
}
