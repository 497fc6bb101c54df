//! Updates of the program, asked of a hub: over a line of its own and within a budget of its own, so that no record waits for them.

use super::peer::PeerTask;
use crate::update::Agent;
use std::sync::Arc;
use std::time::Duration;
use sync::feed::https::FeedClient;
use sync::feed::{Budget, FeedFailure};
use sync::seal::Role;
use sync::update::{ASK, Answer, PIECE};
use tokio::time::sleep;

/// Between two questions.
const ASK_EVERY: Duration = Duration::from_secs(300);
/// Pause after the line was cut.
const AGAIN: Duration = Duration::from_secs(10);

impl PeerTask {
    /// Asks a hub now and then and fetches what it offers. Never ends by itself.
    pub(super) async fn carry_updates(&self, beside: &FeedClient) {
        let agent = self.inner.desk.update_agent().filter(|_| self.peer.role == Role::Hub).cloned();
        let place = beside.peer().clone();
        let Some((agent, (client, _tls))) = agent.zip(self.client_within(&place.host, place.port, Budget::UNLIMITED))
        else {
            return std::future::pending().await;
        };
        loop {
            let pause = match ask(&agent, &client).await {
                // an older hub does not know the question
                Ok(()) | Err(FeedFailure::Malformed) => ASK_EVERY,
                Err(failure) => {
                    tracing::debug!(%failure, "the hub was not asked for updates");
                    AGAIN
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = self.inner.now.notified() => {}
            }
        }
    }
}

async fn ask(agent: &Agent, client: &Arc<FeedClient>) -> Result<(), FeedFailure> {
    let asking = agent.clone();
    let asking = beside(move || asking.asking()).await?;
    let Some(asking) = asking else { return Ok(()) };
    let body = serde_json::to_vec(&asking).map_err(|_| FeedFailure::Malformed)?;
    let answer = client.inquire(ASK, body).await?;
    let answer: Answer = serde_json::from_slice(&answer).map_err(|_| FeedFailure::Malformed)?;
    let told = agent.clone();
    beside(move || told.hub_said(&answer)).await?;
    fetch(agent, client).await
}

async fn fetch(agent: &Agent, client: &Arc<FeedClient>) -> Result<(), FeedFailure> {
    loop {
        let next = agent.clone();
        let Some(wanted) = beside(move || next.wanted()).await? else { return Ok(()) };
        let body = serde_json::to_vec(&wanted).map_err(|_| FeedFailure::Malformed)?;
        let piece = client.inquire(PIECE, body).await?;
        let taking = agent.clone();
        if !beside(move || taking.took(&wanted, &piece)).await? {
            return Err(FeedFailure::Cut);
        }
    }
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, FeedFailure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| FeedFailure::Cut)
}
