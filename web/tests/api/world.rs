//! A clinic with one visit, one job, one answer on the shelf, and a program that calls the API.

use crate::support::memory_desk::MemoryDesk;
use crate::support::memory_desk::devices::{MemoryDevices, hanakos_card, prescription};
use crate::support::memory_desk::facility::MemoryFacility;
use crate::support::memory_desk::prints::MemoryPrints;
use crate::support::memory_desk::updates::MemoryUpdates;
use crate::support::people;
use axum::Router;
use axum::body::Body;
use domain::case::Flow;
use domain::coverage::Coverage;
use domain::link::Link;
use domain::text::Text;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use std::sync::Arc;
use tower::ServiceExt;
use web::port::*;
use web::settings::WebSettings;

pub struct World {
    pub desk: Arc<MemoryDesk>,
    pub devices: Arc<MemoryDevices>,
    pub router: Router,
    pub token: String,
    pub visit: String,
    pub patient: String,
    pub job: String,
    pub answer: String,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The kind of problem, after checking that it is a whole one.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.header("cache-control"), "no-store");
        let json = self.json();
        assert_eq!(json["status"], self.status.as_u16());
        for member in ["title", "detail", "detail_ja", "detail_en"] {
            assert!(json[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
        }
        json["type"].as_str().unwrap().strip_prefix("/problems/").unwrap().to_owned()
    }

    /// Pointers and codes of the fields that are wrong.
    pub fn errors(&self) -> Vec<(String, String)> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|e| (text(&e["pointer"]), text(&e["code"]))).collect()
    }
}

fn text(json: &Json) -> String {
    json.as_str().unwrap().to_owned()
}

impl World {
    pub fn new() -> World {
        let desk = MemoryDesk::new();
        desk.set_link(Link::Line, false);
        let saved = desk.keep(DeskCommand::CheckIn(Box::new(CheckIn {
            patient: None,
            patient_number: Some("7".to_owned()),
            person: people::hanako(),
            flow: Flow::Window,
            counter: Some("1".to_owned()),
            commands: Vec::new(),
        })));
        let visit = saved.visit.unwrap();
        let query = NumberQuery { coverage: people::kenpo("0345") };
        let asked = desk.keep(DeskCommand::AskByNumber { visit: visit.clone(), query });
        desk.record().shelf.push(on_shelf());
        desk.join(&MemoryFacility::of_a_clinic());
        let devices = MemoryDevices::of_a_clinic();
        devices.lay_on(hanakos_card("2028-10-10"));
        devices.scan(prescription("scan-1", people::hanako(), people::kenpo("0345")));
        desk.watch(&devices);
        desk.print_with(&MemoryPrints::new());
        desk.update_by(&MemoryUpdates::waiting());
        World {
            router: Router::new().nest("/api/v1", web::api::router(desk.clone(), WebSettings::default())),
            token: desk.add_api_token().0,
            visit: visit.to_string(),
            patient: saved.patient.unwrap().to_string(),
            job: asked.question.unwrap().to_string(),
            answer: "answer-1".to_owned(),
            devices,
            desk,
        }
    }

    /// A path of the API with the ids of this world in it.
    pub fn path(&self, template: &str) -> String {
        let id = if template.starts_with("/patients") { &self.patient } else { &self.visit };
        template
            .replace("{id}", id)
            .replace("{job}", &self.job)
            .replace("{answer}", &self.answer)
            .replace("{device}", "reader-1")
            .replace("{print}", if template.starts_with("/visits") { "take-home" } else { "call-sheet" })
            .replace("{scan}", "scan-1")
    }

    pub fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(format!("/api/v1{path}"))
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.authorised("GET", path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &Json) -> Reply {
        let request = self.authorised("POST", path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub fn authorised(&self, method: &str, path: &str) -> http::request::Builder {
        self.request(method, path).header("authorization", format!("Bearer {}", self.token))
    }

    pub fn revision(&self) -> u64 {
        *self.desk.revisions().borrow()
    }
}

fn on_shelf() -> AnswerOnShelf {
    AnswerOnShelf {
        answer: "answer-1".to_owned(),
        at: domain::Timestamp::in_japan(crate::support::memory_desk::MONDAY, 8, 50, 0),
        reason: ShelfReason::Unexpected,
        file_name: "OQSsires0000001.xml".to_owned(),
        person: people::taro(),
        coverage: Some(Coverage { valid_to: domain::Date::parse("2027-03-31"), ..people::kenpo("0346") }),
        message: Text::new("誰も待っていない回答です。", "An answer nobody waits for."),
        candidates: Vec::new(),
    }
}

/// An invented number with a fitting check digit, put together only while the test runs.
pub fn invented_my_number() -> String {
    (0..10)
        .map(|last| format!("27182818284{last}"))
        .find(|number| domain::number::looks_like_my_number(number))
        .expect("one of ten fits")
}
