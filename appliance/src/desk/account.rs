//! Accounts and sessions, as the writer keeps them.

use super::inbox::AccountInput;
use super::work::{Declined, Work};

/// A session ends after so long without use, milliseconds.
pub(super) const IDLE_MS: i64 = 12 * 3_600_000;
/// A session ends so long after it began, milliseconds.
pub(super) const LONGEST_MS: i64 = 24 * 3_600_000;

/// Keeps an account, a session, a token.
pub(super) fn keep(work: &mut Work<'_>, input: AccountInput) -> Result<(), Declined> {
    let (writing, now) = (&work.writing, work.now);
    match input {
        AccountInput::FirstAccount(staff) => {
            if writing.reading().has_accounts()? {
                return Err(Declined::refused("account", "アカウントは既にあります。", "There is an account already."));
            }
            writing.keep_staff(&staff, now)?;
        }
        AccountInput::OpenSession { token_hash, author, csrf } => {
            writing.close_old_sessions(now.plus_ms(-IDLE_MS), now.plus_ms(-LONGEST_MS))?;
            writing.open_session(&token_hash, &author, &csrf, now)?;
        }
        AccountInput::Touch(token_hash) => writing.touch_session(&token_hash, now)?,
        AccountInput::CloseSession(token_hash) => writing.close_session(&token_hash)?,
        AccountInput::ApiToken { token_hash, author, name } => {
            writing.keep_api_token(&token_hash, &author, &name, now)?;
        }
    }
    Ok(())
}
