#![allow(clippy::unwrap_used)]
use super::*;
use crate::facility::identity::{BoxIdentity, IdentitySeed};
use crate::facility::revocation::{KeyKeeper, NotRevoked, revoke};
use crate::facility::statement::Founding;
use proptest::prelude::*;
use proptest::sample::Index;

struct World {
    boxes: Vec<BoxIdentity>,
    facility: FacilityId,
    said: Vec<Statement>,
}

const HUB: usize = 5;

impl World {
    /// Box 0 founded the facility; nobody else is in yet. Number 5 is a hub.
    fn new() -> World {
        let role = |n| if n == HUB { Role::Hub } else { Role::Box };
        let boxes: Vec<_> =
            (0..6).map(|n| BoxIdentity::make(role(n), &IdentitySeed::from_bytes([n as u8 + 1; 80]))).collect();
        let founding = Founding { salt: [1; 16], name: "0", site_code: "S", institution_code: "1312345" };
        let founded = Statement::found(&boxes[0], &founding, at(0)).unwrap();
        World { facility: founded.facility(), boxes, said: vec![founded] }
    }

    fn admit(&mut self, by: usize, who: usize) -> StatementHash {
        let introduction = self.boxes[who].introduction();
        let time = at(self.said.len());
        self.say(Statement::admit(&self.boxes[by], self.facility, &introduction, &who.to_string(), time).unwrap())
    }

    /// A revocation that knows the statements of `who` at these places.
    fn revoke(&mut self, by: usize, who: usize, known: &[StatementHash]) -> StatementHash {
        let known = known.iter().copied().collect();
        let time = at(self.said.len());
        let revoked = self.boxes[who].id();
        self.say(Statement::revoke(&self.boxes[by], self.facility, revoked, Reason::Lost, known, time).unwrap())
    }

    fn say(&mut self, statement: Statement) -> StatementHash {
        let hash = statement.hash();
        self.said.push(statement);
        hash
    }

    fn judged(&self) -> Membership {
        Membership::evaluate(self.facility, &self.said)
    }

    fn members(&self) -> Vec<usize> {
        let judged = self.judged();
        (0..self.boxes.len()).filter(|n| judged.member(self.boxes[*n].id()).is_some()).collect()
    }

    fn reason(&self, hash: StatementHash) -> Option<Refused> {
        self.judged().refused().find(|(refused, _)| *refused == hash).map(|(_, reason)| reason)
    }

    fn former(&self, who: usize) -> Former {
        self.judged().former().find(|(id, _)| *id == self.boxes[who].id()).unwrap().1.clone()
    }
}

fn at(n: usize) -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000 + n as i64)
}

#[test]
fn members_come_in_through_members() {
    let mut world = World::new();
    world.admit(0, 1);
    world.admit(1, 2);
    world.admit(2, HUB);
    let stranger = world.admit(4, 3);
    let by_hub = world.admit(HUB, 3);
    assert_eq!(world.members(), [0, 1, 2, HUB]);
    assert_eq!(world.reason(stranger), Some(Refused::UnknownSigner));
    assert_eq!(world.reason(by_hub), Some(Refused::HubSigner));
}

#[test]
fn forged_and_foreign_statements_are_refused_with_the_reason() {
    let mut world = World::new();
    let mut forged = Statement::admit(&world.boxes[0], world.facility, &world.boxes[1].introduction(), "x", at(1))
        .unwrap()
        .as_bytes()
        .to_vec();
    *forged.last_mut().unwrap() ^= 1;
    // the last byte of a signature's number may make it no signature at all; both are the same refusal
    let forged = world.say(Statement::decode(&forged).unwrap());
    let foreign = FacilityId::from_bytes([7; 16]);
    let foreign =
        world.say(Statement::admit(&world.boxes[0], foreign, &world.boxes[1].introduction(), "x", at(1)).unwrap());
    let mut founding = Statement::found(
        &world.boxes[4],
        &Founding { salt: [2; 16], name: "usurper", site_code: "S", institution_code: "1312345" },
        at(0),
    )
    .unwrap()
    .as_bytes()
    .to_vec();
    founding[4..20].copy_from_slice(world.facility.as_bytes());
    let usurper = world.say(Statement::decode(&founding).unwrap());
    assert_eq!(world.members(), [0]);
    assert_eq!(world.reason(forged), Some(Refused::BadSignature));
    assert_eq!(world.reason(foreign), Some(Refused::OtherFacility));
    assert_eq!(world.reason(usurper), Some(Refused::BadSignature));
}

#[test]
fn nobody_is_brought_in_with_keys_it_did_not_choose() {
    let mut world = World::new();
    let mut mixed = world.boxes[1].introduction().encode();
    let other = world.boxes[2].introduction().encode();
    mixed[33..65].copy_from_slice(&other[33..65]);
    let mixed = Introduction::decode(&mixed).unwrap();
    let hash = world.say(Statement::admit(&world.boxes[0], world.facility, &mixed, "x", at(1)).unwrap());
    assert_eq!(world.members(), [0]);
    assert_eq!(world.reason(hash), Some(Refused::BadIntroduction));
}

#[test]
fn a_receiving_key_that_hides_nothing_is_no_introduction() {
    let low = x25519_dalek::PublicKey::from([0; 32]);
    let world = World::new();
    assert!(!Introduction::make(&world.boxes[1], crate::facility::Standing::Box(low)).is_genuine());
    assert!(world.boxes[1].introduction().is_genuine());
}

#[test]
fn what_a_revoked_box_said_counts_as_far_as_its_revoker_knew() {
    let mut world = World::new();
    world.admit(0, 1);
    let known = world.admit(1, 2);
    let unknown = world.admit(1, 3);
    world.revoke(0, 1, &[known]);
    assert_eq!(world.members(), [0, 2]);
    assert_eq!(world.reason(unknown), Some(Refused::AfterRevocation));
    assert!(!world.former(1).in_dispute);
    world.admit(2, 3);
    assert_eq!(world.members(), [0, 2, 3], "admitted anew by another, with the same keys");
}

#[test]
fn a_thief_cannot_put_the_others_out() {
    let mut world = World::new();
    world.admit(0, 1);
    world.admit(0, 2);
    world.admit(0, 3);
    world.revoke(0, 3, &[]);
    let later = world.revoke(3, 1, &[]);
    world.revoke(3, 2, &[]);
    assert_eq!(world.members(), [0, 1, 2]);
    assert_eq!(world.reason(later), Some(Refused::AfterRevocation));
}

#[test]
fn two_that_revoke_each_other_are_both_out_and_it_is_said() {
    let mut world = World::new();
    let (one, two) = (world.admit(0, 1), world.admit(0, 2));
    world.admit(0, 3);
    let first = world.revoke(1, 2, &[]);
    let second = world.revoke(2, 1, &[]);
    assert_eq!(world.members(), [0, 3]);
    assert!(world.former(1).in_dispute && world.former(2).in_dispute);
    assert_eq!(world.former(1).revoked_by, [(world.boxes[2].id(), Reason::Lost)]);
    assert_eq!((world.reason(first), world.reason(second)), (Some(Refused::InDispute), Some(Refused::InDispute)));
    assert_eq!((world.reason(one), world.reason(two)), (None, None));
}

#[test]
fn three_that_revoke_each_other_in_a_ring_are_all_out() {
    let mut world = World::new();
    for who in 1..5 {
        world.admit(0, who);
    }
    world.revoke(1, 2, &[]);
    world.revoke(2, 3, &[]);
    world.revoke(3, 1, &[]);
    assert_eq!(world.members(), [0, 4]);
}

#[test]
fn a_third_box_settles_a_dispute() {
    let mut world = World::new();
    for who in 1..4 {
        world.admit(0, who);
    }
    world.revoke(1, 2, &[]);
    let theft = world.revoke(2, 1, &[]);
    world.revoke(0, 2, &[]);
    assert_eq!(world.members(), [0, 1, 3], "the word of box 2 no longer counts, so box 1 is in");
    assert_eq!(world.reason(theft), Some(Refused::AfterRevocation));
}

#[test]
fn the_founder_can_be_put_out_and_the_facility_lives() {
    let mut world = World::new();
    let known = [world.admit(0, 1), world.admit(0, 2)];
    world.revoke(1, 0, &known);
    world.admit(2, 3);
    let late = world.admit(0, 4);
    assert_eq!(world.members(), [1, 2, 3]);
    assert_eq!(world.reason(late), Some(Refused::AfterRevocation));
}

#[test]
fn a_box_can_put_itself_out() {
    let mut world = World::new();
    world.admit(0, 1);
    let known = world.admit(1, 2);
    world.revoke(1, 1, &[known]);
    assert_eq!(world.members(), [0, 2]);
    assert!(!world.former(1).in_dispute);
}

#[test]
fn who_comes_in_as_hub_and_as_box_gets_no_key() {
    let mut world = World::new();
    let as_box = world.boxes[1].introduction();
    let as_hub = Introduction::make(&world.boxes[1], super::super::Standing::Hub);
    let name = |intro: &Introduction, n| Statement::admit(&world.boxes[0], world.facility, intro, "x", at(n)).unwrap();
    let (one, two) = (name(&as_box, 1), name(&as_hub, 2));
    world.said.extend([one, two]);
    assert_eq!(world.judged().member(world.boxes[1].id()).unwrap().introduction.role(), Role::Hub);
}

#[test]
fn nobody_becomes_irrevocable_by_talking_much() {
    let mut world = World::new();
    world.admit(0, 1);
    world.admit(1, 2);
    let talk = world.boxes[3].id();
    for n in 0..MAX_ACCEPTED {
        let known = std::iter::once(StatementHash([n as u8; 32])).collect();
        let said = Statement::revoke(&world.boxes[1], world.facility, talk, Reason::Other(9), known, at(n + 10));
        world.say(said.unwrap());
    }
    let revocation = revoke(&world.boxes[0], &world.judged(), world.boxes[1].id(), Reason::Lost, &Keys, at(9)).unwrap();
    world.said.push(revocation.statement);
    assert_eq!(world.members(), [0, 2]);
}

struct Keys;
impl KeyKeeper for Keys {
    type Key = &'static str;
    fn keys_known_to(&self, _: BoxId) -> Vec<&'static str> {
        vec!["patient 2026-11", "visit 2026-11"]
    }
}

#[test]
fn a_revocation_says_what_must_follow() {
    let mut world = World::new();
    world.admit(0, 1);
    world.admit(1, 2);
    world.admit(0, HUB);
    let revocation = revoke(&world.boxes[0], &world.judged(), world.boxes[1].id(), Reason::Lost, &Keys, at(9)).unwrap();
    assert_eq!(revocation.rotate.len(), 2);
    let mut remaining = vec![world.boxes[0].id(), world.boxes[2].id()];
    remaining.sort();
    assert_eq!(revocation.grant_to.iter().map(|(id, _)| *id).collect::<Vec<_>>(), remaining, "never the hub");
    world.said.push(revocation.statement);
    assert_eq!(world.members(), [0, 2, HUB], "box 2, admitted by the lost box, stays");

    let again = revoke(&world.boxes[0], &world.judged(), world.boxes[1].id(), Reason::Lost, &Keys, at(9));
    assert_eq!(again.unwrap_err(), NotRevoked::NotAMember);
    let by_out = revoke(&world.boxes[1], &world.judged(), world.boxes[0].id(), Reason::Lost, &Keys, at(9));
    assert_eq!(by_out.unwrap_err(), NotRevoked::NoRight);
    let hub = revoke(&world.boxes[0], &world.judged(), world.boxes[HUB].id(), Reason::Retired, &Keys, at(9)).unwrap();
    assert!(hub.rotate.is_empty());
    let last = World::new();
    let last = revoke(&last.boxes[0], &last.judged(), last.boxes[0].id(), Reason::Lost, &Keys, at(9));
    assert_eq!(last.unwrap_err(), NotRevoked::LastBox);
}

/// One thing somebody says, knowing some of what was said before.
#[derive(Debug, Clone)]
enum Step {
    Admit(usize, usize),
    Revoke(usize, usize, Vec<Index>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let admit = (0..6usize, 0..6usize).prop_map(|(by, who)| Step::Admit(by, who));
    let known = proptest::collection::vec(any::<Index>(), 0..6);
    let revoke = (0..5usize, 0..6usize, known).prop_map(|(by, who, known)| Step::Revoke(by, who, known));
    proptest::collection::vec(prop_oneof![2 => admit, 1 => revoke], 0..14)
}

fn played(steps: &[Step]) -> World {
    let mut world = World::new();
    for who in 1..4 {
        world.admit(0, who);
    }
    for step in steps {
        match step {
            Step::Admit(by, who) => {
                world.admit(*by, *who);
            }
            Step::Revoke(by, who, known) => {
                let known: Vec<_> = known.iter().map(|index| index.get(&world.said).hash()).collect();
                world.revoke(*by, *who, &known);
            }
        }
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_order_and_any_duplication_give_the_same_members(steps in steps(), order in proptest::collection::vec(any::<Index>(), 1..60)) {
        let world = played(&steps);
        let judged = world.judged();
        let shuffled = order.iter().map(|index| index.get(&world.said)).chain(world.said.iter().rev());
        prop_assert_eq!(Membership::evaluate(world.facility, shuffled), judged);
    }

    #[test]
    fn nobody_who_counts_as_member_is_revoked_by_a_word_that_counts(steps in steps()) {
        let world = played(&steps);
        let judged = world.judged();
        let refused: BTreeMap<_, _> = judged.refused().collect();
        for statement in &world.said {
            let Said::Revoked { revoked, .. } = statement.said() else { continue };
            let stands = matches!(refused.get(&statement.hash()), None | Some(Refused::InDispute));
            prop_assert!(!(stands && judged.member(*revoked).is_some()));
        }
        for (_, member) in judged.members() {
            prop_assert!(judged.counting.values().any(|signer| *signer == member.admitted_by));
        }
    }

    #[test]
    fn strangers_change_nothing(steps in steps(), who in 0..6usize) {
        let mut world = played(&steps);
        let before = world.members();
        let stranger = BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([99; 80]));
        let introduction = world.boxes[who].introduction();
        let admitted = Statement::admit(&stranger, world.facility, &introduction, "x", at(1)).unwrap();
        let revoked = Statement::revoke(&stranger, world.facility, introduction.id(), Reason::Lost, BTreeSet::new(), at(1)).unwrap();
        world.said.extend([admitted, revoked]);
        prop_assert_eq!(world.members(), before);
    }
}

#[test]
fn a_member_is_called_what_was_said_last_by_somebody_who_may_speak() {
    let mut world = World::new();
    let first = world.admit(0, 1);
    let hub = world.admit(0, HUB);
    let name = |world: &mut World, by: usize, who: usize, name: &str, time: usize| {
        let member = world.boxes[who].id();
        world.say(Statement::name(&world.boxes[by], world.facility, member, name, at(time)).unwrap())
    };
    let called = |world: &World, who: usize| {
        let membership = Membership::evaluate(world.facility, &world.said);
        membership.member(world.boxes[who].id()).map(|member| (member.name.clone(), member.admission))
    };
    name(&mut world, 1, 1, "drive-through", 50);
    name(&mut world, 0, 1, "second counter", 40);
    name(&mut world, HUB, 1, "by a hub", 60);
    name(&mut world, 3, 1, "by a stranger", 60);
    name(&mut world, 1, HUB, "vendor", 50);
    name(&mut world, 1, 3, "nobody", 50);
    assert_eq!(called(&world, 1), Some(("drive-through".to_owned(), first)), "the latest, and it came in as before");
    assert_eq!(called(&world, HUB), Some(("vendor".to_owned(), hub)));
    assert_eq!(called(&world, 3), None, "a name brings nobody in");
    world.revoke(0, 1, &[first]);
    name(&mut world, 1, 0, "taken over", 90);
    let membership = Membership::evaluate(world.facility, &world.said);
    assert_eq!(membership.member(world.boxes[0].id()).unwrap().name, "0", "who is out names nobody");
    let read = Statement::decode(world.said.last().unwrap().as_bytes()).unwrap();
    assert_eq!(&read, world.said.last().unwrap());
    let long = "長".repeat(40);
    assert!(Statement::name(&world.boxes[0], world.facility, world.boxes[0].id(), &long, at(1)).is_err());
}
