//! One device in words.

use crate::form::Typed;
use crate::lang::Lang;
use crate::pages::card::{CardRead, CardStep};
use crate::port::{DeviceItem, HealingChoice};
use crate::show::{self, Chip};
use crate::words::DeviceWords;
use domain::Date;

/// The step that stops the whole box for a while.
pub const REBOOT: &str = "reboot";

/// One device in words.
pub struct Item {
    /// place in the list, for ids
    pub at: usize,
    pub device: String,
    pub kind: String,
    pub chip: Chip,
    pub state: String,
    pub since: String,
    pub fault: Option<Fault>,
    pub card_left: String,
    pub last_read: String,
    pub expected_by: String,
    pub failures: Option<Failures>,
    pub steps: Vec<Step>,
    pub card: Option<CardStep>,
    pub card_open: bool,
    /// codes are scanned with it
    pub scans_codes: bool,
    /// it stands beside this screen
    pub is_here: bool,
    pub history: Vec<(String, String)>,
}

/// What is wrong, for both readers.
pub struct Fault {
    pub staff: String,
    pub technician: String,
    pub advice: Vec<String>,
}

/// Failures by hour: the bars, and the table behind them.
pub struct Failures {
    pub bars: Vec<Bar>,
    pub hours: Vec<(usize, u32)>,
    pub total: u32,
    pub suspicion: String,
}

/// One bar of a chart of 24 columns and 60 units of height.
pub struct Bar {
    pub x: usize,
    pub y: u32,
    pub height: u32,
    pub is_most: bool,
}

/// A step that may help.
pub struct Step {
    pub step: String,
    pub name: String,
    pub helped: String,
    pub available: bool,
    pub reboots: bool,
}

const CHART_HEIGHT: u32 = 60;
const COLUMN: usize = 10;

impl Item {
    pub fn of(lang: Lang, item: &DeviceItem, at: usize, today: Date, card: Option<&CardRead>, typed: &Typed) -> Item {
        let read = card.filter(|card| card.device == item.device);
        let nothing = Typed::default();
        let typed = if typed.value("reader") == item.device { typed } else { &nothing };
        let form = format!("card{at}");
        let reader = item.reads_cards.then(|| (item.device.clone(), item.device.clone()));
        let step = CardStep::with(reader.into_iter().collect(), &form, typed, lang, today, read);
        Item {
            at,
            device: item.device.clone(),
            kind: lang.of(&item.kind),
            chip: Chip { word: lang.of(&item.state), ..show::device_lamp(lang, item.lamp) },
            state: show::device_lamp(lang, item.lamp).word,
            since: show::since(lang, item.since, today),
            fault: item.fault.as_ref().map(|fault| Fault {
                staff: lang.of(&fault.staff),
                technician: lang.of(&fault.technician),
                advice: fault.advice.iter().map(|line| lang.of(line)).collect(),
            }),
            card_left: item.card_left_since.map(|since| show::since(lang, since, today)).unwrap_or_default(),
            last_read: item.last_good_read.map(|read| show::moment(lang, read, today)).unwrap_or_default(),
            expected_by: item.expected_by.map(|by| show::moment(lang, by, today)).unwrap_or_default(),
            failures: failures(lang, item),
            steps: item.steps.iter().map(|choice| heal(lang, choice)).collect(),
            scans_codes: item.scans_codes,
            is_here: false,
            card_open: step.as_ref().is_some_and(CardStep::is_open),
            card: step.map(|step| step.to("/devices/card").intro(DeviceWords::of(lang).test_read_hint)),
            history: item.history.iter().map(|c| (show::moment(lang, c.at, today), lang.of(&c.what))).collect(),
        }
    }
}

fn failures(lang: Lang, item: &DeviceItem) -> Option<Failures> {
    let most = item.failures_by_hour.iter().copied().max().filter(|most| *most > 0)?;
    let bar = |(hour, count): (usize, &u32)| {
        // a single failure among many stays visible
        let share = u64::from(*count) * u64::from(CHART_HEIGHT) / u64::from(most);
        let height = u32::try_from(share).unwrap_or(CHART_HEIGHT).max(2);
        Bar { x: hour * COLUMN, y: CHART_HEIGHT - height, height, is_most: *count == most }
    };
    let counted = || item.failures_by_hour.iter().enumerate().filter(|(_, count)| **count > 0);
    Some(Failures {
        bars: counted().map(bar).collect(),
        hours: counted().map(|(hour, count)| (hour, *count)).collect(),
        total: item.failures_by_hour.iter().fold(0, |sum, count| sum.saturating_add(*count)),
        suspicion: item.suspicion.as_ref().map(|words| lang.of(words)).unwrap_or_default(),
    })
}

fn heal(lang: Lang, choice: &HealingChoice) -> Step {
    let (tried, helped) = (choice.tried, choice.helped);
    Step {
        step: choice.step.clone(),
        name: lang.of(&choice.name),
        helped: match tried {
            0 => lang.pick("まだ試していません", "not tried yet").to_owned(),
            _ => lang.pick(format!("{tried}回のうち{helped}回効きました"), format!("helped {helped} of {tried} times")),
        },
        available: choice.available,
        reboots: choice.step == REBOOT,
    }
}
