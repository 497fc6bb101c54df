//! The desk as pages and API see it.

use super::RunningDesk;
use super::apart_view;
use super::inbox::{AccountInput, Input};
use super::updating::AskedUpdates;
use crate::staff;
use crate::store::{
    ElsewhereRow, JobContent, JobRow, Reading as StoreReading, StaffRow, StoreError, Stored, TrailEntry,
};
use crate::vault::Vault;
use domain::case::SiteKind;
use domain::fact::{Author, PatientId, VisitId};
use domain::patient::{PatientFact, PatientState};
use domain::text::Text;
use domain::visit::{QuestionPurpose, VisitFact, VisitState};
use domain::written::Written;
use domain::{Date, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync::outbox::bundle::BundleStage;
use sync::outbox::{self, Stage};
use tokio::sync::watch;
use web::port::{
    Account, Activity, AnswerOnShelf, ApartReport, ApiToken, Backups, Board, BundleState, CardReadingId, ClaimFilePart,
    ClaimFileQuery, ClaimItem, ClaimLayout, ClaimMonth, ClaimQuery, Client, ConsentItem, CounterItem, CountersView,
    Desk, DeskCommand, DeviceChange, Devices, DisasterView, Drill, Facility, FollowUpItem, FollowUpList, FollowUpQuery,
    ForgetPreview, ForgettingView, FoundCardItem, IdempotencyKey, Inside, InsurerContact, JobItem, JobState,
    JournalEntry, LineItem, LinkReport, PatientHit, PatientView, Pending, People, Practice, Prints, QueueView, Reading,
    RecognitionView, Role, RoundFacility, Saved, Session, SessionToken, SignInRefused, Statistics, StatisticsQuery,
    SubmitError, Tablets, TroubleReport, Unavailable, Updates, VisitView,
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
        let revision = *self.revisions.borrow();
        let today = self.today();
        self.read(|reading| {
            let (due_follow_ups, on_shelf, stuck_jobs) = reading.counts(today)?;
            let (rows, to_look_at) = (reading.board(day)?, reading.look_counts()?);
            Ok(Board { day, revision, rows, on_shelf, due_follow_ups, stuck_jobs, to_look_at })
        })
    }

    fn visit(&self, visit: &VisitId) -> Reading<Option<VisitView>> {
        let (now, links) = (self.clock.now(), self.link_report().links);
        self.read(|reading| {
            let history = reading.facts::<VisitFact>(&crate::store::DocumentId::Visit(visit.clone()))?;
            let state = VisitState::fold(history.clone());
            let Some(decision) = state.decide(&self.settings.rules, now, &links) else { return Ok(None) };
            let patient = match &state.patient {
                Some(patient) => patient_view(&self.vault, reading, &going_on(reading, patient)?)?,
                None => None,
            };
            let jobs = reading.jobs_of_visit(visit)?;
            let blocked = outbox::blocked_by(&links);
            Ok(Some(VisitView {
                visit: visit.clone(),
                slip: crate::intake::slip::code_of(visit).map(|code| code.to_string()),
                status: state.status(),
                follow_ups: state.follow_ups(&decision),
                patient,
                decision,
                apart: apart_view::of_visit(&self.vault, reading, visit, &state)?,
                names: names_of(reading, &history)?,
                history: in_order(history),
                jobs: jobs.into_iter().map(|row| job_item(reading, row, None, blocked)).collect::<Stored<_>>()?,
                state,
            }))
        })
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
        let blocked = outbox::blocked_by(&self.link_report().links);
        let today = Timestamp::in_japan(self.today(), 0, 0, 0);
        self.read(|reading| {
            let named = |row: JobRow| -> Stored<JobItem> {
                let name = match &row.visit {
                    Some(visit) => reading.name_of_visit(visit)?,
                    None => None,
                };
                job_item(reading, row, name, blocked)
            };
            let mut open = reading.open_jobs()?;
            open.sort_by_key(|row| (row.job.purpose, row.job.created_at, row.job.question.clone()));
            let elsewhere = reading.jobs_elsewhere()?;
            let named_elsewhere =
                |row: ElsewhereRow| reading.name_of_visit(&row.visit).map(|name| asked_elsewhere(row, name));
            let here = open.into_iter().map(named);
            Ok(QueueView {
                open: here.chain(elsewhere.into_iter().map(named_elsewhere)).collect::<Stored<_>>()?,
                done: reading.ended_jobs(today)?.into_iter().map(named).collect::<Stored<_>>()?,
            })
        })
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
        let today = self.today();
        self.read(|reading| {
            let candidates = reading.open_visits(today)?;
            let shelf = reading.shelf()?;
            Ok(shelf.into_iter().map(|row| on_shelf(row, &candidates)).collect())
        })
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

/// What the authors of these facts are called.
fn names_of(
    reading: StoreReading<'_>,
    history: &[domain::fact::Recorded<VisitFact>],
) -> Stored<BTreeMap<String, String>> {
    let authors: BTreeSet<&Author> = history.iter().map(|recorded| &recorded.by).collect();
    let mut names = BTreeMap::new();
    for author in authors {
        names.extend(reading.name_of_author(author)?.map(|name| (author.to_string(), name)));
    }
    Ok(names)
}

fn in_order(mut history: Vec<domain::fact::Recorded<VisitFact>>) -> Vec<domain::fact::Recorded<VisitFact>> {
    domain::fact::in_order(&mut history);
    history
}

/// The record that goes on for a patient.
fn going_on(reading: StoreReading<'_>, patient: &PatientId) -> Stored<PatientId> {
    let document = crate::store::DocumentId::Patient(patient.clone());
    Ok(match reading.goes_on_in(&document)? {
        crate::store::DocumentId::Patient(remaining) => remaining,
        _ => patient.clone(),
    })
}

fn patient_view(vault: &Vault, reading: StoreReading<'_>, patient: &PatientId) -> Stored<Option<PatientView>> {
    let facts = reading.facts::<PatientFact>(&crate::store::DocumentId::Patient(patient.clone()))?;
    if facts.is_empty() {
        return Ok(None);
    }
    let state = PatientState::fold(facts);
    let apart = apart_view::of_patient(vault, reading, patient, &state)?;
    Ok(Some(PatientView { patient: patient.clone(), state, visits: reading.visits_of(patient)?, apart }))
}

fn on_shelf(row: crate::store::ShelfRow, open: &[web::port::BoardRow]) -> AnswerOnShelf {
    let result = row.content.as_ref().and_then(|answer| answer.main_result());
    let person = result.map_or(domain::eligibility::PersonFace::EMPTY, |result| result.person.clone());
    let fits = |visit: &&web::port::BoardRow| person.birth_date.is_some() && visit.birth_date == person.birth_date;
    AnswerOnShelf {
        candidates: open.iter().filter(fits).map(|visit| visit.visit.clone()).collect(),
        coverage: result.map(|result| result.coverage.clone()),
        person,
        answer: row.answer,
        at: row.at,
        reason: row.reason,
        file_name: row.file_name,
        message: row.message,
    }
}

fn job_item(
    reading: StoreReading<'_>,
    row: JobRow,
    name: Option<String>,
    blocked: Option<domain::link::Link>,
) -> Stored<JobItem> {
    let title = title(&row);
    let problem = row.problem.clone();
    let state = match row.job.stage {
        Stage::Ready => match blocked {
            Some(link) => JobState::WaitingForLink(link),
            None => JobState::WaitingUntil(row.job.due_at),
        },
        Stage::Asked => JobState::Asked {
            since: row.job.asked_at.unwrap_or(row.job.created_at),
            bundle: row.job.bundle.as_deref().map(|bundle| bundle_state(reading, bundle)).transpose()?.flatten(),
        },
        Stage::Wedged => JobState::NeedsPerson(problem.clone().unwrap_or_else(outbox::silence)),
        Stage::Elsewhere => JobState::WaitingForOthers(problem.clone().unwrap_or_else(outbox::silence)),
        Stage::Done => JobState::Done {
            at: row.ended_at.unwrap_or(row.job.created_at),
            how: problem.clone().unwrap_or_else(|| Text::new("終了", "ended")),
        },
    };
    Ok(JobItem {
        job: row.job.question,
        purpose: row.job.purpose,
        visit: row.visit,
        name,
        title,
        created_at: row.job.created_at,
        attempts: row.job.attempts,
        state,
        last_problem: problem,
    })
}

/// A question that another box asks, as this one shows it.
fn asked_elsewhere(row: ElsewhereRow, name: Option<String>) -> JobItem {
    let asking = Text::new(
        "別の受付機が照会しています。この受付機からは送りません。",
        "Another box asks this question. It is not sent from here.",
    );
    let shown = JobRow::new(row.question, row.purpose, row.content, row.asked_at);
    JobItem {
        title: title(&shown),
        job: shown.job.question,
        purpose: row.purpose,
        visit: Some(row.visit),
        name,
        created_at: row.asked_at,
        attempts: 0,
        state: JobState::WaitingForOthers(asking.clone()),
        last_problem: Some(asking),
    }
}

fn bundle_state(reading: StoreReading<'_>, bundle: &str) -> Stored<Option<BundleState>> {
    let Some(known) = reading.bundle(bundle)? else { return Ok(None) };
    Ok(Some(BundleState {
        questions: reading.questions_in_bundle(bundle)?,
        received: known.reception_number.is_some(),
        fetch_at: (known.stage == BundleStage::Received).then_some(known.at),
    }))
}

fn title(row: &JobRow) -> Text {
    match (&row.content, row.job.purpose) {
        (JobContent::Declaration(declaration), _) => Text::new(
            format!("申立書 {} の資格確認", declaration.form_no),
            format!("Settle declaration {}", declaration.form_no),
        ),
        (JobContent::Lookup(_), _) => Text::new("受診歴の照会（他の受付機）", "Visit-history lookup (other boxes)"),
        (_, QuestionPurpose::Desk) => Text::new("窓口の資格照会", "Eligibility query at the desk"),
        (_, QuestionPurpose::Recheck) => Text::new("受付後の再照会", "Re-check after check-in"),
        (_, QuestionPurpose::History) => Text::new("受診歴の照会（端末）", "Visit-history lookup (terminal)"),
    }
}
