//! Days and times as staff read them, on the wall clock of Japan.

use crate::lang::Lang;
use domain::age::spoken_age;
use domain::date::Weekday;
use domain::era::kanji_form;
use domain::{Date, Timestamp};

const WEEKDAYS_JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A day: `2026年3月2日`, `2026-03-02`.
pub fn day(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Ja => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => date.to_string(),
    }
}

/// A day with its weekday, for headings.
pub fn day_heading(lang: Lang, date: Date) -> String {
    let at = weekday_index(date.weekday());
    match lang {
        Lang::Ja => format!("{}（{}）", day(lang, date), WEEKDAYS_JA[at]),
        Lang::En => format!("{} {}", WEEKDAYS_EN[at], day(lang, date)),
    }
}

fn weekday_index(weekday: Weekday) -> usize {
    use Weekday::*;
    match weekday {
        Monday => 0,
        Tuesday => 1,
        Wednesday => 2,
        Thursday => 3,
        Friday => 4,
        Saturday => 5,
        Sunday => 6,
    }
}

/// A birth date with its era and the age on a day: `昭和39年10月10日（1964）61歳`.
pub fn birth(lang: Lang, birth: Date, on: Date) -> String {
    let age = spoken_age(birth, on);
    match lang {
        Lang::Ja => format!("{}（{}年）{age}歳", kanji_form(birth), birth.year()),
        Lang::En => format!("{birth} ({}), age {age}", kanji_form(birth)),
    }
}

/// The time of day: `8:55`.
pub fn time(at: Timestamp) -> String {
    let (hour, minute, _) = at.time_in_japan();
    format!("{hour}:{minute:02}")
}

/// A moment: the time alone when it is today, else day and time.
pub fn moment(lang: Lang, at: Timestamp, today: Date) -> String {
    let date = at.date_in_japan();
    if date == today { time(at) } else { format!("{} {}", day(lang, date), time(at)) }
}

/// Since a moment: `8:46から`, `since 8:46`.
pub fn since(lang: Lang, at: Timestamp, today: Date) -> String {
    let moment = moment(lang, at, today);
    lang.pick(format!("{moment}から"), format!("since {moment}"))
}

/// How long something lasts: `3分`, `2時間`, `5日`.
pub fn duration(lang: Lang, ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    match (minutes, lang) {
        (0, Lang::Ja) => "1分未満".to_owned(),
        (0, Lang::En) => "under a minute".to_owned(),
        (1..60, Lang::Ja) => format!("{minutes}分"),
        (1..60, Lang::En) => format!("{minutes} min"),
        (60..2880, Lang::Ja) => format!("{}時間", minutes / 60),
        (60..2880, Lang::En) => format!("{} h", minutes / 60),
        (_, Lang::Ja) => format!("{}日", minutes / 1440),
        (_, Lang::En) => format!("{} days", minutes / 1440),
    }
}

/// From one day to another; an end nobody printed is not known, which is not endless.
pub fn period(lang: Lang, from: Option<Date>, to: Option<Date>) -> String {
    match (from.map(|date| day(lang, date)), to.map(|date| day(lang, date))) {
        (Some(from), Some(to)) => lang.pick(format!("{from} ～ {to}"), format!("{from} to {to}")),
        (Some(from), None) => lang.pick(format!("{from} ～ 不明"), format!("from {from}, end not known")),
        (None, Some(to)) => lang.pick(format!("不明 ～ {to}"), format!("to {to}, start not known")),
        (None, None) => lang.pick("不明", "not known").to_owned(),
    }
}

/// When a rule is in force; a rule without an end has none that is known.
pub fn in_force(lang: Lang, from: Option<Date>, to: Option<Date>) -> String {
    let from = from.map(|date| lang.pick(format!("{}から", day(lang, date)), format!("from {}", day(lang, date))));
    let to = to.map(|date| lang.pick(format!("{}まで", day(lang, date)), format!("to {}", day(lang, date))));
    from.into_iter().chain(to).collect::<Vec<_>>().join(" ")
}
