//! The desk as pages and API see it.

use super::RunningDesk;
use super::apart_view;
use super::board_shown;
use super::inbox::{AccountInput, Input};
use super::record_shown::patient_view;
use super::updating::AskedUpdates;
use crate::staff;
use crate::store::{Reading as StoreReading, StaffRow, StoreError, Stored, TrailEntry};
use domain::case::SiteKind;
use domain::fact::{Author, PatientId, VisitId};
use domain::text::Text;
use domain::written::Written;
use domain::{Date, Timestamp};
use std::sync::Arc;
use tokio::sync::watch;
use web::port::{
    Account, Activity, AnswerOnShelf, ApartReport, ApiToken, Backups, Board, CardReadingId, ClaimFilePart,
    ClaimFileQuery, ClaimItem, ClaimLayout, ClaimMonth, ClaimQuery, Client, ConsentItem, CounterItem, CountersView,
    Desk, DeskCommand, DeviceChange, Devices, DisasterView, Drill, Facility, FollowUpItem, FollowUpList, FollowUpQuery,
    ForgetPreview, ForgettingView, FoundCardItem, IdempotencyKey, Inside, InsurerContact, JournalEntry, LineItem,
    LinkReport, PatientHit, PatientView, Pending, People, Practice, Prints, QueueView, Reading, RecognitionView, Role,
    RoundFacility, Saved, Session, SessionToken, SignInRefused, Statistics, StatisticsQuery, SubmitError, Tablets,
    TroubleReport, Unavailable, Updates, VisitView,
};

fn unavailable(error: StoreError) -> Unavailable {
    Unavailable(Box::new(error))
}

fn gone() -> Unavailable {
    Unavailable("the desk has stopped".into())
}

impl RunningDesk {
    pub(super) fn read<T>(&self, reading: impl FnOnce(StoreReading<'_>) -> Stored<T>) -> Reading<T> {
        self.readers.read(reading).map_err(unavailable)
    }

    async fn keep(&self, input: AccountInput) -> Result<(), Unavailable> {
        self.inbox.send(|reply| Input::Account(input, reply)).await.unwrap_or_else(|| Err(gone()))
    }
}

impl Desk for RunningDesk {
    fn submit(
        &self,
        by: &Account,
        key: Option<IdempotencyKey>,
        command: DeskCommand,
    ) -> Pending<'_, Result<Saved, SubmitError>> {
        let (by, counter) = (by.author.clone(), by.counter.clone());
        Box::pin(async move {
            let command = Box::new(command);
            let outcome = self.inbox.send(|reply| Input::Command { by, counter, key, command, reply }).await;
            outcome.unwrap_or_else(|| Err(SubmitError::Unavailable(gone())))
        })
    }

    fn was_kept(&self, by: &Account, key: &IdempotencyKey) -> Reading<bool> {
        let key = super::check_in::key_of(&by.author, key);
        self.read(|reading| Ok(reading.earlier_reply(&key)?.is_some()))
    }

    fn revisions(&self) -> watch::Receiver<u64> {
        self.watch()
    }

    fn today(&self) -> Date {
        self.clock.now().date_in_japan()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn board(&self, day: Date) -> Reading<Board> {
        let (revision, today) = (*self.revisions.borrow(), self.today());
        self.read(|reading| board_shown::board(reading, day, today, revision))
    }

    fn shared_board(&self, day: Date) -> Reading<Arc<Board>> {
        self.board_for_all(day)
    }

    fn visit(&self, visit: &VisitId) -> Reading<Option<VisitView>> {
        self.visit_shown(visit)
    }

    fn search_patients(&self, text: &str) -> Reading<Vec<PatientHit>> {
        self.read(|reading| reading.search_patients(text))
    }

    fn patient(&self, patient: &PatientId) -> Reading<Option<PatientView>> {
        self.read(|reading| patient_view(&self.vault, reading, patient))
    }

    fn follow_ups(&self) -> Reading<Vec<FollowUpItem>> {
        let today = self.today();
        self.read(|reading| reading.follow_ups(today))
    }

    fn follow_up_list(&self, query: &FollowUpQuery) -> Reading<FollowUpList> {
        let today = self.today();
        self.read(|reading| reading.follow_up_list(query, today))
    }

    fn insurers(&self) -> Reading<Vec<InsurerContact>> {
        self.read(|reading| reading.insurers())
    }

    fn claims(&self, query: &ClaimQuery) -> Reading<ClaimMonth> {
        self.read(|reading| super::claims::month(&reading, query))
    }

    fn claim(&self, visit: &VisitId) -> Reading<Option<ClaimItem>> {
        self.read(|reading| reading.claim(visit))
    }

    fn claim_layouts(&self) -> Vec<ClaimLayout> {
        self.layouts.all().into_iter().map(|layout| layout.shown()).collect()
    }

    fn claim_file(&self, query: &ClaimFileQuery) -> Reading<Option<ClaimFilePart>> {
        let Some(layout) = self.layouts.named(&query.layout) else { return Ok(None) };
        self.read(|reading| crate::claim_file::part(&reading, &layout, query).map(Some))
    }

    fn queue(&self) -> Reading<QueueView> {
        self.queue_shown()
    }

    fn counters(&self) -> Reading<CountersView> {
        let (of_box, today, site) = (self.vault.id().to_string(), self.today(), &self.settings.site);
        let counters = self.read(|reading| reading.counters())?;
        let letter = counters.letter(&of_box).map(str::to_owned);
        let item = |counter| CounterItem::at(counter, site, today, &self.settings.rules);
        let is_pharmacy = site.kind == SiteKind::Pharmacy;
        Ok(CountersView { letter, is_pharmacy, all: counters.all.into_iter().map(item).collect() })
    }

    fn line(&self) -> Reading<Vec<LineItem>> {
        let today = self.today();
        self.read(|reading| reading.line(today))
    }

    fn consents(&self) -> Reading<Vec<ConsentItem>> {
        let now = self.clock.now();
        self.read(|reading| reading.consents(now))
    }

    fn facility_rounds(&self) -> Reading<Vec<RoundFacility>> {
        let today = self.today();
        self.read(|reading| super::round::facilities(reading, today))
    }

    fn found_cards(&self) -> Reading<Vec<FoundCardItem>> {
        let today = self.today();
        self.read(|reading| reading.found_cards(today))
    }

    fn cards_held(&self) -> Reading<u32> {
        self.read(|reading| reading.cards_held())
    }

    fn links(&self) -> LinkReport {
        self.link_report()
    }

    fn journal(&self, limit: u32) -> Reading<Vec<JournalEntry>> {
        self.read(|reading| reading.journal(limit))
    }

    fn clock_history(&self) -> Reading<Vec<DeviceChange>> {
        self.read(|reading| reading.clock_history())
    }

    fn troubles(&self) -> Reading<TroubleReport> {
        let today = self.today();
        self.read(|reading| reading.troubles(today))
    }

    fn statistics(&self, query: &StatisticsQuery) -> Reading<Statistics> {
        self.read(|reading| reading.statistics(query))
    }

    fn shelf(&self) -> Reading<Vec<AnswerOnShelf>> {
        self.shelf_shown()
    }

    fn apart(&self) -> Reading<ApartReport> {
        let today = self.today();
        self.read(|reading| apart_view::report(&self.vault, reading, today))
    }

    fn decide_case(&self, case: &serde_json::Value) -> Result<serde_json::Value, String> {
        crate::rules::decide_json(case, &self.settings.rules).map_err(|unreadable| unreadable.to_string())
    }

    fn write_decision(&self, decision: &domain::decision::Decision) -> serde_json::Value {
        sync::json::to_json(&decision.write())
    }

    fn recognised(&self, reading: &CardReadingId) -> Reading<Vec<PatientHit>> {
        let card = self.card_recognition().shown(reading, self.clock.now());
        card.map_or_else(|| Ok(Vec::new()), |card| self.read(|reading| reading.patients_by_card(&card.token)))
    }

    fn recognition(&self) -> Reading<RecognitionView> {
        let is_on = self.card_recognition().is_on();
        self.read(|reading| {
            let ((cards, patients), erasures) = (reading.cards_kept()?, reading.erasures()?);
            Ok(RecognitionView { is_on, cards, patients, erasures })
        })
    }

    fn disaster_mode(&self) -> Reading<DisasterView> {
        let by_settings = self.settings.site.disaster_mode_open;
        self.read(|reading| Ok(DisasterView { by_settings, periods: reading.disaster_periods()? }))
    }

    fn has_accounts(&self) -> Reading<bool> {
        self.read(|reading| reading.has_accounts())
    }

    fn create_first_account(&self, name: String, password: String) -> Pending<'_, Result<(), SignInRefused>> {
        Box::pin(async move {
            let password_hash = staff::hash(password).await?;
            let author = format!("staff-{}", uuid::Uuid::new_v4().simple());
            let row = StaffRow::new(author, name, password_hash, Role::Manager, self.clock.now());
            let kept = self.keep(AccountInput::FirstAccount(row)).await;
            kept.map_err(|_| SignInRefused {
                why: Text::new(
                    "アカウントは既にあります。サインインしてください。",
                    "There is an account already. Please sign in.",
                ),
            })
        })
    }

    fn sign_in(&self, name: String, password: String, client: Client) -> Pending<'_, Result<Session, SignInRefused>> {
        Box::pin(self.sign_in_by_password(name, password, client))
    }

    fn session(&self, token: &SessionToken, by: Activity) -> Reading<Option<Session>> {
        self.session_of(token, by)
    }

    fn sign_out(&self, token: &SessionToken) -> Pending<'_, ()> {
        let token_hash = staff::token_hash(&token.0);
        Box::pin(async move {
            let closed = self.write_people(move |writing, now| {
                if let Some(row) = writing.reading().session(&token_hash)? {
                    let (author, counter) = (row.staff.author, row.counter);
                    let line = TrailEntry { what: "signed-out", author, counter, ..TrailEntry::default() };
                    writing.keep_trail(&line, now)?;
                }
                Ok(writing.close_session(&token_hash)?)
            });
            if closed.await.is_err() {
                tracing::warn!("a session could not be closed; it ends by itself");
            }
        })
    }

    fn api_account(&self, token: &ApiToken) -> Reading<Option<Account>> {
        let known = self.read(|reading| reading.api_account(&staff::token_hash(&token.0)))?;
        let account = |(author, name): (String, String)| {
            let counter = name.clone();
            Account { counter, ..Account::new(Author::new(author), name) }
        };
        Ok(known.map(account))
    }

    fn people(&self) -> &dyn People {
        self
    }

    fn forgetting(&self) -> Reading<ForgettingView> {
        self.forgetting_view()
    }

    fn forget_preview(&self, patient: &PatientId) -> Reading<Option<ForgetPreview>> {
        self.preview_forgetting(patient)
    }

    fn copy_noticed(&self) -> Reading<Option<Timestamp>> {
        self.read(|reading| Ok(reading.run_of_box()?.and_then(|(_, copy)| copy)))
    }

    fn copy_was_dealt_with(&self) -> Pending<'_, Result<(), Unavailable>> {
        Box::pin(async move { self.inbox.send(Input::CopyDealtWith).await.unwrap_or_else(|| Err(gone())) })
    }

    fn backups(&self) -> Option<Arc<dyn Backups>> {
        self.backups.clone()
    }

    fn devices(&self) -> Option<Arc<dyn Devices>> {
        self.devices.clone()
    }

    fn facility(&self) -> Option<Arc<dyn Facility>> {
        self.facility.clone()
    }

    fn prints(&self) -> Option<Arc<dyn Prints>> {
        self.prints.clone()
    }

    fn tablets(&self) -> Option<Arc<dyn Tablets>> {
        Some(Arc::new(self.clone()))
    }

    fn drill(&self) -> Option<Arc<dyn Drill>> {
        self.drill.clone()
    }

    fn inside(&self) -> Option<Arc<dyn Inside>> {
        self.inside.clone()
    }

    fn updates(&self) -> Option<Arc<dyn Updates>> {
        let agent = self.updates.clone()?;
        Some(Arc::new(AskedUpdates { desk: self.clone(), agent }))
    }

    fn practice(&self) -> Option<Arc<dyn Practice>> {
        self.practice.clone()
    }
}

impl RunningDesk {
    /// Notes the use of a session without making the reader wait.
    pub(super) fn touch(&self, token_hash: [u8; 32]) {
        let desk = self.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { desk.keep(AccountInput::Touch(token_hash)).await });
        }
    }
}
