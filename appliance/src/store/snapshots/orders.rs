//! Orders to forget whose signer left the facility. A box that was away takes such an order no more, and would keep, and hand on, what
//! everybody else has forgotten: so a member that obeyed says it again in its own name.
//!
//! Only for a box that was retired or replaced: one that was lost or copied may have ordered in a thief's hands.

use super::super::records::standing;
use super::super::{Stored, Writing};
use std::collections::BTreeSet;
use sync::facility::Membership;
use sync::facility::statement::Reason;
use sync::seal::forget::Forget;
use sync::seal::{BoxId, SealedRecord};

impl Writing<'_> {
    /// Says again what only boxes ordered that have left.
    pub(super) fn say_forgetting_again(&self, membership: &Membership) -> Stored<()> {
        let in_order = |reason: &Reason| matches!(reason, Reason::Retired | Reason::Replaced);
        let left: BTreeSet<BoxId> = membership
            .former()
            .filter(|(_, former)| !former.revoked_by.is_empty())
            .filter(|(_, former)| former.revoked_by.iter().all(|(_, reason)| in_order(reason)))
            .map(|(id, _)| id)
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        let orders = self.records_where("substr(sealed, 61, 1) = x'05' AND standing = 1", [])?;
        let is_by_member = |order: &SealedRecord| membership.member(order.header().author).is_some();
        let by_members = orders.iter().filter(|(_, order)| is_by_member(order));
        let mut said: BTreeSet<&[u8]> = by_members.map(|(_, order)| order.content()).collect();
        for (_, order) in orders.iter().filter(|(_, order)| left.contains(&order.header().author)) {
            let Ok(forget) = Forget::read(order) else { continue };
            if said.insert(order.content()) {
                self.keep_record(&self.vault.seal_forget(&forget)?, standing::COUNTS)?;
            }
        }
        Ok(())
    }
}
