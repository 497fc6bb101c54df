//! Passkeys: asked for, made, shown, taken away.

use super::session::Begin;
use super::{PeopleDeclined, RunningDesk, counter_of, place};
use crate::passkey::{self, Expected};
use crate::staff;
use crate::store::{PasskeyRow, TrailEntry};
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::text::Text;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use web::port::{
    Client, PasskeyBy, PasskeyMade, PasskeyPlace, PasskeyQuestion, PasskeyShown, Session, SignInRefused, Stage,
};

/// How long a question is good, milliseconds: somebody may have to look for the device.
const GOOD_MS: i64 = 5 * 60_000;
/// Questions that wait at most; the oldest go first.
const MOST_QUESTIONS: usize = 1_000;
/// Passkeys of one account at most.
const MOST_PASSKEYS: usize = 20;

/// What a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Make,
    Show,
}

/// Questions browsers were asked and have not answered, by their challenge.
#[derive(Default)]
pub(super) struct Questions(HashMap<String, Asked>);

struct Asked {
    purpose: Purpose,
    /// of the session or form it was asked in
    bound_to: [u8; 32],
    at: Timestamp,
}

impl Questions {
    fn keep(&mut self, challenge: String, asked: Asked) {
        let now = asked.at;
        self.0.retain(|_, known| (0..GOOD_MS).contains(&now.since_ms(known.at)));
        if self.0.len() >= MOST_QUESTIONS
            && let Some(oldest) =
                self.0.iter().min_by_key(|(_, known)| known.at).map(|(challenge, _)| challenge.clone())
        {
            self.0.remove(&oldest);
        }
        self.0.insert(challenge, asked);
    }

    /// Whether this was asked here, lately, for that, and not answered yet. Whatever it was, it is asked no more.
    fn take(&mut self, challenge: &str, purpose: Purpose, bound_to: &[u8; 32], now: Timestamp) -> bool {
        let asked = self.0.remove(challenge);
        asked.is_some_and(|asked| {
            asked.purpose == purpose && asked.bound_to == *bound_to && (0..GOOD_MS).contains(&now.since_ms(asked.at))
        })
    }
}

fn bound_to(by: &PasskeyBy) -> [u8; 32] {
    let of =
        |kind: &str, token: &str| Sha256::new().chain_update(kind).chain_update([0]).chain_update(token).finalize();
    match by {
        PasskeyBy::Form(token) => of("form", token).into(),
        PasskeyBy::Session(session) => of("session", &session.token.0).into(),
    }
}

impl RunningDesk {
    /// What a browser is asked to show.
    pub(super) fn ask_to_show(&self, by: &PasskeyBy, place: PasskeyPlace) -> Result<PasskeyQuestion, SignInRefused> {
        let known = match by {
            PasskeyBy::Form(_) => Vec::new(),
            PasskeyBy::Session(session) => {
                let author = session.account.author.as_str();
                self.read(|reading| reading.passkeys_of(author)).map_err(|_| staff::not_now())?
            }
        };
        self.ask(Purpose::Show, by, place, "", known)
    }

    /// What a browser is asked to make; the password was right.
    pub(super) fn ask_to_make(&self, by: &Session, place: PasskeyPlace) -> Result<PasskeyQuestion, SignInRefused> {
        let author = by.account.author.as_str();
        let known = self.read(|reading| reading.passkeys_of(author)).map_err(|_| staff::not_now())?;
        self.ask(Purpose::Make, &PasskeyBy::Session(Box::new(by.clone())), place, author, known)
    }

    fn ask(
        &self,
        purpose: Purpose,
        by: &PasskeyBy,
        place: PasskeyPlace,
        user: &str,
        known: Vec<PasskeyRow>,
    ) -> Result<PasskeyQuestion, SignInRefused> {
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(|_| staff::not_now())?;
        let challenge = BASE64URL_NOPAD.encode(&random);
        let asked = Asked { purpose, bound_to: bound_to(by), at: self.clock.now() };
        self.people.questions().keep(challenge.clone(), asked);
        let usable = |key: &PasskeyRow| key.place == place.name && !key.is_suspended;
        let known = known.iter().filter(|key| usable(key)).map(|key| BASE64URL_NOPAD.encode(&key.id)).collect();
        Ok(PasskeyQuestion { challenge, user: BASE64URL_NOPAD.encode(user.as_bytes()), known, place })
    }

    fn answers(&self, client_data: &[u8], purpose: Purpose, by: &PasskeyBy) -> Option<String> {
        let challenge = passkey::challenge_in(client_data)?;
        let is_asked = self.people.questions().take(&challenge, purpose, &bound_to(by), self.clock.now());
        is_asked.then_some(challenge)
    }

    /// A passkey that was made, as it would be kept.
    pub(super) fn made_passkey(&self, by: &Session, made: PasskeyMade, place: PasskeyPlace) -> Option<PasskeyRow> {
        let challenge = self.answers(&made.client_data, Purpose::Make, &PasskeyBy::Session(Box::new(by.clone())))?;
        let expected = Expected { challenge: &challenge, origin: &place.origin, name: &place.name };
        let key = passkey::made(&made.client_data, &made.authenticator_data, &made.public_key, expected);
        let key = key.inspect_err(|wrong| tracing::info!(%wrong, "a passkey was not taken")).ok()?;
        Some(PasskeyRow {
            id: key.id,
            author: by.account.author.as_str().to_owned(),
            name: made.name,
            place: place.name,
            public_key: made.public_key,
            counter: key.counter,
            made_at: self.clock.now(),
            used_at: None,
            is_suspended: false,
        })
    }

    /// Signs in with a passkey: instead of name, password and code, or as the second factor.
    pub(super) async fn enter_passkey(
        &self,
        by: PasskeyBy,
        shown: PasskeyShown,
        at: PasskeyPlace,
        client: Client,
    ) -> Result<Session, SignInRefused> {
        let tried = place("a passkey", &client);
        self.may_try(&tried)?;
        let challenge = self.answers(&shown.client_data, Purpose::Show, &by);
        let id = shown.key.clone();
        let known = self
            .look(move |reading| {
                let key = reading.passkey(&id)?;
                let staff = key.as_ref().map(|key| reading.staff_by_author(&key.author)).transpose()?.flatten();
                Ok(key.zip(staff))
            })
            .await?;
        let author = known.as_ref().map(|(_, staff)| staff.author.clone());
        let counter = challenge.zip(known.as_ref()).and_then(|(challenge, (key, _))| {
            let expected = Expected { challenge: &challenge, origin: &at.origin, name: &at.name };
            let checked = passkey::shown(
                &shown.client_data,
                &shown.authenticator_data,
                &shown.signature,
                &key.public_key,
                expected,
            );
            checked.inspect_err(|wrong| tracing::info!(%wrong, "a passkey was refused")).ok()
        });
        let is_own = |key: &PasskeyRow| {
            let names = shown.user.is_empty() || shown.user == key.author.as_bytes();
            let of_session = match &by {
                PasskeyBy::Form(_) => true,
                PasskeyBy::Session(session) => {
                    session.stage == Stage::Code && session.account.author.as_str() == key.author
                }
            };
            names && of_session && key.place == at.name && !key.is_suspended
        };
        let (Some((key, staff)), Some(counter)) = (known.filter(|(key, _)| is_own(key)), counter) else {
            self.failed("passkey-failed", &tried, author, &client).await;
            return Err(refused());
        };
        if !staff.may_be_used(self.clock.now()) {
            self.failed("passkey-failed", &tried, author, &client).await;
            return Err(staff::not_allowed_now());
        }
        let (counter_here, replaces) = match &by {
            PasskeyBy::Form(_) => (counter_of(&client), None),
            PasskeyBy::Session(session) => (session.account.counter.clone(), Some(staff::token_hash(&session.token.0))),
        };
        let begin = Begin::new("sign-in", &staff, counter_here);
        let (id, whose) = (key.id.clone(), staff.author.clone());
        let entered = self
            .begin(Begin { replaces, detail: "passkey".to_owned(), ..begin }, move |writing, now| {
                if !writing.use_passkey(&id, counter, now)? {
                    return Err(PeopleDeclined::Refused("passkey", Text::new("", "")));
                }
                Ok(writing.forget_switch_failures(&whose)?)
            })
            .await;
        match entered {
            Ok(session) => {
                self.people.tries.right(&tried, self.clock.now());
                Ok(session)
            }
            Err(_) if counts_backwards(key.counter, counter) => {
                self.suspend(&key, &client).await;
                Err(copied())
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// Two devices count for one key: it opens nothing any more until its owner makes a new one.
    async fn suspend(&self, key: &PasskeyRow, client: &Client) {
        let (id, author, counter) = (key.id.clone(), key.author.clone(), counter_of(client));
        let line = TrailEntry { what: "passkey-copied", author, counter, ..TrailEntry::default() };
        let kept = self.write_people(move |writing, now| {
            writing.suspend_passkey(&id)?;
            Ok(writing.keep_trail(&line, now)?)
        });
        if kept.await.is_err() {
            tracing::error!("a passkey that may have been copied could not be suspended");
        }
    }
}

fn counts_backwards(known: u32, now: u32) -> bool {
    (known > 0 || now > 0) && now <= known
}

/// Keys an account may have.
pub(super) fn is_room(keys: &[PasskeyRow]) -> bool {
    keys.len() < MOST_PASSKEYS
}

fn refused() -> SignInRefused {
    SignInRefused {
        why: Text::new(
            "このパスキーではサインインできませんでした。もう一度試すか、名前とパスワードを使ってください。",
            "This passkey did not sign you in. Try again, or use name and password.",
        ),
    }
}

fn copied() -> SignInRefused {
    SignInRefused {
        why: Text::new(
            "このパスキーは複製されたおそれがあるため止めました。パスワードでサインインし、作り直してください。責任者にも伝えてください。",
            "This passkey may have been copied and was stopped. Sign in with your password, make a new one, and tell a manager.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000_000_000);

    fn asked(at: Timestamp) -> Asked {
        Asked { purpose: Purpose::Show, bound_to: [1; 32], at }
    }

    #[test]
    fn a_question_is_answered_once_in_time_and_where_it_was_asked() {
        let mut questions = Questions::default();
        let mut take = |purpose, bound: [u8; 32], later: i64| {
            questions.keep("c".to_owned(), asked(NOW));
            questions.take("c", purpose, &bound, NOW.plus_ms(later))
        };
        assert!(take(Purpose::Show, [1; 32], 1));
        assert!(!take(Purpose::Show, [2; 32], 1), "another browser");
        assert!(!take(Purpose::Make, [1; 32], 1), "another purpose");
        assert!(!take(Purpose::Show, [1; 32], GOOD_MS), "too late");
        assert!(!take(Purpose::Show, [1; 32], -1), "before it was asked");
        questions.keep("c".to_owned(), asked(NOW));
        assert!(questions.take("c", Purpose::Show, &[1; 32], NOW));
        assert!(!questions.take("c", Purpose::Show, &[1; 32], NOW), "replayed");
    }

    #[test]
    fn questions_nobody_answers_do_not_pile_up() {
        let mut questions = Questions::default();
        for nth in 0..2 * MOST_QUESTIONS {
            questions.keep(format!("c{nth}"), asked(NOW.plus_ms(i64::try_from(nth).unwrap_or(0))));
        }
        assert!(questions.0.len() <= MOST_QUESTIONS);
        assert!(questions.take(&format!("c{}", 2 * MOST_QUESTIONS - 1), Purpose::Show, &[1; 32], NOW.plus_ms(3_000)));
    }

    #[test]
    fn a_counter_that_stands_still_tells_of_a_copy_unless_the_device_does_not_count() {
        assert!(!counts_backwards(0, 0) && !counts_backwards(0, 1) && !counts_backwards(4, 5));
        assert!(counts_backwards(4, 4) && counts_backwards(4, 3) && counts_backwards(4, 0));
    }
}
