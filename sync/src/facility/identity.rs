//! The long-term keys of a box: made once, kept in a file that only the service reads, never leaving the machine.

use super::id::BoxId;
use super::introduction::{Introduction, Role, Standing};
use super::key_file;
use super::machine::{Machine, MachineMark, Sameness};
use super::wire::{Malformed, Reader};
#[cfg(feature = "keys")]
use crate::seal::{FacilityId, Sealer};
use crate::terminal::StaffText;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"UKI1";

/// The keys of this box or hub: one to sign with and, for a box, one to receive facility keys with.
pub struct BoxIdentity {
    signing: SigningKey,
    receiving: Option<StaticSecret>,
}

/// Where a hub's, or a box's, random bytes come from: 32 each for the two keys and 16 for the machine's mark.
pub struct IdentitySeed(Zeroizing<[u8; 80]>);

/// Why there is no identity to work with.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The disk was moved or copied to another machine.
    #[error("the identity belongs to another machine")]
    OtherMachine,
    /// The file is not an identity.
    #[error("the identity file is damaged")]
    Damaged(#[from] Malformed),
    /// The identity is that of a hub where a box is expected, or the reverse.
    #[error("the identity has another role")]
    OtherRole,
    /// The file cannot be read or written, or other users could read it.
    #[error("the identity file cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// The operating system gave no randomness.
    #[error("no randomness from the system")]
    NoRandomness,
}

impl IdentitySeed {
    /// From the operating system.
    pub fn from_system() -> Result<IdentitySeed, IdentityError> {
        let mut bytes = Zeroizing::new([0; 80]);
        getrandom::fill(bytes.as_mut()).map_err(|_| IdentityError::NoRandomness)?;
        Ok(IdentitySeed(bytes))
    }

    /// From given bytes (tests and simulations).
    pub fn from_bytes(bytes: [u8; 80]) -> IdentitySeed {
        IdentitySeed(Zeroizing::new(bytes))
    }

    fn part<const N: usize>(&self, from: usize) -> Zeroizing<[u8; N]> {
        let mut part = Zeroizing::new([0; N]);
        part.copy_from_slice(&self.0[from..from + N]);
        part
    }
}

impl BoxIdentity {
    /// New keys for this role.
    pub fn make(role: Role, seed: &IdentitySeed) -> BoxIdentity {
        BoxIdentity {
            signing: SigningKey::from_bytes(&seed.part(0)),
            receiving: (role == Role::Box).then(|| StaticSecret::from(*seed.part::<32>(32))),
        }
    }

    /// Reads the identity file, or makes it on the first start. On [`IdentityError::OtherMachine`] nothing was changed: a person has
    /// to decide between putting the disk back and [`BoxIdentity::renew`].
    pub fn open_or_make(
        path: &Path,
        role: Role,
        machine: &Machine,
        seed: &IdentitySeed,
    ) -> Result<BoxIdentity, IdentityError> {
        match key_file::read(path) {
            Ok(bytes) => BoxIdentity::accept(&bytes, role, machine),
            Err(error) if error.kind() == ErrorKind::NotFound => BoxIdentity::make_file(path, role, machine, seed),
            Err(error) => Err(error.into()),
        }
    }

    /// A new identity in place of the old one, which is gone: it belongs to the other machine alone. The box has to join anew.
    pub fn renew(
        path: &Path,
        role: Role,
        machine: &Machine,
        seed: &IdentitySeed,
    ) -> Result<BoxIdentity, IdentityError> {
        BoxIdentity::make_file(path, role, machine, seed)
    }

    fn make_file(
        path: &Path,
        role: Role,
        machine: &Machine,
        seed: &IdentitySeed,
    ) -> Result<BoxIdentity, IdentityError> {
        let identity = BoxIdentity::make(role, seed);
        key_file::write(path, &identity.encode(&machine.mark(*seed.part(64))))?;
        Ok(identity)
    }

    fn accept(bytes: &[u8], role: Role, machine: &Machine) -> Result<BoxIdentity, IdentityError> {
        let (identity, mark) = BoxIdentity::decode(bytes)?;
        if mark.compare(machine) == Sameness::Other {
            return Err(IdentityError::OtherMachine);
        }
        if identity.role() == role { Ok(identity) } else { Err(IdentityError::OtherRole) }
    }

    fn encode(&self, mark: &MachineMark) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(512));
        bytes.extend(MAGIC);
        bytes.push(if self.receiving.is_some() { 1 } else { 2 });
        bytes.extend(self.signing.as_bytes());
        self.receiving.iter().for_each(|secret| bytes.extend(secret.as_bytes()));
        mark.encode(&mut bytes);
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<(BoxIdentity, MachineMark), Malformed> {
        let mut from = Reader::new(bytes);
        from.magic(MAGIC)?;
        let role = from.u8()?;
        let signing = SigningKey::from_bytes(&Zeroizing::new(from.array()?));
        let receiving = match role {
            1 => Some(StaticSecret::from(from.array::<32>()?)),
            2 => None,
            _ => return Err(Malformed::UnknownKind),
        };
        let mark = MachineMark::read(&mut from)?;
        from.end().map(|()| (BoxIdentity { signing, receiving }, mark))
    }

    /// Its name.
    pub fn id(&self) -> BoxId {
        BoxId::of_key(&self.public_key())
    }

    /// Box or hub.
    pub fn role(&self) -> Role {
        if self.receiving.is_some() { Role::Box } else { Role::Hub }
    }

    /// The public half of the key it signs with.
    pub fn public_key(&self) -> VerifyingKey {
        self.signing.verifying_key()
    }

    /// The secret half of the key facility keys are sealed to; a hub has none.
    pub fn receiving_secret(&self) -> Option<&StaticSecret> {
        self.receiving.as_ref()
    }

    /// How it introduces itself to others.
    pub fn introduction(&self) -> Introduction {
        let standing = self.receiving.as_ref().map_or(Standing::Hub, |secret| Standing::Box(PublicKey::from(secret)));
        Introduction::make(self, standing)
    }

    /// Signs `label` followed by `parts`. Every use has its own label, so that a signature for one thing is never one for another.
    pub fn sign(&self, label: &[u8], parts: &[&[u8]]) -> Signature {
        self.signing.sign(&[label, &parts.concat()].concat())
    }

    /// Signs sealed records of a facility in this box's name.
    #[cfg(feature = "keys")]
    pub fn sealer(&self, facility: FacilityId) -> Sealer {
        Sealer::new(facility, self.id(), self.signing.clone())
    }

    pub(super) fn sign_bare(&self, message: &[u8]) -> Signature {
        self.signing.sign(message)
    }
}

impl fmt::Debug for BoxIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BoxIdentity({:?} {})", self.role(), self.id())
    }
}

impl IdentityError {
    /// What staff read.
    pub fn staff(&self) -> StaffText {
        match self {
            IdentityError::OtherMachine => StaffText::new(
                "このディスクは別の機器で使われていたものです。二台が同じ名前で動くのを防ぐため、ほかの機器との同期を止めています。受付は続けられます。元の機器に戻すか、この機器を新しく登録し直してください。",
                "This disk was used in another machine. Exchange with the other boxes is stopped, so that no two machines go by one \
                 name. Reception goes on. Put the disk back, or register this machine anew.",
            ),
            IdentityError::Damaged(_) | IdentityError::OtherRole => StaffText::new(
                "この機器の登録ファイルが読めません。受付は続けられますが、ほかの機器との同期は止まっています。この機器を新しく登録し直してください。",
                "The registration file of this box cannot be read. Reception goes on, but exchange with the other boxes is stopped. \
                 Register this box anew.",
            ),
            IdentityError::File(_) | IdentityError::NoRandomness => StaffText::new(
                "この機器の登録ファイルを使えません。受付は続けられますが、ほかの機器との同期は止まっています。保守担当者にファイルの権限とディスクを確認してもらってください。",
                "The registration file of this box cannot be used. Reception goes on, but exchange with the other boxes is stopped. \
                 Have maintenance check the file's permissions and the disk.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn machine(system: &str) -> Machine {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        std::fs::write(root.path().join("etc/machine-id"), system).unwrap();
        Machine::read(root.path())
    }

    #[test]
    fn an_identity_is_made_once_and_read_only_by_the_service() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity");
        std::fs::write(path.with_extension("new"), "left by a power cut").unwrap();
        let open = |seed: u8| {
            BoxIdentity::open_or_make(&path, Role::Box, &machine("a"), &IdentitySeed::from_bytes([seed; 80]))
        };
        let first = open(1).unwrap();
        assert_eq!(open(2).unwrap().id(), first.id());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(open(1), Err(IdentityError::File(_))));
    }

    #[test]
    fn another_machine_has_to_take_a_new_identity() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity");
        let open = |system: &str| {
            BoxIdentity::open_or_make(&path, Role::Box, &machine(system), &IdentitySeed::from_bytes([1; 80]))
        };
        let original = open("a").unwrap().id();
        assert!(matches!(open("b"), Err(IdentityError::OtherMachine)));
        assert_eq!(open("a").unwrap().id(), original, "the refusal changed nothing");
        let renewed = BoxIdentity::renew(&path, Role::Box, &machine("b"), &IdentitySeed::from_bytes([2; 80])).unwrap();
        assert_ne!(renewed.id(), original);
        assert_eq!(open("b").unwrap().id(), renewed.id());
    }

    #[test]
    fn a_hub_has_no_key_to_receive_keys_with() {
        let hub = BoxIdentity::make(Role::Hub, &IdentitySeed::from_bytes([3; 80]));
        assert!(hub.receiving_secret().is_none());
        assert!(hub.introduction().standing() == Standing::Hub);
        assert!(hub.introduction().is_genuine());
    }

    #[test]
    fn damaged_files_are_refused_and_nothing_secret_is_printed() {
        let identity = BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([4; 80]));
        let bytes = identity.encode(&machine("a").mark([5; 16]));
        for length in 0..bytes.len() {
            assert!(BoxIdentity::decode(&bytes[..length]).is_err());
        }
        assert_eq!(format!("{identity:?}"), format!("BoxIdentity(Box {})", identity.id()));
    }
}
