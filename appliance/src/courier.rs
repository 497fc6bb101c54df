//! The courier: carries questions out through the terminal's door and answers in. It plans from the store every time it wakes, so
//! it goes on after a crash exactly as after a signal.

use crate::desk::{HandOver, Heard, HeardWhat, Input, Intended, RunningDesk};
use crate::intake::{self, OurRequest};
use crate::lookout::Lookout;
use crate::store::{JobContent, RequestRow, StoreError};
use domain::fact::QuestionId;
use domain::text::Text;
use domain::visit::Search;
use std::sync::Arc;
use std::time::Duration;
use sync::outbox::{self, Pace, Plan};
use sync::terminal::{Arrival, DoorFailure, OutgoingRequest, Scan, Suffix, SuffixMark, TerminalDoor};

/// What the courier must know.
#[derive(Clone, Debug)]
pub struct CourierSettings {
    /// 医療機関コード, 10 digits
    pub institution_code: String,
    /// beginning of our suffixes
    pub mark: SuffixMark,
    /// how fast the terminal is fed
    pub pace: Pace,
    /// wait after a hand-over that failed, milliseconds
    pub retry_ms: i64,
}

/// Carries for one desk through one door.
pub struct Courier {
    desk: RunningDesk,
    door: Arc<dyn TerminalDoor>,
    lookout: Arc<Lookout>,
    settings: CourierSettings,
}

/// Longest sleep; the plan may ask for a shorter one.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Sleep while the door is shut right after a start.
const RETRY_SLEEP: Duration = Duration::from_secs(2);

impl Courier {
    /// A courier for this desk and door.
    pub fn new(
        desk: RunningDesk,
        door: Arc<dyn TerminalDoor>,
        lookout: Arc<Lookout>,
        settings: CourierSettings,
    ) -> Courier {
        Courier { desk, door, lookout, settings }
    }

    /// Carries for ever.
    pub async fn run(self) {
        let mut revisions = self.desk.watch();
        let mut interrupted = true;
        loop {
            if interrupted {
                interrupted = !self.finish_interrupted_hand_overs().await;
            }
            // A scan forgets what was staged before, so it waits until interrupted hand-overs are finished.
            let sleep = if interrupted { RETRY_SLEEP } else { self.carry().await };
            tokio::select! {
                () = self.door.changed() => {}
                changed = revisions.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }

    async fn carry(&self) -> Duration {
        self.carry_in().await;
        self.carry_out().await
    }

    /// Looks what has arrived and hands it to the desk; only then may the door forget it.
    async fn carry_in(&self) {
        match self.door.scan().await {
            Ok(scan) => {
                self.tell_lookout(&scan).await;
                for arrival in &scan.arrivals {
                    self.take_in(arrival).await;
                }
            }
            Err(failure) => self.tell_door_shut(&failure).await,
        }
    }

    async fn tell_door_shut(&self, failure: &DoorFailure) {
        let detail = format!("{:?}", failure.trouble());
        self.lookout
            .note(|signals| {
                signals.door_open = Some(false);
                signals.door_detail = Some(detail);
            })
            .await;
    }

    async fn tell_lookout(&self, scan: &Scan) {
        let ours = || scan.waiting.iter().filter(|waiting| waiting.ours);
        let oldest = ours().map(|waiting| waiting.age_ms).max();
        let count = u32::try_from(ours().count()).unwrap_or(u32::MAX);
        self.desk.note_probe(|report| report.unpicked = (count, oldest.unwrap_or(0)));
        self.lookout
            .note(|signals| {
                signals.door_open = Some(true);
                signals.oldest_unpicked_ms = oldest;
            })
            .await;
    }

    async fn take_in(&self, arrival: &Arrival) {
        let ours = match intake::suffix_of(arrival).map(|suffix| self.our_request(suffix)) {
            Some(Ok(ours)) => ours,
            Some(Err(error)) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an arrival waits until the store can be read"
                );
                return;
            }
            None => None,
        };
        if let Some(heard) = intake::translate(arrival, ours.as_ref()) {
            self.tell_service_state(&heard).await;
            let kept = self.desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await;
            if !matches!(kept, Some(Ok(()))) {
                self.door.forget_deliveries();
                return;
            }
        }
        if let Err(failure) = self.door.acknowledge(&arrival.name, arrival.sha256).await {
            tracing::warn!(trouble = ?failure.trouble(), "a result could not be tidied away");
        }
    }

    async fn tell_service_state(&self, heard: &Heard) {
        let (answers, read) = match &heard.what {
            HeardWhat::CardRead { .. } => (Some(true), Some(true)),
            HeardWhat::Answered { .. } => (Some(true), None),
            HeardWhat::Failed { failure: outbox::Failure::RequestFailed, .. } => (Some(false), None),
            HeardWhat::Failed { .. } | HeardWhat::NotUsable { .. } => (None, None),
        };
        self.lookout
            .note(|signals| {
                signals.service_answers = answers.or(signals.service_answers);
                signals.reader_works = read.or(signals.reader_works);
            })
            .await;
    }

    fn our_request(&self, suffix: &str) -> Result<Option<OurRequest>, StoreError> {
        let found = self.desk.readers().read(|reading| {
            let Some(request) = reading.request(suffix)? else { return Ok(None) };
            Ok(reading.job(&request.question)?.map(|row| (request, row)))
        })?;
        Ok(found.and_then(|(request, row)| match row.content {
            JobContent::Query(search) => self.rebuild(&request, &search),
            _ => None,
        }))
    }

    fn rebuild(&self, row: &RequestRow, search: &Search) -> Option<OurRequest> {
        let request = intake::request_of(search, &self.settings.institution_code, &row.identifier)?;
        Some(OurRequest { suffix: Suffix::parse(&row.suffix)?, request })
    }

    /// Hands out what the plan allows. Returns how long to sleep.
    async fn carry_out(&self) -> Duration {
        let Some(plan) = self.plan() else { return LONGEST_SLEEP };
        if !plan.wedge.is_empty() {
            let questions = plan.wedge.clone();
            self.tell(|reply| Input::Wedge(questions, reply)).await;
        }
        for question in plan.hand_over {
            self.hand_over(question).await;
            if let Ok(spacing) = u64::try_from(self.settings.pace.spacing_ms) {
                tokio::time::sleep(Duration::from_millis(spacing)).await;
            }
        }
        let now = self.desk.clock().now();
        let until = plan.wake_at.and_then(|at| u64::try_from(at.since_ms(now)).ok()).map(Duration::from_millis);
        until.map_or(LONGEST_SLEEP, |until| until.clamp(Duration::from_millis(20), LONGEST_SLEEP))
    }

    fn plan(&self) -> Option<Plan> {
        let jobs = match self.desk.readers().read(|reading| reading.open_jobs()) {
            Ok(rows) => rows.into_iter().map(|row| row.job).collect::<Vec<_>>(),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the queue could not be read");
                return None;
            }
        };
        let links = self.desk.link_report().links;
        let patience = self.desk.settings().patience;
        Some(outbox::plan(&jobs, &links, self.settings.pace, patience, self.desk.clock().now()))
    }

    /// The file put ready first, then the intent, then the file handed over, then the note that it is out.
    async fn hand_over(&self, question: QuestionId) {
        let (Some((suffix, identifier)), Some(search)) = (self.new_name(), self.search_of(&question)) else { return };
        let outgoing = match self.outgoing(&suffix, &identifier, &search) {
            Ok(outgoing) => outgoing,
            Err(problem) => return self.not_handed_over(question, problem, true).await,
        };
        if let Err(failure) = self.door.stage(&outgoing).await {
            return self.failed(question, &failure).await;
        }
        let hand_over = HandOver { question: question.clone(), suffix: suffix.as_str().to_owned(), identifier };
        let intended = self.desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await;
        if matches!(intended, Some(Ok(Intended::Yes(_)))) {
            self.publish(question, &suffix, &outgoing).await;
        }
    }

    fn search_of(&self, question: &QuestionId) -> Option<Search> {
        let row = self.desk.readers().read(|reading| reading.job(question)).ok().flatten()?;
        match row.content {
            JobContent::Query(search) => Some(search),
            _ => None,
        }
    }

    fn outgoing(&self, suffix: &Suffix, identifier: &str, search: &Search) -> Result<OutgoingRequest, Text> {
        let request = intake::request_of(search, &self.settings.institution_code, identifier);
        let Some(request) = request else {
            return Err(Text::new("照会に必要な番号が足りません。", "Numbers needed for the query are missing."));
        };
        OutgoingRequest::new(suffix, &request).map_err(|refusal| {
            let staff = refusal.staff();
            Text::new(staff.ja, staff.en)
        })
    }

    async fn publish(&self, question: QuestionId, suffix: &Suffix, outgoing: &OutgoingRequest) {
        match self.door.publish(outgoing).await {
            Ok(_) => {
                let suffix = suffix.as_str().to_owned();
                self.tell(|reply| Input::Released(suffix, reply)).await;
            }
            Err(failure) => self.failed(question, &failure).await,
        }
    }

    async fn failed(&self, question: QuestionId, failure: &DoorFailure) {
        if matches!(failure, DoorFailure::Unreachable(_)) {
            self.tell_door_shut(failure).await;
        }
        let staff = failure.staff();
        let wedged = matches!(failure, DoorFailure::Refused(_));
        self.not_handed_over(question, Text::new(staff.ja, staff.en), wedged).await;
    }

    async fn not_handed_over(&self, question: QuestionId, problem: Text, wedged: bool) {
        let due_at = self.desk.clock().now().plus_ms(self.settings.retry_ms);
        self.tell(|reply| Input::NotHandedOver { question, due_at, problem, wedged, reply }).await;
    }

    /// After a crash: a request that is still staged was certainly never seen by the terminal and goes out now; one of which nothing
    /// is left may have been taken, and is waited for like any other. Returns whether all of them are settled.
    async fn finish_interrupted_hand_overs(&self) -> bool {
        let unreleased = match self.desk.readers().read(|reading| reading.unreleased_requests()) {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "interrupted hand-overs could not be read");
                return false;
            }
        };
        for row in unreleased {
            if !self.finish_one(&row).await {
                return false;
            }
        }
        true
    }

    async fn finish_one(&self, row: &RequestRow) -> bool {
        let suffix = Suffix::parse(&row.suffix);
        let search = self.search_of(&row.question);
        if let (Some(suffix), Some(search)) = (suffix, search)
            && let Ok(outgoing) = self.outgoing(&suffix, &row.identifier, &search)
        {
            match self.door.certainly_unseen(&outgoing).await {
                Ok(true) => {
                    self.publish(row.question.clone(), &suffix, &outgoing).await;
                    return true;
                }
                Ok(false) => {}
                Err(failure) => {
                    self.tell_door_shut(&failure).await;
                    return false;
                }
            }
        }
        let suffix = row.suffix.clone();
        self.tell(|reply| Input::Released(suffix, reply)).await;
        true
    }

    async fn tell(&self, input: impl FnOnce(crate::desk::Reply<Result<(), web::port::Unavailable>>) -> Input) {
        if let Some(Err(error)) = self.desk.inbox().send(input).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the desk could not write down what the courier did"
            );
        }
    }

    fn new_name(&self) -> Option<(Suffix, String)> {
        let mut random = [0u8; 12];
        getrandom::fill(&mut random).ok()?;
        let number = u64::from_be_bytes(random[..8].try_into().ok()?) % SUFFIXES;
        let identifier = random[6..].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let suffix = Suffix::issue(&self.settings.mark, number)?;
        Some((suffix.clone(), format!("{suffix}-{identifier}")))
    }
}

/// 36⁸ different suffixes fit behind the longest mark.
const SUFFIXES: u64 = 2_821_109_907_456;
