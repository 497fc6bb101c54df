//! Who belongs to a facility, from any set of statements.
//!
//! The same set gives the same members, in whatever order the statements came and however often. Rules:
//! 1. the founding counts for ever (its facility's id is its hash);
//! 2. another statement counts when its signer was brought in as a *box* by a statement that counts;
//! 3. a statement of a revoked box counts only when every revocation of that box that counts lists it as known;
//! 4. a member is who was brought in by a statement that counts and is revoked by none.
//!
//! 5. a member is called what the latest statement that counts calls it.
//!
//! Rules 2 and 3 can chase each other's tails (two boxes revoke each other). Then neither statement can be proven to count nor not to
//! count: it is *in dispute*. In dispute, nobody comes in and everybody revoked goes out. Formally this is the well-founded model of
//! the rules, found from both sides by alternating until nothing changes.

use super::id::{BoxId, FacilityId};
use super::introduction::{Introduction, Role};
use super::statement::{MAX_ACCEPTED, Reason, Said, Statement, StatementHash};
use crate::terminal::StaffText;
use domain::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A box or hub that belongs to the facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its public keys and role.
    pub introduction: Introduction,
    /// What its people call it.
    pub name: String,
    /// When its admitter says it came in.
    pub since: Timestamp,
    /// Who admitted it; itself for the founder.
    pub admitted_by: BoxId,
    /// The statement that brought it in.
    pub admission: StatementHash,
}

/// One who belonged to the facility and no longer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// Its public keys and role: by them it is recognised and told that it is out.
    pub introduction: Introduction,
    /// What its people called it.
    pub name: String,
    /// Who put it out, and why; several boxes may have.
    pub revoked_by: Vec<(BoxId, Reason)>,
    /// It is out because statements contradict each other: boxes revoked each other, or who admitted it is himself in dispute.
    pub in_dispute: bool,
}

/// Why a statement does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// It is about another facility.
    OtherFacility,
    /// Its signature is not that of the key it names.
    BadSignature,
    /// It claims to found this facility and did not.
    NotTheFounding,
    /// The box it brings in did not sign its own introduction.
    BadIntroduction,
    /// Its signer was never brought in.
    UnknownSigner,
    /// Its signer is a hub.
    HubSigner,
    /// Its signer was revoked, and the revoker did not know it.
    AfterRevocation,
    /// Boxes contradict each other about whether it counts.
    InDispute,
}

/// What a set of statements comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    facility: FacilityId,
    members: BTreeMap<BoxId, Member>,
    former: BTreeMap<BoxId, Former>,
    counting: BTreeMap<StatementHash, BoxId>,
    refused: BTreeMap<StatementHash, Refused>,
}

impl Membership {
    /// Judges a set of statements.
    pub fn evaluate<'a>(facility: FacilityId, statements: impl IntoIterator<Item = &'a Statement>) -> Membership {
        let mut refused = BTreeMap::new();
        let mut sound = Sound(BTreeMap::new());
        for statement in statements {
            match defect(facility, statement) {
                Some(reason) => drop(refused.insert(statement.hash(), reason)),
                None => drop(sound.0.insert(statement.hash(), statement)),
            }
        }
        let (proven, possible) = sound.alternate();
        refused.extend(sound.refusals(&proven, &possible));
        let (mut members, mut former) = sound.people(&proven, &possible);
        for (member, name) in sound.names(&proven) {
            members.get_mut(&member).into_iter().for_each(|member| name.clone_into(&mut member.name));
            former.get_mut(&member).into_iter().for_each(|former| name.clone_into(&mut former.name));
        }
        let counting = proven.iter().map(|hash| (*hash, sound.0[hash].signer())).collect();
        Membership { facility, members, former, counting, refused }
    }

    /// The facility.
    pub fn facility(&self) -> FacilityId {
        self.facility
    }

    /// The member with this id.
    pub fn member(&self, id: BoxId) -> Option<&Member> {
        self.members.get(&id)
    }

    /// All members, by id.
    pub fn members(&self) -> impl Iterator<Item = (BoxId, &Member)> {
        self.members.iter().map(|(id, member)| (*id, member))
    }

    /// Those who were members once, by id.
    pub fn former(&self) -> impl Iterator<Item = (BoxId, &Former)> {
        self.former.iter().map(|(id, former)| (*id, former))
    }

    /// Whether this one was a member and was put out by somebody whose word counts.
    pub fn put_out(&self, id: BoxId) -> bool {
        self.former.get(&id).is_some_and(|former| !former.revoked_by.is_empty())
    }

    /// The statements that do not count, with the reason.
    pub fn refused(&self) -> impl Iterator<Item = (StatementHash, Refused)> {
        self.refused.iter().map(|(hash, reason)| (*hash, *reason))
    }

    /// Whether this statement counts.
    pub fn counts(&self, hash: StatementHash) -> bool {
        self.counting.contains_key(&hash)
    }

    /// The statements of this box that count, as a revocation of it lists them. When one box said more than fits, those that brought the
    /// members in come first, so that nobody becomes irrevocable by talking much.
    pub fn statements_of(&self, id: BoxId) -> BTreeSet<StatementHash> {
        let mut brought: Vec<&Member> = self.members.values().filter(|member| member.admitted_by == id).collect();
        brought.sort_by_key(|member| (member.since, member.admission));
        let others = self.counting.iter().filter(|(_, signer)| **signer == id).map(|(hash, _)| *hash);
        let mut known = BTreeSet::new();
        for hash in brought.iter().map(|member| member.admission).chain(others) {
            if known.len() < MAX_ACCEPTED {
                known.insert(hash);
            }
        }
        known
    }
}

impl Refused {
    /// What staff read, in the list of what was refused.
    pub fn staff(self) -> StaffText {
        let (ja, en) = match self {
            Refused::OtherFacility => {
                ("別の施設の登録記録です。使用していません。", "A record of another facility; not used.")
            }
            Refused::BadSignature | Refused::NotTheFounding | Refused::BadIntroduction => (
                "署名が正しくない登録記録です。使用していません。続く場合は保守担当者に連絡してください。",
                "A record with a wrong signature; not used. If more come, call maintenance.",
            ),
            Refused::UnknownSigner => (
                "登録されていない機器が書いた登録記録です。使用していません。",
                "A record by a machine that does not belong to the facility; not used.",
            ),
            Refused::HubSigner => (
                "中継サーバーが書いた登録記録です。中継サーバーは機器を登録できないため、使用していません。",
                "A record by a hub. A hub may not admit or revoke; not used.",
            ),
            Refused::AfterRevocation => (
                "登録を取り消された機器が書いた登録記録です。使用していません。必要な機器が外れている場合は、もう一度登録してください。",
                "A record by a machine that was put out; not used. If a machine you need is missing, register it again.",
            ),
            Refused::InDispute => (
                "機器どうしが互いに登録を取り消しているため、どちらの記録も使用していません。残っている機器で登録し直してください。",
                "Boxes have put each other out, so neither one's record is used. Register them again from a box that is still in.",
            ),
        };
        StaffText::new(ja, en)
    }
}

/// What is wrong with a statement by itself.
fn defect(facility: FacilityId, statement: &Statement) -> Option<Refused> {
    if statement.facility() != facility {
        return Some(Refused::OtherFacility);
    }
    if !statement.is_genuine() {
        return Some(Refused::BadSignature);
    }
    if statement.said().introduces().is_some_and(|introduction| !introduction.is_genuine()) {
        return Some(Refused::BadIntroduction);
    }
    let founding = matches!(statement.said(), Said::Founded { .. });
    (founding && !statement.is_the_founding()).then_some(Refused::NotTheFounding)
}

/// Statements with nothing wrong in themselves.
struct Sound<'a>(BTreeMap<StatementHash, &'a Statement>);

type Hashes = BTreeSet<StatementHash>;
type Muting<'a> = BTreeMap<BoxId, Vec<(StatementHash, &'a Hashes)>>;

impl Sound<'_> {
    /// The statements that are proven to count, and those that possibly do.
    fn alternate(&self) -> (Hashes, Hashes) {
        let mut proven = Hashes::new();
        loop {
            let possible = self.counting_against(&proven);
            let next = self.counting_against(&possible);
            if next == proven {
                return (proven, possible);
            }
            proven = next;
        }
    }

    /// What counts when exactly the revocations in `revocations` count.
    fn counting_against(&self, revocations: &Hashes) -> Hashes {
        let muting = self.muting(revocations);
        let mut counting = Hashes::new();
        let mut boxes = BTreeSet::new();
        loop {
            let before = counting.len();
            for (hash, statement) in &self.0 {
                if counting.contains(hash) || !self.may_speak(&boxes, statement) || self.is_muted(&muting, *hash) {
                    continue;
                }
                counting.insert(*hash);
                boxes.extend(statement.said().introduces().filter(|one| one.role() == Role::Box).map(Introduction::id));
            }
            if counting.len() == before {
                return counting;
            }
        }
    }

    fn may_speak(&self, boxes: &BTreeSet<BoxId>, statement: &Statement) -> bool {
        matches!(statement.said(), Said::Founded { .. }) || boxes.contains(&statement.signer())
    }

    /// For each revoked box, the revocations of it with what they know.
    fn muting(&self, revocations: &Hashes) -> Muting<'_> {
        let mut muting = Muting::new();
        for by in revocations {
            if let Said::Revoked { revoked, accepted, .. } = self.0[by].said() {
                muting.entry(*revoked).or_default().push((*by, accepted));
            }
        }
        muting
    }

    /// Rule 3. A revocation does not mute itself: a box may put itself out.
    fn is_muted(&self, muting: &Muting<'_>, hash: StatementHash) -> bool {
        let statement = self.0[&hash];
        let against = muting.get(&statement.signer()).map(Vec::as_slice).unwrap_or_default();
        let founding = matches!(statement.said(), Said::Founded { .. });
        !founding && against.iter().any(|(by, accepted)| *by != hash && !accepted.contains(&hash))
    }

    fn refusals(&self, proven: &Hashes, possible: &Hashes) -> BTreeMap<StatementHash, Refused> {
        let muting = self.muting(possible);
        let brought_in = |id, role| possible.iter().any(|hash| self.introduces(hash, id, role));
        let why = |hash: &StatementHash, statement: &Statement| {
            let signer = statement.signer();
            match () {
                () if possible.contains(hash) => Refused::InDispute,
                () if brought_in(signer, Role::Box) && self.is_muted(&muting, *hash) => Refused::AfterRevocation,
                () if brought_in(signer, Role::Hub) => Refused::HubSigner,
                () => Refused::UnknownSigner,
            }
        };
        let uncounted = self.0.iter().filter(|(hash, _)| !proven.contains(*hash));
        uncounted.map(|(hash, statement)| (*hash, why(hash, statement))).collect()
    }

    fn introduces(&self, hash: &StatementHash, id: BoxId, role: Role) -> bool {
        self.0[hash].said().introduces().is_some_and(|one| one.id() == id && one.role() == role)
    }

    fn people(&self, proven: &Hashes, possible: &Hashes) -> (BTreeMap<BoxId, Member>, BTreeMap<BoxId, Former>) {
        let revocations = self.revocations(possible);
        let (mut members, mut former, mut proven_in) = (BTreeMap::new(), BTreeMap::new(), self.brought_in(proven));
        for (id, member) in self.brought_in(possible) {
            let proven_in = proven_in.remove(&id);
            let by = revocations.get(&id).cloned().unwrap_or_default();
            match proven_in {
                Some(member) if by.is_empty() => drop(members.insert(id, member)),
                proven_in => {
                    let proven_out = by.iter().any(|(hash, ..)| proven.contains(hash));
                    let revoked_by = by.into_iter().map(|(_, by, reason)| (by, reason)).collect();
                    let in_dispute = proven_in.is_none() || !proven_out;
                    let Member { introduction, name, .. } = member;
                    former.insert(id, Former { introduction, name, revoked_by, in_dispute });
                }
            }
        }
        (members, former)
    }

    /// What was called how, the latest word last.
    fn names(&self, counting: &Hashes) -> Vec<(BoxId, &str)> {
        let mut order: Vec<_> = counting.iter().map(|hash| (self.0[hash].made_at(), *hash)).collect();
        order.sort_unstable();
        let named = order.iter().filter_map(|(_, hash)| match self.0[hash].said() {
            Said::Named { member, name } => Some((*member, name.as_str())),
            _ => None,
        });
        named.collect()
    }

    fn revocations(&self, counting: &Hashes) -> BTreeMap<BoxId, Vec<(StatementHash, BoxId, Reason)>> {
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for hash in counting {
            if let Said::Revoked { revoked, reason, .. } = self.0[hash].said() {
                all.entry(*revoked).or_default().push((*hash, self.0[hash].signer(), *reason));
            }
        }
        all
    }

    /// Whom these statements bring in. Brought in more than once, the first counts, and a hub before a box: it gets fewer keys.
    fn brought_in(&self, counting: &Hashes) -> BTreeMap<BoxId, Member> {
        let mut order: Vec<_> = counting.iter().map(|hash| (self.0[hash], hash)).collect();
        order.sort_by_key(|(statement, hash)| {
            let as_hub = statement.said().introduces().is_some_and(|one| one.role() == Role::Hub);
            (!matches!(statement.said(), Said::Founded { .. }), !as_hub, statement.made_at(), **hash)
        });
        let mut found = BTreeMap::new();
        for (statement, hash) in order {
            if let (Some(introduction), Some(name)) = (statement.said().introduces(), statement.said().name()) {
                found.entry(introduction.id()).or_insert_with(|| Member {
                    introduction: introduction.clone(),
                    name: name.to_owned(),
                    since: statement.made_at(),
                    admitted_by: statement.signer(),
                    admission: *hash,
                });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
