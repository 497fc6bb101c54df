//! Cards that may be recognised, and who erased them.
//!
//! A token is a key of its patient like name and birth date ('t:'), so it is made again from the record like they are. Nobody can
//! search for one: what staff type is never looked for among these keys.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use domain::card_token::CardToken;
use domain::fact::{Author, PatientId};
use rusqlite::params;
use web::port::{Erasure, PatientHit};

/// All keys of cards lie from here …
const FIRST: &str = "t:";
/// … to before here.
const BEHIND: &str = "t;";

/// Erasures that are shown.
const SHOWN: u32 = 10;

pub(super) fn card_key(token: &CardToken) -> String {
    format!("{FIRST}{}", token.as_str())
}

impl Reading<'_> {
    /// Patients this card was seen with: one; or several, when somebody was mistaken.
    pub fn patients_by_card(&self, token: &CardToken) -> Stored<Vec<PatientHit>> {
        self.patients_by_key(&card_key(token))
    }

    /// Patients of whom any card may be recognised.
    pub fn patients_with_cards(&self) -> Stored<Vec<PatientId>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT DISTINCT patient FROM patient_key WHERE key >= ?1 AND key < ?2 ORDER BY patient")?;
        let patients = statement.query_map([FIRST, BEHIND], |row| row.get::<_, String>(0))?;
        Ok(patients.map(|patient| patient.map(PatientId::new)).collect::<Result<_, _>>()?)
    }

    /// How many tokens are kept, and of how many patients.
    pub fn cards_kept(&self) -> Stored<(u32, u32)> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT count(*), count(DISTINCT patient) FROM patient_key WHERE key >= ?1 AND key < ?2")?;
        Ok(statement.query_row([FIRST, BEHIND], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Who erased the tokens, newest first.
    pub fn erasures(&self) -> Stored<Vec<Erasure>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT e.at_ms, e.author, s.name, e.patients FROM recognition_erasure e LEFT JOIN staff s ON s.author = e.author \
             ORDER BY e.id DESC LIMIT ?1",
        )?;
        let erasures = statement.query_map([SHOWN], |row| {
            let author: String = row.get(1)?;
            Ok(Erasure {
                at: Timestamp::from_ms(row.get(0)?),
                by: row.get::<_, Option<String>>(2)?.unwrap_or(author),
                patients: row.get(3)?,
            })
        })?;
        Ok(erasures.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Takes away what is left of the tokens: rows of patients whose record cannot be read.
    pub fn drop_card_keys(&self) -> Stored<()> {
        let mut delete = self.transaction.prepare_cached("DELETE FROM patient_key WHERE key >= ?1 AND key < ?2")?;
        delete.execute([FIRST, BEHIND])?;
        Ok(())
    }

    /// Notes that the tokens of so many patients were erased.
    pub fn keep_erasure(&self, by: &Author, patients: u32, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO recognition_erasure (at_ms, author, patients) VALUES (?1, ?2, ?3)")?
            .execute(params![now.as_ms(), by.as_str(), patients])?;
        Ok(())
    }
}
