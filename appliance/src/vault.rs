//! What makes this box one of its facility: its identity, who else belongs to it, and the keys that open the record.
//!
//! Every box is a facility from its first start: it founds one, and a second box is let into it. Nothing here lies in the database.

mod file;
mod forgetting;
mod founding;
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
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use sync::facility::identity::IdentityError;
use sync::facility::machine::Machine;
use sync::facility::revocation::KeyKeeper;
use sync::facility::statement::{Said, Statement};
use sync::facility::{BoxIdentity, Introduction, Membership, Standing};
use sync::seal::grant::{Granted, grant, grant_chained, open_grant, open_grant_chained};
use sync::seal::{
    Author, BoxId, Change, DataKey, DocumentClass, DocumentTag, FacilityId, Gate, HashPrefix, Inserted, KeyId, KeyRing,
    Month, Refusal, Role, SealedRecord, Sealer, Slot, open_kept,
};
use tokio::sync::watch;
use x25519_dalek::PublicKey;

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

    /// Signs a statement into a record.
    pub(crate) fn seal_statement(&self, statement: &Statement) -> Result<SealedRecord, VaultError> {
        Ok(self.sealer.membership(statement.as_bytes())?)
    }

    /// Seals a change of a document with the key of its class and this month. Makes the key when there is none yet; the file is durable
    /// before anything is sealed with it.
    pub(crate) fn seal(&self, change: &Change, now: Timestamp) -> Result<SealedRecord, VaultError> {
        let month = Month::of(now.date_in_japan());
        if self.ring().sealing_key(change.class, month).is_none() {
            self.make_key(Slot { class: change.class, month, generation: 0 })?;
        }
        Ok(self.sealer.change(&self.ring(), month, change, &mut chance()?)?)
    }

    /// Seals a document as it stands, with the key of the newest of the records it is made of: it is forgotten when they are.
    pub(crate) fn seal_snapshot(
        &self,
        whole: &Change,
        stands_for: &[HashPrefix],
        keys: &[KeyId],
    ) -> Result<SealedRecord, VaultError> {
        let ring = self.ring();
        let month = keys.iter().filter_map(|key| ring.key(*key).ok()).map(|(slot, _)| slot.month).max();
        let month = month.ok_or(Refusal::UnknownKey)?;
        Ok(self.sealer.snapshot(&ring, month, whole, stands_for, &mut chance()?)?)
    }

    fn make_key(&self, slot: Slot) -> Result<(), VaultError> {
        let mut chance = chance()?;
        self.change_ring(|ring| {
            let is_there = ring
                .sealing_key(slot.class, slot.month)
                .is_some_and(|(id, _)| ring.key(id).is_ok_and(|(held, _)| held.generation >= slot.generation));
            if !is_there {
                ring.insert(KeyId::generate(&mut chance), slot, DataKey::generate(&mut chance));
            }
            true
        })?;
        self.grants_due.store(true, Ordering::Release);
        Ok(())
    }

    /// A new generation in place of these keys: one who was put out knows them.
    pub fn replace(&self, old: &[Slot]) -> Result<(), VaultError> {
        old.iter().try_for_each(|slot| self.make_key(Slot { generation: slot.generation.saturating_add(1), ..*slot }))
    }

    /// Opens a record that was checked before it was kept. A key that another process of this box has just made lies in the file.
    pub(crate) fn open_kept(&self, record: &SealedRecord) -> Result<Change, Refusal> {
        let opened = open_kept(record, &self.ring());
        match opened {
            Err(Refusal::UnknownKey) if self.change_ring(|_| false).is_ok() => open_kept(record, &self.ring()),
            outcome => outcome,
        }
    }

    /// Changes the ring, alone among all processes of this box, upon what stands in the file; durable when this returns. What was to be
    /// done says whether the file changed. A service that still runs while this box enters another facility goes on with the keys of the
    /// one before, and keeps them there: its record is sealed anew from them at the next start.
    fn change_ring(&self, change: impl FnOnce(&mut KeyRing) -> bool) -> Result<(), VaultError> {
        let alone = File::create(self.path.with_extension("lock"))?;
        alone.lock()?;
        let mut ring = self.ring_to_write();
        let is_elsewhere = FacilityFile::read(&self.path)?.is_some_and(|file| file.facility != self.facility());
        let path = if is_elsewhere { self.path.with_file_name(BEFORE) } else { self.path.clone() };
        if let Some(file) = FacilityFile::read(&path)?.filter(|file| file.facility == self.facility()) {
            file.ring.destroyed().for_each(|name| ring.destroy(name));
            for key in Granted::all_of(&file.ring) {
                key.put_on(&mut ring);
            }
        }
        if change(&mut ring) {
            FacilityFile::write(&path, self.facility(), &self.seeds, &ring)?;
        }
        Ok(())
    }

    /// The tag of a document; none before the naming key has come, which no box is without.
    pub(crate) fn tag(&self, class: DocumentClass, id: &[u8]) -> Option<DocumentTag> {
        self.ring().naming().map(|naming| naming.tag(class, id))
    }

    /// Whether somebody may be waiting for a key. Answers yes once.
    pub(crate) fn take_grants_due(&self) -> bool {
        self.grants_due.swap(false, Ordering::AcqRel)
    }

    /// The grants were not kept after all.
    pub(crate) fn grants_are_due(&self) {
        self.grants_due.store(true, Ordering::Release);
    }

    /// The names of the keys that are granted through logs; the naming key goes by [`KeyId::NONE`].
    pub(crate) fn key_names(&self) -> Vec<KeyId> {
        let ring = self.ring();
        let keys = ring.held().filter(|(_, slot, _)| slot.class != DocumentClass::CHAIN);
        ring.naming().map(|_| KeyId::NONE).into_iter().chain(keys.map(|(id, ..)| id)).collect()
    }

    /// The other boxes, and what their keys are sealed to.
    pub(crate) fn other_boxes(&self) -> Vec<(BoxId, Introduction)> {
        let membership = self.membership();
        let boxes =
            membership.members().filter(|(id, member)| *id != self.id() && member.introduction.role() == Role::Box);
        boxes.map(|(id, member)| (id, member.introduction.clone())).collect()
    }

    /// Everything a newcomer needs, sealed to it, as a welcome carries it.
    pub fn welcome(&self, newcomer: BoxId, key: &PublicKey) -> Result<Vec<u8>, VaultError> {
        Ok(grant(&self.sealer, newcomer, key, &self.all_keys(), &mut chance()?)?.bytes().to_vec())
    }

    /// Opens what [`Vault::welcome`] made for this box, signed by a member according to these statements.
    pub fn read_welcome(
        &self,
        facility: FacilityId,
        statements: &[Statement],
        grants: &[u8],
    ) -> Result<Vec<Granted>, VaultError> {
        let secret = self.identity.receiving_secret().ok_or(Refusal::NotPermitted)?;
        let gate = Gate::new(facility, Arc::new(Register::new(facility, statements.to_vec())));
        Ok(open_grant(&SealedRecord::parse(grants)?, &gate, secret)?)
    }

    /// A record that hands these keys to a member.
    pub(crate) fn grant(&self, to: &Introduction, names: &[KeyId]) -> Result<SealedRecord, VaultError> {
        let Standing::Box(key) = to.standing() else { return Err(Refusal::NotPermitted.into()) };
        let wanted = |granted: &Granted| match granted {
            Granted::Data { id, .. } => names.contains(id),
            Granted::Naming(_) => names.contains(&KeyId::NONE),
        };
        let ring = self.ring();
        let keys: Vec<Granted> = Granted::all_of(&ring).into_iter().filter(wanted).collect();
        let month = ring.held().map(|(_, slot, _)| slot.month).max();
        let link = month.and_then(|month| Some((month, ring.link(month)?)));
        let link = link.as_ref().map(|(month, link)| (*month, link));
        Ok(grant_chained(&self.sealer, to.id(), &key, &keys, link, &mut chance()?)?)
    }

    /// The keys that a grant for this box brings and that are not held yet; none when it is for another.
    pub(crate) fn read_grant(&self, record: &SealedRecord) -> Result<Vec<Granted>, Refusal> {
        let Some(secret) = self.identity.receiving_secret() else { return Ok(Vec::new()) };
        if sync::seal::grant::recipient(record) != Some(self.id()) {
            return Ok(Vec::new());
        }
        open_grant_chained(record, &self.gate, secret, &self.ring())
    }

    /// Puts keys on the ring, durably. Returns the names of those that are new.
    pub(crate) fn hold(&self, keys: Vec<Granted>) -> Result<Vec<KeyId>, VaultError> {
        let mut new = Vec::new();
        self.change_ring(|ring| {
            for key in keys {
                let name = if let Granted::Data { id, .. } = &key { *id } else { KeyId::NONE };
                if key.put_on(ring) == Inserted::New {
                    new.push(name);
                }
            }
            !new.is_empty()
        })?;
        if !new.is_empty() {
            self.grants_due.store(true, Ordering::Release);
        }
        Ok(new)
    }

    /// Destroys keys, durably.
    pub(crate) fn destroy(&self, names: &[KeyId]) -> Result<(), VaultError> {
        self.change_ring(|ring| {
            names.iter().for_each(|name| ring.destroy(*name));
            true
        })
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

    /// Everything a newcomer needs, for its welcome.
    pub fn all_keys(&self) -> Vec<Granted> {
        Granted::all_of(&self.ring())
    }

    fn ring(&self) -> RwLockReadGuard<'_, KeyRing> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring_to_write(&self) -> RwLockWriteGuard<'_, KeyRing> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every box has every key.
impl KeyKeeper for Vault {
    type Key = Slot;

    fn keys_known_to(&self, _revoked: BoxId) -> Vec<Slot> {
        let ring = self.ring();
        let last = ring.held().map(|(_, slot, _)| slot.month).max();
        // Whatever the clocks of the boxes say, nobody seals with the keys of the month before last.
        let live = ring
            .held()
            .map(|(_, slot, _)| slot)
            .filter(|slot| slot.class != DocumentClass::CHAIN)
            .filter(|slot| last.is_some_and(|last| slot.month.number().saturating_add(1) >= last.number()));
        let mut newest = BTreeMap::new();
        for slot in live {
            let known = newest.entry((slot.class, slot.month)).or_insert(slot);
            known.generation = slot.generation.max(known.generation);
        }
        newest.into_values().collect()
    }
}

/// Fresh randomness, never that of an earlier moment: a machine may be copied while it runs.
pub(crate) fn chance() -> Result<ChaCha20Rng, VaultError> {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|_| VaultError::NoRandomness)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
