//! What a box says of itself on the local network: recognised by its facility, noise to everybody else.

use crate::facility::id::{BoxId, FacilityId, hex};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const VERSION: &str = "1";

/// Random bytes that make two beacons of one box unlike each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 8]);

/// A salt, and the keyed hash of salt and box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beacon {
    salt: Salt,
    token: [u8; 8],
}

/// A beacon, and whether somebody is awaited with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement {
    /// Who.
    pub beacon: Beacon,
    /// A code was made here and is open.
    pub inviting: bool,
}

impl Beacon {
    /// The beacon of this box with this salt.
    pub fn of(id: BoxId, facility: FacilityId, salt: Salt) -> Beacon {
        let key = Sha256::new().chain_update(b"uketsuke discovery 1\0").chain_update(facility.as_bytes()).finalize();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(&salt.0);
        mac.update(id.as_bytes());
        let mut token = [0; 8];
        token.copy_from_slice(&mac.finalize().into_bytes()[..8]);
        Beacon { salt, token }
    }

    /// Whether it is a beacon of this box. Anybody may repeat it; trust comes with the certificate.
    pub fn is_of(&self, id: BoxId, facility: FacilityId) -> bool {
        *self == Beacon::of(id, facility, self.salt)
    }

    /// Name of instance and host.
    pub(super) fn name(&self) -> String {
        format!("u-{}", hex(&self.salt.0))
    }
}

impl Announcement {
    /// As properties of the service: `v` version, `s` salt, `t` token, `j` 1 when somebody is awaited.
    pub fn properties(&self) -> Vec<(&'static str, String)> {
        let mut properties =
            vec![("v", VERSION.to_owned()), ("s", hex(&self.beacon.salt.0)), ("t", hex(&self.beacon.token))];
        if self.inviting {
            properties.push(("j", "1".to_owned()));
        }
        properties
    }

    /// Reads the properties of a service; None when it is none of ours, or of a version that is not understood.
    pub fn of_properties<'a>(properties: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Announcement> {
        let (mut version, mut salt, mut token, mut inviting) = (None, None, None, false);
        for (key, value) in properties.into_iter().take(16) {
            match key {
                "v" => version = Some(value),
                "s" => salt = eight(value),
                "t" => token = eight(value),
                "j" => inviting = value == "1",
                _ => {}
            }
        }
        let beacon = Beacon { salt: Salt(salt?), token: token? };
        (version == Some(VERSION)).then_some(Announcement { beacon, inviting })
    }
}

fn eight(text: &str) -> Option<[u8; 8]> {
    let is_hex = text.len() == 16 && text.bytes().all(|c| c.is_ascii_hexdigit());
    is_hex.then(|| u64::from_str_radix(text, 16).ok().map(u64::to_be_bytes)).flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn beacon(id: u8, facility: u8, salt: u8) -> Beacon {
        Beacon::of(BoxId::from_bytes([id; 16]), FacilityId::from_bytes([facility; 16]), Salt([salt; 8]))
    }

    fn read(announcement: &Announcement) -> Option<Announcement> {
        let properties = announcement.properties();
        Announcement::of_properties(properties.iter().map(|(key, value)| (*key, value.as_str())))
    }

    #[test]
    fn a_beacon_tells_members_who_it_is_and_others_nothing() {
        let one = beacon(1, 1, 1);
        assert!(one.is_of(BoxId::from_bytes([1; 16]), FacilityId::from_bytes([1; 16])));
        assert!(!one.is_of(BoxId::from_bytes([2; 16]), FacilityId::from_bytes([1; 16])));
        assert!(!one.is_of(BoxId::from_bytes([1; 16]), FacilityId::from_bytes([2; 16])));
        let next = beacon(1, 1, 2);
        assert!(next.token != one.token && next.name() != one.name(), "nothing stays the same from salt to salt");
    }

    proptest! {
        #[test]
        fn announcements_go_there_and_back(id: u8, facility: u8, salt: u8, inviting: bool) {
            let announcement = Announcement { beacon: beacon(id, facility, salt), inviting };
            prop_assert_eq!(read(&announcement), Some(announcement));
        }

        #[test]
        fn any_properties_are_read_or_refused(properties in proptest::collection::vec(("[vstjx]", "[0-9a-f]{0,17}|.*"), 0..20)) {
            let pairs = properties.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            if let Some(announcement) = Announcement::of_properties(pairs) {
                prop_assert_eq!(read(&announcement), Some(announcement));
            }
        }
    }
}
