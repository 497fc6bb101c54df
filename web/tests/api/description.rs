//! The description, the router and the handlers say the same.

use crate::schema::{differences, resolve};
use crate::world::World;
use axum::body::Body;
use http::StatusCode;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use web::api::endpoints;

pub async fn description(world: &World) -> Json {
    let reply = world.send(world.request("GET", "/openapi.json").body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "application/json");
    reply.json()
}

/// Every request example: path, name and body.
pub fn examples(document: &Json) -> Vec<(String, String, Json)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let content = &item["post"]["requestBody"]["content"]["application/json"];
        if let Some(example) = content.get("example") {
            found.push((path.clone(), String::new(), example.clone()));
        }
        for (name, example) in content["examples"].as_object().into_iter().flatten() {
            found.push((path.clone(), name.clone(), example["value"].clone()));
        }
    }
    found
}

fn described(document: &Json) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        found.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    found
}

#[tokio::test]
async fn it_is_openapi_3_1_with_both_ways_to_be_known() {
    let document = description(&World::new()).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["servers"][0]["url"], "/api/v1");
    assert_eq!(document["components"]["securitySchemes"]["api_token"]["scheme"], "bearer");
    assert_eq!(document["components"]["securitySchemes"]["session_cookie"]["in"], "cookie");
    assert_eq!(document["security"], json!([{"api_token": []}, {"session_cookie": []}]));
    let tags: BTreeSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let tag = operation["tags"][0].as_str().unwrap();
            assert!(tags.contains(tag), "{method} {path}");
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_router_has_what_is_described_and_nothing_else() {
    let world = World::new();
    let document = description(&world).await;
    let routed: BTreeSet<(String, String)> =
        endpoints().iter().map(|e| (e.method.to_string(), e.path.to_owned())).collect();
    assert_eq!(described(&document), routed);
    for (method, path) in routed {
        let reply = world.send(world.request(&method, &world.path(&path)).body(Body::empty()).unwrap()).await;
        assert!(
            ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&reply.status),
            "{method} {path}: {}",
            reply.status
        );
    }
}

#[test]
fn the_table_in_the_documentation_is_complete() {
    let source = include_str!("../../src/api.rs");
    let rows = source.lines().filter(|line| line.starts_with("//! | `")).count();
    assert_eq!(rows, endpoints().len());
    for endpoint in endpoints() {
        assert!(source.contains(&format!("//! | `{} {}` |", endpoint.method, endpoint.path)), "{}", endpoint.path);
    }
}

#[tokio::test]
async fn every_reference_resolves_and_every_schema_is_used() {
    let document = description(&World::new()).await;
    let mut references = Vec::new();
    collect(&document, "$ref", &mut references);
    let named: BTreeSet<String> = references.iter().map(|r| r.as_str().unwrap().to_owned()).collect();
    for reference in &named {
        assert!(resolve(&document, reference).is_some(), "{reference}");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(named.contains(&format!("#/components/schemas/{name}")), "{name} is not used");
    }
}

#[tokio::test]
async fn every_text_that_comes_in_has_a_limit() {
    let document = description(&World::new()).await;
    let mut unlimited = BTreeSet::new();
    let paths = document["paths"].as_object().unwrap();
    // a case is kept nowhere; its texts share one limit, said in its description
    assert!(document["paths"]["/rules/decide"]["post"]["description"].as_str().unwrap().contains("20,000"));
    for (path, item) in paths.iter().filter(|(path, _)| *path != "/rules/decide") {
        let schema = &item["post"]["requestBody"]["content"]["application/json"]["schema"];
        unlimited_texts(&document, schema, path, &mut unlimited);
    }
    assert_eq!(unlimited, BTreeSet::new());
}

fn unlimited_texts(document: &Json, schema: &Json, at: &str, found: &mut BTreeSet<String>) {
    let schema = schema["$ref"].as_str().map_or(schema, |reference| resolve(document, reference).unwrap());
    let text =
        schema["type"] == "string" || schema["type"].as_array().is_some_and(|types| types.contains(&json!("string")));
    if text && schema["maxLength"].is_null() && schema["enum"].is_null() {
        found.insert(at.to_owned());
    }
    let list = schema["type"] == "array";
    if list && schema["maxItems"].is_null() {
        found.insert(format!("{at}: list"));
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        unlimited_texts(document, property, &format!("{at}/{name}"), found);
    }
    for choice in ["oneOf", "anyOf", "allOf"].iter().flat_map(|k| schema[k].as_array().into_iter().flatten()) {
        unlimited_texts(document, choice, at, found);
    }
    if list {
        unlimited_texts(document, &schema["items"], at, found);
    }
}

fn collect<'a>(json: &'a Json, name: &str, found: &mut Vec<&'a Json>) {
    match json {
        Json::Object(fields) => {
            found.extend(fields.get(name));
            fields.values().for_each(|value| collect(value, name, found));
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, name, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_example_fits_its_schema_is_taken_and_gets_the_reply_described() {
    let document = description(&World::new()).await;
    let examples = examples(&document);
    let with_body = endpoints().iter().filter(|e| e.method == http::Method::POST).count();
    let without_body = 6;
    let paths: BTreeSet<&str> = examples.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(paths.len(), with_body - without_body);
    for (path, name, body) in &examples {
        let world = World::new();
        world.desk.add_account();
        let schema = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(differences(&document, schema, body), Vec::<String>::new(), "{path} {name}");
        let reply = world.post(&world.path(path), body).await;
        assert!(reply.status.is_success(), "{path} {name}: {} {}", reply.status, reply.text);
        assert_described(&document, "post", path, &reply);
    }
}

/// The reply has a status and a body as described.
pub fn assert_described(document: &Json, method: &str, path: &str, reply: &crate::world::Reply) {
    let described = &document["paths"][path][method]["responses"][reply.status.as_str()];
    assert!(described.is_object(), "{method} {path}: {} is not described", reply.status);
    let media_type = reply.header("content-type");
    let schema = &described["content"][media_type]["schema"];
    if !reply.text.is_empty() {
        assert!(schema.is_object(), "{method} {path}: {media_type} is not described");
        if media_type == "application/pdf" {
            assert!(reply.text.starts_with("%PDF-"), "{method} {path}");
            return;
        }
        let found = differences(document, schema, &reply.json());
        assert_eq!(found, Vec::<String>::new(), "{method} {path}: {}", reply.text);
    }
}
