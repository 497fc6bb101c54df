//! The calling side: pulls, pushes, and keeps a live line open.

mod answer;

pub use super::line::PeerAddress;
use super::line::{Line, read_small};
use super::{FeedClock, FeedFailure, HELLO, Identify, LIVE, PULL, PUSH, beside};
use crate::feed::budget::{Budget, DayUse, SessionUse};
use crate::feed::message::{Hello, PushAnswer, VERSIONS};
use crate::feed::node::{Feed, Tally};
use crate::feed::pulling::{PeerRun, Pulling};
use crate::feed::pushing::{Push, Pushed};
use crate::feed::serving::EndReason;
use http::{Method, Response};
use hyper::body::Incoming;
use rustls::ClientConfig;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Times a push may go back to an older fact before the exchange is given up for now.
const MAX_STEPS_BACK: usize = 16;

/// What an exchange moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exchanged {
    /// records received
    pub received: Tally,
    /// records sent
    pub sent: u32,
    /// bytes on the line, compressed, both directions
    pub bytes: u64,
}

/// Calls one peer.
pub struct FeedClient {
    feed: Arc<Feed>,
    peer: PeerAddress,
    tls: watch::Receiver<Arc<ClientConfig>>,
    identify: Arc<dyn Identify>,
    clock: FeedClock,
    budget: Budget,
    use_today: Mutex<DayUse>,
    peer_run: watch::Sender<Option<PeerRun>>,
    kept: tokio::sync::Mutex<Option<Line>>,
}

impl FeedClient {
    /// For one peer. Nothing is connected until the first exchange.
    pub fn new(
        feed: Arc<Feed>,
        peer: PeerAddress,
        tls: watch::Receiver<Arc<ClientConfig>>,
        identify: Arc<dyn Identify>,
        clock: FeedClock,
        budget: Budget,
    ) -> FeedClient {
        let use_today = Mutex::new(DayUse::of(clock().date_in_japan(), 0));
        let peer_run = watch::Sender::new(None);
        FeedClient {
            feed,
            peer,
            tls,
            identify,
            clock,
            budget,
            use_today,
            peer_run,
            kept: tokio::sync::Mutex::default(),
        }
    }

    /// The peer.
    pub const fn peer(&self) -> &PeerAddress {
        &self.peer
    }

    /// What was known of the peer when it last answered: its clock, its end, its run.
    pub fn peer_run(&self) -> watch::Receiver<Option<PeerRun>> {
        self.peer_run.subscribe()
    }

    /// Bytes used today.
    pub fn use_today(&self) -> DayUse {
        *self.today()
    }

    /// Puts back what was kept before a restart.
    pub fn restore_use(&self, use_today: DayUse) {
        *self.today() = use_today;
    }

    /// Asks who is there.
    ///
    /// # Errors
    /// Why there is no answer, or which side is too old, or that it is another facility's.
    pub async fn hello(&self) -> Result<Hello, FeedFailure> {
        let mut kept = self.kept.lock().await;
        let body = self.ask(&mut kept, Method::GET, HELLO, Vec::new()).await?;
        let hello = Hello::from_bytes(&body)?;
        VERSIONS.agree(hello.versions)?;
        if hello.facility != self.feed.gate().facility() {
            return Err(FeedFailure::OtherFacility);
        }
        self.peer_run.send_replace(Some(PeerRun { run: hello.run, clock: hello.clock, end: hello.end }));
        Ok(hello)
    }

    /// Posts something small beside the feed, as a heartbeat to a hub.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn post(&self, path: &str, body: Vec<u8>) -> Result<(), FeedFailure> {
        let mut kept = self.kept.lock().await;
        self.ask(&mut kept, Method::POST, path, body).await.map(drop)
    }

    /// Asks something small beside the feed that has a short answer, as an update of a hub.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn inquire(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, FeedFailure> {
        let mut kept = self.kept.lock().await;
        self.ask(&mut kept, Method::POST, path, body).await
    }

    /// Pulls and pushes until both logs have what the other had: the plain form, for poor lines and for "sync now".
    ///
    /// # Errors
    /// What ended it early. What was exchanged until then stays.
    pub async fn exchange(&self) -> Result<Exchanged, FeedFailure> {
        let pulled = self.pull().await?;
        let pushed = self.push().await?;
        Ok(Exchanged { received: pulled.received, sent: pushed.sent, bytes: pulled.bytes + pushed.bytes })
    }

    /// Pulls until caught up.
    ///
    /// # Errors
    /// As [`FeedClient::exchange`].
    pub async fn pull(&self) -> Result<Exchanged, FeedFailure> {
        let mut kept = self.kept.lock().await;
        let mut exchanged = Exchanged::default();
        loop {
            let (pulling, request) = self.start_pull(0).await?;
            exchanged.bytes += request.len() as u64;
            let response = self.request(&mut kept, Method::POST, PULL, request).await?;
            let line = kept.as_mut().ok_or(FeedFailure::Cut)?;
            let end = self.read_answer(pulling, response, &mut line.session, &mut exchanged).await;
            if end.is_err() {
                // The rest of the answer would stand in the way of the next one.
                *kept = None;
            }
            match end? {
                EndReason::More => {}
                EndReason::Stopping => return Err(FeedFailure::Cut),
                _ => return Ok(exchanged),
            }
        }
    }

    /// Keeps a line open, and receives what is written as it is written, until the line ends.
    ///
    /// # Errors
    /// What ended it; an `Ok` may be opened anew at once.
    pub async fn live(&self) -> Result<Exchanged, FeedFailure> {
        let seconds = u32::try_from(self.feed.limits().live.as_secs()).unwrap_or(u32::MAX).max(1);
        let (pulling, request) = self.start_pull(seconds).await?;
        let mut line = None;
        let mut exchanged = Exchanged::default();
        let response = self.request(&mut line, Method::POST, LIVE, request).await?;
        let mut line = line.ok_or(FeedFailure::Cut)?;
        self.read_answer(pulling, response, &mut line.session, &mut exchanged).await?;
        Ok(exchanged)
    }

    /// Pushes until the peer has everything. To be called when the log has grown, and when [`FeedClient::peer_run`] tells of another
    /// run: that peer may have been restored from an old copy.
    ///
    /// # Errors
    /// As [`FeedClient::exchange`].
    pub async fn push(&self) -> Result<Exchanged, FeedFailure> {
        let mut kept = self.kept.lock().await;
        let mut exchanged = Exchanged::default();
        let mut steps_back = 0;
        while let Some(push) = self.next_push().await? {
            exchanged.bytes += push.body.len() as u64;
            let said = self.ask(&mut kept, Method::POST, PUSH, push.body.clone()).await?;
            exchanged.bytes += said.len() as u64;
            let answer = PushAnswer::from_bytes(&said)?;
            let (records, pushed) = (push.records, self.answered(push, answer).await?);
            match pushed {
                Pushed::Acknowledged => exchanged.sent += records,
                Pushed::WentBack => steps_back += 1,
                Pushed::Restarted(run) => {
                    steps_back += 1;
                    self.peer_run.send_modify(|known| known.iter_mut().for_each(|known| known.run = run));
                }
            }
            if steps_back > MAX_STEPS_BACK {
                return Err(FeedFailure::Malformed);
            }
        }
        Ok(exchanged)
    }

    /// A request with a short answer.
    async fn ask(
        &self,
        kept: &mut Option<Line>,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, FeedFailure> {
        let response = self.request(kept, method, path, body).await?;
        let said = read_small(response, self.feed.limits()).await;
        match (&said, kept.as_mut()) {
            (Ok(said), Some(line)) => self.spend(&mut line.session, said.len())?,
            // Whatever is still to come on that line would stand in the way of the next answer.
            _ => *kept = None,
        }
        said
    }

    async fn start_pull(&self, wait_s: u32) -> Result<(Pulling, Vec<u8>), FeedFailure> {
        let (feed, peer) = (self.feed.clone(), self.peer.id);
        beside(move || Pulling::start(&feed, peer, wait_s)).await?
    }

    async fn next_push(&self) -> Result<Option<Push>, FeedFailure> {
        let run = self.peer_run.borrow().and_then(|known| known.run);
        let (feed, peer) = (self.feed.clone(), self.peer.id);
        beside(move || Push::next(&feed, peer, run)).await?
    }

    async fn answered(&self, push: Push, answer: PushAnswer) -> Result<Pushed, FeedFailure> {
        let (feed, peer) = (self.feed.clone(), self.peer.id);
        beside(move || push.answered(&feed, peer, &answer)).await?
    }

    /// Sends a request on the kept line, or on a fresh one. Everything may happen twice, so one that dies on a kept line is sent once
    /// more on a fresh one.
    async fn request(
        &self,
        kept: &mut Option<Line>,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Response<Incoming>, FeedFailure> {
        // A day's budget that is used up does not even connect.
        self.spend(&mut SessionUse::default(), 0)?;
        if let Some(mut line) = kept.take().filter(|line| !line.is_closed()) {
            self.spend(&mut line.session, body.len())?;
            if let Ok(response) = self.send(&mut line, method.clone(), path, body.clone()).await {
                *kept = Some(line);
                return Ok(response);
            }
        }
        let tls = self.tls.borrow().clone();
        let mut line = Line::connect(&self.peer, tls, &*self.identify, self.feed.limits()).await?;
        self.spend(&mut line.session, body.len())?;
        let response = self.send(&mut line, method, path, body).await?;
        *kept = Some(line);
        Ok(response)
    }

    async fn send(
        &self,
        line: &mut Line,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Response<Incoming>, FeedFailure> {
        line.send(method, path, &self.peer.server_name, body, self.feed.limits()).await
    }

    fn spend(&self, session: &mut SessionUse, bytes: usize) -> Result<(), FeedFailure> {
        let today = (self.clock)().date_in_japan();
        session.spend(bytes as u64, &mut self.today(), today, self.budget)
    }

    fn today(&self) -> MutexGuard<'_, DayUse> {
        self.use_today.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
