//! Changes to accounts, recovery codes, the emergency envelope, the rules of the facility.

use super::accounts::{EMERGENCY, StaffRow};
use super::{Reading, Stored, Writing};
use domain::Timestamp;
use rusqlite::{OptionalExtension, params};
use web::port::{EmergencyUse, Look, Policy, Role};

/// The envelope: sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeRow {
    /// hash of its code
    pub code_hash: [u8; 32],
    /// who opened it
    pub used: Option<EmergencyUse>,
}

impl Reading<'_> {
    /// The envelope, when there is one.
    pub fn envelope(&self) -> Stored<Option<EnvelopeRow>> {
        let mut statement =
            self.connection.prepare_cached("SELECT code_hash, used_at_ms, who, counter FROM emergency")?;
        let envelope = statement.query_row([], |row| {
            let at: Option<i64> = row.get(1)?;
            let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
            let (who, counter) = (text(2)?, text(3)?);
            let used = at.map(|at| EmergencyUse { at: Timestamp::from_ms(at), who, counter });
            Ok(EnvelopeRow { code_hash: row.get(0)?, used })
        });
        Ok(envelope.optional()?)
    }

    /// Accounts that could still manage the others, but for one.
    pub fn other_managers(&self, but: &str) -> Stored<u32> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT count(*) FROM staff WHERE role = 'manager' AND locked = 0 AND author <> ?1")?;
        Ok(statement.query_row([but], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Another role.
    pub fn set_role(&self, author: &str, role: Role) -> Stored<()> {
        self.change_staff("role = ?2", params![author, role.code()])
    }

    /// May not sign in, or may again.
    pub fn set_locked(&self, author: &str, locked: bool) -> Stored<()> {
        self.change_staff("locked = ?2", params![author, locked])
    }

    /// Another password; one a manager made is to be changed by its owner, who also begins anew with codes.
    pub fn set_password(&self, author: &str, hash: &str, is_first: bool) -> Stored<()> {
        self.change_staff("password_hash = ?2, first_password = ?3", params![author, hash, is_first])?;
        if is_first {
            self.change_staff(
                "switch_hash = NULL, switch_failures = 0, totp_secret = NULL, totp_pending = NULL",
                params![author],
            )?;
            self.set_recovery_codes(author, &[])?;
            self.remove_passkeys_of(author)?;
        }
        Ok(())
    }

    /// A code for fast switching.
    pub fn set_switch_code(&self, author: &str, hash: &str) -> Stored<()> {
        self.change_staff("switch_hash = ?2, switch_failures = 0", params![author, hash])
    }

    /// A wrong switch code.
    pub fn note_switch_failure(&self, author: &str) -> Stored<()> {
        self.change_staff("switch_failures = switch_failures + 1", params![author])
    }

    /// The password was right: the switch code counts again.
    pub fn forget_switch_failures(&self, author: &str) -> Stored<()> {
        self.change_staff("switch_failures = 0", params![author])
    }

    /// How the person wants the pages.
    pub fn set_look(&self, author: &str, look: Look) -> Stored<()> {
        self.change_staff("look = ?2", params![author, look.code()])
    }

    /// A secret that was shown.
    pub fn set_totp_pending(&self, author: &str, secret: &[u8]) -> Stored<()> {
        self.change_staff("totp_pending = ?2", params![author, secret])
    }

    /// The shown secret was confirmed by the code of a step.
    pub fn confirm_totp(&self, author: &str, secret: &[u8], step: i64) -> Stored<()> {
        self.change_staff("totp_secret = ?2, totp_pending = NULL, totp_step = ?3", params![author, secret, step])
    }

    /// A step was used.
    pub fn use_totp_step(&self, author: &str, step: i64) -> Stored<()> {
        self.change_staff("totp_step = ?2", params![author, step])
    }

    /// From when until when a vendor may sign in.
    pub fn set_window(&self, author: &str, window: Option<(Timestamp, Timestamp)>) -> Stored<()> {
        let (from, until) = window.map(|(from, until)| (from.as_ms(), until.as_ms())).unzip();
        self.change_staff("from_ms = ?2, until_ms = ?3", params![author, from, until])
    }

    fn change_staff(&self, what: &str, values: &[&dyn rusqlite::ToSql]) -> Stored<()> {
        self.transaction.prepare_cached(&format!("UPDATE staff SET {what} WHERE author = ?1"))?.execute(values)?;
        Ok(())
    }

    /// These recovery codes in place of those before.
    pub fn set_recovery_codes(&self, author: &str, hashes: &[[u8; 32]]) -> Stored<()> {
        self.transaction.prepare_cached("DELETE FROM recovery_code WHERE author = ?1")?.execute([author])?;
        let mut insert = self.transaction.prepare_cached("INSERT INTO recovery_code (author, hash) VALUES (?1, ?2)")?;
        for hash in hashes {
            insert.execute(params![author, hash])?;
        }
        Ok(())
    }

    /// Uses a recovery code up; whether it was one.
    pub fn use_recovery_code(&self, author: &str, hash: &[u8; 32]) -> Stored<bool> {
        let mut delete =
            self.transaction.prepare_cached("DELETE FROM recovery_code WHERE author = ?1 AND hash = ?2")?;
        Ok(delete.execute(params![author, hash])? == 1)
    }

    /// What the facility asks of its people.
    pub fn set_policy(&self, policy: &Policy) -> Stored<()> {
        let roles: Vec<&str> = policy.second_factor.iter().map(|role| role.code()).collect();
        self.transaction
            .prepare_cached("UPDATE people_policy SET second_factor = ?1, lock_minutes = ?2")?
            .execute(params![roles.join(" "), policy.lock_minutes])?;
        Ok(())
    }

    /// A new envelope in place of the one before.
    pub fn seal_envelope(&self, code_hash: &[u8; 32], now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO emergency (id, code_hash, made_at_ms) VALUES (1, ?1, ?2)")?
            .execute(params![code_hash, now.as_ms()])?;
        self.close_sessions_of(EMERGENCY, None)
    }

    /// The envelope is open; its author is known from now on.
    pub fn open_envelope(&self, who: &str, reason: &str, counter: &str, now: Timestamp) -> Stored<()> {
        self.transaction
            .prepare_cached("UPDATE emergency SET used_at_ms = ?1, who = ?2, reason = ?3, counter = ?4")?
            .execute(params![now.as_ms(), who, reason, counter])?;
        if self.reading().staff_by_author(EMERGENCY)?.is_none() {
            // "!" is no hash: nobody signs in with a password
            let name = "緊急用 / emergency".to_owned();
            let row = StaffRow::new(EMERGENCY.to_owned(), name, "!".to_owned(), Role::Reception, now);
            self.keep_staff(&row, now)?;
        }
        Ok(())
    }
}
