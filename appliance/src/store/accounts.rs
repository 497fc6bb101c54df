//! Staff accounts, sessions, API tokens. Tokens are kept as hashes only.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use rusqlite::{OptionalExtension, params};

/// A staff account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// id that stands in facts
    pub author: String,
    /// name on the screen
    pub name: String,
    /// argon2id, in the PHC form
    pub password_hash: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// whose
    pub author: String,
    /// name on the screen
    pub name: String,
    /// token of the forms
    pub csrf: String,
    /// when it began
    pub created_at: Timestamp,
    /// when it was last used
    pub seen_at: Timestamp,
}

impl Reading<'_> {
    /// Whether there is any account.
    pub fn has_accounts(&self) -> Stored<bool> {
        Ok(self.connection.query_row("SELECT EXISTS (SELECT 1 FROM staff)", [], |row| row.get(0))?)
    }

    /// The account with this name.
    pub fn staff_by_name(&self, name: &str) -> Stored<Option<StaffRow>> {
        let mut statement =
            self.connection.prepare_cached("SELECT author, name, password_hash FROM staff WHERE name = ?1")?;
        let staff = statement.query_row([name], |row| {
            Ok(StaffRow { author: row.get(0)?, name: row.get(1)?, password_hash: row.get(2)? })
        });
        Ok(staff.optional()?)
    }

    /// The session with this token hash.
    pub fn session(&self, token_hash: &[u8; 32]) -> Stored<Option<SessionRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.author, a.name, s.csrf, s.created_at_ms, s.seen_at_ms FROM session s JOIN staff a ON a.author = s.author \
             WHERE s.token_hash = ?1",
        )?;
        let session = statement.query_row([token_hash], |row| {
            Ok(SessionRow {
                author: row.get(0)?,
                name: row.get(1)?,
                csrf: row.get(2)?,
                created_at: Timestamp::from_ms(row.get(3)?),
                seen_at: Timestamp::from_ms(row.get(4)?),
            })
        });
        Ok(session.optional()?)
    }

    /// Author and name behind an API token hash.
    pub fn api_account(&self, token_hash: &[u8; 32]) -> Stored<Option<(String, String)>> {
        let mut statement =
            self.connection.prepare_cached("SELECT author, name FROM api_token WHERE token_hash = ?1")?;
        Ok(statement.query_row([token_hash], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }
}

impl Writing<'_> {
    /// Keeps a new account.
    pub fn keep_staff(&self, staff: &StaffRow, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO staff (author, name, password_hash, created_at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![staff.author, staff.name, staff.password_hash, now.as_ms()])?;
        Ok(())
    }

    /// Opens a session.
    pub fn open_session(&self, token_hash: &[u8; 32], author: &str, csrf: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO session (token_hash, author, csrf, created_at_ms, seen_at_ms) VALUES (?1, ?2, ?3, ?4, ?4)",
            )?
            .execute(params![token_hash, author, csrf, now.as_ms()])?;
        Ok(())
    }

    /// Notes that a session was used.
    pub fn touch_session(&self, token_hash: &[u8; 32], now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE session SET seen_at_ms = ?2 WHERE token_hash = ?1")?
            .execute(params![token_hash, now.as_ms()])?;
        Ok(())
    }

    /// Ends a session.
    pub fn close_session(&self, token_hash: &[u8; 32]) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM session WHERE token_hash = ?1")?.execute([token_hash])?;
        Ok(())
    }

    /// Ends every session not used since an instant or begun before another.
    pub fn close_old_sessions(&self, idle_since: Timestamp, begun_before: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("DELETE FROM session WHERE seen_at_ms < ?1 OR created_at_ms < ?2")?
            .execute(params![idle_since.as_ms(), begun_before.as_ms()])?;
        Ok(())
    }

    /// Keeps an API token.
    pub fn keep_api_token(&self, token_hash: &[u8; 32], author: &str, name: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT INTO api_token (token_hash, author, name, created_at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![token_hash, author, name, now.as_ms()])?;
        Ok(())
    }
}
