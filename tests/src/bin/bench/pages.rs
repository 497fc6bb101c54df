//! Which pages a check-in writes: the log of the store holds every page of every commit, and the store knows what each belongs to.
//! A page is encrypted and authenticated before it is written, so pages are what a check-in mostly pays for besides the barrier.

use crate::clinic::Clinic;
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use serde_json::json;
use std::collections::BTreeMap;
use uketsuke::store::StoreLocation;

/// Check-ins that are looked at.
const CHECK_INS: u32 = 200;
/// Patients that no other figure takes.
const TURN: u32 = 77;
/// Trees that are named; the others are summed up.
const NAMED: usize = 12;

/// Header of the log, and of each page in it (SQLite's file format, §4.1 and §4.2).
const LOG_HEADER: usize = 32;
const PAGE_HEADER: usize = 24;

/// Counts pages, tree by tree.
pub fn measure(clinic: &Clinic) -> anyhow::Result<Vec<Row>> {
    let mut visits = clinic.return_visits(TURN, CHECK_INS + 1)?;
    // the log begins anew with the first commit after a checkpoint, and nobody copies it while commits follow one another
    clinic.save(visits.pop().context("no visits")?)?;
    let location = clinic.location();
    let before = Log::read(location)?;
    for visit in visits {
        clinic.save(visit)?;
    }
    let after = Log::read(location)?;
    ensure!(after.salt == before.salt, "the log was begun anew in between; measure again on a quieter machine");
    let written = &after.pages[before.pages.len()..];
    let each = |count: usize| count as f64 / f64::from(CHECK_INS);
    let mut trees = by_tree(location, written)?;
    trees.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rest: usize = trees.iter().skip(NAMED).map(|(_, count)| count).sum();
    let named = trees.iter().take(NAMED).map(|(tree, count)| format!("{tree} {:.2}", each(*count)));
    let words: Vec<String> = named.chain([format!("others {:.2}", each(rest))]).collect();
    Ok(vec![Row {
        what: "  pages written by one check-in".to_owned(),
        measured: format!("{:.1}: {}", each(written.len()), words.join(", ")),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({ "pages": each(written.len()), "trees": trees.iter().map(|(tree, count)| (tree, each(*count))).collect::<BTreeMap<_, _>>() }),
    }])
}

/// The numbers of the pages in the log, in the order they were written.
struct Log {
    salt: [u8; 8],
    pages: Vec<u32>,
}

impl Log {
    fn read(location: &StoreLocation) -> anyhow::Result<Log> {
        let bytes = std::fs::read(location.folder().join("record.db-wal"))?;
        let number = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
        let page_bytes = number(8).context("the log has no header")? as usize;
        let salt: [u8; 8] = bytes.get(16..24).context("the log has no header")?.try_into()?;
        let frames = bytes.get(LOG_HEADER..).unwrap_or_default().chunks_exact(PAGE_HEADER + page_bytes);
        let of_this_log = frames.take_while(|frame| frame[8..16] == salt);
        let pages = of_this_log.map(|frame| u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]));
        Ok(Log { salt, pages: pages.collect() })
    }
}

fn by_tree(location: &StoreLocation, pages: &[u32]) -> anyhow::Result<Vec<(String, usize)>> {
    let connection = location.open_reader()?;
    let mut statement = connection.prepare("SELECT pageno, name FROM dbstat")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let names: BTreeMap<u32, String> = rows.collect::<Result<_, _>>()?;
    let mut trees: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages {
        let name = names.get(page).map_or("free", String::as_str);
        *trees.entry(name.to_owned()).or_default() += 1;
    }
    Ok(trees.into_iter().collect())
}
