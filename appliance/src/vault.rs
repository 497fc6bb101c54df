//! What makes this box one of its facility: its identity, who else belongs to it, and the keys that open the record.
//!
//! Every box is a facility from its first start: it founds one, and a second box is let into it. Nothing here lies in the database.

mod file;
mod forgetting;
mod founding;
mod grants;
mod keys;
mod register;

use domain::Timestamp;
use file::FacilityFile;
use founding::{found, identity_for};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use register::Register;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use sync::facility::identity::IdentityError;
use sync::facility::machine::Machine;
use sync::facility::statement::{Said, Statement};
use sync::facility::{BoxIdentity, Introduction, Membership};
use sync::seal::grant::Granted;
use sync::seal::{Author, BoxId, FacilityId, Gate, KeyRing, Refusal, Role, SealedRecord, Sealer};
use tokio::sync::watch;

const FACILITY: &str = "facility.key";
/// The facility this box was in before it was let into another, until its records are sealed anew.
const BEFORE: &str = "facility-before.key";

/// Why the box cannot know who it is, or what it has.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// the identity file
    #[error("the identity cannot be used")]
    Identity(#[from] IdentityError),
    /// the facility's key file
    #[error("the facility's key file cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// a name cannot stand in a statement about membership
    #[error("a statement about membership cannot be written with this name")]
    Founding,
    /// the operating system gave no randomness
    #[error("no randomness from the system")]
    NoRandomness,
    /// a record could not be sealed, or a key not granted
    #[error("a record could not be sealed: {0}")]
    Sealing(#[from] Refusal),
}

/// How a facility is founded, should this be the first start.
#[derive(Clone, Debug)]
pub struct Founder<'a> {
    /// what people call the site
    pub name: &'a str,
    /// 医療機関コード
    pub institution_code: &'a str,
    /// when
    pub now: Timestamp,
}

/// Identity, membership and keys of this box.
pub struct Vault {
    path: PathBuf,
    identity: Arc<BoxIdentity>,
    moved: bool,
    seeds: Vec<Statement>,
    sealer: Sealer,
    gate: Gate,
    register: Arc<Register>,
    ring: RwLock<KeyRing>,
    grants_due: AtomicBool,
    heard: Mutex<BTreeMap<BoxId, Timestamp>>,
    changed: watch::Sender<u64>,
}

impl Vault {
    /// The vault in a data folder, as this machine finds it. Makes identity, facility and first keys on the first start. On another
    /// machine than the one the disk was used in before, the box goes by another identity: reception goes on, and the others talk to
    /// it again when it has been let in anew. The identity of the other machine stays as it is, should the disk be put back.
    pub fn open(folder: &Path, machine: &Machine, founder: &Founder<'_>) -> Result<Vault, VaultError> {
        let (identity, moved) = identity_for(folder, machine)?;
        let path = folder.join(FACILITY);
        let file = match FacilityFile::read(&path)? {
            Some(file) => file,
            None => found(&path, &identity, founder)?,
        };
        Ok(Vault::of(path, Arc::new(identity), moved, file))
    }

    fn of(path: PathBuf, identity: Arc<BoxIdentity>, moved: bool, file: FacilityFile) -> Vault {
        let FacilityFile { facility, statements, ring } = file;
        let register = Arc::new(Register::new(facility, statements.clone()));
        Vault {
            path,
            sealer: identity.sealer(facility),
            gate: Gate::new(facility, register.clone()),
            identity,
            moved,
            seeds: statements,
            register,
            ring: RwLock::new(ring),
            grants_due: AtomicBool::new(true),
            heard: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    /// Keeps what a welcome brought, in place of the facility this box was in before. To be opened anew afterwards: then what stands in
    /// the record already is sealed for the new facility.
    pub fn enter(
        folder: &Path,
        facility: FacilityId,
        statements: &[Statement],
        keys: Vec<Granted>,
    ) -> Result<(), VaultError> {
        let (path, before) = (folder.join(FACILITY), folder.join(BEFORE));
        let alone = File::create(path.with_extension("lock"))?;
        alone.lock()?;
        let known = FacilityFile::read(&path)?;
        let mut ring = match known {
            Some(known) if known.facility == facility => known.ring,
            Some(known) if !before.exists() => {
                FacilityFile::write(&before, known.facility, &known.statements, &known.ring)?;
                KeyRing::new()
            }
            _ => KeyRing::new(),
        };
        for key in keys {
            key.put_on(&mut ring);
        }
        Ok(FacilityFile::write(&path, facility, statements, &ring)?)
    }

    /// The keys of the facility this box was in before, while there may be records of it.
    pub(crate) fn ring_before(&self) -> Result<Option<KeyRing>, VaultError> {
        Ok(FacilityFile::read(&self.path.with_file_name(BEFORE))?.map(|file| file.ring))
    }

    /// No record of the facility before is left.
    pub(crate) fn forget_before(&self) -> Result<(), VaultError> {
        Ok(std::fs::remove_file(self.path.with_file_name(BEFORE))?)
    }

    /// This box.
    pub fn identity(&self) -> &Arc<BoxIdentity> {
        &self.identity
    }

    /// Its name.
    pub fn id(&self) -> BoxId {
        self.sealer.author()
    }

    /// The facility.
    pub fn facility(&self) -> FacilityId {
        self.sealer.facility()
    }

    /// What lets the facility's records in.
    pub const fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The disk was used in another machine before, under another identity, and this one is no member yet.
    pub fn is_moved(&self) -> bool {
        self.moved && !self.is_member()
    }

    /// Whether this box belongs to its facility.
    pub fn is_member(&self) -> bool {
        self.membership().member(self.id()).is_some()
    }

    /// Whether this one was a member and is none any more.
    pub(crate) fn is_out(&self, id: BoxId) -> bool {
        matches!(self.gate.members().verifying_key(id), Author::Revoked { .. })
    }

    /// Who belongs to the facility, now.
    pub fn membership(&self) -> Membership {
        self.register.read().membership.clone()
    }

    /// All statements that are known.
    pub fn statements(&self) -> Vec<Statement> {
        self.register.read().statements.values().cloned().collect()
    }

    /// The statements of this box that came with the file and belong into the log.
    pub(crate) fn own_seeds(&self) -> impl Iterator<Item = &Statement> {
        self.seeds.iter().filter(|statement| statement.signer() == self.id())
    }

    /// Changes whenever the members may have changed.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Takes note of statements. True when one of them was new.
    pub(crate) fn hear(&self, statements: impl IntoIterator<Item = Statement>) -> bool {
        let news = self.register.hear(statements);
        if news {
            self.grants_due.store(true, Ordering::Release);
            self.changed.send_modify(|count| *count = count.wrapping_add(1));
        }
        news
    }

    /// Takes note that a box was heard of: it answered, or something it wrote arrived.
    pub(crate) fn heard_of(&self, member: BoxId, now: Timestamp) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(member, now);
    }

    /// When a box was last heard of since the start.
    pub fn heard_at(&self, member: BoxId) -> Option<Timestamp> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).get(&member).copied()
    }

    /// The other boxes, and what their keys are sealed to.
    pub(crate) fn other_boxes(&self) -> Vec<(BoxId, Introduction)> {
        let membership = self.membership();
        let boxes =
            membership.members().filter(|(id, member)| *id != self.id() && member.introduction.role() == Role::Box);
        boxes.map(|(id, member)| (id, member.introduction.clone())).collect()
    }

    /// Signs a statement into a record.
    pub(crate) fn seal_statement(&self, statement: &Statement) -> Result<SealedRecord, VaultError> {
        Ok(self.sealer.membership(statement.as_bytes())?)
    }

    /// The statement that lets a newcomer in; it counts as soon as it is in the log.
    pub fn admit(&self, newcomer: &Introduction, name: &str, now: Timestamp) -> Result<Statement, VaultError> {
        Statement::admit(&self.identity, self.facility(), newcomer, name, now).map_err(|_| VaultError::Founding)
    }

    /// The statement that gives a member a new name; it counts as soon as it is in the log. Whatever the clock says, it comes after what
    /// was said of that name before.
    pub(crate) fn name(&self, member: BoxId, name: &str, now: Timestamp) -> Result<Statement, VaultError> {
        let statements = self.statements();
        let before =
            statements.iter().filter(|one| matches!(one.said(), Said::Named { member: of, .. } if *of == member));
        let after = before.map(|one| one.made_at().plus_ms(1)).max();
        let at = after.map_or(now, |after| now.max(after));
        Statement::name(&self.identity, self.facility(), member, name, at).map_err(|_| VaultError::Founding)
    }
}

/// Fresh randomness, never that of an earlier moment: a machine may be copied while it runs.
pub(crate) fn chance() -> Result<ChaCha20Rng, VaultError> {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|_| VaultError::NoRandomness)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
