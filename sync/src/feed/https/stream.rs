//! The answer to a pull while it is being sent.

use super::connection::Connection;
use super::host::{Admitted, AtWork};
use super::{FeedFailure, Span, beside};
use crate::feed::serving::{EndReason, Serving, ServingStep};
use http_body_util::channel::Sender;
use hyper::body::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// One answer.
pub(super) struct Streaming {
    pub connection: Arc<Connection>,
    pub caller: Admitted,
    /// absent only while a thread reads the log
    pub serving: Option<Serving>,
    pub sender: Sender<Bytes, FeedFailure>,
    /// how long it stays open for what is yet to come; `None` for a plain answer
    pub wait: Option<Duration>,
}

/// What a quiet line waits for.
enum Woken {
    Grown,
    KeepAlive,
    End(EndReason),
}

impl Streaming {
    /// Sends until the end, and gives the caller's place back.
    pub(super) async fn run(mut self, first: Vec<u8>, place: AtWork) {
        let sent = match self.send(first).await {
            Ok(()) => self.send_pages().await,
            Err(failure) => Err(failure),
        };
        let ended = match sent {
            Ok(reason) | Err(Some(reason)) => self.serving.and_then(|serving| serving.end(reason).ok()),
            Err(None) => None,
        };
        match ended {
            // Whoever does not read the end has gone.
            Some(bytes) => {
                let sending = self.sender.send_data(Bytes::from(bytes));
                let _ = timeout(self.connection.host.limits.idle, sending).await;
            }
            None => self.sender.abort(FeedFailure::Cut),
        }
        drop(place);
    }

    /// The reason to end with; an error without reason cuts the line.
    async fn send_pages(&mut self) -> Result<EndReason, Option<EndReason>> {
        let until = self.wait.map(|wait| Instant::now() + wait);
        let mut grown = self.caller.feed.grown();
        loop {
            grown.borrow_and_update();
            if self.connection.caller().is_none() {
                return Ok(EndReason::NotAMember);
            }
            let bytes = match self.step().await? {
                ServingStep::Send(bytes) => bytes,
                ServingStep::End(reason) => return Ok(reason),
                ServingStep::CaughtUp => match until {
                    None => return Ok(EndReason::CaughtUp),
                    Some(until) => match self.quiet(&mut grown, until).await {
                        Woken::Grown => continue,
                        Woken::KeepAlive => self.keep_alive()?,
                        Woken::End(reason) => return Ok(reason),
                    },
                },
            };
            self.send(bytes).await?;
        }
    }

    async fn quiet(&self, grown: &mut tokio::sync::watch::Receiver<u64>, until: Instant) -> Woken {
        let mut stop = self.connection.stop.clone();
        let mut membership = self.connection.host.membership();
        tokio::select! {
            changed = grown.changed() => match changed {
                Ok(()) => Woken::Grown,
                Err(_) => Woken::End(EndReason::Stopping),
            },
            _ = membership.changed() => Woken::Grown,
            _ = stop.wait_for(|stop| *stop) => Woken::End(EndReason::Stopping),
            () = tokio::time::sleep_until(until) => Woken::End(EndReason::CaughtUp),
            () = tokio::time::sleep(self.connection.host.limits.keep_alive) => Woken::KeepAlive,
        }
    }

    async fn step(&mut self) -> Result<ServingStep, Option<EndReason>> {
        let feed = self.caller.feed.clone();
        // The machine goes to the thread that reads the log, and comes back.
        let mut serving = self.serving.take().ok_or(None)?;
        let stepped = beside(move || {
            let step = serving.step(&feed);
            (serving, step)
        });
        let (serving, step) = stepped.await.map_err(|_| None)?;
        self.serving = Some(serving);
        step.map_err(|_| Some(EndReason::Stopping))
    }

    fn keep_alive(&mut self) -> Result<Vec<u8>, Option<EndReason>> {
        self.serving.as_mut().ok_or(None)?.keep_alive().map_err(|_| None)
    }

    /// Waits as long as the caller reads at all; counts the bytes.
    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), Option<EndReason>> {
        self.connection.spend(&self.caller, bytes.len()).map_err(|failure| match failure {
            FeedFailure::Budget(Span::Day) => Some(EndReason::DayUsed),
            FeedFailure::NotAMember => Some(EndReason::NotAMember),
            _ => Some(EndReason::SessionUsed),
        })?;
        let sending = self.sender.send_data(Bytes::from(bytes));
        match timeout(self.connection.host.limits.idle, sending).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(None),
        }
    }
}
