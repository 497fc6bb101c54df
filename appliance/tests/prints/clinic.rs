//! A desk with a stand-in for the typesetting program.

use domain::case::{Flow, Site, SiteKind};
use domain::eligibility::PersonFace;
use domain::fact::Author;
use domain::rule::RulePack;
use domain::{Date, Timestamp};
use paper::{Order, Paper, Site as PaperSite};
use std::path::{Path, PathBuf};
use sync::outbox::Patience;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::store::StoreLocation;
use web::port::{Account, CheckIn, Desk, DeskCommand};

/// Monday morning.
pub const MONDAY: Date = Date::literal(2026, 3, 2);

/// A clinic in a folder, at five to nine on [`MONDAY`].
pub fn desk(data: &Path) -> (RunningDesk, Clock) {
    let clock = Clock::by_hand(Timestamp::in_japan(MONDAY, 8, 55, 0));
    (desk_with(data, &clock), clock)
}

/// The same with a clock of one's own.
pub fn desk_with(data: &Path, clock: &Clock) -> RunningDesk {
    let settings =
        DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(&StoreLocation::in_folder(data).unwrap(), settings, clock.clone()).unwrap()
}

/// Somebody comes.
pub async fn check_in(desk: &RunningDesk, name: &str) {
    let person = PersonFace { name: Some(name.to_owned()), ..PersonFace::EMPTY };
    let check_in = CheckIn {
        patient: None,
        patient_number: None,
        person,
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    };
    let by = Account::new(Author::new("staff-1"), "受付 一子");
    desk.submit(&by, None, DeskCommand::CheckIn(Box::new(check_in))).await.unwrap();
}

/// A program that behaves in this way. It stands in the tree: a program that was written a moment ago cannot always be started.
pub fn program(folder: &Path, way: &str) -> PathBuf {
    let path = folder.join(way);
    let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prints/programs/stand-in");
    std::os::unix::fs::symlink(stand_in, &path).unwrap();
    path
}

/// A program that gives every order back inside something that looks like a PDF.
pub fn echo(folder: &Path) -> PathBuf {
    if folder.join("echo").exists() { folder.join("echo") } else { program(folder, "echo") }
}

/// Any order.
pub fn order() -> Order {
    let site = PaperSite { name: "見本診療所".to_owned(), ..PaperSite::default() };
    Order { site, made: "2026年3月2日 8:55".to_owned(), practice: false, paper: Paper::Explanation }
}
