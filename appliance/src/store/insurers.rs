//! Whom to phone about an insurance, as the clinic imported it.

use super::{Reading, Stored, Writing};
use rusqlite::params;
use web::port::InsurerContact;

impl Writing<'_> {
    /// Keeps these instead of what was there before.
    pub fn keep_insurers(&self, contacts: &[InsurerContact]) -> Stored<()> {
        self.transaction.execute("DELETE FROM insurer_directory", [])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT OR REPLACE INTO insurer_directory (insurer_number, name, phone) VALUES (?1, ?2, ?3)",
        )?;
        for contact in contacts {
            insert.execute(params![contact.insurer_number, contact.name, contact.phone])?;
        }
        Ok(())
    }
}

impl Reading<'_> {
    /// All of them, by number.
    pub fn insurers(&self) -> Stored<Vec<InsurerContact>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT insurer_number, name, phone FROM insurer_directory ORDER BY insurer_number")?;
        let rows = statement.query_map([], |row| {
            Ok(InsurerContact { insurer_number: row.get(0)?, name: row.get(1)?, phone: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
