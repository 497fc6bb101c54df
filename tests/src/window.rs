//! What a person sees of a page: on which screen, in which colours, and whether it fits.

use crate::browser::Desk;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use std::path::PathBuf;
use url::{ParseError, Url};

/// A screen, in CSS pixels: a browser zoomed to 200 % has half of them each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// what people call it
    pub name: &'static str,
    /// pixels
    pub width: u32,
    /// pixels
    pub height: u32,
    /// device pixels to one of these
    pub zoom: u32,
}

impl Screen {
    /// The screen of a reception. A 10-inch tablet lying is as wide.
    pub const DESK: Screen = Screen { name: "desk", width: 1280, height: 720, zoom: 1 };
    /// The same at 200 %.
    pub const DESK_AT_200: Screen = Screen { name: "desk at 200 %", width: 640, height: 360, zoom: 2 };
    /// A 10-inch tablet standing.
    pub const TABLET_STANDING: Screen = Screen { name: "tablet standing", width: 800, height: 1280, zoom: 1 };
    /// The desk at 400 %, where text must still reflow (WCAG 1.4.10).
    pub const DESK_AT_400: Screen = Screen { name: "desk at 400 %", width: 320, height: 180, zoom: 4 };

    /// Every screen pages must fit.
    pub const ALL: [Screen; 4] = [Screen::TABLET_STANDING, Screen::DESK_AT_200, Screen::DESK_AT_400, Screen::DESK];
}

/// A command of the browser's own protocol.
#[derive(Debug)]
struct Command(&'static str, Value);

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

impl Desk {
    async fn tell_browser(&self, what: &'static str, how: Value) {
        self.client.issue_cmd(Command(what, how)).await.unwrap();
    }

    /// Another screen.
    pub async fn look_on(&self, screen: Screen) {
        let Screen { width, height, zoom, .. } = screen;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": zoom, "mobile": false });
        self.tell_browser("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What the machine prefers, by the names of media features; nothing = its own ways again.
    pub async fn prefer(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.tell_browser("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Nothing on the page changes by itself any more, and nothing of it is hidden behind something to open.
    pub async fn hold_still(&self) {
        let script = "window.dispatchEvent(new Event('pagehide')); \
                      for (const box of document.querySelectorAll('details:not(.menu-more)')) box.open = true;";
        self.client.execute(script, Vec::new()).await.unwrap();
    }

    /// What sticks out of the screen to the side, unless it lies in something that scrolls by itself.
    pub async fn sticking_out(&self) -> Vec<String> {
        let script = r"
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return [];
            const scrolls = (element) => {
                for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
                    if (getComputedStyle(box).overflowX !== 'visible') return true;
                }
                return false;
            };
            const out = [...document.body.querySelectorAll('*')].filter((element) => {
                const box = element.getBoundingClientRect();
                return box.width > 0 && box.right > wide + 1 && !scrolls(element);
            });
            const name = (element) => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '')
                + [...element.classList].map((word) => '.' + word).join('');
            return ['the page is ' + document.documentElement.scrollWidth + ' wide of ' + wide]
                .concat(out.slice(0, 6).map((element) => name(element) + ' to ' + Math.round(element.getBoundingClientRect().right)));
        ";
        strings(&self.client.execute(script, Vec::new()).await.unwrap())
    }

    /// What can be used with a mouse and not with a keyboard, or does not show that it has the focus.
    pub async fn lost_for_keyboards(&self) -> Vec<String> {
        let script = r"
            const lost = [];
            const usable = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary');
            const shows = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            for (const element of usable) {
                if (element.disabled || element.getAttribute('aria-hidden') === 'true' || !element.checkVisibility()) continue;
                const name = element.tagName.toLowerCase() + ' ' + (element.id || element.name || element.textContent).trim().slice(0, 30);
                if (element.tabIndex < 0) { lost.push(name + ' is not reached by the Tab key'); continue; }
                element.focus({ focusVisible: true, preventScroll: true });
                if (document.activeElement !== element) { lost.push(name + ' takes no focus'); continue; }
                const label = element.closest('label');
                const seen = shows(getComputedStyle(element)) || (label && shows(getComputedStyle(label)));
                if (!seen) lost.push(name + ' does not show the focus');
            }
            document.activeElement.blur();
            return lost.slice(0, 10);
        ";
        strings(&self.client.execute(script, Vec::new()).await.unwrap())
    }

    /// Keeps a picture of the whole page below `target/screenshots`, and puts the desk's screen back.
    pub async fn keep_picture(&self, name: &str) -> PathBuf {
        let height = self.client.execute("return document.documentElement.scrollHeight", Vec::new()).await.unwrap();
        let height = u32::try_from(height.as_u64().unwrap_or(720)).unwrap_or(720).clamp(720, 6_000);
        self.look_on(Screen { height, ..Screen::DESK }).await;
        let file = pictures().join(format!("{name}.png"));
        self.picture(&file).await;
        self.look_on(Screen::DESK).await;
        file
    }
}

/// Where pictures of pages are kept, for people to look at.
pub fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
