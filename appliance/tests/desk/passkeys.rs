//! Passkeys over the real store: made, used, refused, found to be copied, taken away.

use crate::support::counter::{clock_at, desk_in};
use data_encoding::BASE64URL_NOPAD;
use domain::Date;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv4Addr};
use uketsuke::clock::Clock;
use uketsuke::desk::{RunningDesk, machine_session};
use web::port::*;

const PASSWORD: &str = "monday-morning-0855";
const NAME: &str = "責任者";
const MINUTE_MS: i64 = 60_000;

struct Clinic {
    desk: RunningDesk,
    clock: Clock,
    _folder: tempfile::TempDir,
}

fn client(last: u8) -> Client {
    Client { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), counter: Some("第1窓口".to_owned()) }
}

fn at(name: &str) -> PasskeyPlace {
    PasskeyPlace { name: name.to_owned(), origin: format!("https://{name}") }
}

/// Somebody's phone with one key.
struct Phone {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    id: Vec<u8>,
    place: PasskeyPlace,
    user: Vec<u8>,
}

impl Phone {
    fn asked(question: &PasskeyQuestion, id: &[u8]) -> Phone {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &random).unwrap();
        let user = BASE64URL_NOPAD.decode(question.user.as_bytes()).unwrap();
        Phone { pair, random, id: id.to_vec(), place: question.place.clone(), user }
    }

    fn client_data(&self, ceremony: &str, question: &PasskeyQuestion) -> Vec<u8> {
        let origin = &self.place.origin;
        serde_json::json!({"type": ceremony, "challenge": question.challenge, "origin": origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8, counter: u32) -> Vec<u8> {
        let name: [u8; 32] = Sha256::digest(self.place.name.as_bytes()).into();
        [name.as_slice(), &[flags], &counter.to_be_bytes()].concat()
    }

    fn makes(&self, question: &PasskeyQuestion, name: &str) -> PasskeyMade {
        let before_the_point = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
        let head = data_encoding::HEXLOWER.decode(before_the_point.as_bytes()).unwrap();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        PasskeyMade {
            client_data: self.client_data("webauthn.create", question),
            authenticator_data: [self.data(0x45, 0).as_slice(), &[0; 16], &length, &self.id].concat(),
            public_key: [head.as_slice(), self.pair.public_key().as_ref()].concat(),
            name: name.to_owned(),
        }
    }

    fn shows(&self, question: &PasskeyQuestion, counter: u32) -> PasskeyShown {
        self.shows_with(question, 0x05, counter)
    }

    fn shows_with(&self, question: &PasskeyQuestion, flags: u8, counter: u32) -> PasskeyShown {
        let (client_data, authenticator_data) = (self.client_data("webauthn.get", question), self.data(flags, counter));
        let said = [authenticator_data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
        let signature = self.pair.sign(&self.random, &said).unwrap().as_ref().to_vec();
        PasskeyShown { key: self.id.clone(), client_data, authenticator_data, signature, user: self.user.clone() }
    }
}

impl Clinic {
    async fn open() -> Clinic {
        let clock = clock_at(Date::literal(2026, 11, 16), 8, 55);
        let folder = tempfile::tempdir().unwrap();
        let desk = desk_in(folder.path(), &clock);
        desk.create_first_account(NAME.to_owned(), PASSWORD.to_owned()).await.unwrap();
        Clinic { desk, clock, _folder: folder }
    }

    fn after(&self, minutes: i64) {
        self.clock.set(self.clock.now().plus_ms(minutes * MINUTE_MS));
    }

    async fn by_password(&self) -> Session {
        self.desk.sign_in(NAME.to_owned(), PASSWORD.to_owned(), client(1)).await.unwrap()
    }

    async fn change(&self, by: &Session, change: StaffChange) -> Result<StaffSaid, StaffRefused> {
        self.desk.people().change(by, change).await
    }

    async fn begin(&self, by: &Session) -> PasskeyQuestion {
        let begin = StaffChange::BeginPasskey { password: PASSWORD.to_owned(), place: at("uketsuke.local") };
        let Ok(StaffSaid::PasskeyQuestion(question)) = self.change(by, begin).await else { panic!("not asked") };
        question
    }

    async fn finish(&self, by: &Session, made: PasskeyMade) -> Result<StaffSaid, StaffRefused> {
        self.change(by, StaffChange::FinishPasskey { made, place: at("uketsuke.local") }).await
    }

    /// A manager with a phone that has a passkey; with the recovery codes.
    async fn with_passkey() -> (Clinic, Phone, Vec<String>) {
        let clinic = Clinic::open().await;
        let session = clinic.by_password().await;
        let question = clinic.begin(&session).await;
        let phone = Phone::asked(&question, b"key-1");
        let said = clinic.finish(&session, phone.makes(&question, "電話")).await;
        let Ok(StaffSaid::RecoveryCodes(codes)) = said else { panic!("no recovery codes with the first one") };
        (clinic, phone, codes)
    }

    fn ask(&self, by: &PasskeyBy) -> PasskeyQuestion {
        self.desk.people().ask_for_passkey(by, at("uketsuke.local")).unwrap()
    }

    async fn enter(&self, by: PasskeyBy, shown: PasskeyShown) -> Result<Session, SignInRefused> {
        self.desk.people().sign_in_by_passkey(by, shown, at("uketsuke.local"), client(1)).await
    }

    fn done(&self) -> Vec<String> {
        let trail = self.desk.people().trail(&TrailQuestion::default()).unwrap();
        trail.into_iter().rev().map(|line| format!("{} {}", line.what, line.detail).trim_end().to_owned()).collect()
    }
}

fn form() -> PasskeyBy {
    PasskeyBy::Form("the token of a form".to_owned())
}

#[tokio::test]
async fn it_signs_in_by_itself_and_the_password_alone_is_not_enough_any_more() {
    let (clinic, phone, codes) = Clinic::with_passkey().await;
    let question = clinic.ask(&form());
    let session = clinic.enter(form(), phone.shows(&question, 0)).await.unwrap();
    assert_eq!((session.stage, session.second_factor_by), (Stage::Open, None), "it is the second factor too");
    let half = clinic.by_password().await;
    assert_eq!(half.stage, Stage::Code);
    let by = PasskeyBy::Session(Box::new(half.clone()));
    let question = clinic.ask(&by);
    assert_eq!(question.known, [BASE64URL_NOPAD.encode(b"key-1")]);
    let whole = clinic.enter(by, phone.shows(&question, 0)).await.unwrap();
    assert!(whole.stage == Stage::Open && whole.token != half.token, "under a new token");
    assert!(clinic.desk.session(&half.token, Activity::Page).unwrap().is_none());
    let half = clinic.by_password().await;
    let by_code = clinic.desk.people().enter_code(&half, codes[0].clone(), client(1)).await.unwrap();
    assert_eq!(by_code.stage, Stage::Open, "the phone may be lost");
    let done = clinic.done();
    assert!(
        done.iter().any(|line| line == "passkey-made") && done.iter().any(|line| line == "sign-in passkey"),
        "{done:?}"
    );
}

#[tokio::test]
async fn an_answer_counts_once_in_time_and_where_it_was_asked() {
    let (clinic, phone, _) = Clinic::with_passkey().await;
    let question = clinic.ask(&form());
    let shown = phone.shows(&question, 0);
    assert!(clinic.enter(PasskeyBy::Form("of another browser".to_owned()), shown.clone()).await.is_err());
    assert!(clinic.enter(form(), shown).await.is_err(), "a wrong try used the question up");
    let question = clinic.ask(&form());
    let shown = phone.shows(&question, 0);
    clinic.enter(form(), shown.clone()).await.unwrap();
    assert!(clinic.enter(form(), shown).await.is_err(), "replayed");
    let question = clinic.ask(&form());
    clinic.after(6);
    assert!(clinic.enter(form(), phone.shows(&question, 0)).await.is_err(), "too late");
}

#[tokio::test]
async fn a_wrong_page_person_or_key_opens_nothing_and_is_written_down() {
    let (clinic, phone, _) = Clinic::with_passkey().await;
    let elsewhere = PasskeyPlace { name: "uketsuke.local".to_owned(), origin: "https://evil.example".to_owned() };
    let question = clinic.ask(&form());
    let phished = Phone { place: elsewhere, ..phone }.shows(&question, 0);
    assert!(clinic.enter(form(), phished).await.is_err(), "the page of somebody else");
    let (clinic, phone, _) = Clinic::with_passkey().await;
    let question = clinic.ask(&form());
    assert!(clinic.enter(form(), phone.shows_with(&question, 0x01, 0)).await.is_err(), "nobody was verified");
    let question = clinic.ask(&form());
    let unknown = PasskeyShown { key: b"key-2".to_vec(), ..phone.shows(&question, 0) };
    assert!(clinic.enter(form(), unknown).await.is_err(), "an unknown key");
    let question = clinic.ask(&form());
    let of_another = PasskeyShown { user: b"staff-other".to_vec(), ..phone.shows(&question, 0) };
    assert!(clinic.enter(form(), of_another).await.is_err(), "another account");
    let failures = clinic.done().into_iter().filter(|line| line == "passkey-failed").count();
    assert_eq!(failures, 3);
}

#[tokio::test]
async fn a_counter_that_goes_back_stops_the_key_and_the_password_is_left() {
    let (clinic, phone, _) = Clinic::with_passkey().await;
    let question = clinic.ask(&form());
    clinic.enter(form(), phone.shows(&question, 7)).await.unwrap();
    let question = clinic.ask(&form());
    let refused = clinic.enter(form(), phone.shows(&question, 7)).await.unwrap_err();
    assert!(refused.why.ja.contains("複製されたおそれ"), "{}", refused.why.ja);
    clinic.after(1);
    let question = clinic.ask(&form());
    assert!(clinic.enter(form(), phone.shows(&question, 8)).await.is_err(), "it stays stopped");
    let session = clinic.by_password().await;
    let keys = clinic.desk.people().passkeys(&session.account.author).unwrap();
    assert!(keys[0].is_suspended && clinic.done().contains(&"passkey-copied".to_owned()));
}

#[tokio::test]
async fn only_its_owner_makes_one_after_the_password_and_it_is_renamed_removed_and_reset() {
    let (clinic, phone, _) = Clinic::with_passkey().await;
    let half = clinic.by_password().await;
    let by = PasskeyBy::Session(Box::new(half));
    let question = clinic.ask(&by);
    let session = clinic.enter(by, phone.shows(&question, 0)).await.unwrap();
    let wrong = StaffChange::BeginPasskey { password: "not-the-password".to_owned(), place: at("uketsuke.local") };
    assert!(matches!(clinic.change(&session, wrong).await, Err(StaffRefused::At("password", _))));
    let question = clinic.begin(&session).await;
    let again = clinic.finish(&session, phone.makes(&question, "同じ鍵")).await;
    assert!(matches!(again, Err(StaffRefused::At("passkey", _))), "this key is known already");
    let replayed = clinic.finish(&session, Phone::asked(&question, b"key-3").makes(&question, "再送")).await;
    assert!(matches!(replayed, Err(StaffRefused::At("passkey", _))), "the question was used");
    let question = clinic.begin(&session).await;
    let second = Phone::asked(&question, b"key-2");
    assert!(matches!(clinic.finish(&session, second.makes(&question, "二台目")).await, Ok(StaffSaid::Kept)));

    let key = BASE64URL_NOPAD.encode(b"key-2");
    let rename = StaffChange::RenamePasskey { key: key.clone(), name: "古い電話".to_owned() };
    assert!(clinic.change(&session, rename).await.is_ok());
    let names = || -> Vec<String> {
        let keys = clinic.desk.people().passkeys(&session.account.author).unwrap();
        keys.into_iter().map(|key| key.name).collect()
    };
    assert_eq!(names(), ["電話", "古い電話"]);
    let remove = |password: &str| StaffChange::RemovePasskey { key: key.clone(), password: password.to_owned() };
    assert!(clinic.change(&session, remove("not-the-password")).await.is_err());
    assert!(clinic.change(&session, remove(PASSWORD)).await.is_ok());
    assert_eq!(names(), ["電話"]);
    assert!(clinic.change(&session, remove(PASSWORD)).await.is_err(), "it is gone");

    let author = session.account.author.clone();
    assert!(clinic.change(&machine_session(), StaffChange::Reset(author)).await.is_ok());
    assert_eq!(names(), Vec::<String>::new(), "a reset takes them along");
}
