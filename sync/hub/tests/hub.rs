//! Hubs as their own processes, and boxes that call them: what a vendor and its clinics live through.

#![allow(clippy::unwrap_used)]

#[path = "support/clinic.rs"]
mod clinic;
#[path = "support/counter.rs"]
mod counter;
#[path = "support/database.rs"]
mod database;
#[path = "support/process.rs"]
mod process;

use clinic::{Clinic, NAME, identity, now};
use counter::Counter;
use database::Database;
use process::{Process, run, start};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::statement::{Reason, Statement};
use sync::facility::{BoxIdentity, Introduction, Membership};
use sync::feed::https::{Exchanged, FeedClient};
use sync::feed::{FeedFailure, FeedLog, Span};
use sync::seal::forget::Forget;
use uketsuke_hub::log::HubLog;
use uketsuke_hub::store::Store;
use uketsuke_hub::store::facilities::{self, Quota, enrol, set_quota};

const FIRST: u8 = 1;
const SECOND: u8 = 2;

/// Enrols a clinic of two boxes, as their admission of the hub left it in the store.
fn enrolled(store: &Store, clinic: &mut Clinic) -> Introduction {
    let hub = store.write(facilities::identity).unwrap().introduction();
    clinic.admit(&identity(clinic.founder + 1).introduction());
    clinic.admit(&hub);
    store.write(|sql| enrol(sql, clinic.id, &clinic.statements, Quota::default(), now())).unwrap();
    hub
}

/// A clinic of two boxes with a hub on SQLite.
struct Small {
    folder: tempfile::TempDir,
    clinic: Clinic,
    hub: Introduction,
}

impl Small {
    fn new() -> Small {
        let folder = tempfile::tempdir().unwrap();
        let mut clinic = Clinic::found(FIRST);
        let hub = enrolled(&Store::open_folder(folder.path()).unwrap(), &mut clinic);
        Small { folder, clinic, hub }
    }

    fn start(&self) -> Process {
        start(&["--data", self.folder.path().to_str().unwrap()])
    }

    fn store(&self) -> Store {
        Store::open_folder_beside(self.folder.path()).unwrap()
    }
}

fn live(client: &Arc<FeedClient>) -> tokio::task::JoinHandle<Result<Exchanged, FeedFailure>> {
    let client = client.clone();
    tokio::spawn(async move { client.live().await })
}

async fn within<T>(waiting: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("it happens")
}

/// Opens a live line and waits until it stands.
async fn standing(client: &Arc<FeedClient>) -> tokio::task::JoinHandle<Result<Exchanged, FeedFailure>> {
    let mut answered = client.peer_run();
    let line = live(client);
    within(answered.wait_for(Option::is_some)).await.unwrap();
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_wake_each_others_boxes_and_are_restarted_one_by_one() {
    let database = Database::new();
    let mut clinic = Clinic::found(FIRST);
    let (url, runtime) = (database.url.clone(), tokio::runtime::Handle::current());
    let (hub, mut clinic) = tokio::task::spawn_blocking(move || {
        let store = Store::open_database(&url, runtime).unwrap();
        (enrolled(&store, &mut clinic), clinic)
    })
    .await
    .unwrap();
    let (one, two) = (start(&["--database", &database.url]), start(&["--database", &database.url]));
    let (counter, window) = (Counter::new(&clinic, FIRST), Counter::new(&clinic, SECOND));
    let (to_one, to_two) = (counter.calls(&hub, one.boxes), window.calls(&hub, two.boxes));
    let (mut at_counter, mut at_window) = (standing(&to_one).await, standing(&to_two).await);
    for round in 1..=5 {
        counter.write(&mut clinic, 1);
        within(to_one.push()).await.unwrap();
        window.holds(round * 2 - 1).await;
        window.write(&mut clinic, 1);
        within(to_two.push()).await.unwrap();
        counter.holds(round * 2).await;
    }
    assert_eq!(counter.hashes(), window.hashes());
    let run_before = to_one.hello().await.unwrap().run;
    assert_eq!(to_two.hello().await.unwrap().run, run_before, "one term for all processes");

    one.stop();
    within(&mut at_counter).await.unwrap().unwrap();
    counter.write(&mut clinic, 3);
    assert_eq!(to_one.push().await.unwrap_err(), FeedFailure::Unreachable);
    let one = start(&["--database", &database.url]);
    let to_one = counter.calls(&hub, one.boxes);
    assert_eq!(within(to_one.exchange()).await.unwrap().sent, 3, "and nothing that was acknowledged goes again");
    window.holds(13).await;
    two.stop();
    within(&mut at_window).await.unwrap().unwrap();
    let two = start(&["--database", &database.url]);
    let to_two = window.calls(&hub, two.boxes);
    let again = within(to_two.exchange()).await.unwrap();
    assert_eq!((again.received.stored, again.received.known, again.sent), (0, 0, 0));
    assert_eq!(to_two.hello().await.unwrap().run, run_before, "a restart of a process begins no term");
    assert_eq!(counter.hashes(), window.hashes());

    let dump = tokio::task::spawn_blocking(move || database.dump()).await.unwrap();
    assert!(!holds(&dump, NAME.as_bytes()) && dump.len() > 5_000, "{}", dump.len());
    let as_hex: String = NAME.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(!holds(&dump, as_hex.as_bytes()), "PostgreSQL dumps bytes as hex");
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_may_be_restarted_under_the_hub() {
    let database = Database::on(Arc::new(database::Server::start()));
    let mut clinic = Clinic::found(FIRST);
    let (url, runtime) = (database.url.clone(), tokio::runtime::Handle::current());
    let (hub, mut clinic) = tokio::task::spawn_blocking(move || {
        let store = Store::open_database(&url, runtime).unwrap();
        (enrolled(&store, &mut clinic), clinic)
    })
    .await
    .unwrap();
    let process = start(&["--database", &database.url]);
    let (counter, window) = (Counter::new(&clinic, FIRST), Counter::new(&clinic, SECOND));
    let (from_counter, from_window) = (counter.calls(&hub, process.boxes), window.calls(&hub, process.boxes));
    counter.write(&mut clinic, 5);
    within(from_counter.exchange()).await.unwrap();
    let database = tokio::task::spawn_blocking(move || {
        database.server.restart();
        database
    })
    .await
    .unwrap();
    counter.write(&mut clinic, 5);
    let pushed = async {
        while from_counter.exchange().await.is_err() {}
        while from_window.exchange().await.is_err() {}
    };
    within(pushed).await;
    assert_eq!(window.hashes(), counter.hashes());
    drop(process);
    tokio::task::spawn_blocking(move || drop(database)).await.unwrap();
}

/// A standby that took over, a database restored by its own tools: its positions are not those the boxes know.
#[test]
fn another_course_of_the_database_begins_new_terms() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let database = Database::new();
    let open = || Arc::new(Store::open_database(&database.url, runtime.handle().clone()).unwrap());
    let mut clinic = Clinic::found(FIRST);
    let hub = enrolled(&open(), &mut clinic).id();
    let term = |store: &Arc<Store>| HubLog::new(store.clone(), hub, clinic.id).position().unwrap().terms.current();
    let (first, second) = (open(), open());
    assert_eq!(term(&first), term(&second));
    let before = term(&first);
    first.write(|sql| sql.execute("UPDATE hub SET history = 'another'", &[])).unwrap();
    assert_ne!(term(&open()), before);
    assert_eq!(term(&second), term(&open()), "and only once");
}

#[tokio::test(flavor = "multi_thread")]
async fn facilities_see_nothing_of_each_other_and_strangers_nothing_at_all() {
    let mut small = Small::new();
    let mut other = Clinic::found(7);
    enrolled(&small.store(), &mut other);
    let process = small.start();
    let (ours, theirs) = (Counter::new(&small.clinic, FIRST), Counter::new(&other, 7));
    ours.write(&mut small.clinic, 4);
    within(ours.calls(&small.hub, process.boxes).exchange()).await.unwrap();
    let seen = within(theirs.calls(&small.hub, process.boxes).exchange()).await.unwrap();
    assert_eq!((seen.received.stored, theirs.hashes().len()), (0, 0));
    let mut foreign = Clinic::found(20);
    foreign.admit(&small.hub);
    let stranger = Counter::new(&foreign, 20).calls(&small.hub, process.boxes);
    assert!(matches!(
        within(stranger.exchange()).await.unwrap_err(),
        FeedFailure::Untrusted | FeedFailure::Unreachable
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_two_facilities_call_theirs_uses_the_day_of_the_one_it_calls_for() {
    for other_founder in [7, 20, 30] {
        let mut small = Small::new();
        // somebody else admits our box to his own facility, and uses up what that one may
        let mut other = Clinic::found(other_founder);
        other.admit(&identity(FIRST).introduction());
        enrolled(&small.store(), &mut other);
        let nothing = Quota { day_bytes: 0, ..Quota::default() };
        small.store().write(|sql| set_quota(sql, other.id, nothing)).unwrap();
        let process = small.start();
        let theirs = Counter::new(&other, other_founder);
        theirs.write(&mut other, 1);
        let refused = within(theirs.calls(&small.hub, process.boxes).push()).await.unwrap_err();
        assert_eq!(refused, FeedFailure::Budget(Span::Day));
        let ours = Counter::new(&small.clinic, FIRST);
        ours.write(&mut small.clinic, 4);
        let pushed = within(ours.calls(&small.hub, process.boxes).push()).await;
        assert_eq!(pushed.map(|pushed| pushed.sent), Ok(4));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_was_put_out_is_cut_off_by_the_statement_that_says_so() {
    let mut small = Small::new();
    let process = small.start();
    let (counter, lost) = (Counter::new(&small.clinic, FIRST), Counter::new(&small.clinic, SECOND));
    let (from_counter, from_lost) = (counter.calls(&small.hub, process.boxes), lost.calls(&small.hub, process.boxes));
    let line = standing(&from_lost).await;
    let known = Membership::evaluate(small.clinic.id, &small.clinic.statements).statements_of(lost.id());
    let out = Statement::revoke(&identity(FIRST), small.clinic.id, lost.id(), Reason::Lost, known, now()).unwrap();
    counter.keep(vec![small.clinic.sealer(FIRST).membership(out.as_bytes()).unwrap()]);
    within(from_counter.push()).await.unwrap();
    let ended = within(line).await.unwrap();
    assert!(matches!(ended, Err(FeedFailure::NotAMember | FeedFailure::PutOut | FeedFailure::Cut)), "{ended:?}");
    counter.write(&mut small.clinic, 1);
    within(from_counter.push()).await.unwrap();
    let before = lost.hashes().len();
    let refused = within(from_lost.pull()).await.unwrap_err();
    let put_out =
        matches!(refused, FeedFailure::NotAMember | FeedFailure::PutOut | FeedFailure::Untrusted | FeedFailure::Cut);
    assert!(put_out, "{refused:?}");
    assert_eq!(lost.hashes().len(), before);
}

#[test]
fn a_stolen_box_is_put_out_however_much_it_said_before() {
    let small = Small::new();
    let (store, facility, one, stolen, stranger) =
        (small.store(), small.clinic.id, identity(FIRST), identity(SECOND), identity(9));
    let keep = |statement: Statement| store.write(|sql| facilities::keep_statement(sql, facility, &statement)).unwrap();
    let noise = |n: u64| Statement::name(&stolen, facility, stolen.id(), &format!("{n}"), now()).unwrap();
    let filled = store.write(|sql| {
        for n in 0..facilities::MAX_STATEMENTS {
            facilities::keep_statement(sql, facility, &noise(n))?;
        }
        facilities::statements(sql, facility)
    });
    assert_eq!(filled.unwrap().len() as u64, facilities::MAX_STATEMENTS);
    assert!(!keep(noise(facilities::MAX_STATEMENTS + 1)), "no more is kept");
    let known = Membership::evaluate(facility, &small.clinic.statements);
    let revoke = |by: &BoxIdentity, out: &BoxIdentity| {
        Statement::revoke(by, facility, out.id(), Reason::Lost, known.statements_of(out.id()), now()).unwrap()
    };
    assert!(!keep(revoke(&stranger, &one)), "who is no member puts nobody out");
    assert!(!keep(revoke(&one, &stranger)), "and there must be somebody to be put out");
    assert!(keep(revoke(&stolen, &one)), "a member may");
    assert!(keep(revoke(&one, &stolen)), "and it helps the thief nothing to have been the first");
    let kept = store.read(|sql| facilities::statements(sql, facility)).unwrap();
    assert!(Membership::evaluate(facility, &kept).put_out(stolen.id()));
    assert!(!keep(revoke(&stolen, &one)), "and that was all it had to say");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_admitted_later_comes_in_by_the_statement_that_says_so() {
    let mut small = Small::new();
    let process = small.start();
    let counter = Counter::new(&small.clinic, FIRST);
    let admitted = small.clinic.admit(&identity(9).introduction());
    let newcomer = Counter::new(&small.clinic, 9);
    let from_newcomer = newcomer.calls(&small.hub, process.boxes);
    assert!(within(from_newcomer.pull()).await.is_err());
    counter.keep(vec![small.clinic.sealer(FIRST).membership(admitted.as_bytes()).unwrap()]);
    within(counter.calls(&small.hub, process.boxes).push()).await.unwrap();
    within(async { while from_newcomer.pull().await.is_err() {} }).await;
    assert_eq!(newcomer.hashes(), counter.hashes());
}

#[tokio::test(flavor = "multi_thread")]
async fn quotas_end_what_a_facility_may_use_and_say_so() {
    let mut small = Small::new();
    let few = Quota { stored_bytes: 30_000, ..Quota::default() };
    let id = small.clinic.id;
    small.store().write(|sql| set_quota(sql, id, few)).unwrap();
    let process = small.start();
    let counter = Counter::new(&small.clinic, FIRST);
    let client = counter.calls(&small.hub, process.boxes);
    counter.write(&mut small.clinic, 200);
    within(client.push()).await.unwrap();
    counter.write(&mut small.clinic, 1);
    assert_eq!(within(client.push()).await.unwrap_err(), FeedFailure::Full);
    drop(process);
    let slow = Quota { day_bytes: 1_000, ..Quota::default() };
    small.store().write(|sql| set_quota(sql, id, slow)).unwrap();
    let process = small.start();
    let client = counter.calls(&small.hub, process.boxes);
    assert_eq!(within(client.push()).await.map(|pushed| pushed.sent), Ok(1), "what is left fits into the day");
    counter.write(&mut small.clinic, 20);
    assert_eq!(within(client.push()).await.unwrap_err(), FeedFailure::Budget(Span::Day));
    drop(process);
    let nobody = Quota { connections: 1, ..Quota::default() };
    small.store().write(|sql| set_quota(sql, id, nobody)).unwrap();
    let process = small.start();
    let (first, second) = (counter.calls(&small.hub, process.boxes), counter.calls(&small.hub, process.boxes));
    let _line = standing(&first).await;
    assert_eq!(within(second.pull()).await.unwrap_err(), FeedFailure::Cut, "one connection too many");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_restored_begins_a_new_term_and_the_boxes_fill_the_gap() {
    let mut small = Small::new();
    let process = small.start();
    let (counter, window) = (Counter::new(&small.clinic, FIRST), Counter::new(&small.clinic, SECOND));
    counter.write(&mut small.clinic, 10);
    let client = counter.calls(&small.hub, process.boxes);
    within(client.exchange()).await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = |name: &str| elsewhere.path().join(name).display().to_string();
    let (file, data) = (path("backup"), small.folder.path().display().to_string());
    assert!(run(&["backup", "--data", &data, &file], ""), "while the hub runs");
    let run_before = client.hello().await.unwrap().run;
    counter.write(&mut small.clinic, 5);
    within(client.exchange()).await.unwrap();
    drop(process);

    assert!(!run(&["restore", "--data", &data, &file], ""), "nothing is written over");
    assert!(!run(&["restore", "--data", &path("new"), &path("no such file")], ""));
    assert!(run(&["restore", "--data", &path("new"), &file], ""));
    let process = start(&["--data", &path("new")]);
    let client = counter.calls(&small.hub, process.boxes);
    assert_ne!(client.hello().await.unwrap().run, run_before);
    let again = within(client.exchange()).await.unwrap();
    assert!(again.sent >= 5 && again.received.stored == 0, "{again:?}");
    within(window.calls(&small.hub, process.boxes).exchange()).await.unwrap();
    assert_eq!(window.hashes(), counter.hashes());

    // And from SQLite into PostgreSQL.
    drop(process);
    let database = Database::new();
    assert!(run(&["restore", "--database", &database.url, &file], ""));
    let process = start(&["--database", &database.url]);
    within(window.calls(&small.hub, process.boxes).exchange()).await.unwrap();
    let fresh = Counter::new(&small.clinic, SECOND);
    within(fresh.calls(&small.hub, process.boxes).exchange()).await.unwrap();
    assert_eq!(fresh.hashes(), counter.hashes());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_hub_keeps_shows_nothing_and_what_is_forgotten_is_gone_from_its_disk() {
    let mut small = Small::new();
    let process = small.start();
    let counter = Counter::new(&small.clinic, FIRST);
    let goes = small.clinic.change(FIRST, "goes", 3_000);
    counter.keep(vec![goes.clone(), small.clinic.change(FIRST, "stays", 3_000)]);
    let client = counter.calls(&small.hub, process.boxes);
    within(client.exchange()).await.unwrap();
    let middle = goes.content()[500..560].to_vec();
    assert!(on_disk(small.folder.path(), &middle), "the test can see records");
    assert!(!on_disk(small.folder.path(), NAME.as_bytes()));
    counter.keep(vec![Forget::Documents(vec![goes.header().document]).seal(&small.clinic.sealer(FIRST)).unwrap()]);
    within(client.exchange()).await.unwrap();
    process.stop();
    drop(Store::open_folder(small.folder.path()).unwrap());
    assert!(!on_disk(small.folder.path(), &middle), "overwritten, in the file and in its journal");
}

fn on_disk(folder: &Path, what: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| holds(&std::fs::read(file.unwrap().path()).unwrap(), what))
}

#[test]
fn the_sources_never_name_a_key_or_the_opening_of_a_record() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut read = 0;
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for word in [
                "KeyRing",
                "DataKey",
                "NamingKey",
                "seal::open",
                "seal::grant",
                "Sealer",
                "receiving_secret",
                "seal::*",
            ] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
            read += 1;
        }
    }
    assert!(read > 20);
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let program = manifest.split("[dev-dependencies]").next().unwrap();
    assert!(program.contains("sync = { path = \"..\", default-features = false }"), "without the feature `keys`");
    assert!(!program.contains("chacha20poly1305") && !program.contains("x25519"), "no cipher but that of TLS");
}
