//! A desk whose store has failed.

use crate::support::memory_desk::MemoryDesk;
use domain::fact::{PatientId, VisitId};
use domain::{Date, Timestamp};
use std::sync::Arc;
use tokio::sync::watch;
use web::port::*;

/// Knows who calls; everything else fails: most reads with an error, queue and links with a panic.
pub struct FaultyDesk(Arc<MemoryDesk>);

impl FaultyDesk {
    pub fn over(desk: Arc<MemoryDesk>) -> Arc<FaultyDesk> {
        Arc::new(FaultyDesk(desk))
    }
}

fn gone() -> Unavailable {
    Unavailable("disk I/O error in a file with a secret name".into())
}

impl Desk for FaultyDesk {
    fn submit(
        &self,
        _: &Account,
        _: Option<IdempotencyKey>,
        _: DeskCommand,
    ) -> Pending<'_, Result<Saved, SubmitError>> {
        Box::pin(std::future::ready(Err(SubmitError::Unavailable(gone()))))
    }
    fn revisions(&self) -> watch::Receiver<u64> {
        self.0.revisions()
    }
    fn today(&self) -> Date {
        self.0.today()
    }
    fn now(&self) -> Timestamp {
        self.0.now()
    }
    fn board(&self, _: Date) -> Reading<Board> {
        Err(gone())
    }
    fn visit(&self, _: &VisitId) -> Reading<Option<VisitView>> {
        Err(gone())
    }
    fn search_patients(&self, _: &str) -> Reading<Vec<PatientHit>> {
        Err(gone())
    }
    fn patient(&self, _: &PatientId) -> Reading<Option<PatientView>> {
        Err(gone())
    }
    fn follow_ups(&self) -> Reading<Vec<FollowUpItem>> {
        Err(gone())
    }
    fn follow_up_list(&self, _: &FollowUpQuery) -> Reading<FollowUpList> {
        Err(gone())
    }
    fn insurers(&self) -> Reading<Vec<InsurerContact>> {
        Err(gone())
    }
    fn claims(&self, _: &ClaimQuery) -> Reading<ClaimMonth> {
        Err(gone())
    }
    fn claim(&self, _: &VisitId) -> Reading<Option<ClaimItem>> {
        Err(gone())
    }
    fn claim_layouts(&self) -> Vec<ClaimLayout> {
        Vec::new()
    }
    fn claim_file(&self, _: &ClaimFileQuery) -> Reading<Option<ClaimFilePart>> {
        Err(gone())
    }
    fn counters(&self) -> Reading<CountersView> {
        Err(gone())
    }
    fn line(&self) -> Reading<Vec<LineItem>> {
        Err(gone())
    }
    fn consents(&self) -> Reading<Vec<ConsentItem>> {
        Err(gone())
    }
    fn found_cards(&self) -> Reading<Vec<FoundCardItem>> {
        Err(gone())
    }
    fn facility_rounds(&self) -> Reading<Vec<RoundFacility>> {
        Err(gone())
    }
    fn cards_held(&self) -> Reading<u32> {
        Err(gone())
    }
    fn queue(&self) -> Reading<QueueView> {
        panic!("a panic with a secret")
    }
    fn links(&self) -> LinkReport {
        panic!("a panic with a secret")
    }
    fn journal(&self, _: u32) -> Reading<Vec<JournalEntry>> {
        Err(gone())
    }
    fn clock_history(&self) -> Reading<Vec<DeviceChange>> {
        Err(gone())
    }
    fn troubles(&self) -> Reading<TroubleReport> {
        Err(gone())
    }
    fn statistics(&self, _: &StatisticsQuery) -> Reading<Statistics> {
        Err(gone())
    }
    fn shelf(&self) -> Reading<Vec<AnswerOnShelf>> {
        Err(gone())
    }
    fn was_kept(&self, _: &Account, _: &IdempotencyKey) -> Reading<bool> {
        Err(gone())
    }
    fn apart(&self) -> Reading<ApartReport> {
        Err(gone())
    }
    fn decide_case(&self, _: &serde_json::Value) -> Result<serde_json::Value, String> {
        panic!("a panic with a secret")
    }
    fn write_decision(&self, decision: &domain::decision::Decision) -> serde_json::Value {
        self.0.write_decision(decision)
    }
    fn recognised(&self, _: &CardReadingId) -> Reading<Vec<PatientHit>> {
        Err(gone())
    }
    fn recognition(&self) -> Reading<RecognitionView> {
        Err(gone())
    }
    fn disaster_mode(&self) -> Reading<DisasterView> {
        Err(gone())
    }
    fn has_accounts(&self) -> Reading<bool> {
        Err(gone())
    }
    fn create_first_account(&self, name: String, password: String) -> Pending<'_, Result<(), SignInRefused>> {
        self.0.create_first_account(name, password)
    }
    fn sign_in(&self, name: String, password: String, client: Client) -> Pending<'_, Result<Session, SignInRefused>> {
        self.0.sign_in(name, password, client)
    }
    fn session(&self, token: &SessionToken, by: Activity) -> Reading<Option<Session>> {
        self.0.session(token, by)
    }
    fn sign_out(&self, token: &SessionToken) -> Pending<'_, ()> {
        self.0.sign_out(token)
    }
    fn api_account(&self, token: &ApiToken) -> Reading<Option<Account>> {
        self.0.api_account(token)
    }
    fn forgetting(&self) -> Reading<ForgettingView> {
        Err(gone())
    }
    fn forget_preview(&self, _: &PatientId) -> Reading<Option<ForgetPreview>> {
        Err(gone())
    }
    fn copy_noticed(&self) -> Reading<Option<Timestamp>> {
        Err(gone())
    }
    fn copy_was_dealt_with(&self) -> Pending<'_, Result<(), Unavailable>> {
        Box::pin(std::future::ready(Err(gone())))
    }
    fn backups(&self) -> Option<Arc<dyn Backups>> {
        None
    }
    fn people(&self) -> &dyn People {
        self.0.people()
    }
    fn devices(&self) -> Option<Arc<dyn Devices>> {
        None
    }

    fn practice(&self) -> Option<Arc<dyn Practice>> {
        None
    }
}
