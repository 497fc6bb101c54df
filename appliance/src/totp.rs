//! Time-based one-time passwords (RFC 6238): six digits, steps of 30 seconds, HMAC-SHA-1, which every authenticator app speaks.

use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 20;
/// Milliseconds of a step.
const STEP_MS: i64 = 30_000;
/// Steps a clock may be early or late.
const TOLERANCE: i64 = 1;

/// The step of an instant.
pub fn step_at(now: Timestamp) -> i64 {
    now.as_ms().div_euclid(STEP_MS)
}

/// The six digits of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of every length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[digest.len() - 1] & 15);
    let word = digest[offset..offset + 4].iter().fold(0u32, |word, byte| (word << 8) | u32::from(*byte));
    format!("{:06}", (word & 0x7FFF_FFFF) % 1_000_000)
}

/// The step a code belongs to, when it is one of about now and later than the last one used: a code is good once.
pub fn step_of(secret: &[u8], typed: &str, now: Timestamp, last_used: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let steps = step_at(now) - TOLERANCE..=step_at(now) + TOLERANCE;
    let fits = |step: &i64| *step > last_used && is_same(code(secret, *step).as_bytes(), typed.as_bytes());
    steps.rev().find(fits)
}

fn is_same(one: &[u8], two: &[u8]) -> bool {
    one.len() == two.len() && one.iter().zip(two).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// A secret as people type it: Base32 (RFC 4648) without padding.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = |at: usize| (bytes[at / 8] >> (7 - at % 8)) & 1;
    let count = bytes.len() * 8;
    let letter = |first: usize| {
        let value = (first..first + 5).fold(0u8, |value, at| (value << 1) | if at < count { bits(at) } else { 0 });
        char::from(LETTERS[usize::from(value)])
    };
    (0..count).step_by(5).map(letter).collect()
}

/// What an authenticator app scans.
pub fn uri(site: &str, name: &str, secret: &[u8]) -> String {
    let escape = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        text.bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    let (issuer, account) = (escape(site), escape(name));
    format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", base32(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn the_published_examples_come_out() {
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, step_at(Timestamp::from_ms(seconds * 1000))), expected);
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_before_and_after_and_only_once() {
        let now = Timestamp::from_ms(1_111_111_111_000);
        let step = step_at(now);
        for (offset, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            assert_eq!(step_of(SECRET, &code(SECRET, step + offset), now, 0).is_some(), good, "{offset}");
        }
        let typed = code(SECRET, step);
        assert_eq!(step_of(SECRET, &typed, now, 0), Some(step));
        assert_eq!(step_of(SECRET, &typed, now, step), None, "the same code again");
        assert_eq!(step_of(SECRET, &code(SECRET, step - 1), now, step), None, "an older one after it");
        assert_eq!(step_of(SECRET, "", now, 0), None);
        assert_eq!(step_of(SECRET, "05 04 71", now, 0), Some(step));
    }

    #[test]
    fn a_secret_is_written_as_apps_read_it() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(
            uri("見本", "demo user", b"foobar").ends_with("demo%20user?secret=MZXW6YTBOI&issuer=%E8%A6%8B%E6%9C%AC")
        );
    }
}
