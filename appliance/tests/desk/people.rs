//! People at the desk: how they prove who they are, what ends that, and what the trail says of it.

use crate::support::counter::desk_over;
use crate::support::patients::check_in;
use domain::coverage::Sex;
use domain::eligibility::PersonFace;
use domain::fact::Author;
use domain::{Date, Timestamp};
use std::net::{IpAddr, Ipv4Addr};
use uketsuke::clock::Clock;
use uketsuke::desk::{RunningDesk, machine_session};
use uketsuke::store::{Chain, Reading, StoreLocation};
use uketsuke::totp;
use web::port::*;

const MINUTE_MS: i64 = 60_000;
const PASSWORD: &str = "monday-morning-0855";

struct Clinic {
    desk: RunningDesk,
    clock: Clock,
    location: StoreLocation,
    began: Timestamp,
    _folder: tempfile::TempDir,
}

fn client(last: u8) -> Client {
    Client { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), counter: Some("第1窓口".to_owned()) }
}

async fn clinic() -> Clinic {
    let began = Timestamp::in_japan(Date::literal(2026, 11, 16), 8, 55, 0);
    let (clock, folder) = (Clock::by_hand(began), tempfile::tempdir().unwrap());
    let location = StoreLocation::in_folder(folder.path()).unwrap();
    let desk = desk_over(&location, &clock);
    desk.create_first_account("責任者".to_owned(), PASSWORD.to_owned()).await.unwrap();
    Clinic { desk, clock, location, began, _folder: folder }
}

impl Clinic {
    fn at_minute(&self, minute: i64) {
        self.clock.set(self.began.plus_ms(minute * MINUTE_MS));
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<Session, SignInRefused> {
        self.desk.sign_in(name.to_owned(), password.to_owned(), client(1)).await
    }

    async fn change(&self, by: &Session, change: StaffChange) -> StaffSaid {
        self.desk.people().change(by, change).await.unwrap()
    }

    /// An account with a password of its own.
    async fn member(&self, name: &str, role: Role) -> Author {
        let said = self.change(&machine_session(), StaffChange::Add { name: name.to_owned(), role }).await;
        let StaffSaid::Password(first) = said else { panic!("no password") };
        let author = self.author(name);
        if role != Role::Vendor {
            let session = self.sign_in(name, &first).await.unwrap();
            assert_eq!(session.stage, Stage::Incomplete, "a first password is to be changed");
            self.change(&session, StaffChange::ChangePassword { old: first, new: PASSWORD.to_owned() }).await;
            assert_eq!(self.stage(&session), Some(Stage::Open));
        }
        author
    }

    fn author(&self, name: &str) -> Author {
        self.desk.people().staff().unwrap().into_iter().find(|member| member.name == name).unwrap().author
    }

    fn stage(&self, session: &Session) -> Option<Stage> {
        self.desk.session(&session.token, Activity::Page).unwrap().map(|session| session.stage)
    }

    /// Gives the account of a session a second factor; returns its secret and the recovery codes.
    async fn second_factor(&self, session: &Session) -> (Vec<u8>, Vec<String>) {
        let said = self.change(session, StaffChange::BeginSecondFactor { password: PASSWORD.to_owned() }).await;
        let StaffSaid::Secret { secret, .. } = said else { panic!("no secret") };
        let secret = from_base32(&secret);
        let code = totp::code(&secret, totp::step_at(self.clock.now()));
        let said = self.change(session, StaffChange::ConfirmSecondFactor { code }).await;
        let StaffSaid::RecoveryCodes(codes) = said else { panic!("no recovery codes") };
        (secret, codes)
    }

    fn trail(&self) -> Vec<TrailLine> {
        self.desk.people().trail(&TrailQuestion::default()).unwrap()
    }

    fn whats(&self) -> Vec<String> {
        self.trail().into_iter().map(|line| line.what).collect()
    }

    fn verify(&self) -> Chain {
        let connection = self.location.open_reader().unwrap();
        Reading::over(&connection, self.location.vault()).verify_trail(None).unwrap()
    }
}

fn from_base32(text: &str) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let values = text.chars().filter_map(|letter| letters.find(letter));
    let bits: Vec<usize> = values.flat_map(|value| (0..5).rev().map(move |bit| (value >> bit) & 1)).collect();
    bits.chunks_exact(8)
        .map(|eight| eight.iter().fold(0, |byte, bit| (byte << 1) | u8::try_from(*bit).unwrap()))
        .collect()
}

fn somebody() -> DeskCommand {
    let person = PersonFace {
        name: Some("見本 花子".to_owned()),
        name_kana: Some("ミホン ハナコ".to_owned()),
        birth_date: Date::parse("1964-10-10"),
        sex: Some(Sex::Female),
        address: None,
    };
    check_in(None, person, Vec::new())
}

#[tokio::test]
async fn a_code_is_good_once_and_a_recovery_code_too() {
    let clinic = clinic().await;
    let first = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    assert_eq!((first.stage, first.role), (Stage::Open, Role::Manager));
    assert!(first.second_factor_by.is_some(), "a manager of a new box has some days");
    let (secret, recovery) = clinic.second_factor(&first).await;
    clinic.at_minute(5);
    let people = clinic.desk.people();
    let code = totp::code(&secret, totp::step_at(clinic.clock.now()));
    let half = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    assert_eq!(half.stage, Stage::Code);
    let whole = people.enter_code(&half, code.clone(), client(1)).await.unwrap();
    assert_eq!(whole.stage, Stage::Open);
    assert!(whole.token != half.token && whole.csrf != half.csrf, "a new session");
    assert_eq!(clinic.stage(&half), None);
    let again = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    assert!(people.enter_code(&again, code, client(1)).await.is_err(), "the same code again");
    let typed = recovery[0].to_uppercase().replace('-', " ");
    assert!(people.enter_code(&again, typed.clone(), client(1)).await.is_ok(), "as people write it");
    let again = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    assert!(people.enter_code(&again, typed, client(1)).await.is_err(), "used up");
    let whats = clinic.whats();
    for what in ["second-factor-set", "sign-in", "code-failed", "recovery-code-used"] {
        assert!(whats.iter().any(|known| known == what), "{what}");
    }
    clinic.desk.stop().await;
}

#[tokio::test]
async fn who_must_have_a_second_factor_gets_it_within_days() {
    let clinic = clinic().await;
    clinic.at_minute(3 * 24 * 60);
    let late = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    assert_eq!(late.stage, Stage::Incomplete);
    clinic.second_factor(&late).await;
    assert_eq!(clinic.stage(&late), Some(Stage::Open));
    clinic.member("受付 一子", Role::Reception).await;
    let policy = Policy { second_factor: vec![Role::Reception], lock_minutes: 15 };
    clinic.change(&late, StaffChange::SetPolicy(policy.clone())).await;
    assert_eq!(clinic.desk.people().policy().unwrap(), policy);
    assert!(clinic.sign_in("受付 一子", PASSWORD).await.unwrap().second_factor_by.is_some());
    clinic.desk.stop().await;
}

#[tokio::test]
async fn a_counter_nobody_uses_locks_itself_and_its_person_unlocks_it() {
    let clinic = clinic().await;
    let people = clinic.desk.people();
    let session = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    clinic.at_minute(14);
    assert_eq!(clinic.desk.session(&session.token, Activity::Person).unwrap().unwrap().stage, Stage::Open);
    clinic.at_minute(28);
    assert_eq!(clinic.stage(&session), Some(Stage::Open), "counted from the last use");
    clinic.at_minute(29);
    assert_eq!(clinic.stage(&session), Some(Stage::Locked));
    assert_eq!(
        clinic.desk.session(&session.token, Activity::Person).unwrap().unwrap().stage,
        Stage::Locked,
        "stays so"
    );
    assert!(people.unlock(&session, "wrong".to_owned(), client(1)).await.is_err());
    let back = people.unlock(&session, PASSWORD.to_owned(), client(1)).await.unwrap();
    assert_eq!((back.stage, &back.account), (Stage::Open, &session.account));
    assert_eq!(clinic.stage(&session), None, "the old token is worth nothing");
    people.lock(&back).await;
    assert_eq!(clinic.stage(&back), Some(Stage::Locked));
    clinic.desk.stop().await;
}

#[tokio::test]
async fn another_person_takes_the_counter_over_and_five_wrong_codes_end_the_code() {
    let clinic = clinic().await;
    let people = clinic.desk.people();
    let other = clinic.member("受付 一子", Role::Reception).await;
    let own = clinic.sign_in("受付 一子", PASSWORD).await.unwrap();
    let code = "kasa-77".to_owned();
    clinic.change(&own, StaffChange::SetSwitchCode { password: PASSWORD.to_owned(), code: code.clone() }).await;
    let session = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    let taken = people.switch(&session, other.clone(), code.clone(), client(1)).await.unwrap();
    assert_eq!((taken.role, taken.account.counter.as_str()), (Role::Reception, "第1窓口"));
    assert_eq!(clinic.stage(&session), None, "the counter has one session");
    for wrong in 0..5 {
        let from = client(10 + wrong);
        assert!(people.switch(&taken, other.clone(), "guess-guess".to_owned(), from).await.is_err());
    }
    assert!(people.switch(&taken, other.clone(), code.clone(), client(20)).await.is_err(), "dead");
    clinic.sign_in("受付 一子", PASSWORD).await.unwrap();
    assert!(people.switch(&taken, other, code, client(20)).await.is_ok(), "alive after the password");
    clinic.desk.stop().await;
}

#[tokio::test]
async fn a_vendor_comes_in_only_while_a_manager_allows_it() {
    let clinic = clinic().await;
    let manager = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    clinic.change(&manager, StaffChange::SetPolicy(Policy { second_factor: Vec::new(), lock_minutes: 0 })).await;
    let said = clinic.change(&manager, StaffChange::Add { name: "保守".to_owned(), role: Role::Vendor }).await;
    let StaffSaid::Password(password) = said else { panic!("no password") };
    assert!(clinic.sign_in("保守", &password).await.is_err());
    let (from, until) = (clinic.began.plus_ms(10 * MINUTE_MS), clinic.began.plus_ms(70 * MINUTE_MS));
    clinic.change(&manager, StaffChange::AllowVendor(clinic.author("保守"), Some((from, until)))).await;
    assert!(clinic.desk.people().notices().vendors.is_empty(), "not yet");
    assert!(clinic.sign_in("保守", &password).await.is_err());
    clinic.at_minute(10);
    let vendor = clinic.sign_in("保守", &password).await.unwrap();
    assert_eq!(clinic.desk.people().notices().vendors, [("保守".to_owned(), until)]);
    clinic.at_minute(69);
    assert!(clinic.stage(&vendor).is_some());
    clinic.at_minute(70);
    assert_eq!(clinic.stage(&vendor), None, "over on the minute");
    assert!(clinic.desk.people().notices().vendors.is_empty());
    assert!(clinic.whats().iter().any(|what| what == "vendor-allowed"));
    clinic.desk.stop().await;
}

#[tokio::test]
async fn the_envelope_works_once_until_a_manager_makes_another() {
    let clinic = clinic().await;
    let people = clinic.desk.people();
    let open = |code: String| people.use_emergency(code, "受付 二郎".to_owned(), "責任者が不在".to_owned(), client(3));
    assert!(open("nothing".to_owned()).await.is_err(), "there is none yet");
    let manager = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    let StaffSaid::EmergencyCode(code) = clinic.change(&manager, StaffChange::NewEmergencyCode).await else {
        panic!("no code")
    };
    assert!(people.notices().emergency_is_sealed);
    let session = open(code.to_uppercase()).await.unwrap();
    assert_eq!(session.role, Role::Reception);
    clinic.desk.submit(&session.account, None, somebody()).await.unwrap();
    let used = people.notices().emergency.unwrap();
    assert_eq!((used.who.as_str(), used.counter.as_str()), ("受付 二郎", "第1窓口"));
    assert!(open(code).await.is_err(), "dead");
    assert!(people.staff().unwrap().iter().all(|member| member.author.as_str() != "emergency"));
    let line = clinic.trail().into_iter().find(|line| line.what == "emergency-used").unwrap();
    assert_eq!(line.detail, "受付 二郎: 責任者が不在");
    clinic.change(&manager, StaffChange::NewEmergencyCode).await;
    assert!(people.notices().emergency.is_none() && people.notices().emergency_is_sealed);
    assert_eq!(clinic.stage(&session), None, "and whoever used the old one is out");
    clinic.desk.stop().await;
}

#[tokio::test]
async fn another_role_a_lock_and_a_reset_end_the_sessions_and_a_manager_is_always_left() {
    let clinic = clinic().await;
    let manager = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    let other = clinic.member("受付 一子", Role::Reception).await;
    for change in [
        StaffChange::SetRole(other.clone(), Role::Claims),
        StaffChange::SetLocked(other.clone(), true),
        StaffChange::SetLocked(other.clone(), false),
        StaffChange::SignOutEverywhere(other.clone()),
    ] {
        let session = clinic.sign_in("受付 一子", PASSWORD).await.ok();
        let sessions: Vec<Session> =
            session.into_iter().chain(clinic.sign_in("受付 一子", PASSWORD).await.ok()).collect();
        clinic.change(&manager, change).await;
        assert!(sessions.iter().all(|session| clinic.stage(session).is_none()));
    }
    assert_eq!(clinic.sign_in("受付 一子", PASSWORD).await.unwrap().role, Role::Claims);
    let StaffSaid::Password(first) = clinic.change(&manager, StaffChange::Reset(other)).await else {
        panic!("no password")
    };
    assert!(clinic.sign_in("受付 一子", PASSWORD).await.is_err());
    assert_eq!(clinic.sign_in("受付 一子", &first).await.unwrap().stage, Stage::Incomplete);
    let me = manager.account.author.clone();
    for change in [StaffChange::SetRole(me.clone(), Role::Claims), StaffChange::SetLocked(me, true)] {
        let refused = clinic.desk.people().change(&manager, change).await;
        assert!(matches!(refused, Err(StaffRefused::At("", _))));
    }
    let taken = StaffChange::Add { name: "受付 一子".to_owned(), role: Role::Claims };
    assert!(matches!(clinic.desk.people().change(&manager, taken).await, Err(StaffRefused::At("name", _))));
    clinic.desk.stop().await;
}

#[tokio::test]
async fn guessing_waits_and_nobody_learns_which_names_there_are() {
    let clinic = clinic().await;
    let guess = |name: &str, last: u8| clinic.desk.sign_in(name.to_owned(), "guess-guess".to_owned(), client(last));
    for name in ["責任者", "nobody"] {
        let mut said = Vec::new();
        for _ in 0..7 {
            said.push(guess(name, 9).await.unwrap_err().why);
        }
        assert!(said[..5].iter().all(|why| why.en == "Name or password is wrong."), "{name}");
        assert!(said[5..].iter().all(|why| why.en.starts_with("Too many wrong tries")), "{name}");
    }
    assert!(clinic.sign_in("責任者", PASSWORD).await.is_ok(), "the desk itself is not locked out");
    let failures: Vec<TrailLine> = clinic.trail().into_iter().filter(|line| line.what == "sign-in-failed").collect();
    assert_eq!(failures.len(), 10);
    assert!(failures.iter().all(|line| !format!("{line:?}").contains("nobody")), "what was typed is not kept");
    clinic.desk.stop().await;
}

#[tokio::test]
async fn the_trail_says_who_did_and_saw_what_without_names_and_is_found_by_patient_person_and_day() {
    let clinic = clinic().await;
    let session = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    let key = Some(IdempotencyKey("one".to_owned()));
    let saved = clinic.desk.submit(&session.account, key.clone(), somebody()).await.unwrap();
    clinic.desk.submit(&session.account, key, somebody()).await.unwrap();
    let done: Vec<TrailLine> = clinic.trail().into_iter().filter(|line| line.what == "check-in").collect();
    assert_eq!(done.len(), 1, "what is sent twice happens once");
    assert_eq!((&done[0].patient, &done[0].visit), (&saved.patient, &saved.visit));
    assert_eq!((done[0].author.as_str(), done[0].counter.as_str()), (session.account.author.as_str(), "第1窓口"));
    assert_eq!(done[0].name.as_deref(), Some("責任者"));
    let (patient, visit) = (saved.patient.unwrap(), saved.visit.unwrap());
    let revision = *clinic.desk.revisions().borrow();
    for _ in 0..3 {
        clinic.desk.people().viewed(&session.account, Viewed::Visit(visit.clone()));
        clinic.desk.people().viewed(&session.account, Viewed::Patient(patient.clone()));
    }
    clinic.desk.stop().await; // writes what waits
    assert_eq!(*clinic.desk.revisions().borrow(), revision, "looking is no news for the pages");
    let connection = clinic.location.open_reader().unwrap();
    let reading = Reading::over(&connection, clinic.location.vault());
    let of = |question: TrailQuestion| -> Vec<String> {
        reading.trail(&question).unwrap().into_iter().map(|line| line.what).collect()
    };
    let about = TrailQuestion { patient: Some(patient), ..TrailQuestion::default() };
    assert_eq!(of(about.clone()), ["viewed-patient", "viewed-visit", "check-in"], "a visit is its patient's");
    let day = Some(clinic.began.date_in_japan());
    let author = Some(session.account.author.to_string());
    assert_eq!(of(TrailQuestion { day, author, ..about.clone() }).len(), 3);
    assert!(of(TrailQuestion { day: Some(Date::literal(2026, 11, 15)), ..TrailQuestion::default() }).is_empty());
    assert!(of(TrailQuestion { author: Some("nobody".to_owned()), ..about }).is_empty());
    for line in reading.trail(&TrailQuestion::default()).unwrap() {
        assert!(!format!("{line:?}").contains("花子"), "never a patient's name");
    }
}

#[tokio::test]
async fn a_line_that_was_changed_or_taken_out_shows() {
    let clinic = clinic().await;
    let session = clinic.sign_in("責任者", PASSWORD).await.unwrap();
    for _ in 0..4 {
        clinic.desk.submit(&session.account, None, somebody()).await.unwrap();
    }
    clinic.desk.stop().await;
    let Chain::Whole { lines, head, holds: true } = clinic.verify() else { panic!("broken") };
    assert_eq!(lines, 6);
    let connection = clinic.location.open_writer().unwrap();
    for forbidden in ["UPDATE trail SET author = 'x' WHERE seq = 3", "DELETE FROM trail WHERE seq = 3"] {
        assert!(connection.execute_batch(forbidden).is_err(), "{forbidden}");
    }
    let noted = |head: &str| Reading::over(&connection, clinic.location.vault()).verify_trail(Some(head)).unwrap();
    assert!(matches!(noted(&head), Chain::Whole { holds: true, .. }));
    connection.execute_batch("DROP TRIGGER trail_is_not_rewritten; DROP TRIGGER trail_is_not_shortened;").unwrap();
    connection.execute_batch("DELETE FROM trail WHERE seq = 6").unwrap();
    assert!(matches!(noted(&head), Chain::Whole { holds: false, .. }), "a cut end shows against a noted head");
    connection.execute_batch("UPDATE trail SET author = 'somebody-else' WHERE seq = 3").unwrap();
    assert_eq!(clinic.verify(), Chain::Broken { seq: 3, why: "changed" });
    connection.execute_batch("DELETE FROM trail WHERE seq = 3").unwrap();
    assert_eq!(clinic.verify(), Chain::Broken { seq: 3, why: "missing" });
}

#[tokio::test]
async fn accounts_and_trail_survive_a_restart() {
    let clinic = clinic().await;
    let other = clinic.member("受付 一子", Role::Reception).await;
    clinic.desk.stop().await;
    let again = desk_over(&clinic.location, &clinic.clock);
    let session = again.sign_in("受付 一子".to_owned(), PASSWORD.to_owned(), client(1)).await.unwrap();
    assert_eq!((session.role, session.account.author), (Role::Reception, other));
    again.stop().await;
    assert!(matches!(clinic.verify(), Chain::Whole { .. }));
}
