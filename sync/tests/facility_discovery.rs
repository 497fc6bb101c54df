//! Boxes of one machine find each other with real packets.

#![allow(clippy::unwrap_used)]

use std::time::Duration;
use sync::facility::discovery::{Discovery, Places, Salt, Sightings};
use sync::facility::{BoxId, FacilityId};
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(60);

fn id(n: u8) -> BoxId {
    BoxId::from_bytes([n; 16])
}

fn facility(n: u8) -> FacilityId {
    FacilityId::from_bytes([n; 16])
}

/// Not the well-known port, so that no other program of the machine takes part.
fn places() -> Places {
    Places { port: 15_353, interfaces: Vec::new() }
}

async fn until(seen: &mut watch::Receiver<Sightings>, wanted: impl Fn(&Sightings) -> bool) -> Sightings {
    let found = tokio::time::timeout(PATIENCE, seen.wait_for(|seen| wanted(seen))).await;
    found.expect("in time").unwrap().clone()
}

#[tokio::test]
async fn boxes_of_one_facility_find_each_other_and_no_others() {
    let mut boxes: Vec<Discovery> = (0..3).map(|_| Discovery::start(&places()).unwrap()).collect();
    for (n, of) in [(0, 1), (1, 1), (2, 2)] {
        boxes[n].announce(id(n as u8), facility(of), Salt([n as u8; 8]), 4000 + n as u16, n == 2).unwrap();
    }
    let everybody = || (0..3).map(id);
    let mut seen = boxes[0].sightings();
    let all = until(&mut seen, |seen| {
        seen.of(facility(2), everybody()).len() == 1 && seen.of(facility(1), everybody()).len() == 2
    })
    .await;
    let found = all.of(facility(1), everybody());
    assert!(found[&id(1)].iter().all(|at| at.port() == 4001) && !found[&id(1)].is_empty());
    assert_eq!(all.inviting().count(), 1);

    // a new day, a new salt; then it is switched off
    boxes[1].announce(id(1), facility(1), Salt([77; 8]), 4101, false).unwrap();
    until(&mut seen, |seen| {
        seen.of(facility(1), [id(1)]).get(&id(1)).is_some_and(|at| at.iter().all(|at| at.port() == 4101))
    })
    .await;
    boxes.remove(1);
    until(&mut seen, |seen| seen.of(facility(1), [id(1)]).is_empty()).await;
}
