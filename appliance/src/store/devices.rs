//! What the box remembers of its devices: healing, history, the schedule's memory, troubles counted. No card, no patient.

use super::{DocumentId, Reading, Stored, Writing};
use domain::fact::VisitId;
use domain::text::Text;
use domain::visit::VisitFact;
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;
use web::port::DeviceChange;

/// One line of a device's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLine {
    /// which device
    pub device: String,
    /// when
    pub at: Timestamp,
    /// what, in words
    pub what: Text,
}

/// What is to be remembered, together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceNotes {
    /// what is known of a device's healing, as JSON, by its name
    pub memories: Vec<(String, String)>,
    /// the memory of the schedule, as JSON
    pub runs: Option<String>,
    /// new lines of history
    pub lines: Vec<DeviceLine>,
    /// reader connection and recognition errors to be added, by the name of the reader
    pub reader_troubles: BTreeMap<String, u32>,
}

impl DeviceNotes {
    /// There is nothing to be written down.
    pub fn is_empty(&self) -> bool {
        self.memories.is_empty() && self.runs.is_none() && self.lines.is_empty() && self.reader_troubles.is_empty()
    }
}

/// Under this name the box's own clock has its lines; no device may bear it.
pub const CLOCK: &str = "clock";
/// Lines of history kept for each device.
pub const LINES_KEPT: u32 = 200;

impl Reading<'_> {
    /// What is known of each device's healing, as JSON, by its name.
    pub fn device_memories(&self) -> Stored<Vec<(String, String)>> {
        let mut statement = self.connection.prepare_cached("SELECT device, memory FROM device_memory")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The lines of history kept, oldest first.
    pub fn device_lines(&self) -> Stored<Vec<DeviceLine>> {
        let mut statement =
            self.connection.prepare_cached("SELECT device, at_ms, ja, en FROM device_line ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let what = Text { ja: row.get(2)?, en: row.get(3)? };
            Ok(DeviceLine { device: row.get(0)?, at: Timestamp::from_ms(row.get(1)?), what })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the clock of the box did, newest first: in the order it happened, which a wrong clock does not tell.
    pub fn clock_history(&self) -> Stored<Vec<DeviceChange>> {
        let query = "SELECT at_ms, ja, en FROM device_line WHERE device = ?1 ORDER BY id DESC";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([CLOCK], |row| {
            let what = Text { ja: row.get(1)?, en: row.get(2)? };
            Ok(DeviceChange { at: Timestamp::from_ms(row.get(0)?), what })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The memory of the schedule, as JSON.
    pub fn device_runs(&self) -> Stored<Option<String>> {
        let mut statement = self.connection.prepare_cached("SELECT memory FROM device_run")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?)
    }

    /// Check-ins of these days that are not settled and that somebody wrote to since an instant.
    pub fn check_ins_touched(&self, days: [Date; 2], since: Timestamp) -> Stored<u32> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT visit FROM visit_row WHERE visit_date IN (?1, ?2) AND status = 'open'")?;
        let days = days.map(|day| day.to_string());
        let open = statement.query_map(params![days[0], days[1]], |row| row.get::<_, String>(0))?;
        let mut touched = 0;
        for visit in open {
            let facts = self.facts::<VisitFact>(&DocumentId::Visit(VisitId::new(visit?)))?;
            touched += u32::from(facts.iter().any(|fact| fact.at >= since));
        }
        Ok(touched)
    }

    /// Questions handed over since an instant whose answer is awaited, and requests that are just being handed over.
    pub fn jobs_in_flight(&self, since: Timestamp) -> Stored<u32> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM job WHERE stage = 'asked' AND asked_at_ms >= ?1) + \
             (SELECT count(*) FROM request WHERE released = 0 AND made_at_ms >= ?1)",
        )?;
        Ok(statement.query_row([since.as_ms()], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Writes down what is to be remembered.
    pub fn keep_device_notes(&self, notes: &DeviceNotes, now: Timestamp) -> Stored<()> {
        for (device, memory) in &notes.memories {
            self.transaction
                .prepare_cached("INSERT OR REPLACE INTO device_memory (device, memory, at_ms) VALUES (?1, ?2, ?3)")?
                .execute(params![device, memory, now.as_ms()])?;
        }
        if let Some(runs) = &notes.runs {
            self.transaction
                .prepare_cached("INSERT OR REPLACE INTO device_run (only_row, memory, at_ms) VALUES (1, ?1, ?2)")?
                .execute(params![runs, now.as_ms()])?;
        }
        for line in &notes.lines {
            self.keep_device_line(line)?;
        }
        for (reader, count) in &notes.reader_troubles {
            self.count_reader_troubles(*count, now)?;
            self.count_reader_troubles_of(reader, *count, now)?;
        }
        Ok(())
    }

    fn keep_device_line(&self, line: &DeviceLine) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO device_line (device, at_ms, ja, en) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![line.device, line.at.as_ms(), line.what.ja, line.what.en])?;
        self.transaction
            .prepare_cached(
                "DELETE FROM device_line WHERE device = ?1 AND id <= \
                 (SELECT id FROM device_line WHERE device = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            )?
            .execute(params![line.device, LINES_KEPT])?;
        Ok(())
    }
}
