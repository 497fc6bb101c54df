//! Who may look after the hub. Passwords and session tokens stand here as hashes only.

use super::{Sql, Stored, Value};
use domain::Timestamp;

/// Makes an administrator, or gives one a new password and ends all of its sessions.
pub fn set_password(sql: &mut dyn Sql, name: &str, password_hash: &str) -> Stored<()> {
    sql.execute(
        "INSERT INTO admin (name, password_hash) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash",
        &[name.into(), password_hash.into()],
    )?;
    sql.execute("DELETE FROM admin_session WHERE admin = $1", &[name.into()]).map(drop)
}

/// The password hash of an administrator (argon2id, in the PHC form).
pub fn password_hash(sql: &mut dyn Sql, name: &str) -> Stored<Option<String>> {
    let rows = sql.query("SELECT password_hash FROM admin WHERE name = $1", &[name.into()])?;
    rows.first().map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Begins a session, and clears away those that have ended.
pub fn begin_session(
    sql: &mut dyn Sql,
    token_hash: &[u8; 32],
    admin: &str,
    now: Timestamp,
    ends_at: Timestamp,
) -> Stored<()> {
    sql.execute("DELETE FROM admin_session WHERE ends_at <= $1", &[now.into()])?;
    sql.execute(
        "INSERT INTO admin_session (token_hash, admin, ends_at) VALUES ($1, $2, $3)",
        &[token_hash.into(), admin.into(), ends_at.into()],
    )
    .map(drop)
}

/// Whose session this is, if it has not ended.
pub fn session(sql: &mut dyn Sql, token_hash: &[u8; 32], now: Timestamp) -> Stored<Option<String>> {
    let values = [Value::from(token_hash), now.into()];
    let rows = sql.query("SELECT admin FROM admin_session WHERE token_hash = $1 AND ends_at > $2", &values)?;
    rows.first().map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Ends a session.
pub fn end_session(sql: &mut dyn Sql, token_hash: &[u8; 32]) -> Stored<()> {
    sql.execute("DELETE FROM admin_session WHERE token_hash = $1", &[token_hash.into()]).map(drop)
}
