//! Sealed records: what opens, and what is refused with which reason.
#![allow(clippy::unwrap_used)]

#[path = "feed_support/facility.rs"]
mod facility;

use facility::{Facility, month, patient_change};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::OnceLock;
use sync::seal::forget::Forget;
use sync::seal::grant::{Granted, grant, open_grant, recipient};
use sync::seal::{
    Author, Change, DataKey, DocumentClass, DocumentTag, Gate, Inserted, KeyId, KeyRing, MAX_RECORD_BYTES, Month,
    NamingKey, OVERHEAD_BYTES, Refusal, RevokedAuthors, Role, SealedRecord, Sealer, Slot, Standing, open, open_kept,
};
use x25519_dalek::{PublicKey, StaticSecret};

const REFUSE: RevokedAuthors = RevokedAuthors::Refuse;

/// Parsed, admitted and opened, as a box does with what it received.
fn receive(bytes: &[u8], gate: &Gate, ring: &KeyRing) -> Result<Change, Refusal> {
    let (record, _) = gate.receive(bytes)?;
    open(&record, gate, ring, REFUSE)
}

/// One facility, one record, for the properties.
fn sample() -> &'static (Facility, SealedRecord) {
    static SAMPLE: OnceLock<(Facility, SealedRecord)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let mut facility = Facility::new(1);
        let counter = facility.join(Role::Box);
        let record = facility.change(&counter, "p-1", "受付 ●橋".as_bytes());
        (facility, record)
    })
}

#[test]
fn what_one_box_seals_another_opens() {
    let (facility, record) = sample();
    let opened = receive(record.bytes(), &facility.gate(), &facility.ring).unwrap();
    assert_eq!(opened, patient_change("p-1", "受付 ●橋".as_bytes()));
    assert_eq!(record.bytes().len(), 3 + 3 + "受付 ●橋".len() + OVERHEAD_BYTES);
    assert_eq!(OVERHEAD_BYTES, 169);
}

#[test]
fn nothing_readable_is_outside() {
    let (facility, record) = sample();
    let contains = |needle: &[u8]| record.bytes().windows(needle.len()).any(|window| window == needle);
    assert!(!contains(b"p-1") && !contains("受付".as_bytes()));
    let (_, slot, key) = facility.ring.held().next().unwrap();
    let shown = format!("{record:?} {key:?} {slot:?} {:?} {:?}", facility.ring.naming(), patient_change("p-1", b"x"));
    assert!(!shown.contains("p-1") && !shown.contains(&format!("{:?}", key.expose())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_flipped_byte_is_refused_with_its_reason(at in 0usize..1_000, flip in 1u8..=255) {
        let (facility, record) = sample();
        let mut bytes = record.bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let refusal = receive(&bytes, &facility.gate(), &facility.ring).unwrap_err();
        let signature = bytes.len() - 64;
        let allowed: &[Refusal] = match at {
            0..3 => &[Refusal::NotARecord],
            3 => &[Refusal::NotARecord, Refusal::Version],
            4..20 => &[Refusal::OtherFacility],
            20..44 => &[Refusal::BadSignature],
            44..60 => &[Refusal::UnknownAuthor],
            60..85 => &[Refusal::BadSignature],
            85..89 => &[Refusal::Truncated, Refusal::TooLarge, Refusal::NotARecord],
            at if at < signature => &[Refusal::BadSignature],
            _ => &[Refusal::BadSignature],
        };
        prop_assert!(allowed.contains(&refusal), "byte {} gave {:?}", at, refusal);
    }

    #[test]
    fn noise_is_never_a_record(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(SealedRecord::parse(bytes).is_err());
    }
}

#[test]
fn every_length_but_its_own_is_refused() {
    let (facility, record) = sample();
    for length in 0..record.bytes().len() {
        let refusal = receive(&record.bytes()[..length], &facility.gate(), &facility.ring).unwrap_err();
        assert_eq!(refusal, Refusal::Truncated, "{length} bytes");
    }
    let mut longer = record.bytes().to_vec();
    longer.push(0);
    assert_eq!(receive(&longer, &facility.gate(), &facility.ring).unwrap_err(), Refusal::NotARecord);
}

#[test]
fn refusals_are_counted() {
    let (facility, record) = sample();
    let gate = facility.gate();
    let mut forged = record.bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    for _ in 0..3 {
        assert_eq!(receive(&forged, &gate, &facility.ring), Err(Refusal::BadSignature));
    }
    assert_eq!(gate.refusals().of(Refusal::BadSignature), 3);
    assert_eq!(Refusal::ALL.into_iter().map(|reason| gate.refusals().of(reason)).sum::<u64>(), 3);
}

#[test]
fn every_refusal_speaks_both_languages_and_has_its_own_name() {
    let mut names: Vec<&str> = Refusal::ALL.iter().map(|refusal| refusal.name()).collect();
    names.dedup();
    assert_eq!(names.len(), Refusal::ALL.len());
    for refusal in Refusal::ALL {
        assert_eq!(Refusal::from_code(refusal.code()), Some(refusal));
        let text = refusal.text();
        assert!(!text.ja.is_ascii() && text.en.is_ascii() && text.en.len() > 40, "{refusal}");
    }
}

#[test]
fn the_wrong_key_the_missing_key_and_the_destroyed_key_differ() {
    let (facility, record) = sample();
    let (gate, mut rng) = (facility.gate(), ChaCha8Rng::seed_from_u64(9));
    let mut ring = KeyRing::new();
    ring.insert_naming(facility.ring.naming().unwrap().clone());
    assert_eq!(receive(record.bytes(), &gate, &ring), Err(Refusal::UnknownKey));
    let (slot, _) = facility.ring.key(record.header().key).unwrap();
    assert_eq!(ring.insert(record.header().key, slot, DataKey::generate(&mut rng)), Inserted::New);
    assert_eq!(receive(record.bytes(), &gate, &ring), Err(Refusal::DoesNotOpen));
    ring.destroy(record.header().key);
    assert_eq!(receive(record.bytes(), &gate, &ring), Err(Refusal::DestroyedKey));
    let (_, key) = facility.ring.key(record.header().key).unwrap();
    assert_eq!(
        ring.insert(record.header().key, slot, key.clone()),
        Inserted::Destroyed,
        "a late grant changes nothing"
    );
    assert_eq!(receive(record.bytes(), &gate, &ring), Err(Refusal::DestroyedKey));
}

#[test]
fn signers_are_told_apart() {
    let mut facility = Facility::new(2);
    let (stranger, key) = facility.stranger();
    let hub = facility.join(Role::Hub);
    let record = facility.change(&stranger, "p", b"x");
    let gate = facility.gate();
    assert_eq!(gate.admit(&record), Ok(Standing::Unknown));
    assert_eq!(open(&record, &gate, &facility.ring, REFUSE), Err(Refusal::UnknownAuthor));
    facility.register.set(stranger.author(), Author::Known { key, role: Role::Box });
    assert_eq!(gate.admit(&record), Ok(Standing::Member(Role::Box)));
    assert!(open(&record, &gate, &facility.ring, REFUSE).is_ok());
    facility.register.set(stranger.author(), Author::Revoked { key });
    assert_eq!(gate.admit(&record), Ok(Standing::Revoked), "what it wrote before is kept and forwarded");
    assert_eq!(open(&record, &gate, &facility.ring, REFUSE), Err(Refusal::RevokedAuthor));
    assert!(open(&record, &gate, &facility.ring, RevokedAuthors::Accept).is_ok());
    let by_hub = facility.change(&hub, "p", b"x");
    assert_eq!(gate.admit(&by_hub), Ok(Standing::Member(Role::Hub)));
    assert_eq!(open(&by_hub, &gate, &facility.ring, REFUSE), Err(Refusal::NotPermitted));
}

/// Both records are genuine; no field of one fits the other.
#[test]
fn header_fields_of_another_record_are_refused() {
    let mut facility = Facility::new(12);
    let (counter, window) = (facility.join(Role::Box), facility.join(Role::Box));
    let one = facility.change(&counter, "p-1", b"same length");
    let visit = Change { class: DocumentClass::VISIT, id: b"v-1".to_vec(), chunk: b"same length".to_vec() };
    let other = window.change(&facility.ring, month(), &visit, &mut facility.rng).unwrap();
    assert_eq!(one.bytes().len(), other.bytes().len());
    let (content, end) = (89, one.bytes().len());
    for field in [20..36, 36..44, 44..60, 61..85, content..end - 64, end - 64..end, 20..60, 4..content] {
        let mut mixed = one.bytes().to_vec();
        mixed[field.clone()].copy_from_slice(&other.bytes()[field.clone()]);
        assert_eq!(receive(&mixed, &facility.gate(), &facility.ring), Err(Refusal::BadSignature), "{field:?}");
    }
}

/// An insider re-signs what was altered: the cipher is bound to the header, and the content to the document.
#[test]
fn a_member_cannot_move_content_under_another_header() {
    let mut facility = Facility::new(3);
    let counter = facility.join(Role::Box);
    let here = facility.change(&counter, "p-1", b"same");
    let there = facility.change(&counter, "p-2", b"same");
    let mut moved = here.bytes()[..here.bytes().len() - 64].to_vec();
    moved[20..36].copy_from_slice(there.header().document.as_bytes());
    // Only the box's own key could sign it; a gate that knows no keys shows that the cipher alone refuses it, too.
    let (insider, key) = resigner(&mut facility);
    moved[44..60].copy_from_slice(insider.0.as_bytes());
    let signature = ed25519_dalek::Signer::sign(&insider.1, &moved);
    moved.extend_from_slice(&signature.to_bytes());
    facility.register.set(insider.0, Author::Known { key, role: Role::Box });
    assert_eq!(receive(&moved, &facility.gate(), &facility.ring), Err(Refusal::DoesNotOpen));
}

fn resigner(facility: &mut Facility) -> ((sync::seal::BoxId, ed25519_dalek::SigningKey), ed25519_dalek::VerifyingKey) {
    let (stranger, _) = facility.stranger();
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let verifying = key.verifying_key();
    ((stranger.author(), key), verifying)
}

/// A patient's record under the key of something kept longer would outlive its retention.
#[test]
fn content_of_another_class_or_document_is_refused() {
    let mut facility = Facility::new(4);
    let counter = facility.join(Role::Box);
    let mut misfiled = KeyRing::new();
    misfiled.insert_naming(facility.ring.naming().unwrap().clone());
    let (settings_id, settings_key) = facility.ring.sealing_key(DocumentClass::SETTINGS, month()).unwrap();
    let slot = Slot { class: DocumentClass::PATIENT, month: month(), generation: 0 };
    misfiled.insert(settings_id, slot, settings_key.clone());
    let record = counter.change(&misfiled, month(), &patient_change("p", b"x"), &mut facility.rng).unwrap();
    assert_eq!(receive(record.bytes(), &facility.gate(), &facility.ring), Err(Refusal::WrongDocument));
    let mut renamed = KeyRing::new();
    renamed.insert_naming(NamingKey::new(DataKey::generate(&mut facility.rng)));
    for (id, slot, key) in facility.ring.held() {
        renamed.insert(id, slot, key.clone());
    }
    let record = counter.change(&renamed, month(), &patient_change("p", b"x"), &mut facility.rng).unwrap();
    assert_eq!(receive(record.bytes(), &facility.gate(), &facility.ring), Err(Refusal::WrongDocument));
}

#[test]
fn another_facility_with_the_same_keys_is_refused() {
    let (facility, record) = sample();
    let other = Facility::new(77);
    let gate = Gate::new(other.id, facility.register.clone());
    assert_eq!(receive(record.bytes(), &gate, &facility.ring), Err(Refusal::OtherFacility));
}

#[test]
fn sizes_are_limited_when_writing_and_when_reading() {
    let mut facility = Facility::new(5);
    let counter = facility.join(Role::Box);
    let fits = patient_change("p", &vec![7; MAX_RECORD_BYTES - OVERHEAD_BYTES - 4]);
    let record = counter.change(&facility.ring, month(), &fits, &mut facility.rng).unwrap();
    assert_eq!(record.bytes().len(), MAX_RECORD_BYTES);
    assert_eq!(receive(record.bytes(), &facility.gate(), &facility.ring).unwrap().chunk.len(), fits.chunk.len());
    let large = patient_change("p", &vec![7; MAX_RECORD_BYTES - OVERHEAD_BYTES - 3]);
    assert_eq!(counter.change(&facility.ring, month(), &large, &mut facility.rng), Err(Refusal::TooLarge));
    let snapshot = counter.snapshot(&facility.ring, month(), &large, &[], &mut facility.rng).unwrap();
    let mut disguised = snapshot.bytes().to_vec();
    disguised[60] = 1;
    assert_eq!(SealedRecord::parse(disguised), Err(Refusal::TooLarge));
}

#[test]
fn a_snapshot_says_in_the_clear_what_it_stands_for_and_nothing_can_be_added_to_that() {
    let mut facility = Facility::new(6);
    let counter = facility.join(Role::Box);
    let single = facility.change(&counter, "p", b"one");
    let whole = patient_change("p", b"one and all");
    let names = [single.hash().prefix(), [9; 8]];
    let snapshot = counter.snapshot(&facility.ring, month(), &whole, &names, &mut facility.rng).unwrap();
    assert_eq!(snapshot.stands_for(), names);
    assert!(single.stands_for().is_empty());
    assert_eq!(snapshot.header().document, single.header().document);
    assert_eq!(receive(snapshot.bytes(), &facility.gate(), &facility.ring).unwrap().chunk, whole.chunk);
    // a relay that lengthens, shortens or alters the list breaks the signature, and the seal besides
    for at in [89, 90, 91, 100] {
        let mut altered = snapshot.bytes().to_vec();
        altered[at] ^= 1;
        let altered = SealedRecord::parse(altered).unwrap();
        assert_eq!(facility.gate().admit(&altered), Err(Refusal::BadSignature));
        assert!(open_kept(&altered, &facility.ring).is_err());
    }
    let nothing = counter.snapshot(&facility.ring, month(), &whole, &[], &mut facility.rng).unwrap();
    assert!(nothing.stands_for().is_empty());
    assert_eq!(open_kept(&nothing, &facility.ring).unwrap().chunk, whole.chunk);
}

#[test]
fn boxes_that_made_keys_apart_agree_once_they_met() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let slot = |generation| Slot { class: DocumentClass::VISIT, month: month(), generation };
    let keys: Vec<_> =
        (0..6).map(|n| (KeyId::generate(&mut rng), slot(u32::from(n > 3)), DataKey::generate(&mut rng))).collect();
    let ring = |keys: &mut dyn Iterator<Item = &(KeyId, Slot, DataKey)>| {
        let mut ring = KeyRing::new();
        keys.for_each(|(id, slot, key)| assert_eq!(ring.insert(*id, *slot, key.clone()), Inserted::New));
        ring
    };
    let (one, two) = (ring(&mut keys.iter()), ring(&mut keys.iter().rev()));
    let expected = keys[4].0.min(keys[5].0);
    for ring in [one, two] {
        assert_eq!(ring.sealing_key(DocumentClass::VISIT, month()).unwrap().0, expected);
        assert!(ring.sealing_key(DocumentClass::PATIENT, month()).is_none());
        assert_eq!(ring.older_than(DocumentClass::VISIT, Month::from_number(month().number() + 1)).len(), 6);
        assert!(ring.older_than(DocumentClass::VISIT, month()).is_empty());
    }
}

#[test]
fn a_name_holds_one_key() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let (mut ring, id, key) = (KeyRing::new(), KeyId::generate(&mut rng), DataKey::generate(&mut rng));
    let slot = Slot { class: DocumentClass::VISIT, month: month(), generation: 0 };
    assert_eq!(ring.insert(id, slot, key.clone()), Inserted::New);
    assert_eq!(ring.insert(id, slot, key.clone()), Inserted::Known);
    assert_eq!(ring.insert(id, Slot { generation: 1, ..slot }, key), Inserted::Conflict);
    assert_eq!(ring.insert(id, slot, DataKey::generate(&mut rng)), Inserted::Conflict);
    assert_eq!(ring.insert(KeyId::NONE, slot, DataKey::generate(&mut rng)), Inserted::Conflict);
}

/// A granting box, and a member with its key.
fn granting(seed: u64) -> (Facility, Sealer, Sealer, StaticSecret) {
    let mut facility = Facility::new(seed);
    let (old, new) = (facility.join(Role::Box), facility.join(Role::Box));
    let secret = StaticSecret::random_from_rng(&mut facility.rng);
    (facility, old, new, secret)
}

#[test]
fn a_new_box_receives_every_key_and_nobody_else_does() {
    let (mut facility, old, new, secret) = granting(6);
    let all = Granted::all_of(&facility.ring);
    let record = grant(&old, new.author(), &PublicKey::from(&secret), &all, &mut facility.rng).unwrap();
    assert_eq!(recipient(&record), Some(new.author()));
    let gate = facility.gate();
    let (received, _) = gate.receive(record.bytes()).unwrap();
    let mut ring = KeyRing::new();
    for granted in open_grant(&received, &gate, &secret).unwrap() {
        assert_eq!(granted.put_on(&mut ring), Inserted::New);
    }
    assert_eq!(Granted::all_of(&ring), all);
    let sealed = facility.change(&old, "p", b"x");
    assert!(open(&sealed, &gate, &ring, REFUSE).is_ok());
    let thief = StaticSecret::from([9; 32]);
    assert_eq!(open_grant(&received, &gate, &thief), Err(Refusal::DoesNotOpen));
}

/// A hub that could grant would give the boxes a key it knows, and read from then on.
#[test]
fn only_a_member_box_may_grant() {
    let (mut facility, old, new, secret) = granting(7);
    let hub = facility.join(Role::Hub);
    let all = Granted::all_of(&facility.ring);
    let public = PublicKey::from(&secret);
    let by_hub = grant(&hub, new.author(), &public, &all, &mut facility.rng).unwrap();
    assert_eq!(open_grant(&by_hub, &facility.gate(), &secret), Err(Refusal::NotPermitted));
    let by_old = grant(&old, new.author(), &public, &all, &mut facility.rng).unwrap();
    let Author::Known { key, .. } = sync::seal::Members::verifying_key(&*facility.register, old.author()) else {
        panic!("a member");
    };
    facility.register.set(old.author(), Author::Revoked { key });
    assert_eq!(open_grant(&by_old, &facility.gate(), &secret), Err(Refusal::RevokedAuthor));
}

#[test]
fn a_damaged_grant_is_refused_at_every_byte() {
    let (mut facility, old, new, secret) = granting(8);
    let all = Granted::all_of(&facility.ring);
    let record = grant(&old, new.author(), &PublicKey::from(&secret), &all, &mut facility.rng).unwrap();
    let gate = facility.gate();
    for at in 0..record.bytes().len() {
        let mut bytes = record.bytes().to_vec();
        bytes[at] ^= 0x40;
        let opened = gate.receive(&bytes).and_then(|(record, _)| open_grant(&record, &gate, &secret));
        assert!(opened.is_err(), "byte {at}");
    }
}

#[test]
fn forget_records_name_what_they_forget() {
    let mut facility = Facility::new(9);
    let counter = facility.join(Role::Box);
    let record = facility.change(&counter, "p", b"x");
    let other = facility.change(&counter, "q", b"x");
    let documents = Forget::Documents(vec![record.header().document]);
    let keys = Forget::Keys(vec![record.header().key]);
    for forget in [&documents, &keys] {
        let sealed = forget.seal(&counter).unwrap();
        let read = Forget::read(&sealed).unwrap();
        assert_eq!(read, *forget);
        assert!(read.covers(record.header()));
        assert!(!read.covers(sealed.header()), "a forget record stays");
    }
    assert!(!documents.covers(other.header()) && keys.covers(other.header()));
    let everything = Forget::Documents(vec![DocumentTag::FACILITY]);
    assert!(!everything.covers(counter.membership(b"statement").unwrap().header()));
    assert_eq!(Forget::read(&record), Err(Refusal::NotARecord));
}

#[test]
fn a_grant_in_a_log_opens_only_while_its_link_of_the_chain_is_held() {
    use sync::seal::grant::{grant_chained, open_grant_chained};
    let (mut facility, old, new, secret) = granting(11);
    let month = Month::from_number(24_314);
    facility.ring.begin_chain(month, DataKey::from_bytes([8; 32]));
    let all = Granted::all_of(&facility.ring);
    let later = Month::from_number(month.number() + 3);
    let link = facility.ring.link(later).unwrap();
    let record =
        grant_chained(&old, new.author(), &PublicKey::from(&secret), &all, Some((later, &link)), &mut facility.rng)
            .unwrap();
    assert_eq!(recipient(&record), Some(new.author()));
    let gate = facility.gate();
    assert_eq!(
        open_grant(&record, &gate, &secret),
        Err(Refusal::DestroyedKey),
        "the recipient's key alone is not enough"
    );
    assert_eq!(open_grant_chained(&record, &gate, &secret, &facility.ring).unwrap().len(), all.len());
    facility.ring.shorten_chain(later);
    assert!(open_grant_chained(&record, &gate, &secret, &facility.ring).is_ok());
    facility.ring.shorten_chain(Month::from_number(later.number() + 1));
    assert_eq!(open_grant_chained(&record, &gate, &secret, &facility.ring), Err(Refusal::DestroyedKey));
}
