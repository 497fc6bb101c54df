//! The practice terminal as a program of its own, for anyone who integrates: every knob turns while it runs, from a command line.
//! Requests are literal text here, and results are looked at as text.
#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tests::clinic::{Clinic, Door, INSTITUTION_CODE};
use tests::people::population;
use tests::process::{Running, uketsuke};

/// A running terminal and its folders.
struct Practice {
    clinic: Clinic,
    _terminal: Running,
}

impl Practice {
    fn start() -> Practice {
        let clinic = Clinic::new(Door::Folder);
        let _terminal = clinic.start_terminal();
        Practice { clinic, _terminal }
    }

    fn order(&self, words: &[&str]) -> Output {
        let mut command = Command::new(uketsuke());
        command.arg("sim-control").arg(self.clinic.control().to_string()).args(words).output().unwrap()
    }

    /// Gives an order; returns what the terminal says.
    fn turn(&self, words: &[&str]) -> Value {
        let output = self.order(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Asks about somebody whose answer is simply "valid".
    fn ask(&self, suffix: &str) {
        let population = population();
        let person = population.get("valid-face").unwrap();
        let coverage = &person.holds[0].coverage;
        let optional = |name: &str, value: &Option<String>| {
            value.as_ref().map_or(String::new(), |value| format!("<{name}>{value}</{name}>"))
        };
        let request = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg><MessageHeader>\
             <QualificationConfirmationDate>{}</QualificationConfirmationDate>\
             <MedicalInstitutionCode>{INSTITUTION_CODE}</MedicalInstitutionCode>\
             <ArbitraryFileIdentifier>{suffix}</ArbitraryFileIdentifier></MessageHeader>\
             <MessageBody><QualificationConfirmSearchInfo><InsurerNumber>{:>8}</InsurerNumber>{}\
             <InsuredIdentificationNumber>{}</InsuredIdentificationNumber>{}<Birthdate>{}</Birthdate>\
             <LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>\
             </QualificationConfirmSearchInfo></MessageBody></XmlMsg>",
            population.reference_date().compact(),
            coverage.insurer_number,
            optional("InsuredCardSymbol", &coverage.symbol),
            coverage.number,
            optional("InsuredBranchNumber", &coverage.branch),
            person.face.birth_date.compact(),
        );
        let name = self.clinic.path("req").join(format!("OQSsiquc01req_{suffix}.xml"));
        std::fs::write(name.with_extension("tmp"), request).unwrap();
        std::fs::rename(name.with_extension("tmp"), name).unwrap();
    }

    fn result(&self, suffix: &str) -> PathBuf {
        self.clinic.path("res").join(format!("OQSsiquc01res_{suffix}.xml"))
    }

    /// Waits for the result.
    fn answer(&self, suffix: &str) -> Vec<u8> {
        eventually(&format!("answer {suffix}"), || std::fs::read(self.result(suffix)).ok())
    }

    fn good_answer(&self, suffix: &str) {
        let text = String::from_utf8(self.answer(suffix)).unwrap();
        assert!(text.contains("<QualificationValidity>1</QualificationValidity>"), "{text}");
    }

    fn fired(&self, knob: &str) {
        eventually(knob, || (self.turn(&["state"])["fired"][knob] == 1).then_some(()));
    }
}

fn eventually<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "still no {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_holds_answers_back_lets_them_go_again() {
    let practice = Practice::start();
    practice.turn(&["fault", "silent"]);
    practice.ask("S1");
    practice.fired("silent");
    assert!(practice.clinic.path("req").join("OQSsiquc01req_S1.xml").exists());
    practice.turn(&["fault", "silent", "off"]);
    practice.good_answer("S1");

    practice.turn(&["amount", "slow_ms=700", "restart_ms=500", "duplicate_ms=10", "late_hold=5"]);
    practice.turn(&["fault", "slow", "next:1"]);
    practice.ask("S2");
    practice.fired("slow");
    practice.good_answer("S2");

    practice.turn(&["fault", "late", "next:1"]);
    practice.ask("S3");
    practice.fired("late");
    practice.ask("S4");
    practice.good_answer("S4");
    assert!(!practice.result("S3").exists(), "held while later ones pass");
    practice.turn(&["release"]);
    practice.good_answer("S3");
}

#[test]
fn what_is_lost_stays_lost_and_the_next_is_answered() {
    let practice = Practice::start();
    practice.turn(&["amount", "restart_ms=300"]);
    for (knob, suffix) in [("lost_answer", "L"), ("restart_losing", "R")] {
        practice.turn(&["fault", knob, "next:1"]);
        practice.ask(&format!("{suffix}1"));
        practice.fired(knob);
        practice.ask(&format!("{suffix}2"));
        practice.good_answer(&format!("{suffix}2"));
        assert!(!practice.result(&format!("{suffix}1")).exists(), "{knob}");
    }
    practice.turn(&["restart"]);
    practice.ask("R3");
    practice.good_answer("R3");
}

#[test]
fn a_cut_line_is_an_abnormal_end_and_refuses_connections() {
    let practice = Practice::start();
    assert_eq!(practice.turn(&["fault", "line_down"])["line_up"], false);
    eventually("a closed line", || std::net::TcpStream::connect(practice.clinic.line()).is_err().then_some(()));
    practice.ask("C1");
    let text = String::from_utf8(practice.answer("C1")).unwrap();
    assert!(text.contains("<SegmentOfResult>9</SegmentOfResult>"), "{text}");
    assert_eq!(practice.turn(&["all-off"])["line_up"], true);
    practice.ask("C2");
    practice.good_answer("C2");
    eventually("an open line", || std::net::TcpStream::connect(practice.clinic.line()).ok());
}

#[test]
fn what_is_spoilt_is_spoilt_as_said() {
    let practice = Practice::start();
    practice.turn(&["amount", "duplicate_ms=10"]);
    practice.turn(&["fault", "garbage", "next:1"]);
    practice.ask("G1");
    assert!(!String::from_utf8_lossy(&practice.answer("G1")).contains("XmlMsg"));

    practice.turn(&["fault", "wrong_encoding", "next:1"]);
    practice.ask("G2");
    let bytes = practice.answer("G2");
    assert!(bytes.windows(5).any(|bytes| bytes == b"UTF-8") && String::from_utf8(bytes).is_err());

    practice.turn(&["fault", "reject_err", "next:1"]);
    practice.ask("G3");
    practice.fired("reject_err");
    eventually("a rejection", || {
        let names = std::fs::read_dir(practice.clinic.path("res")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names = names.map(|name| name.into_string().unwrap());
        names.any(|name| name.contains("G3") && name.ends_with(".err")).then_some(())
    });

    practice.turn(&["fault", "duplicate_same", "next:1"]);
    practice.ask("G4");
    practice.good_answer("G4");
    practice.fired("duplicate_same");
    std::fs::remove_file(practice.result("G4")).ok();
    eventually("both deliveries", || (practice.turn(&["state"])["statistics"]["under_way"] == 0).then_some(()));
}

#[test]
fn cards_are_dealt_and_nonsense_is_refused_in_words() {
    let practice = Practice::start();
    let reading = practice.turn(&["card", "valid-face"]);
    let file = practice.clinic.path("face").join(format!("{}.xml", reading["name"].as_str().unwrap()));
    eventually("a face file", || file.exists().then_some(()));
    assert_eq!(practice.turn(&["people", "valid-face"])["key"], "valid-face");
    for (words, said) in [
        (&["fault", "nonsense"][..], "line_down"),
        (&["fault", "slow", "sometimes"], "next:COUNT"),
        (&["amount", "slowness_ms=1"], "refused"),
        (&["card", "cert-w3"], "expired"),
    ] {
        let output = practice.order(words);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && text.contains(said), "{words:?}: {text}");
    }
}
