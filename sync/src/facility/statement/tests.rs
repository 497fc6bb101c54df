#![allow(clippy::unwrap_used)]
use super::*;
use crate::facility::identity::IdentitySeed;
use proptest::prelude::*;

fn identity(seed: u8) -> BoxIdentity {
    BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([seed; 80]))
}

fn founding() -> Founding<'static> {
    Founding { salt: [9; 16], name: "受付1番", site_code: "S-1", institution_code: "1312345" }
}

fn now() -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000)
}

fn samples() -> Vec<Statement> {
    let founder = identity(1);
    let founded = Statement::found(&founder, &founding(), now()).unwrap();
    let facility = founded.facility();
    let admitted = Statement::admit(&founder, facility, &identity(2).introduction(), "2番", now()).unwrap();
    let known = BTreeSet::from([founded.hash(), admitted.hash()]);
    let revoked = Statement::revoke(&founder, facility, identity(2).id(), Reason::Other(77), known, now()).unwrap();
    vec![founded, admitted, revoked]
}

#[test]
fn statements_travel_unchanged() {
    for statement in samples() {
        let read = Statement::decode(statement.as_bytes()).unwrap();
        assert!(read == statement);
        assert!(read.is_genuine());
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    for statement in samples() {
        for place in 0..statement.as_bytes().len() {
            let mut bytes = statement.as_bytes().to_vec();
            bytes[place] ^= 1;
            assert!(!Statement::decode(&bytes).is_ok_and(|read| read.is_genuine()), "byte {place}");
        }
    }
}

#[test]
fn every_shorter_or_longer_form_is_refused() {
    for statement in samples() {
        let bytes = statement.as_bytes();
        for length in 0..bytes.len() {
            assert!(Statement::decode(&bytes[..length]).is_err());
        }
        assert_eq!(Statement::decode(&[bytes, &[0]].concat()).unwrap_err(), Malformed::LeftOver);
    }
}

#[test]
fn limits_hold_where_statements_are_made_and_where_they_are_read() {
    let long = "あ".repeat(MAX_NAME);
    let founder = identity(1);
    let refused = |name: &str| Statement::found(&founder, &Founding { name, ..founding() }, now()).unwrap_err();
    assert_eq!(refused(&long), Malformed::TooLong);
    assert_eq!(refused("a\nb"), Malformed::Text);
    assert_eq!(refused("a\u{202e}b"), Malformed::Text);
    let many = (0..=MAX_ACCEPTED).map(|n| StatementHash([(n / 256) as u8; 32].map(|b| b ^ (n % 256) as u8))).collect();
    let facility = FacilityId::from_bytes([0; 16]);
    assert!(
        Statement::revoke(&founder, facility, founder.id(), Reason::Lost, many, now())
            .is_ok_and(|s| s.as_bytes().len() < MAX_STATEMENT)
    );
    let too_many = (0..=MAX_ACCEPTED as u64)
        .map(|n| {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&n.to_be_bytes());
            StatementHash(hash)
        })
        .collect();
    assert_eq!(
        Statement::revoke(&founder, facility, founder.id(), Reason::Lost, too_many, now()).unwrap_err(),
        Malformed::TooLong
    );
}

#[test]
fn a_second_founding_cannot_be_written() {
    let founded = &samples()[0];
    assert!(founded.is_the_founding());
    let body = Said::Founded {
        salt: [9; 16],
        introduction: identity(5).introduction(),
        name: "x".to_owned(),
        site_code: String::new(),
        institution_code: String::new(),
    };
    let usurped = Statement::make(&identity(5), founded.facility(), body, now()).unwrap();
    assert!(usurped.is_genuine() && !usurped.is_the_founding());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_and_what_is_read_is_written_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(read) = Statement::decode(&bytes) {
            prop_assert_eq!(read.as_bytes(), &bytes[..]);
        }
    }
}
