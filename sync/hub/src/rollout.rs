//! Which update is meant for which box: a pure function of what was published and what is wanted.

use crate::store::updates::{BundleRow, Stopped, Wish};
use sha2::{Digest, Sha256};
use sync::facility::BoxId;
use sync::update::{Asking, BundleHash, Offered};

/// The bundle for a box that asks.
///
/// Held: none. Pinned: that version, whatever its channel and ring, also one that was stopped for the others. Else the newest of the
/// channel that goes on and has come as far as this box. Never one that is not newer than what runs, and nothing while the running
/// version has not proven itself.
pub fn offered(bundles: &[BundleRow], wish: &Wish, id: BoxId, asking: &Asking) -> Option<Offered> {
    if wish.hold || !asking.is_proven {
        return None;
    }
    let newer = bundles.iter().filter(|bundle| bundle.arch == asking.arch && bundle.version > asking.running);
    let meant = |bundle: &&BundleRow| match wish.pin {
        Some(pin) => bundle.version == pin,
        None => bundle.channel == wish.channel && bundle.stopped == Stopped::No && reaches(bundle, wish.ring, id),
    };
    let best = newer.filter(meant).max_by_key(|bundle| (bundle.version, bundle.published_at))?;
    Some(Offered { version: best.version, schema: best.schema, bytes: best.bytes, hash: best.hash })
}

/// Whether it has come as far as a box of this ring.
fn reaches(bundle: &BundleRow, ring: u8, id: BoxId) -> bool {
    ring < bundle.ring || (ring == bundle.ring && place(bundle.hash, id) < u16::from(bundle.share))
}

/// Where in the row of its ring a box stands, from 0 to 99: always the same for a bundle, another for the next one.
fn place(hash: BundleHash, id: BoxId) -> u16 {
    let sum = Sha256::new().chain_update(hash.0).chain_update(id.as_bytes()).finalize();
    u16::from_be_bytes([sum[0], sum[1]]) % 100
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use sync::update::{Arch, Version};

    fn bundle(version: [u16; 3], ring: u8, share: u8) -> BundleRow {
        BundleRow {
            hash: BundleHash([version[1] as u8; 32]),
            version: Version(version),
            arch: Arch::Amd64,
            schema: 28,
            bytes: 100,
            channel: "stable".to_owned(),
            published_at: Timestamp::from_ms(0),
            ring,
            share,
            stop_after: 2,
            stopped: Stopped::No,
        }
    }

    fn asking(running: [u16; 3]) -> Asking {
        Asking { running: Version(running), arch: Arch::Amd64, slot: None, is_proven: true, last: None }
    }

    fn boxes() -> impl Iterator<Item = BoxId> {
        (0..1000_u16).map(|number| {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&number.to_be_bytes());
            BoxId::from_bytes(id)
        })
    }

    fn got(bundles: &[BundleRow], wish: &Wish) -> usize {
        boxes().filter(|id| offered(bundles, wish, *id, &asking([1, 4, 0])).is_some()).count()
    }

    #[test]
    fn it_comes_ring_by_ring_and_share_by_share() {
        let at = |ring| Wish { ring, ..Wish::default() };
        let tenth = [bundle([1, 5, 0], 1, 10)];
        assert_eq!(got(&tenth, &at(0)), 1000, "an earlier ring has all of it");
        assert_eq!(got(&tenth, &at(2)), 0, "a later ring has none of it");
        let some = got(&tenth, &at(1));
        assert!((50..200).contains(&some), "{some}");
        let half = [bundle([1, 5, 0], 1, 50)];
        let both = boxes().all(|id| {
            let first = offered(&tenth, &at(1), id, &asking([1, 4, 0])).is_some();
            !first || offered(&half, &at(1), id, &asking([1, 4, 0])).is_some()
        });
        assert!(both, "who has it keeps it when the share grows");
    }

    #[test]
    fn hold_pin_stop_age_and_machine_are_respected() {
        let all = [bundle([1, 5, 0], 2, 100), bundle([1, 6, 0], 2, 100)];
        let id = boxes().next().expect("a box");
        let version = |wish: &Wish, asking: &Asking| offered(&all, wish, id, asking).map(|offered| offered.version.0);
        let usual = Wish::default();
        assert_eq!(version(&usual, &asking([1, 4, 0])), Some([1, 6, 0]));
        assert_eq!(version(&usual, &asking([1, 6, 0])), None);
        assert_eq!(version(&Wish { hold: true, ..usual.clone() }, &asking([1, 4, 0])), None);
        let pinned = Wish { pin: Some(Version([1, 5, 0])), ..usual.clone() };
        assert_eq!(version(&pinned, &asking([1, 4, 0])), Some([1, 5, 0]));
        assert_eq!(version(&pinned, &asking([1, 5, 0])), None, "never back, nor further");
        assert_eq!(version(&usual, &Asking { arch: Arch::Arm64, ..asking([1, 4, 0]) }), None);
        assert_eq!(version(&usual, &Asking { is_proven: false, ..asking([1, 4, 0]) }), None);
        assert_eq!(version(&Wish { channel: "trial".to_owned(), ..usual.clone() }, &asking([1, 4, 0])), None);
        let mut stopped = all.clone();
        stopped[1].stopped = Stopped::ByReturns;
        assert_eq!(offered(&stopped, &usual, id, &asking([1, 4, 0])).map(|offered| offered.version.0), Some([1, 5, 0]));
    }
}
