//! The box seen from inside: the look over it, its figures, its ledger and its support bundle; and nobody's data in any of them.

use crate::support::counter::desk_in;
use crate::support::patients::check_in;
use domain::Timestamp;
use domain::eligibility::PersonFace;
use domain::fact::Author;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uketsuke::clock::Clock;
use uketsuke::config::Config;
use uketsuke::desk::RunningDesk;
use uketsuke::doctor::{Patient, Running, as_json, as_lines, look_over};
use uketsuke::inside::BoxInside;
use uketsuke::metrics::{Watched, collect};
use uketsuke::store::StoreLocation;
use web::port::{Account, CheckUp, Desk, Finding, Inside};

const SECRETS: [&str; 5] = ["鷲尾", "ワシオ", "幻市見本町", "1971-03-29", "0900-0081-726"];

fn monday() -> Timestamp {
    Timestamp::in_japan(domain::Date::literal(2026, 3, 2), 8, 55, 0)
}

fn config(folder: &Path, extra: &str) -> Config {
    let path = |name: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).unwrap();
        path.display().to_string()
    };
    let text = format!(
        "# 担当は鷲尾さん 0900-0081-726\n[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1319999999'\nphone = '0900-0081-726'\n\
         [web]\nlisten = '127.0.0.1:1'\n[terminal]\ndoor = 'folder'\nreq = '{}'\nres = '{}'\n[backup]\nfolder = '{}'\n{extra}",
        path("req"),
        path("res"),
        path("usb"),
    );
    Config::parse(&text).unwrap()
}

fn desk(data: &Path) -> RunningDesk {
    desk_in(data, &Clock::by_hand(monday()))
}

async fn receive_somebody(desk: &RunningDesk) {
    let person = PersonFace {
        name: Some("鷲尾 小夜子".to_owned()),
        name_kana: Some("ワシオ サヨコ".to_owned()),
        address: Some("架空県幻市見本町9".to_owned()),
        birth_date: domain::Date::parse("1971-03-29"),
        ..PersonFace::EMPTY
    };
    let by = Account::new(Author::new("staff-1"), "鷲尾 次郎");
    desk.submit(&by, None, check_in(None, person, Vec::new())).await.unwrap();
}

fn patient<'a>(config: &'a Config, data: &'a Path, running: Running) -> Patient<'a> {
    Patient { config: Ok(config), data, system: PathBuf::from("/nowhere"), now: monday(), desk: None, running }
}

fn finding(check_up: &CheckUp, code: &str) -> Finding {
    check_up.checks.iter().find(|check| check.code == code).unwrap_or_else(|| panic!("no {code}")).finding
}

fn nothing_personal(text: &str, of: &str) {
    for secret in SECRETS {
        let line = text.lines().position(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} stands in {of}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_does_not_run_is_looked_over_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = config(folder.path(), "");
    let desk = desk(&data);
    receive_somebody(&desk).await;
    desk.stop().await;
    drop(desk);
    let before = names_in(&data);
    let looked = tokio::task::spawn_blocking(move || {
        let looked = look_over(&patient(&config, &data, Running::Nobody("nobody answers".to_owned())));
        assert_eq!(names_in(&data), before, "nothing was made and nothing was left behind");
        looked
    });
    let check_up = looked.await.unwrap();
    for code in ["settings", "record", "keys", "terminal", "unsent"] {
        assert_eq!(finding(&check_up, code), Finding::Good, "{code}: {check_up:#?}");
    }
    assert_eq!(finding(&check_up, "service"), Finding::Bad);
    assert_eq!(finding(&check_up, "recovery-key"), Finding::Bad);
    assert_eq!(finding(&check_up, "backups"), Finding::Look);
    assert_eq!(check_up.worst(), Finding::Bad);
    for check in check_up.checks.iter().filter(|check| check.finding >= Finding::Look) {
        assert!(check.cause.is_some() && check.cure.is_some(), "{} has no cause or no cure", check.code);
    }
    let told = format!("{}{}", as_lines(&check_up).join("\n"), as_json(&check_up));
    nothing_personal(&told, "the look over the box");
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    // a reader of the record makes and removes these
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    names.sort();
    names
}

/// Every line is a comment the form knows, or a figure of the family last named.
fn families(text: &str) -> Vec<(String, String)> {
    let (mut families, mut helped): (Vec<(String, String)>, String) = Default::default();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(!words.is_empty(), "{name} says nothing");
            helped = name.to_owned();
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!(name, helped, "TYPE without HELP");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(!families.iter().any(|(known, _)| known == name), "{name} twice");
            families.push((name.to_owned(), kind.to_owned()));
        } else {
            let (name, kind) = families.last().unwrap();
            let (figure, value) = line.rsplit_once(' ').unwrap();
            let bare = figure.split('{').next().unwrap();
            let rest = bare.strip_prefix(name.as_str()).unwrap_or_else(|| panic!("{line} is not of {name}"));
            let endings: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            assert!(endings.contains(&rest), "{line}");
            assert!(value.parse::<f64>().unwrap().is_finite(), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        }
    }
    families
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_figures_and_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let desk = desk(&data);
    receive_somebody(&desk).await;
    receive_somebody(&desk).await;
    let watched = Watched { desk: desk.clone(), data, since: monday() };
    let text = tokio::task::spawn_blocking(move || collect(&watched)).await.unwrap();
    let names: Vec<String> = families(&text).into_iter().map(|(name, _)| name).collect();
    for name in [
        "uketsuke_build_info",
        "process_start_time_seconds",
        "uketsuke_commit_duration_seconds",
        "uketsuke_commits_total",
        "uketsuke_check_ins_today",
        "uketsuke_queue_jobs",
        "uketsuke_queue_oldest_age_seconds",
        "uketsuke_link_state",
        "uketsuke_devices",
        "uketsuke_database_size_bytes",
        "uketsuke_data_disk_free_bytes",
        "uketsuke_clock_impossible",
        "uketsuke_unread_figures",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
    }
    assert!(text.contains("uketsuke_check_ins_today{outcome=\"open\"} 2\n"), "{text}");
    assert!(text.contains("uketsuke_unread_figures 0\n"), "{text}");
    let commits = text.lines().find_map(|line| line.strip_prefix("uketsuke_commit_duration_seconds_count ")).unwrap();
    assert!(commits.parse::<u64>().unwrap() >= 2, "{commits}");
    nothing_personal(&text, "the figures");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_support_bundle_holds_what_is_needed_and_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let desk = desk(&data);
    receive_somebody(&desk).await;
    let inside = Arc::new(BoxInside::new(desk.clone(), config(folder.path(), ""), &data));
    let bundle = tokio::task::spawn_blocking({
        let inside = inside.clone();
        move || inside.make_bundle().unwrap()
    });
    let bundle = bundle.await.unwrap();
    let names: Vec<&str> = bundle.files.iter().map(|file| file.name).collect();
    let expected = [
        "READ-ME.txt",
        "versions.txt",
        "doctor.txt",
        "doctor.json",
        "settings.toml",
        "metrics.txt",
        "links.csv",
        "devices.csv",
        "troubles.csv",
        "ledger.csv",
        "log.txt",
    ];
    assert_eq!(names, expected);
    for file in &bundle.files {
        nothing_personal(&file.text, file.name);
        assert_eq!(file.sha256.len(), 64);
    }
    let settings = &bundle.files[4].text;
    assert!(settings.contains("見本医院") && settings.contains("(left out)"), "{settings}");
    let packed = inside.packed(&bundle, &["log.txt".to_owned()]).unwrap();
    let holds = |name: &str| packed.windows(name.len()).any(|bytes| bytes == name.as_bytes());
    assert!(packed.starts_with(b"PK") && holds("doctor.json"));
    let directory = packed.windows(4).filter(|bytes| *bytes == b"PK\x01\x02").count();
    assert_eq!(directory, expected.len() - 1, "what was taken out is not in it");
    assert!(inside.bundle(&bundle.id).is_some() && inside.bundle("other").is_none());
    desk.clock().set(monday().plus_ms(3 * 3_600_000));
    assert!(inside.bundle(&bundle.id).is_none(), "it is not kept for ever");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_box_looks_itself_over_and_knows_what_belongs_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let desk = desk(&data);
    let inside = Arc::new(BoxInside::new(desk.clone(), config(folder.path(), ""), &data));
    let looked = tokio::task::spawn_blocking({
        let inside = inside.clone();
        move || (inside.check_up(), inside.ledger().unwrap(), inside.components())
    });
    let (check_up, ledger, components) = looked.await.unwrap();
    for code in ["service", "record", "keys", "unsent"] {
        assert_eq!(finding(&check_up, code), Finding::Good, "{code}: {check_up:#?}");
    }
    assert_eq!(ledger[0].kind, "box");
    assert!(ledger[0].firmware.contains(env!("CARGO_PKG_VERSION")));
    assert!(components.count > 50 && components.text.contains("SPDX-2.3"));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_right_only_when_backups_of_now_open_with_it() {
    use uketsuke::backup::{BackupKeeper, BackupSettings, PublicHalf, RecoveryKey};
    use web::port::Backups;
    let folder = tempfile::tempdir().unwrap();
    let location = StoreLocation::in_folder(folder.path()).unwrap();
    let clock = Clock::by_hand(monday());
    let keeper = BackupKeeper::new(location, BackupSettings::beside(folder.path()), clock);
    let key = keeper.make_key().await.unwrap();
    assert_eq!(keeper.view().key_checked_at, None);
    assert!(keeper.check_key("ABCD".to_owned()).await.is_err());
    let other = RecoveryKey::from_bytes([7; 32]);
    let refused = keeper.check_key(other.to_text()).await.unwrap_err();
    assert!(refused.en.contains(&other.public_half().name().to_string()), "{refused:?}");
    assert_eq!(keeper.view().key_checked_at, None);
    let proven = keeper.check_key(key.to_lowercase().replace('-', " ")).await.unwrap();
    assert_eq!((proven.groups.join("-"), Some(proven.name)), (key, keeper.view().key_name));
    assert_eq!(keeper.view().key_checked_at, Some(monday()));
    other.public_half().write(folder.path()).unwrap();
    assert!(PublicHalf::read(folder.path()).unwrap().is_some());
    assert_eq!(keeper.view().key_checked_at, None, "a new key has a paper of its own");
}
