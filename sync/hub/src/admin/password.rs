//! Passwords of administrators: argon2id, checked at the same cost whether there is such an administrator or not.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

/// Shortest password, in letters.
const SHORTEST: usize = 12;

/// The password cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It would be guessed.
    #[error("a password needs at least {SHORTEST} letters; nothing was changed")]
    TooShort,
    /// The system did not help.
    #[error("the password could not be hashed; nothing was changed")]
    NotNow,
}

/// Hashes a new password.
///
/// # Errors
/// [`Unusable`].
pub fn hash(password: &str) -> Result<String, Unusable> {
    if password.chars().count() < SHORTEST {
        return Err(Unusable::TooShort);
    }
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|_| Unusable::NotNow)
}

/// Whether a password is the one that was hashed.
pub fn check(password: &str, hash: Option<&str>) -> bool {
    match hash {
        Some(hash) => PasswordHash::new(hash)
            .is_ok_and(|expected| Argon2::default().verify_password(password.as_bytes(), &expected).is_ok()),
        None => {
            let _same_effort = Argon2::default().hash_password(password.as_bytes());
            false
        }
    }
}
