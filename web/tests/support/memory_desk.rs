//! The Desk port over plain collections: facts in vectors, folded and decided by the real rules.

mod apart;
pub mod cards;
mod claims;
mod counters;
pub mod devices;
mod disaster;
pub mod drill;
pub mod facility;
pub mod forgetting;
mod found_cards;
pub mod inside;
pub mod people;
mod practice;
pub mod prints;
mod record;
mod round;
pub mod shared;
mod statistics;
pub mod tablets;
pub mod updates;
mod views;

pub use practice::MemoryPractice;
pub use record::Record;

use devices::MemoryDevices;
use domain::fact::{Author, PatientId, VisitId};
use domain::link::{Link, LinkState, LinkStatus};
use domain::rule::RulePack;
use domain::text::Text;
use domain::{Date, Timestamp, decide};
use facility::MemoryFacility;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;
use web::port::*;

/// Monday morning, five to nine.
pub const MONDAY: Date = Date::literal(2026, 3, 2);

/// A desk that forgets everything when it is dropped.
pub struct MemoryDesk {
    record: Arc<Mutex<Record>>,
    revision: watch::Sender<u64>,
    practice: Option<Arc<MemoryPractice>>,
    devices: Mutex<Option<Arc<MemoryDevices>>>,
    facility: Mutex<Option<Arc<MemoryFacility>>>,
    backups: Mutex<Option<Arc<forgetting::MemoryBackups>>>,
    prints: Mutex<Option<Arc<prints::MemoryPrints>>>,
    tablets: Arc<tablets::MemoryTablets>,
    drill: Mutex<Option<Arc<drill::MemoryDrill>>>,
    inside: Mutex<Option<Arc<inside::MemoryInside>>>,
    updates: Mutex<Option<Arc<updates::MemoryUpdates>>>,
    rules: RulePack,
    shared: shared::SharedBoard,
}

impl MemoryDesk {
    /// An empty desk at 8:55 on [`MONDAY`], all links up, no account.
    pub fn new() -> Arc<MemoryDesk> {
        MemoryDesk::build(false)
    }

    /// The same with practice controls.
    pub fn with_practice() -> Arc<MemoryDesk> {
        MemoryDesk::build(true)
    }

    fn build(practice: bool) -> Arc<MemoryDesk> {
        let record = Arc::new(Mutex::new(Record::new(Timestamp::in_japan(MONDAY, 8, 55, 0))));
        let practice = practice.then(|| Arc::new(MemoryPractice::new(record.clone())));
        Arc::new(MemoryDesk {
            record,
            revision: watch::channel(1).0,
            practice,
            devices: Mutex::default(),
            facility: Mutex::default(),
            backups: Mutex::default(),
            prints: Mutex::default(),
            tablets: Arc::default(),
            drill: Mutex::default(),
            inside: Mutex::default(),
            updates: Mutex::default(),
            rules: RulePack::built_in(),
            shared: shared::SharedBoard::default(),
        })
    }

    /// Gives the box devices to watch.
    pub fn watch(&self, devices: &Arc<MemoryDevices>) {
        *self.devices.lock().expect("unpoisoned") = Some(devices.clone());
    }

    /// Gives the box others beside it.
    pub fn join(&self, facility: &Arc<MemoryFacility>) {
        *self.facility.lock().expect("unpoisoned") = Some(facility.clone());
    }

    /// Gives the box a place for backups.
    pub fn keep_backups(&self) {
        *self.backups.lock().expect("unpoisoned") = Some(Arc::default());
    }

    /// Gives the box a program for papers.
    pub fn print_with(&self, prints: &Arc<prints::MemoryPrints>) {
        *self.prints.lock().expect("unpoisoned") = Some(prints.clone());
    }

    /// Tablets for patients.
    pub fn tablets(&self) -> &tablets::MemoryTablets {
        &self.tablets
    }

    /// Takes them away again.
    pub fn watch_nothing(&self) {
        *self.devices.lock().expect("unpoisoned") = None;
    }

    /// The account `uketsuke` with the password `practice-password`.
    pub fn add_account(&self) -> Account {
        let account = Account::new(Author::new("staff-1"), "受付 一子");
        self.record().accounts.push(("uketsuke".to_owned(), "practice-password".to_owned(), account.clone()));
        account
    }

    /// An open session of that account, without signing in.
    pub fn add_session(&self) -> Session {
        let account = self.add_account();
        self.record().open_session(account)
    }

    /// A token of the API.
    pub fn add_api_token(&self) -> ApiToken {
        let account = Account::new(Author::new("api-1"), "レセコン");
        let token = ApiToken("api-token-of-the-memory-desk".to_owned());
        self.record().api_tokens.push((token.0.clone(), account));
        token
    }

    /// Cuts or restores a link.
    pub fn set_link(&self, link: Link, up: bool) {
        let mut record = self.record();
        let now = record.now;
        let status = if up { LinkStatus::Up } else { LinkStatus::Down };
        *record.links.get_mut(link) = LinkState { status, since: Some(now), cause: None };
        record.journal.insert(0, JournalEntry { link, status, cause: None, from: now, until: None, detail: None });
        drop(record);
        self.next_revision();
    }

    /// Moves the clock.
    pub fn set_now(&self, now: Timestamp) {
        self.record().now = now;
    }

    /// Hands in as the box itself and expects success.
    pub fn keep(&self, command: DeskCommand) -> Saved {
        let kept = self.record().submit(&Author::the_box(), command, &self.rules);
        self.next_revision();
        kept.expect("kept")
    }

    /// Lets an answer arrive for a visit.
    pub fn answer(&self, visit: &VisitId, received: domain::visit::AnswerReceived) {
        let taken = self.record().take_answer(visit, received, &self.rules);
        self.next_revision();
        taken.expect("the answer is taken");
    }

    /// Today's board, as everybody has it.
    pub fn shared(&self) -> &shared::SharedBoard {
        &self.shared
    }

    /// Lets somebody look into everything that is kept.
    pub fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("no test panicked while holding the record")
    }

    fn next_revision(&self) {
        let mut record = self.record();
        record.revision += 1;
        self.revision.send_replace(record.revision);
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> Pending<'a, T> {
    Box::pin(std::future::ready(value))
}

impl Desk for MemoryDesk {
    fn submit(
        &self,
        by: &Account,
        key: Option<IdempotencyKey>,
        command: DeskCommand,
    ) -> Pending<'_, Result<Saved, SubmitError>> {
        let mut record = self.record();
        let known = key.as_ref().and_then(|key| record.keys.get(&key.0).cloned());
        let outcome = match known {
            Some((before, saved)) if before == command => Ok(saved),
            Some(_) => Err(SubmitError::KeyReused),
            None => record.submit(&by.author, command.clone(), &self.rules),
        };
        if let (Ok(saved), Some(key)) = (&outcome, key) {
            record.keys.insert(key.0, (command, saved.clone()));
        }
        drop(record);
        if outcome.is_ok() {
            self.next_revision();
        }
        ready(outcome)
    }

    fn was_kept(&self, _: &Account, key: &IdempotencyKey) -> Reading<bool> {
        Ok(self.record().keys.contains_key(&key.0))
    }

    fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    fn today(&self) -> Date {
        self.record().now.date_in_japan()
    }

    fn now(&self) -> Timestamp {
        self.record().now
    }

    fn board(&self, day: Date) -> Reading<Board> {
        Ok(self.record().board(day, &self.rules))
    }

    fn shared_board(&self, day: Date) -> Reading<Arc<Board>> {
        let (today, revision) = (self.today(), *self.revision.borrow());
        self.shared.of(day, today, revision, || self.board(day))
    }

    fn visit(&self, visit: &VisitId) -> Reading<Option<VisitView>> {
        Ok(self.record().visit_page(visit, &self.rules))
    }

    fn search_patients(&self, text: &str) -> Reading<Vec<PatientHit>> {
        Ok(self.record().search(text))
    }

    fn patient(&self, patient: &PatientId) -> Reading<Option<PatientView>> {
        Ok(self.record().patient_view(patient))
    }

    fn follow_ups(&self) -> Reading<Vec<FollowUpItem>> {
        Ok(self.record().follow_up_items(&self.rules))
    }

    fn follow_up_list(&self, query: &FollowUpQuery) -> Reading<FollowUpList> {
        Ok(self.record().follow_up_list(query, &self.rules))
    }

    fn insurers(&self) -> Reading<Vec<InsurerContact>> {
        Ok(self.record().insurers.clone())
    }

    fn claims(&self, query: &ClaimQuery) -> Reading<ClaimMonth> {
        Ok(self.record().claim_month(query, &self.rules))
    }

    fn claim(&self, visit: &VisitId) -> Reading<Option<ClaimItem>> {
        Ok(self.record().claim_item(visit, &self.rules))
    }

    fn claim_layouts(&self) -> Vec<ClaimLayout> {
        claims::layouts()
    }

    fn claim_file(&self, query: &ClaimFileQuery) -> Reading<Option<ClaimFilePart>> {
        Ok(claims::file(&self.record(), query, &self.rules))
    }

    fn queue(&self) -> Reading<QueueView> {
        Ok(self.record().queue_view())
    }

    fn links(&self) -> LinkReport {
        let record = self.record();
        LinkReport {
            links: record.links.clone(),
            probed_at: Some(record.now),
            unpicked: (0, 0),
            clock_impossible: record.now < Timestamp::in_japan(Date::literal(2026, 1, 1), 0, 0, 0),
        }
    }

    fn journal(&self, limit: u32) -> Reading<Vec<JournalEntry>> {
        Ok(self.record().journal.iter().take(limit as usize).cloned().collect())
    }

    fn clock_history(&self) -> Reading<Vec<DeviceChange>> {
        Ok(self.record().clock_history.clone())
    }

    fn troubles(&self) -> Reading<TroubleReport> {
        Ok(self.record().troubles())
    }

    fn statistics(&self, query: &StatisticsQuery) -> Reading<Statistics> {
        Ok(self.record().statistics(query))
    }

    fn shelf(&self) -> Reading<Vec<AnswerOnShelf>> {
        Ok(self.record().shelf.clone())
    }

    fn apart(&self) -> Reading<ApartReport> {
        Ok(self.record().apart_report(&self.rules))
    }

    fn decide_case(&self, case: &serde_json::Value) -> Result<serde_json::Value, String> {
        use domain::written::Written;
        let case = domain::case::Case::read(&super::json::from_json(case)).map_err(|e| e.to_string())?;
        Ok(super::json::to_json(&decide(&case, &self.rules).write()))
    }

    fn write_decision(&self, decision: &domain::decision::Decision) -> serde_json::Value {
        use domain::written::Written;
        super::json::to_json(&decision.write())
    }

    fn recognised(&self, reading: &CardReadingId) -> Reading<Vec<PatientHit>> {
        Ok(self.record().recognised(reading))
    }

    fn recognition(&self) -> Reading<RecognitionView> {
        Ok(self.record().recognition())
    }

    fn counters(&self) -> Reading<CountersView> {
        Ok(self.record().counters_view(&domain::case::Site::of(domain::case::SiteKind::Clinic), &self.rules))
    }

    fn line(&self) -> Reading<Vec<LineItem>> {
        Ok(self.record().line_items())
    }

    fn consents(&self) -> Reading<Vec<ConsentItem>> {
        Ok(self.record().consent_items())
    }

    fn found_cards(&self) -> Reading<Vec<FoundCardItem>> {
        Ok(self.record().found_card_items())
    }

    fn facility_rounds(&self) -> Reading<Vec<RoundFacility>> {
        Ok(self.record().facility_rounds())
    }

    fn cards_held(&self) -> Reading<u32> {
        Ok(self.record().cards_held())
    }

    fn disaster_mode(&self) -> Reading<DisasterView> {
        Ok(self.record().disaster_view())
    }

    fn has_accounts(&self) -> Reading<bool> {
        Ok(!self.record().accounts.is_empty())
    }

    fn create_first_account(&self, name: String, password: String) -> Pending<'_, Result<(), SignInRefused>> {
        let mut record = self.record();
        if !record.accounts.is_empty() {
            return ready(Err(SignInRefused {
                why: Text::new("登録済みです。", "There is an account already.")
            }));
        }
        let account = Account::new(Author::new("staff-1"), name.clone());
        record.accounts.push((name, password, account));
        ready(Ok(()))
    }

    fn sign_in(&self, name: String, password: String, _client: Client) -> Pending<'_, Result<Session, SignInRefused>> {
        let mut record = self.record();
        let found = record.accounts.iter().find(|(n, p, _)| *n == name && *p == password).map(|(.., a)| a.clone());
        ready(found.map(|account| record.open_session(account)).ok_or_else(|| SignInRefused {
            why: Text::new("名前かパスワードが違います。", "The name or the password is wrong."),
        }))
    }

    fn session(&self, token: &SessionToken, by: Activity) -> Reading<Option<Session>> {
        self.record().activities.push(by);
        Ok(self.record().sessions.iter().find(|session| session.token == *token).cloned())
    }

    fn sign_out(&self, token: &SessionToken) -> Pending<'_, ()> {
        self.record().sessions.retain(|session| session.token != *token);
        ready(())
    }

    fn api_account(&self, token: &ApiToken) -> Reading<Option<Account>> {
        Ok(self.record().api_tokens.iter().find(|(known, _)| *known == token.0).map(|(_, account)| account.clone()))
    }

    fn forgetting(&self) -> Reading<ForgettingView> {
        Ok(self.record().forgetting())
    }

    fn forget_preview(&self, patient: &PatientId) -> Reading<Option<ForgetPreview>> {
        Ok(self.record().forget_preview(patient))
    }

    fn copy_noticed(&self) -> Reading<Option<Timestamp>> {
        Ok(self.record().copy_noticed)
    }

    fn copy_was_dealt_with(&self) -> Pending<'_, Result<(), Unavailable>> {
        self.record().copy_noticed = None;
        ready(Ok(()))
    }

    fn backups(&self) -> Option<Arc<dyn Backups>> {
        self.backups.lock().expect("unpoisoned").clone().map(|backups| backups as Arc<dyn Backups>)
    }

    fn people(&self) -> &dyn People {
        self
    }

    fn devices(&self) -> Option<Arc<dyn Devices>> {
        self.devices.lock().expect("unpoisoned").clone().map(|devices| devices as Arc<dyn Devices>)
    }

    fn facility(&self) -> Option<Arc<dyn Facility>> {
        self.facility.lock().expect("unpoisoned").clone().map(|facility| facility as Arc<dyn Facility>)
    }

    fn prints(&self) -> Option<Arc<dyn Prints>> {
        self.prints.lock().expect("unpoisoned").clone().map(|prints| prints as Arc<dyn Prints>)
    }

    fn tablets(&self) -> Option<Arc<dyn Tablets>> {
        Some(self.tablets.clone())
    }

    fn updates(&self) -> Option<Arc<dyn Updates>> {
        self.updates.lock().expect("unpoisoned").clone().map(|updates| updates as Arc<dyn Updates>)
    }

    fn drill(&self) -> Option<Arc<dyn Drill>> {
        self.drill.lock().expect("unpoisoned").clone().map(|drill| drill as Arc<dyn Drill>)
    }

    fn inside(&self) -> Option<Arc<dyn Inside>> {
        self.inside.lock().expect("unpoisoned").clone().map(|inside| inside as Arc<dyn Inside>)
    }

    fn practice(&self) -> Option<Arc<dyn Practice>> {
        self.practice.clone().map(|practice| practice as Arc<dyn Practice>)
    }
}
