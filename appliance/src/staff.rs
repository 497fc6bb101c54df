//! Passwords and tokens of staff. Slow on purpose where guessing must be slow, and off the asynchronous threads.

mod tries;

pub use tries::{Place, Tries};

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

/// The code is wrong, used before, or too old.
pub fn wrong_code() -> SignInRefused {
    SignInRefused {
        why: Text::new(
            "コードが違うか、もう使われています。次の数字が出るのを待って入れてください。",
            "The code is wrong or was used before. Wait for the next one and type that.",
        ),
    }
}

/// The switch code or the password is wrong.
pub fn wrong_secret() -> SignInRefused {
    SignInRefused {
        why: Text::new(
            "交代コードまたはパスワードが違います。5回まちがえた交代コードは、パスワードでサインインするまで使えません。",
            "The switch code or the password is wrong. After five wrong ones a switch code is dead until you sign in with your password.",
        ),
    }
}

/// Too many wrong tries.
pub fn wait(ms: i64) -> SignInRefused {
    let seconds = (ms + 999) / 1000;
    SignInRefused {
        why: Text::new(
            format!("まちがいが続いたため、{seconds}秒ほど待ってからお試しください。受付の記録は安全です。"),
            format!("Too many wrong tries: please wait about {seconds} seconds. All records are safe."),
        ),
    }
}

/// The account may not sign in now.
pub fn not_allowed_now() -> SignInRefused {
    SignInRefused {
        why: Text::new(
            "このアカウントは今は使えません。責任者に頼んでください。",
            "This account may not be used now. Ask a manager.",
        ),
    }
}

/// Something random for people to copy: groups of five letters and digits that cannot be mistaken for each other, 25 bits each.
pub fn readable_secret(groups: usize) -> Result<String, SignInRefused> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = vec![0u8; groups * 5];
    getrandom::fill(&mut bytes).map_err(|_| not_now())?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    Ok(letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// A code as it was meant: without blanks and dashes, small.
pub fn plain_code(typed: &str) -> String {
    typed.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase()
}
