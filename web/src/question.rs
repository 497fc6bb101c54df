//! An answer leaves after its question was read to the end.
//!
//! A refusal can be ready before the body has arrived: an unknown address, an unknown caller, a session that ended. Answering
//! then makes the server close the connection under a caller who is still speaking; that caller sees a broken line instead of
//! the answer, and cannot tell whether anything was kept (RFC 9112 §9.6).

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use http::header::{CONNECTION, HeaderValue};
use http::{HeaderMap, Version};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is read of a question nobody needs any more; after that the connection closes.
const REST_BYTES_AT_MOST: usize = 4 * 1024 * 1024;

/// How long the rest may take to arrive.
const REST_WAIT: Duration = Duration::from_secs(10);

/// The body of one request: first with the handler, then with whoever reads the rest.
#[derive(Clone)]
struct Question(Arc<Mutex<BodyDataStream>>);

/// Lets the handler answer, then reads what it left of the question. A connection that cannot be read to the end in time
/// is announced as closing.
pub(crate) async fn hear_out(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() || request.version() >= Version::HTTP_2 {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let question = Question(Arc::new(Mutex::new(body.into_data_stream())));
    let body = Body::from_stream(question.clone().into_stream());
    let mut response = next.run(Request::from_parts(head, body)).await;
    if !question.hear_the_rest().await {
        announce_close(response.headers_mut());
    }
    response
}

fn announce_close(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
}

impl Question {
    fn into_stream(self) -> impl futures_util::Stream<Item = Result<axum::body::Bytes, axum::Error>> {
        stream::poll_fn(move |context| self.0.lock().unwrap_or_else(PoisonError::into_inner).poll_next_unpin(context))
    }

    /// Reads what is left; whether it ended within what is read of a question.
    async fn hear_the_rest(self) -> bool {
        let mut rest = self.into_stream();
        let mut bytes = 0;
        let reading = async {
            while let Some(Ok(part)) = rest.next().await {
                bytes += part.len();
                if bytes > REST_BYTES_AT_MOST {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(REST_WAIT, reading).await.unwrap_or(false)
    }
}
