//! The feed over HTTPS with mutual TLS: moves bytes and watches the time, decides nothing.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `GET /feed/v1/hello` | – | who answers, which versions, where its log stands |
//! | `POST /feed/v1/pull` | a pull request | a compressed stream of records, until caught up or a batch is full |
//! | `POST /feed/v1/live` | a pull request | the same, kept open for what is yet to come |
//! | `POST /feed/v1/push` | a compressed stream of records | what became of them, once they are durable |
//!
//! Whose certificate is whose, and who is a member, is the facility's knowledge: it comes from outside as TLS settings, as
//! [`Reception`] on the serving side and as [`Identify`] on the calling one.

mod client;
mod connection;
mod host;
mod line;
mod stream;

pub use client::{Exchanged, FeedClient, PeerAddress};
pub use host::{Admitted, FeedHost, Reception};

use super::failure::{FeedFailure, Span};
use super::log::LogFailure;
use crate::seal::BoxId;
use domain::Timestamp;
use http::StatusCode;
use rustls::pki_types::CertificateDer;
use std::sync::Arc;

const HELLO: &str = "/feed/v1/hello";
const PULL: &str = "/feed/v1/pull";
const LIVE: &str = "/feed/v1/live";
const PUSH: &str = "/feed/v1/push";

/// The clock, given from outside.
pub type FeedClock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Says whose certificate was shown in a handshake that TLS has already accepted.
pub trait Identify: Send + Sync {
    /// The member, if it is one now.
    fn member(&self, certificates: &[CertificateDer<'_>]) -> Option<BoxId>;
}

/// Work on the log, beside the runtime.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, FeedFailure> {
    let stopped = |_| FeedFailure::Store(LogFailure("the work on the log stopped".to_owned()));
    tokio::task::spawn_blocking(work).await.map_err(stopped)
}

/// The status that goes with a refusal; the body says it exactly.
const fn status(failure: &FeedFailure) -> StatusCode {
    match failure {
        FeedFailure::NotAMember | FeedFailure::PutOut | FeedFailure::Untrusted => StatusCode::FORBIDDEN,
        FeedFailure::OtherFacility | FeedFailure::OtherLog => StatusCode::MISDIRECTED_REQUEST,
        FeedFailure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FeedFailure::Version(_) => StatusCode::UPGRADE_REQUIRED,
        FeedFailure::Budget(Span::Session | Span::Day) | FeedFailure::TooMany => StatusCode::TOO_MANY_REQUESTS,
        FeedFailure::Full => StatusCode::INSUFFICIENT_STORAGE,
        FeedFailure::Stalled => StatusCode::REQUEST_TIMEOUT,
        FeedFailure::Store(_) | FeedFailure::PeerStore => StatusCode::SERVICE_UNAVAILABLE,
        FeedFailure::Malformed | FeedFailure::Cut | FeedFailure::Unreachable => StatusCode::BAD_REQUEST,
    }
}
