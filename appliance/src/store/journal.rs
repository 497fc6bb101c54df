//! The outage journal: every change of every link, with its cause (REQ-19, REQ-23).

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use domain::link::{Cause, Link, LinkState, LinkStatus, Links};
use rusqlite::params;
use web::port::JournalEntry;

/// One change of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// which link
    pub link: Link,
    /// what it became
    pub state: LinkState,
    /// for the technician; never personal data
    pub detail: Option<String>,
}

impl Reading<'_> {
    /// The links as they were last seen, at start.
    pub fn last_links(&self) -> Stored<Links> {
        let mut links = Links::UNKNOWN;
        for link in Link::ALL {
            let mut statement = self.connection.prepare_cached(
                "SELECT status, cause, from_ms FROM journal WHERE link = ?1 ORDER BY from_ms DESC, id DESC LIMIT 1",
            )?;
            let mut rows = statement.query([link.code()])?;
            if let Some(row) = rows.next()? {
                let status = LinkStatus::from_code(&row.get::<_, String>(0)?).unwrap_or(LinkStatus::Unknown);
                let cause = row.get::<_, Option<String>>(1)?.as_deref().and_then(Cause::from_code);
                *links.get_mut(*link) = LinkState { status, since: Some(Timestamp::from_ms(row.get(2)?)), cause };
            }
        }
        Ok(links)
    }

    /// What the links did, newest first.
    pub fn journal(&self, limit: u32) -> Stored<Vec<JournalEntry>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT link, status, cause, from_ms, detail, \
             (SELECT min(n.from_ms) FROM journal n WHERE n.link = j.link AND n.id > j.id) AS until_ms \
             FROM journal j ORDER BY from_ms DESC, id DESC LIMIT ?1",
        )?;
        let mut rows = statement.query([limit])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let (Some(link), Some(status)) =
                (Link::from_code(&row.get::<_, String>(0)?), LinkStatus::from_code(&row.get::<_, String>(1)?))
            else {
                continue;
            };
            entries.push(JournalEntry {
                link,
                status,
                cause: row.get::<_, Option<String>>(2)?.as_deref().and_then(Cause::from_code),
                from: Timestamp::from_ms(row.get(3)?),
                until: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_ms),
                detail: row.get(4)?,
            });
        }
        Ok(entries)
    }
}

impl Writing<'_> {
    /// Notes a change of a link.
    pub fn keep_journal(&self, row: &JournalRow, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO journal (link, status, cause, from_ms, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                row.link.code(),
                row.state.status.code(),
                row.state.cause.map(Cause::code),
                row.state.since.unwrap_or(now).as_ms(),
                row.detail
            ])?;
        Ok(())
    }
}
