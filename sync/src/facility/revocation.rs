//! Putting a lost box out: the statement, and what has to follow it.

use super::id::BoxId;
use super::identity::BoxIdentity;
use super::introduction::Standing;
use super::membership::Membership;
use super::statement::{Reason, Statement};
use super::wire::Malformed;
use crate::terminal::StaffText;
use domain::Timestamp;
use x25519_dalek::PublicKey;

/// What knows which keys the facility has.
pub trait KeyKeeper {
    /// A key that must not be used any more, as the keeper names it.
    type Key;

    /// The keys that the revoked box has or may have, and that records are still sealed with: each needs a new generation.
    fn keys_known_to(&self, revoked: BoxId) -> Vec<Self::Key>;
}

/// A revocation that was decided and has to be carried out.
#[derive(Debug)]
pub struct Revocation<K> {
    /// To be kept and spread first: from then on the box is out.
    pub statement: Statement,
    /// Keys that get a new generation.
    pub rotate: Vec<K>,
    /// Who gets the new generation: the boxes that remain, with the keys theirs are sealed to.
    pub grant_to: Vec<(BoxId, PublicKey)>,
}

/// Why a box was not put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRevoked {
    /// It is not a member (any more).
    #[error("not a member")]
    NotAMember,
    /// This box is no member itself, or only a hub, so its word does not count.
    #[error("this box may not revoke")]
    NoRight,
    /// No box would be left.
    #[error("the last box of the facility")]
    LastBox,
    /// The statement would be too large.
    #[error(transparent)]
    TooMuch(#[from] Malformed),
}

/// Decides what putting `revoked` out means. Nothing happened yet when this returns.
pub fn revoke<K: KeyKeeper>(
    signer: &BoxIdentity,
    membership: &Membership,
    revoked: BoxId,
    reason: Reason,
    keys: &K,
    now: Timestamp,
) -> Result<Revocation<K::Key>, NotRevoked> {
    let is_box = |id: BoxId| receiving_key(membership, id).is_some();
    if !is_box(signer.id()) {
        return Err(NotRevoked::NoRight);
    }
    let member = membership.member(revoked).ok_or(NotRevoked::NotAMember)?;
    let remaining = |(id, _): (BoxId, _)| (id != revoked).then_some(id);
    let grant_to: Vec<_> = membership
        .members()
        .filter_map(remaining)
        .filter_map(|id| receiving_key(membership, id).map(|key| (id, key)))
        .collect();
    if grant_to.is_empty() {
        return Err(NotRevoked::LastBox);
    }
    let accepted = membership.statements_of(revoked);
    let statement = Statement::revoke(signer, membership.facility(), revoked, reason, accepted, now)?;
    // a hub never had a key
    let had_keys = matches!(member.introduction.standing(), Standing::Box(_));
    let rotate = if had_keys { keys.keys_known_to(revoked) } else { Vec::new() };
    Ok(Revocation { statement, rotate, grant_to })
}

fn receiving_key(membership: &Membership, id: BoxId) -> Option<PublicKey> {
    match membership.member(id)?.introduction.standing() {
        Standing::Box(key) => Some(key),
        Standing::Hub => None,
    }
}

impl NotRevoked {
    /// What staff read.
    pub fn staff(&self) -> StaffText {
        match self {
            NotRevoked::NotAMember => StaffText::new(
                "その機器はこの施設に登録されていません。すでに取り消されている場合があります。何も変更していません。機器の一覧を確認してください。",
                "That machine does not belong to this facility; it may already have been put out. Nothing was changed. Look at the \
                 list of machines.",
            ),
            NotRevoked::NoRight => StaffText::new(
                "この機器は施設の登録から外れているため、ほかの機器の登録を取り消せません。何も変更していません。登録されている機器で操作してください。",
                "This box is not a member of the facility and cannot put another out. Nothing was changed. Do it on a box that is.",
            ),
            NotRevoked::LastBox => StaffText::new(
                "施設に残る最後の機器のため、登録を取り消せません。何も変更していません。先に別の機器を登録してください。",
                "This is the last box of the facility and cannot be put out. Nothing was changed. Register another box first.",
            ),
            NotRevoked::TooMuch(_) => StaffText::new(
                "登録の取り消しを記録できません。何も変更していません。保守担当者に連絡してください。",
                "The revocation cannot be written down. Nothing was changed. Call maintenance.",
            ),
        }
    }
}
