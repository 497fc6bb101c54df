//! The frame around every page: header with the link lamps, navigation, flash line, language switch.

mod menu;
mod notices;

pub use menu::Entry;

use crate::app::App;
use crate::assets;
use crate::error::PageError;
use crate::lang::Lang;
use crate::live;
use crate::pages::card::unremembered;
use crate::pages::sync::lamp_words;
use crate::port::{DeviceItem, DeviceLamp, DevicesView, FacilityView, LinkReport, Look, Session};
use crate::session::{SignedIn, live_path, plain_path};
use crate::show::{self, Chip};
use crate::token;
use crate::words::{FrameWords, SyncWords};
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use domain::link::{Link, LinkState, LinkStatus};
use domain::{Date, Timestamp};

/// What every page shows around its content.
pub struct Frame {
    pub menu: Vec<Entry>,
    pub notices: Vec<String>,
    /// the counter this browser stands at
    pub counter: String,
    /// a half-filled form of this person waits for this page
    pub draft: bool,
    pub lang: Lang,
    pub w: &'static FrameWords,
    pub title: String,
    pub site_name: String,
    pub demo: bool,
    /// this is a drill: said on every page, more than once
    pub drill: bool,
    pub look: Look,
    /// papers can be set
    pub prints: bool,
    pub name: Option<String>,
    pub csrf: String,
    pub key: String,
    pub path: String,
    pub here: &'static str,
    pub saved: Option<&'static str>,
    /// what was not kept beside what was
    pub unkept: Option<&'static str>,
    pub lamps: Vec<Lamp>,
    pub outage: Option<String>,
    /// what the clock shows while it cannot be right
    pub clock_wrong: Option<String>,
    /// readers in which a card was left, and since when
    pub cards_left: Vec<String>,
    /// the devices as they stand at this moment; empty where nothing is watched
    pub devices: DevicesView,
    /// everything up to this mark is on the page
    pub revision: u64,
    pub today: Date,
    pub now: Timestamp,
    /// the content is shown as somebody typed it and must not be replaced by live updates
    pub held: bool,
    /// without JavaScript the page loads itself anew now and then
    pub refresh: bool,
    pub version: &'static str,
}

/// One link in the header, or all devices together.
pub struct Lamp {
    pub href: &'static str,
    pub label: &'static str,
    pub chip: Chip,
    pub since: String,
}

impl Frame {
    /// The frame of a page for somebody who is signed in. `here` is the entry of the navigation it belongs to.
    pub fn of(app: &App, who: &SignedIn, here: &'static str, title: impl Into<String>) -> Frame {
        Frame {
            menu: menu::of(app, who.lang, who.session.role),
            notices: notices::of(app, who.lang, Some(&who.session)),
            counter: who.session.account.counter.clone(),
            draft: app.drafts.has_half(&who.session.account.author, &plain_path(&who.path)),
            name: Some(who.session.account.name.clone()),
            csrf: who.session.csrf.clone(),
            look: who.session.look,
            saved: saved_words(who.lang, &who.path),
            unkept: unremembered(who.lang, &who.path),
            revision: who.mark,
            here,
            ..Frame::bare(app, who.lang, plain_path(&who.path), title)
        }
    }

    /// The frame of a page for somebody who is not signed in.
    pub fn bare(app: &App, lang: Lang, path: String, title: impl Into<String>) -> Frame {
        let report = app.desk.links();
        let (today, now) = (app.desk.today(), app.desk.now());
        let devices = app.desk.devices().map(|devices| devices.view()).unwrap_or_default();
        let facility = app.desk.facility().map(|facility| facility.view());
        Frame {
            menu: Vec::new(),
            notices: notices::of(app, lang, None),
            counter: String::new(),
            draft: false,
            lang,
            w: FrameWords::of(lang),
            title: title.into(),
            site_name: app.settings.site_name.clone(),
            demo: app.settings.demo,
            drill: app.settings.drill,
            look: Look::default(),
            prints: app.desk.prints().is_some(),
            name: None,
            csrf: String::new(),
            key: token::random(),
            path,
            here: "",
            saved: None,
            unkept: None,
            lamps: lamps(lang, &report, today)
                .into_iter()
                .chain(devices_lamp(lang, &devices, today))
                .chain(facility.as_ref().and_then(|view| facility_lamp(lang, view, today)))
                .collect(),
            outage: outage(lang, &report, today),
            clock_wrong: report.clock_impossible.then(|| show::moment(lang, now, Date::literal(1900, 1, 1))),
            cards_left: cards_left(lang, &devices, today),
            devices,
            revision: live::mark(app.desk.as_ref()),
            today,
            now,
            held: false,
            refresh: false,
            version: assets::VERSION.as_str(),
        }
    }

    /// The frame of a page of a box that has no desk yet.
    pub fn before_the_desk(lang: Lang, path: &str, title: impl Into<String>) -> Frame {
        Frame {
            menu: Vec::new(),
            notices: Vec::new(),
            counter: String::new(),
            draft: false,
            lang,
            w: FrameWords::of(lang),
            title: title.into(),
            site_name: String::new(),
            demo: false,
            drill: false,
            look: Look::default(),
            prints: false,
            name: None,
            csrf: String::new(),
            key: String::new(),
            path: path.to_owned(),
            here: "",
            saved: None,
            unkept: None,
            lamps: Vec::new(),
            outage: None,
            clock_wrong: None,
            cards_left: Vec::new(),
            devices: DevicesView::default(),
            revision: 0,
            today: Date::literal(1900, 1, 1),
            now: Timestamp::from_ms(0),
            held: false,
            refresh: false,
            version: assets::VERSION.as_str(),
        }
    }

    /// The same frame after a session was opened in this very request.
    pub fn signed_in(self, session: &Session) -> Frame {
        let name = Some(session.account.name.clone());
        let (csrf, counter) = (session.csrf.clone(), session.account.counter.clone());
        Frame { name, csrf, counter, look: session.look, ..self }
    }

    /// The page shows what somebody typed: live updates keep off it.
    pub fn held(self) -> Frame {
        Frame { held: true, ..self }
    }

    /// Without JavaScript the page loads itself anew every half minute.
    pub fn refreshing(self) -> Frame {
        Frame { refresh: true, ..self }
    }

    /// For the `color-scheme` of the page: what the browser's own parts are drawn in.
    pub fn schemes(&self) -> &'static str {
        match self.look {
            Look::Machine => "light dark",
            Look::Light => "light",
            Look::Dark => "dark",
        }
    }

    /// When the dark colours count; `None` = never. Paper is always light.
    pub fn dark_when(&self) -> Option<&'static str> {
        match self.look {
            Look::Machine => Some("screen and (prefers-color-scheme: dark)"),
            Look::Light => None,
            Look::Dark => Some("screen"),
        }
    }

    /// The address at which the page loads itself anew.
    pub fn refresh_path(&self) -> String {
        live_path(&self.path)
    }

    /// Whether anything stands behind "more" in the menu.
    pub fn has_more(&self) -> bool {
        self.menu.iter().any(|entry| entry.is_rare)
    }

    /// Whether the present page stands behind "more".
    pub fn is_among_more(&self) -> bool {
        self.menu.iter().any(|entry| entry.is_rare && self.is_here(entry.here))
    }

    /// Whether the navigation entry is the present one.
    pub fn is_here(&self, entry: &str) -> bool {
        self.here == entry
    }
}

/// Said only when a redirect after a commit says so itself.
fn saved_words(lang: Lang, path: &str) -> Option<&'static str> {
    let flash = path.split_once('?')?.1.split('&').find_map(|pair| pair.strip_prefix("saved="))?;
    match flash {
        "1" => Some(lang.pick("保存済み", "Saved")),
        "asked" => Some(lang.pick("保存済み：照会を書き留めました", "Saved: the question is written down")),
        "unasked" => Some(lang.pick(
            "受付は保存済み。照会は書き留められませんでした。この画面の「番号で照会する」を使ってください",
            "The check-in is saved; the question was not written down. Use “Query by number” on this page",
        )),
        "slip-gone" => Some(lang.pick(
            "この受付票の読み取りはもうありません。もう一度読み取ってください",
            "That scan of a slip is gone. Scan the slip once more",
        )),
        "slip-unknown" => Some(lang.pick(
            "この受付票の受付は、この箱にはまだありません。ほかの窓口とつながると表示されます",
            "This box does not have the visit of that slip yet. It shows up once the other counters are connected",
        )),
        "known" => Some(lang.pick("保存済み：記録が見つかりました", "Saved: found on file")),
        _ => None,
    }
}

fn lamps(lang: Lang, report: &LinkReport, today: Date) -> Vec<Lamp> {
    let lamp = |link: &Link| {
        let state = report.links.get(*link);
        Lamp {
            href: "/links",
            label: show::link(lang, *link),
            chip: show::link_status(lang, state.status),
            since: since(lang, state, today),
        }
    };
    Link::ALL.iter().map(lamp).collect()
}

/// The worst device stands for all; one that nobody needs or heard of says nothing as long as another one speaks.
fn devices_lamp(lang: Lang, view: &DevicesView, today: Date) -> Option<Lamp> {
    let badness = |device: &&DeviceItem| match device.lamp {
        DeviceLamp::Bad => 3,
        DeviceLamp::Working => 2,
        DeviceLamp::Good => 1,
        DeviceLamp::Unknown => 0,
    };
    let worst = view.devices.iter().rev().max_by_key(badness)?;
    let word = match worst.lamp {
        DeviceLamp::Good => lang.pick("使えます", "works").to_owned(),
        _ => format!("{} {}", worst.device, lang.of(&worst.state)),
    };
    let since = match worst.lamp {
        DeviceLamp::Bad | DeviceLamp::Working => show::since(lang, worst.since, today),
        DeviceLamp::Good | DeviceLamp::Unknown => String::new(),
    };
    let chip = Chip { word, ..show::device_lamp(lang, worst.lamp) };
    Some(Lamp { href: "/devices", label: lang.pick("機器", "Devices"), chip, since })
}

/// How exchange with other boxes stands; a box that is alone has no such lamp.
fn facility_lamp(lang: Lang, view: &FacilityView, today: Date) -> Option<Lamp> {
    let (chip, since) = lamp_words(lang, view, today)?;
    Some(Lamp { href: "/sync", label: SyncWords::of(lang).lamp, chip, since })
}

/// A card somebody forgot is said on every page (REQ-13).
fn cards_left(lang: Lang, view: &DevicesView, today: Date) -> Vec<String> {
    let left = view.devices.iter().filter_map(|device| Some((device, device.card_left_since?)));
    left.map(|(device, at)| format!("{} {}", device.device, show::since(lang, at, today))).collect()
}

fn since(lang: Lang, state: &LinkState, today: Date) -> String {
    match (state.status, state.since) {
        (LinkStatus::Up, Some(at)) if at.date_in_japan() != today => String::new(),
        (_, None) => String::new(),
        (_, Some(at)) => show::since(lang, at, today),
    }
}

/// The banner while something is broken: what, since when, and whose fault it is not.
fn outage(lang: Lang, report: &LinkReport, today: Date) -> Option<String> {
    let broken: Vec<String> = Link::ALL
        .iter()
        .map(|link| (*link, report.links.get(*link)))
        .filter(|(_, state)| state.is_down())
        .map(|(link, state)| {
            let cause = state.cause.map(|cause| format!("・{}", show::cause(lang, cause))).unwrap_or_default();
            format!("{}{cause} {}", show::link(lang, link), since(lang, state, today)).trim().to_owned()
        })
        .collect();
    (!broken.is_empty()).then(|| broken.join(lang.pick("、", ", ")))
}

/// Renders a page.
pub fn page(template: &impl Template) -> Result<Response, PageError> {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page could not be rendered");
            Err(PageError::Broken)
        }
    }
}
