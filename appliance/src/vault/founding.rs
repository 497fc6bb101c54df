//! The first start: an identity for this machine, and a facility of its own.

use super::file::FacilityFile;
use super::{Founder, VaultError, chance};
use std::path::Path;
use sync::facility::BoxIdentity;
use sync::facility::identity::{IdentityError, IdentitySeed};
use sync::facility::machine::Machine;
use sync::facility::statement::{Founding, Statement};
use sync::seal::{DataKey, KeyRing, NamingKey, Role};

const IDENTITY: &str = "identity.key";
/// Most machines one disk has been started on and still remembers.
const MOST_MACHINES: u32 = 16;

/// The identity this box has on this machine, and whether the disk had another one on another machine before.
pub(super) fn identity_for(folder: &Path, machine: &Machine) -> Result<(BoxIdentity, bool), VaultError> {
    let seed = IdentitySeed::from_system()?;
    for number in 1..MOST_MACHINES {
        let path = match number {
            1 => folder.join(IDENTITY),
            number => folder.join(format!("identity-{number}.key")),
        };
        match BoxIdentity::open_or_make(&path, Role::Box, machine, &seed) {
            Err(IdentityError::OtherMachine) => {}
            outcome => return Ok((outcome?, number > 1)),
        }
    }
    Err(IdentityError::OtherMachine.into())
}

/// Founds a facility and keeps it.
pub(super) fn found(path: &Path, identity: &BoxIdentity, founder: &Founder<'_>) -> Result<FacilityFile, VaultError> {
    let mut chance = chance()?;
    let mut salt = [0; 16];
    rand::Rng::fill_bytes(&mut chance, &mut salt);
    let Founder { name, institution_code, now } = *founder;
    // a name that cannot stand in a statement is no reason not to open
    let names = [(name, institution_code), ("", "")].into_iter();
    let mut foundings = names.map(|(name, institution_code)| Founding { salt, name, site_code: "", institution_code });
    let founding = foundings.find_map(|founding| Statement::found(identity, &founding, now).ok());
    let founding = founding.ok_or(VaultError::Founding)?;
    let mut ring = KeyRing::new();
    ring.insert_naming(NamingKey::new(DataKey::generate(&mut chance)));
    let (facility, statements) = (founding.facility(), vec![founding]);
    FacilityFile::write(path, facility, &statements, &ring)?;
    Ok(FacilityFile { facility, statements, ring })
}
