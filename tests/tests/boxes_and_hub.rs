//! A facility enrols at a hub by the code of the hub's operator; its boxes exchange through it, and the fleet page shows their figures.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tests::counter::{Counter, let_in};
use tests::process::{free_port, uketsuke_hub};

const PASSWORD: &str = "correct horse battery";
/// Long enough for a loaded machine; nothing waits this long when all is well.
const PATIENCE: Duration = Duration::from_secs(90);

struct Hub {
    child: Child,
    folder: tempfile::TempDir,
    boxes: u16,
    pages: u16,
    cookie: String,
}

impl Hub {
    fn open() -> Hub {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let mut admin = Command::new(uketsuke_hub());
        let mut admin = admin.args(["admin", "--data", data, "ops"]).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(admin.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(admin.wait().unwrap().success());
        let (boxes, pages) = (free_port(), free_port());
        let (listen, admin) = (format!("127.0.0.1:{boxes}"), format!("127.0.0.1:{pages}"));
        let child = Command::new(uketsuke_hub())
            .args(["serve", "--data", data, "--listen", &listen, "--admin", &admin, "--name", "本部"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut hub = Hub { child, folder, boxes, pages, cookie: String::new() };
        let began = Instant::now();
        while hub.get("/healthz").is_none() {
            assert!(began.elapsed() < PATIENCE, "the hub does not serve");
            std::thread::sleep(Duration::from_millis(50));
        }
        let signed_in = hub.post("/sign-in", &[("name", "ops"), ("password", PASSWORD)]);
        hub.cookie = signed_in.split(';').next().unwrap().to_owned();
        hub
    }

    fn get(&self, path: &str) -> Option<String> {
        let url = format!("http://127.0.0.1:{}{path}", self.pages);
        let asked = ureq::get(url).config().max_redirects(0).build().header("cookie", &self.cookie).call();
        asked.ok()?.body_mut().read_to_string().ok()
    }

    /// Sends a form; the cookie that is set.
    fn post(&self, path: &str, form: &[(&str, &str)]) -> String {
        let url = format!("http://127.0.0.1:{}{path}", self.pages);
        let asked = ureq::post(url).config().max_redirects(0).build().header("cookie", &self.cookie);
        let answer = asked.header("sec-fetch-site", "same-origin").send_form(form.iter().copied()).unwrap();
        answer.headers().get("set-cookie").map_or_else(String::new, |cookie| cookie.to_str().unwrap().to_owned())
    }

    fn code(&self) -> String {
        self.post("/enrolment", &[]);
        let page = self.get("/enrolment").unwrap();
        page.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
    }

    fn fleet(&self) -> serde_json::Value {
        serde_json::from_str(&self.get("/api/v1/fleet").unwrap_or_default()).unwrap_or_default()
    }

    /// Everything the hub has on its disk.
    fn disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.filter_map(|file| std::fs::read(file.unwrap().path()).ok()).flatten().collect()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_waited_for = self.child.wait();
    }
}

#[test]
fn a_facility_uses_a_hub_that_sees_figures_and_no_patient_and_leaves_it_again() {
    let (one, two, hub) = (Counter::open(), Counter::open(), Hub::open());
    let_in(&one, &two, "第2窓口");
    let at = format!("127.0.0.1:{}", hub.boxes);
    let mut enrolling = one.terminal(&["facility", "hub", &hub.code(), "--at", &at]);
    let digits = enrolling.reads("digits: ");
    assert!(hub.get("/enrolment").unwrap().contains(&digits), "both screens show the same");
    enrolling.types("yes");
    assert!(enrolling.succeeds());

    one.check_in("見本 花子");
    two.waits_for("the check-in", || two.names().len() == 1);
    for counter in [&one, &two] {
        counter.waits_for("the hub, also at the box that did not enrol it", || {
            let shown = counter.sync();
            let hub = shown["members"].as_array().and_then(|all| all.iter().find(|one| one["is_hub"] == true));
            hub.is_some_and(|hub| hub["exchange"]["connected"] == true && hub["exchange"]["lag"] == 0)
        });
    }
    one.waits_for("figures of both boxes on the fleet page", || {
        let fleet = hub.fleet();
        let boxes = fleet[0]["boxes"].as_array().cloned().unwrap_or_default();
        boxes.len() == 2 && boxes.iter().all(|one| one["figures"]["version"].is_array())
    });
    let seen = hub.fleet()[0]["boxes"][0]["figures"].clone();
    assert_eq!(seen["readers"]["dead"], 0);
    assert!(seen["certificate_ends_ms"].as_i64().unwrap() > seen["sent_at_ms"].as_i64().unwrap());
    let disk = hub.disk();
    let holds = |text: &str| disk.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(!holds("見本 花子") && !holds("花子"), "no patient in the clear");
    let key = std::fs::read(one.data().join("facility.key")).unwrap();
    assert!(!disk.windows(32).any(|bytes| key[key.len() - 32..] == *bytes), "no key of the facility");

    let members = one.sync()["members"].as_array().unwrap().clone();
    let id = members.iter().find(|one| one["is_hub"] == true).unwrap()["member"].as_str().unwrap().to_owned();
    assert!(one.run(&["facility", "revoke", &id, "--reason", "retired"]).status.success());
    for counter in [&one, &two] {
        counter
            .waits_for("the end of the hub", || counter.sync()["members"].as_array().is_some_and(|all| all.len() == 2));
    }
    one.check_in("見本 太郎");
    two.waits_for("exchange without the hub", || two.names().len() == 2);
}
