//! The card step, wherever a form may be filled in from a card: the reader, the numbers of the card face, what was said.

use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Check, Input, Typed, take_surface_code};
use crate::lang::Lang;
use crate::port::{CardQuestion, CardSaid, Devices, DevicesView};
use crate::show::{self, Chip};
use crate::words::CardWords;
use askama::Template;
use domain::Date;
use domain::certificate::{CertificateWindow, last_usable_day, window};
use domain::eligibility::PersonFace;
use domain::era::kanji_form;
use domain::text::Text;
use domain::visit::{CardSeen, VisitCommand};

/// Hidden in a form that was filled in from a card.
const CARD_EXPIRY: &str = "card_expiry";
const CARD_BIRTH: &str = "card_birth";

/// A card that was asked for.
pub struct CardRead {
    /// which reader
    pub device: String,
    /// what it said, or why nothing
    pub said: Result<CardSaid, Text>,
    /// a card of the practice clinic, inside it; any other test card counts nowhere
    pub is_believed: bool,
    tries_left: Option<u8>,
}

/// Asks the reader named in the form, or the only one. `None` when the numbers of the card face cannot be right: the
/// complaints stand in the form then.
pub async fn read(app: &App, typed: &mut Typed) -> Result<Option<CardRead>, PageError> {
    let devices = app.desk.devices().ok_or(PageError::NotFound)?;
    let device = reader_of(&devices.view(), typed.value("reader")).ok_or(PageError::NotFound)?;
    let last_try_confirmed = typed.is_ticked(LAST_TRY.name);
    typed.forget(LAST_TRY.name);
    let surface_code = take_surface_code(typed);
    if !typed.is_fine() {
        return Ok(None);
    }
    let with_code = surface_code.is_some();
    let question = CardQuestion { device: device.clone(), surface_code, last_try_confirmed };
    let said = devices.read_card(question).await;
    let tries_left = match &said {
        Ok(said) => said.tries_left,
        Err(_) if with_code => look_at_counter(devices.as_ref(), &device).await,
        Err(_) => None,
    };
    let is_believed = said.as_ref().is_ok_and(|said| !said.is_test || app.desk.practice().is_some());
    Ok(Some(CardRead { device, said, is_believed, tries_left }))
}

/// After a refusal the counter is read without presenting anything: it costs no try (my-number-card §14 rule 4).
async fn look_at_counter(devices: &dyn Devices, device: &str) -> Option<u8> {
    let question = CardQuestion { device: device.to_owned(), surface_code: None, last_try_confirmed: false };
    devices.read_card(question).await.ok()?.tries_left
}

fn reader_of(view: &DevicesView, named: &str) -> Option<String> {
    let mut readers =
        view.devices.iter().filter(|device| device.reads_cards && (named.is_empty() || device.device == named));
    readers.next().map(|reader| reader.device.clone())
}

impl CardRead {
    /// Writes what the card said into the form; what it did not say stays as it was typed. A card that counts nowhere
    /// writes nothing.
    pub fn fill(&self, typed: &mut Typed) {
        let Some(said) = self.said.as_ref().ok().filter(|_| self.is_believed) else { return };
        let person = said.person.as_ref().unwrap_or(&PersonFace::EMPTY);
        let values = [
            (NAME.name, person.name.clone()),
            (BIRTH_DATE.name, person.birth_date.map(kanji_form)),
            (SEX.name, person.sex.map(|sex| sex.code().to_owned())),
            (ADDRESS.name, person.address.clone()),
            (CARD_EXPIRY, said.certificate_expiry.map(|day| day.to_string())),
            (CARD_BIRTH, person.birth_date.map(|day| day.to_string())),
            (NOTE_CARD.name, said.certificate_expiry.map(|_| "yes".to_owned())),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                typed.set(name, value);
            }
        }
    }

    /// The person, when the card counts and said who it is.
    pub fn person(&self) -> Option<&PersonFace> {
        self.said.as_ref().ok().filter(|_| self.is_believed)?.person.as_ref()
    }
}

/// What is to be noted of the card that was read into this form.
pub fn card_seen(typed: &Typed) -> Option<VisitCommand> {
    let expiry = Date::parse(typed.value(CARD_EXPIRY)).filter(|_| typed.is_ticked(NOTE_CARD.name))?;
    Some(VisitCommand::NoteCard(CardSeen { certificate_expiry: Some(expiry), registered: None }))
}

/// The birth date on the card that was read into this form.
pub fn card_birth(typed: &Typed) -> Option<Date> {
    Date::parse(typed.value(CARD_BIRTH))
}

/// Forgets the card that was read into this form.
pub fn forget_card(typed: &mut Typed) {
    [CARD_EXPIRY, CARD_BIRTH, NOTE_CARD.name].into_iter().for_each(|name| typed.forget(name));
}

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
            version: crate::assets::VERSION.as_str(),
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
