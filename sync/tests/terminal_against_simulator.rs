//! Our doors against the practice terminal: two programs that share no line of parsing prove each other.
#![allow(clippy::unwrap_used)]

#[path = "terminal_contract/trust.rs"]
mod trust;

use domain::{Date, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use sync::simulator::{
    CardMethod, FaultKind, FaultTrigger, Person, SimClock, SimConfig, SimEncoding, SimFolders, SimHttps, SimTerminal,
};
use sync::terminal::encoding::Charset;
use sync::terminal::file_name::RequestKind;
use sync::terminal::message::{BulkDownloadRequest, BulkRequest, ReferenceNumberRegistration, Search, SingleRequest};
use sync::terminal::outcome::BulkProgress;
use sync::terminal::{
    Arrival, Content, Expected, FolderDoor, FolderSettings, HttpsDoor, HttpsSettings, Message, Outcome,
    OutgoingRequest, Pairing, Request, Suffix, SuffixMark, TerminalDoor, UnreadableKind, Validity,
};
use tempfile::TempDir;
use trust::Trust;

const INSTITUTION: &str = "1319999990";
const TODAY: Date = Date::literal(2026, 4, 1);
/// 2026-04-01 08:55:12 in Japan.
const MORNING_MS: i64 = 1_775_001_312_000;

struct World {
    terminal: SimTerminal,
    door: Box<dyn TerminalDoor>,
    issued: u64,
    _folder: TempDir,
}

impl World {
    async fn with_folders(charset: Charset, encoding: SimEncoding) -> World {
        let folder = tempfile::tempdir().unwrap();
        let folders = SimFolders::below(folder.path());
        let terminal = start(SimConfig { folders: Some(folders.clone()), encoding, ..config() }).await;
        let settings = FolderSettings {
            face_dir: Some(folders.face),
            charset,
            poll: Duration::from_millis(20),
            settle: Duration::from_millis(5),
            half_rejection: Duration::from_secs(60),
            ..FolderSettings::new("folders", folders.req, folders.res, mark())
        };
        World { terminal, door: Box::new(FolderDoor::new(settings)), issued: 0, _folder: folder }
    }

    async fn with_https() -> World {
        let trust = Trust::new();
        let https = SimHttps {
            listen: "127.0.0.1:0".parse().unwrap(),
            certificate_pem: trust.server.0.clone().into_bytes(),
            private_key_pem: trust.server.1.clone().into_bytes(),
            client_ca_pem: trust.authority_pem.clone().into_bytes(),
            requests_path: "/oqs/requests".into(),
            results_path: "/oqs/results".into(),
        };
        let terminal = start(SimConfig { https: Some(https), ..config() }).await;
        let address = terminal.https_addr().unwrap();
        let settings = HttpsSettings {
            server_name: "localhost".into(),
            authorities_pem: trust.authority_pem.into_bytes(),
            certificate_pem: trust.client.0.into_bytes(),
            key_pem: trust.client.1.into_bytes(),
            requests_path: "/oqs/requests".into(),
            results_path: "/oqs/results".into(),
            poll: Duration::from_millis(20),
            ..HttpsSettings::new("https", &address.ip().to_string(), address.port(), mark())
        };
        let door = Box::new(HttpsDoor::new(settings).unwrap());
        World { terminal, door, issued: 0, _folder: tempfile::tempdir().unwrap() }
    }

    /// Publishes a request and returns what its answer must carry.
    async fn publish(&mut self, request: Request) -> Expected {
        self.issued += 1;
        let suffix = Suffix::issue(&mark(), self.issued).unwrap();
        let outgoing = OutgoingRequest::new(&suffix, &request).unwrap();
        self.door.publish(&outgoing).await.unwrap();
        Expected::of(&suffix, &request)
    }

    /// Looks whenever the door says so, until this many things have arrived.
    async fn arrivals(&self, count: usize) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        let waiting = async {
            while arrivals.len() < count {
                arrivals.extend(self.door.scan().await.unwrap().arrivals);
                if arrivals.len() < count {
                    self.door.changed().await;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("everything arrives");
        arrivals
    }

    async fn answer(&self, expected: &Expected) -> Arrival {
        let arrival = self.arrivals(1).await.remove(0);
        assert_eq!(expected.pair(&arrival), Pairing::Paired, "{arrival:?}");
        arrival
    }
}

fn config() -> SimConfig {
    let clock = SimClock::new(|| Timestamp::from_ms(MORNING_MS), || TODAY);
    SimConfig { poll_interval_ms: 5, population_size: 0, seed: 7, ..SimConfig::new(INSTITUTION, clock) }
}

async fn start(config: SimConfig) -> SimTerminal {
    SimTerminal::start(config).await.unwrap()
}

fn mark() -> SuffixMark {
    SuffixMark::new("UK1").unwrap()
}

fn search(person: &Person) -> Search {
    let coverage = &person.holds[0].coverage;
    Search {
        insurer_number: coverage.insurer_number.clone(),
        symbol: coverage.symbol.clone(),
        number: coverage.number.clone(),
        branch_number: coverage.branch.clone(),
        birth_date: person.face.birth_date,
        limit_consent: Some(true),
        identifier: Some(person.key.clone()),
    }
}

fn single(person: &Person) -> Request {
    Request::Single(SingleRequest {
        confirmation_date: TODAY,
        institution_code: INSTITUTION.into(),
        file_identifier: format!("A-{}", person.index),
        search: search(person),
    })
}

fn validity(code: &str) -> Validity {
    Validity::from_code(Some(code))
}

fn message(arrival: &Arrival) -> &Message {
    match &arrival.content {
        Content::Answer { received, .. } | Content::Face { received, .. } => {
            assert!(received.warnings.is_empty(), "{:?}", received.warnings);
            assert!(received.unknown.is_empty(), "{:?}", received.unknown);
            &received.message
        }
        other => panic!("{other:?}"),
    }
}

/// Everybody of the cast whose paper can be asked about gets the validity of their truth.
async fn everybody_is_answered(mut world: World) {
    let population = world.terminal.population();
    let mut asked = BTreeMap::new();
    for person in population.cast().iter().filter(|person| !person.holds.is_empty()) {
        let Some(truth) = &person.truth.by_number else { continue };
        let expected = world.publish(single(person)).await;
        asked.insert(expected.suffix.to_string(), (expected, person, validity(truth.validity.code())));
    }
    assert!(asked.len() > 20);
    for arrival in world.arrivals(asked.len()).await {
        let Content::Answer { file, .. } = &arrival.content else { panic!("{arrival:?}") };
        let (expected, person, truth) = asked.remove(&file.suffix).expect("asked once");
        assert_eq!(expected.pair(&arrival), Pairing::Paired, "{}", person.key);
        let Message::Eligibility(result) = message(&arrival) else { panic!("{arrival:?}") };
        let Outcome::Answered(answer) = result.outcome() else { panic!("{} {:?}", person.key, result.outcome()) };
        assert_eq!(answer.validity, truth, "{}", person.key);
    }
    assert!(asked.is_empty());
}

#[tokio::test]
async fn everybody_is_answered_through_folders_in_utf8() {
    everybody_is_answered(World::with_folders(Charset::Utf8, SimEncoding::Utf8).await).await;
}

#[tokio::test]
async fn everybody_is_answered_through_folders_in_shift_jis() {
    everybody_is_answered(World::with_folders(Charset::ShiftJis, SimEncoding::ShiftJis).await).await;
}

#[tokio::test]
async fn a_shift_jis_question_may_be_answered_in_utf8() {
    everybody_is_answered(World::with_folders(Charset::ShiftJis, SimEncoding::Utf8).await).await;
}

#[tokio::test]
async fn everybody_is_answered_over_https() {
    everybody_is_answered(World::with_https().await).await;
}

/// A bulk run: upload, receipt, downloads until it is done.
async fn a_bulk_run_ends_with_every_person(mut world: World) {
    let population = world.terminal.population();
    let people: Vec<&Person> = population.cast().iter().filter(|person| !person.holds.is_empty()).take(12).collect();
    let upload = Request::Bulk(BulkRequest {
        confirmation_date: TODAY,
        institution_code: INSTITUTION.into(),
        file_identifier: "B-1".into(),
        searches: people.iter().map(|person| search(person)).collect(),
    });
    let expected = world.publish(upload).await;
    let receipt = world.answer(&expected).await;
    let Message::BulkReceipt(receipt) = message(&receipt) else { panic!("{receipt:?}") };
    let BulkProgress::Received { reception_number } = receipt.progress() else { panic!("{receipt:?}") };
    let download = Request::BulkDownload(BulkDownloadRequest {
        institution_code: INSTITUTION.into(),
        reception_number: reception_number.to_owned(),
    });
    for _ in 0..10 {
        let expected = world.publish(download.clone()).await;
        assert_eq!(expected.kind, RequestKind::BulkDownload);
        let arrival = world.answer(&expected).await;
        let Message::BulkResult(result) = message(&arrival) else { panic!("{arrival:?}") };
        match result.progress() {
            BulkProgress::InProgress => continue,
            BulkProgress::Done => {
                let echoed: Vec<Option<&str>> = result
                    .units
                    .iter()
                    .map(|unit| unit.search.as_ref().and_then(|search| search.arbitrary_identifier.as_deref()))
                    .collect();
                let keys: Vec<Option<&str>> = people.iter().map(|person| Some(person.key.as_str())).collect();
                assert_eq!(echoed, keys);
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("never done");
}

#[tokio::test]
async fn a_bulk_run_goes_through_folders() {
    a_bulk_run_ends_with_every_person(World::with_folders(Charset::Utf8, SimEncoding::ShiftJis).await).await;
}

#[tokio::test]
async fn a_bulk_run_goes_over_https() {
    a_bulk_run_ends_with_every_person(World::with_https().await).await;
}

/// A card reading arrives unsolicited, with its consents.
async fn a_card_reading_arrives(world: World) {
    let reading = world.terminal.present_card("valid-face", CardMethod::Face).unwrap();
    let arrival = world.arrivals(1).await.remove(0);
    let Content::Face { file, .. } = &arrival.content else { panic!("{arrival:?}") };
    assert!(arrival.name.starts_with(&reading.name) && file.date() == Some(TODAY));
    let Message::Eligibility(result) = message(&arrival) else { panic!("{arrival:?}") };
    let Outcome::Answered(answer) = result.outcome() else { panic!("{:?}", result.outcome()) };
    assert!(answer.confirmed().is_some());
    assert!(result.body.as_ref().unwrap().search.is_none());
}

#[tokio::test]
async fn a_card_reading_arrives_in_the_face_folder() {
    a_card_reading_arrives(World::with_folders(Charset::Utf8, SimEncoding::ShiftJis).await).await;
}

#[tokio::test]
async fn a_card_reading_arrives_over_https() {
    a_card_reading_arrives(World::with_https().await).await;
}

/// Refused requests come back with their reason, and are paired.
async fn a_rejected_request_comes_back(mut world: World) {
    let population = world.terminal.population();
    world.terminal.faults().set(FaultKind::RejectErr, FaultTrigger::Always);
    let expected = world.publish(single(&population.cast()[0])).await;
    let arrival = world.answer(&expected).await;
    let Content::Rejection { rejection, .. } = &arrival.content else { panic!("{arrival:?}") };
    assert!(rejection.err.is_some() && rejection.request.as_ref().unwrap().file_identifier.is_some());
}

#[tokio::test]
async fn a_rejected_request_comes_back_through_folders() {
    a_rejected_request_comes_back(World::with_folders(Charset::Utf8, SimEncoding::Utf8).await).await;
}

#[tokio::test]
async fn a_rejected_request_comes_back_over_https() {
    a_rejected_request_comes_back(World::with_https().await).await;
}

#[tokio::test]
async fn a_reference_number_is_registered() {
    let mut world = World::with_folders(Charset::ShiftJis, SimEncoding::ShiftJis).await;
    let population = world.terminal.population();
    let coverage = &population.get("valid-face").unwrap().national.eligibilities[0].coverage;
    let request = Request::Registration(ReferenceNumberRegistration {
        institution_code: INSTITUTION.into(),
        file_identifier: "C-1".into(),
        reference_number: "000417".into(),
        insurer_number: coverage.insurer_number.clone(),
        symbol: coverage.symbol.clone(),
        number: coverage.number.clone(),
        branch_number: coverage.branch.clone(),
    });
    let expected = world.publish(request).await;
    let arrival = world.answer(&expected).await;
    let Message::Registration(result) = message(&arrival) else { panic!("{arrival:?}") };
    assert!(matches!(result.outcome(), Outcome::Answered(_)), "{:?}", result.outcome());
}

#[tokio::test]
async fn spoiled_answers_are_said_to_be_so_and_a_half_written_one_arrives_whole() {
    for (fault, kind) in [
        (FaultKind::Truncated, Some(UnreadableKind::NotWellFormed)),
        (FaultKind::WrongEncoding, Some(UnreadableKind::EncodingMismatch)),
        (FaultKind::Doctype, Some(UnreadableKind::DtdRefused)),
        (FaultKind::Oversized, Some(UnreadableKind::TooLarge)),
        (FaultKind::HalfWritten, None),
    ] {
        let mut world = World::with_folders(Charset::Utf8, SimEncoding::ShiftJis).await;
        let population = world.terminal.population();
        let mut settings = world.terminal.faults().settings();
        settings.oversized_bytes = 5 * 1024 * 1024;
        settings.half_written_ms = 0;
        world.terminal.faults().set_settings(settings);
        world.terminal.faults().set(fault, FaultTrigger::Always);
        let expected = world.publish(single(&population.cast()[0])).await;
        let arrival = world.arrivals(1).await.remove(0);
        let found = match &arrival.content {
            Content::Unreadable { unreadable, .. } => Some(unreadable.kind),
            _ => None,
        };
        assert_eq!(found, kind, "{fault:?}");
        assert_eq!(expected.pair(&arrival) == Pairing::Paired, kind.is_none(), "{fault:?}");
    }
}
