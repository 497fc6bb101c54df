//! What somebody on a port that boxes share wants: to join, or to exchange.

use super::channel::ALPN;
use rustls::server::Acceptor;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Longest first word. One of our boxes' has a few hundred bytes.
const MAX_FIRST_WORD: usize = 8 << 10;
/// Time for the first word.
const FIRST_WORD: Duration = Duration::from_secs(10);
/// Pause before half a first word is looked at again.
const HALF_A_WORD: Duration = Duration::from_millis(20);

/// Looks at the first word without taking it from the stream. `None` when none comes in time.
pub async fn wants_to_join(stream: &TcpStream) -> Option<bool> {
    timeout(FIRST_WORD, look(stream)).await.ok().flatten()
}

async fn look(stream: &TcpStream) -> Option<bool> {
    let mut seen = vec![0; MAX_FIRST_WORD];
    let mut before = 0;
    loop {
        let count = stream.peek(&mut seen).await.ok().filter(|count| *count > 0)?;
        match read_first_word(&seen[..count]) {
            Some(joins) => return Some(joins),
            None if count == seen.len() => return None,
            // The rest is on its way; a stream that is looked at says "ready" all the time.
            None if count == before => sleep(HALF_A_WORD).await,
            None => before = count,
        }
    }
}

/// Whether a first word asks to join; `None` when it is not whole. What is no TLS at all is for TLS to refuse.
fn read_first_word(mut bytes: &[u8]) -> Option<bool> {
    let mut acceptor = Acceptor::default();
    acceptor.read_tls(&mut bytes).ok()?;
    match acceptor.accept() {
        Ok(Some(accepted)) => {
            Some(accepted.client_hello().alpn().is_some_and(|mut asked| asked.any(|name| name == ALPN)))
        }
        Ok(None) => None,
        Err(_) => Some(false),
    }
}
