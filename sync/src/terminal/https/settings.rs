//! Settings of the HTTPS door.

use crate::terminal::door::Stopwatch;
use crate::terminal::file_name::{Extension, SuffixMark};
use std::fmt;
use std::time::Duration;

/// Where the mailbox is and how patient the door is.
#[derive(Clone)]
pub struct HttpsSettings {
    /// Name of the door for people and logs.
    pub name: String,
    /// Host to connect to, a name or an address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Name the server's certificate must carry.
    pub server_name: String,
    /// The only authorities trusted for this server, PEM.
    pub authorities_pem: Vec<u8>,
    /// Our certificate and its intermediates, PEM.
    pub certificate_pem: Vec<u8>,
    /// Our private key, PEM. Never shown.
    pub key_pem: Vec<u8>,
    /// Path of the request mailbox, for instance `/terminal/requests`.
    pub requests_path: String,
    /// Path of the result mailbox.
    pub results_path: String,
    /// Ending of the names requests are put under: usually none. Results are recognised with and without.
    pub request_extension: Extension,
    /// How our results are recognised among others'.
    pub mark: SuffixMark,
    /// Longest time for connecting, TLS included.
    pub connect_limit: Duration,
    /// Longest time for one answer.
    pub answer_limit: Duration,
    /// Time between two looks.
    pub poll: Duration,
    /// Time after which a delivered result that still lies there is compared again.
    pub recheck: Duration,
    /// How long one half of a rejection waits for the other.
    pub half_rejection: Duration,
    /// For ages and waits.
    pub stopwatch: Stopwatch,
}

impl HttpsSettings {
    /// Settings with the usual patience and example paths; the caller fills in certificates and the real paths.
    pub fn new(name: &str, host: &str, port: u16, mark: SuffixMark) -> HttpsSettings {
        HttpsSettings {
            name: name.to_owned(),
            host: host.to_owned(),
            port,
            server_name: host.to_owned(),
            authorities_pem: Vec::new(),
            certificate_pem: Vec::new(),
            key_pem: Vec::new(),
            requests_path: "/requests".to_owned(),
            results_path: "/results".to_owned(),
            request_extension: Extension::Bare,
            mark,
            connect_limit: Duration::from_secs(5),
            answer_limit: Duration::from_secs(10),
            poll: Duration::from_secs(2),
            recheck: Duration::from_secs(60),
            half_rejection: Duration::from_secs(10),
            stopwatch: Stopwatch::default(),
        }
    }
}

impl fmt::Debug for HttpsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpsSettings")
            .field("name", &self.name)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("requests_path", &self.requests_path)
            .field("results_path", &self.results_path)
            .finish_non_exhaustive()
    }
}
