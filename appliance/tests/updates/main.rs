//! The update agent with bundles that the real program signed and checks; only the disk is a stand-in.
#![allow(clippy::unwrap_used, missing_docs)]

mod site;
mod vendor;

use site::{Site, at};
use std::io::{Seek, SeekFrom, Write};
use sync::update::{Answer, Offered, Outcome, PIECE_BYTES, Slot, Version};
use uketsuke::schedule::Doing;
use uketsuke::store::newest_migration;
use uketsuke::update::check::hash_of;
use uketsuke::update::{Agent, Phase, Refusal, RunningVersion, Standing, Worked, check};
use vendor::Vendor;
use web::port::{UpdateStage, UpdateWish, Updates};

fn reason(agent: &Agent) -> String {
    agent.view().reason.map(|why| why.en).unwrap_or_default()
}

#[test]
fn a_good_update_goes_from_the_stick_to_proven() {
    let vendor = Vendor::new();
    let mut site = Site::new(&vendor);
    vendor.bundle(&site.stick("new.raucb"), "1.5.0", newest_migration());
    let agent = site.start();
    agent.step();
    assert_eq!(agent.view().stage, UpdateStage::Ready);
    std::fs::remove_file(site.stick("new.raucb")).unwrap();
    agent.step();
    assert!(reason(&agent).contains("maintenance window"), "{}", reason(&agent));
    assert!(site.installer.installed().is_empty());
    site.clock.set(at(2, 0));
    agent.step();
    assert_eq!(site.installer.installed().len(), 1);
    assert_eq!(agent.view().stage, UpdateStage::Restarting);
    site.around.works(Worked { terminal: Some(true), ..Worked::default() });
    agent.step();
    assert_eq!(site.reboots.asked().len(), 1);

    // the other half starts, and has not proven itself
    site.settings.running = RunningVersion(Version([1, 5, 0]));
    site.settings.boot = "boot-2".to_owned();
    site.installer.stand(Some(Standing { slot: Some(Slot::B), is_proven: false }));
    site.around.works(Worked { terminal: Some(false), ..Worked::default() });
    let agent = site.start();
    agent.step();
    assert_eq!(agent.view().stage, UpdateStage::Proving);
    assert_eq!(agent.missing(), ["terminal"], "what worked before is asked of it");
    site.around.works(Worked::default());
    assert!(agent.missing().is_empty(), "what is only not known is not");
    site.installer.stand(Some(Standing { slot: Some(Slot::B), is_proven: true }));
    agent.step();
    let view = agent.view();
    assert_eq!((view.stage, view.history[0].outcome), (UpdateStage::Idle, "proven"));
    assert_eq!(site.kept(), 0, "the bundle is not needed any more");
    let said = agent.asking().unwrap();
    assert_eq!((said.running, said.last.unwrap().outcome), (Version([1, 5, 0]), Outcome::Proven));
}

#[test]
fn a_version_that_does_not_come_up_ends_in_the_one_before_and_is_not_tried_again() {
    let vendor = Vendor::new();
    let mut site = Site::new(&vendor);
    vendor.bundle(&site.stick("new.raucb"), "1.5.0", newest_migration());
    site.clock.set(at(2, 0));
    let agent = site.start();
    (0..3).for_each(|_| agent.step());
    assert_eq!(site.reboots.asked().len(), 1);
    // three tries later the boot loader started the old half
    site.settings.boot = "boot-5".to_owned();
    let agent = site.start();
    let view = agent.view();
    assert_eq!((view.stage, view.history[0].outcome), (UpdateStage::Idle, "returned"));
    assert!(view.history[0].why.en.contains("version before"));
    agent.step();
    agent.step();
    assert_eq!(agent.view().stage, UpdateStage::Idle, "the stick is still plugged in");
    assert!(reason(&agent).contains("came to nothing"));
    agent.take_file(&site.stick("new.raucb")).unwrap();
    assert_eq!(agent.view().stage, UpdateStage::Ready, "somebody who means it may");
}

#[test]
fn a_program_that_ends_at_any_moment_goes_on_where_it_was() {
    let vendor = Vendor::new();
    let mut site = Site::new(&vendor);
    vendor.bundle(&site.stick("new.raucb"), "1.5.0", newest_migration());
    site.start().step();
    assert_eq!(site.start().view().stage, UpdateStage::Ready);
    // the power fails while the other half is being written
    let mut state = site.start().state();
    let offer = state.offer().unwrap().clone();
    state.enter(Phase::Installing { offer }, 0);
    state.write(&site.data.path().join("updates")).unwrap();
    site.settings.boot = "boot-2".to_owned();
    let agent = site.start();
    assert_eq!(agent.view().stage, UpdateStage::Ready);
    assert!(reason(&agent).contains("interrupted"));
    site.clock.set(at(2, 0));
    agent.step();
    assert_eq!(site.installer.installed().len(), 1);
    // the program, not the machine, starts anew before the reboot
    let agent = site.start();
    assert_eq!(agent.view().stage, UpdateStage::Restarting);
    agent.step();
    assert_eq!(site.reboots.asked().len(), 1);
}

#[test]
fn no_guard_can_be_set_away() {
    let vendor = Vendor::new();
    let site = Site::new(&vendor);
    vendor.bundle(&site.stick("new.raucb"), "1.5.0", newest_migration());
    let agent = site.start();
    agent.step();
    let asked = |agent: &Agent| {
        // without the thread of the page: one step at a time
        agent.step();
        assert!(site.installer.installed().is_empty(), "{}", reason(agent));
        reason(agent)
    };
    site.clock.set(at(2, 30));
    for (doing, said) in [
        (Doing { check_ins_open: 1, ..Doing::default() }, "being checked in"),
        (Doing { jobs_in_flight: 1, ..Doing::default() }, "answer"),
    ] {
        site.around.does(doing);
        assert!(asked(&agent).contains(said));
    }
    site.around.does(Doing::default());
    site.installer.stand(Some(Standing { slot: Some(Slot::A), is_proven: false }));
    assert!(asked(&agent).contains("proven"), "the running version is still being judged");
    site.installer.stand(None);
    assert!(asked(&agent).contains("rauc"));
    site.installer.stand(Some(Standing { slot: Some(Slot::A), is_proven: true }));
    site.clock.set(at(8, 30));
    agent.fulfil(UpdateWish::Install).unwrap();
    assert!(asked(&agent).contains("Reception is open"), "not even for who wants it now");
    assert!(agent.view().is_asked);
    site.clock.set(at(13, 0));
    agent.step();
    assert_eq!(site.installer.installed().len(), 1, "after the doors closed it is not waited for the night");
}

#[test]
fn it_can_be_put_off_but_not_for_ever() {
    let vendor = Vendor::new();
    let site = Site::new(&vendor);
    vendor.bundle(&site.stick("new.raucb"), "1.5.0", newest_migration());
    let agent = site.start();
    assert!(agent.fulfil(UpdateWish::Postpone(1)).is_err(), "there is nothing yet");
    agent.step();
    agent.fulfil(UpdateWish::Postpone(3)).unwrap();
    site.clock.set(at(2, 0).plus_ms(2 * 86_400_000));
    agent.step();
    assert!(reason(&agent).contains("put it off") && site.installer.installed().is_empty());
    assert_eq!(agent.view().postponed_until, Some(at(1, 0).plus_ms(3 * 86_400_000)));
    assert!(agent.fulfil(UpdateWish::Postpone(13)).unwrap_err().en.contains("14 days"));
    assert!(agent.fulfil(UpdateWish::Postpone(0)).is_err());
    site.clock.set(at(2, 0).plus_ms(3 * 86_400_000));
    agent.step();
    assert_eq!(site.installer.installed().len(), 1);
}

#[test]
fn what_is_wrong_with_a_bundle_is_said_exactly_and_nothing_is_touched() {
    let (vendor, stranger) = (Vendor::new(), Vendor::new());
    let site = Site::new(&vendor);
    let schema = newest_migration();
    let good = site.data.path().join("good");
    vendor.bundle(&good, "1.5.0", schema);
    let agent = site.start();
    let refused = |name: &str, make: &dyn Fn(&std::path::Path)| {
        let path = site.stick(name);
        make(&path);
        let why = agent.take_file(&path).unwrap_err();
        assert_eq!((agent.view().stage, site.kept()), (UpdateStage::Idle, 0), "{}", why.en);
        assert!(why.en.ends_with("The version that runs was not touched."), "{}", why.en);
        why.en
    };
    let copy = |path: &std::path::Path| std::fs::copy(&good, path).map(drop).unwrap();
    let length = std::fs::metadata(&good).unwrap().len();
    assert!(refused("foreign", &|path| stranger.bundle(path, "1.5.0", schema)).contains("signature"));
    for cut in [0, 1, 5_000, length / 2, length - 1] {
        let said = refused("cut", &|path| {
            copy(path);
            std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(cut).unwrap();
        });
        assert!(said.contains("cut short") || said.contains("signature") || said.contains("damaged"), "{cut}: {said}");
    }
    for place in [0, 100, 5_000, 300_000, length - 3_000] {
        let said = refused("flipped", &|path| {
            copy(path);
            let mut file = std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
            let mut byte = [0];
            file.seek(SeekFrom::Start(place)).unwrap();
            std::io::Read::read_exact(&mut file, &mut byte).unwrap();
            file.seek(SeekFrom::Start(place)).unwrap();
            file.write_all(&[byte[0] ^ 1]).unwrap();
        });
        let meant = ["damaged", "signature", "cut short"];
        assert!(meant.iter().any(|word| said.contains(word)), "{place}: {said}");
    }
    assert!(refused("other", &|path| vendor.bundle_for(path, "1.5.0", schema, "uketsuke-box-arm64")).contains("arm64"));
    assert!(refused("old", &|path| vendor.bundle(path, "1.4.0", schema)).contains("not newer"));
    assert!(refused("back", &|path| vendor.bundle(path, "1.5.0", schema - 1)).contains("older than the data"));
    assert!(refused("nameless", &|path| vendor.bundle(path, "edge", schema)).contains("version"));
    agent.take_file(&good).unwrap();
    assert_eq!(agent.view().stage, UpdateStage::Ready);
}

#[test]
fn without_the_program_that_checks_nothing_is_installed() {
    let vendor = Vendor::new();
    let bundle = vendor.path("good.raucb");
    vendor.bundle(&bundle, "1.5.0", 28);
    let checked = check(&bundle, "rauc".as_ref(), &vendor.conf()).unwrap();
    assert_eq!((checked.version, checked.schema), (Version([1, 5, 0]), 28));
    let missing = check(&bundle, "/nonexistent/rauc".as_ref(), &vendor.conf());
    assert!(matches!(missing, Err(Refusal::NoChecker(_))));
    assert!(matches!(check(&bundle, "rauc".as_ref(), "/nonexistent".as_ref()), Err(Refusal::NoChecker(_))));
}

/// A hub that hands out pieces of a file.
fn hand_out(agent: &Agent, bundle: &[u8], most: usize) -> usize {
    let mut pieces = 0;
    while pieces < most
        && let Some(wanted) = agent.wanted()
    {
        let from = wanted.from as usize;
        let piece = &bundle[from..bundle.len().min(from + PIECE_BYTES)];
        assert!(agent.took(&wanted, piece));
        pieces += 1;
    }
    pieces
}

fn offered(path: &std::path::Path, version: [u16; 3]) -> (Answer, Vec<u8>) {
    let hash = hash_of(&mut std::fs::File::open(path).unwrap()).unwrap();
    let bytes = std::fs::read(path).unwrap();
    let schema = newest_migration().try_into().unwrap();
    let offer = Offered { version: Version(version), schema, bytes: bytes.len() as u64, hash };
    (Answer { offer: Some(offer) }, bytes)
}

#[test]
fn a_download_goes_on_after_cuts_within_the_budget_and_is_withdrawn_when_the_hub_says_so() {
    let vendor = Vendor::new();
    let mut site = Site::new(&vendor);
    let path = vendor.path("hub.raucb");
    vendor.bundle(&path, "1.5.0", newest_migration());
    let (answer, bytes) = offered(&path, [1, 5, 0]);
    site.settings.bytes_per_day = 200_000;
    let agent = site.start();
    agent.hub_said(&answer);
    assert_eq!(hand_out(&agent, &bytes, 2), 2);
    let agent = site.start();
    assert_eq!(agent.wanted().unwrap().from, 2 * PIECE_BYTES as u64, "it goes on where it was");
    let day = hand_out(&agent, &bytes, 100);
    assert!(day < 6, "today's bytes are used up");
    agent.step();
    assert!(reason(&agent).contains("tomorrow"));
    agent.hub_said(&Answer::default());
    assert_eq!((agent.view().stage, site.kept()), (UpdateStage::Idle, 0), "withdrawn");
    site.settings.bytes_per_day = 100_000_000;
    let agent = site.start();
    agent.hub_said(&answer);
    hand_out(&agent, &bytes, 100);
    assert_eq!(agent.view().stage, UpdateStage::Ready);
    agent.hub_said(&answer);
    assert_eq!(agent.view().stage, UpdateStage::Ready, "the same answer changes nothing");
}

#[test]
fn what_arrives_damaged_is_fetched_anew_and_what_is_no_bundle_is_refused() {
    let vendor = Vendor::new();
    let site = Site::new(&vendor);
    let path = vendor.path("hub.raucb");
    vendor.bundle(&path, "1.5.0", newest_migration());
    let (answer, bytes) = offered(&path, [1, 5, 0]);
    let agent = site.start();
    agent.hub_said(&answer);
    let mut flipped = bytes.clone();
    flipped[300_000] ^= 1;
    hand_out(&agent, &flipped, bytes.len().div_ceil(PIECE_BYTES));
    assert_eq!((agent.view().stage, agent.wanted().unwrap().from), (UpdateStage::Fetching, 0));
    hand_out(&agent, &bytes, 100);
    assert_eq!(agent.view().stage, UpdateStage::Ready);

    let site = Site::new(&vendor);
    let stranger = Vendor::new();
    stranger.bundle(&path.with_extension("foreign"), "1.6.0", newest_migration());
    let (answer, bytes) = offered(&path.with_extension("foreign"), [1, 6, 0]);
    let agent = site.start();
    agent.hub_said(&answer);
    hand_out(&agent, &bytes, 100);
    let view = agent.view();
    assert_eq!((view.stage, view.history[0].outcome), (UpdateStage::Idle, "refused"));
    agent.hub_said(&answer);
    assert_eq!(agent.view().stage, UpdateStage::Idle, "it is not fetched again");
}

#[test]
fn a_hub_cannot_make_a_box_go_back() {
    let vendor = Vendor::new();
    let site = Site::new(&vendor);
    let path = vendor.path("hub.raucb");
    vendor.bundle(&path, "1.3.0", newest_migration());
    let (answer, _) = offered(&path, [1, 3, 0]);
    let agent = site.start();
    agent.hub_said(&answer);
    assert_eq!(agent.view().stage, UpdateStage::Idle);
    let mut older = answer.offer.unwrap();
    (older.version, older.schema) = (Version([1, 6, 0]), 1);
    agent.hub_said(&Answer { offer: Some(older) });
    assert_eq!(agent.view().stage, UpdateStage::Idle, "older than the data");
}

#[test]
fn what_the_installer_refuses_is_said_and_the_box_goes_on() {
    let vendor = Vendor::new();
    let site = Site::new(&vendor);
    vendor.bundle(&site.stick("new.raucb"), "1.5.0", newest_migration());
    site.clock.set(at(2, 0));
    site.installer.fail(Some("Failed to write slot: no space left on device"));
    let agent = site.start();
    agent.step();
    agent.step();
    let view = agent.view();
    assert_eq!((view.stage, view.history[0].outcome), (UpdateStage::Idle, "failed"));
    assert!(view.history[0].why.en.contains("no space left"));
    assert!(site.reboots.asked().is_empty());
}
