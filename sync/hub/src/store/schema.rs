//! Makes the tables, once, whichever process comes first.

use super::{Sql, StoreFailure, Stored, Value};

/// The steps from nothing to now, each with its number; numbers rise and may have gaps. A step that was released is never changed;
/// columns keep their meaning.
const STEPS: &[(u64, &str)] =
    &[(1, include_str!("schema.sql")), (2, include_str!("updates.sql")), (12, include_str!("stands_for.sql"))];

/// Brings the tables up to this program. Other processes must be kept out by the caller's transaction.
pub fn prepare(sql: &mut dyn Sql) -> Stored<()> {
    sql.execute("CREATE TABLE IF NOT EXISTS schema_step (step BIGINT NOT NULL PRIMARY KEY)", &[])?;
    let done = sql.query("SELECT step FROM schema_step", &[])?;
    let done = done.iter().map(|row| row.count(0)).collect::<Stored<Vec<u64>>>()?;
    if done.iter().any(|step| STEPS.iter().all(|(known, _)| known != step)) {
        return Err(StoreFailure::Newer);
    }
    for (step, text) in STEPS.iter().filter(|(step, _)| !done.contains(step)) {
        for statement in statements(text) {
            sql.execute(&statement, &[])?;
        }
        sql.execute("INSERT INTO schema_step (step) VALUES ($1)", &[Value::from(*step)])?;
    }
    Ok(())
}

/// The statements of a file: both databases take one at a time, and no text in them holds a semicolon.
fn statements(text: &str) -> Vec<String> {
    let without_comments: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let whole = without_comments.join("\n");
    whole.split(';').map(str::trim).filter(|statement| !statement.is_empty()).map(str::to_owned).collect()
}
