//! The HTTPS door: the JSON form of the same messages, for holders of a client certificate only.
mod simulator_support;

use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use simulator_support::*;
use std::io;
use std::sync::Arc;
use sync::simulator::{CardMethod, FaultKind, FaultTrigger, SimHttps, StartFailure};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

struct Pki {
    authority: CertifiedIssuer<'static, KeyPair>,
}

impl Pki {
    fn new() -> Pki {
        let mut params = CertificateParams::new(Vec::new()).expect("params");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Pki { authority: CertifiedIssuer::self_signed(params, key).expect("an authority") }
    }

    /// Certificate and key, PEM.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("params");
        let certificate = params.signed_by(&key, &self.authority).expect("signed");
        (certificate.pem(), key.serialize_pem())
    }

    fn door(&self) -> SimHttps {
        let (certificate, key) = self.issue("localhost");
        SimHttps {
            listen: "127.0.0.1:0".parse().expect("an address"),
            certificate_pem: certificate.into_bytes(),
            private_key_pem: key.into_bytes(),
            client_ca_pem: self.authority.pem().into_bytes(),
            requests_path: "/terminal/requests".to_owned(),
            results_path: "/terminal/results/".to_owned(),
        }
    }

    fn client(&self, identity: Option<(String, String)>) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).expect("a root");
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots);
        let config = match identity {
            Some((certificate, key)) => builder
                .with_client_auth_cert(
                    vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate")],
                    PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key"),
                )
                .expect("an identity"),
            None => builder.with_no_client_auth(),
        };
        TlsConnector::from(Arc::new(config))
    }
}

struct Client {
    connector: TlsConnector,
    world: World,
}

impl Client {
    async fn start() -> Client {
        let pki = Pki::new();
        let world = World::start_with(|config| config.https = Some(pki.door())).await;
        let connector = pki.client(Some(pki.issue("clinic")));
        Client { connector, world }
    }

    async fn call(&self, method: Method, path: &str, body: &str) -> (StatusCode, Vec<u8>) {
        call(&self.world, &self.connector, method, path, body).await.expect("an answer")
    }

    async fn get(&self, path: &str) -> serde_json::Value {
        let (status, body) = self.call(Method::GET, path, "").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        serde_json::from_slice(&body).expect("JSON")
    }

    /// Polls until a result of that name is there.
    async fn result(&self, name: &str) -> Vec<u8> {
        for _ in 0..2_000 {
            let (status, body) = self.call(Method::GET, &format!("/terminal/results/{name}"), "").await;
            if status == StatusCode::OK {
                return body;
            }
            tokio::task::yield_now().await;
        }
        panic!("still no {name}");
    }
}

async fn call(
    world: &World,
    connector: &TlsConnector,
    method: Method,
    path: &str,
    body: &str,
) -> io::Result<(StatusCode, Vec<u8>)> {
    let stream = TcpStream::connect(world.terminal.https_addr().expect("listens")).await?;
    let stream = connector.connect(ServerName::try_from("localhost").expect("a name"), stream).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .body(Full::new(Bytes::from(body.to_owned())))
        .map_err(io::Error::other)?;
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(io::Error::other)?;
    Ok((status, body.to_bytes().to_vec()))
}

fn body(world: &World, key: &str, identifier: &str) -> String {
    let population = world.terminal.population();
    let person = population.get(key).expect(key);
    let coverage = &person.holds[0].coverage;
    serde_json::json!({"XmlMsg": {
        "MessageHeader": {
            "QualificationConfirmationDate": "20260401",
            "MedicalInstitutionCode": INSTITUTION,
            "ArbitraryFileIdentifier": identifier,
        },
        "MessageBody": {"QualificationConfirmSearchInfo": {
            "InsurerNumber": format!("{:0>8}", coverage.insurer_number),
            "InsuredCardSymbol": coverage.symbol,
            "InsuredIdentificationNumber": coverage.number,
            "InsuredBranchNumber": coverage.branch,
            "Birthdate": person.face.birth_date.compact(),
            "LimitApplicationCertificateRelatedConsFlg": "1",
        }},
    }})
    .to_string()
}

#[tokio::test]
async fn a_request_is_put_once_answered_and_fetched() {
    let client = Client::start().await;
    let path = "/terminal/requests/OQSsiquc01req_1";
    let request = body(&client.world, "valid-face", "j1");
    assert_eq!(client.call(Method::PUT, path, &request).await.0, StatusCode::CREATED);
    assert_eq!(client.call(Method::PUT, path, &request).await.0, StatusCode::OK);
    let other = body(&client.world, "superseded", "j1");
    assert_eq!(client.call(Method::PUT, path, &other).await.0, StatusCode::CONFLICT);
    let answer = client.result("OQSsiquc01res_1").await;
    let text = String::from_utf8(answer.clone()).expect("UTF-8");
    assert!(text.starts_with(r#"{"XmlMsg":{"MessageHeader":{"ProcessExecutionTime":"20260401085512","QualificationConfirmationDate":"20260401","#));
    let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
    let message = &answer["XmlMsg"];
    assert_eq!(message["MessageHeader"]["ArbitraryFileIdentifier"], "j1");
    assert_eq!(message["MessageHeader"]["CharacterCodeIdentifier"], "0");
    assert_eq!(message["MessageBody"]["QualificationValidity"], "1");
    let results = message["MessageBody"]["ResultList"].as_array().expect("an array");
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ResultOfQualificationConfirmation"]["InsuredBranchNumber"], "00");
    assert_eq!(client.get("/terminal/results").await["names"], serde_json::json!(["OQSsiquc01res_1"]));
    assert_eq!(client.world.names(&client.world.folders.res).len(), 0, "the folders are another door");
    assert_eq!(client.world.terminal.statistics().taken, 1);
}

#[tokio::test]
async fn waiting_requests_show_their_age() {
    let client = Client::start().await;
    client.world.terminal.faults().set(FaultKind::Silent, FaultTrigger::Always);
    let request = body(&client.world, "valid-face", "j1");
    client.call(Method::PUT, "/terminal/requests/OQSsiquc01req_1", &request).await;
    client.world.clock.advance_ms(61_000);
    let waiting = client.get("/terminal/requests").await;
    assert_eq!(waiting, serde_json::json!({"waiting": [{"name": "OQSsiquc01req_1", "age_ms": 61_000}]}));
    client.world.terminal.faults().clear();
    client.result("OQSsiquc01res_1").await;
    assert_eq!(client.get("/terminal/requests").await["waiting"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn bulk_results_are_arrays() {
    let client = Client::start().await;
    let one = |key: &str| {
        let whole: serde_json::Value = serde_json::from_str(&body(&client.world, key, "b")).expect("JSON");
        whole["XmlMsg"]["MessageBody"]["QualificationConfirmSearchInfo"].clone()
    };
    let header =
        serde_json::json!({"QualificationConfirmationDate": "20260401", "MedicalInstitutionCode": INSTITUTION});
    let searches = serde_json::json!([one("valid-face"), one("invalid-lost-job")]);
    let upload = serde_json::json!({"XmlMsg": {"MessageHeader": header, "MessageBody": {"QualificationConfirmSearchInfo": searches}}});
    client.call(Method::PUT, "/terminal/requests/OQSmuquc01req_1", &upload.to_string()).await;
    let receipt: serde_json::Value = serde_json::from_slice(&client.result("OQSmuquc01res_1").await).expect("JSON");
    let reception = receipt["XmlMsg"]["MessageBody"]["ReceptionNumber"].as_str().expect("a number").to_owned();
    let mut last = serde_json::Value::Null;
    for n in 1..=2 {
        let download = serde_json::json!({"XmlMsg": {"MessageHeader": {"MedicalInstitutionCode": INSTITUTION}, "MessageBody": {"ReceptionNumber": reception}}});
        client.call(Method::PUT, &format!("/terminal/requests/OQSmuquc02req_{n}"), &download.to_string()).await;
        last = serde_json::from_slice(&client.result(&format!("OQSmuquc02res_{n}")).await).expect("JSON");
    }
    let units = last["XmlMsg"]["MessageBody"]["BulkConfirmUnit"].as_array().expect("an array");
    let codes: Vec<_> = units.iter().map(|unit| unit["QualificationValidity"].as_str()).collect();
    assert_eq!(codes, [Some("1"), Some("2")]);
    assert!(units[0]["ResultOfQualificationConfirmation"]["NameKana"].is_string());
}

#[tokio::test]
async fn faces_and_rejections_lie_beside_the_results() {
    let client = Client::start().await;
    let reading = client.world.terminal.present_card("valid-face", CardMethod::Face).expect("reads");
    let face: serde_json::Value = serde_json::from_slice(&client.result(&reading.name).await).expect("JSON");
    assert_eq!(face["XmlMsg"]["MessageHeader"]["ReferenceClassification"], "1");
    let wrong = body(&client.world, "valid-face", "x").replace(INSTITUTION, "1311111111");
    client.call(Method::PUT, "/terminal/requests/OQSsiquc01req_x", &wrong).await;
    let err = client.result("OQSsiquc01req_x.err").await;
    assert!(String::from_utf8(err).expect("text").contains("INSTITUTION"));
    assert_eq!(client.result("OQSsiquc01req_x").await, wrong.as_bytes());
    client.call(Method::PUT, "/terminal/requests/OQSsiquc01req_y", "{\"not\":\"a message\"}").await;
    client.result("OQSsiquc01req_y.err").await;
}

#[tokio::test]
async fn odd_names_and_large_bodies_are_refused() {
    let client = Client::start().await;
    let put = |path: &'static str, body: String| {
        let client = &client;
        async move { client.call(Method::PUT, path, &body).await.0 }
    };
    assert_eq!(put("/terminal/requests/notes", "{}".into()).await, StatusCode::BAD_REQUEST);
    assert_eq!(put("/terminal/requests/OQSsiquc01res_1", "{}".into()).await, StatusCode::BAD_REQUEST);
    let large = " ".repeat(5 * 1024 * 1024);
    assert_eq!(put("/terminal/requests/OQSsiquc01req_1", large).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(client.call(Method::GET, "/terminal/results/none", "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(client.call(Method::GET, "/elsewhere", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_client_certificate_of_the_authority_nothing_is_said() {
    let pki = Pki::new();
    let world = World::start_with(|config| config.https = Some(pki.door())).await;
    for identity in [None, Some(Pki::new().issue("stranger"))] {
        let connector = pki.client(identity);
        let refused = call(&world, &connector, Method::GET, "/terminal/results", "").await;
        assert!(refused.is_err());
    }
    let known = pki.client(Some(pki.issue("clinic")));
    assert!(call(&world, &known, Method::GET, "/terminal/results", "").await.is_ok());
}

#[tokio::test]
async fn a_terminal_that_is_down_is_not_reachable() {
    let client = Client::start().await;
    client.world.terminal.faults().set(FaultKind::RestartKeeping, FaultTrigger::Always);
    let down = call(&client.world, &client.connector, Method::GET, "/terminal/results", "").await;
    assert!(down.is_err());
    client.world.terminal.faults().clear();
    client.get("/terminal/results").await;
}

#[tokio::test]
async fn spoiled_answers_are_spoiled_here_too() {
    let client = Client::start().await;
    let faults = client.world.terminal.faults();
    for (n, kind) in
        [FaultKind::Garbage, FaultKind::Truncated, FaultKind::WrongEncoding, FaultKind::Doctype].into_iter().enumerate()
    {
        faults.set(kind, FaultTrigger::Next(1));
        let request = body(&client.world, "valid-face", "s");
        client.call(Method::PUT, &format!("/terminal/requests/OQSsiquc01req_{n}"), &request).await;
        let answer = client.result(&format!("OQSsiquc01res_{n}")).await;
        assert!(serde_json::from_slice::<serde_json::Value>(&answer).is_err(), "{kind:?}");
        assert_eq!(faults.fired(kind), 1);
    }
}

#[tokio::test]
async fn useless_certificates_are_said_at_the_start() {
    let pki = Pki::new();
    let parent = tempfile::tempdir().expect("a folder");
    let clock = HandClock::new();
    for spoil in [
        (|door: &mut SimHttps| door.certificate_pem.clear()) as fn(&mut SimHttps),
        |door| door.private_key_pem = b"nothing".to_vec(),
        |door| door.client_ca_pem.clear(),
    ] {
        let mut config = sync::simulator::SimConfig::new(INSTITUTION, clock.sim())
            .with_folders(sync::simulator::SimFolders::below(parent.path()));
        let mut door = pki.door();
        spoil(&mut door);
        config.https = Some(door);
        assert!(matches!(sync::simulator::SimTerminal::start(config).await, Err(StartFailure::Tls(_))));
    }
}
