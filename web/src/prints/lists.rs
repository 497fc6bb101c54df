//! A day, a blank day, a month.

use super::{JA, evidence};
use crate::port::{BoardRow, Desk, Reading};
use crate::show;
use domain::visit::VisitStatus;
use domain::{Date, Timestamp};
use paper::{BlankDay, DayList, DayRow, MOST_LINES, MonthEnd, MonthRow, Paper};

/// Who came on a day, in the order they came.
pub fn day_list(desk: &dyn Desk, day: Date) -> Reading<Paper> {
    let rows = in_order(desk, day)?.iter().map(|row| day_row(row, day)).collect();
    Ok(Paper::DayList(DayList { day: show::day_heading(JA, day), rows }))
}

/// A sheet to go on by hand, with the numbers after those given out so far.
pub fn blank_day(desk: &dyn Desk, day: Date) -> Reading<Paper> {
    let after = in_order(desk, day)?.last().map(|row| row.number);
    Ok(Paper::BlankDay(BlankDay { day: show::day_heading(JA, day), after: Some(after.unwrap_or(0)) }))
}

/// The visits of a month up to today.
pub(super) fn month_end(desk: &dyn Desk, month: Date) -> Reading<MonthEnd> {
    let first = month.first_of_month();
    let end = first.plus_months(1).min(desk.today().plus_days(1));
    let mut rows = Vec::new();
    let mut day = first;
    while day < end && rows.len() < MOST_LINES {
        rows.extend(in_order(desk, day)?.iter().map(|row| month_row(row, day)));
        day = day.plus_days(1);
    }
    rows.truncate(MOST_LINES);
    let count = |counts: &dyn Fn(&MonthRow) -> bool| {
        u32::try_from(rows.iter().filter(|row| counts(row)).count()).unwrap_or(u32::MAX)
    };
    let totals = vec![
        ("受付".to_owned(), count(&|_| true)),
        ("請求前に確かめる".to_owned(), count(&|row| row.is_unsettled)),
        ("要対応が残る".to_owned(), count(&|row| row.follow_ups > 0)),
    ];
    Ok(MonthEnd { month: format!("{}年{}月", first.year(), first.month()), rows, totals })
}

fn in_order(desk: &dyn Desk, day: Date) -> Reading<Vec<BoardRow>> {
    let mut rows = desk.board(day)?.rows;
    rows.sort_by_key(|row| row.number);
    rows.truncate(MOST_LINES);
    Ok(rows)
}

fn birth(row: &BoardRow, on: Date) -> String {
    row.birth_date.map(|birth| show::birth(JA, birth, on)).unwrap_or_default()
}

fn share(row: &BoardRow) -> String {
    row.ratio_tenths.map(|share| show::tenths(JA, share)).unwrap_or_default()
}

fn day_row(row: &BoardRow, day: Date) -> DayRow {
    DayRow {
        number: row.number,
        time: time_on(row.opened_at, day),
        kana: row.name_kana.clone().unwrap_or_default(),
        name: row.name.clone().unwrap_or_default(),
        birth: birth(row, day),
        status: show::status(JA, row.status).word,
        evidence: evidence(row.evidence),
        share: share(row),
        follow_ups: row.follow_ups,
    }
}

/// A visit taken down later than it happened says so by its day.
fn time_on(at: Timestamp, day: Date) -> String {
    show::moment(JA, at, day)
}

fn month_row(row: &BoardRow, day: Date) -> MonthRow {
    let settled = matches!(row.status, VisitStatus::Confirmed | VisitStatus::Voided | VisitStatus::LeftWithoutCare);
    MonthRow {
        day: format!("{}日", day.day()),
        number: row.number,
        kana: row.name_kana.clone().unwrap_or_default(),
        name: row.name.clone().unwrap_or_default(),
        birth: birth(row, day),
        evidence: evidence(row.evidence),
        share: share(row),
        status: show::status(JA, row.status).word,
        is_unsettled: !settled,
        follow_ups: row.follow_ups,
    }
}
