//! What happens in the week, drawn from a seed before it begins.

use super::devices::Kind;
use domain::date::Weekday;
use domain::{Date, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use uketsuke::schedule::{ReceptionHours, SiteZone};

/// Monday 9 November 2026.
const MONDAY: Date = Date::literal(2026, 11, 9);

/// Something that happens to the clinic.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A device falls ill, unless it is already.
    Illness { device: usize, kind: Kind },
    /// Somebody comes to a reader.
    Visit { device: usize, manner: Manner },
}

/// How a visit goes at the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// read at once
    Plain,
    /// the card is still in its case, and the reader may hang from it
    InCase { hangs: bool },
    /// the card stays there for ten minutes
    Forgotten,
    /// the sun shines into the camera
    Sunlight,
}

/// The week.
pub struct Script {
    pub events: Vec<(i64, Event)>,
    pub start: i64,
    pub end: i64,
    /// the night without power; the hardware clock does not survive it
    pub power_cut: (i64, i64),
    /// an update is being installed
    pub update: (i64, i64),
    /// a patient at night
    pub night_patient: (i64, i64),
}

pub const COUNTER: usize = 0;
pub const WINDOW: usize = 1;
pub const FACE: usize = 2;
pub const SCANNER: usize = 3;
pub const SERVICE: usize = 4;
/// the one with the defect
pub const SPARE: usize = 5;

pub fn hours() -> ReceptionHours {
    let full = || ReceptionHours::parse_day("09:00-12:30, 15:00-18:30").unwrap();
    let morning = || ReceptionHours::parse_day("09:00-12:30").unwrap();
    let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Thursday, Weekday::Friday];
    let hours = days.into_iter().fold(ReceptionHours::none(), |hours, day| hours.on(day, full()));
    // Sunday is this clinic's turn of duty: faults of a Sunday meet nobody who answers the phone
    hours.on(Weekday::Wednesday, morning()).on(Weekday::Saturday, morning()).on_date(MONDAY.plus_days(6), morning())
}

pub fn at(day: i32, hour: u8, minute: u8) -> i64 {
    Timestamp::in_japan(MONDAY.plus_days(day), hour, minute, 0).as_ms()
}

impl Script {
    /// A week so bad as the survey's loudest answers: about forty illnesses, where most sites count a few a month.
    pub fn survey_week(seed: u8) -> Script {
        let mut dice = Dice(ChaCha8Rng::from_seed([seed; 32]));
        let (start, end) = (at(0, 0, 0), at(7, 0, 0));
        let mut events = illnesses(&mut dice, start, end);
        events.extend(visits(&mut dice, start, end));
        events.push((at(1, 16, 0), Event::Illness { device: SPARE, kind: Kind::Defect }));
        events.sort_by_key(|(t, _)| *t);
        Script {
            events,
            start,
            end,
            power_cut: (at(3, 1, 50), at(3, 8, 0)),
            update: (at(4, 2, 20), at(4, 4, 0)),
            night_patient: (at(1, 2, 55), at(1, 3, 20)),
        }
    }
}

/// Weights by what the survey's answers tell of most: connection, hanging readers that want a restart, the PC between.
const KINDS: [(u64, Kind); 6] = [
    (30, Kind::Connection),
    (20, Kind::Case),
    (20, Kind::Firmware),
    (10, Kind::Hidden),
    (12, Kind::Service),
    (4, Kind::System),
];

fn illnesses(dice: &mut Dice, start: i64, end: i64) -> Vec<(i64, Event)> {
    let minutes = ((end - start) / 60_000) as u64;
    (0..45)
        .map(|_| {
            let t = start + (dice.below(minutes) * 60_000) as i64;
            let kind = dice.weighted(&KINDS);
            let device = if kind == Kind::Service { SERVICE } else { dice.of(&[COUNTER, WINDOW, FACE, SCANNER]) };
            (t, Event::Illness { device, kind })
        })
        .collect()
}

fn visits(dice: &mut Dice, start: i64, end: i64) -> Vec<(i64, Event)> {
    let (hours, zone) = (hours(), SiteZone::japan());
    let mut visits = Vec::new();
    let mut t = start;
    while t < end {
        t += 120_000 + dice.below(360_000) as i64;
        if hours.is_open(Timestamp::from_ms(t), &zone) {
            let device = dice.of(&[COUNTER, COUNTER, WINDOW, FACE, FACE, SPARE]);
            let sunny = device == FACE && (t / 3_600_000 + 9) % 24 == 15;
            let manner = match dice.below(100) {
                _ if sunny && dice.below(2) == 0 => Manner::Sunlight,
                0..=2 => Manner::Forgotten,
                3..=6 => Manner::InCase { hangs: dice.below(3) == 0 },
                _ => Manner::Plain,
            };
            visits.push((t, Event::Visit { device, manner }));
        }
    }
    visits
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0.next_u64() % sides
    }

    fn of(&mut self, choices: &[usize]) -> usize {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn weighted(&mut self, choices: &[(u64, Kind)]) -> Kind {
        let mut left = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, kind) in choices {
            if left < *weight {
                return *kind;
            }
            left -= weight;
        }
        choices[0].1
    }
}
