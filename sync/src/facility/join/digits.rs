//! The digits people compare on both screens.

use std::fmt;

/// Twenty digits in five groups. Equal on both screens exactly when nobody stands between them: they come from the TLS session, the
/// code's secret and both identities, all of which each side had fixed before it saw the other's.
#[derive(Clone, PartialEq, Eq)]
pub struct Digits([u16; 5]);

impl Digits {
    pub(super) fn of(hash: &[u8; 32]) -> Digits {
        let mut number = [0; 16];
        number.copy_from_slice(&hash[..16]);
        let mut rest = u128::from_be_bytes(number);
        Digits(std::array::from_fn(|_| {
            let group = (rest % 10_000) as u16;
            rest /= 10_000;
            group
        }))
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e] = self.0;
        write!(f, "{a:04} {b:04} {c:04} {d:04} {e:04}")
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({self})")
    }
}
