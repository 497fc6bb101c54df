//! Passwords and tokens of staff. Slow on purpose where guessing must be slow, and off the asynchronous threads.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use domain::text::Text;
use sha2::{Digest, Sha256};
use web::port::SignInRefused;

/// How often the use of a session is written down, milliseconds.
pub const TOUCH_EVERY_MS: i64 = 5 * 60_000;

/// Hashes a password with argon2id.
pub async fn hash(password: String) -> Result<String, SignInRefused> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).ok()
    });
    hashed.await.ok().flatten().ok_or_else(not_now)
}

/// A password to be checked against an account that may not exist. Both cost the same.
pub struct PasswordCheck {
    /// the hash on file, if there is such an account
    pub expected: Option<String>,
    /// what was typed
    pub password: String,
}

impl PasswordCheck {
    /// Whether the password is right.
    pub async fn holds(self) -> bool {
        let checked = tokio::task::spawn_blocking(move || match &self.expected {
            Some(expected) => PasswordHash::new(expected)
                .is_ok_and(|expected| Argon2::default().verify_password(self.password.as_bytes(), &expected).is_ok()),
            None => {
                let _same_effort = Argon2::default().hash_password(self.password.as_bytes());
                false
            }
        });
        checked.await.unwrap_or(false)
    }
}

/// A session token and a form token: 256 random bits each, in hexadecimal.
pub fn new_tokens() -> Result<(String, String), SignInRefused> {
    Ok((random_token()?, random_token()?))
}

fn random_token() -> Result<String, SignInRefused> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| not_now())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What the store keeps of a token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Wrong name or wrong password: nobody learns which.
pub fn wrong() -> SignInRefused {
    SignInRefused { why: Text::new("名前またはパスワードが違います。", "Name or password is wrong.") }
}

/// The box cannot do it right now.
pub fn not_now() -> SignInRefused {
    SignInRefused {
        why: Text::new(
            "今はサインインできません。少し待ってもう一度お試しください。",
            "Signing in is not possible right now. Wait a moment and try again.",
        ),
    }
}
