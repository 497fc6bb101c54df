//! People at the desk: who signs in, who takes a counter over, what they looked at.

mod changes;
mod passkeys;
mod session;
mod views;

use session::Begin;

use super::RunningDesk;
use super::inbox::{Input, PeopleDeclined, PeopleWork};
use crate::staff::{self, PasswordCheck, Place, Tries};
use crate::store::{EMERGENCY, PasskeyRow, StaffRow, Stored, TrailEntry};
use crate::totp;
use domain::Timestamp;
use domain::fact::Author;
use domain::text::Text;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use web::port::{
    Account, Client, EmergencyUse, Look, Notices, PasskeyBy, PasskeyItem, PasskeyPlace, PasskeyQuestion, PasskeyShown,
    Pending, People, Policy, Reading, Role, Session, SessionToken, SignInRefused, StaffChange, StaffMember,
    StaffRefused, StaffSaid, Stage, TrailLine, TrailQuestion, Unavailable, Viewed,
};

/// A manager begins to work on a new box at once; the second factor is due so long after the account was made. A vendor has no such time.
pub(super) const GRACE_MS: i64 = 72 * 3_600_000;
/// What is known of people without asking the store.
#[derive(Default)]
pub(super) struct PeopleMemory {
    tries: Tries,
    seen: Mutex<HashMap<[u8; 32], Timestamp>>,
    questions: Mutex<passkeys::Questions>,
    views: Mutex<views::Views>,
    emergency: RwLock<(bool, Option<EmergencyUse>)>,
    vendors: RwLock<Vec<(String, Timestamp, Timestamp)>>,
}

/// Who acts when the owner of the machine does, from its command line.
pub fn machine_session() -> Session {
    let counter = "command line".to_owned();
    Session {
        account: Account { counter, ..Account::new(Author::new("command-line"), "") },
        token: SessionToken(String::new()),
        csrf: String::new(),
        role: Role::Manager,
        stage: Stage::Open,
        second_factor_by: None,
        look: Look::default(),
    }
}

impl RunningDesk {
    /// Writes about people; what is refused leaves nothing behind.
    pub(super) async fn write_people(
        &self,
        doing: impl FnOnce(&crate::store::Writing<'_>, Timestamp) -> Result<(), PeopleDeclined> + Send + 'static,
    ) -> Result<(), PeopleDeclined> {
        let doing: PeopleWork = Box::new(doing);
        let outcome = self.inbox.send(|reply| Input::People(doing, reply)).await;
        outcome.unwrap_or_else(|| Err(PeopleDeclined::Unavailable(Unavailable("the desk has stopped".into()))))
    }

    /// Writes one line of the trail by itself: something that changed no record, or was tried and refused.
    async fn write_trail(&self, entry: TrailEntry) {
        let kept = self.write_people(move |writing, now| Ok(writing.keep_trail(&entry, now)?)).await;
        if kept.is_err() {
            tracing::error!("a line of the trail could not be kept");
        }
    }

    /// A drill began or ended: all that the record ever says of one.
    pub(crate) async fn note_drill(&self, by: &Account, what: &'static str) -> bool {
        let (author, counter) = (by.author.as_str().to_owned(), by.counter.clone());
        let line = TrailEntry { what, author, counter, ..TrailEntry::default() };
        self.write_people(move |writing, now| Ok(writing.keep_trail(&line, now)?)).await.is_ok()
    }

    /// A box or hub of the facility got another name.
    pub(crate) async fn note_rename(&self, by: &Account, member: &str) -> bool {
        let (author, counter) = (by.author.as_str().to_owned(), by.counter.clone());
        let line =
            TrailEntry { what: "box-renamed", author, counter, detail: member.to_owned(), ..TrailEntry::default() };
        self.write_people(move |writing, now| Ok(writing.keep_trail(&line, now)?)).await.is_ok()
    }

    /// Somebody decided about an update of the program.
    pub(crate) async fn note_update(&self, by: &Account, what: &'static str) -> bool {
        self.note_drill(by, what).await
    }

    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(crate::store::Reading<'_>) -> Stored<T> + Send + 'static,
    ) -> Result<T, SignInRefused> {
        let readers = self.readers.clone();
        let looked = tokio::task::spawn_blocking(move || readers.read(look)).await;
        looked.ok().and_then(Result::ok).ok_or_else(staff::not_now)
    }

    /// Reads again what is said on every page.
    pub(super) fn reload_notices(&self) {
        let read = self.readers.read(|reading| Ok((reading.envelope()?, reading.all_staff()?)));
        let Ok((envelope, staff)) = read else { return };
        let vendors = staff.into_iter().filter(|row| row.role == Role::Vendor && !row.is_locked);
        let open = vendors.filter_map(|row| row.window.map(|(from, until)| (row.name, from, until))).collect();
        let emergency = (envelope.is_some(), envelope.and_then(|envelope| envelope.used));
        match self.people.emergency.write() {
            Ok(mut kept) => *kept = emergency,
            Err(poisoned) => *poisoned.into_inner() = emergency,
        }
        match self.people.vendors.write() {
            Ok(mut kept) => *kept = open,
            Err(poisoned) => *poisoned.into_inner() = open,
        }
    }

    /// Signs in with name and password; the second factor may still be to come.
    pub(super) async fn sign_in_by_password(
        &self,
        name: String,
        password: String,
        client: Client,
    ) -> Result<Session, SignInRefused> {
        let place = place(&name, &client);
        self.may_try(&place)?;
        let known = self.look(move |reading| reading.staff_by_name(&name)).await?;
        let check = PasswordCheck { expected: known.as_ref().map(|staff| staff.password_hash.clone()), password };
        let (true, Some(staff)) = (check.holds().await, known.clone()) else {
            self.failed("sign-in-failed", &place, known.as_ref().map(|staff| staff.author.clone()), &client).await;
            return Err(staff::wrong());
        };
        self.people.tries.right(&place, self.clock.now());
        if !staff.may_be_used(self.clock.now()) {
            self.failed("sign-in-failed", &place, Some(staff.author.clone()), &client).await;
            return Err(staff::not_allowed_now());
        }
        let awaits_code = staff.has_second_factor();
        let author = staff.author.clone();
        let begin = Begin::new("sign-in", &staff, counter_of(&client));
        self.begin(Begin { awaits_code, ..begin }, move |writing, _| Ok(writing.forget_switch_failures(&author)?)).await
    }

    fn may_try(&self, place: &Place) -> Result<(), SignInRefused> {
        match self.people.tries.wait_ms(place, self.clock.now()) {
            0 => Ok(()),
            wait => Err(staff::wait(wait)),
        }
    }

    /// A try was wrong: counted, and said in the trail by the id of the account, never by what was typed.
    async fn failed(&self, what: &'static str, place: &Place, author: Option<String>, client: &Client) {
        self.people.tries.wrong(place, self.clock.now());
        let author = author.unwrap_or_else(|| "unknown".to_owned());
        self.write_trail(TrailEntry { what, author, counter: counter_of(client), ..TrailEntry::default() }).await;
    }

    /// Whether somebody at a counter proved who they are: by switch code or password.
    async fn proves(&self, staff: &StaffRow, secret: String) -> bool {
        if let Some(expected) = staff.switch_hash.clone() {
            let code = PasswordCheck { expected: Some(expected), password: secret.clone() };
            if code.holds().await {
                return true;
            }
        }
        let password = PasswordCheck { expected: Some(staff.password_hash.clone()), password: secret };
        if password.holds().await {
            return true;
        }
        let author = staff.author.clone();
        if self.write_people(move |writing, _| Ok(writing.note_switch_failure(&author)?)).await.is_err() {
            tracing::error!("a wrong switch code could not be counted");
        }
        false
    }

    async fn take_counter(
        &self,
        session: Session,
        to: Author,
        secret: String,
        client: Client,
        what: &'static str,
    ) -> Result<Session, SignInRefused> {
        let place = place(to.as_str(), &client);
        self.may_try(&place)?;
        let author = to.as_str().to_owned();
        let (known, policy) =
            self.look(move |reading| Ok((reading.staff_by_author(&author)?, reading.policy()?))).await?;
        // the list on the page names everybody, so there is nothing to hide about who exists
        let staff = known.filter(|staff| staff.author != EMERGENCY).ok_or_else(staff::not_allowed_now)?;
        if !self.proves(&staff, secret).await {
            self.failed("sign-in-failed", &place, Some(staff.author), &client).await;
            return Err(staff::wrong_secret());
        }
        self.people.tries.right(&place, self.clock.now());
        if !staff.may_be_used(self.clock.now()) {
            return Err(staff::not_allowed_now());
        }
        // whoever must have a second factor shows it when they come; for the same person at the same counter it was shown before
        let must = policy.second_factor.contains(&staff.role) && staff.has_second_factor();
        let awaits_code = must && what == "switched";
        let begin = Begin::new(what, &staff, counter_of(&client));
        let replaces = Some(staff::token_hash(&session.token.0));
        self.begin(Begin { awaits_code, replaces, ..begin }, |_, _| Ok(())).await
    }

    async fn second_factor(&self, session: Session, code: String, client: Client) -> Result<Session, SignInRefused> {
        let author = session.account.author.as_str().to_owned();
        let place = place(&format!("code of {author}"), &client);
        self.may_try(&place)?;
        let by = author.clone();
        let staff = self.look(move |reading| reading.staff_by_author(&by)).await?;
        let staff = staff.filter(|_| session.stage == Stage::Code).ok_or_else(staff::wrong_code)?;
        let hash = staff::token_hash(&staff::plain_code(&code));
        let begin = Begin::new("sign-in", &staff, session.account.counter.clone());
        let replaces = Some(staff::token_hash(&session.token.0));
        let by = author.clone();
        let entered = self.begin(Begin { replaces, ..begin }, move |writing, now| {
            let row = writing.reading().staff_by_author(&by)?;
            let secret = row.as_ref().and_then(|row| Some((row.totp_secret.as_deref()?, row.totp_step)));
            if let Some(step) = secret.and_then(|(secret, used)| totp::step_of(secret, &code, now, used)) {
                return Ok(writing.use_totp_step(&by, step)?);
            }
            if writing.use_recovery_code(&by, &hash)? {
                let used = TrailEntry { what: "recovery-code-used", author: by, ..TrailEntry::default() };
                return Ok(writing.keep_trail(&used, now)?);
            }
            Err(PeopleDeclined::Refused("code", Text::new("", "")))
        });
        match entered.await {
            Ok(session) => {
                self.people.tries.right(&place, self.clock.now());
                Ok(session)
            }
            Err(_) => {
                self.failed("code-failed", &place, Some(author), &client).await;
                Err(staff::wrong_code())
            }
        }
    }

    async fn open_envelope(
        &self,
        code: String,
        who: String,
        reason: String,
        client: Client,
    ) -> Result<Session, SignInRefused> {
        let place = place("the envelope", &client);
        self.may_try(&place)?;
        let hash = staff::token_hash(&staff::plain_code(&code));
        let counter = counter_of(&client);
        let begin = Begin {
            what: "emergency-used",
            author: EMERGENCY.to_owned(),
            counter: counter.clone(),
            awaits_code: false,
            replaces: None,
            detail: format!("{who}: {reason}"),
        };
        let opened = self.begin(begin, move |writing, now| {
            let envelope = writing.reading().envelope()?;
            let is_good = envelope.is_some_and(|envelope| envelope.used.is_none() && envelope.code_hash == hash);
            if !is_good {
                return Err(PeopleDeclined::Refused("code", Text::new("", "")));
            }
            Ok(writing.open_envelope(&who, &reason, &counter, now)?)
        });
        match opened.await {
            Ok(session) => {
                self.reload_notices();
                Ok(session)
            }
            Err(_) => {
                self.failed("emergency-failed", &place, None, &client).await;
                let why = Text::new(
                    "コードが違うか、もう使われています。封筒は1回だけ使えます。",
                    "The code is wrong or was used before. An envelope is good once.",
                );
                Err(SignInRefused { why })
            }
        }
    }
}

impl People for RunningDesk {
    fn staff(&self) -> Reading<Vec<StaffMember>> {
        self.read(|reading| {
            let policy = reading.policy()?;
            let member = |row: StaffRow| -> Stored<StaffMember> {
                let recovery_codes = reading.recovery_codes(&row.author)?;
                Ok(member(row, recovery_codes, &policy))
            };
            reading.all_staff()?.into_iter().map(member).collect()
        })
    }

    fn policy(&self) -> Reading<Policy> {
        self.read(|reading| reading.policy())
    }

    fn change(&self, by: &Session, change: StaffChange) -> Pending<'_, Result<StaffSaid, StaffRefused>> {
        let by = by.clone();
        Box::pin(async move {
            let said = self.change_staff(by, change).await;
            self.reload_notices();
            said
        })
    }

    fn enter_code(
        &self,
        session: &Session,
        code: String,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        let session = session.clone();
        Box::pin(self.second_factor(session, code, client))
    }

    fn passkeys(&self, of: &Author) -> Reading<Vec<PasskeyItem>> {
        let keys = self.read(|reading| reading.passkeys_of(of.as_str()))?;
        Ok(keys.into_iter().map(PasskeyRow::shown).collect())
    }

    fn ask_for_passkey(&self, by: &PasskeyBy, place: PasskeyPlace) -> Result<PasskeyQuestion, SignInRefused> {
        self.ask_to_show(by, place)
    }

    fn sign_in_by_passkey(
        &self,
        by: PasskeyBy,
        shown: PasskeyShown,
        place: PasskeyPlace,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        Box::pin(self.enter_passkey(by, shown, place, client))
    }

    fn unlock(&self, session: &Session, secret: String, client: Client) -> Pending<'_, Result<Session, SignInRefused>> {
        let (session, to) = (session.clone(), session.account.author.clone());
        Box::pin(self.take_counter(session, to, secret, client, "unlocked"))
    }

    fn switch(
        &self,
        session: &Session,
        to: Author,
        secret: String,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        let session = session.clone();
        Box::pin(self.take_counter(session, to, secret, client, "switched"))
    }

    fn lock(&self, session: &Session) -> Pending<'_, ()> {
        let session = session.clone();
        Box::pin(async move {
            let hash = staff::token_hash(&session.token.0);
            let locked = entry_of("locked", &session);
            let kept = self.write_people(move |writing, now| {
                writing.lock_session(&hash)?;
                Ok(writing.keep_trail(&locked, now)?)
            });
            if kept.await.is_err() {
                tracing::error!("a counter could not be locked");
            }
        })
    }

    fn use_emergency(
        &self,
        code: String,
        who: String,
        reason: String,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        Box::pin(self.open_envelope(code, who, reason, client))
    }

    fn notices(&self) -> Notices {
        let now = self.clock.now();
        let emergency = self.people.emergency.read().map_or_else(|e| e.into_inner().clone(), |kept| kept.clone());
        let vendors = self.people.vendors.read().map_or_else(|e| e.into_inner().clone(), |kept| kept.clone());
        let is_open = |(_, from, until): &(String, Timestamp, Timestamp)| *from <= now && now < *until;
        Notices {
            emergency_is_sealed: emergency.0 && emergency.1.is_none(),
            emergency: emergency.1,
            vendors: vendors.into_iter().filter(is_open).map(|(name, _, until)| (name, until)).collect(),
        }
    }

    fn viewed(&self, by: &Account, what: Viewed) {
        self.note_view(by, what);
    }

    fn trail(&self, question: &TrailQuestion) -> Reading<Vec<TrailLine>> {
        self.read(|reading| reading.trail(question))
    }
}

impl PeopleMemory {
    fn questions(&self) -> MutexGuard<'_, passkeys::Questions> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn views(&self) -> MutexGuard<'_, views::Views> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<[u8; 32], Timestamp>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When somebody last did something under a session, as far as this start of the box knows.
    pub(super) fn seen_at(&self, token_hash: &[u8; 32]) -> Option<Timestamp> {
        self.seen().get(token_hash).copied()
    }

    /// Somebody did something under a session.
    pub(super) fn note_seen(&self, token_hash: [u8; 32], now: Timestamp) {
        const MOST_SESSIONS: usize = 1_000;
        let mut seen = self.seen();
        if seen.len() > MOST_SESSIONS {
            let newest: HashSet<[u8; 32]> = seen
                .iter()
                .filter(|(_, at)| now.since_ms(**at) < super::account::IDLE_MS)
                .map(|(hash, _)| *hash)
                .collect();
            seen.retain(|hash, _| newest.contains(hash));
        }
        seen.insert(token_hash, now);
    }
}

/// The line about what somebody did to their session.
pub(super) fn entry_of(what: &'static str, session: &Session) -> TrailEntry {
    let (author, counter) = (session.account.author.as_str().to_owned(), session.account.counter.clone());
    TrailEntry { what, author, counter, ..TrailEntry::default() }
}

fn counter_of(client: &Client) -> String {
    client.counter.clone().unwrap_or_else(|| client.address.to_string())
}

fn place(account: &str, client: &Client) -> Place {
    Place { account: account.to_lowercase(), from: client.address.to_string() }
}

/// When the second factor is due, for whoever must have one and has none.
pub(super) fn second_factor_due(staff: &StaffRow, policy: &Policy) -> Option<Timestamp> {
    let must = policy.second_factor.contains(&staff.role) && !staff.has_second_factor();
    let grace = if staff.role == Role::Vendor { 0 } else { GRACE_MS };
    must.then(|| staff.created_at.plus_ms(grace))
}

fn member(row: StaffRow, recovery_codes: u32, policy: &Policy) -> StaffMember {
    StaffMember {
        second_factor_by: second_factor_due(&row, policy),
        author: Author::new(row.author),
        name: row.name,
        role: row.role,
        is_locked: row.is_locked,
        has_first_password: row.has_first_password,
        has_second_factor: row.totp_secret.is_some(),
        passkeys: row.passkeys,
        has_switch_code: row.switch_hash.is_some(),
        recovery_codes,
        window: row.window,
    }
}
