#![allow(clippy::unwrap_used)]
use super::*;
use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

const NAME: &str = "uketsuke.local";
const ORIGIN: &str = "https://uketsuke.local:8443";
const VERIFIED: u8 = 0x05;
/// What stands before the point of a P-256 key in its SubjectPublicKeyInfo.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The same of an Ed25519 key.
const ED: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

struct Device {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Device {
    fn new() -> Device {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &random).unwrap();
        Device { pair, random }
    }

    fn public_key(&self) -> Vec<u8> {
        [&P256, self.pair.public_key().as_ref()].concat()
    }

    fn signs(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let said = [data, Sha256::digest(client_data).as_slice()].concat();
        self.pair.sign(&self.random, &said).unwrap().as_ref().to_vec()
    }
}

fn challenge() -> String {
    BASE64URL_NOPAD.encode(&[7; 32])
}

fn client_data(ceremony: &str, challenge: &str, origin: &str) -> Vec<u8> {
    serde_json::json!({"type": ceremony, "challenge": challenge, "origin": origin, "crossOrigin": false})
        .to_string()
        .into_bytes()
}

fn data(name: &str, flags: u8, counter: u32) -> Vec<u8> {
    let hash: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    [hash.as_slice(), &[flags], &counter.to_be_bytes()].concat()
}

fn with_new_key(id: &[u8]) -> Vec<u8> {
    let length = u16::try_from(id.len()).unwrap().to_be_bytes();
    [data(NAME, VERIFIED | 0x40, 0).as_slice(), &[0; 16], &length, id, b"the key in another form"].concat()
}

fn check_made(client_data: &[u8], data: &[u8], key: &[u8]) -> Result<NewKey, Wrong> {
    made(client_data, data, key, Expected { challenge: &challenge(), origin: ORIGIN, name: NAME })
}

fn check_shown(device: &Device, client_data: &[u8], data: &[u8]) -> Result<u32, Wrong> {
    let signature = device.signs(data, client_data);
    let expected = Expected { challenge: &challenge(), origin: ORIGIN, name: NAME };
    shown(client_data, data, &signature, &device.public_key(), expected)
}

#[test]
fn a_key_that_is_made_is_known_by_its_name_and_signs() {
    let device = Device::new();
    let create = client_data("webauthn.create", &challenge(), ORIGIN);
    let made = check_made(&create, &with_new_key(b"key-1"), &device.public_key()).unwrap();
    assert_eq!(made, NewKey { id: b"key-1".to_vec(), counter: 0 });
    let get = client_data("webauthn.get", &challenge(), ORIGIN);
    assert_eq!(check_shown(&device, &get, &data(NAME, VERIFIED, 4)), Ok(4));
    assert_eq!(challenge_in(&get), Some(challenge()));
}

#[test]
fn an_answer_to_another_question_or_from_another_page_does_not_count() {
    let device = Device::new();
    let fine = data(NAME, VERIFIED, 1);
    let said =
        |ceremony, challenge: &str, origin| check_shown(&device, &client_data(ceremony, challenge, origin), &fine);
    let other = BASE64URL_NOPAD.encode(&[8; 32]);
    assert_eq!(said("webauthn.get", &other, ORIGIN), Err(Wrong::Challenge), "replayed");
    assert_eq!(said("webauthn.create", &challenge(), ORIGIN), Err(Wrong::Ceremony));
    for origin in ["https://uketsuke.local", "http://uketsuke.local:8443", "https://evil.example", ""] {
        assert_eq!(said("webauthn.get", &challenge(), origin), Err(Wrong::Origin), "{origin}");
    }
    let framed = client_data("webauthn.get", &challenge(), ORIGIN);
    let framed = String::from_utf8(framed).unwrap().replace("false", "true").into_bytes();
    assert_eq!(check_shown(&device, &framed, &fine), Err(Wrong::Origin), "inside another page");
}

#[test]
fn a_device_that_made_sure_of_nobody_does_not_count() {
    let device = Device::new();
    let get = client_data("webauthn.get", &challenge(), ORIGIN);
    assert_eq!(check_shown(&device, &get, &data(NAME, 0x01, 1)), Err(Wrong::NotVerified));
    assert_eq!(check_shown(&device, &get, &data(NAME, 0x04, 1)), Err(Wrong::NotPresent));
    assert_eq!(check_shown(&device, &get, &data("evil.example", VERIFIED, 1)), Err(Wrong::Name));
    assert_eq!(check_shown(&device, &get, &data(NAME, VERIFIED, 1)[..36]), Err(Wrong::Unreadable));
}

#[test]
fn another_key_or_a_changed_word_does_not_fit() {
    let (device, other) = (Device::new(), Device::new());
    let get = client_data("webauthn.get", &challenge(), ORIGIN);
    let fine = data(NAME, VERIFIED, 1);
    let expected = Expected { challenge: &challenge(), origin: ORIGIN, name: NAME };
    let signature = device.signs(&fine, &get);
    assert_eq!(shown(&get, &fine, &signature, &other.public_key(), expected), Err(Wrong::Signature));
    let counted = data(NAME, VERIFIED, 2);
    assert_eq!(shown(&get, &counted, &signature, &device.public_key(), expected), Err(Wrong::Signature));
}

#[test]
fn only_kinds_of_keys_that_were_asked_for_are_taken() {
    let create = client_data("webauthn.create", &challenge(), ORIGIN);
    let key = Device::new().public_key();
    let with = |key: &[u8]| check_made(&create, &with_new_key(b"key-1"), key).map(|_| ());
    assert_eq!(with(&[&ED, [9; 32].as_slice()].concat()), Ok(()));
    assert_eq!(with(&key[..90]), Err(Wrong::Key));
    assert_eq!(with(&[key.as_slice(), &[0]].concat()), Err(Wrong::Key));
    assert_eq!(with(b"no key"), Err(Wrong::Key));
    let short = &with_new_key(b"key-1")[..57];
    assert_eq!(check_made(&create, short, &key), Err(Wrong::Unreadable));
    assert_eq!(check_made(&create, &with_new_key(b""), &key), Err(Wrong::Unreadable));
}

#[test]
fn a_device_may_sign_with_ed25519() {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[3; 32]).unwrap();
    let get = client_data("webauthn.get", &challenge(), ORIGIN);
    let fine = data(NAME, VERIFIED, 0);
    let said = [fine.as_slice(), Sha256::digest(&get).as_slice()].concat();
    let key = [&ED, pair.public_key().as_ref()].concat();
    let expected = Expected { challenge: &challenge(), origin: ORIGIN, name: NAME };
    assert_eq!(shown(&get, &fine, pair.sign(&said).as_ref(), &key, expected), Ok(0));
}
