//! The card step as it stands in a form: what to type, which reader, what the card said.

use super::{CARD_BIRTH, CARD_EXPIRY, CARD_READING, CardRead};
use crate::assets;
use crate::form::fields::*;
use crate::form::{Check, Input, Typed};
use crate::lang::Lang;
use crate::port::DevicesView;
use crate::show::{self, Chip};
use crate::words::CardWords;
use askama::Template;
use domain::Date;
use domain::certificate::{CertificateWindow, last_usable_day, window};
use domain::eligibility::PersonFace;

/// The card step inside a form: its buttons go to an address of their own and take everything typed along.
#[derive(Template)]
#[template(path = "part/card_step.html")]
pub struct CardStep {
    w: &'static CardWords,
    intro: &'static str,
    version: &'static str,
    action: String,
    open: bool,
    readers: Vec<(String, String)>,
    birth: Input,
    year: Input,
    code: Input,
    locked: bool,
    last_try: Option<Check>,
    said: Option<CardShown>,
    refused: Option<String>,
    note: Option<Check>,
    expiry: String,
    card_birth: String,
    remember: Option<Check>,
    reading: String,
}

impl CardStep {
    /// The step for all readers of the box that read cards; none where there is no such reader.
    pub fn of(
        view: &DevicesView,
        form: &str,
        typed: &Typed,
        lang: Lang,
        on: Date,
        read: Option<&CardRead>,
    ) -> Option<CardStep> {
        let readers: Vec<(String, String)> = view
            .devices
            .iter()
            .filter(|device| device.reads_cards)
            .map(|device| (device.device.clone(), device.device.clone()))
            .collect();
        CardStep::with(readers, form, typed, lang, on, read)
    }

    /// The step for one reader.
    pub fn with(
        mut readers: Vec<(String, String)>,
        form: &str,
        typed: &Typed,
        lang: Lang,
        on: Date,
        read: Option<&CardRead>,
    ) -> Option<CardStep> {
        let w = CardWords::of(lang);
        match readers.as_mut_slice() {
            [] => return None,
            [(_, label)] => *label = w.go.to_owned(),
            several => {
                several.iter_mut().for_each(|(_, label)| *label = format!("{}{}{label}", w.go, lang.pick("：", ": ")))
            }
        }
        let input = |field| Input::of(field, form, typed, lang).unechoed();
        let tries = read.and_then(|read| read.tries_left);
        let refused = read.and_then(|read| read.said.as_ref().err()).map(|why| lang.of(why));
        let wrong = [&SURFACE_BIRTH, &SURFACE_YEAR, &SURFACE_CODE].iter().any(|f| typed.problem(f.name).is_some());
        Some(CardStep {
            w,
            intro: w.intro,
            version: assets::VERSION.as_str(),
            action: String::new(),
            open: read.is_some() || wrong,
            readers,
            birth: input(&SURFACE_BIRTH),
            year: input(&SURFACE_YEAR).digits(),
            code: input(&SURFACE_CODE).digits(),
            locked: tries == Some(0),
            last_try: (tries == Some(1)).then(|| Check::of(&LAST_TRY, form, typed, lang)),
            said: read.and_then(|read| CardShown::of(read, lang, on)),
            refused,
            note: (!typed.value(CARD_EXPIRY).is_empty()).then(|| Check::of(&NOTE_CARD, form, typed, lang)),
            expiry: typed.value(CARD_EXPIRY).to_owned(),
            card_birth: typed.value(CARD_BIRTH).to_owned(),
            remember: (!typed.value(CARD_READING).is_empty()).then(|| Check::of(&REMEMBER_CARD, form, typed, lang)),
            reading: typed.value(CARD_READING).to_owned(),
        })
    }

    /// Something was said or is wrong: it must be seen.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// With other words above it.
    pub fn intro(self, intro: &'static str) -> CardStep {
        CardStep { intro, ..self }
    }

    /// Where the buttons go.
    pub fn to(self, action: impl Into<String>) -> CardStep {
        CardStep { action: action.into(), ..self }
    }
}

/// What a card said, for people.
pub struct CardShown {
    token: String,
    is_test: bool,
    is_believed: bool,
    has_person: bool,
    window: Option<Chip>,
    expiry: String,
    advice: &'static str,
    person: Vec<(&'static str, String)>,
    tries: Option<u8>,
    remarks: Vec<String>,
}

impl CardShown {
    fn of(read: &CardRead, lang: Lang, on: Date) -> Option<CardShown> {
        let said = read.said.as_ref().ok()?;
        let window = said.certificate_expiry.map(|expiry| window(expiry, on));
        let advice = window.and_then(|window| window.facts().advice);
        Some(CardShown {
            token: lang.of(&said.token),
            is_test: said.is_test,
            is_believed: read.is_believed,
            has_person: said.person.is_some(),
            window: said.certificate_expiry.zip(window).map(|(expiry, window)| window_chip(lang, expiry, window)),
            expiry: said.certificate_expiry.map(|day| show::day(lang, day)).unwrap_or_default(),
            advice: advice.map_or("", |advice| lang.pick(advice.ja(), advice.en())),
            person: said.person.as_ref().map(|person| person_lines(lang, person, on)).unwrap_or_default(),
            tries: read.tries_left,
            remarks: said.remarks.iter().map(|remark| lang.of(remark)).collect(),
        })
    }
}

/// The window of the certificate in words (checkin-rules §6).
fn window_chip(lang: Lang, expiry: Date, window: CertificateWindow) -> Chip {
    let usable = show::day(lang, last_usable_day(expiry));
    match window {
        CertificateWindow::W0 => Chip::new("confirmed", "check", lang.pick("有効です", "Valid")),
        CertificateWindow::W1 => Chip::new("provisional", "clock", lang.pick("もうすぐ期限です", "Expires soon")),
        CertificateWindow::W2 => Chip::new(
            "changed",
            "flag",
            lang.pick(
                format!("期限切れ：資格の確認だけ{usable}まで使えます"),
                format!("Expired; eligibility only, until {usable}"),
            ),
        ),
        CertificateWindow::W3 => {
            Chip::new("changed", "cross", lang.pick("期限切れ：使えません", "Expired; it does not work any more"))
        }
    }
}

fn person_lines(lang: Lang, person: &PersonFace, on: Date) -> Vec<(&'static str, String)> {
    let lines = [
        (NAME.label(lang), person.name.clone()),
        (BIRTH_DATE.label(lang), person.birth_date.map(|birth| show::birth(lang, birth, on))),
        (SEX.label(lang), person.sex.map(|sex| show::sex(lang, sex).to_owned())),
        (ADDRESS.label(lang), person.address.clone()),
    ];
    lines.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}
