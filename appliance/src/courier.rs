//! The courier: carries questions out through the terminal's door and answers in. It plans from the store every time it wakes, so
//! it goes on after a crash exactly as after a signal.

mod requests;
mod silence;

pub use requests::RequestMaker;

use crate::desk::{HandOver, Heard, HeardWhat, Input, Intended, RunningDesk};
use crate::devices::FaceEar;
use crate::intake::{self, OurRequest};
use crate::lookout::Lookout;
use crate::store::{About, Reading, RequestRow, Stored};
use domain::Timestamp;
use domain::fact::QuestionId;
use domain::link::Cause;
use domain::text::Text;
use silence::Told;
use std::sync::Arc;
use std::time::Duration;
use sync::outbox::bundle::to_fetch;
use sync::outbox::{self, Pace, Parcel, Plan};
use sync::terminal::{Arrival, Content, DoorFailure, OutgoingRequest, Scan, TerminalDoor};

/// What the courier must know.
#[derive(Clone, Debug)]
pub struct CourierSettings {
    /// makes our requests
    pub maker: RequestMaker,
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
    face_ear: Option<FaceEar>,
    told_silent: Told,
}

/// Clocks of terminals are minutes wrong; a reading within so many milliseconds happened now.
const FRESH_READING_MS: i64 = 10 * 60_000;
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
        Courier { desk, door, lookout, settings, face_ear: None, told_silent: Told::default() }
    }

    /// The same, telling of readings at the face reader.
    pub fn telling(mut self, face_ear: Option<FaceEar>) -> Courier {
        self.face_ear = face_ear;
        self
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
            self.tell_face_ear(arrival, &heard).await;
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
            HeardWhat::Answered { .. } | HeardWhat::BundleReceived { .. } | HeardWhat::BundleAnswered { .. } => {
                (Some(true), None)
            }
            HeardWhat::Failed { failure: outbox::Failure::RequestFailed, .. } => (Some(false), None),
            HeardWhat::Failed { .. } | HeardWhat::NotUsable { .. } => (None, None),
        };
        let now = self.desk.clock().now();
        self.lookout
            .note(|signals| {
                signals.answered_at = if answers == Some(true) { Some(now) } else { signals.answered_at };
                signals.service_answers = answers.or(signals.service_answers);
                signals.reader_works = read.or(signals.reader_works);
            })
            .await;
    }

    /// A reading of the last minutes says something of the reader; an older file only of the past.
    async fn tell_face_ear(&self, arrival: &Arrival, heard: &Heard) {
        let (Some(ear), Content::Face { file, .. }) = (&self.face_ear, &arrival.content) else { return };
        let read_at = Timestamp::parse_compact_in_japan(&file.stamp);
        let age_ms = read_at.map(|read_at| self.desk.clock().now().since_ms(read_at).saturating_abs());
        if age_ms.is_some_and(|age_ms| age_ms < FRESH_READING_MS) {
            ear.reading(&arrival.name, matches!(heard.what, HeardWhat::CardRead { .. })).await;
        }
    }

    fn our_request(&self, suffix: &str) -> Stored<Option<OurRequest>> {
        self.desk.readers().read(|reading| match reading.request(suffix)? {
            Some(row) => self.settings.maker.of_row(reading, &row),
            None => Ok(None),
        })
    }

    /// Hands out what the plan allows. Returns how long to sleep.
    async fn carry_out(&self) -> Duration {
        let now = self.desk.clock().now();
        let Some((plan, fetches, fetch_at)) = self.read("the queue", |reading| self.plan(reading, now)) else {
            return LONGEST_SLEEP;
        };
        self.tell_silence(plan.silent, now).await;
        if !plan.wedge.is_empty() {
            self.tell(|reply| Input::Wedge(plan.wedge, reply)).await;
        }
        let parcels = plan.hand_over.into_iter().filter_map(|parcel| self.settings.maker.parcel(parcel, now));
        let fetches = fetches.into_iter().filter_map(|bundle| self.settings.maker.fetch(bundle, now));
        for hand_over in parcels.chain(fetches) {
            self.hand_over(hand_over).await;
            if let Ok(spacing) = u64::try_from(self.settings.pace.spacing_ms) {
                tokio::time::sleep(Duration::from_millis(spacing)).await;
            }
        }
        let now = self.desk.clock().now();
        let wake_at = [plan.wake_at, fetch_at].into_iter().flatten().min();
        let until = wake_at.and_then(|at| u64::try_from(at.since_ms(now)).ok()).map(Duration::from_millis);
        until.map_or(LONGEST_SLEEP, |until| until.clamp(Duration::from_millis(20), LONGEST_SLEEP))
    }

    fn plan(&self, reading: Reading<'_>, now: Timestamp) -> Stored<(Plan, Vec<String>, Option<Timestamp>)> {
        let jobs: Vec<outbox::Job> = reading.open_jobs()?.into_iter().map(|row| row.job).collect();
        let bundles = reading.open_bundles()?;
        let links = self.desk.link_report().links;
        let patience = self.desk.settings().patience;
        let plan = outbox::plan(&jobs, &links, self.settings.pace, patience, now);
        let (fetches, fetch_at) = to_fetch(&bundles, &links, patience.fetch, now);
        Ok((plan, fetches, fetch_at))
    }

    fn read<T>(&self, what: &'static str, reading: impl FnOnce(Reading<'_>) -> Stored<T>) -> Option<T> {
        self.desk
            .readers()
            .read(reading)
            .inspect_err(|error| {
                tracing::error!(error = error as &dyn std::error::Error, what, "the store could not be read");
            })
            .ok()
    }

    /// The file put ready first, then the intent, then the file handed over, then the note that it is out.
    async fn hand_over(&self, hand_over: HandOver) {
        let Some(hand_over) = self.without_unsendable(hand_over).await else { return };
        let maker = &self.settings.maker;
        let Some(outgoing) = self.read("a question", |reading| maker.outgoing(reading, &hand_over)) else { return };
        let outgoing = match outgoing {
            Ok(outgoing) => outgoing,
            Err(problem) => return self.not_handed_over(hand_over, problem, Some(Cause::Data)).await,
        };
        if let Err(failure) = self.door.stage(&outgoing).await {
            return self.failed(hand_over, &failure).await;
        }
        let intent = hand_over.clone();
        let intended = self.desk.inbox().send(|reply| Input::Intend(intent, reply)).await;
        if matches!(intended, Some(Ok(Intended::Yes))) {
            self.publish(hand_over, &outgoing).await;
        }
    }

    /// A bundle without the questions that could not be sent even alone; those need a person.
    async fn without_unsendable(&self, hand_over: HandOver) -> Option<HandOver> {
        if !matches!(hand_over.request.about, About::Upload(_)) {
            return Some(hand_over);
        }
        let mut sendable = Vec::with_capacity(hand_over.questions.len());
        for question in hand_over.questions {
            let maker = &self.settings.maker;
            match self.read("a question", |reading| maker.can_be_sent(reading, &question))? {
                Ok(()) => sendable.push(question),
                Err(problem) => self.needs_person(question, problem).await,
            }
        }
        (!sendable.is_empty()).then_some(HandOver { questions: sendable, ..hand_over })
    }

    async fn needs_person(&self, question: QuestionId, problem: Text) {
        let now = self.desk.clock().now();
        if let Some(alone) = self.settings.maker.parcel(Parcel::One(question), now) {
            self.not_handed_over(alone, problem, Some(Cause::Data)).await;
        }
    }

    async fn publish(&self, hand_over: HandOver, outgoing: &OutgoingRequest) {
        match self.door.publish(outgoing).await {
            Ok(_) => self.tell(|reply| Input::Released(hand_over.request.suffix, reply)).await,
            Err(failure) => self.failed(hand_over, &failure).await,
        }
    }

    async fn failed(&self, hand_over: HandOver, failure: &DoorFailure) {
        if matches!(failure, DoorFailure::Unreachable(_)) {
            self.tell_door_shut(failure).await;
        }
        let staff = failure.staff();
        let refused = matches!(failure, DoorFailure::Refused(_)).then_some(Cause::Terminal);
        self.not_handed_over(hand_over, Text::new(staff.ja, staff.en), refused).await;
    }

    async fn not_handed_over(&self, hand_over: HandOver, problem: Text, refused: Option<Cause>) {
        let due_at = self.desk.clock().now().plus_ms(self.settings.retry_ms);
        self.tell(|reply| Input::NotHandedOver { hand_over, due_at, problem, refused, reply }).await;
    }

    /// After a crash: a request that is still staged was certainly never seen by the terminal and goes out now; one of which nothing
    /// is left may have been taken, and is waited for like any other. Returns whether all of them are settled.
    async fn finish_interrupted_hand_overs(&self) -> bool {
        let maker = &self.settings.maker;
        let interrupted = |reading: Reading<'_>| {
            let rows = reading.unreleased_requests()?.into_iter();
            rows.map(|row: RequestRow| maker.hand_over_of(reading, row)).collect::<Stored<Vec<_>>>()
        };
        let Some(interrupted) = self.read("interrupted hand-overs", interrupted) else { return false };
        for hand_over in interrupted {
            if !self.finish_one(hand_over).await {
                return false;
            }
        }
        true
    }

    async fn finish_one(&self, hand_over: HandOver) -> bool {
        let maker = &self.settings.maker;
        let outgoing = self.read("a question", |reading| maker.outgoing(reading, &hand_over));
        if let Some(Ok(outgoing)) = outgoing {
            match self.door.certainly_unseen(&outgoing).await {
                Ok(true) => {
                    self.publish(hand_over, &outgoing).await;
                    return true;
                }
                Ok(false) => {}
                Err(failure) => {
                    self.tell_door_shut(&failure).await;
                    return false;
                }
            }
        }
        self.tell(|reply| Input::Released(hand_over.request.suffix, reply)).await;
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
}
