//! One kept-alive connection, limits on time and size, and failures sorted by what follows from them.

use super::HttpsSettings;
use super::tls::TlsRefusal;
use crate::terminal::door::{DoorFailure, Trouble};
use crate::terminal::xml::MAX_BYTES;
use http::header::{CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// Speaks to one server.
pub(super) struct Client {
    host: String,
    port: u16,
    server_name: ServerName<'static>,
    connector: TlsConnector,
    connect_limit: Duration,
    answer_limit: Duration,
    kept: tokio::sync::Mutex<Option<SendRequest<Full<Bytes>>>>,
}

/// An answer, its body cut one byte above the largest message.
pub(super) struct Reply {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

impl Client {
    pub(super) fn new(settings: &HttpsSettings, config: ClientConfig) -> Result<Client, TlsRefusal> {
        let server_name = ServerName::try_from(settings.server_name.clone()).map_err(|_| TlsRefusal::ServerName)?;
        Ok(Client {
            host: settings.host.clone(),
            port: settings.port,
            server_name,
            connector: TlsConnector::from(Arc::new(config)),
            connect_limit: settings.connect_limit,
            answer_limit: settings.answer_limit,
            kept: tokio::sync::Mutex::default(),
        })
    }

    /// Sends one request. All requests of a door can be repeated safely, so one that dies on a kept connection is sent
    /// once more on a fresh one.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        if_none_match: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Reply, DoorFailure> {
        let body = Bytes::from(body);
        let mut kept = self.kept.lock().await;
        if let Some(sender) = kept.take().filter(|sender| !sender.is_closed()) {
            let request = self.request(&method, path, if_none_match, body.clone())?;
            if let Ok((reply, sender)) = self.exchange(sender, request).await {
                *kept = sender;
                return Ok(reply);
            }
        }
        let sender = self.connect().await?;
        let request = self.request(&method, path, if_none_match, body)?;
        let (reply, sender) = self.exchange(sender, request).await?;
        *kept = sender;
        Ok(reply)
    }

    fn request(
        &self,
        method: &Method,
        path: &str,
        if_none_match: Option<&str>,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, DoorFailure> {
        let mut request = Request::builder().method(method.clone()).uri(path).header(HOST, &self.host);
        if method == Method::PUT {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(etag) = if_none_match {
            request = request.header(IF_NONE_MATCH, etag);
        }
        // Fails only for a path in the settings that is not one.
        request.body(Full::new(body)).map_err(|_| DoorFailure::Refused(Trouble::Io(io::ErrorKind::InvalidInput)))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, DoorFailure> {
        let connecting = async {
            let stream = TcpStream::connect((self.host.as_str(), self.port))
                .await
                .map_err(|_| DoorFailure::Unreachable(Trouble::HostGone))?;
            let stream = self
                .connector
                .connect(self.server_name.clone(), stream)
                .await
                .map_err(|error| connection_failure(&error))?;
            let (sender, connection) =
                handshake(TokioIo::new(stream)).await.map_err(|error| connection_failure(&error))?;
            // Ends by itself when the sender is dropped or the server hangs up; its error reaches the sender too.
            tokio::spawn(connection);
            Ok(sender)
        };
        timeout(self.connect_limit, connecting).await.unwrap_or(Err(DoorFailure::Unreachable(Trouble::NoAnswer)))
    }

    /// One request and its answer. The sender comes back when the connection can be used again.
    async fn exchange(
        &self,
        mut sender: SendRequest<Full<Bytes>>,
        request: Request<Full<Bytes>>,
    ) -> Result<(Reply, Option<SendRequest<Full<Bytes>>>), DoorFailure> {
        let answering = async {
            let response = sender.send_request(request).await.map_err(|error| connection_failure(&error))?;
            read_reply(response).await
        };
        let answered = timeout(self.answer_limit, answering).await;
        let (reply, whole) = answered.unwrap_or(Err(DoorFailure::Unreachable(Trouble::NoAnswer)))?;
        Ok((reply, whole.then_some(sender)))
    }
}

/// The answer and whether its body was read to the end.
async fn read_reply(response: Response<Incoming>) -> Result<(Reply, bool), DoorFailure> {
    let (parts, mut incoming) = response.into_parts();
    let etag = parts.headers.get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    let mut whole = true;
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| connection_failure(&error))?;
        if let Some(data) = frame.data_ref() {
            body.extend_from_slice(data);
        }
        if body.len() > MAX_BYTES {
            body.truncate(MAX_BYTES + 1);
            whole = false;
            break;
        }
    }
    Ok((Reply { status: parts.status, etag, body }, whole))
}

/// A certificate problem needs a person; everything else on a connection means the other side is not there.
fn connection_failure(error: &(dyn Error + 'static)) -> DoorFailure {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let tls = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref::<rustls::Error>());
        if tls.is_some_and(is_about_certificates) {
            return DoorFailure::Refused(Trouble::CertificateRefused);
        }
        cause = error.source();
    }
    DoorFailure::Unreachable(Trouble::HostGone)
}

fn is_about_certificates(error: &rustls::Error) -> bool {
    use rustls::AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => true,
        rustls::Error::AlertReceived(alert) => matches!(
            alert,
            Alert::NoCertificate
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::DecryptError
                | Alert::CertificateRequired
        ),
        _ => false,
    }
}

/// A name as one segment of a path: everything but letters, digits and `-._~` as `%XX`.
pub(super) fn path_segment(name: &str) -> String {
    let mut segment = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::path_segment;

    #[test]
    fn a_name_stays_one_segment() {
        assert_eq!(path_segment("OQSsiquc01res_UK1.json"), "OQSsiquc01res_UK1.json");
        assert_eq!(path_segment("a/b ?あ"), "a%2Fb%20%3F%E3%81%82");
    }
}
