//! What holds for every page in both languages.

use crate::support::browser::{Browser, Page};
use crate::support::html::tags;
use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::{MemoryDevices, notebook, prescription};
use crate::support::memory_desk::facility::MemoryFacility;
use crate::support::memory_desk::inside::MemoryInside;
use crate::support::memory_desk::updates::MemoryUpdates;
use crate::support::people;
use crate::support::scenes::monday_morning;
use http::{Method, StatusCode};

/// Every page of the menu, every visit of the morning, and what hangs on them.
fn paths(desk: &MemoryDesk) -> Vec<String> {
    let morning = monday_morning(desk);
    let visits = [
        morning.confirmed,
        morning.open_card,
        morning.changed,
        morning.oral,
        morning.outage_new.clone(),
        morning.invalid,
        morning.nothing,
        morning.mismatch,
    ];
    let fixed =
        ["/", "/?day=2026-03-01", "/check-in", "/follow-ups", "/queue", "/links", "/links/sheet", "/shelf", "/apart"];
    let more = [
        "/rules",
        "/disaster",
        "/practice",
        "/prints",
        "/patients/patient-1004",
        "/devices",
        "/devices/report",
        "/check-in?scan=scan-1",
        "/sync",
    ];
    let arrivals = ["/counters", "/line", "/line?taken=none", "/arrivals", "/lost-cards", "/round"];
    let kept = [
        "/doctor",
        "/ledger",
        "/support",
        "/tablets",
        "/forgetting",
        "/backups",
        "/updates",
        "/patients/patient-1004/forget",
    ];
    let mut paths: Vec<String> = fixed.into_iter().chain(more).chain(arrivals).chain(kept).map(str::to_owned).collect();
    paths.extend(visits.iter().map(|visit| format!("/visits/{visit}")));
    paths.push(format!("/visits/{}/declaration", morning.outage_new));
    paths.push(format!("/visits/{}/slip", morning.outage_new));
    paths.extend(
        [
            "/claims",
            "/claims?month=2026-03&show=needs",
            "/follow-ups?due=due",
            "/follow-ups/insurers",
            "/statistics",
            "/papers",
        ]
        .map(str::to_owned),
    );
    paths.push(format!("/claims/{}", morning.outage_new));
    for kind in [
        "ELIGIBILITY_CERTIFICATE",
        "CARD_PLUS_NOTICE",
        "ELDERLY_RECIPIENT",
        "LIMIT_CERTIFICATE",
        "SCHOOL_TRIP_COPY",
        "OUTAGE_LOOKUP",
    ] {
        paths.push(format!("/visits/{}?take={kind}", morning.outage_new));
    }
    paths
}

#[tokio::test]
async fn every_page_is_served_in_both_languages_with_its_headers() {
    let desk = MemoryDesk::with_practice();
    let devices = MemoryDevices::of_a_clinic();
    devices.scan(prescription("scan-1", people::hanako(), people::kenpo("1234567")));
    devices.scan(notebook("scan-2"));
    desk.watch(&devices);
    desk.join(&MemoryFacility::of_a_clinic());
    desk.keep_backups();
    desk.look_inside(MemoryInside::default());
    desk.update_by(&MemoryUpdates::waiting());
    let mut japanese = Browser::inside(&desk);
    let mut english = Browser::inside(&desk).in_english();
    for path in paths(&desk) {
        for (browser, lang) in [(&mut japanese, "ja"), (&mut english, "en")] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {lang}");
            assert!(page.has(&format!("<html lang=\"{lang}\">")), "{path}");
            headers_are_safe(&page);
            structure_is_sound(&page);
            assert!(page.has("<nav"), "no nav on {path}");
            nothing_asks_for_secrets(&page);
        }
    }
}

pub(crate) fn headers_are_safe(page: &Page) {
    assert_eq!(page.header("cache-control"), "no-store", "{}", page.path);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.header("permissions-policy").contains("camera=()"));
}

/// Labels, ids, headings in order, landmarks, no inline script or style.
pub(crate) fn structure_is_sound(page: &Page) {
    let tags = tags(&page.html);
    let mut ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "two elements with one id on {}", page.path);
    for tag in tags.iter().filter(|tag| tag.name == "input" || tag.name == "textarea") {
        let kind = tag.get("type").unwrap_or("text");
        let labelled = match kind {
            "hidden" | "radio" => true,
            _ => {
                tags.iter().any(|label| label.name == "label" && label.has("for") && label.get("for") == tag.get("id"))
            }
        };
        assert!(labelled, "{} has no label on {}", tag.get("name").unwrap_or_default(), page.path);
        if kind == "text" || kind == "tel" {
            assert!(tag.has("maxlength"), "{:?} has no limit on {}", tag.get("name"), page.path);
        }
    }
    for reference in tags.iter().filter_map(|tag| tag.get("aria-describedby").or(tag.get("aria-labelledby"))) {
        for id in reference.split_whitespace() {
            assert!(ids.binary_search(&id).is_ok(), "{id} is described nowhere on {}", page.path);
        }
    }
    let levels: Vec<u8> =
        tags.iter().filter_map(|tag| tag.name.strip_prefix('h').and_then(|level| level.parse().ok())).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "one h1 on {}", page.path);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "headings {levels:?} on {}", page.path);
    for landmark in ["header", "main"] {
        assert!(tags.iter().any(|tag| tag.name == landmark), "no {landmark} on {}", page.path);
    }
    for tag in &tags {
        assert!(tag.name != "style" && !tag.has("style"), "a style inside {}", page.path);
        assert!(tag.name != "script" || tag.has("src"), "a script inside {}", page.path);
        assert!(!tag.attributes.iter().any(|(name, _)| name.starts_with("on")), "a handler inside {}", page.path);
    }
    let only_asks = ["/language", "/statistics"];
    let forms = crate::support::html::forms(&page.html);
    for form in forms.iter().filter(|form| !only_asks.contains(&form.action.as_str())) {
        assert!(form.fields.iter().any(|(name, _)| name == "csrf"), "{} has no token", form.action);
    }
}

/// Never a PIN, never twelve digits.
fn nothing_asks_for_secrets(page: &Page) {
    for tag in tags(&page.html).iter().filter(|tag| tag.name == "input" || tag.name == "textarea") {
        let name = tag.get("name").unwrap_or_default();
        for forbidden in ["pin", "mynumber", "my_number", "kojin"] {
            assert!(!name.to_lowercase().contains(forbidden), "{name} on {}", page.path);
        }
        assert_ne!(tag.get("maxlength"), Some("12"), "{name} on {}", page.path);
        assert_ne!(tag.get("maxlength"), Some("4"), "{name} on {}", page.path);
        assert_ne!(tag.get("type"), Some("password"), "{name} on {}", page.path);
    }
}

#[tokio::test]
async fn the_language_switch_stays_on_the_page() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/rules").await;
    let page = browser.submit(&page, "/language", &[]).await;
    assert_eq!(page.path, "/rules");
    assert!(page.has("Dated rules"));
    let evil = browser.post("/language", &[("lang", "ja"), ("back", "//evil.example")]).await;
    assert_eq!(evil.header("location"), "/");
}

#[tokio::test]
async fn what_does_not_exist_has_a_page_with_a_way_back() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    for path in ["/nowhere", "/visits/none", "/patients/123456789018", "/practice", "/assets/x/none.js"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.has("href=\"/\"") && page.has("href=\"/check-in\""), "{path}");
        assert!(!page.has("123456789018"));
    }
    let page = browser.send(Method::DELETE, "/visits/none", None, &[]).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn nothing_is_shown_to_somebody_who_is_not_signed_in() {
    let desk = MemoryDesk::with_practice();
    let paths = paths(&desk);
    desk.add_account();
    let mut browser = Browser::outside(desk);
    for path in paths {
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.header("location").starts_with("/sign-in"), "{path}");
        assert!(page.html.is_empty(), "{path}");
    }
    assert_eq!(browser.get("/events").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.post("/check-in", &[("name", &"あ".repeat(60_000))]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.has("大きすぎて"));
}

#[tokio::test]
async fn the_files_of_the_pages_may_be_kept_by_the_browser() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let board = browser.open("/").await;
    let style = tags(&board.html).into_iter().find(|tag| tag.get("rel") == Some("stylesheet")).expect("a style sheet");
    let page = browser.get(style.get("href").unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("cache-control").contains("immutable"));
    assert_eq!(page.header("content-type"), "text/css; charset=utf-8");
}
