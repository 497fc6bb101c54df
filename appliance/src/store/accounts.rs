//! Staff accounts, sessions, API tokens. Tokens are kept as hashes only.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use web::port::{Look, Policy, Role};

/// A staff account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// id that stands in facts
    pub author: String,
    /// name on the screen
    pub name: String,
    /// argon2id, in the PHC form
    pub password_hash: String,
    /// what for
    pub role: Role,
    /// may not sign in
    pub is_locked: bool,
    /// a manager made the password
    pub has_first_password: bool,
    /// argon2id of the switch code, while it is good
    pub switch_hash: Option<String>,
    /// secret of the second factor
    pub totp_secret: Option<Vec<u8>>,
    /// a secret that was shown and is not confirmed
    pub totp_pending: Option<Vec<u8>>,
    /// the last step that was used
    pub totp_step: i64,
    /// passkeys that open something
    pub passkeys: u32,
    /// from when until when a vendor may sign in
    pub window: Option<(Timestamp, Timestamp)>,
    /// when the account was made
    pub created_at: Timestamp,
}

impl StaffRow {
    /// A new account that may sign in with this password.
    pub fn new(author: String, name: String, password_hash: String, role: Role, now: Timestamp) -> StaffRow {
        StaffRow {
            author,
            name,
            password_hash,
            role,
            is_locked: false,
            has_first_password: false,
            switch_hash: None,
            totp_secret: None,
            totp_pending: None,
            totp_step: 0,
            passkeys: 0,
            window: None,
            created_at: now,
        }
    }

    /// Whether the password alone is not enough.
    pub fn has_second_factor(&self) -> bool {
        self.totp_secret.is_some() || self.passkeys > 0
    }

    /// Whether the account may be used at an instant, as far as locks and windows go.
    pub fn may_be_used(&self, now: Timestamp) -> bool {
        !self.is_locked && may_be_in(self.role, self.window, now)
    }
}

/// A vendor may be in only while the window is open.
pub fn may_be_in(role: Role, window: Option<(Timestamp, Timestamp)>, now: Timestamp) -> bool {
    role != Role::Vendor || window.is_some_and(|(from, until)| from <= now && now < until)
}

/// A session, with what of its account decides how far it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// whose
    pub staff: StaffRow,
    /// token of the forms
    pub csrf: String,
    /// at which counter
    pub counter: String,
    /// the second factor is still to come
    pub awaits_code: bool,
    /// somebody locked it
    pub is_locked: bool,
    /// when it began
    pub created_at: Timestamp,
    /// when it was last used
    pub seen_at: Timestamp,
    /// how its person wants the pages
    pub look: Look,
}

/// A session to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// hash of the token
    pub token_hash: [u8; 32],
    /// whose
    pub author: String,
    /// token of the forms
    pub csrf: String,
    /// at which counter
    pub counter: String,
    /// the second factor is still to come
    pub awaits_code: bool,
}

/// The author of what is done with the code in the envelope.
pub const EMERGENCY: &str = "emergency";

/// Wrong switch codes after which the code is dead until its owner signs in with the password.
const MOST_SWITCH_FAILURES: u32 = 5;

const STAFF: &str = "a.author, a.name, a.password_hash, a.role, a.locked, a.first_password, a.switch_hash, a.switch_failures, a.totp_secret, \
     a.totp_pending, a.totp_step, a.from_ms, a.until_ms, a.created_at_ms, \
     (SELECT count(*) FROM passkey p WHERE p.author = a.author AND p.suspended = 0)";

impl Reading<'_> {
    /// Whether there is any account.
    pub fn has_accounts(&self) -> Stored<bool> {
        Ok(self.connection.query_row("SELECT EXISTS (SELECT 1 FROM staff)", [], |row| row.get(0))?)
    }

    /// The account with this name.
    pub fn staff_by_name(&self, name: &str) -> Stored<Option<StaffRow>> {
        self.one_staff("a.name = ?1", name)
    }

    /// The account with this id.
    pub fn staff_by_author(&self, author: &str) -> Stored<Option<StaffRow>> {
        self.one_staff("a.author = ?1", author)
    }

    fn one_staff(&self, which: &str, value: &str) -> Stored<Option<StaffRow>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {STAFF} FROM staff a WHERE {which}"))?;
        Ok(statement.query_row([value], staff_row).optional()?)
    }

    /// Every account of a person, in the order they were made.
    pub fn all_staff(&self) -> Stored<Vec<StaffRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {STAFF} FROM staff a WHERE a.author <> ?1 ORDER BY a.created_at_ms, a.author"
        ))?;
        let staff = statement.query_map([EMERGENCY], staff_row)?;
        Ok(staff.collect::<Result<_, _>>()?)
    }

    /// Recovery codes an account has left.
    pub fn recovery_codes(&self, author: &str) -> Stored<u32> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM recovery_code WHERE author = ?1")?;
        Ok(statement.query_row([author], |row| row.get(0))?)
    }

    /// What the facility asks of its people.
    pub fn policy(&self) -> Stored<Policy> {
        let mut statement = self.connection.prepare_cached("SELECT second_factor, lock_minutes FROM people_policy")?;
        let (roles, lock_minutes): (String, u32) = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Policy { second_factor: roles.split(' ').filter_map(Role::from_code).collect(), lock_minutes })
    }

    /// The session with this token hash.
    pub fn session(&self, token_hash: &[u8; 32]) -> Stored<Option<SessionRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {STAFF}, s.csrf, s.created_at_ms, s.seen_at_ms, s.counter, s.awaits_code, s.locked, a.look FROM session s \
             JOIN staff a ON a.author = s.author WHERE s.token_hash = ?1"
        ))?;
        let session = statement.query_row([token_hash], |row| {
            Ok(SessionRow {
                staff: staff_row(row)?,
                csrf: row.get(15)?,
                created_at: Timestamp::from_ms(row.get(16)?),
                seen_at: Timestamp::from_ms(row.get(17)?),
                counter: row.get(18)?,
                awaits_code: row.get(19)?,
                is_locked: row.get(20)?,
                look: Look::from_code(&row.get::<_, String>(21)?).unwrap_or_default(),
            })
        });
        Ok(session.optional()?)
    }

    /// Names of the programs that have a token, and since when.
    pub fn api_tokens(&self) -> Stored<Vec<(String, Timestamp)>> {
        let mut statement =
            self.connection.prepare("SELECT name, created_at_ms FROM api_token ORDER BY created_at_ms, name")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, Timestamp::from_ms(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
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
            .prepare_cached(
                "INSERT INTO staff (author, name, password_hash, created_at_ms, role, locked, first_password) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                staff.author,
                staff.name,
                staff.password_hash,
                now.as_ms(),
                staff.role.code(),
                staff.is_locked,
                staff.has_first_password
            ])?;
        Ok(())
    }

    /// Opens a session.
    pub fn open_session(&self, session: &NewSession, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO session (token_hash, author, csrf, created_at_ms, seen_at_ms, counter, awaits_code) \
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
            )?
            .execute(params![
                session.token_hash,
                session.author,
                session.csrf,
                now.as_ms(),
                session.counter,
                session.awaits_code
            ])?;
        Ok(())
    }

    /// Notes that a session was used.
    pub fn touch_session(&self, token_hash: &[u8; 32], now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE session SET seen_at_ms = ?2 WHERE token_hash = ?1")?
            .execute(params![token_hash, now.as_ms()])?;
        Ok(())
    }

    /// Locks a session until its person proves who they are.
    pub fn lock_session(&self, token_hash: &[u8; 32]) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE session SET locked = 1 WHERE token_hash = ?1")?
            .execute([token_hash])?;
        Ok(())
    }

    /// Ends a session.
    pub fn close_session(&self, token_hash: &[u8; 32]) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM session WHERE token_hash = ?1")?.execute([token_hash])?;
        Ok(())
    }

    /// Ends all sessions of an account but one.
    pub fn close_sessions_of(&self, author: &str, but: Option<&[u8; 32]>) -> Stored<()> {
        let but: &[u8] = but.map_or(&[], |hash| hash.as_slice());
        self.transaction
            .prepare_cached("DELETE FROM session WHERE author = ?1 AND token_hash <> ?2")?
            .execute(params![author, but])?;
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

fn staff_row(row: &Row<'_>) -> rusqlite::Result<StaffRow> {
    let moment = |at: usize| row.get::<_, Option<i64>>(at).map(|ms| ms.map(Timestamp::from_ms));
    let is_good = row.get::<_, u32>(7)? < MOST_SWITCH_FAILURES;
    Ok(StaffRow {
        author: row.get(0)?,
        name: row.get(1)?,
        password_hash: row.get(2)?,
        // what a newer box wrote and this one does not know may do the least
        role: Role::from_code(&row.get::<_, String>(3)?).unwrap_or(Role::Vendor),
        is_locked: row.get(4)?,
        has_first_password: row.get(5)?,
        switch_hash: row.get::<_, Option<String>>(6)?.filter(|_| is_good),
        totp_secret: row.get(8)?,
        totp_pending: row.get(9)?,
        totp_step: row.get(10)?,
        window: moment(11)?.zip(moment(12)?),
        created_at: Timestamp::from_ms(row.get(13)?),
        passkeys: row.get(14)?,
    })
}
