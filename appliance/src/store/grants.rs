//! Keys for the other boxes, and the statements this box brings into the log.

use super::records::{names_of, standing};
use super::{Reading, StoreError, Stored, Writing};
use rusqlite::params;
use sync::facility::Statement;
use sync::seal::{BoxId, DocumentTag, KeyId, RecordKind, SealedRecord};

/// Most keys in one grant.
const MOST_KEYS: usize = 1_000;

impl Reading<'_> {
    /// Every statement about membership in the log.
    pub fn statements(&self) -> Stored<Vec<Statement>> {
        let mut statement = self.connection.prepare(
            "SELECT sealed FROM record WHERE name BETWEEN ?1 AND ?2 AND substr(sealed, 61, 1) = ?3 AND standing <> 9",
        )?;
        let [first, last] = names_of(DocumentTag::FACILITY);
        let rows =
            statement.query_map(params![first, last, [RecordKind::MEMBERSHIP.0]], |row| row.get::<_, Vec<u8>>(0))?;
        let mut statements = Vec::new();
        for sealed in rows {
            let record = SealedRecord::parse(sealed?)?;
            statements.extend(Statement::decode(record.content()).ok());
        }
        Ok(statements)
    }

    fn granted_to(&self, member: BoxId) -> Stored<Vec<KeyId>> {
        let mut statement = self.connection.prepare_cached("SELECT key FROM key_granted WHERE member = ?1")?;
        let rows = statement.query_map([member.as_bytes().as_slice()], |row| row.get(0).map(KeyId::from_bytes))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Brings a statement into the log and takes note of it.
    pub fn state(&self, statement: &Statement) -> Stored<()> {
        let record = self.vault.seal_statement(statement)?;
        self.keep_record(&record, standing::COUNTS)?;
        self.note_welcomed(Some(statement))?;
        self.vault.hear([statement.clone()]);
        Ok(())
    }

    /// Hands every other box the keys it was not handed by this one yet. One that was let in while the two were apart gets them, too;
    /// and so does the one that made them: it may go on from a copy of its disk that is older than the key.
    pub fn grant_what_is_due(&self) -> Stored<()> {
        if !self.vault.take_grants_due() || !self.vault.is_member() {
            return Ok(());
        }
        self.grant_to_all().inspect_err(|_| self.vault.grants_are_due())
    }

    fn grant_to_all(&self) -> Stored<()> {
        let held = self.vault.key_names();
        for (member, introduction) in self.vault.other_boxes() {
            let granted = self.reading().granted_to(member)?;
            let due: Vec<KeyId> = held.iter().filter(|key| !granted.contains(key)).copied().collect();
            for keys in due.chunks(MOST_KEYS) {
                let record = self.vault.grant(&introduction, keys)?;
                self.keep_record(&record, standing::COUNTS)?;
                keys.iter().try_for_each(|key| self.note_granted(member, *key))?;
            }
        }
        Ok(())
    }

    /// Who was let in got with the welcome what the box that let it in had: it is not granted again through the log, where it would stay.
    pub(super) fn note_welcomed(&self, statement: Option<&Statement>) -> Stored<()> {
        let Some(statement) = statement else { return Ok(()) };
        let Some(newcomer) = statement.said().introduces().map(|introduction| introduction.id()) else { return Ok(()) };
        let by = statement.signer();
        if newcomer == by || self.vault.membership().member(by).is_none() {
            return Ok(());
        }
        let handed = if by == self.vault.id() { self.vault.key_names() } else { self.reading().granted_to(by)? };
        handed.into_iter().try_for_each(|key| self.note_granted(newcomer, key))
    }

    fn note_granted(&self, member: BoxId, key: KeyId) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO key_granted (member, key) VALUES (?1, ?2)")?
            .execute(params![member.as_bytes(), key.as_bytes()])
            .map_err(StoreError::from)?;
        Ok(())
    }
}
