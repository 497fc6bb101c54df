//! As much of JSON Schema as the description uses.

use serde_json::Value as Json;

/// Everything in which a value differs from a schema of the document.
pub fn differences(document: &Json, schema: &Json, value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

/// The part of the document a reference names.
pub fn resolve<'a>(document: &'a Json, reference: &str) -> Option<&'a Json> {
    document.pointer(reference.strip_prefix('#')?)
}

fn check(document: &Json, schema: &Json, value: &Json, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return check(document, resolve(document, reference).expect("resolves"), value, at, found);
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[keyword].as_array() {
            let fitting = choices.iter().filter(|choice| differences(document, choice, value).is_empty()).count();
            if fitting == 0 || (keyword == "oneOf" && fitting != 1) {
                found.push(format!("{at}: {fitting} choices fit"));
            }
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(document, part, value, at, found);
    }
    check_type(schema, value, at, found);
    check_limits(schema, value, at, found);
    if let Some(fields) = value.as_object() {
        check_fields(document, schema, fields, at, found);
    }
    if let (Some(items), Some(item)) = (value.as_array(), schema.get("items")) {
        for (index, value) in items.iter().enumerate() {
            check(document, item, value, &format!("{at}/{index}"), found);
        }
    }
}

fn check_type(schema: &Json, value: &Json, at: &str, found: &mut Vec<String>) {
    let allowed: Vec<&str> = match &schema["type"] {
        Json::String(one) => vec![one],
        Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
        _ => return,
    };
    let fits = allowed.iter().any(|name| match *name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type {other}"),
    });
    if !fits {
        found.push(format!("{at}: not {allowed:?}"));
    }
}

fn check_limits(schema: &Json, value: &Json, at: &str, found: &mut Vec<String>) {
    if let Some(codes) = schema["enum"].as_array()
        && !codes.contains(value)
    {
        found.push(format!("{at}: unknown code"));
    }
    let length = value.as_str().map(|text| text.chars().count() as u64);
    let items = value.as_array().map(|items| items.len() as u64);
    let number = value.as_u64();
    for (keyword, measured) in [("maxLength", length), ("maxItems", items), ("maximum", number)] {
        if let (Some(limit), Some(measured)) = (schema[keyword].as_u64(), measured)
            && measured > limit
        {
            found.push(format!("{at}: {keyword}"));
        }
    }
}

fn check_fields(
    document: &Json,
    schema: &Json,
    fields: &serde_json::Map<String, Json>,
    at: &str,
    found: &mut Vec<String>,
) {
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        if !fields.contains_key(name) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, value) in fields {
        match schema["properties"].get(name) {
            Some(property) => check(document, property, value, &format!("{at}/{name}"), found),
            None if schema["additionalProperties"] == Json::Bool(false) => {
                found.push(format!("{at}: {name} is unknown"))
            }
            None => {}
        }
    }
}
