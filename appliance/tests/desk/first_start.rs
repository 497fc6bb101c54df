//! What the first start does in the data folder: cut off anywhere, it goes on or was never begun.

use crate::support::counter::desk_in;
use crate::support::peers::let_in;
use domain::case::SiteKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use uketsuke::backup::{Generations, RecoveryKey, create};
use uketsuke::clock::Clock;
use uketsuke::config::Config;
use uketsuke::desk::RunningDesk;
use uketsuke::first_start::{Place, SETTINGS, Standing, Wizard, found, prepare_to_join, standing};
use uketsuke::provision::{Applied, Provision};
use uketsuke::store::StoreLocation;
use web::port::{Desk, FirstPerson, FirstStart, FirstStep, JoinFacility, NewFacility, SiteSettings};

fn place() -> Place {
    Place { listen: SocketAddr::from(([127, 0, 0, 1], 8443)), plain_http: true }
}

fn site() -> SiteSettings {
    SiteSettings {
        name: "見本医院".to_owned(),
        kind: SiteKind::Clinic,
        institution_code: "1319999999".to_owned(),
        phone: "03-1234-5678".to_owned(),
        terminal: None,
    }
}

fn person() -> FirstPerson {
    FirstPerson { account: "院長".to_owned(), password: "kasumigaseki 4 chome".to_owned() }
}

fn join() -> JoinFacility {
    JoinFacility {
        address: "192.0.2.20:8444".to_owned(),
        code: String::new(),
        box_name: "第2窓口".to_owned(),
        site: site(),
        person: person(),
    }
}

fn desk(folder: &Path) -> RunningDesk {
    desk_in(folder, &Clock::wall())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_facility_has_its_settings_its_first_person_and_nothing_left_over() {
    let folder = tempfile::tempdir().unwrap();
    found(folder.path(), &NewFacility { site: site(), person: person() }, place()).await.unwrap();
    assert_eq!(standing(folder.path()).unwrap(), Standing::Settled);
    let config = Config::read(&folder.path().join(SETTINGS)).unwrap();
    assert_eq!((config.site_name.as_str(), config.phone.as_str()), ("見本医院", "03-1234-5678"));
    assert!(config.plain_http && config.listen == place().listen);
    let desk = desk(folder.path());
    assert!(desk.has_accounts().unwrap());
    let client = web::port::Client { address: [127, 0, 0, 1].into(), counter: None };
    desk.sign_in(person().account, person().password, client).await.unwrap();
    desk.stop().await;
    let left = names(folder.path());
    assert!(!left.iter().any(|name| name.starts_with("first-start")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_joining_waits_through_power_cuts_until_it_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    prepare_to_join(folder.path(), &join(), None, place()).await.unwrap();
    for _ in 0..2 {
        let wizard = Wizard::open(folder.path(), place()).await.unwrap();
        let begun = FirstStep::JoinBegun { address: "192.0.2.20:8444".to_owned(), has_met: false };
        assert_eq!(wizard.view().step, begun);
        assert_eq!(standing(folder.path()).unwrap(), Standing::New);
    }
    let wizard = Wizard::open(folder.path(), place()).await.unwrap();
    let refused = wizard.go_on("nowhere".to_owned(), "123-456-789".to_owned()).await.unwrap_err();
    assert_eq!(refused[0].at, "address");
    wizard.give_up().await.unwrap();
    assert_eq!(wizard.view().step, FirstStep::Choosing);
    assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_was_let_in_when_the_power_went_counts_at_the_next_start() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = folder.path();
    prepare_to_join(data, &join(), None, place()).await.unwrap();
    let apart: PathBuf = data.join("first-start.new");
    let member = desk(other.path());
    let vault = member.vault().clone();
    let_in(&member, &apart, "第2窓口").await;
    assert_eq!(standing(data).unwrap(), Standing::New, "the power goes here");

    let wizard = Wizard::open(data, place()).await.unwrap();
    assert_eq!(wizard.view().step, FirstStep::Done { elsewhere: None });
    assert_eq!(standing(data).unwrap(), Standing::Settled);
    let desk = desk(data);
    assert_eq!(desk.vault().facility(), vault.facility());
    assert!(desk.vault().is_member() && desk.has_accounts().unwrap());
    desk.stop().await;
    member.stop().await;
    assert!(!names(data).iter().any(|name| name.starts_with("first-start") || name.starts_with("joining")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_brings_a_box_back_from_the_backup_beside_it() {
    let (old, medium, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    found(old.path(), &NewFacility { site: site(), person: person() }, place()).await.unwrap();
    let key = RecoveryKey::make().unwrap();
    key.public_half().write(old.path()).unwrap();
    let backups = medium.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    let location = StoreLocation::in_folder(old.path()).unwrap();
    create(&location, &Generations::in_folder(&backups, 2), Clock::wall().now()).unwrap();

    let file = |key: &str| format!("[provision]\nchoice = 'restore'\nbackup = 'backups'\nrecovery_key = '{key}'\n");
    let other = Provision::parse(&file(&RecoveryKey::make().unwrap().to_text())).unwrap();
    let why = other.apply(new.path(), medium.path()).await.unwrap_err().to_string();
    assert!(why.contains("made for another key"), "{why}");
    assert!(names(new.path()).is_empty(), "{:?}", names(new.path()));

    let provision = Provision::parse(&file(&key.to_text())).unwrap();
    assert_eq!(provision.apply(new.path(), medium.path()).await.unwrap(), Applied::Settled);
    assert_eq!(provision.apply(new.path(), medium.path()).await.unwrap(), Applied::Before);
    let read = |folder: &Path| std::fs::read_to_string(folder.join(SETTINGS)).unwrap();
    assert_eq!(read(new.path()), read(old.path()));
    let desk = desk(new.path());
    assert!(desk.has_accounts().unwrap());
    desk.stop().await;
}
