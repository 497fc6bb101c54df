//! What lies ready for a power cut: written again when the list changes, for nobody's eyes but the service's, and gone when unwanted.

use crate::clinic::{MONDAY, check_in, desk, echo, program};
use domain::Timestamp;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uketsuke::prints::pack::{self, FILES, PackState};
use uketsuke::prints::{BoxPrints, Typesetter};
use web::WebSettings;

/// Longest wait for something that comes within seconds on a quiet machine.
const LONGEST: Duration = Duration::from_secs(120);

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LONGEST, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn says(file: &Path, words: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(words))
}

#[tokio::test]
async fn the_files_follow_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, clock) = desk(&folder.path().join("data"));
    check_in(&desk, "見本 花子").await;
    let state = PackState::in_folder(folder.path().join("pack"));
    let prints = Arc::new(BoxPrints::new(Typesetter::at(echo(folder.path())), &desk, Some(state.clone())));
    let web = WebSettings { site_name: "見本診療所".to_owned(), ..WebSettings::default() };
    let keeping = tokio::spawn(pack::keep(desk.clone(), web, prints, state.clone()));
    until("the first files", || state.view().written_at.is_some()).await;
    assert_eq!(state.view().files, FILES);
    assert_eq!(state.view().problem, None);
    let [today, blank, form, ..] = FILES.map(|file| folder.path().join("pack").join(file));
    assert!(says(&today, "見本 花子") && says(&form, "20260302-"));
    assert!(says(&blank, "\"after\":1"));
    for file in FILES {
        let mode = std::fs::metadata(folder.path().join("pack").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let mode = std::fs::metadata(folder.path().join("pack")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let numbered = std::fs::read(&form).unwrap();

    check_in(&desk, "架空 太郎").await;
    until("the list with both", || says(&today, "架空 太郎")).await;
    assert!(says(&today, "見本 花子"));
    assert_eq!(std::fs::read(&form).unwrap(), numbered, "one number space serves a day");

    clock.set(Timestamp::in_japan(MONDAY.plus_days(1), 8, 0, 0));
    check_in(&desk, "見本 次郎").await;
    until("the next day's list", || says(&today, "見本 次郎") && says(&form, "20260303-")).await;
    assert!(!says(&today, "見本 花子"), "yesterday's names are gone");
    keeping.abort();
    desk.stop().await;
}

#[tokio::test]
async fn a_pack_that_cannot_be_written_says_so_and_the_desk_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = desk(&folder.path().join("data"));
    let state = PackState::in_folder(folder.path().join("pack"));
    let typesetter = Typesetter::at(program(folder.path(), "fails"));
    let prints = Arc::new(BoxPrints::new(typesetter, &desk, Some(state.clone())));
    let keeping = tokio::spawn(pack::keep(desk.clone(), WebSettings::default(), prints, state.clone()));
    until("the complaint", || state.view().problem.is_some()).await;
    assert_eq!(state.view().written_at, None);
    check_in(&desk, "見本 花子").await;
    keeping.abort();
    desk.stop().await;
}

#[test]
fn an_unwanted_pack_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for file in FILES.iter().chain(&["holiday.pdf"]) {
        std::fs::write(folder.path().join(file), "x").unwrap();
    }
    pack::clear(folder.path());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["holiday.pdf"]);
    pack::clear(&folder.path().join("nowhere"));
}
