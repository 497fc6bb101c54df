//! Everything there is to know of the facility, gathered for people.

use super::{Shared, failure_words};
use crate::enrolment::text;
use crate::exchange::{Exchange, PeerStanding};
use domain::Timestamp;
use std::collections::BTreeMap;
use std::sync::PoisonError;
use sync::facility::identity::IdentityError;
use sync::facility::membership::Former;
use sync::facility::statement::{Reason, Said, Statement};
use sync::facility::{Member, Membership, Role};
use sync::feed::FeedFailure;
use sync::seal::BoxId;
use web::port::{FacilityView, FormerItem, MemberItem, PeerItem, PutOutReason, PutOutWords};

impl Shared {
    pub(super) fn look(&self) -> FacilityView {
        let (vault, now) = (self.desk.vault(), self.desk.clock().now());
        let (membership, exchange) = (vault.membership(), self.exchange());
        let standings: BTreeMap<BoxId, PeerStanding> = exchange
            .iter()
            .flat_map(|exchange| exchange.standings())
            .map(|standing| (standing.peer, standing))
            .collect();
        let mut members: Vec<MemberItem> = membership
            .members()
            .map(|(id, member)| self.member(id, member, exchange.as_deref(), standings.get(&id), now))
            .collect();
        members.sort_by_key(|member| (!member.is_own, member.is_hub, member.since));
        let screen = self.enrolment.screen();
        let statements = vault.statements();
        FacilityView {
            facility: vault.facility().to_string(),
            label: self.enrolment.label(),
            address: exchange.as_ref().map(|exchange| self.called_at(exchange)),
            stopped: self.stopped(&membership, standings.values()),
            members,
            former: membership.former().map(|(id, former)| former_item(id, former, &membership, &statements)).collect(),
            budget_per_day: exchange.map(|exchange| exchange.budget().per_day).filter(|bytes| *bytes < u64::MAX),
            code: self.enrolment.open_code(),
            said: screen.said(),
            questions: screen.questions(),
            entering: screen.is_entering(),
            unfinished: self.enrolment.unfinished().is_some(),
            found: self
                .exchange()
                .map(|exchange| exchange.inviting())
                .unwrap_or_default()
                .iter()
                .map(ToString::to_string)
                .collect(),
        }
    }

    fn member(
        &self,
        id: BoxId,
        member: &Member,
        exchange: Option<&Exchange>,
        standing: Option<&PeerStanding>,
        now: Timestamp,
    ) -> MemberItem {
        let is_own = id == self.desk.vault().id();
        let ends = |exchange: &Exchange| {
            if is_own { exchange.certificate_ends() } else { exchange.certificate_of(id) }
        };
        MemberItem {
            id: id.to_string(),
            name: named(id, &member.name),
            is_hub: member.introduction.role() == Role::Hub,
            is_own,
            since: member.since,
            certificate_ends: exchange.and_then(ends),
            exchange: standing.map(|standing| self.peer(standing, now)),
        }
    }

    fn peer(&self, standing: &PeerStanding, now: Timestamp) -> PeerItem {
        let used = standing.used.filter(|used| used.day() == now.date_in_japan());
        PeerItem {
            address: standing.address.clone(),
            connected: standing.connected,
            heard_at: self.desk.vault().heard_at(standing.peer).or(standing.heard_at),
            clock_ahead_ms: standing.clock_ahead_ms,
            lag: standing.lag,
            behind_since: standing.behind_since,
            failure: standing.failure.as_ref().map(failure_words),
            bytes_today: used.map_or(0, |used| used.bytes()),
        }
    }

    /// Why nothing is exchanged although it should be.
    fn stopped<'a>(
        &self,
        membership: &Membership,
        mut standings: impl Iterator<Item = &'a PeerStanding>,
    ) -> Option<domain::text::Text> {
        let vault = self.desk.vault();
        let failed = self.failed.read().unwrap_or_else(PoisonError::into_inner);
        match () {
            () if membership.put_out(vault.id()) => Some(failure_words(&FeedFailure::PutOut)),
            () if standings.any(|standing| standing.failure == Some(FeedFailure::PutOut)) => {
                Some(failure_words(&FeedFailure::PutOut))
            }
            () if vault.is_moved() => Some(text(&IdentityError::OtherMachine.staff())),
            () if !vault.is_member() => Some(failure_words(&FeedFailure::NotAMember)),
            () => failed.as_ref().map(text),
        }
    }

    /// Where others call this box, as somebody can type it there.
    fn called_at(&self, exchange: &Exchange) -> String {
        let seen = exchange.own_addresses();
        let plain = seen.iter().find(|address| address.is_ipv4() && !address.ip().is_loopback());
        plain.copied().unwrap_or(exchange.address).to_string()
    }
}

fn former_item(id: BoxId, former: &Former, membership: &Membership, statements: &[Statement]) -> FormerItem {
    let name_of = |id: BoxId| {
        let former = || membership.former().find(|(one, _)| *one == id).map(|(_, former)| former.name.clone());
        named(id, &membership.member(id).map(|member| member.name.clone()).or_else(former).unwrap_or_default())
    };
    let said_at = |by: BoxId| {
        let is_it = |one: &&Statement| {
            one.signer() == by && matches!(one.said(), Said::Revoked { revoked, .. } if *revoked == id)
        };
        statements.iter().find(is_it).map_or(Timestamp::from_ms(0), Statement::made_at)
    };
    let put_out = former.revoked_by.iter().map(|(by, reason)| (words(*reason), name_of(*by), said_at(*by)));
    FormerItem {
        id: id.to_string(),
        name: named(id, &former.name),
        is_hub: former.introduction.role() == Role::Hub,
        put_out: put_out.collect(),
    }
}

/// One that was never given a name goes by the beginning of its id.
fn named(id: BoxId, name: &str) -> String {
    if name.is_empty() { id.to_string()[..6].to_owned() } else { name.to_owned() }
}

const fn words(reason: Reason) -> PutOutWords {
    match reason {
        Reason::Lost => PutOutWords::Known(PutOutReason::Lost),
        Reason::Replaced => PutOutWords::Known(PutOutReason::Replaced),
        Reason::Copied => PutOutWords::Known(PutOutReason::Copied),
        Reason::Retired => PutOutWords::Known(PutOutReason::Retired),
        Reason::Other(_) => PutOutWords::Other,
    }
}
