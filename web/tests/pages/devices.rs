//! The device page, restart now, the lamp on every page, the fault report.

use crate::support::browser::Browser;
use crate::support::html::tags;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::MemoryDevices;
use crate::support::scenes::monday_morning;
use domain::link::Link;
use domain::text::Text;
use domain::{Date, Timestamp};
use http::StatusCode;
use std::sync::Arc;
use web::port::{DeviceChange, DeviceLamp};

struct Clinic {
    desk: Arc<MemoryDesk>,
    devices: Arc<MemoryDevices>,
    browser: Browser,
}

fn clinic() -> Clinic {
    let desk = MemoryDesk::new();
    let devices = MemoryDevices::of_a_clinic();
    desk.watch(&devices);
    let browser = Browser::inside(&desk);
    Clinic { desk, devices, browser }
}

#[tokio::test]
async fn a_box_without_devices_says_what_to_set() {
    let desk = MemoryDesk::new();
    let page = Browser::inside(&desk).open("/devices").await;
    assert!(page.has("この箱は機器を見守っていません") && page.has("uketsuke.toml"));
    assert!(!page.has_form("/devices/restart") && !page.has_form("/devices/card"));
    assert!(page.has("再来のカードを見分ける機能 <strong>オフ</strong>"));
    let board = Browser::inside(&desk).open("/").await;
    assert!(!tags(&board.html).iter().any(|tag| tag.has("class") && tag.get("href") == Some("/devices")));
}

#[tokio::test]
async fn each_device_shows_how_it_stands_and_what_may_help() {
    let mut clinic = clinic();
    let page = clinic.browser.open("/devices").await;
    let text = page.text();
    for words in [
        "読取機が応答しません",
        "USBケーブルを抜き",
        "8:31から",
        "カードが残っています 8:40から",
        "西日が当たっていないか",
        "10回のうち9回効きました",
        "まだ試していません",
        "この箱では使えません",
        "最後に読めた時刻",
        "9:00の開始まで5分",
        "待っています：確認中の受付があります",
        "2026年3月3日 6:30",
        "カードリーダーの接続不良・認証エラー",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let bars = tags(&page.html).iter().filter(|tag| tag.get("class").is_some_and(|c| c.starts_with("bar "))).count();
    assert_eq!(bars, 1, "the fullest hour stands out");
    let row = text.find("15:00").expect("the table behind the bars");
    assert!(text[row..].starts_with("15:00\n11"));
    let english = Browser::inside(&clinic.desk).in_english().open("/devices").await.text();
    assert!(english.contains("helped 9 of 10 times") && english.contains("Ready for opening"));
}

#[tokio::test]
async fn the_worst_device_and_a_forgotten_card_are_said_on_every_page() {
    let mut clinic = clinic();
    for path in ["/", "/check-in", "/queue"] {
        let page = clinic.browser.open(path).await;
        assert!(page.has("reader-2 応答なし 8:31から"), "{path}");
        assert!(page.has("カードが読取機に残っています"), "{path}");
    }
    clinic.devices.set(|view| {
        view.devices[1].lamp = DeviceLamp::Good;
        view.devices[1].card_left_since = None;
    });
    let page = clinic.browser.open("/").await;
    assert!(!page.has("reader-2") && !page.has("カードが読取機に残っています"));
}

#[tokio::test]
async fn a_device_is_restarted_by_a_step_of_its_list() {
    let mut clinic = clinic();
    let page = clinic.browser.open("/devices").await;
    let step = [("device", "reader-2"), ("step", "cycle_relay")];
    let done = clinic.browser.submit(&page, "/devices/restart", &step).await;
    assert!(done.has("頼みました"));
    assert_eq!(clinic.devices.restarts(), [("reader-2".to_owned(), "cycle_relay".to_owned())]);
    for (device, step) in [("reader-2", "cycle_usb_port"), ("reader-2", "format_disk"), ("reader-9", "reopen")] {
        let sent = [("device", device), ("step", step)];
        let gone = clinic.browser.submit(&page, "/devices/restart", &sent).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{device} {step}");
    }
    assert_eq!(clinic.devices.restarts().len(), 1);
}

#[tokio::test]
async fn a_reading_that_is_awaited_is_shown_with_its_time() {
    let mut clinic = clinic();
    assert!(!clinic.browser.open("/devices").await.has("次に読めるはずの時刻"));
    let by = Timestamp::in_japan(Date::literal(2026, 3, 2), 9, 30, 0);
    clinic.devices.set(|view| view.devices[2].expected_by = Some(by));
    let page = clinic.browser.open("/devices").await;
    assert!(page.has("<dt>次に読めるはずの時刻</dt><dd>9:30</dd>"));
    assert!(page.has("<dt>最後に読めた時刻</dt><dd>まだありません</dd><dt>次に"), "a device that read nothing yet");
    let english = Browser::inside(&clinic.desk).in_english().open("/devices").await;
    assert!(english.has("<dt>Reading expected by</dt><dd>9:30</dd>"));
}

#[tokio::test]
async fn the_box_reboots_only_after_a_tick_and_says_why_not() {
    let mut clinic = clinic();
    let page = clinic.browser.open("/devices").await;
    let reboot = [("device", "reader-2"), ("step", "reboot")];
    let asked = clinic.browser.submit(&page, "/devices/restart", &reboot).await;
    assert!(asked.has("role=\"alert\">ほんとうに再起動する"));
    let sure = [("device", "reader-2"), ("step", "reboot"), ("sure", "yes")];
    let refused = clinic.browser.submit(&page, "/devices/restart", &sure).await;
    assert!(refused.has("診療時間中は再起動できません"));
    assert!(clinic.devices.restarts().is_empty());
}

#[tokio::test]
async fn the_fault_report_shows_every_part_and_no_patient() {
    let mut clinic = clinic();
    monday_morning(&clinic.desk);
    let page = clinic.browser.open("/devices/report").await;
    let text = page.text();
    for words in [
        "資格確認端末",
        "回線",
        "使えません",
        "reader-2",
        "電源の入れ直し：回復せず",
        "SCARD_E_READER_UNAVAILABLE",
        env!("CARGO_PKG_VERSION"),
        "30 6 * * *",
        "9分",
    ] {
        assert!(text.contains(words), "{words}");
    }
    for patient in ["花子", "ハナコ", "太郎", "1234567", "1964", "目視確認"] {
        assert!(!text.contains(patient), "{patient}");
    }
    let order = |words: &str| text.rfind(words).unwrap_or_else(|| panic!("{words}"));
    assert!(order("8:46") < order("電源の入れ直し"), "newest first");
}

#[tokio::test]
async fn a_period_draws_the_time_a_link_was_down() {
    let mut clinic = clinic();
    clinic.desk.set_link(Link::Line, false);
    clinic.desk.set_now(Timestamp::in_japan(Date::literal(2026, 3, 3), 8, 55, 0));
    let page = clinic.browser.open("/devices/report?days=3").await;
    let drawn: Vec<(String, String)> = tags(&page.html)
        .iter()
        .filter(|tag| tag.get("class") == Some("down"))
        .map(|tag| (tag.get("x").unwrap().to_owned(), tag.get("width").unwrap().to_owned()))
        .collect();
    assert_eq!(drawn, [("404".to_owned(), "295".to_owned())], "24 of the 57 hours since Sunday began");
}

#[tokio::test]
async fn a_period_is_chosen_and_its_lines_are_turned_over() {
    let mut clinic = clinic();
    let at = |second: i64| Timestamp::in_japan(Date::literal(2026, 3, 1), 12, 0, 0).plus_ms(second * 1000);
    clinic.devices.set(|view| {
        let change =
            |second: i64| DeviceChange { at: at(second), what: Text::new(format!("記録{second:03}"), "line") };
        view.devices[0].history = (0..150).rev().map(change).collect();
    });
    let usual = clinic.browser.open("/devices/report").await;
    assert!(usual.has("記録149") && !usual.has("記録010"), "a hundred on a page");
    assert!(usual.has("/devices/report?days=3&#38;after=1") && !usual.has("新しい記録"));
    let next = clinic.browser.open("/devices/report?days=3&after=1").await;
    assert!(next.has("記録010") && next.has("新しい記録") && !next.has("古い記録"));
    let past_the_end = clinic.browser.open("/devices/report?days=3&after=900").await;
    assert!(past_the_end.has("記録010"));
    let today = clinic.browser.open("/devices/report?days=1").await;
    assert!(!today.has("記録149") && today.has("電源の入れ直し：回復せず"), "yesterday is not today");
    assert_eq!(clinic.browser.open("/devices/report?days=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_button_pressed_twice_restarts_once() {
    let mut clinic = clinic();
    let page = clinic.browser.open("/devices").await;
    let step = [("device", "reader-2"), ("step", "cycle_relay"), ("key", "the-same-page")];
    for _ in 0..2 {
        assert!(clinic.browser.submit(&page, "/devices/restart", &step).await.has("頼みました"));
    }
    assert_eq!(clinic.devices.restarts().len(), 1);
    let other = [("device", "reader-2"), ("step", "reopen"), ("key", "the-same-page")];
    assert!(clinic.browser.submit(&page, "/devices/restart", &other).await.has("この画面は古くなっています"));
    let anew = [("device", "reader-2"), ("step", "cycle_relay"), ("key", "the-next-page")];
    assert!(clinic.browser.submit(&page, "/devices/restart", &anew).await.has("頼みました"));
    assert_eq!(clinic.devices.restarts().len(), 2);
}
