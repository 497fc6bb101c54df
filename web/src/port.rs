//! The Desk port: everything pages and API may ask of, or hand to, the desk.
//!
//! Reads answer at once from a consistent view and are plain functions (call them off the asynchronous threads);
//! [`Desk::submit`] is the one way in and returns only after the commit, so that "保存済み" is true when it is said.

mod account;
mod apart;
mod backups;
mod claims;
mod command;
mod counters;
mod devices;
mod disaster;
mod drill;
mod facility;
mod first_start;
mod follow_up;
mod forgetting;
mod found_cards;
mod inside;
mod passkeys;
mod people;
mod practice;
mod prints;
mod recognition;
mod round;
mod statistics;
mod tablets;
mod trouble;
mod updates;
mod view;

pub use account::{Account, Activity, ApiToken, Client, Look, Session, SessionToken, SignInRefused};
pub use apart::{
    ApartCommand, ApartMatter, ApartReport, ApartSide, DAYS_LOOKED_BACK, Disputed, MergedWith, PatientApart, Thing,
    VisitApart, possible_doubles,
};
pub use backups::{BackupKept, Backups, BackupsView, KeyOnPaper};
pub use claims::{
    ClaimCommand, ClaimFilePart, ClaimFileQuery, ClaimFilter, ClaimItem, ClaimLayout, ClaimMonth, ClaimQuery,
    ClaimTotals, FileEncoding, InsurerContact, SinceFreeze,
};
pub use command::{
    CheckIn, DeskCommand, HistoryQuery, IdempotencyKey, JobCommand, NumberQuery, PatientCommand, Saved, SubmitError,
};
pub use counters::{
    ConsentCommand, ConsentItem, CounterCommand, CounterItem, CountersView, LineCommand, LineItem, counter_of_nobody,
};
pub use devices::{
    CardQuestion, CardSaid, DeviceChange, DeviceItem, DeviceLamp, Devices, DevicesView, FaultWords, HealingChoice,
    PlannedRestart, ScannedItem,
};
pub use disaster::{DisasterPeriod, DisasterTurn, DisasterView};
pub use drill::{Drill, DrillView};
pub use facility::{
    DigitsOf, DigitsQuestion, Facility, FacilityView, FormerItem, MemberItem, NotDone, OpenCode, PeerItem,
    PutOutReason, PutOutWords,
};
pub use first_start::{
    BackupSeen, FirstChecked, FirstChoice, FirstPerson, FirstStart, FirstStartView, FirstStep, FoundBackup,
    JoinFacility, NewFacility, RestoreBackup, SiteSettings, SpareBox, TerminalFolders,
};
pub use follow_up::{DueFilter, FollowUpCount, FollowUpItem, FollowUpList, FollowUpQuery};
pub use forgetting::{ForgetPatient, ForgetPreview, ForgetReason, ForgettingView, Forgotten, ForgottenWhy, KeptMonth};
pub use found_cards::{FoundCardCommand, FoundCardItem};
pub use inside::{Bundle, BundleFile, Check, CheckUp, Components, Finding, Inside, LedgerItem};
pub use passkeys::{PasskeyBy, PasskeyItem, PasskeyMade, PasskeyPlace, PasskeyQuestion, PasskeyShown};
pub use people::{
    EmergencyUse, Notices, People, Policy, Role, StaffChange, StaffMember, StaffRefused, StaffSaid, Stage, TrailLine,
    TrailQuestion, Viewed,
};
pub use practice::{CastMember, Knob, Practice, PracticeState};
pub use prints::{NotPrinted, PackView, Prints};
pub use recognition::{CardReadingId, Erasure, RecognitionView};
pub use round::{Resident, RoundFacility};
pub use statistics::{EndedVisit, ReaderTroubles, Statistics, StatisticsQuery};
pub use tablets::{GuideLine, ReaderGuide, Tablet, TabletChange, TabletForm, Tablets};
pub use trouble::{MONTHS_SHOWN, TroubleCounts, TroubleReport};
pub use updates::{PastUpdate, UpdateStage, UpdateWish, Updates, UpdatesView};
pub use view::{
    AnswerOnShelf, Board, BoardRow, BundleState, HistoryFound, JobItem, JobState, JournalEntry, LinkReport, PatientHit,
    PatientView, QueueView, ShelfReason, VisitView,
};

use domain::Date;
use domain::fact::{PatientId, VisitId};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::watch;

/// A future that can be kept in a box and sent between threads.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The desk could not be read: the store is unreadable or gone. Said to staff without details, logged with them.
#[derive(Debug, thiserror::Error)]
#[error("the record could not be read")]
pub struct Unavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// What every read returns.
pub type Reading<T> = Result<T, Unavailable>;

/// Everything pages and API may ask of, or hand to, the desk.
pub trait Desk: Send + Sync + 'static {
    /// Hands in a command. Returns after the commit: what it returns is kept. The same key with the same command returns
    /// the first outcome again and does nothing twice.
    fn submit(
        &self,
        by: &Account,
        key: Option<IdempotencyKey>,
        command: DeskCommand,
    ) -> Pending<'_, Result<Saved, SubmitError>>;

    /// Whether a command under this key was kept already: handing it in again does nothing twice.
    fn was_kept(&self, by: &Account, key: &IdempotencyKey) -> Reading<bool>;

    /// Tells when there is a newer revision of what is shown; the number counts up with every commit.
    fn revisions(&self) -> watch::Receiver<u64>;

    /// Today, by the one clock of the box.
    fn today(&self) -> Date;
    /// Now, by the one clock of the box.
    fn now(&self) -> domain::Timestamp;

    /// The board of a day.
    fn board(&self, day: Date) -> Reading<Board>;
    /// The same for many who ask at once: one and the same board, as long as nothing was committed since it was read.
    fn shared_board(&self, day: Date) -> Reading<Arc<Board>> {
        self.board(day).map(Arc::new)
    }
    /// One visit with its decision of this moment.
    fn visit(&self, visit: &VisitId) -> Reading<Option<VisitView>>;
    /// Patients found by kana, name, birth date, patient number, symbol or number, best first, at most 50. Words are separated
    /// by spaces and all must match.
    fn search_patients(&self, text: &str) -> Reading<Vec<PatientHit>>;
    /// One patient.
    fn patient(&self, patient: &PatientId) -> Reading<Option<PatientView>>;
    /// Open follow-ups of all visits, the most urgent first.
    fn follow_ups(&self) -> Reading<Vec<FollowUpItem>>;
    /// Open follow-ups of one page, the most urgent first, and how many of each kind.
    fn follow_up_list(&self, query: &FollowUpQuery) -> Reading<FollowUpList>;
    /// Whom to phone, as the clinic imported it.
    fn insurers(&self) -> Reading<Vec<InsurerContact>>;
    /// The claims of a month, one page of them.
    fn claims(&self, query: &ClaimQuery) -> Reading<ClaimMonth>;
    /// The claim of one visit.
    fn claim(&self, visit: &VisitId) -> Reading<Option<ClaimItem>>;
    /// Layouts for files of claims.
    fn claim_layouts(&self) -> Vec<ClaimLayout>;
    /// A part of a file of claims; `None` when there is no such layout, or it has a fault.
    fn claim_file(&self, query: &ClaimFileQuery) -> Reading<Option<ClaimFilePart>>;
    /// Jobs for the outside.
    fn queue(&self) -> Reading<QueueView>;
    /// Every link with its state and since when.
    fn links(&self) -> LinkReport;
    /// What the links did, newest first, at most `limit` entries.
    fn journal(&self, limit: u32) -> Reading<Vec<JournalEntry>>;
    /// What the clock of the box did by itself, newest first: impossible times and jumps.
    fn clock_history(&self) -> Reading<Vec<DeviceChange>>;
    /// Troubles in the survey's categories, by month.
    fn troubles(&self) -> Reading<TroubleReport>;
    /// The figures of some weeks.
    fn statistics(&self, query: &StatisticsQuery) -> Reading<Statistics>;
    /// Answers and card readings nobody waited for.
    fn shelf(&self) -> Reading<Vec<AnswerOnShelf>>;

    /// What needs a look: disagreements between counters, visits and patients that may have been entered twice.
    fn apart(&self) -> Reading<ApartReport>;

    /// Decides a case given as JSON (the form of `uketsuke rules decide`), without touching the record. The error is the
    /// located message.
    fn decide_case(&self, case: &serde_json::Value) -> Result<serde_json::Value, String>;
    /// A decision in its written form.
    fn write_decision(&self, decision: &domain::decision::Decision) -> serde_json::Value;

    /// Patients with whom the card of a reading was seen before, when the site recognises cards: nobody, one, or several when
    /// somebody was mistaken. Only an offer: staff compare with the card face and choose.
    fn recognised(&self, reading: &CardReadingId) -> Reading<Vec<PatientHit>>;
    /// How recognising cards stands.
    fn recognition(&self) -> Reading<RecognitionView>;

    /// The counters of the site, and the letter this box hands out numbers under.
    fn counters(&self) -> Reading<CountersView>;
    /// Today's waiting numbers, in the order they were taken.
    fn line(&self) -> Reading<Vec<LineItem>>;
    /// Consents given from afar that somebody still waits for.
    fn consents(&self) -> Reading<Vec<ConsentItem>>;

    /// Cards that were found at the site: those it holds, the oldest first, then those settled lately.
    fn found_cards(&self) -> Reading<Vec<FoundCardItem>>;
    /// How many cards the site holds.
    fn cards_held(&self) -> Reading<u32>;
    /// The facilities the site goes round, with their residents.
    fn facility_rounds(&self) -> Reading<Vec<RoundFacility>>;

    /// When the disaster function was open for the facility, and whether it is.
    fn disaster_mode(&self) -> Reading<DisasterView>;

    /// Whether at least one staff account exists.
    fn has_accounts(&self) -> Reading<bool>;
    /// Makes the first account; refused when there is one already.
    fn create_first_account(&self, name: String, password: String) -> Pending<'_, Result<(), SignInRefused>>;
    /// Signs in; slow on purpose.
    fn sign_in(&self, name: String, password: String, client: Client) -> Pending<'_, Result<Session, SignInRefused>>;
    /// The session behind a token, if it is still good. What a person does counts as use of it.
    fn session(&self, token: &SessionToken, by: Activity) -> Reading<Option<Session>>;
    /// Ends a session.
    fn sign_out(&self, token: &SessionToken) -> Pending<'_, ()>;
    /// The account behind an API token.
    fn api_account(&self, token: &ApiToken) -> Reading<Option<Account>>;

    /// How forgetting stands: periods, what goes next, what went.
    fn forgetting(&self) -> Reading<ForgettingView>;
    /// What deleting a patient would take away; none when nothing of the patient is here.
    fn forget_preview(&self, patient: &PatientId) -> Reading<Option<ForgetPreview>>;
    /// When a copy of this box was noticed that runs at the same time.
    fn copy_noticed(&self) -> Reading<Option<domain::Timestamp>>;
    /// Somebody looked into it: the notice goes away until it happens again.
    fn copy_was_dealt_with(&self) -> Pending<'_, Result<(), Unavailable>>;
    /// The backups of this box; none when its settings name no place for them.
    fn backups(&self) -> Option<Arc<dyn Backups>>;

    /// Accounts, sessions and the trail.
    fn people(&self) -> &dyn People;

    /// The devices of this box; none when it watches nothing.
    fn devices(&self) -> Option<Arc<dyn Devices>>;

    /// The other boxes and the hub; none where this box can have none.
    fn facility(&self) -> Option<Arc<dyn Facility>> {
        None
    }

    /// What sets papers; none where the program for it is not installed.
    fn prints(&self) -> Option<Arc<dyn Prints>> {
        None
    }

    /// Tablets for patients; none where no page can be shown on one.
    fn tablets(&self) -> Option<Arc<dyn Tablets>> {
        None
    }

    /// Drills; none where this is one itself, or the site wants none.
    fn drill(&self) -> Option<Arc<dyn Drill>> {
        None
    }

    /// The box seen from inside; none where nothing is known of it.
    fn inside(&self) -> Option<Arc<dyn Inside>> {
        None
    }

    /// Updates of the program; none where the box does not look after them.
    fn updates(&self) -> Option<Arc<dyn Updates>> {
        None
    }

    /// The practice controls, in the demonstration clinic only.
    fn practice(&self) -> Option<Arc<dyn Practice>>;
}
