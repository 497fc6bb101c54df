//! A drill beside a real reception: what is done in it stays in it, and its end takes everything along.
#![allow(clippy::unwrap_used, missing_docs)]

use std::net::TcpStream;
use std::path::Path;
use tests::aftermath::until;
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::people::{forty, population};
use tests::program::Program;
use tests::receptionist::{receive, set_up};
use uketsuke::store::StoreLocation;

/// The way into a drill, as its page shows it.
struct WayIn {
    url: String,
    account: String,
    password: String,
}

async fn begin(desk: &Desk) -> WayIn {
    desk.goto("/drill").await;
    desk.send("main button[value='begin']").await;
    let url = desk.find("#drill-open").await.attr("href").await.unwrap().unwrap();
    let text = async |css: &str| desk.find(css).await.text().await.unwrap();
    let (account, password) = (text("#drill-account").await, text("#drill-password").await);
    WayIn { url: url.trim_end_matches('/').to_owned(), account, password }
}

async fn sign_in(desk: &Desk, way: &WayIn) {
    desk.goto("/sign-in").await;
    desk.fill("account", &way.account).await;
    desk.fill("password", &way.password).await;
    desk.send("main form button.primary").await;
    desk.find("nav").await;
}

fn is_served(url: &str) -> bool {
    TcpStream::connect(url.trim_start_matches("http://")).is_ok()
}

/// The visits and patients of the record, by their ids.
fn documents(data: &Path) -> Vec<String> {
    let connection = StoreLocation::in_folder(data).unwrap().open_reader().unwrap();
    let both = "SELECT visit FROM visit_row UNION ALL SELECT patient FROM patient_row ORDER BY 1";
    let mut statement = connection.prepare(both).unwrap();
    let documents = statement.query_map([], |row| row.get(0)).unwrap();
    documents.map(Result::unwrap).collect()
}

/// What the trail says was done, but for looks, which are written down a little later.
fn done(data: &Path) -> Vec<String> {
    let connection = StoreLocation::in_folder(data).unwrap().open_reader().unwrap();
    let mut statement = connection.prepare("SELECT what FROM trail ORDER BY seq").unwrap();
    let lines: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    lines.into_iter().filter(|what| !what.starts_with("viewed")).collect()
}

/// What lies in the folder where a real terminal takes its requests.
fn requests(clinic: &Clinic) -> String {
    let files = std::fs::read_dir(clinic.path("req")).unwrap();
    files.map(|file| String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_leaves_the_real_record_and_the_real_terminal_alone_and_ends_without_a_trace() {
    let clinic = Clinic::default();
    let program = Program::new(&clinic.url(), &clinic.api_token());
    let reception = clinic.open();
    let patients = forty(&population());
    let mut desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    receive(&desk, &patients[0]).await;
    let (record, before) = (documents(&clinic.path("data")), done(&clinic.path("data")));

    let way = begin(&desk).await;
    assert!(clinic.path("data/drill").is_dir());
    desk.turn_to(&way.url);
    sign_in(&desk, &way).await;
    assert!(desk.has(".drill").await && desk.text().await.contains("訓練中"));
    assert!(desk.has("a[href='/practice']").await && !desk.has("a[href='/drill']").await);
    receive(&desk, &patients[1]).await;
    desk.goto("/").await;
    assert!(desk.text().await.contains(&patients[1].person.face.name));

    // the same browser is still signed in to the real box, which knows nothing of that patient
    desk.turn_to(&clinic.url());
    desk.goto("/").await;
    assert!(!desk.has(".drill").await && desk.has("nav").await);
    let board = program.get("/board").to_string();
    assert!(board.contains(&patients[0].person.face.name) && !board.contains(&patients[1].person.face.name));
    assert_eq!(documents(&clinic.path("data")), record);
    assert!(!requests(&clinic).contains(&patients[1].person.holds[0].coverage.number));

    desk.goto("/drill").await;
    desk.send("main button[value='end']").await;
    desk.find("main button[value='begin']").await;
    assert!(!is_served(&way.url) && !clinic.path("data/drill").exists());
    assert_eq!(documents(&clinic.path("data")), record);
    let after = done(&clinic.path("data"));
    assert_eq!(after[before.len()..], ["drill-begun".to_owned(), "drill-ended".to_owned()]);
    desk.close().await;
    drop(reception);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_ends_with_a_box_that_is_killed_and_what_it_leaves_is_deleted_at_the_next_start() {
    let clinic = Clinic::default();
    let mut reception = clinic.open();
    let desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    let first = begin(&desk).await;
    assert!(is_served(&first.url));
    reception.kill();
    until("the drill has ended with its box", || !is_served(&first.url)).await;
    let reception = clinic.open();
    assert!(!clinic.path("data/drill").exists());
    let second = begin(&desk).await;
    assert_ne!(first.password, second.password);
    assert!(reception.stop_by("TERM").success());
    assert!(!is_served(&second.url) && !clinic.path("data/drill").exists());
    desk.close().await;
}
