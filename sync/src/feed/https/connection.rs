//! One connection of one caller: requests to answers.

use super::host::{Admitted, AtWork, FeedHost};
use super::stream::Streaming;
use super::{FeedFailure, HELLO, LIVE, PULL, PUSH, beside, status};
use crate::feed::budget::SessionUse;
use crate::feed::frame::{MAX_REQUEST_BYTES, MAX_SMALL_BYTES};
use crate::feed::message::{self, PushAnswer};
use crate::feed::pace::Pace;
use crate::feed::serving::Serving;
use crate::feed::taking::Taking;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::{Service, service_fn};
use rustls::pki_types::CertificateDer;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// What answers are made of.
pub(super) type Body = Either<Full<Bytes>, Channel<Bytes, FeedFailure>>;

/// One connection.
pub(super) struct Connection {
    pub(super) host: Arc<FeedHost>,
    certificates: Vec<CertificateDer<'static>>,
    session: Mutex<SessionUse>,
    pub(super) stop: watch::Receiver<bool>,
}

impl Connection {
    pub(super) fn new(
        host: Arc<FeedHost>,
        certificates: Vec<CertificateDer<'static>>,
        stop: watch::Receiver<bool>,
    ) -> Arc<Connection> {
        Arc::new(Connection { host, certificates, session: Mutex::default(), stop })
    }

    pub(super) fn service(
        self: Arc<Self>,
    ) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send> {
        service_fn(move |request| {
            let connection = self.clone();
            async move { Ok(connection.answer(request).await) }
        })
    }

    /// Who calls, if it is a member now.
    pub(super) fn caller(&self) -> Option<Admitted> {
        self.host.reception.admit(&self.certificates)
    }

    fn no_member(&self) -> FeedFailure {
        let put_out = self.host.reception.was_put_out(&self.certificates);
        if put_out { FeedFailure::PutOut } else { FeedFailure::NotAMember }
    }

    pub(super) fn spend(&self, caller: &Admitted, bytes: usize) -> Result<(), FeedFailure> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        self.host.spend(caller, &mut session, bytes)
    }

    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        match self.route(request).await {
            Ok(response) => response,
            Err(failure) => refuse(&failure),
        }
    }

    async fn route(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Body>, FeedFailure> {
        let caller = self.caller().ok_or_else(|| self.no_member())?;
        let place = self.host.begin_work(caller.peer)?;
        // A budget that is used up is said before anything is read.
        self.spend(&caller, 0)?;
        match (request.method(), request.uri().path()) {
            (&Method::GET, HELLO) => self.hello(caller).await,
            (&Method::POST, PULL) => self.pull(caller, request.into_body(), place, false).await,
            (&Method::POST, LIVE) => self.pull(caller, request.into_body(), place, true).await,
            (&Method::POST, PUSH) => self.push(caller, request.into_body()).await,
            (&Method::POST, path) => {
                let path = path.to_owned();
                self.post(caller, path, request.into_body()).await
            }
            _ => Ok(response(StatusCode::NOT_FOUND, Vec::new())),
        }
    }

    async fn hello(&self, caller: Admitted) -> Result<Response<Body>, FeedFailure> {
        let now = (self.host.clock)();
        let hello = beside(move || caller.feed.hello(now)).await??;
        Ok(response(StatusCode::OK, hello.to_bytes()))
    }

    async fn pull(
        self: Arc<Self>,
        caller: Admitted,
        body: Incoming,
        place: AtWork,
        live: bool,
    ) -> Result<Response<Body>, FeedFailure> {
        let request = self.read_small(&caller, body, MAX_REQUEST_BYTES).await?;
        let (now, feed) = ((self.host.clock)(), caller.feed.clone());
        let peer = caller.peer;
        let (serving, first) = beside(move || {
            let (serving, first) = Serving::start(&feed, &request, now)?;
            Ok::<_, FeedFailure>((serving.asked_by(&feed, peer)?, first))
        })
        .await??;
        self.spend(&caller, first.len())?;
        let wait = serving.wait().map(|wait| wait.min(self.host.limits.live));
        if wait.is_some() && !live {
            return Err(FeedFailure::Malformed);
        }
        let (sender, channel) = Channel::new(1);
        let streaming = Streaming { connection: self, caller, serving: Some(serving), sender, wait };
        tokio::spawn(streaming.run(first, place));
        Ok(stream_response(channel))
    }

    async fn push(&self, caller: Admitted, body: Incoming) -> Result<Response<Body>, FeedFailure> {
        let reception = self.host.reception.clone();
        let caller = beside(move || reception.room(&caller).map(|()| caller)).await??;
        let answer = self.take(&caller, body).await?.to_bytes();
        self.spend(&caller, answer.len())?;
        Ok(response(StatusCode::OK, answer))
    }

    /// What the owner takes beside the feed.
    async fn post(&self, caller: Admitted, path: String, body: Incoming) -> Result<Response<Body>, FeedFailure> {
        let said = self.read_small(&caller, body, MAX_SMALL_BYTES).await?;
        let reception = self.host.reception.clone();
        let answered = beside(move || match reception.take_post(&caller, &path, &said) {
            Some(taken) => Some(taken.map(|()| Vec::new())),
            None => reception.answer_post(&caller, &path, &said),
        });
        match answered.await? {
            Some(answer) => answer.map(|answer| response(StatusCode::OK, answer)),
            None => Ok(response(StatusCode::NOT_FOUND, Vec::new())),
        }
    }

    async fn take(&self, caller: &Admitted, mut body: Incoming) -> Result<PushAnswer, FeedFailure> {
        let mut taking = Taking::start()?;
        let mut reader = PacedReader::new(self, caller);
        loop {
            let read = reader.next(&mut body).await;
            let feed = caller.feed.clone();
            let (back, taken) = beside(move || {
                let taken = match &read {
                    Ok(Some(bytes)) => taking.receive(&feed, bytes),
                    Ok(None) => Err(FeedFailure::Cut),
                    Err(failure) => Err(failure.clone()),
                };
                // What arrived entirely is kept, and sent again, and known then.
                let taken = taken.or_else(|failure| taking.cut(&feed).and(Err(failure)));
                (taking, taken)
            })
            .await?;
            taking = back;
            if let Some(answer) = taken? {
                return Ok(answer);
            }
        }
    }

    async fn read_small(
        &self,
        caller: &Admitted,
        mut body: Incoming,
        most_bytes: usize,
    ) -> Result<Vec<u8>, FeedFailure> {
        let mut reader = PacedReader::new(self, caller);
        let mut whole = Vec::new();
        while let Some(bytes) = reader.next(&mut body).await? {
            if whole.len() + bytes.len() > most_bytes {
                return Err(FeedFailure::TooLarge);
            }
            whole.extend_from_slice(&bytes);
        }
        Ok(whole)
    }
}

/// Reads a request's body, piece by piece, as long as it comes fast enough.
struct PacedReader<'a> {
    connection: &'a Connection,
    caller: &'a Admitted,
    began: Instant,
    pace: Pace,
}

impl<'a> PacedReader<'a> {
    fn new(connection: &'a Connection, caller: &'a Admitted) -> PacedReader<'a> {
        PacedReader { connection, caller, began: Instant::now(), pace: Pace::default() }
    }

    async fn next(&mut self, body: &mut Incoming) -> Result<Option<Bytes>, FeedFailure> {
        loop {
            let limits = &self.connection.host.limits;
            let allowed = self.pace.allowed(limits).saturating_sub(self.began.elapsed()).min(limits.idle);
            let frame = timeout(allowed, body.frame()).await.map_err(|_| FeedFailure::Stalled)?;
            let Some(frame) = frame else { return Ok(None) };
            // Trailers mean nothing here.
            if let Ok(bytes) = frame.map_err(|_| FeedFailure::Cut)?.into_data() {
                self.pace.came(bytes.len());
                self.connection.spend(self.caller, bytes.len())?;
                return Ok(Some(bytes));
            }
        }
    }
}

fn refuse(failure: &FeedFailure) -> Response<Body> {
    let mut refusal = response(status(failure), message::refusal(failure));
    // Whatever else the caller is still sending is not read.
    refusal.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    refusal
}

fn response(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    with_headers(status, Either::Left(Full::new(Bytes::from(body))))
}

fn stream_response(channel: Channel<Bytes, FeedFailure>) -> Response<Body> {
    with_headers(StatusCode::OK, Either::Right(channel))
}

fn with_headers(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
