//! Accounts and sessions, as the writer keeps them.

use super::inbox::AccountInput;
use super::work::{Declined, Work};
use crate::store::TrailEntry;

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
            let made = TrailEntry { what: "staff-added", author: staff.author, ..TrailEntry::default() };
            writing.keep_trail(&made, now)?;
        }
        AccountInput::Touch(token_hash) => writing.touch_session(&token_hash, now)?,
        AccountInput::ApiToken { token_hash, author, name } => {
            writing.keep_api_token(&token_hash, &author, &name, now)?;
        }
    }
    Ok(())
}
