#![allow(clippy::unwrap_used)]
use super::*;
use crate::facility::BoxIdentity;
use crate::facility::certificate::{NotIssued, RENEW_AFTER_MS, VALID_BEFORE_MS, VALID_FOR_MS};
use crate::facility::identity::IdentitySeed;
use crate::facility::statement::{Founding, Reason, Statement};
use domain::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{TlsAcceptor, TlsConnector};

fn identity(seed: u8) -> BoxIdentity {
    BoxIdentity::make(Role::Box, &IdentitySeed::from_bytes([seed; 80]))
}

/// TLS reads the real clock, so the leaves of these tests are issued relative to it.
fn now() -> Timestamp {
    Timestamp::from_ms(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64)
}

/// A facility founded by the first with all the others admitted.
fn facility(boxes: &[&BoxIdentity]) -> Vec<Statement> {
    let founding = Founding { salt: [1; 16], name: "1", site_code: "S", institution_code: "1312345" };
    let founded = Statement::found(boxes[0], &founding, now()).unwrap();
    let id = founded.facility();
    let admit = |one: &&BoxIdentity| Statement::admit(boxes[0], id, &one.introduction(), "x", now()).unwrap();
    let admitted: Vec<_> = boxes[1..].iter().map(admit).collect();
    std::iter::once(founded).chain(admitted).collect()
}

fn judged(statements: &[Statement]) -> Membership {
    Membership::evaluate(statements[0].facility(), statements)
}

fn leaf(identity: &BoxIdentity, facility: FacilityId, at: Timestamp) -> Leaf {
    Leaf::issue(identity, facility, at, &[9; 32]).unwrap()
}

/// One handshake; what each side makes of the other, or the error of the side that refused.
async fn meet(
    server: ServerConfig,
    client: ClientConfig,
    asked: ServerName<'static>,
) -> Result<(Vec<u8>, Vec<u8>), String> {
    let (near, far) = tokio::io::duplex(1 << 16);
    let accept = async {
        let mut stream = TlsAcceptor::from(Arc::new(server)).accept(far).await.map_err(|e| e.to_string())?;
        stream.write_all(b"in").await.map_err(|e| e.to_string())?;
        let shown = stream.get_ref().1.peer_certificates().map(|all| all[0].to_vec());
        shown.ok_or_else(|| "no certificate".to_owned())
    };
    let connect = async {
        let mut stream = TlsConnector::from(Arc::new(client)).connect(asked, near).await.map_err(|e| e.to_string())?;
        let mut word = [0; 2];
        stream.read_exact(&mut word).await.map_err(|e| e.to_string())?;
        Ok::<_, String>(stream.get_ref().1.peer_certificates().unwrap()[0].to_vec())
    };
    let (server, client) = tokio::join!(accept, connect);
    Ok((server?, client?))
}

/// A server with `shows` meets a client with `comes`, both by the members given.
async fn try_meeting(
    server: (&BoxIdentity, Leaf),
    client: (&BoxIdentity, Leaf),
    members: &Membership,
    asked: BoxId,
) -> Result<(), String> {
    let id = members.facility();
    let serving = Trust::of(server.0.id(), [members]);
    let calling = Trust::of(client.0.id(), [members]);
    let config = serving.server_config(&BTreeMap::from([(id, server.1)])).unwrap();
    let (client_shown, server_shown) =
        meet(config, calling.client_config(&client.1, Role::Box).unwrap(), server_name(asked, id).unwrap()).await?;
    let peer = |trust: &Trust, shown: Vec<u8>| trust.peer(Some(&[CertificateDer::from(shown)])).map(|peer| peer.id);
    assert_eq!(peer(&serving, client_shown), Some(client.0.id()));
    assert_eq!(peer(&calling, server_shown), Some(server.0.id()));
    Ok(())
}

#[tokio::test]
async fn members_meet_and_know_each_other() {
    let (a, b) = (identity(1), identity(2));
    let members = judged(&facility(&[&a, &b]));
    let id = members.facility();
    try_meeting((&a, leaf(&a, id, now())), (&b, leaf(&b, id, now())), &members, a.id()).await.unwrap();
}

#[tokio::test]
async fn strangers_and_members_of_other_facilities_are_refused() {
    let (a, b, stranger) = (identity(1), identity(2), identity(3));
    let members = judged(&facility(&[&a, &b]));
    let id = members.facility();
    let refused =
        try_meeting((&a, leaf(&a, id, now())), (&stranger, leaf(&stranger, id, now())), &members, a.id()).await;
    assert!(refused.unwrap_err().contains("UnknownIssuer"));
    let refused =
        try_meeting((&stranger, leaf(&stranger, id, now())), (&b, leaf(&b, id, now())), &members, stranger.id()).await;
    assert!(refused.is_err());
    let other = FacilityId::from_bytes([7; 16]);
    let refused = try_meeting((&a, leaf(&a, id, now())), (&b, leaf(&b, other, now())), &members, a.id()).await;
    assert!(refused.unwrap_err().contains("NameConstraintViolation"), "a leaf for another facility");
}

#[tokio::test]
async fn the_box_asked_for_must_answer() {
    let (a, b, c) = (identity(1), identity(2), identity(3));
    let members = judged(&facility(&[&a, &b, &c]));
    let id = members.facility();
    let refused = try_meeting((&a, leaf(&a, id, now())), (&b, leaf(&b, id, now())), &members, c.id()).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn no_member_can_speak_in_the_name_of_another() {
    let (a, b, c) = (identity(1), identity(2), identity(3));
    let members = judged(&facility(&[&a, &b, &c]));
    let id = members.facility();
    let posing = forged_leaf(&b, c.id(), id).unwrap();
    let refused = try_meeting((&a, leaf(&a, id, now())), (&b, posing), &members, a.id()).await;
    assert!(refused.unwrap_err().contains("NameConstraintViolation"));
}

/// A leaf of `signer` with the name of another.
fn forged_leaf(signer: &BoxIdentity, name: BoxId, facility: FacilityId) -> Result<Leaf, NotIssued> {
    Leaf::issue_named(signer, &name_of(name, facility), now(), &[9; 32])
}

#[tokio::test]
async fn clocks_may_be_wrong_and_members_still_meet() {
    let (a, b) = (identity(1), identity(2));
    let members = judged(&facility(&[&a, &b]));
    let id = members.facility();
    let fresh = || leaf(&a, id, now());
    let meets =
        async |theirs: Timestamp| try_meeting((&a, fresh()), (&b, leaf(&b, id, theirs)), &members, a.id()).await;
    meets(now().plus_ms(-VALID_FOR_MS + 3_600_000)).await.unwrap();
    // as a box with a dead clock battery sees the others: leaves from its future
    meets(now().plus_ms(20 * 365 * VALID_BEFORE_MS)).await.unwrap();
    assert!(meets(now().plus_ms(-VALID_FOR_MS - 3_600_000)).await.unwrap_err().contains("xpired"));
}

#[test]
fn a_leaf_is_renewed_in_time_and_when_the_clock_was_put_back() {
    let a = identity(1);
    let issued = Timestamp::from_ms(1_790_000_000_000);
    let leaf = leaf(&a, FacilityId::from_bytes([1; 16]), issued);
    let due = |ms: i64| leaf.is_due(issued.plus_ms(ms));
    assert!(!due(0) && !due(RENEW_AFTER_MS - 1) && due(RENEW_AFTER_MS));
    assert!(!due(-3_600_000), "an hour back is no reason");
    assert!(due(-VALID_BEFORE_MS), "issued by a clock far ahead");
    for wild in [i64::MIN, -1, 0, i64::MAX] {
        Leaf::issue(&a, FacilityId::from_bytes([1; 16]), Timestamp::from_ms(wild), &[9; 32]).unwrap();
    }
}

#[tokio::test]
async fn a_revoked_box_is_cut_off_and_kept_out_and_the_others_stay() {
    let (a, b, c) = (Arc::new(identity(1)), identity(2), identity(3));
    let mut statements = facility(&[&a, &b, &c]);
    let members = judged(&statements);
    let id = members.facility();
    let mut chance = ChaCha20Rng::from_seed([5; 32]);
    let keeper = Doorkeeper::new(a.clone(), std::slice::from_ref(&members), now(), &mut chance).unwrap();
    let shown = |one: &BoxIdentity| leaf(one, id, now()).certified().cert.clone();
    let mut of_b = keeper.connected(Some(&shown(&b))).unwrap();
    let mut of_c = keeper.connected(Some(&shown(&c))).unwrap();
    assert_eq!((of_b.peer().id, of_b.peer().role), (b.id(), Role::Box));

    statements.push(Statement::revoke(&a, id, b.id(), Reason::Lost, members.statements_of(b.id()), now()).unwrap());
    keeper.members_changed(&[judged(&statements)], now(), &mut chance).unwrap();
    of_b.revoked().await;
    let goes_on = tokio::select! { biased; () = of_c.revoked() => false, () = tokio::task::yield_now() => true };
    assert!(goes_on);
    assert!(keeper.connected(Some(&shown(&b))).is_none());
    assert!(keeper.connected(Some(&shown(&c))).is_some());
}

#[tokio::test]
async fn renewal_goes_on_by_itself_and_ends_no_connection() {
    let (a, b) = (Arc::new(identity(1)), identity(2));
    let members = judged(&facility(&[&a, &b]));
    let id = members.facility();
    let mut chance = ChaCha20Rng::from_seed([5; 32]);
    let keeper = Doorkeeper::new(a.clone(), std::slice::from_ref(&members), now(), &mut chance).unwrap();
    let mut of_b = keeper.connected(Some(&leaf(&b, id, now()).certified().cert)).unwrap();
    assert!(!keeper.renew(now(), &mut chance).unwrap());
    assert!(keeper.renew(now().plus_ms(RENEW_AFTER_MS), &mut chance).unwrap());
    assert!(keeper.renew(now(), &mut chance).unwrap(), "and again when the clock is set right");
    let goes_on = tokio::select! { biased; () = of_b.revoked() => false, () = tokio::task::yield_now() => true };
    assert!(goes_on);
}

#[tokio::test]
async fn a_hub_serves_several_facilities_with_a_leaf_for_each() {
    let hub = BoxIdentity::make(Role::Hub, &IdentitySeed::from_bytes([8; 80]));
    let (a, b) = (identity(1), identity(2));
    let (first, second) = (judged(&facility(&[&a, &hub])), judged(&facility(&[&b, &hub])));
    let mut chance = ChaCha20Rng::from_seed([5; 32]);
    let hub = Arc::new(hub);
    let keeper = Doorkeeper::new(hub.clone(), &[first.clone(), second.clone()], now(), &mut chance).unwrap();
    for (one, members) in [(&a, &first), (&b, &second)] {
        let id = members.facility();
        let server = (*keeper.doors().server().unwrap()).clone();
        let client = Trust::of(one.id(), [members]).client_config(&leaf(one, id, now()), Role::Hub).unwrap();
        let (shown, _) = meet(server, client, server_name(hub.id(), id).unwrap()).await.unwrap();
        let peer = keeper.connected(Some(&[CertificateDer::from(shown)])).unwrap().peer();
        assert_eq!((peer.id, peer.facility), (one.id(), id));
    }
}

#[test]
fn names_go_there_and_back() {
    let (id, facility) = (identity(1).id(), FacilityId::from_bytes([7; 16]));
    assert_eq!(of_name(&name_of(id, facility)), Some((id, facility)));
    assert_eq!(of_name(&format!("x.{}", name_of(id, facility))), None);
}
