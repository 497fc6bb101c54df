//! Files of claims: one line a visit, in columns that stay, in the letters a receipt computer reads.
//!
//! Written in parts, so that a month of any size needs no more memory than one part. What the letters of a file cannot carry is written
//! as 〓 and named: in the last column of its own line, and to whoever asked for the file.

mod column;
mod layout;
mod letters;

pub use layout::{Layout, Layouts, Located};

use crate::store::{Reading, Stored};
use domain::fact::Author;
use domain::text::Text;
use letters::{Letters, REPLACED};
use web::port::{ClaimFilePart, ClaimFileQuery, ClaimFilter, ClaimItem, ClaimQuery};

/// Visits in one part.
const VISITS_IN_A_PART: u32 = 500;

/// The part of a file that a query asks for.
pub fn part(reading: &Reading<'_>, layout: &Layout, query: &ClaimFileQuery) -> Stored<ClaimFilePart> {
    let wanted = ClaimQuery {
        month: query.month,
        filter: ClaimFilter::All,
        after: query.after.clone(),
        limit: VISITS_IN_A_PART,
        by: Author::the_box(),
    };
    let (items, more) = reading.claims(&wanted)?;
    let mut file = Part::new(layout, query);
    if query.after.is_none() {
        file.begin();
    }
    items.iter().for_each(|item| file.line(item));
    Ok(ClaimFilePart {
        next: items.last().filter(|_| more).map(|item| item.visit.clone()),
        visits: u32::try_from(items.len()).unwrap_or(u32::MAX),
        encoding: file.letters.encoding(),
        bytes: file.bytes,
        unwritable: file.unwritable,
    })
}

struct Part<'a> {
    layout: &'a Layout,
    letters: Letters,
    bytes: Vec<u8>,
    unwritable: Vec<Text>,
}

impl<'a> Part<'a> {
    fn new(layout: &'a Layout, query: &ClaimFileQuery) -> Part<'a> {
        let letters = Letters::of(query.encoding.unwrap_or(layout.encoding));
        Part { layout, letters, bytes: Vec::new(), unwritable: Vec::new() }
    }

    fn begin(&mut self) {
        self.bytes.extend(self.letters.mark());
        if self.layout.titles {
            let titles: Vec<String> = self.layout.columns.iter().map(|column| column.title.clone()).collect();
            self.write(&titles);
        }
    }

    fn line(&mut self, item: &ClaimItem) {
        let mut cells: Vec<String> = self.layout.columns.iter().map(|column| column.value(item)).collect();
        let mut named = Vec::new();
        for (column, cell) in self.layout.columns.iter().zip(&mut cells) {
            let lost = self.letters.cannot_write(cell);
            if lost.is_empty() {
                continue;
            }
            let codes: Vec<String> = lost.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
            named.push(format!("{}:{}", column.title, codes.join(" ")));
            *cell = cell.chars().map(|c| if lost.contains(&c) { REPLACED } else { c }).collect();
        }
        if !named.is_empty() {
            let named = named.join(" / ");
            let day = item.visit_date;
            self.unwritable.push(Text::new(
                format!("{day} の受付 {}：{named}", item.visit),
                format!("visit {} of {day}: {named}", item.visit),
            ));
            for (column, cell) in self.layout.columns.iter().zip(&mut cells) {
                if column.names_replaced() {
                    named.clone_into(cell);
                }
            }
        }
        self.write(&cells);
    }

    fn write(&mut self, cells: &[String]) {
        let separator = self.layout.separator;
        let line: Vec<String> = cells.iter().map(|cell| quoted(cell, separator, self.layout.quote_all)).collect();
        let line = format!("{}\r\n", line.join(&separator.to_string()));
        self.bytes.extend(self.letters.write(&line));
    }
}

/// A cell as spreadsheets and receipt computers read it. Line breaks become spaces. A cell is data, never a formula: what a spreadsheet
/// would work out is written with a leading quotation mark.
fn quoted(cell: &str, separator: char, always: bool) -> String {
    let cell: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cell = if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell };
    if always || cell.contains([separator, '"']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_data_whatever_stands_in_them() {
        assert_eq!(quoted("見本", ',', false), "見本");
        assert_eq!(quoted("a,b", ',', false), "\"a,b\"");
        assert_eq!(quoted("a,b", '\t', false), "a,b");
        assert_eq!(quoted("say \"yes\"", ',', false), "\"say \"\"yes\"\"\"");
        assert_eq!(quoted("=1+1", ',', false), "'=1+1");
        assert_eq!(quoted("two\r\nlines", ',', true), "\"two  lines\"");
    }
}
