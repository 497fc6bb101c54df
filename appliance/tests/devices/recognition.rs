//! A card that comes again, in a reader of a real `pcscd`: off by default; recognised where a site has switched it on; erased.

use super::place::{devices, hardware, open, until_device};
use super::world::{CardInSlot, SLOTS, alone};
use domain::case::Flow;
use domain::eligibility::PersonFace;
use domain::fact::{Author, PatientId};
use domain::link::Link;
use domain::patient::PatientFact;
use domain::rule::RulePack;
use domain::text::Text;
use domain::written::Written;
use drivers::emulated::Profile;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use uketsuke::clock::Clock;
use uketsuke::reception::Reception;
use uketsuke::schedule::RecordedReboot;
use uketsuke::store::{DocumentId, Reading, StoreLocation, Writing, rebuild};
use web::port::{
    Account, CardQuestion, CardReadingId, CardSaid, CheckIn, Desk, DeskCommand, PatientCommand, Practice,
    PracticeState, RecognitionView, SubmitError,
};

const OFF: &str = "[readers]\n";
const ON: &str = "[readers]\nrecognise = true\n";

/// Practice cards count in a practice clinic only.
struct InPractice;

impl Practice for InPractice {
    fn state(&self) -> PracticeState {
        PracticeState { knobs: Vec::new(), faults: Vec::new(), cast: Vec::new() }
    }
    fn set_link(&self, _: Link, _: bool) {}
    fn set_fault(&self, _: &str, _: bool) -> bool {
        false
    }
    fn deal_card(&self, _: &str, _: &str) -> Result<(), Text> {
        Ok(())
    }
}

fn clinic(settings: &str, data: &Path, clock: &Clock) -> Reception {
    let mut reception = open(settings, data, clock, hardware(&RecordedReboot::default()));
    reception.desk = reception.desk.with_practice(Arc::new(InPractice));
    reception
}

fn staff() -> Account {
    Account::new(Author::new("staff-1"), "受付")
}

async fn insert(reception: &Reception, recognise: bool) -> CardSaid {
    let devices = devices(reception);
    until_device(&devices, SLOTS[0], "the card", |item| item.state.ja.contains("カードあり")).await;
    let device = SLOTS[0].to_owned();
    let question = CardQuestion { device, surface_code: None, last_try_confirmed: false, recognise };
    devices.read_card(question).await.unwrap()
}

fn offered(reception: &Reception, said: &CardSaid) -> Vec<PatientId> {
    let hits = reception.desk.recognised(said.reading.as_ref().expect("it is on")).unwrap();
    hits.into_iter().map(|hit| hit.patient).collect()
}

async fn check_in(reception: &Reception, name: &str) -> PatientId {
    let person = PersonFace { name: Some(name.to_owned()), ..PersonFace::EMPTY };
    let check_in = CheckIn {
        patient: None,
        patient_number: None,
        person,
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    };
    let command = DeskCommand::CheckIn(Box::new(check_in));
    reception.desk.submit(&staff(), None, command).await.unwrap().patient.unwrap()
}

async fn patient(reception: &Reception, patient: &PatientId, command: PatientCommand) -> Result<(), SubmitError> {
    let command = DeskCommand::Patient { patient: patient.clone(), command };
    reception.desk.submit(&staff(), None, command).await.map(|_| ())
}

async fn remember(reception: &Reception, whose: &PatientId, said: &CardSaid) {
    let reading = said.reading.clone().expect("it is on");
    patient(reception, whose, PatientCommand::RememberCard(reading)).await.unwrap();
}

fn key(data: &Path) -> PathBuf {
    data.join("recognition.key")
}

/// The rows of a stopped desk, everything its documents say, and both made anew.
fn kept(data: &Path) -> (Vec<String>, String) {
    let location = StoreLocation::in_folder(data).unwrap();
    let mut connection = location.open_writer().unwrap();
    let rows = Reading::over(&connection, location.vault()).dump_read_model().unwrap();
    let author = sync::replica::Writer::from_random([7; 16]);
    let mut documents = String::new();
    for id in Reading::over(&connection, location.vault()).documents().unwrap() {
        if let DocumentId::Patient(_) = id {
            let facts = Reading::over(&connection, location.vault()).facts::<PatientFact>(&id).unwrap();
            documents.extend(facts.iter().map(|fact| format!("{:?}\n", fact.fact.write())));
        }
    }
    let transaction = connection.transaction().unwrap();
    let now = Clock::wall().now();
    rebuild(&Writing::inside(&transaction, location.vault()), &RulePack::built_in(), &author, now).unwrap();
    transaction.commit().unwrap();
    assert_eq!(
        Reading::over(&connection, location.vault()).dump_read_model().unwrap(),
        rows,
        "made anew with the same result"
    );
    (rows, documents)
}

/// The tokens among the rows.
fn tokens(data: &Path) -> Vec<String> {
    let (rows, documents) = kept(data);
    let keys: Vec<String> = rows.iter().filter_map(|row| key_in(row)).collect();
    assert!(!keys.is_empty(), "rows are not read as they are written");
    let tokens: Vec<String> = keys.iter().filter_map(|key| key.strip_prefix("t:")).map(str::to_owned).collect();
    assert!(tokens.iter().all(|token| documents.contains(token)), "a row that no fact carries");
    tokens
}

/// The key in a row of the table of keys: a dump shows texts as their bytes.
fn key_in(row: &str) -> Option<String> {
    let bytes = row.strip_prefix("patient_key|Text([")?.split_once("])")?.0;
    let bytes: Vec<u8> = bytes.split(", ").map(|byte| byte.parse().unwrap()).collect();
    Some(String::from_utf8(bytes).unwrap())
}

/// Everything that is said at every level while it lives.
#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn listen() -> Logs {
    let logs = Logs::default();
    let writer = logs.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    logs
}

fn at_the_reader(story: impl AsyncFnOnce(CardInSlot, &Path, Clock)) -> impl FnOnce(&super::world::World) {
    move |world| {
        world.start_service();
        let card = world.card(Profile::Normal);
        let data = tempfile::tempdir().unwrap();
        let clock = Clock::by_hand(super::place::japan(24, 10, 0));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(story(card, data.path(), clock));
    }
}

async fn nothing_by_default(_card: CardInSlot, data: &Path, clock: Clock) {
    let reception = clinic(OFF, data, &clock);
    let said = insert(&reception, true).await;
    assert!(said.certificate_expiry.is_some() && said.reading.is_none());
    let hanako = check_in(&reception, "見本 花子").await;
    let invented = PatientCommand::RememberCard(CardReadingId("a".repeat(32)));
    assert!(matches!(patient(&reception, &hanako, invented).await, Err(SubmitError::Refused { .. })));
    assert_eq!(reception.desk.recognition().unwrap(), RecognitionView::default());
    reception.desk.stop().await;
    assert!(tokens(data).is_empty() && !kept(data).1.contains("card_remembered"));
    assert!(!key(data).exists(), "not even a key");
}

async fn not_outside_practice(_card: CardInSlot, data: &Path, clock: Clock) {
    let reception = open(ON, data, &clock, hardware(&RecordedReboot::default()));
    assert_eq!(insert(&reception, true).await.reading, None, "a practice card is nobody's");
    reception.desk.stop().await;
}

async fn recognised_and_erased(_card: CardInSlot, data: &Path, clock: Clock) {
    let logs = listen();
    let reception = clinic(ON, data, &clock);
    assert_eq!(insert(&reception, false).await.reading, None, "a test read is no check-in");
    let first = insert(&reception, true).await;
    assert!(offered(&reception, &first).is_empty());
    let hanako = check_in(&reception, "見本 花子").await;
    remember(&reception, &hanako, &first).await;
    remember(&reception, &hanako, &first).await;
    reception.desk.stop().await;
    let [token] = tokens(data).try_into().unwrap();

    let reception = clinic(ON, data, &clock);
    let second = insert(&reception, true).await;
    assert_eq!(offered(&reception, &second), std::slice::from_ref(&hanako));
    clock.set(clock.now().plus_ms(10 * 60_000));
    assert!(offered(&reception, &second).is_empty(), "a reading is good for ten minutes");

    let second = insert(&reception, true).await;
    let mistaken = check_in(&reception, "見本 葉名子").await;
    remember(&reception, &mistaken, &second).await;
    let mut both = vec![hanako.clone(), mistaken.clone()];
    both.sort();
    assert_eq!(offered(&reception, &second), both, "a conflict is shown, not settled");
    patient(&reception, &mistaken, PatientCommand::ForgetCards).await.unwrap();
    assert_eq!(offered(&reception, &second), std::slice::from_ref(&hanako));
    let of_hanako = reception.desk.patient(&hanako).unwrap().unwrap();
    let seen = format!("{:?} {second:?} {of_hanako:?} {:?}", second.reading, reception.desk.recognition().unwrap());
    reception.desk.stop().await;

    let secret: String = std::fs::read(key(data)).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    off_and_erased(data, &clock, &hanako).await;
    let [renewed] = anew(data, &clock, &hanako).await.try_into().unwrap();
    assert_ne!(renewed, token, "another key, another token");

    let said = String::from_utf8_lossy(&logs.0.lock().unwrap()).into_owned();
    assert!(said.contains("TRACE") || said.contains("DEBUG"), "nothing was listened to");
    for text in [&seen, &said] {
        assert!(!text.contains(&token) && !text.contains(&renewed) && !text.contains(&secret));
    }
}

async fn off_and_erased(data: &Path, clock: &Clock, hanako: &PatientId) {
    clock.set(clock.now().plus_ms(-3_600_000)); // a clock that jumped back brings nothing back
    let reception = clinic(OFF, data, clock);
    assert_eq!(insert(&reception, true).await.reading, None, "switched off is not used");
    let view = reception.desk.recognition().unwrap();
    assert_eq!((view.is_on, view.cards, view.patients), (false, 1, 1), "what is left is offered to be erased");
    reception.desk.submit(&staff(), None, DeskCommand::EraseCardTokens).await.unwrap();
    let view = reception.desk.recognition().unwrap();
    assert_eq!((view.cards, view.erasures.len(), view.erasures[0].patients), (0, 1, 1));
    assert_eq!((view.erasures[0].at, view.erasures[0].by.as_str()), (clock.now(), "staff-1"));
    assert!(reception.desk.patient(hanako).unwrap().unwrap().state.card_tokens.is_empty());
    assert!(!key(data).exists(), "without its key no token leads to a card");
    reception.desk.stop().await;
    assert!(tokens(data).is_empty());
}

/// Switched on again, the card is unknown, and is remembered by another token.
async fn anew(data: &Path, clock: &Clock, hanako: &PatientId) -> Vec<String> {
    let reception = clinic(ON, data, clock);
    let said = insert(&reception, true).await;
    assert!(offered(&reception, &said).is_empty());
    remember(&reception, hanako, &said).await;
    reception.desk.stop().await;
    tokens(data)
}

#[test]
fn by_default_nothing_is_kept_of_a_card() {
    alone(|world| at_the_reader(nothing_by_default)(world));
}

#[test]
fn a_practice_card_is_remembered_in_practice_only() {
    alone(|world| at_the_reader(not_outside_practice)(world));
}

#[test]
fn a_card_is_recognised_when_it_comes_again_until_it_is_erased() {
    alone(|world| at_the_reader(recognised_and_erased)(world));
}
