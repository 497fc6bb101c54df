//! A day, a blank day, a month.

use super::{JA, evidence};
use crate::port::{BoardRow, ClaimFilter, ClaimItem, ClaimQuery, Desk, Reading};
use crate::show;
use domain::claim::warning::payer_body_words;
use domain::claim::{ClaimBasis, Month};
use domain::fact::Author;
use domain::{Date, Timestamp};
use paper::{BlankDay, DayList, DayRow, MOST_LINES, MonthEnd, MonthRow, Paper};

/// Claims read at a time.
const CLAIMS_AT_ONCE: u32 = 500;

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

/// The claims of a month, as far as a paper can hold them.
pub(super) fn month_end(desk: &dyn Desk, month: Date) -> Reading<MonthEnd> {
    let mut query = ClaimQuery {
        month: Month::of(month),
        filter: ClaimFilter::All,
        after: None,
        limit: CLAIMS_AT_ONCE,
        by: Author::the_box(),
    };
    let mut rows = Vec::new();
    let totals = loop {
        let part = desk.claims(&query)?;
        rows.extend(part.items.iter().map(month_row));
        query.after = part.next;
        if query.after.is_none() || rows.len() >= MOST_LINES {
            break part.totals;
        }
    };
    rows.truncate(MOST_LINES);
    let basis = |basis: ClaimBasis, count: u32| (JA.of(&basis.words()), count);
    let totals = vec![
        basis(ClaimBasis::Current, totals.current),
        basis(ClaimBasis::Former, totals.former),
        basis(ClaimBasis::Unknown, totals.unknown),
        basis(ClaimBasis::Hold, totals.hold),
        ("請求なし".to_owned(), totals.not_claimed),
        ("確かめる".to_owned(), totals.needs_somebody),
    ];
    Ok(MonthEnd { month: format!("{}年{}月", month.year(), month.month()), rows, totals })
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

fn month_row(item: &ClaimItem) -> MonthRow {
    let claim = &item.line;
    let is_claimed = claim.not_claimed.is_none();
    let goes_somewhere = is_claimed && claim.basis != ClaimBasis::Hold;
    let basis = claim.not_claimed.map_or_else(|| claim.basis.words(), |none| none.words());
    MonthRow {
        day: format!("{}日", item.visit_date.day()),
        number: item.patient_number.clone().unwrap_or_default(),
        kana: item.name_kana.clone().unwrap_or_default(),
        name: item.name.clone().unwrap_or_default(),
        basis: JA.of(&basis),
        provisional: claim.provisional && is_claimed,
        numbers: claim.coverage.as_ref().map(show::insured_numbers).unwrap_or_default(),
        payer_body: if goes_somewhere { JA.of(&payer_body_words(claim.payer_body)) } else { String::new() },
        share: claim.ratio_tenths.map(|share| show::tenths(JA, share)).unwrap_or_default(),
        evidence: evidence(claim.evidence),
        remarks: claim.remark_lines.clone(),
        warnings: claim.warnings.iter().map(|warning| JA.of(&warning.label())).collect(),
        needs_somebody: claim.needs_somebody(),
    }
}
