//! The recovery key: 32 random bytes on paper, as 14 groups of four letters and digits with a checksum in them.

use super::BackupFailure;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET_BYTES: usize = 32;
const CHECK_BYTES: usize = 3;
const CHARACTERS: usize = (SECRET_BYTES + CHECK_BYTES) * 8 / 5;
const GROUP: usize = 4;
/// Where the box keeps the half that only seals.
const FILE: &str = "backup.pub";

/// What a recovery key is called: 6 digits of the public half, printed beside it and shown with every backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyName(pub [u8; 8]);

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex: String = self.0.iter().take(4).map(|byte| format!("{byte:02X}")).collect();
        write!(f, "{}-{}", &hex[..4], &hex[4..])
    }
}

/// The half that seals.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicHalf(pub(super) PublicKey);

impl PublicHalf {
    /// As the box keeps it; none before a key was made.
    pub fn read(folder: &Path) -> Result<Option<PublicHalf>, BackupFailure> {
        match std::fs::read(folder.join(FILE)) {
            Ok(bytes) => {
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| BackupFailure::Damaged { near: 0 })?;
                Ok(Some(PublicHalf(PublicKey::from(bytes))))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps it, in place of an earlier one.
    pub fn write(&self, folder: &Path) -> Result<(), BackupFailure> {
        Ok(sync::facility::key_file::write(&folder.join(FILE), self.0.as_bytes())?)
    }

    /// What the key is called.
    pub fn name(&self) -> KeyName {
        let digest = Sha256::digest(self.0.as_bytes());
        let mut name = [0; 8];
        name.copy_from_slice(&digest[..8]);
        KeyName(name)
    }
}

impl fmt::Debug for PublicHalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicHalf({})", self.name())
    }
}

/// The half that opens. It is printed and never kept.
#[derive(Clone)]
pub struct RecoveryKey(Zeroizing<[u8; SECRET_BYTES]>);

impl RecoveryKey {
    /// A fresh key.
    pub fn make() -> Result<RecoveryKey, BackupFailure> {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        getrandom::fill(bytes.as_mut()).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(RecoveryKey(bytes))
    }

    /// From given bytes (tests).
    pub fn from_bytes(bytes: [u8; SECRET_BYTES]) -> RecoveryKey {
        RecoveryKey(Zeroizing::new(bytes))
    }

    /// The half that seals.
    pub fn public_half(&self) -> PublicHalf {
        PublicHalf(PublicKey::from(&self.secret()))
    }

    pub(super) fn secret(&self) -> StaticSecret {
        StaticSecret::from(*self.0)
    }

    /// As it is printed: 14 groups of four.
    pub fn to_text(&self) -> String {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES + CHECK_BYTES]);
        bytes[..SECRET_BYTES].copy_from_slice(self.0.as_ref());
        bytes[SECRET_BYTES..].copy_from_slice(&check(&self.0));
        let mut text = String::with_capacity(CHARACTERS + CHARACTERS / GROUP);
        for index in 0..CHARACTERS {
            if index > 0 && index % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(five_bits(bytes.as_ref(), index))]));
        }
        text
    }

    /// As somebody types it: any spaces and hyphens, small letters, O for 0 and I or L for 1.
    pub fn parse(text: &str) -> Result<RecoveryKey, BackupFailure> {
        let mut bytes = Zeroizing::new([0u8; SECRET_BYTES + CHECK_BYTES]);
        let typed = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '－' | 'ー' | '−'));
        let mut count = 0;
        for character in typed {
            let value = value_of(character).ok_or(BackupFailure::Mistyped)?;
            if count == CHARACTERS {
                return Err(BackupFailure::Mistyped);
            }
            for bit in 0..5 {
                let at = count * 5 + bit;
                bytes[at / 8] |= ((value >> (4 - bit)) & 1) << (7 - at % 8);
            }
            count += 1;
        }
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        secret.copy_from_slice(&bytes[..SECRET_BYTES]);
        if count != CHARACTERS || bytes[SECRET_BYTES..] != check(&secret) {
            return Err(BackupFailure::Mistyped);
        }
        Ok(RecoveryKey(secret))
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryKey({})", self.public_half().name())
    }
}

fn check(secret: &[u8; SECRET_BYTES]) -> [u8; CHECK_BYTES] {
    let digest = Sha256::new().chain_update(b"uketsuke recovery key 1").chain_update(secret).finalize();
    [digest[0], digest[1], digest[2]]
}

fn five_bits(bytes: &[u8], index: usize) -> u8 {
    let bit = |at: usize| (bytes[at / 8] >> (7 - at % 8)) & 1;
    (0..5).fold(0, |value, offset| value << 1 | bit(index * 5 + offset))
}

fn value_of(character: char) -> Option<u8> {
    let upper = match domain::kana::fold_width(&character.to_string()).chars().next()?.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == upper).and_then(|place| u8::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_typed_in_again_as_it_was_printed() {
        let key = RecoveryKey::from_bytes(std::array::from_fn(|at| at as u8 * 7));
        let text = key.to_text();
        assert_eq!((text.len(), text.split('-').count()), (69, 14));
        let again = |text: &str| RecoveryKey::parse(text).unwrap().public_half();
        assert_eq!(again(&text), key.public_half());
        assert_eq!(
            again(&text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l")),
            key.public_half()
        );
        assert!(!format!("{key:?}").contains(&text[..9]));
    }

    #[test]
    fn every_single_slip_of_the_pen_is_noticed() {
        let text = RecoveryKey::from_bytes([9; 32]).to_text();
        for (index, printed) in text.char_indices().filter(|(_, c)| *c != '-') {
            let other = if printed == 'A' { 'B' } else { 'A' };
            let slipped = format!("{}{other}{}", &text[..index], &text[index + 1..]);
            assert!(matches!(RecoveryKey::parse(&slipped), Err(BackupFailure::Mistyped)), "{index}");
        }
        for wrong in ["", "ABCD", "U", &text[..64], &format!("{text}-0000"), &text.replace('-', "!")] {
            assert!(matches!(RecoveryKey::parse(wrong), Err(BackupFailure::Mistyped)), "{wrong}");
        }
    }
}
