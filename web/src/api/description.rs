//! The OpenAPI description, made from the handlers' own types.

use super::problem::ProblemDocument;
use super::{
    apart, arrivals, claims, devices, disaster, events, forgetting, lost_cards, outside, patients, prints, recognition,
    rules, session, statistics, sync, updates, visits,
};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use std::sync::LazyLock;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::{Response as Described, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Ref, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, OpenApi as Document, PathItem, RefOr, Required};
use utoipa::{Modify, OpenApi};

static DESCRIPTION: LazyLock<String> =
    LazyLock::new(|| Description::openapi().to_json().expect("a description built from types can be written"));

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "session", operation_id = "description", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION.as_str()).into_response()
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Uketsuke (受付) API", description = "Everything the pages of the desk can do. Instants are RFC 3339 with +09:00, \
        days `YYYY-MM-DD`, shares tenths (3 = 30 %). Texts for people come in Japanese and English. A 12-digit individual number \
        (My Number) is refused in every field and kept nowhere. People and numbers in the examples are invented."),
    servers((url = "/api/v1", description = "this box")),
    tags(
        (name = "session", description = "Signing in. Programs send `Authorization: Bearer <API token>`; browsers use the session \
            cookie, and `X-CSRF-Token` with every change."),
        (name = "visits", description = "Board, check-ins and what happens to them, follow-ups."),
        (name = "arrivals", description = "Counters, the waiting line, consents given from afar."),
        (name = "claims", description = "The claims of a month: what would be sent and on what it rests; frozen, opened again, come back."),
        (name = "patients", description = "Patients and visit histories."),
        (name = "outside", description = "Queue, links, outage journal, shelf, live revisions."),
        (name = "devices", description = "Readers, scanners and relays, cards read on request and recognised, scanned codes, the fault report, troubles counted."),
        (name = "sync", description = "The other boxes and the hub: what is not yet elsewhere, who comes in, who goes out."),
        (name = "updates", description = "Updates of the program: what runs, what is to come, how the last ones ended."),
        (name = "prints", description = "Papers as PDF, set on the box."),
        (name = "rules", description = "The dated rules and decisions on cases that touch no record."),
    ),
    paths(
        visits::board, visits::visit, visits::check_in, visits::commands, visits::ask, visits::look_up_history,
        visits::follow_ups, claims::ask_again, claims::claims, claims::claim, claims::command, patients::search, patients::patient, patients::command, forgetting::forget, forgetting::retention, outside::queue, outside::send_all_now, outside::send_now, outside::ask_again, outside::withdraw, apart::apart, apart::decide, outside::links, outside::journal, arrivals::counters, arrivals::change_counters, arrivals::line, arrivals::change_line, arrivals::consents, arrivals::change_consents, arrivals::facility_rounds, lost_cards::lost_cards, lost_cards::change_lost_cards, disaster::disaster_mode, disaster::turn, outside::shelf,
        outside::claim, devices::devices, devices::restart, devices::read_card, devices::scans, devices::put_away,
        devices::fault_report, devices::troubles, statistics::statistics, recognition::recognition, recognition::erase, sync::sync, sync::now, sync::make_code, sync::answer, sync::join, sync::hub, sync::put_out, sync::rename, updates::updates, updates::wish, prints::prints, prints::of_site, prints::of_visit, prints::blank_forms, rules::rules, rules::decide, events::events, session::sign_in, session::who, session::sign_out,
        description,
    ),
    components(schemas(ProblemDocument)),
    security(("api_token" = []), ("session_cookie" = [])),
    modifiers(&EveryCall),
)]
struct Description;

/// What holds for every call: the problems, the key of changes, the ways to be known.
struct EveryCall;

impl Modify for EveryCall {
    fn modify(&self, document: &mut Document) {
        add_security(document.components.get_or_insert_with(Components::new));
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                describe(path, method, operation);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let PathItem { get, post, delete, .. } = item;
    [(HttpMethod::Get, get), (HttpMethod::Post, post), (HttpMethod::Delete, delete)]
        .into_iter()
        .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// Posts that know no key: they change nothing in the record, or what they do can be done once only.
const WITHOUT_KEY: [&str; 12] = [
    "/session",
    "/patients/search",
    "/rules/decide",
    "/devices/{device}/card",
    "/sync/now",
    "/sync/code",
    "/sync/answer",
    "/sync/join",
    "/sync/hub",
    "/sync/put-out",
    "/sync/name",
    "/updates",
];

fn describe(path: &str, method: HttpMethod, operation: &mut Operation) {
    let changes = method == HttpMethod::Post && !WITHOUT_KEY.contains(&path);
    let open = path == "/openapi.json" || (path == "/session" && method == HttpMethod::Post);
    let mut statuses = vec![("406", "no acceptable form"), ("503", "the record cannot be read or written")];
    if !open {
        statuses.push(("401", "not signed in"));
    }
    if path.contains('{') {
        statuses.push(("404", "no such thing"));
    }
    if operation.parameters.is_some() || operation.request_body.is_some() || changes {
        statuses.push(("400", "unreadable JSON, parameter or header"));
    }
    if method != HttpMethod::Get && !open {
        statuses.push(("403", "session cookie without X-CSRF-Token"));
    }
    if operation.request_body.is_some() {
        statuses.extend([
            ("413", "body too large"),
            ("415", "other media type"),
            ("422", "a field is wrong, or a My Number"),
        ]);
    }
    if changes {
        statuses.extend([
            ("409", "key reused, or the state has changed"),
            ("422", "a field is wrong, or the rules refuse it"),
        ]);
        operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
    if path == "/events" {
        statuses.push(("429", "too many streams"));
    }
    for (status, description) in statuses {
        let described = RefOr::T(problem(description));
        operation.responses.responses.entry(status.to_owned()).or_insert(described);
    }
}

fn problem(description: &str) -> Described {
    let schema = Ref::from_schema_name("ProblemDocument");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(64))
        .pattern(Some("^[!-~]+$"))
        .build();
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A key the caller chooses, new for every command (a UUID, for instance). Sent again with the same command after a lost \
             reply, it gets the first reply again and does nothing twice; with another command it gets 409. Programs should \
             always send one.",
        ))
        .schema(Some(schema))
        .build()
}

fn add_security(components: &mut Components) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("a token of a program, given out at the box"))
        .build();
    components.add_security_scheme("api_token", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(
        "__Host-uketsuke",
        "the session of a browser, set by POST /session or by the pages (named `uketsuke` where the box is served without \
         encryption on loopback); every change must also carry the header X-CSRF-Token with the value \
         `csrf` of GET /session",
    );
    components.add_security_scheme("session_cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
}
