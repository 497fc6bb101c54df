//! A practice terminal over real folders, driven by hand. Requests are literal text and answers are looked at as
//! text: nothing of the product's own reading or writing is used here.
#![allow(dead_code)] // every test file uses its own part

use domain::{Date, Timestamp};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use sync::simulator::{HeldDocument, Person, SimClock, SimConfig, SimFolders, SimTerminal};
use tempfile::TempDir;

pub const INSTITUTION: &str = "1319999990";
pub const TODAY: Date = Date::literal(2026, 4, 1);
/// 2026-04-01 08:55:12 in Japan.
const MORNING_MS: i64 = 1_775_001_312_000;

/// A clock that moves only by hand.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn new() -> HandClock {
        HandClock(Arc::new(AtomicI64::new(MORNING_MS)))
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn sim(&self) -> SimClock {
        let ms = self.0.clone();
        SimClock::from_now(move || Timestamp::from_ms(ms.load(Ordering::SeqCst)))
    }
}

pub struct World {
    pub terminal: SimTerminal,
    pub clock: HandClock,
    pub folders: SimFolders,
    _parent: TempDir,
}

impl World {
    pub async fn start() -> World {
        World::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut SimConfig)) -> World {
        let parent = tempfile::tempdir().expect("a folder");
        let folders = SimFolders::below(parent.path());
        let clock = HandClock::new();
        let mut config = SimConfig::new(INSTITUTION, clock.sim()).with_folders(folders.clone());
        config.poll_interval_ms = 5;
        config.population_size = 0;
        config.seed = 7;
        change(&mut config);
        let terminal = SimTerminal::start(config).await.expect("the terminal starts");
        World { terminal, clock, folders, _parent: parent }
    }

    /// Publishes a request the careful way: temporary name, then rename.
    pub fn ask(&self, name: &str, bytes: &[u8]) {
        let temporary = self.folders.req.join(format!("{name}.tmp"));
        fs::write(&temporary, bytes).expect("writes");
        fs::rename(temporary, self.folders.req.join(name)).expect("renames");
    }

    pub fn res(&self, name: &str) -> PathBuf {
        self.folders.res.join(name)
    }

    /// Waits for a result and reads it.
    pub async fn result(&self, name: &str) -> Vec<u8> {
        let path = self.res(name);
        eventually(name, || fs::read(&path).ok()).await
    }

    pub async fn result_text(&self, name: &str) -> String {
        String::from_utf8(self.result(name).await).expect("UTF-8")
    }

    /// Asks about a person with the numbers of their paper.
    pub async fn ask_about(&self, key: &str, suffix: &str) -> String {
        let population = self.terminal.population();
        let person = population.get(key).expect(key);
        self.ask(&format!("OQSsiquc01req_{suffix}.xml"), request(person, suffix).as_bytes());
        self.result_text(&format!("OQSsiquc01res_{suffix}.xml")).await
    }

    pub fn names(&self, folder: &PathBuf) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
        names.sort();
        names
    }
}

/// Polls until there is something, for at most ten seconds.
pub async fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap_or_else(|_| panic!("still no {what}"))
}

/// The request of `oqs-interface §6.1`, byte for byte.
pub const SHEET_REQUEST: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<XmlMsg>
  <MessageHeader>
    <QualificationConfirmationDate>20260401</QualificationConfirmationDate>
    <MedicalInstitutionCode>1319999990</MedicalInstitutionCode>
    <ArbitraryFileIdentifier>A20260401-0001-7f3c</ArbitraryFileIdentifier>
  </MessageHeader>
  <MessageBody>
    <QualificationConfirmSearchInfo>
      <InsurerNumber>06139990</InsurerNumber>
      <InsuredCardSymbol>見本１２</InsuredCardSymbol>
      <InsuredIdentificationNumber>3405</InsuredIdentificationNumber>
      <InsuredBranchNumber>02</InsuredBranchNumber>
      <Birthdate>19880914</Birthdate>
      <LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>
      <ArbitraryIdentifier>P000417</ArbitraryIdentifier>
    </QualificationConfirmSearchInfo>
  </MessageBody>
</XmlMsg>
"#;

/// The same request about a person of the population, with the numbers of the first paper held.
pub fn request(person: &Person, identifier: &str) -> String {
    request_for(person, &person.holds[0], identifier)
}

pub fn request_for(person: &Person, paper: &HeldDocument, identifier: &str) -> String {
    SHEET_REQUEST.replace("A20260401-0001-7f3c", identifier).replace(
        &SHEET_REQUEST[SHEET_REQUEST.find("      <InsurerNumber>").expect("there")
            ..SHEET_REQUEST.find("      <LimitApplication").expect("there")],
        &numbers(person, paper),
    )
}

/// The search elements of a person, padded the documented way.
pub fn numbers(person: &Person, paper: &HeldDocument) -> String {
    let coverage = &paper.coverage;
    let mut text = format!("      <InsurerNumber>{:>8}</InsurerNumber>\n", coverage.insurer_number);
    if let Some(symbol) = &coverage.symbol {
        text.push_str(&format!("      <InsuredCardSymbol>{symbol}</InsuredCardSymbol>\n"));
    }
    text.push_str(&format!("      <InsuredIdentificationNumber>{}</InsuredIdentificationNumber>\n", coverage.number));
    if let Some(branch) = &coverage.branch {
        text.push_str(&format!("      <InsuredBranchNumber>{branch}</InsuredBranchNumber>\n"));
    }
    text.push_str(&format!("      <Birthdate>{}</Birthdate>\n", person.face.birth_date.compact()));
    text
}

/// The text of the only element of that name.
pub fn element(text: &str, name: &str) -> Option<String> {
    let found = elements(text, name);
    assert!(found.len() <= 1, "{name} stands {} times", found.len());
    found.into_iter().next()
}

/// The texts of all elements of that name.
pub fn elements(text: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let inside = text.split(&open).skip(1);
    inside.map(|part| part.split(&close).next().expect("closed").to_owned()).collect()
}
