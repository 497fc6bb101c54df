//! The file of a backup.
//!
//! `"UKB1" | schema u16 | length u8 and version of the program | made at i64 | name of the recovery key 8 | ephemeral X25519 key 32`, then
//! chunks of `length u32 (the highest bit: the last one) | ciphertext`, then SHA-256 over all of it. Each chunk is bound to the header, to
//! its number and to whether it is the last, so that chunks can be neither changed nor left out nor cut off. The sum at the end needs
//! no key: the box itself can tell a whole file from a damaged one.

use super::BackupFailure;
use super::recovery_key::{KeyName, PublicHalf, RecoveryKey};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::Timestamp;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use std::io::{Error, ErrorKind, Read, Write};
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"UKB1";
const PURPOSE: &[u8] = b"uketsuke backup 1";
/// Bytes of a chunk in the clear.
const CHUNK: usize = 256 * 1024;
const TAG: usize = 16;
const LAST: u32 = 1 << 31;
const SUM: u64 = 32;

/// The clear beginning of a backup: nothing of a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// number of the newest migration of the record
    pub schema: u16,
    /// the program that made it
    pub program: String,
    /// when
    pub made_at: Timestamp,
    /// which recovery key opens it
    pub key: KeyName,
    ephemeral: [u8; 32],
}

impl Header {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.schema.to_be_bytes());
        let program = self.program.as_bytes();
        let length = u8::try_from(program.len()).unwrap_or(u8::MAX);
        bytes.push(length);
        bytes.extend(&program[..usize::from(length)]);
        bytes.extend(self.made_at.as_ms().to_be_bytes());
        bytes.extend(self.key.0);
        bytes.extend(self.ephemeral);
        bytes
    }

    /// Reads the beginning of a file.
    pub fn read(from: &mut impl Read) -> Result<Header, BackupFailure> {
        match array(from)? {
            magic if magic == *MAGIC => {}
            [b'U', b'K', b'B', b'2'..=b'9'] => return Err(BackupFailure::Newer { program: "?".to_owned() }),
            _ => return Err(BackupFailure::NotABackup),
        }
        let schema = u16::from_be_bytes(array(from)?);
        let mut program = vec![0; usize::from(array::<1>(from)?[0])];
        whole(from, &mut program)?;
        Ok(Header {
            schema,
            program: String::from_utf8(program).map_err(|_| BackupFailure::NotABackup)?,
            made_at: Timestamp::from_ms(i64::from_be_bytes(array(from)?)),
            key: KeyName(array(from)?),
            ephemeral: array(from)?,
        })
    }
}

fn array<const N: usize>(from: &mut impl Read) -> Result<[u8; N], BackupFailure> {
    let mut bytes = [0; N];
    whole(from, &mut bytes)?;
    Ok(bytes)
}

/// A file that ends too early is cut off: how far it went is for the caller to say, who knows its length.
fn whole(from: &mut impl Read, into: &mut [u8]) -> Result<(), BackupFailure> {
    from.read_exact(into).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => BackupFailure::Truncated { bytes: 0 },
        _ => BackupFailure::File(error),
    })
}

/// Writes a backup: what is written here goes into it, encrypted.
pub struct Sealing<W: Write> {
    to: Summing<W>,
    cipher: XChaCha20Poly1305,
    header: Vec<u8>,
    waiting: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<W: Write> Sealing<W> {
    /// Begins one for a recovery key.
    pub fn begin(to: W, key: &PublicHalf, schema: u16, made_at: Timestamp) -> Result<Sealing<W>, BackupFailure> {
        let mut random = Zeroizing::new([0; 32]);
        getrandom::fill(random.as_mut()).map_err(|error| Error::other(error.to_string()))?;
        let secret = StaticSecret::from(*random);
        let header = Header {
            schema,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            key: key.name(),
            ephemeral: *PublicKey::from(&secret).as_bytes(),
        };
        let cipher = cipher(&secret.diffie_hellman(&key.0), &header)?;
        let header = header.to_bytes();
        let mut to = Summing { to, sum: Sha256::new() };
        to.write_all(&header)?;
        Ok(Sealing { to, cipher, header, waiting: Zeroizing::new(Vec::with_capacity(CHUNK)), number: 0 })
    }

    fn chunk(&mut self, is_last: bool) -> std::io::Result<()> {
        let bound = bound(&self.header, self.number, is_last);
        let sealed = self
            .cipher
            .encrypt(&nonce(self.number), Payload { msg: &self.waiting, aad: &bound })
            .map_err(|_| Error::other("a chunk could not be sealed"))?;
        let length = u32::try_from(sealed.len()).map_err(Error::other)?;
        self.to.write_all(&(length | if is_last { LAST } else { 0 }).to_be_bytes())?;
        self.to.write_all(&sealed)?;
        self.number += 1;
        self.waiting.clear();
        Ok(())
    }

    /// Writes what is left and the sum; the file is whole then.
    pub fn finish(mut self) -> Result<W, BackupFailure> {
        self.chunk(true)?;
        let Summing { mut to, sum } = self.to;
        to.write_all(&sum.finalize())?;
        to.flush()?;
        Ok(to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.waiting.len() == CHUNK {
            self.chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Summing<W: Write> {
    to: W,
    sum: Sha256,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// Reads a backup: what comes out of it is what went in, or it fails.
pub struct Opening<R: Read> {
    from: R,
    cipher: XChaCha20Poly1305,
    header: Vec<u8>,
    clear: Zeroizing<Vec<u8>>,
    read: usize,
    number: u64,
    at: u64,
    is_over: bool,
    failure: Option<BackupFailure>,
}

impl<R: Read> Opening<R> {
    /// Begins to read one.
    pub fn begin(mut from: R, key: &RecoveryKey) -> Result<(Header, Opening<R>), BackupFailure> {
        let header = Header::read(&mut from)?;
        let given = key.public_half().name();
        if header.key != given {
            return Err(BackupFailure::WrongKey { wanted: header.key, given });
        }
        let cipher = cipher(&key.secret().diffie_hellman(&PublicKey::from(header.ephemeral)), &header)?;
        let bytes = header.to_bytes();
        let at = bytes.len() as u64;
        let clear = Zeroizing::new(Vec::new());
        let opening =
            Opening { from, cipher, header: bytes, clear, read: 0, number: 0, at, is_over: false, failure: None };
        Ok((header, opening))
    }

    /// What went wrong while it was read through [`Read`].
    pub fn failure(&mut self) -> Option<BackupFailure> {
        self.failure.take()
    }

    fn next(&mut self) -> Result<(), BackupFailure> {
        let length = u32::from_be_bytes(self.array()?);
        let (is_last, length) = (length & LAST != 0, (length & !LAST) as usize);
        if !(TAG..=CHUNK + TAG).contains(&length) {
            return Err(BackupFailure::Damaged { near: self.at });
        }
        let mut sealed = vec![0; length];
        self.fill(&mut sealed)?;
        let bound = bound(&self.header, self.number, is_last);
        let clear = self.cipher.decrypt(&nonce(self.number), Payload { msg: &sealed, aad: &bound });
        self.clear = Zeroizing::new(clear.map_err(|_| BackupFailure::Damaged { near: self.at })?);
        (self.read, self.number, self.is_over) = (0, self.number + 1, is_last);
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BackupFailure> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, into: &mut [u8]) -> Result<(), BackupFailure> {
        let mut filled = 0;
        while filled < into.len() {
            match self.from.read(&mut into[filled..]) {
                Ok(0) => return Err(BackupFailure::Truncated { bytes: self.at }),
                Ok(count) => (filled, self.at) = (filled + count, self.at + count as u64),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.read == self.clear.len() && !self.is_over {
            if let Err(failure) = self.next() {
                let told = Error::new(ErrorKind::InvalidData, failure.to_string());
                self.failure = Some(failure);
                return Err(told);
            }
        }
        let taken = into.len().min(self.clear.len() - self.read);
        into[..taken].copy_from_slice(&self.clear[self.read..self.read + taken]);
        self.read += taken;
        Ok(taken)
    }
}

/// Whether a file is whole, without any key: its length and its sum.
pub fn check_whole(from: &mut impl Read, bytes: u64) -> Result<Header, BackupFailure> {
    // the first four bytes are looked at in every case: they tell a short file of another kind from the beginning of a backup
    let content = bytes.saturating_sub(SUM).max(MAGIC.len() as u64);
    let mut summing = Tee { from: from.take(content), sum: Sha256::new() };
    let header = Header::read(&mut summing).map_err(|failure| match failure {
        BackupFailure::Truncated { .. } => BackupFailure::Truncated { bytes },
        other => other,
    })?;
    let mut at = header.to_bytes().len() as u64;
    loop {
        let length = u32::from_be_bytes(array(&mut summing).map_err(|_| BackupFailure::Truncated { bytes })?);
        let (is_last, length) = (length & LAST != 0, u64::from(length & !LAST));
        if length > (CHUNK + TAG) as u64 {
            return Err(BackupFailure::Damaged { near: at });
        }
        let skipped = std::io::copy(&mut (&mut summing).take(length), &mut std::io::sink())?;
        if skipped < length {
            return Err(BackupFailure::Truncated { bytes });
        }
        at += 4 + length;
        if is_last {
            break;
        }
    }
    let Tee { from: mut taken, sum } = summing;
    if taken.limit() > 0 {
        return Err(BackupFailure::Damaged { near: at });
    }
    let kept: [u8; 32] = array(taken.get_mut()).map_err(|_| BackupFailure::Truncated { bytes })?;
    let found: [u8; 32] = sum.finalize().into();
    if kept == found { Ok(header) } else { Err(BackupFailure::Damaged { near: at }) }
}

struct Tee<R: Read> {
    from: R,
    sum: Sha256,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(into)?;
        self.sum.update(&into[..count]);
        Ok(count)
    }
}

fn cipher(shared: &SharedSecret, header: &Header) -> Result<XChaCha20Poly1305, BackupFailure> {
    if !shared.was_contributory() {
        return Err(BackupFailure::Damaged { near: 0 });
    }
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, shared.as_bytes())
        .expand(&[PURPOSE, &header.to_bytes()].concat(), key.as_mut())
        .expect("32 bytes are within what one expansion gives");
    Ok(XChaCha20Poly1305::new((&*key).into()))
}

/// Every file has a key of its own, so the number of the chunk is enough.
fn nonce(number: u64) -> XNonce {
    let mut nonce = [0; 24];
    nonce[16..].copy_from_slice(&number.to_be_bytes());
    XNonce::from(nonce)
}

fn bound(header: &[u8], number: u64, is_last: bool) -> Vec<u8> {
    [header, &number.to_be_bytes(), &[u8::from(is_last)]].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let key = RecoveryKey::from_bytes([3; 32]).public_half();
        let mut sealing = Sealing::begin(Vec::new(), &key, 14, Timestamp::from_ms(5)).unwrap();
        sealing.write_all(content).unwrap();
        sealing.finish().unwrap()
    }

    fn opened(bytes: &[u8]) -> Result<Vec<u8>, BackupFailure> {
        let (_, mut opening) = Opening::begin(bytes, &RecoveryKey::from_bytes([3; 32]))?;
        let mut content = Vec::new();
        match opening.read_to_end(&mut content) {
            Ok(_) => Ok(content),
            Err(error) => Err(opening.failure().unwrap_or(BackupFailure::File(error))),
        }
    }

    fn checked(bytes: &[u8]) -> Result<Header, BackupFailure> {
        check_whole(&mut &*bytes, bytes.len() as u64)
    }

    #[test]
    fn what_went_in_comes_out_whatever_its_length() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let content: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let bytes = sealed(&content);
            assert!(opened(&bytes).unwrap() == content, "{length}");
            assert_eq!(checked(&bytes).unwrap().schema, 14);
        }
    }

    #[test]
    fn cutting_and_flipping_is_noticed_with_and_without_the_key() {
        let bytes = sealed(&vec![7; CHUNK + 100]);
        let begun = bytes.len() - 32;
        for length in [0, 3, 40, 70, 100, CHUNK, begun - 1] {
            let cut = &bytes[..length];
            assert!(matches!(opened(cut), Err(BackupFailure::Truncated { .. })), "{length}");
            assert!(matches!(checked(cut), Err(BackupFailure::Truncated { .. } | BackupFailure::Damaged { .. })));
        }
        for at in (0..bytes.len()).step_by(9_973).chain(0..80).chain(begun..bytes.len()) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(checked(&flipped).is_err(), "{at}");
            assert!(at >= begun || opened(&flipped).is_err(), "{at}");
        }
    }

    #[test]
    fn another_key_and_a_newer_form_are_named() {
        let bytes = sealed(b"x");
        let other = RecoveryKey::from_bytes([4; 32]);
        let wanted = RecoveryKey::from_bytes([3; 32]).public_half().name();
        assert!(
            matches!(Opening::begin(&*bytes, &other), Err(BackupFailure::WrongKey { wanted: w, .. }) if w == wanted)
        );
        let newer = [b"UKB2".as_slice(), &bytes[4..]].concat();
        assert!(matches!(opened(&newer), Err(BackupFailure::Newer { .. })));
        assert!(matches!(opened(b"PK\x03\x04 and more"), Err(BackupFailure::NotABackup)));
    }
}
