//! One facility's log in the hub's store.

mod places;
mod tail;

use crate::store::facilities::statements;
use crate::store::{Row, Sql, Store, StoreFailure, Stored, Value, stands_for};
use std::sync::Arc;
use sync::facility::{BoxId, FacilityId, Statement};
use sync::feed::{
    Acknowledged, Arrival, Cursor, FeedLog, HeldSnapshot, LogFailure, Logged, Outcome, Page, Position, Pulled, Term,
    Terms,
};
use sync::seal::{HashPrefix, RecordHash, SealedRecord, Standing};
use tail::Tail;

/// Most records in a page.
const PAGE_RECORDS: usize = 512;

/// One facility's log. Any number of these, in any number of processes, stand upon the same rows.
pub struct HubLog {
    store: Arc<Store>,
    owner: BoxId,
    facility: FacilityId,
}

impl HubLog {
    /// The log of an enrolled facility.
    pub fn new(store: Arc<Store>, owner: BoxId, facility: FacilityId) -> HubLog {
        HubLog { store, owner, facility }
    }

    /// All that was said about the facility's members.
    ///
    /// # Errors
    /// The store's.
    pub fn statements(&self) -> Stored<Vec<Statement>> {
        self.store.read(|sql| statements(sql, self.facility))
    }

    fn named(&self, peer: BoxId) -> [Value; 2] {
        [self.facility.into(), peer.into()]
    }

    fn read_position(&self, sql: &mut dyn Sql) -> Stored<Position> {
        let rows = sql.query(
            "SELECT facility.last, term.first, term.term FROM facility JOIN term ON term.facility = facility.id \
             WHERE facility.id = $1 ORDER BY term.first",
            &[self.facility.into()],
        )?;
        let end = rows.first().ok_or(StoreFailure::Damaged("a log has no term"))?.count(0)?;
        let entries = rows.iter().map(|row| Ok((Term::from_bytes(row.array(2)?), row.count(1)?)));
        let terms = Terms::from_entries(entries.collect::<Stored<_>>()?);
        Ok(Position { terms: terms.ok_or(StoreFailure::Damaged("terms are out of order"))?, end })
    }

    fn page(&self, sql: &mut dyn Sql, after: u64, most_bytes: usize) -> Stored<Page> {
        // The end first: whatever is numbered up to it is committed.
        let rows = sql.query("SELECT last FROM facility WHERE id = $1", &[self.facility.into()])?;
        let end = rows.first().map_or(Ok(0), |row| row.count(0))?;
        let reached = match self.cut(sql, after, end, most_bytes)? {
            Some(cut) => cut,
            None => end.max(after),
        };
        let rows = sql.query(
            "SELECT sequence, bytes FROM record WHERE facility = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence",
            &[self.facility.into(), after.into(), reached.into()],
        )?;
        Ok(Page { records: rows.iter().map(logged).collect::<Stored<_>>()?, reached })
    }

    fn snapshot_page(&self, sql: &mut dyn Sql, after: u64, most_bytes: usize) -> Stored<Page> {
        let end = self.read_position(sql)?.end;
        let mut page = Page { records: Vec::new(), reached: end.max(after) };
        let mut bytes = 0;
        let numbers = stands_for::snapshots_after(sql, self.facility, after, PAGE_RECORDS)?;
        for number in &numbers {
            if bytes >= most_bytes && !page.records.is_empty() {
                break;
            }
            let rows = sql.query(
                "SELECT sequence, bytes FROM record WHERE facility = $1 AND sequence = $2",
                &[self.facility.into(), (*number).into()],
            )?;
            for row in &rows {
                let logged = logged(row)?;
                bytes += logged.record.bytes().len();
                page.records.push(logged);
            }
            page.reached = *number;
        }
        if numbers.len() < PAGE_RECORDS && numbers.last().is_none_or(|last| *last == page.reached) {
            page.reached = end.max(after);
        }
        Ok(page)
    }

    /// Where a page has to end before the end of the log.
    fn cut(&self, sql: &mut dyn Sql, after: u64, end: u64, most_bytes: usize) -> Stored<Option<u64>> {
        let sizes = sql.query(
            "SELECT sequence, size FROM record WHERE facility = $1 AND sequence > $2 AND sequence <= $3 \
             ORDER BY sequence LIMIT $4",
            &[self.facility.into(), after.into(), end.into(), PAGE_RECORDS.into()],
        )?;
        let mut bytes = 0;
        let mut last = None;
        for row in &sizes {
            if bytes >= most_bytes as u64 && last.is_some() {
                return Ok(last);
            }
            bytes += row.count(1)?;
            last = Some(row.count(0)?);
        }
        Ok(last.filter(|_| sizes.len() == PAGE_RECORDS))
    }

    fn peer(&self, sql: &mut dyn Sql, peer: BoxId) -> Stored<Option<Row>> {
        let rows = sql.query(
            "SELECT place, have_after, have_next, acknowledged FROM peer WHERE facility = $1 AND id = $2",
            &self.named(peer),
        )?;
        Ok(rows.into_iter().next())
    }

    /// Makes sure that there is a row for a peer.
    fn know(&self, sql: &mut dyn Sql, peer: BoxId) -> Stored<()> {
        let [facility, id] = self.named(peer);
        let nothing = Value::Bytes(Vec::new());
        sql.execute(
            "INSERT INTO peer (facility, id, place, have_after, have_next, acknowledged) VALUES ($1, $2, $3, 0, 0, $4) \
             ON CONFLICT (facility, id) DO NOTHING",
            &[facility, id, nothing.clone(), nothing],
        )
        .map(drop)
    }

    fn keep_cursor(&self, sql: &mut dyn Sql, peer: BoxId, cursor: &Cursor) -> Stored<()> {
        self.know(sql, peer)?;
        let [facility, id] = self.named(peer);
        let place = Value::Bytes(places::write_cursor(cursor));
        sql.execute("UPDATE peer SET place = $3 WHERE facility = $1 AND id = $2", &[facility, id, place]).map(drop)
    }
}

fn logged(row: &Row) -> Stored<Logged> {
    let record = SealedRecord::parse(row.bytes(1)?).map_err(|_| StoreFailure::Damaged("a record"))?;
    Ok(Logged { sequence: row.count(0)?, record })
}

impl FeedLog for HubLog {
    fn owner(&self) -> BoxId {
        self.owner
    }

    fn position(&self) -> Result<Position, LogFailure> {
        Ok(self.store.read(|sql| self.read_position(sql))?)
    }

    fn append(&self, arrivals: &[Arrival], pulled: Option<(BoxId, &Cursor)>) -> Result<Vec<Outcome>, LogFailure> {
        let outcomes = self.store.write(|sql| {
            if let Some((peer, cursor)) = pulled {
                self.keep_cursor(sql, peer, cursor)?;
            }
            let mut tail = Tail::lock(sql, self.facility)?;
            let outcomes = arrivals.iter().map(|arrival| tail.keep(arrival)).collect::<Stored<Vec<_>>>()?;
            tail.finish()?;
            Ok(outcomes)
        });
        Ok(outcomes?)
    }

    fn read_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure> {
        Ok(self.store.read(|sql| self.page(sql, after, most_bytes))?)
    }

    fn stood_for(&self, after: u64, up_to: u64) -> Result<Vec<(u64, HashPrefix)>, LogFailure> {
        Ok(self.store.read(|sql| stands_for::between(sql, self.facility, after, up_to))?)
    }

    fn snapshots_after(&self, after: u64, most_bytes: usize) -> Result<Page, LogFailure> {
        Ok(self.store.read(|sql| self.snapshot_page(sql, after, most_bytes))?)
    }

    /// A hub asks nobody.
    fn snapshots(&self, _: usize) -> Result<Vec<HeldSnapshot>, LogFailure> {
        Ok(Vec::new())
    }

    fn recent(&self, after: u64, most: usize) -> Result<Vec<HashPrefix>, LogFailure> {
        let rows = self.store.read(|sql| {
            sql.query(
                "SELECT hash FROM record WHERE facility = $1 AND sequence > $2 ORDER BY sequence DESC LIMIT $3",
                &[self.facility.into(), after.into(), most.into()],
            )
        })?;
        let prefix = |row: &Row| Ok(RecordHash::from_bytes(row.array(0)?).prefix());
        Ok(rows.iter().map(prefix).collect::<Stored<_>>()?)
    }

    fn pulled(&self, peer: BoxId) -> Result<Pulled, LogFailure> {
        let Some(row) = self.store.read(|sql| self.peer(sql, peer))? else { return Ok(Pulled::default()) };
        let cursor = places::read_cursor(row.bytes(0)?)?;
        Ok(Pulled { cursor, have_after: row.count(1)?, have_next: row.count(2)? })
    }

    fn keep_have(&self, peer: BoxId, have_after: u64, have_next: u64) -> Result<(), LogFailure> {
        Ok(self.store.write(|sql| {
            self.know(sql, peer)?;
            let [facility, id] = self.named(peer);
            sql.execute(
                "UPDATE peer SET have_after = $3, have_next = $4 WHERE facility = $1 AND id = $2",
                &[facility, id, have_after.into(), have_next.into()],
            )
            .map(drop)
        })?)
    }

    fn acknowledged(&self, peer: BoxId) -> Result<Vec<Acknowledged>, LogFailure> {
        match self.store.read(|sql| self.peer(sql, peer))? {
            Some(row) => Ok(places::read_acknowledged(row.bytes(3)?)?),
            None => Ok(Vec::new()),
        }
    }

    fn keep_acknowledged(&self, peer: BoxId, acknowledged: &[Acknowledged]) -> Result<(), LogFailure> {
        Ok(self.store.write(|sql| {
            self.know(sql, peer)?;
            let [facility, id] = self.named(peer);
            let places = Value::Bytes(places::write_acknowledged(acknowledged));
            sql.execute("UPDATE peer SET acknowledged = $3 WHERE facility = $1 AND id = $2", &[facility, id, places])
                .map(drop)
        })?)
    }

    fn unchecked(&self, after: u64, most: usize) -> Result<Vec<Logged>, LogFailure> {
        let rows = self.store.read(|sql| {
            sql.query(
                "SELECT sequence, bytes FROM record WHERE facility = $1 AND sequence > $2 AND unchecked = 1 \
                 ORDER BY sequence LIMIT $3",
                &[self.facility.into(), after.into(), most.into()],
            )
        })?;
        Ok(rows.iter().map(logged).collect::<Stored<_>>()?)
    }

    fn settle(&self, sequence: u64, standing: Option<Standing>) -> Result<(), LogFailure> {
        Ok(self.store.write(|sql| {
            let mut tail = Tail::lock(sql, self.facility)?;
            tail.settle(sequence, standing)?;
            tail.finish()
        })?)
    }
}
