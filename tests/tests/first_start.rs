//! A box out of its carton: the code on its console, one of four choices in a real browser, and the reception at the same address; with
//! the power cut at every step.
#![allow(clippy::unwrap_used)]

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tests::browser::Desk;
use tests::counter::Counter;
use tests::process::{Running, free_port, uketsuke};
use tests::program::Program;

const TAB: char = '\u{E004}';
const ENTER: char = '\u{E007}';
const END: char = '\u{E010}';
const BACKSPACE: char = '\u{E003}';
const SPACE: char = ' ';
const PASSWORD: &str = "kasumigaseki 4 chome";
/// Long enough for a loaded machine; nothing waits this long when all is well.
const PATIENCE: Duration = Duration::from_secs(120);

/// A box without settings.
struct NewBox {
    folder: tempfile::TempDir,
    port: u16,
    running: Option<Running>,
}

impl NewBox {
    fn unpacked() -> NewBox {
        NewBox { folder: tempfile::tempdir().unwrap(), port: free_port(), running: None }
    }

    fn switched_on() -> NewBox {
        let mut new = NewBox::unpacked();
        new.switch_on("first start");
        new
    }

    /// Starts it; `ready` is what it says when it serves.
    fn switch_on(&mut self, ready: &str) {
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut command = Command::new(uketsuke());
        command.stderr(log).args(["first-start", "--http", "--listen", &format!("127.0.0.1:{}", self.port)]);
        command.arg("--data").arg(self.data());
        self.running = Some(Running::start(&mut command, ready));
    }

    fn cut_power(&mut self) {
        self.running.take().unwrap().kill();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn has_settings(&self) -> bool {
        self.data().join("uketsuke.toml").exists()
    }

    /// As somebody reads it off the screen of the box.
    fn code(&self) -> String {
        let said = self.running.as_ref().unwrap().said();
        let at = said.iter().position(|line| line.contains("one-time code")).unwrap();
        said[at + 1].trim().to_owned()
    }

    /// A browser at its page of choices.
    async fn let_in(&self) -> Desk {
        let desk = Desk::open(&self.url()).await;
        desk.goto("/").await;
        desk.fill("code", &self.code().to_lowercase().replace('-', " ")).await;
        desk.send("main form button.primary").await;
        desk.find("#ways, .digits, form[action='/first-start/go-on']").await;
        desk
    }

    /// Waits until the reception has the address, and signs in.
    async fn signs_in(&self, desk: &Desk, account: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !desk.has("#sign-in-account").await {
            assert!(Instant::now() < deadline, "no reception: {}", desk.text().await);
            tokio::time::sleep(Duration::from_millis(500)).await;
            // the page goes there by itself; a browser that came too late for its script is helped along
            let goes_by_itself = "script[src*='first-start.js'], form[action='/first-start/check'], #sign-in-account";
            if !desk.has(goes_by_itself).await {
                let _not_yet = desk.client.goto(&format!("{}/sign-in", self.url())).await;
            }
        }
        desk.fill("account", account).await;
        desk.fill("password", PASSWORD).await;
        desk.send("main form button.primary").await;
        desk.find("nav").await;
    }

    /// The first start is gone for good: its pages are not there, and nothing of it lies about.
    async fn has_no_first_start(&self, desk: &Desk) {
        for path in ["/first-start", "/first-start/new", "/first-start/check"] {
            desk.goto(path).await;
            assert!(!desk.has("form[action^='/first-start']").await, "{path}");
        }
        let left: Vec<String> = std::fs::read_dir(self.data())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("first-start") || name.starts_with("joining") || name.starts_with("spare"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// Presses keys one after another where the cursor is.
async fn keys(desk: &Desk, keys: &str) {
    for value in keys.chars() {
        let press =
            KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
        desk.client.perform_actions(press).await.unwrap();
    }
}

/// Presses a key that leads to another page, and waits for what is on it.
async fn go(desk: &Desk, key: char, to: &str) {
    desk.client.execute("document.body.dataset.before = '1'", Vec::new()).await.unwrap();
    keys(desk, &key.to_string()).await;
    desk.find(&format!("body:not([data-before]) {to}")).await;
}

/// Tabs until the cursor is at something, which is at most so far.
async fn tab_to(desk: &Desk, css: &str) {
    for _ in 0..30 {
        if desk.has(&format!("{css}:focus")).await {
            return;
        }
        keys(desk, &TAB.to_string()).await;
    }
    panic!("{css} cannot be reached by the keyboard: {}", desk.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_facility_is_begun_by_keyboard_and_received_at_the_same_address() {
    let new = NewBox::switched_on();
    let desk = Desk::open(&new.url()).await;
    desk.goto("/").await;
    desk.find("input[name='code']:focus").await;
    keys(&desk, "AAAAA AAAAA").await;
    go(&desk, ENTER, ".summary").await;
    assert!(desk.text().await.contains("コードが違います"), "{}", desk.text().await);
    desk.goto("/first-start/new").await;
    assert!(!desk.has("[name='site_name']").await, "nothing is shown without the code");
    desk.goto("/first-start").await;
    desk.find("input[name='code']:focus").await;
    keys(&desk, &new.code()).await;
    go(&desk, ENTER, "#ways").await;

    tab_to(&desk, "a[href='/first-start/new']").await;
    go(&desk, ENTER, "[name='site_name']:focus").await;
    keys(&desk, "Mihon").await;
    keys(&desk, &TAB.to_string()).await;
    desk.find("[name='kind']:focus").await;
    keys(&desk, &SPACE.to_string()).await;
    keys(&desk, &format!("{TAB}13199")).await;
    tab_to(&desk, "[name='account']").await;
    keys(&desk, &format!("incho{TAB}{PASSWORD}{TAB}{PASSWORD}")).await;
    go(&desk, ENTER, ".summary").await;
    // only the number was wrong: everything else is there still, the password too
    desk.find("[name='institution_code']:focus").await;
    keys(&desk, &format!("{END}{}1319999999", BACKSPACE.to_string().repeat(5))).await;
    go(&desk, ENTER, "dl.facts").await;
    let check = desk.text().await;
    assert!(check.contains("Mihon") && check.contains("1319999999") && check.contains("incho"), "{check}");
    assert!(!check.contains(PASSWORD) && !new.has_settings(), "nothing is applied yet");
    desk.find("main button.primary:focus").await;
    keys(&desk, &ENTER.to_string()).await;

    new.signs_in(&desk, "incho").await;
    assert!(desk.text().await.contains("Mihon"));
    new.has_no_first_start(&desk).await;
    let settings = std::fs::read_to_string(new.data().join("uketsuke.toml")).unwrap();
    assert!(!settings.contains(PASSWORD) && settings.contains("1319999999"), "{settings}");
    let log = std::fs::read_to_string(new.folder.path().join("log")).unwrap();
    assert!(!log.contains(&new.code()), "the code stands on the console alone");
    desk.close().await;
}

async fn fill_new(desk: &Desk) {
    desk.goto("/first-start/new").await;
    desk.fill("site_name", "見本医院").await;
    desk.press("input[name='kind'][value='clinic']").await;
    desk.fill("institution_code", "1319999999").await;
    fill_person(desk).await;
}

async fn fill_person(desk: &Desk) {
    desk.fill("account", "院長").await;
    desk.fill("password", PASSWORD).await;
    desk.fill("password_again", PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_at_any_step_leaves_nothing_or_everything_and_makes_a_new_code() {
    let mut new = NewBox::switched_on();
    let first_code = new.code();
    let desk = new.let_in().await;
    fill_new(&desk).await;
    desk.send("main form button.primary").await;
    desk.find("dl.facts").await;
    new.cut_power();
    assert!(!new.has_settings());
    new.switch_on("first start");
    assert_ne!(new.code(), first_code);
    desk.goto("/first-start").await;
    assert!(desk.has("input[name='code']").await, "who was let in before is not let in now");
    desk.close().await;

    // the moment it counts: whatever had moved by then, the next start goes on
    let desk = new.let_in().await;
    fill_new(&desk).await;
    desk.send("main form button.primary").await;
    desk.press("main form button.primary").await;
    let deadline = Instant::now() + PATIENCE;
    while !new.has_settings() {
        assert!(Instant::now() < deadline, "no settings");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    new.cut_power();
    let (data, whole) = (new.data(), new.data().join("first-start.whole"));
    std::fs::create_dir_all(&whole).unwrap();
    for name in ["uketsuke.toml", "record.key"] {
        std::fs::rename(data.join(name), whole.join(name)).unwrap();
    }
    new.switch_on("ready");
    new.signs_in(&desk, "院長").await;
    assert!(desk.text().await.contains("見本医院"));
    new.has_no_first_start(&desk).await;
    desk.close().await;
}

/// Makes a key and a backup of a box that has received somebody; the key as it is printed.
fn backed_up(counter: &Counter, to: &Path) -> String {
    let key = counter.run(&["backup", "key"]);
    assert!(key.status.success(), "{key:?}");
    let made = counter.run(&["backup", "create", "--to", to.to_str().unwrap()]);
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(key.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_put_back_in_the_browser_with_exact_reasons_and_everything_is_there() {
    let stick = tempfile::tempdir().unwrap();
    let (old, other) = (Counter::open(), Counter::open());
    old.check_in("見本 一郎");
    old.check_in("見本 二郎");
    let names = old.names();
    let key = backed_up(&old, stick.path());
    let elsewhere = tempfile::tempdir().unwrap();
    let wrong_key = backed_up(&other, elsewhere.path());

    let mut new = NewBox::switched_on();
    let desk = new.let_in().await;
    desk.goto("/first-start/restore").await;
    let put_in = async |backup: &str, key: &str| {
        desk.fill("backup", backup).await;
        desk.fill("recovery_key", key).await;
        desk.send("main form button.primary").await;
        desk.text().await
    };
    let folder = stick.path().to_str().unwrap();
    let said = put_in("/no/such/stick", &key).await;
    assert!(said.contains("USBメモリが差さっているか"), "{said}");
    let said = put_in(folder, "ABCD-EFGH").await;
    assert!(said.contains("復元用の鍵として読み取れません"), "{said}");
    let said = put_in(folder, &wrong_key).await;
    assert!(said.contains("別の鍵"), "{said}");
    let backup = std::fs::read_dir(stick.path()).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&backup).unwrap();
    let cut = stick.path().join("cut-off.ukb");
    std::fs::write(&cut, &bytes[..bytes.len() - 100]).unwrap();
    let said = put_in(cut.to_str().unwrap(), &key).await;
    assert!(said.contains("途中で切れています"), "{said}");
    // this backup is of a box whose settings lie elsewhere
    let said = put_in(folder, &key).await;
    assert!(said.contains("設定が入っていません"), "{said}");
    assert!(!new.has_settings() && !new.data().join("record.db").exists(), "nothing was applied");
    desk.fill("site_name", "見本医院").await;
    desk.press("input[name='kind'][value='clinic']").await;
    desk.fill("institution_code", "1319999999").await;
    desk.send("main form button.primary").await;
    let check = desk.text().await;
    assert!(check.contains("元と一致しました") && !new.has_settings(), "{check}");

    new.cut_power();
    new.switch_on("first start");
    assert!(!new.data().join("first-start.new").exists(), "what was only looked at is gone");
    desk.close().await;
    let desk = new.let_in().await;
    desk.goto("/first-start/restore").await;
    desk.fill("backup", folder).await;
    desk.fill("recovery_key", &key).await;
    desk.press("details summary").await;
    desk.fill("site_name", "見本医院").await;
    desk.press("input[name='kind'][value='clinic']").await;
    desk.fill("institution_code", "1319999999").await;
    desk.send("main form button.primary").await;
    desk.find("dl.facts").await;
    desk.press("main form button.primary").await;
    let deadline = Instant::now() + PATIENCE;
    while !new.running.as_ref().unwrap().said().iter().any(|line| line.contains("ready http")) {
        assert!(Instant::now() < deadline, "no reception: {}", desk.text().await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let restored = Program::new(&new.url(), old.token());
    let there: Vec<String> =
        restored.visits().iter().filter_map(|visit| visit["name"].as_str().map(str::to_owned)).collect();
    for name in &names {
        assert!(there.contains(name), "{name} is not among {there:?}");
    }
    assert_eq!(there.len(), names.len());
    new.has_no_first_start(&desk).await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_joins_a_facility_by_code_and_digits_and_goes_on_after_a_cut() {
    let one = Counter::open();
    let day = || one.get("/board").unwrap()["day"].as_str().unwrap().to_owned();
    let before = day();
    one.check_in("見本 一郎");
    let days = [before, day()];
    let mut invitation = one.terminal(&["facility", "invite"]);
    let code = invitation.reads("code: ").split_whitespace().next().unwrap().to_owned();

    let mut new = NewBox::switched_on();
    let desk = new.let_in().await;
    desk.goto("/first-start/join").await;
    desk.fill("address", &one.address().to_string()).await;
    desk.fill("join_code", "12-34").await;
    desk.fill("box_name", "第2窓口").await;
    desk.fill("site_name", "見本医院").await;
    desk.press("input[name='kind'][value='clinic']").await;
    desk.fill("institution_code", "1319999999").await;
    fill_person(&desk).await;
    desk.send("main form button.primary").await;
    assert!(desk.text().await.contains("登録コードは9桁"), "{}", desk.text().await);
    desk.fill("join_code", &code).await;
    desk.send("main form button.primary").await;
    desk.find("dl.facts").await;
    desk.send("main form button.primary").await;
    desk.find("#same").await;
    let digits = desk.find(".digits").await.text().await.unwrap();
    assert_eq!(invitation.reads("digits: "), digits, "both screens show the same digits");
    desk.send("#same").await;
    invitation.types("yes");
    let deadline = Instant::now() + PATIENCE;
    while !new.has_settings() {
        assert!(Instant::now() < deadline, "never in: {}", desk.text().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    new.cut_power();
    new.switch_on("ready");
    new.signs_in(&desk, "院長").await;
    let deadline = Instant::now() + PATIENCE;
    for day in days.iter().cycle() {
        desk.goto(&format!("/?day={day}")).await;
        if desk.text().await.contains("見本 一郎") {
            break;
        }
        assert!(Instant::now() < deadline, "the other's patient never came: {}", desk.text().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    new.has_no_first_start(&desk).await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spare_box_says_that_it_waits_and_becomes_a_facility_later() {
    let mut new = NewBox::switched_on();
    let desk = new.let_in().await;
    desk.goto("/first-start/spare").await;
    desk.fill("box_name", "予備1号").await;
    desk.press("input[name='kind'][value='clinic']").await;
    desk.send("main form button.primary").await;
    desk.send("main form button.primary").await;
    assert!(desk.text().await.contains("予備1号") && !new.has_settings());
    desk.close().await;
    new.cut_power();
    new.switch_on("first start");
    let desk = new.let_in().await;
    assert!(desk.text().await.contains("予備機として待機中"), "{}", desk.text().await);
    assert!(!desk.has("a[href='/first-start/spare']").await);
    fill_new(&desk).await;
    desk.send("main form button.primary").await;
    desk.press("main form button.primary").await;
    new.signs_in(&desk, "院長").await;
    new.has_no_first_start(&desk).await;
    desk.close().await;
}

#[test]
fn a_record_without_its_settings_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("record.db"), "patients").unwrap();
    let run = Command::new(uketsuke())
        .args(["first-start", "--http", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!run.status.success());
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(said.contains("記録は無事です") && said.contains("no settings"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("record.db")).unwrap(), "patients");
    let open = ["first-start", "--http", "--listen", "0.0.0.0:0", "--data", "/tmp"];
    let run = Command::new(uketsuke()).args(open).output().unwrap();
    assert!(String::from_utf8_lossy(&run.stderr).contains("loopback alone"));
}
