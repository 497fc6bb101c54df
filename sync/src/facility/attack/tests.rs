#![allow(clippy::unwrap_used)]
use super::*;
use crate::facility::Role;
use crate::facility::certificate::Leaf;
use crate::facility::identity::{BoxIdentity, IdentitySeed};
use crate::facility::statement::{Founding, Reason};
use domain::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeSet;

/// One right example of everything.
fn examples() -> Vec<Vec<u8>> {
    let [one, two] = [1, 2].map(|n| BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([n; 80])));
    let at = Timestamp::from_ms(1_800_000_000_000);
    let founding = Founding { salt: [3; 16], name: "受付", site_code: "S", institution_code: "1312345" };
    let founded = Statement::found(&one, &founding, at).unwrap();
    let facility = founded.facility();
    let admitted = Statement::admit(&one, facility, &two.introduction(), "窓口2", at).unwrap();
    let known = BTreeSet::from([admitted.hash()]);
    let revoked = Statement::revoke(&one, facility, two.id(), Reason::Lost, known, at).unwrap();
    let welcome = Welcome::Box { statements: vec![founded.clone(), admitted.clone()], grants: vec![7; 40] };
    let pending = Pending { facility, welcomer: one.introduction() };
    let leaf = Leaf::issue(&one, facility, at, &[9; 32]).unwrap();
    vec![
        founded.as_bytes().to_vec(),
        admitted.as_bytes().to_vec(),
        revoked.as_bytes().to_vec(),
        two.introduction().encode(),
        welcome.encode(),
        pending.encode(),
        leaf.certified().cert[0].to_vec(),
        format!("box-{}.facility-{facility}.uketsuke.invalid", one.id()).into_bytes(),
        b"1234-5678".to_vec(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn altered_papers_break_no_promise(
        which in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..4),
        keep in any::<Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = which.get(&examples()).clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        papers(&bytes);
    }

    #[test]
    fn noise_breaks_no_promise(data in prop::collection::vec(any::<u8>(), 0..400), text in ".{0,80}") {
        papers(&data);
        papers(text.as_bytes());
    }
}
