//! The code somebody reads from one screen and types into another.

use super::failure::JoinFailure;
use domain::Timestamp;
use rand::CryptoRng;
use std::fmt;
use zeroize::Zeroizing;

/// How long a code is good, in ms.
pub const GOOD_FOR_MS: i64 = 10 * 60 * 1000;
/// Wrong codes until the code is void.
pub const ATTEMPTS: u8 = 5;
/// Conversations that may be begun with one code, finished or not.
const CONVERSATIONS: u8 = 64;
const DRAWN: usize = 8;

/// Eight drawn digits and one check digit, so that a slip of the finger is noticed before it costs an attempt. Shown as `123-456-789`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<String>);

/// A code that was made here and may be used once.
#[derive(Debug)]
pub struct Invitation {
    code: Code,
    made_at: Timestamp,
    attempts_left: u8,
    conversations_left: u8,
    used: bool,
}

/// Quasigroup of Damm's check digit: finds every single wrong digit and every swap of neighbours.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

fn damm(digits: &str) -> u8 {
    digits.bytes().fold(0, |row, digit| DAMM[usize::from(row)][usize::from(digit - b'0')])
}

impl Code {
    /// A new code.
    pub fn draw(chance: &mut impl CryptoRng) -> Code {
        // 2^64 modulo 10^8 is a bias of one in 10^11
        let mut code = Zeroizing::new(format!("{:08}", chance.next_u64() % 100_000_000));
        let check = damm(&code);
        code.push(char::from(b'0' + check));
        Code(code)
    }

    /// What a person typed: full-width digits, spaces and hyphens are fine. None when it cannot be a code.
    pub fn typed(text: &str) -> Option<Code> {
        let mut code = Zeroizing::new(String::with_capacity(16));
        for letter in text.trim().chars() {
            match letter {
                '0'..='9' => code.push(letter),
                '０'..='９' => code.push(char::from(b'0' + (letter as u32 - '０' as u32) as u8)),
                ' ' | '\u{3000}' | '-' | '－' | 'ー' | '―' | '‐' => {}
                _ => return None,
            }
            if code.len() > DRAWN + 1 {
                return None;
            }
        }
        (code.len() == DRAWN + 1 && damm(&code) == 0).then_some(Code(code))
    }

    /// For the screen: `123-456-789`.
    pub fn shown(&self) -> String {
        format!("{}-{}-{}", &self.0[..3], &self.0[3..6], &self.0[6..])
    }

    pub(super) fn secret(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl Invitation {
    /// A new code, good from now on.
    pub fn make(now: Timestamp, chance: &mut impl CryptoRng) -> Invitation {
        Invitation {
            code: Code::draw(chance),
            made_at: now,
            attempts_left: ATTEMPTS,
            conversations_left: CONVERSATIONS,
            used: false,
        }
    }

    /// The code, for the screen.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// When it ends.
    pub fn good_until(&self) -> Timestamp {
        self.made_at.plus_ms(GOOD_FOR_MS)
    }

    /// Whether a newcomer can still come in with it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.check(now).is_ok()
    }

    fn check(&self, now: Timestamp) -> Result<(), JoinFailure> {
        let age = now.since_ms(self.made_at);
        match () {
            () if self.used => Err(JoinFailure::CodeUsed),
            () if self.attempts_left == 0 || self.conversations_left == 0 => Err(JoinFailure::CodeVoid),
            // a clock that was put back ends a code, too
            () if !(0..=GOOD_FOR_MS).contains(&age) => Err(JoinFailure::CodeExpired),
            () => Ok(()),
        }
    }

    pub(super) fn begin(&mut self, now: Timestamp) -> Result<&Code, JoinFailure> {
        self.check(now)?;
        self.conversations_left -= 1;
        Ok(&self.code)
    }

    /// Settles one attempt, at the moment its outcome is known. Several conversations may run at once; the first right one uses it up.
    pub(super) fn settle(&mut self, right: bool, now: Timestamp) -> Result<(), JoinFailure> {
        self.check(now)?;
        if right {
            self.used = true;
            return Ok(());
        }
        self.attempts_left -= 1;
        Err(JoinFailure::WrongCode { left: self.attempts_left })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    fn chance(seed: u64) -> ChaCha20Rng {
        ChaCha20Rng::seed_from_u64(seed)
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = Code::draw(&mut chance(1));
        let wide: String = code
            .shown()
            .chars()
            .map(|c| c.to_digit(10).map_or('ー', |d| char::from_u32('０' as u32 + d).unwrap()))
            .collect();
        assert_eq!(Code::typed(&code.shown()), Some(code.clone()));
        assert_eq!(Code::typed(&format!("  {wide}\u{3000}")), Some(code.clone()));
        assert_eq!(Code::typed(&format!("{}1", code.shown())), None);
        assert_eq!(format!("{code:?}"), "Code(…)");
    }

    proptest! {
        #[test]
        fn a_slip_of_the_finger_costs_no_attempt(seed: u64, place in 0usize..9, digit in 0u8..10) {
            let code = Code::draw(&mut chance(seed));
            let mut typed = code.0.as_bytes().to_vec();
            typed[place] = b'0' + digit;
            let typed = String::from_utf8(typed).unwrap();
            prop_assert_eq!(Code::typed(&typed).is_some(), typed == *code.0);
        }

        #[test]
        fn anything_typed_is_read_or_refused(text: String) {
            if let Some(code) = Code::typed(&text) {
                prop_assert_eq!(Code::typed(&code.shown()), Some(code));
            }
        }
    }

    #[test]
    fn a_code_ends_by_time_by_wrong_tries_by_crowding_and_by_use() {
        let now = Timestamp::from_ms(1_790_000_000_000);
        let fresh = || Invitation::make(now, &mut chance(2));
        assert_eq!(fresh().begin(now.plus_ms(GOOD_FOR_MS + 1)).unwrap_err(), JoinFailure::CodeExpired);
        assert_eq!(fresh().begin(now.plus_ms(-1)).unwrap_err(), JoinFailure::CodeExpired);
        let mut guessed = fresh();
        for left in (0..ATTEMPTS).rev() {
            assert_eq!(guessed.settle(false, now), Err(JoinFailure::WrongCode { left }));
        }
        assert_eq!(guessed.settle(true, now), Err(JoinFailure::CodeVoid));
        let mut crowded = fresh();
        (0..CONVERSATIONS).for_each(|_| drop(crowded.begin(now).unwrap().clone()));
        assert_eq!(crowded.begin(now).unwrap_err(), JoinFailure::CodeVoid);
        let mut used = fresh();
        used.settle(true, now).unwrap();
        assert_eq!(used.settle(true, now), Err(JoinFailure::CodeUsed));
        assert!(!used.is_open(now));
    }
}
