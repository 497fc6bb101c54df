//! The log as the feed sees it: numbers, terms, and what is known of peers.

use super::{Reading, StoreError, Stored, Writing};
use domain::Date;
use rusqlite::{OptionalExtension, params};
use sync::feed::{Acknowledged, Cursor, DayUse, Logged, Mark, Page, Position, Pulled, Term, Terms};
use sync::seal::{BoxId, HASH_PREFIX_BYTES, HashPrefix, SealedRecord};

/// Bytes of a mark as it is kept.
const MARK_BYTES: usize = 24;

/// What a peer has used of its budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseRow {
    /// the peer
    pub peer: BoxId,
    /// whether this box called
    pub calling: bool,
    /// how much, on which day
    pub used: DayUse,
}

impl Reading<'_> {
    /// Terms and end.
    pub fn feed_position(&self) -> Stored<Position> {
        let mut statement = self.connection.prepare_cached("SELECT term, first FROM feed_term ORDER BY first")?;
        let rows = statement.query_map([], |row| Ok((Term::from_bytes(row.get(0)?), number(row.get(1)?))))?;
        let terms = Terms::from_entries(rows.collect::<Result<_, _>>()?);
        let terms = terms.ok_or_else(|| StoreError::Unreadable("terms of the log".to_owned()))?;
        Ok(Position { terms, end: self.feed_end()? })
    }

    fn feed_end(&self) -> Stored<u64> {
        let mut statement = self.connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM record")?;
        Ok(number(statement.query_row([], |row| row.get(0))?))
    }

    /// Records after a number, until so many bytes are passed; at least one when there is one.
    pub fn feed_page(&self, after: u64, most_bytes: usize) -> Stored<Page> {
        let mut page = Page { records: Vec::new(), reached: self.feed_end()?.max(after) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, sealed FROM record WHERE seq > ?1 AND standing <> 9 ORDER BY seq")?;
        let mut rows = statement.query([signed(after)])?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            if bytes >= most_bytes {
                page.reached = page.records.last().map_or(after, |last: &Logged| last.sequence);
                break;
            }
            let record = SealedRecord::parse(row.get::<_, Vec<u8>>(1)?)?;
            bytes += record.bytes().len();
            page.records.push(Logged { sequence: number(row.get(0)?), record });
        }
        Ok(page)
    }

    /// The newest hashes of records after a number.
    pub fn feed_recent(&self, after: u64, most: usize) -> Stored<Vec<HashPrefix>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT substr(name, 17) FROM record WHERE seq > ?1 AND standing <> 9 ORDER BY seq DESC LIMIT ?2",
        )?;
        let rows = statement
            .query_map(params![signed(after), signed(most as u64)], |row| row.get::<_, [u8; HASH_PREFIX_BYTES]>(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records after a number whose signer was unknown when they came.
    pub fn feed_unchecked(&self, after: u64, most: usize) -> Stored<Vec<Logged>> {
        let sql = "SELECT seq, sealed FROM record WHERE seq > ?1 AND standing = 0 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![signed(after), signed(most as u64)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let record = SealedRecord::parse(row.get::<_, Vec<u8>>(1)?)?;
            found.push(Logged { sequence: number(row.get(0)?), record });
        }
        Ok(found)
    }

    /// How far a peer's log was read.
    pub fn feed_pulled(&self, peer: BoxId) -> Stored<Pulled> {
        let mut statement =
            self.connection.prepare_cached("SELECT cursor, have_after, have_next FROM feed_peer WHERE peer = ?1")?;
        let known = statement.query_row([peer.as_bytes().as_slice()], |row| {
            let cursor = Cursor::new(row.get_ref(0)?.as_blob()?.chunks_exact(MARK_BYTES).filter_map(mark).collect());
            Ok(Pulled { cursor, have_after: number(row.get(1)?), have_next: number(row.get(2)?) })
        });
        Ok(known.optional()?.unwrap_or_default())
    }

    /// What a peer has of ours.
    pub fn feed_acknowledged(&self, peer: BoxId) -> Stored<Vec<Acknowledged>> {
        let mut statement = self.connection.prepare_cached("SELECT acknowledged FROM feed_peer WHERE peer = ?1")?;
        let known = statement.query_row([peer.as_bytes().as_slice()], |row| {
            Ok(row.get_ref(0)?.as_blob()?.chunks_exact(1 + 8 + MARK_BYTES).filter_map(acknowledged).collect())
        });
        Ok(known.optional()?.unwrap_or_default())
    }

    /// What the peers used of their budgets.
    pub fn feed_uses(&self) -> Stored<Vec<UseRow>> {
        let mut statement = self.connection.prepare("SELECT peer, side, day, bytes FROM feed_use")?;
        let rows = statement.query_map([], |row| {
            let day: String = row.get(2)?;
            let (peer, calling) = (BoxId::from_bytes(row.get(0)?), row.get::<_, String>(1)? == "caller");
            Ok(Date::parse(&day).map(|day| (peer, calling, day, number(row.get::<_, i64>(3).unwrap_or(0)))))
        })?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let use_row = |(peer, calling, day, bytes)| UseRow { peer, calling, used: DayUse::of(day, bytes) };
        Ok(rows.into_iter().flatten().map(use_row).collect())
    }
}

impl Writing<'_> {
    /// Begins a term: every start of a log does, before anything is read or written.
    pub fn begin_term(&self, term: Term) -> Stored<()> {
        let end = self.reading().feed_end()?;
        self.transaction.execute("DELETE FROM feed_term WHERE first > ?1", [signed(end)])?;
        self.transaction.execute(
            "INSERT INTO feed_term (first, term) VALUES (?1, ?2)",
            params![signed(end.saturating_add(1)), term.as_bytes()],
        )?;
        Ok(())
    }

    pub(super) fn keep_cursor(&self, peer: BoxId, cursor: &Cursor) -> Stored<()> {
        let marks: Vec<u8> = cursor.marks().iter().flat_map(|mark| mark_bytes(*mark)).collect();
        self.transaction
            .prepare_cached(
                "INSERT INTO feed_peer (peer, cursor) VALUES (?1, ?2) ON CONFLICT (peer) DO UPDATE SET cursor = excluded.cursor",
            )?
            .execute(params![peer.as_bytes(), marks])?;
        Ok(())
    }

    /// Notes what of ours a peer may still offer.
    pub fn keep_have(&self, peer: BoxId, have_after: u64, have_next: u64) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO feed_peer (peer, have_after, have_next) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (peer) DO UPDATE SET have_after = excluded.have_after, have_next = excluded.have_next",
            )?
            .execute(params![peer.as_bytes(), signed(have_after), signed(have_next)])?;
        Ok(())
    }

    /// Replaces what is known of what a peer has.
    pub fn keep_acknowledged(&self, peer: BoxId, acknowledged: &[Acknowledged]) -> Stored<()> {
        let mut bytes = Vec::with_capacity(acknowledged.len() * (1 + 8 + MARK_BYTES));
        for one in acknowledged {
            bytes.push(u8::from(one.at.is_some()));
            bytes.extend(one.own.to_be_bytes());
            bytes.extend(one.at.map_or([0; MARK_BYTES], mark_bytes));
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO feed_peer (peer, acknowledged) VALUES (?1, ?2) \
                 ON CONFLICT (peer) DO UPDATE SET acknowledged = excluded.acknowledged",
            )?
            .execute(params![peer.as_bytes(), bytes])?;
        Ok(())
    }

    /// Keeps what the peers used of their budgets.
    pub fn keep_uses(&self, uses: &[UseRow]) -> Stored<()> {
        for UseRow { peer, calling, used } in uses {
            self.transaction
                .prepare_cached("INSERT OR REPLACE INTO feed_use (peer, side, day, bytes) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![
                    peer.as_bytes(),
                    if *calling { "caller" } else { "host" },
                    used.day().to_string(),
                    signed(used.bytes()),
                ])?;
        }
        Ok(())
    }
}

fn mark_bytes(mark: Mark) -> [u8; MARK_BYTES] {
    let mut bytes = [0; MARK_BYTES];
    bytes[..16].copy_from_slice(mark.term.as_bytes());
    bytes[16..].copy_from_slice(&mark.sequence.to_be_bytes());
    bytes
}

fn mark(bytes: &[u8]) -> Option<Mark> {
    let (term, sequence) = bytes.split_at_checked(16)?;
    Some(Mark {
        term: Term::from_bytes(term.try_into().ok()?),
        sequence: u64::from_be_bytes(sequence.try_into().ok()?),
    })
}

fn acknowledged(bytes: &[u8]) -> Option<Acknowledged> {
    let (own, at) = (u64::from_be_bytes(bytes.get(1..9)?.try_into().ok()?), mark(bytes.get(9..)?)?);
    Some(Acknowledged { at: (bytes.first() == Some(&1)).then_some(at), own })
}

/// Numbers of a log are positive and far below the limit.
pub(super) fn number(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
