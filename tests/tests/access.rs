//! Every page, as everybody sees it: judged by axe-core in both languages, light and dark, on every screen it must fit, with a
//! keyboard alone. A page that is new in the router's table is visited without anybody thinking of it. Pictures of all of them are
//! kept in `target/screenshots`.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::Command;
use std::time::Duration;
use tests::axe::Axe;
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::people::{Patient, Plan, forty, population};
use tests::process::{Running, free_port, uketsuke};
use tests::receptionist::{receive, set_up};
use tests::window::{Screen, pictures};

/// Pages of one kind that are visited: a visit may wait, be confirmed or be settled, and looks different each time.
const OF_ONE_KIND: usize = 2;
/// Set by who wants every screen, both languages and the pictures; without it the two screens that tell most, in Japanese.
const FULL: &str = "UKETSUKE_ACCESS_FULL";
/// Long enough for a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Addresses with an id to which no page of the demonstration leads, and why that is no gap.
const REACHED_OTHERWISE: [(&str, &str); 3] = [
    ("/assets/{version}/{name}", "files of the pages"),
    ("/prints/{print}", "papers are PDF files with tests of their own"),
    ("/visits/{visit}/prints/{print}", "papers are PDF files with tests of their own"),
];

/// One browser at a time: this machine has other things to do.
static ONE_BROWSER: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A browser that looks at pages and writes down what is wrong with them.
struct Walk {
    desk: Desk,
    axe: Option<&'static Axe>,
    faults: Vec<String>,
    looked_at: usize,
    is_full: bool,
}

impl Walk {
    async fn begin(url: &str) -> Walk {
        let desk = Desk::open(url).await;
        let limits = fantoccini::wd::TimeoutConfiguration::new(Some(2 * PATIENCE), Some(2 * PATIENCE), None);
        desk.client.update_timeouts(limits).await.unwrap();
        desk.look_on(Screen::DESK).await;
        let axe = Axe::fetched();
        if axe.is_none() {
            eprintln!("axe-core cannot be fetched here (npm is missing, or the network): accessibility was not judged");
        }
        Walk { desk, axe, faults: Vec::new(), looked_at: 0, is_full: std::env::var_os(FULL).is_some() }
    }

    fn blame(&mut self, page: &str, found: Vec<String>) {
        self.faults.extend(found.into_iter().map(|fault| format!("{page}: {fault}")));
    }

    /// Looks at the page that is open: its structure, its size, its keyboard, and its colours in both themes.
    async fn look_at(&mut self, page: &str) {
        self.looked_at += 1;
        let screens: &[Screen] = if self.is_full { &Screen::ALL } else { &[Screen::DESK_AT_400, Screen::DESK] };
        self.look_at_structure(page, screens).await;
        let lost = self.desk.lost_for_keyboards().await;
        self.blame(page, lost);
        self.keep_picture(page, "light").await;
        self.desk.prefer(&[("prefers-color-scheme", "dark"), ("prefers-reduced-motion", "reduce")]).await;
        if let Some(axe) = self.axe {
            let found = axe.judge_colours(&self.desk).await;
            self.blame(&format!("{page} in the dark"), found);
        }
        self.keep_picture(page, "dark").await;
        self.desk.prefer(&[]).await;
    }

    async fn keep_picture(&self, page: &str, theme: &str) {
        if self.is_full {
            self.desk.keep_picture(&format!("{}-{theme}", slug(page))).await;
        }
    }

    /// What does not depend on colours, on some screens.
    async fn look_at_structure(&mut self, page: &str, screens: &[Screen]) {
        self.desk.hold_still().await;
        if let Some(axe) = self.axe {
            let found = axe.judge(&self.desk).await;
            self.blame(page, found);
        }
        for screen in screens {
            self.desk.look_on(*screen).await;
            let out = self.desk.sticking_out().await;
            self.blame(&format!("{page} on the {}", screen.name), out);
        }
    }

    /// Waits for something, as the page itself brings it.
    async fn wait_for(&self, css: &str) {
        let wait = self.desk.client.wait().at_most(PATIENCE);
        if let Err(error) = wait.for_element(fantoccini::Locator::Css(css)).await {
            panic!("{css} never came ({error}):\n{}", self.desk.text().await);
        }
    }

    async fn verdict(self) {
        if self.is_full {
            eprintln!("{} pages; pictures of them: {}", self.looked_at, pictures().display());
        } else {
            eprintln!("{} pages; with {FULL}=1 on every screen, in both languages, and with pictures", self.looked_at);
        }
        self.desk.close().await;
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

/// What the router has, and what of it was seen.
struct Places {
    waiting: VecDeque<String>,
    /// how many of each kind were taken
    taken: BTreeMap<String, usize>,
    /// an id of each kind, as links carry them
    ids: BTreeMap<&'static str, String>,
    /// pages in the order they were looked at
    seen: Vec<String>,
    shows_an_error: bool,
}

impl Places {
    fn of_the_router() -> Places {
        let plain = web::places().into_iter().map(|place| place.path.to_owned()).filter(|path| !path.contains('{'));
        Places {
            waiting: plain.collect(),
            taken: BTreeMap::new(),
            ids: BTreeMap::new(),
            seen: Vec::new(),
            shows_an_error: false,
        }
    }

    /// Takes links of a page that lead to kinds of pages of which not enough were seen.
    fn follow(&mut self, links: Vec<String>) {
        for link in links {
            let (path, query) = link.split_once('?').unwrap_or((&link, ""));
            let Some(place) = place_of(path) else { continue };
            if !place.contains('{') && query.is_empty() {
                continue;
            }
            for (name, id) in place.split('/').zip(path.split('/')).filter(|(name, _)| name.starts_with('{')) {
                self.ids.entry(name).or_insert_with(|| id.to_owned());
            }
            let names: BTreeSet<&str> = query.split('&').map(|pair| pair.split('=').next().unwrap_or("")).collect();
            let kind = format!("{place} {names:?}");
            let already = self.seen.contains(&link) || self.waiting.contains(&link);
            let taken = self.taken.entry(kind).or_default();
            if !already && *taken < OF_ONE_KIND {
                *taken += 1;
                self.waiting.push_back(link);
            }
        }
    }

    fn was_reached(&self, place: &str) -> bool {
        self.taken.keys().any(|kind| kind.split(' ').next() == Some(place))
    }

    /// The address of a place with ids that were seen elsewhere; what was seen nowhere stays as it stands in the table.
    fn with_ids(&self, place: &'static str) -> String {
        let parts: Vec<&str> = place.split('/').map(|part| self.ids.get(part).map_or(part, String::as_str)).collect();
        parts.join("/")
    }
}

/// The line of the router's table an address belongs to: the one that says most of it in so many letters.
fn place_of(path: &str) -> Option<&'static str> {
    let fits = |place: &&'static str| {
        let (asked, known): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), place.split('/').collect());
        asked.len() == known.len()
            && known.iter().zip(&asked).all(|(known, asked)| known.starts_with('{') || known == asked)
    };
    web::places().into_iter().map(|place| place.path).filter(fits).min_by_key(|place| place.matches('{').count())
}

fn slug(page: &str) -> String {
    let plain: String = page.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let short: Vec<&str> = plain.split('-').filter(|part| !part.is_empty() && part.len() < 24).collect();
    if short.is_empty() { "board".to_owned() } else { short.join("-") }
}

/// How the box answers there: status, kind of content, and where it led to instead.
async fn ask(desk: &Desk, path: &str) -> (u64, String, bool) {
    let script = "const [path, done] = arguments; const stop = new AbortController(); \
                  fetch(path, { credentials: 'same-origin', signal: stop.signal, headers: { 'X-Live': '1' } }).then((answer) => { \
                      done([answer.status, answer.headers.get('content-type') || '', answer.redirected]); stop.abort(); \
                  }, (error) => done([0, String(error), false]));";
    let answer = desk.client.execute_async(script, vec![json!(path)]).await.unwrap();
    let kind = answer[1].as_str().unwrap_or_default().to_owned();
    (answer[0].as_u64().unwrap(), kind, answer[2] == Value::Bool(true))
}

async fn links(desk: &Desk) -> Vec<String> {
    let script = "return [...document.querySelectorAll('a[href]')].map((link) => new URL(link.href)) \
                  .filter((url) => url.origin === location.origin).map((url) => url.pathname + url.search)";
    let found = desk.client.execute(script, Vec::new()).await.unwrap();
    found.as_array().unwrap().iter().map(|link| link.as_str().unwrap().to_owned()).collect()
}

/// Every page there is, found by the router's table and by the links on the pages.
async fn every_page(walk: &mut Walk) -> Places {
    let mut places = Places::of_the_router();
    while let Some(path) = places.waiting.pop_front() {
        let (status, kind, led_elsewhere) = ask(&walk.desk, &path).await;
        let is_page = status != 405 && kind.starts_with("text/html") && !led_elsewhere;
        if !is_page || (status >= 400 && places.shows_an_error) {
            continue;
        }
        places.shows_an_error |= status >= 400;
        walk.desk.goto(&path).await;
        places.follow(links(&walk.desk).await);
        walk.look_at(&path).await;
        places.seen.push(path);
    }
    let with_ids: BTreeSet<&'static str> =
        web::places().into_iter().map(|place| place.path).filter(|path| path.contains('{')).collect();
    let is_excused = |place: &str| REACHED_OTHERWISE.iter().any(|(known, _)| *known == place);
    for place in with_ids.into_iter().filter(|place| !is_excused(place)) {
        if places.was_reached(place) {
            continue;
        }
        let path = places.with_ids(place);
        let (status, kind, led_elsewhere) = ask(&walk.desk, &path).await;
        if status == 405 || led_elsewhere || !kind.starts_with("text/html") {
            continue;
        }
        if path.contains('{') {
            walk.faults.push(format!("no page leads to {place}: it was not looked at"));
            continue;
        }
        walk.desk.goto(&path).await;
        walk.look_at(&path).await;
        places.seen.push(path);
    }
    places
}

/// The demonstration, with its people and everything that can be broken.
fn open_demonstration(folder: &tempfile::TempDir) -> (Running, String) {
    let port = free_port();
    let mut command = Command::new(uketsuke());
    command.args(["demo", "--http", "--port", &port.to_string(), "--data"]).arg(folder.path());
    command.stderr(std::fs::File::create(folder.path().with_extension("log")).unwrap());
    (Running::start(&mut command, "http://"), format!("http://127.0.0.1:{port}"))
}

async fn sign_in(desk: &Desk, password: &str) {
    desk.fill("account", "demo").await;
    desk.fill("password", password).await;
    desk.send("main form button.primary").await;
}

/// Turns the line at the page of the practice controls.
async fn turn_line(walk: &Walk, up: bool) {
    walk.desk.goto("/practice").await;
    let button = "//form[input[@name='what'][@value='link']][input[@name='code'][@value='line']]//button";
    walk.desk.client.find(fantoccini::Locator::XPath(button)).await.unwrap().click().await.unwrap();
    walk.wait_for(if up { "#outage:not(:has(.banner))" } else { "#outage .banner" }).await;
}

/// A patient of every kind of plan, new to the demonstration.
fn patients() -> Vec<Patient> {
    let newcomers: Vec<Patient> = forty(&population()).into_iter().filter(|p| p.person.index % 2 == 1).collect();
    let one = |plan: Plan| newcomers.iter().find(|patient| patient.plan == plan).cloned();
    [Plan::Certificate, Plan::CardAndNotice, Plan::Declaration].into_iter().filter_map(one).collect()
}

async fn locked_and_back(walk: &mut Walk) {
    walk.desk.goto("/check-in").await;
    walk.desk.send("form[action='/lock'] button").await;
    walk.look_at("locked").await;
    walk.desk.fill("password", "not the password").await;
    walk.desk.send("main form button.primary").await;
    walk.look_at("locked, refused").await;
    walk.desk.fill("password", "uketsuke-demo").await;
    walk.desk.send("main form button.primary").await;
}

/// Forms that were sent without what they need: everything that is wrong is said, and can be read by everybody.
async fn refused_forms(walk: &mut Walk, visit: &str) {
    walk.desk.goto("/check-in").await;
    walk.desk.press("#new > summary").await;
    walk.desk.send("#new .actions button").await;
    walk.look_at("check-in, refused").await;
    walk.desk.goto(&format!("/visits/{visit}/declaration")).await;
    walk.desk.send("#declaration-form .actions button.primary").await;
    walk.look_at("declaration, refused").await;
    walk.desk.goto("/me").await;
    walk.desk.send("section[aria-labelledby='password-title'] .actions button").await;
    walk.look_at("me, refused").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_can_be_used_by_everybody_on_every_screen() {
    let _turn = ONE_BROWSER.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let (demo, url) = open_demonstration(&folder);
    let mut walk = Walk::begin(&url).await;
    walk.desk.goto("/sign-in").await;
    walk.look_at("sign-in").await;
    sign_in(&walk.desk, "not the password").await;
    walk.look_at("sign-in, refused").await;
    sign_in(&walk.desk, "uketsuke-demo").await;
    walk.look_at("board, empty").await;

    walk.desk.goto("/practice").await;
    walk.desk.send(".cast li:nth-child(1) button[name='method'][value='face']").await;
    turn_line(&walk, false).await;
    let mut visit = String::new();
    for patient in patients() {
        visit = receive(&walk.desk, &patient).await;
    }
    walk.desk.goto("/line").await;
    walk.desk.send("button[value='take']").await;
    let places = every_page(&mut walk).await;
    refused_forms(&mut walk, &visit).await;
    locked_and_back(&mut walk).await;

    turn_line(&walk, true).await;
    walk.desk.goto("/").await;
    walk.desk.send("form[action='/language'] button").await;
    let in_english = if walk.is_full { places.seen.as_slice() } else { &[] };
    for path in in_english {
        walk.desk.goto(path).await;
        // longer words in the same places: the narrowest screen tells most
        walk.look_at_structure(&format!("{path} in English"), &[Screen::DESK_AT_400, Screen::DESK]).await;
    }
    drop(demo);
    walk.verdict().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_is_new_can_be_used_by_everybody() {
    let _turn = ONE_BROWSER.lock().await;
    let clinic = Clinic::default();
    let _reception = clinic.open();
    let mut walk = Walk::begin(&clinic.url()).await;
    walk.desk.goto("/set-up").await;
    walk.look_at("set-up").await;
    walk.desk.send("main form button.primary").await;
    walk.look_at("set-up, refused").await;
    set_up(&walk.desk).await;
    for path in ["/", "/drill", "/me"] {
        walk.desk.goto(path).await;
        walk.look_at(&format!("new box {path}")).await;
    }
    forced_colours(&mut walk).await;
    bad_pages_are_noticed(&walk).await;
    walk.verdict().await;
}

/// Judges who find nothing are believed only if they find something where it is.
async fn bad_pages_are_noticed(walk: &Walk) {
    walk.desk.goto("/").await;
    let spoil = "const bad = document.createElement('div'); \
                 bad.innerHTML = '<img src=\"/assets/x/mark.svg\"><a href=\"/\" tabindex=\"-1\">out of reach</a>'; \
                 document.querySelector('main').append(bad); bad.style.inlineSize = '2000px';";
    walk.desk.client.execute(spoil, Vec::new()).await.unwrap();
    if let Some(axe) = walk.axe {
        let found = axe.judge(&walk.desk).await;
        assert!(found.iter().any(|fault| fault.starts_with("image-alt")), "{found:?}");
    }
    assert!(!walk.desk.sticking_out().await.is_empty());
    assert!(walk.desk.lost_for_keyboards().await.iter().any(|fault| fault.contains("out of reach")));
}

/// With the colours of the machine alone, every state still has its outline.
async fn forced_colours(walk: &mut Walk) {
    walk.desk.goto("/check-in").await;
    walk.desk.hold_still().await;
    walk.desk.prefer(&[("forced-colors", "active")]).await;
    let script = "return [...document.querySelectorAll('.panel, .offer, button, input:not([type=hidden])')] \
                  .filter((box) => box.checkVisibility() && !box.classList.contains('quiet')) \
                  .filter((box) => getComputedStyle(box).borderTopStyle === 'none' && !box.matches('[type=radio], [type=checkbox]')) \
                  .map((box) => box.outerHTML.slice(0, 80) + ' has no outline')";
    let bare = walk.desk.client.execute(script, Vec::new()).await.unwrap();
    let bare = bare.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect();
    walk.blame("check-in in forced colours", bare);
    walk.desk.keep_picture("check-in-forced-colours").await;
    walk.desk.prefer(&[]).await;
}
