//! The other side of the folder door: three folders.

use crate::other_side::{Clock, OtherSide, look, look_until_quiet, mark};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;
use sync::terminal::door::Fingerprint;
use sync::terminal::message::BulkDownloadRequest;
use sync::terminal::{Content, FolderDoor, FolderSettings, OutgoingRequest, Request, Suffix, TerminalDoor};
use tempfile::TempDir;

pub struct FolderSide {
    root: TempDir,
    pub clock: Clock,
    pub remove_own_results: bool,
}

impl FolderSide {
    pub fn new() -> FolderSide {
        let side =
            FolderSide { root: tempfile::tempdir().unwrap(), clock: Clock::default(), remove_own_results: false };
        for tray in ["req", "res", "face"] {
            fs::create_dir_all(side.tray(tray)).unwrap();
        }
        side
    }

    fn tray(&self, tray: &str) -> PathBuf {
        self.root.path().join("share").join(tray)
    }

    fn settings(&self) -> FolderSettings {
        FolderSettings {
            face_dir: Some(self.tray("face")),
            settle: Duration::from_millis(300),
            reads_to_give_up: 3,
            half_rejection: Duration::from_secs(5),
            remove_own_results: self.remove_own_results,
            stopwatch: self.clock.stopwatch(),
            ..FolderSettings::new("folders", self.tray("req"), self.tray("res"), mark())
        }
    }

    fn names(&self, tray: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.tray(tray))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl OtherSide for FolderSide {
    fn door(&self) -> Box<dyn TerminalDoor> {
        Box::new(FolderDoor::new(self.settings()))
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn ending(&self) -> &'static str {
        ".xml"
    }

    fn answer(&self, identifier: &str, validity: u8) -> Vec<u8> {
        let text = include_str!("../terminal_samples/result_valid.utf8.xml");
        text.replace("A20260401-0001-7f3c", identifier)
            .replace("<QualificationValidity>1", &format!("<QualificationValidity>{validity}"))
            .into_bytes()
    }

    fn requests(&self) -> Vec<(String, Vec<u8>)> {
        self.names("req")
            .into_iter()
            .map(|name| (name.clone(), fs::read(self.tray("req").join(name)).unwrap()))
            .collect()
    }

    fn lay_request(&self, name: &str, bytes: &[u8]) {
        fs::write(self.tray("req").join(name), bytes).unwrap();
    }

    fn pick_up(&self, name: &str) {
        fs::remove_file(self.tray("req").join(name)).unwrap();
    }

    fn lay_result(&self, name: &str, bytes: &[u8]) {
        fs::write(self.tray("res").join(name), bytes).unwrap();
    }

    fn lay_face(&self, name: &str, bytes: &[u8]) {
        fs::write(self.tray("face").join(name), bytes).unwrap();
    }

    fn results(&self) -> Vec<String> {
        self.names("res")
    }

    async fn cut(&mut self, cut: bool) {
        let (here, away) = (self.root.path().join("share"), self.root.path().join("away"));
        let (from, to) = if cut { (here, away) } else { (away, here) };
        fs::rename(from, to).unwrap();
    }
}

const FACE: &[u8] = include_bytes!("../terminal_samples/face.sjis.xml");
const FACE_NAME: &str = "OQSsiquc01res_face_13199999900a1b2c3d4e5f60718293_20260401091007.xml";

#[tokio::test]
async fn acknowledged_results_of_ours_are_removed_and_nothing_else() {
    let side = FolderSide { remove_own_results: true, ..FolderSide::new() };
    let door = side.door();
    side.lay_result("OQSsiquc01res_UK1000000001.xml", &side.answer("A", 1));
    side.lay_result("OQSsiquc01req_UK1000000002.err", b"reason");
    side.lay_result("OQSsiquc01req_UK1000000002.xml", b"<a/>");
    side.lay_result("OQSsiquc01res_202604010001.xml", b"theirs");
    side.lay_face(FACE_NAME, FACE);
    for arrival in look_until_quiet(&side, &*door).await {
        door.acknowledge(&arrival.name, arrival.sha256).await.unwrap();
        door.acknowledge(&arrival.name, arrival.sha256).await.unwrap();
    }
    door.acknowledge("OQSsiquc01res_202604010001.xml", Fingerprint::of(b"theirs")).await.unwrap();
    assert_eq!(side.results(), ["OQSsiquc01res_202604010001.xml"]);
    assert_eq!(side.names("face"), [FACE_NAME]);
}

#[tokio::test]
async fn a_result_that_changed_since_it_was_kept_is_not_removed() {
    let side = FolderSide { remove_own_results: true, ..FolderSide::new() };
    let door = side.door();
    side.lay_result("OQSsiquc01res_UK1000000001.xml", &side.answer("A", 1));
    let arrival = look_until_quiet(&side, &*door).await.remove(0);
    side.lay_result("OQSsiquc01res_UK1000000001.xml", &side.answer("A", 2));
    door.acknowledge(&arrival.name, arrival.sha256).await.unwrap();
    assert_eq!(side.results().len(), 1);
}

#[tokio::test]
async fn without_the_setting_nothing_is_ever_removed() {
    let side = FolderSide::new();
    let door = side.door();
    side.lay_result("OQSsiquc01res_UK1000000001.xml", &side.answer("A", 1));
    let arrival = look_until_quiet(&side, &*door).await.remove(0);
    door.acknowledge(&arrival.name, arrival.sha256).await.unwrap();
    assert_eq!(side.results().len(), 1);
}

#[tokio::test]
async fn a_face_file_moved_away_by_another_program_is_kept() {
    let side = FolderSide::new();
    let door = side.door();
    side.lay_face(FACE_NAME, FACE);
    assert!(look(&side, &*door).await.arrivals.is_empty());
    fs::remove_file(side.tray("face").join(FACE_NAME)).unwrap();
    let arrivals = look(&side, &*door).await.arrivals;
    assert!(matches!(&arrivals[0].content, Content::Face { .. }));
}

#[tokio::test]
async fn a_missing_face_folder_does_not_stop_the_rest() {
    let side = FolderSide::new();
    let door = side.door();
    fs::remove_dir(side.tray("face")).unwrap();
    side.lay_result("OQSsiquc01res_UK1000000001.xml", &side.answer("A", 1));
    assert!(look(&side, &*door).await.partial.is_some());
    assert_eq!(look_until_quiet(&side, &*door).await.len(), 1);
    fs::create_dir(side.tray("face")).unwrap();
    assert!(look(&side, &*door).await.partial.is_none());
}

#[tokio::test]
async fn unfinished_files_of_a_power_cut_are_swept_and_others_left() {
    let side = FolderSide::new();
    fs::write(side.tray("req").join("uketsuke-UK1000000009.part"), b"half").unwrap();
    fs::write(side.tray("req").join("uketsuke-AB1000000009.part"), b"another box").unwrap();
    look(&side, &*side.door()).await;
    assert_eq!(side.names("req"), ["uketsuke-AB1000000009.part"]);
}

#[tokio::test]
async fn a_request_of_which_nothing_is_left_may_have_been_taken() {
    let side = FolderSide::new();
    let request = Request::BulkDownload(BulkDownloadRequest {
        institution_code: "1319999990".into(),
        reception_number: "R-SYNTHETIC-0001".into(),
    });
    let request = OutgoingRequest::new(&Suffix::parse("UK1000000001").unwrap(), &request).unwrap();
    side.door().stage(&request).await.unwrap();
    side.door().publish(&request).await.unwrap();
    for name in side.names("req") {
        fs::remove_file(side.tray("req").join(name)).unwrap();
    }
    assert_eq!(side.door().certainly_unseen(&request).await, Ok(false));
}

#[tokio::test]
async fn a_written_file_wakes_the_door_before_the_next_poll() {
    let side = FolderSide::new();
    let settings = FolderSettings { poll: Duration::from_secs(86_400), ..side.settings() };
    let door = FolderDoor::new(settings);
    look(&side, &door).await;
    side.lay_result("OQSsiquc01res_UK1000000001.xml", &side.answer("A", 1));
    tokio::time::timeout(Duration::from_secs(30), door.changed()).await.expect("woken by the file system");
    assert_eq!(look(&side, &door).await.not_yet, 1);
    tokio::time::timeout(Duration::from_secs(30), door.changed()).await.expect("looks again soon while unsettled");
    assert_eq!(look(&side, &door).await.arrivals.len(), 1);
}
